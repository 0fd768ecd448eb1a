//! What a newer report replaces, in a spool that is full.
//!
//! In: the waiting batches, the newest first, twice over: once to look, once to thin out. Out: the same without the reports
//! that say what a newer one says anew. Reports are state, so that the collector ends with the same whether it gets the
//! older one or not. Called by `schedule`.
//!
//! A complete pass over a root replaces everything of the passes before it; of a pass that is not complete each file
//! replaces the same file. A pass that lost a file loses its end too: its sums would no longer be right, and without an end
//! it closes nothing.

use beffroi_proto::v1::{Batch, Report, SpoolLoss, report::About};
use prost::Message;
use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};

/// What is given up, for the collector to know.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Loss {
    /// Reports that newer ones replace.
    pub replaced: u64,
    /// Inventories and facts that nothing replaces yet.
    pub telemetry: u64,
}

/// One walk over the batches.
#[derive(Default)]
pub struct Thinning {
    /// Drop inventories and facts even where nothing replaces them.
    gives_up_telemetry: bool,
    /// Passes that lose files, known from an earlier walk.
    thinned: FxHashSet<Vec<u8>>,
    /// Seen in newer reports.
    files: FxHashSet<[u8; 16]>,
    complete_passes: FxHashMap<String, Vec<u8>>,
    telemetry: [bool; 3],
    notice: bool,
    loss: Loss,
    /// What earlier notices said, which the next one says for them.
    told: Loss,
}

impl Thinning {
    pub fn new(gives_up_telemetry: bool) -> Self {
        Self {
            gives_up_telemetry,
            ..Self::default()
        }
    }

    /// The second walk, which knows what the first has learnt.
    pub fn again(self) -> Self {
        Self {
            gives_up_telemetry: self.gives_up_telemetry,
            thinned: self.thinned,
            ..Self::default()
        }
    }

    /// The batch without what is replaced; none where it stays as it is.
    pub fn thin(&mut self, batch: &[u8]) -> Option<Vec<u8>> {
        // One that cannot be read is the collector's to refuse.
        let mut batch = Batch::decode(batch).ok()?;
        let before = batch.reports.len();
        let mut reports = Vec::with_capacity(before);
        while let Some(report) = batch.reports.pop() {
            if self.stays(&report) {
                reports.push(report);
            }
        }
        if reports.len() == before {
            return None;
        }
        reports.reverse();
        Some(Batch { reports }.encode_to_vec())
    }

    /// What the walk so far gives up, for the collector to know; none: nothing.
    pub fn notice(&self) -> Option<Vec<u8>> {
        if self.loss == Loss::default() {
            return None;
        }
        let loss = SpoolLoss {
            replaced: self.loss.replaced + self.told.replaced,
            telemetry: self.loss.telemetry + self.told.telemetry,
            ..SpoolLoss::default()
        };
        let report = Report {
            about: Some(About::SpoolLoss(loss)),
        };
        let reports = vec![report];
        Some(Batch { reports }.encode_to_vec())
    }

    pub fn loss(&self) -> Loss {
        self.loss
    }

    fn stays(&mut self, report: &Report) -> bool {
        let Some(about) = &report.about else {
            return true;
        };
        let stays = match about {
            About::Machine(_) => return self.telemetry_stays(0),
            About::Installations(_) => return self.telemetry_stays(1),
            About::Facts(_) => return self.telemetry_stays(2),
            About::SpoolLoss(loss) => return self.notice_stays(loss),
            About::File(file) => self.file_stays(&file.root, &file.pass_id, &file.path),
            About::PassBegin(begin) => self.pass_stays(&begin.root, &begin.pass_id),
            About::PassEnd(end) => {
                let stays = self.pass_stays(&end.root, &end.pass_id)
                    && !self.thinned.contains(&end.pass_id);
                if stays && end.complete {
                    self.complete_passes
                        .insert(end.root.clone(), end.pass_id.clone());
                }
                stays
            }
        };
        self.loss.replaced += u64::from(!stays);
        stays
    }

    /// Whether no later pass over the root is complete.
    fn pass_stays(&self, root: &str, pass: &[u8]) -> bool {
        let complete = self.complete_passes.get(root);
        complete.is_none_or(|complete| complete == pass)
    }

    fn file_stays(&mut self, root: &str, pass: &[u8], path: &str) -> bool {
        if !self.pass_stays(root, pass) {
            return false;
        }
        // As the collector knows a file: by its path. Of a million paths, no two share half a SHA-256.
        let hash = Sha256::digest(path.as_bytes());
        let mut key = [0; 16];
        key.copy_from_slice(&hash[..16]);
        let is_new = self.files.insert(key);
        if !is_new {
            self.thinned.insert(pass.to_vec());
        }
        is_new
    }

    fn telemetry_stays(&mut self, which: usize) -> bool {
        let Some(seen) = self.telemetry.get_mut(which) else {
            return true;
        };
        if std::mem::replace(seen, true) {
            self.loss.replaced += 1;
            false
        } else if self.gives_up_telemetry {
            self.loss.telemetry += 1;
            false
        } else {
            true
        }
    }

    /// One notice says it all; damage is told one by one.
    fn notice_stays(&mut self, loss: &SpoolLoss) -> bool {
        if loss.batches > 0 {
            return true;
        }
        self.told.replaced += loss.replaced;
        self.told.telemetry += loss.telemetry;
        !std::mem::replace(&mut self.notice, true)
    }
}

#[cfg(test)]
mod tests {
    use beffroi_proto::v1::{Facts, File, Installations, Machine, PassBegin, PassEnd};

    use super::*;

    fn begin(root: &str, pass: u8) -> About {
        About::PassBegin(PassBegin {
            root: root.to_owned(),
            pass_id: vec![pass],
            started_at: 0,
        })
    }

    fn file(root: &str, pass: u8, name: &str) -> About {
        About::File(File {
            root: root.to_owned(),
            pass_id: vec![pass],
            path: format!("{root}/{name}"),
            ..File::default()
        })
    }

    fn end(root: &str, pass: u8, complete: bool) -> About {
        About::PassEnd(PassEnd {
            root: root.to_owned(),
            pass_id: vec![pass],
            complete,
            ..PassEnd::default()
        })
    }

    fn batch(reports: impl IntoIterator<Item = About>) -> Vec<u8> {
        let reports = reports
            .into_iter()
            .map(|about| Report { about: Some(about) });
        let reports = reports.collect();
        Batch { reports }.encode_to_vec()
    }

    /// The batches as they are after both walks, oldest first, and the loss.
    fn thinned(batches: &[Vec<u8>], gives_up_telemetry: bool) -> (Vec<Vec<About>>, Loss) {
        let mut look = Thinning::new(gives_up_telemetry);
        for batch in batches.iter().rev() {
            look.thin(batch);
        }
        let mut walk = look.again();
        let mut left: Vec<_> = batches
            .iter()
            .rev()
            .map(|batch| {
                let batch = walk.thin(batch).unwrap_or_else(|| batch.clone());
                let reports = Batch::decode(batch.as_slice()).unwrap().reports;
                reports
                    .into_iter()
                    .filter_map(|report| report.about)
                    .collect()
            })
            .collect();
        left.reverse();
        (left, walk.loss())
    }

    #[test]
    fn a_complete_pass_replaces_the_ones_before_it_over_the_same_root() {
        let old = [
            batch([begin("/a", 1), file("/a", 1, "gone"), file("/a", 1, "x")]),
            batch([end("/a", 1, true)]),
        ];
        let new = [
            batch([begin("/b", 2), file("/b", 2, "y"), end("/b", 2, true)]),
            batch([begin("/a", 3), file("/a", 3, "x"), end("/a", 3, true)]),
        ];
        let (left, loss) = thinned(&[old, new.clone()].concat(), false);
        let decoded = thinned(&new, false).0;
        assert_eq!(left, [vec![vec![], vec![]], decoded].concat());
        assert_eq!((loss.replaced, loss.telemetry), (4, 0));
    }

    #[test]
    fn a_pass_under_way_replaces_what_it_has_seen_and_the_older_one_ends_no_more() {
        let old = [begin("/a", 1), file("/a", 1, "x"), file("/a", 1, "y")];
        let new = [begin("/a", 2), file("/a", 2, "x")];
        let batches = [
            batch(old.clone()),
            batch([end("/a", 1, true)]),
            batch(new.clone()),
        ];
        let (left, loss) = thinned(&batches, false);
        let [begin, _, y] = old;
        assert_eq!(left, [vec![begin, y], vec![], new.to_vec()]);
        assert_eq!(loss.replaced, 2);
    }

    #[test]
    fn two_passes_that_share_no_file_keep_both() {
        let batches = [
            batch([begin("/a", 1), file("/a", 1, "x"), end("/a", 1, true)]),
            batch([begin("/b", 2), file("/b", 2, "x"), end("/b", 2, false)]),
        ];
        assert_eq!(thinned(&batches, true).1, Loss::default());
    }

    #[test]
    fn inventories_go_when_replaced_and_all_of_them_at_need() {
        let inventory = || {
            [
                About::Machine(Machine::default()),
                About::Installations(Installations::default()),
                About::Facts(Facts::default()),
            ]
        };
        let batches = [batch(inventory()), batch(inventory())];
        let (left, loss) = thinned(&batches, false);
        assert_eq!(left, [vec![], inventory().to_vec()]);
        assert_eq!((loss.replaced, loss.telemetry), (3, 0));
        let (left, loss) = thinned(&batches, true);
        assert_eq!(left, [vec![], vec![]] as [Vec<About>; 2]);
        assert_eq!((loss.replaced, loss.telemetry), (3, 3));
    }

    #[test]
    fn one_notice_says_what_all_said() {
        let notice = |replaced, batches| {
            About::SpoolLoss(SpoolLoss {
                batches,
                replaced,
                ..SpoolLoss::default()
            })
        };
        let facts = || About::Facts(Facts::default());
        let waiting = [
            batch([notice(2, 0), facts()]),
            batch([notice(0, 1)]),
            batch([notice(3, 0), facts()]),
        ];
        let mut look = Thinning::new(false);
        for batch in waiting.iter().rev() {
            look.thin(batch);
        }
        let batch = Batch::decode(look.notice().unwrap().as_slice()).unwrap();
        let told = batch.reports.into_iter().find_map(|report| report.about);
        assert_eq!(told, Some(notice(6, 0)));
        let left = thinned(&waiting, false).0;
        assert_eq!(
            left,
            [vec![], vec![notice(0, 1)], vec![notice(3, 0), facts()]]
        );
    }
}
