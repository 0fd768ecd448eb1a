//! What was planted where: the truth that the stories compare a scan with.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::encoding::Encoding;
use crate::mark::{Decoy, Kind, Planted, Resolved};
use crate::people::Person;
use crate::town::{Commune, Town};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub seed: u64,
    pub commune: Commune,
    /// Who answers for which top folder of the share.
    pub controllers: Vec<Controller>,
    pub people: Vec<Person>,
    /// Sorted by path.
    pub files: Vec<TownFile>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Controller {
    /// Relative to the share.
    pub folder: String,
    pub name: String,
    pub siret: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TownFile {
    /// Relative to the share, with `/`.
    pub path: String,
    pub encoding: Encoding,
    pub size_bytes: usize,
    pub verdict: Verdict,
    /// Verdicts that are as right as `verdict`, where design.md leaves the choice.
    pub also_right: Vec<Verdict>,
    /// What the scan must report; empty unless the file is read.
    pub expected: BTreeMap<Kind, Expected>,
    /// Everything planted, in files that are not read too: those values must not leave the machine either.
    pub planted: Vec<Planted>,
    pub decoys: Vec<Decoy>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    pub count: usize,
    pub distinct: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Read,
    PartlyRead,
    Unreadable,
    Encrypted,
    TooLarge,
    Locked,
    Excluded,
    Unsupported,
}

impl Manifest {
    pub(crate) fn new(seed: u64, town: Town, files: Vec<TownFile>) -> Self {
        Self {
            seed,
            controllers: town.controllers(),
            commune: town.commune,
            people: town.people,
            files,
        }
    }

    pub fn file(&self, path: &str) -> Option<&TownFile> {
        self.files.iter().find(|file| file.path == path)
    }

    pub fn verdicts(&self) -> BTreeMap<Verdict, usize> {
        let mut verdicts = BTreeMap::new();
        for file in &self.files {
            *verdicts.entry(file.verdict).or_default() += 1;
        }
        verdicts
    }

    /// Occurrences of each kind over the files that are read.
    pub fn expected_counts(&self) -> BTreeMap<Kind, usize> {
        let mut counts = BTreeMap::new();
        for (kind, expected) in self.files.iter().flat_map(|file| &file.expected) {
            *counts.entry(*kind).or_default() += expected.count;
        }
        counts
    }

    /// All values that must never leave the machine, without separators. The numbers of the controllers themselves
    /// are left out: the operator knows them, they name the organisation.
    pub fn planted_values(&self) -> BTreeSet<(Kind, String)> {
        let planted = self.files.iter().flat_map(|file| &file.planted);
        planted
            .filter(|planted| !self.names_a_controller(planted))
            .map(|planted| (planted.kind, planted.value.clone()))
            .collect()
    }

    fn names_a_controller(&self, planted: &Planted) -> bool {
        matches!(planted.kind, Kind::Siret | Kind::Siren)
            && self
                .controllers
                .iter()
                .any(|controller| controller.siret.starts_with(&planted.value))
    }
}

impl TownFile {
    pub(crate) fn new(
        path: String,
        encoding: Encoding,
        size_bytes: usize,
        verdict: Verdict,
        also_right: Vec<Verdict>,
        resolved: Resolved,
    ) -> Self {
        let Resolved {
            planted, decoys, ..
        } = resolved;
        let expected = if verdict == Verdict::Read {
            tally(&planted)
        } else {
            BTreeMap::new()
        };
        Self {
            path,
            encoding,
            size_bytes,
            verdict,
            also_right,
            expected,
            planted,
            decoys,
        }
    }
}

fn tally(planted: &[Planted]) -> BTreeMap<Kind, Expected> {
    let mut values: BTreeMap<Kind, (usize, BTreeSet<&str>)> = BTreeMap::new();
    for Planted { kind, value, .. } in planted {
        let (count, distinct) = values.entry(*kind).or_default();
        *count += 1;
        distinct.insert(value);
    }
    values
        .into_iter()
        .map(|(kind, (count, distinct))| {
            (
                kind,
                Expected {
                    count,
                    distinct: distinct.len(),
                },
            )
        })
        .collect()
}
