//! What a stand-alone scan found in all, for its last lines.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use beffroi_agent::scan::{Incomplete, PassSummary, ScannedFile};

#[derive(Debug, Default)]
pub(super) struct Overview {
    pub(super) pass: PassSummary,
    /// By kind.
    pub(super) kinds: BTreeMap<String, KindTotal>,
    pub(super) scanned_roots: usize,
    pub(super) missing_roots: Vec<PathBuf>,
    pub(super) incomplete_roots: Vec<(PathBuf, Incomplete)>,
    /// Files in which something was found.
    pub(super) bearing_files: u64,
    /// What exceptions hide.
    pub(super) hidden_values: u64,
}

#[derive(Debug, Default, Clone, Copy)]
pub(super) struct KindTotal {
    pub(super) files: u64,
    pub(super) count: u64,
    pub(super) high: u64,
    pub(super) medium: u64,
    pub(super) low: u64,
}

impl Overview {
    pub(super) fn count(&mut self, file: &ScannedFile) {
        self.bearing_files += u64::from(!file.tallies.is_empty());
        self.hidden_values += file.hidden_values();
        for tally in &file.tallies {
            let total = self.kinds.entry(tally.kind.to_string()).or_default();
            total.files += 1;
            total.count += tally.count;
            total.high += tally.confidence.high;
            total.medium += tally.confidence.medium;
            total.low += tally.confidence.low;
        }
    }

    pub(super) fn end_root(&mut self, root: &Path, summary: &PassSummary) {
        self.pass.add(summary);
        match summary.incomplete {
            Some(Incomplete::RootUnavailable) if summary.totals.is_empty() => {
                self.missing_roots.push(root.to_owned());
            }
            incomplete => {
                self.scanned_roots += 1;
                let incomplete = incomplete.map(|reason| (root.to_owned(), reason));
                self.incomplete_roots.extend(incomplete);
            }
        }
    }

    /// Whether something may have been left unseen against everybody's will.
    pub(super) fn leaves_doubt(&self) -> bool {
        !self.missing_roots.is_empty()
            || !self.incomplete_roots.is_empty()
            || self
                .pass
                .totals
                .keys()
                .any(|(verdict, _)| verdict.leaves_doubt())
    }
}
