//! From what was observed in a town to the processing activities that it suggests, each with a score that can be
//! explained line by line.
//!
//! Comes in: an [`ActivityRule`] and the [`Observations`] of an organisation. Goes out: a [`Proposal`] whose score is
//! the sum of its lines, or nothing. A weak word or an acronym alone never proposes: their points stay below the threshold
//! until another clue joins them.

use std::collections::{BTreeMap, BTreeSet};

use crate::activities::{ActivityRule, Phrase};
use crate::text::{self, Words};

/// The score from which the DPO is asked.
pub const THRESHOLD: i32 = 40;

/// A software that serves this activity and few others.
const SOFTWARE: i32 = 60;
/// A suite: the activity is one of many that it may serve.
const SUITE: i32 = 40;
/// A word that means the activity, in the path of a file.
const STRONG_WORD: i32 = 30;
/// The same in several files: a habit, not an accident.
const REPEATED_STRONG_WORD: i32 = 40;
const SEVERAL_FILES: usize = 3;
const ACRONYM: i32 = 15;
const WEAK_WORD: i32 = 5;
const HEADER: i32 = 10;
/// A kind of data that the activity uses, in files that other clues already point at.
const KIND: i32 = 15;
/// Repeating clues of one sort only brings so much.
const MOST_ACRONYMS: i32 = 30;
const MOST_WEAK_WORDS: i32 = 10;
const MOST_HEADERS: i32 = 30;
const MOST_KINDS: i32 = 30;

/// What was seen in one organisation, indexed by word.
#[derive(Debug, Clone, Default)]
pub struct Observations {
    software: Vec<ObservedSoftware>,
    files: Vec<ObservedFile>,
    /// The words of each path, folder by folder.
    paths: Vec<Vec<Words>>,
    files_by_word: BTreeMap<String, Vec<usize>>,
    files_by_header: BTreeMap<String, Vec<usize>>,
}

/// A software rule that an installation fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedSoftware {
    /// The caller's number of the machine.
    pub machine: usize,
    /// Id of the software rule.
    pub rule: String,
    pub product: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ObservedFile {
    pub path: String,
    pub kinds: Vec<ObservedKind>,
    /// Titles of columns, where they are known.
    pub headers: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedKind {
    pub id: String,
    /// In French.
    pub label: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    pub score: i32,
    pub lines: Vec<EvidenceLine>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceLine {
    /// A sentence in French.
    pub what: String,
    pub points: i32,
    /// Indexes in the observed software.
    pub software: Vec<usize>,
    /// Indexes in the observed files, ascending.
    pub files: Vec<usize>,
}

/// Whether the observations suggest this activity, and why.
pub fn propose(rule: &ActivityRule, observations: &Observations) -> Option<Proposal> {
    let mut lines = software_lines(rule, observations);
    let named = name_lines(rule, observations);
    let kinds = kind_lines(rule, observations, &files_of(&named));
    lines.extend(named);
    lines.extend(kinds);

    let score = lines.iter().map(|line| line.points).sum();
    (score >= THRESHOLD).then_some(Proposal { score, lines })
}

impl Observations {
    pub fn new(software: Vec<ObservedSoftware>, files: Vec<ObservedFile>) -> Self {
        let mut observations = Self {
            software,
            ..Self::default()
        };
        for (index, file) in files.iter().enumerate() {
            let folders: Vec<Words> = file.path.split(['/', '\\', '!']).map(Words::of).collect();
            for word in folders.iter().flat_map(Words::iter) {
                list_once(&mut observations.files_by_word, word, index);
            }
            for header in &file.headers {
                list_once(
                    &mut observations.files_by_header,
                    &header_key(&Words::of(header)),
                    index,
                );
            }
            observations.paths.push(folders);
        }
        observations.files = files;
        observations
    }

    pub fn software(&self) -> &[ObservedSoftware] {
        &self.software
    }

    pub fn files(&self) -> &[ObservedFile] {
        &self.files
    }

    /// The files in whose path the words follow one another, within one folder or file name.
    fn files_named(&self, phrase: &Words) -> Vec<usize> {
        let Some(first) = phrase.iter().next() else {
            return Vec::new();
        };
        let candidates = self.files_by_word.get(first).into_iter().flatten().copied();
        candidates
            .filter(|index| {
                self.paths
                    .get(*index)
                    .is_some_and(|folders| folders.iter().any(|words| words.contain(phrase)))
            })
            .collect()
    }

    /// The files whose path has the acronym, in capitals.
    fn files_with_acronym(&self, acronym: &str) -> Vec<usize> {
        let mut files = self.files_named(&Words::of(acronym));
        files.retain(|index| {
            self.files
                .get(*index)
                .is_some_and(|file| text::contains_acronym(&file.path, acronym))
        });
        files
    }

    fn files_with_header(&self, header: &Words) -> Vec<usize> {
        self.files_by_header
            .get(&header_key(header))
            .cloned()
            .unwrap_or_default()
    }
}

/// One line per software that speaks for the activity; a suite beside a dedicated software adds nothing.
fn software_lines(rule: &ActivityRule, observations: &Observations) -> Vec<EvidenceLine> {
    let mut lines: Vec<EvidenceLine> = Vec::new();
    for clue in &rule.clues.software {
        let found: Vec<usize> = observations
            .software
            .iter()
            .enumerate()
            .filter(|(_, software)| software.rule == clue.id)
            .map(|(index, _)| index)
            .collect();
        let Some(first) = found
            .first()
            .and_then(|index| observations.software.get(*index))
        else {
            continue;
        };
        let machines: BTreeSet<usize> = found
            .iter()
            .filter_map(|index| observations.software.get(*index))
            .map(|found| found.machine)
            .collect();
        let on = counted(machines.len(), "poste", "postes");
        let (points, nature) = if clue.is_suite {
            (SUITE, ", qui sert plusieurs traitements")
        } else {
            (SOFTWARE, "")
        };
        lines.push(EvidenceLine {
            what: format!("Logiciel « {} » sur {on}{nature}", first.product),
            points,
            software: found,
            files: Vec::new(),
        });
    }
    best_of(lines.into_iter())
}

/// Lines about the names of folders, files and columns.
fn name_lines(rule: &ActivityRule, observations: &Observations) -> Vec<EvidenceLine> {
    let clues = &rule.clues;
    let strong = best_of(clues.strong.iter().filter_map(|phrase| {
        let files = observations.files_named(&phrase.words);
        let points = if files.len() >= SEVERAL_FILES {
            REPEATED_STRONG_WORD
        } else {
            STRONG_WORD
        };
        named_line(&phrase.written, files, points)
    }));
    let acronyms = capped(
        clues.acronyms.iter().filter_map(|acronym| {
            named_line(acronym, observations.files_with_acronym(acronym), ACRONYM)
        }),
        MOST_ACRONYMS,
    );
    let weak = capped(
        clues.weak.iter().filter_map(|phrase| {
            named_line(
                &phrase.written,
                observations.files_named(&phrase.words),
                WEAK_WORD,
            )
        }),
        MOST_WEAK_WORDS,
    );
    let headers = capped(
        clues
            .headers
            .iter()
            .filter_map(|header| header_line(header, observations)),
        MOST_HEADERS,
    );
    [strong, acronyms, weak, headers].concat()
}

/// Lines about the data found in files that the names already point at.
fn kind_lines(
    rule: &ActivityRule,
    observations: &Observations,
    files: &BTreeSet<usize>,
) -> Vec<EvidenceLine> {
    let mut files_by_kind: BTreeMap<&str, (&str, Vec<usize>)> = BTreeMap::new();
    for index in files {
        let kinds = observations
            .files
            .get(*index)
            .into_iter()
            .flat_map(|file| &file.kinds);
        for kind in kinds {
            files_by_kind
                .entry(&kind.id)
                .or_insert_with(|| (&kind.label, Vec::new()))
                .1
                .push(*index);
        }
    }
    if rule.clues.kinds.is_empty() {
        return any_kind_line(files_by_kind.values().flat_map(|(_, files)| files))
            .into_iter()
            .collect();
    }
    let expected = rule
        .clues
        .kinds
        .iter()
        .filter_map(|kind| files_by_kind.get(kind.as_str()));
    let lines = expected.map(|(label, files)| EvidenceLine {
        what: format!(
            "{label} dans {} de ce nom",
            counted(files.len(), "fichier", "fichiers")
        ),
        points: KIND,
        software: Vec::new(),
        files: files.clone(),
    });
    capped(lines, MOST_KINDS)
}

/// For an activity that no kind is typical of: that there is personal data at all.
fn any_kind_line<'a>(files: impl Iterator<Item = &'a usize>) -> Option<EvidenceLine> {
    let files: BTreeSet<usize> = files.copied().collect();
    let what = format!(
        "Données personnelles dans {} de ce nom",
        counted(files.len(), "fichier", "fichiers")
    );
    let files: Vec<usize> = files.into_iter().collect();
    (!files.is_empty()).then_some(EvidenceLine {
        what,
        points: KIND,
        software: Vec::new(),
        files,
    })
}

fn named_line(word: &str, files: Vec<usize>, points: i32) -> Option<EvidenceLine> {
    let what = format!(
        "« {word} » dans le chemin de {}",
        counted(files.len(), "fichier", "fichiers")
    );
    (!files.is_empty()).then_some(EvidenceLine {
        what,
        points,
        software: Vec::new(),
        files,
    })
}

fn header_line(header: &Phrase, observations: &Observations) -> Option<EvidenceLine> {
    let files = observations.files_with_header(&header.words);
    let what = format!(
        "Colonne « {} » dans {}",
        header.written,
        counted(files.len(), "fichier", "fichiers")
    );
    (!files.is_empty()).then_some(EvidenceLine {
        what,
        points: HEADER,
        software: Vec::new(),
        files,
    })
}

/// All lines, of which only the best has points: three names for one folder are one clue, and so are two programs.
fn best_of(lines: impl Iterator<Item = EvidenceLine>) -> Vec<EvidenceLine> {
    let mut lines: Vec<EvidenceLine> = lines.collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.points));
    for line in lines.iter_mut().skip(1) {
        line.points = 0;
    }
    lines
}

/// All lines, of which the first ones have points until `most` is reached.
fn capped(lines: impl Iterator<Item = EvidenceLine>, most: i32) -> Vec<EvidenceLine> {
    let mut left = most;
    let mut lines: Vec<EvidenceLine> = lines.collect();
    for line in &mut lines {
        line.points = line.points.min(left);
        left -= line.points;
    }
    lines
}

fn files_of(lines: &[EvidenceLine]) -> BTreeSet<usize> {
    lines
        .iter()
        .flat_map(|line| line.files.iter().copied())
        .collect()
}

fn list_once(files_by_word: &mut BTreeMap<String, Vec<usize>>, word: &str, file: usize) {
    let files = files_by_word.entry(word.to_owned()).or_default();
    if files.last() != Some(&file) {
        files.push(file);
    }
}

fn header_key(header: &Words) -> String {
    header.iter().collect::<Vec<_>>().join(" ")
}

fn counted(count: usize, one: &str, many: &str) -> String {
    let noun = if count <= 1 { one } else { many };
    format!("{count} {noun}")
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::pack::Pack;

    static PACK: LazyLock<Pack> = LazyLock::new(|| Pack::embedded().unwrap());

    #[test]
    fn the_score_is_the_sum_of_the_lines() {
        let proposal = propose_payroll(&[], &["/srv/RH/Paie/2025.csv"], &["nir", "iban"]).unwrap();
        let points: Vec<i32> = proposal.lines.iter().map(|line| line.points).collect();
        assert_eq!((proposal.score, points), (60, vec![30, 15, 15]));
        assert_eq!(
            proposal.lines[0].what,
            "« paie » dans le chemin de 1 fichier"
        );
    }

    #[test]
    fn one_software_is_enough_and_names_its_machines() {
        let proposal =
            propose_payroll(&[(0, "bl-paie-evo"), (1, "bl-paie-evo")], &[], &[]).unwrap();
        assert_eq!(proposal.lines[0].what, "Logiciel « Paie » sur 2 postes");
        assert_eq!(proposal.lines[0].software, [0, 1]);
    }

    #[test]
    fn a_suite_says_less_than_a_dedicated_software() {
        let dedicated = propose_payroll(&[(0, "bl-paie-evo")], &[], &[]).unwrap();
        let suite = propose_payroll(&[(0, "bl-emagnus")], &[], &[]).unwrap();
        assert!(suite.score < dedicated.score && suite.score >= THRESHOLD);
    }

    #[test]
    fn a_second_software_adds_no_point() {
        let both = propose_payroll(&[(0, "bl-emagnus"), (0, "bl-paie-evo")], &[], &[]).unwrap();
        assert_eq!((both.score, both.lines.len()), (SOFTWARE, 2));
    }

    #[test]
    fn weak_words_and_acronyms_propose_nothing_alone() {
        assert_eq!(
            propose_payroll(
                &[],
                &["/srv/salaires/cotisations.txt", "/srv/salaires/b.txt"],
                &[]
            ),
            None
        );
        assert_eq!(
            propose_payroll(&[], &["/srv/DSN/CNRACL/DADS/N4DS.txt"], &[]),
            None
        );
    }

    #[test]
    fn a_weak_word_counts_beside_the_data_that_it_announces() {
        assert!(
            propose_payroll(&[], &["/srv/salaires/cotisations.csv"], &["nir", "iban"]).is_some()
        );
    }

    #[test]
    fn a_word_repeated_in_several_files_is_a_habit() {
        let files = ["/srv/paie/1.txt", "/srv/paie/2.txt", "/srv/paie/3.txt"];
        assert_eq!(propose_payroll(&[], &files[..2], &[]), None);
        assert!(propose_payroll(&[], &files, &[]).is_some());
    }

    #[test]
    fn words_of_two_folders_do_not_make_a_phrase() {
        assert_eq!(
            propose_payroll(&[], &["/srv/bulletin/de/salaire.csv"], &["nir", "iban"]),
            None
        );
    }

    #[test]
    fn data_outside_of_the_named_files_says_nothing() {
        let payroll = rule("paie");
        let elsewhere = ObservedFile {
            path: "/srv/divers/a.csv".into(),
            kinds: vec![kind("nir")],
            headers: vec![],
        };
        assert_eq!(
            propose(&payroll, &Observations::new(vec![], vec![elsewhere])),
            None
        );
    }

    #[test]
    fn columns_speak_for_the_activity() {
        let file = ObservedFile {
            path: "/srv/divers/a.csv".into(),
            kinds: vec![kind("nir")],
            headers: [
                "N° de sécurité sociale",
                "Net à payer",
                "Numéro de sécurité sociale",
                "IBAN",
            ]
            .map(String::from)
            .to_vec(),
        };
        let proposal = propose(&rule("paie"), &Observations::new(vec![], vec![file])).unwrap();
        assert_eq!(proposal.score, 3 * HEADER + KIND);
    }

    fn propose_payroll(
        software: &[(usize, &str)],
        paths: &[&str],
        kinds: &[&str],
    ) -> Option<Proposal> {
        let software = software.iter().map(|(machine, rule)| ObservedSoftware {
            machine: *machine,
            rule: (*rule).to_owned(),
            product: "Paie".to_owned(),
        });
        let files = paths.iter().map(|path| ObservedFile {
            path: (*path).to_owned(),
            kinds: kinds.iter().copied().map(kind).collect(),
            headers: Vec::new(),
        });
        propose(
            &rule("paie"),
            &Observations::new(software.collect(), files.collect()),
        )
    }

    fn rule(id: &str) -> ActivityRule {
        PACK.activity(id).unwrap().clone()
    }

    fn kind(id: &str) -> ObservedKind {
        ObservedKind {
            id: id.to_owned(),
            label: id.to_uppercase(),
        }
    }
}
