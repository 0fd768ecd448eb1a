//! Questions that pages ask of long lists.

use super::{AllowanceId, DecisionKind, MachineId, Verdict};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileFilter {
    pub machine: Option<MachineId>,
    pub root: Option<String>,
    /// Only files where this kind was found.
    pub kind: Option<String>,
    pub verdict: Option<Verdict>,
    pub decision: Option<DecisionFilter>,
    /// Part of the path, case-insensitive.
    pub text: Option<String>,
    pub include_gone: bool,
    pub hidden: HiddenFilter,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecisionFilter {
    Undecided,
    Decided(DecisionKind),
    /// Decided, then changed.
    ToReview,
}

/// Files and what exceptions hide of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum HiddenFilter {
    /// Files with nothing but hidden values are left out: for whoever reviews, they are clean.
    #[default]
    LeftOut,
    /// Those in which this exception hides something.
    By(AllowanceId),
}

/// Which proposals a page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProposalFilter {
    Open,
    Accepted,
    Refused,
}

/// A page of a list; the first page is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    pub number: u64,
    pub size: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub total: u64,
    pub request: PageRequest,
}

/// Figures for the overview of one organisation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overview {
    pub machines: u64,
    pub machines_never_seen: u64,
    pub last_seen_at: Option<jiff::Timestamp>,
    /// Files by verdict over the last complete passes of all roots, clean ones included.
    pub verdicts: Vec<(Verdict, u64)>,
    pub files_with_findings: u64,
    pub files_undecided: u64,
    /// Kind, files, occurrences; most files first.
    pub kinds: Vec<(String, u64, u64)>,
    pub software: u64,
    pub proposals_open: u64,
    pub activities: u64,
    /// Shortfalls by severity.
    pub shortfalls: Vec<(String, u64)>,
    pub unknowns: u64,
    /// Values that exceptions hide in files that are still there, and those files.
    pub hidden_values: u64,
    pub hidden_files: u64,
}
