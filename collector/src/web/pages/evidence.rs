//! Lines of proof, each with the way to what it speaks of.

use std::collections::BTreeSet;

use super::{MachineNames, files::split};
use crate::model::{Evidence, EvidenceSource};

/// Links shown under one line; the sentence has the whole number.
const LINKS: usize = 8;

pub(super) struct EvidenceLine {
    pub(super) what: String,
    pub(super) points: i32,
    pub(super) links: Vec<Link>,
    pub(super) more: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Link {
    pub(super) label: String,
    pub(super) address: String,
}

impl EvidenceLine {
    /// "+40".
    pub(super) fn points_text(&self) -> String {
        format!("{:+}", self.points)
    }
}

pub(super) fn lines(evidence: &[Evidence], names: &MachineNames, base: &str) -> Vec<EvidenceLine> {
    evidence
        .iter()
        .map(|line| {
            let links: BTreeSet<Link> = line
                .sources
                .iter()
                .map(|source| link(source, names, base))
                .collect();
            EvidenceLine {
                what: line.what.clone(),
                points: line.points,
                more: links.len().saturating_sub(LINKS),
                links: links.into_iter().take(LINKS).collect(),
            }
        })
        .collect()
}

fn link(source: &EvidenceSource, names: &MachineNames, base: &str) -> Link {
    match source {
        EvidenceSource::Software { machine, name } => Link {
            label: format!("{name} sur {}", names.name(*machine)),
            address: format!("{base}/postes/{machine}#logiciels"),
        },
        EvidenceSource::File { file, path, .. } => Link {
            label: split(path).1,
            address: format!("{base}/fichiers/{file}"),
        },
        EvidenceSource::Fact { machine, .. } => Link {
            label: names.name(*machine),
            address: format!("{base}/postes/{machine}#constats"),
        },
    }
}
