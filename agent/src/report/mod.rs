//! Turns what was seen into the messages that travel, and packs them into batches.
//!
//! In: inventory, facts, scanned files. Out: encoded [`Batch`]es to a sink, which is the spool for `run` and the
//! screen for `show-report`: both see exactly the same bytes. Only files that hold something, or that were not read
//! whole, are named; the others are counted. Called by `schedule` and by the command line.

mod file;
mod machine;
mod replaced;

use std::path::Path;

use beffroi_proto::v1::{self, Batch, PassBegin, Report, VerdictTotal, report::About};
use beffroi_rules::facts::Fact;
use jiff::Timestamp;
use prost::Message;
use sha2::{Digest, Sha256};

use crate::{
    inventory::{Installations, Machine},
    platform,
    scan::{PassSummary, ScannedFile},
};

pub use replaced::Thinning;

/// Small enough to be a cheap transaction, large enough to be few.
const BATCH_REPORTS: usize = 500;
const BATCH_BYTES: usize = 1024 * 1024;

/// Takes an encoded [`Batch`]; an error stops the reporting.
pub type Sink<'a> = dyn FnMut(&[u8]) -> anyhow::Result<()> + 'a;

/// Gathers reports into batches. What was not flushed is not reported.
pub struct Reporter<'a> {
    sink: &'a mut Sink<'a>,
    reports: Vec<Report>,
    bytes: usize,
}

impl<'a> Reporter<'a> {
    pub fn new(sink: &'a mut Sink<'a>) -> Self {
        Self {
            sink,
            reports: Vec::new(),
            bytes: 0,
        }
    }

    pub fn inventory(
        &mut self,
        machine: Machine,
        installations: Installations,
    ) -> anyhow::Result<()> {
        self.add(About::Machine(machine::machine(machine)))?;
        self.add(About::Installations(machine::installations(installations)))
    }

    pub fn facts(&mut self, facts: Vec<Fact>) -> anyhow::Result<()> {
        self.add(About::Facts(machine::facts(facts)))
    }

    /// The reports of one pass over `root`.
    pub fn begin_pass(
        &mut self,
        root: &Path,
        now: Timestamp,
    ) -> anyhow::Result<PassReporter<'_, 'a>> {
        let root = platform::path_text(root);
        let pass_id = rand::random::<[u8; 16]>().to_vec();
        self.add(About::PassBegin(PassBegin {
            root: root.clone(),
            pass_id: pass_id.clone(),
            started_at: now.as_second(),
        }))?;
        Ok(PassReporter {
            reporter: self,
            root,
            pass_id,
            files: 0,
            digest: 0,
        })
    }

    /// Hands over what is gathered.
    pub fn flush(&mut self) -> anyhow::Result<()> {
        if self.reports.is_empty() {
            return Ok(());
        }
        let batch = Batch {
            reports: std::mem::take(&mut self.reports),
        };
        self.bytes = 0;
        (self.sink)(&batch.encode_to_vec())
    }

    fn add(&mut self, about: About) -> anyhow::Result<()> {
        let report = Report { about: Some(about) };
        let size = report.encoded_len();
        if self.reports.len() >= BATCH_REPORTS || self.bytes + size > BATCH_BYTES {
            self.flush()?;
        }
        self.bytes += size;
        self.reports.push(report);
        Ok(())
    }
}

/// The files of one pass, and their sum for its end.
pub struct PassReporter<'r, 'a> {
    reporter: &'r mut Reporter<'a>,
    root: String,
    pass_id: Vec<u8>,
    files: u64,
    digest: u64,
}

impl PassReporter<'_, '_> {
    /// Reports the file if it is worth naming.
    pub fn file(&mut self, file: &ScannedFile) -> anyhow::Result<()> {
        if !file::is_worth_naming(file) {
            return Ok(());
        }
        let message = file::message(file, self.root.clone(), self.pass_id.clone());
        self.files += 1;
        self.digest = self.digest.wrapping_add(digest(&message));
        self.reporter.add(About::File(message))
    }

    pub fn end(self, summary: &PassSummary, now: Timestamp) -> anyhow::Result<()> {
        let totals = summary
            .totals
            .iter()
            .map(|((verdict, reason), total)| VerdictTotal {
                verdict: file::verdict(*verdict).into(),
                reason: reason.map_or("", |reason| reason.as_str()).to_owned(),
                files: total.files,
                size_bytes: total.size_bytes,
            });
        let end = v1::PassEnd {
            root: self.root,
            pass_id: self.pass_id,
            finished_at: now.as_second(),
            complete: summary.is_complete(),
            stop_reason: summary.incomplete.map_or("", |why| why.as_str()).to_owned(),
            totals: totals.collect(),
            reported_files: self.files,
            reported_digest: self.digest,
        };
        self.reporter.add(About::PassEnd(end))
    }
}

/// What `PassEnd.reported_digest` sums.
fn digest(file: &v1::File) -> u64 {
    let hash = Sha256::digest(file.encode_to_vec());
    hash.iter()
        .take(8)
        .fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::Verdict;

    fn batches(report: impl FnOnce(&mut Reporter<'_>)) -> Vec<Batch> {
        let mut taken = Vec::new();
        let mut sink = |bytes: &[u8]| {
            taken.push(Batch::decode(bytes).unwrap());
            Ok(())
        };
        let mut reporter = Reporter::new(&mut sink);
        report(&mut reporter);
        reporter.flush().unwrap();
        taken
    }

    #[test]
    fn batches_are_bounded_in_reports_and_bytes() {
        let taken = batches(|reporter| {
            for _ in 0..1200 {
                reporter.facts(Vec::new()).unwrap();
            }
        });
        assert_eq!(
            taken
                .iter()
                .map(|batch| batch.reports.len())
                .collect::<Vec<_>>(),
            [500, 500, 200]
        );

        let name = "x".repeat(400 * 1024);
        let taken = batches(|reporter| {
            for _ in 0..4 {
                let machine = Machine {
                    host_name: name.clone(),
                    ..Machine::default()
                };
                reporter
                    .inventory(machine, Installations::default())
                    .unwrap();
            }
        });
        assert!(
            taken
                .iter()
                .all(|batch| batch.encoded_len() <= BATCH_BYTES + 64)
        );
        assert_eq!(taken.len(), 2);
    }

    #[test]
    fn nothing_gathered_is_nothing_sent() {
        assert!(batches(|_| {}).is_empty());
    }

    fn file(path: &str, verdict: Verdict) -> ScannedFile {
        ScannedFile {
            path: path.to_owned(),
            size_bytes: 1,
            modified_at: 0,
            media_type: None,
            verdict,
            reason: None,
            detail: None,
            tallies: Vec::new(),
            hidden: Vec::new(),
            fingerprint: None,
            readable_by: None,
            writable_by: None,
            is_below_excluded_folder: false,
        }
    }

    #[test]
    fn clean_files_and_those_of_excluded_folders_are_not_named() {
        let private = ScannedFile {
            is_below_excluded_folder: true,
            ..file("/srv/perso/a", Verdict::Excluded)
        };
        let files = [
            file("/srv/a.txt", Verdict::Read),
            private,
            file("/srv/b.pdf", Verdict::Unsupported),
        ];
        let reports = pass(&files);
        assert_eq!(named_files(&reports), ["/srv/b.pdf"]);
    }

    #[test]
    fn the_end_of_a_pass_sums_what_was_sent() {
        let files = [
            file("/srv/a.pdf", Verdict::Unsupported),
            file("/srv/b.pdf", Verdict::Unsupported),
        ];
        let reports = pass(&files);
        let mut expected = 0_u64;
        for report in &reports {
            if let Some(About::File(file)) = &report.about {
                let hash = Sha256::digest(file.encode_to_vec());
                let first: [u8; 8] = hash[..8].try_into().unwrap();
                expected = expected.wrapping_add(u64::from_be_bytes(first));
            }
        }
        let Some(About::PassEnd(end)) = reports.last().and_then(|report| report.about.clone())
        else {
            panic!("the pass has no end");
        };
        assert_eq!((end.reported_files, end.reported_digest), (2, expected));
        assert!(end.complete);
    }

    fn pass(files: &[ScannedFile]) -> Vec<Report> {
        let now = Timestamp::UNIX_EPOCH;
        let taken = batches(|reporter| {
            let mut pass = reporter.begin_pass(Path::new("/srv"), now).unwrap();
            for file in files {
                pass.file(file).unwrap();
            }
            pass.end(&PassSummary::default(), now).unwrap();
        });
        taken.into_iter().flat_map(|batch| batch.reports).collect()
    }

    fn named_files(reports: &[Report]) -> Vec<&str> {
        let files = reports.iter().filter_map(|report| match &report.about {
            Some(About::File(file)) => Some(file.path.as_str()),
            _ => None,
        });
        files.collect()
    }
}
