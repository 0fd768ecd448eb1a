//! Files found on machines: the verdict of the scan, what was counted in them, and what a person decided.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{DecisionId, FileId, Hidden, MachineId, UserId};

/// A file as the collector knows it. Only files that hold something, or that could not be read whole, are named;
/// the clean ones are only counted, in [`Pass::totals`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    pub id: FileId,
    pub machine: MachineId,
    pub state: FileState,
    pub first_seen_at: Timestamp,
    pub last_seen_at: Timestamp,
    /// The last complete pass no longer saw it, or found it clean.
    pub gone_at: Option<Timestamp>,
    /// The decision in force; undone ones stay in the journal.
    pub decision: Option<Decision>,
    /// The state has changed since the decision was taken: the DPO should look again.
    pub changed_since_decision: bool,
}

/// What the agent reports of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileState {
    pub root: String,
    /// Absolute, as the machine writes it; members of archives and mails as `outer!member`.
    pub path: String,
    pub size_bytes: u64,
    pub modified_at: Option<Timestamp>,
    pub media_type: String,
    pub verdict: Verdict,
    /// Id of `rules/glossary.toml`; empty when read.
    pub reason: String,
    pub detail: String,
    pub tallies: Vec<Tally>,
    /// What exceptions hide; in no tally.
    pub hidden: Vec<Hidden>,
    /// Keyed fingerprint of the whole content; empty when not read whole.
    pub content_fingerprint: Vec<u8>,
    pub readable_by: Option<ReadableBy>,
    pub writable_by: Option<ReadableBy>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
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
    Vanished,
}

/// How widely a file can be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadableBy {
    Owner,
    Group,
    Everyone,
}

/// What was found of one kind in one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub kind: String,
    pub count: u64,
    pub distinct: u64,
    pub persons: u64,
    pub high: u64,
    pub medium: u64,
    pub low: u64,
    pub reasons: Vec<String>,
    pub samples: Vec<Sample>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    pub masked: String,
    pub place: String,
}

/// A pass over one root of one machine: the ledger that lets "nothing found" mean "read and clean".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pass {
    pub machine: MachineId,
    pub root: String,
    pub pass_id: Vec<u8>,
    pub started_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    pub complete: bool,
    pub stop_reason: String,
    pub totals: Vec<VerdictTotal>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerdictTotal {
    pub verdict: Verdict,
    pub reason: String,
    pub files: u64,
    pub size_bytes: u64,
}

/// What a person decided about a file. A scan never changes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub id: DecisionId,
    pub kind: DecisionKind,
    pub comment: String,
    pub by: UserId,
    pub by_name: String,
    pub at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    Confirmed,
    FalseAlarm,
    ToDelete,
    ToSecure,
}
