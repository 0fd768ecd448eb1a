//! What one report of an agent changes, parsed once by `ingest` and applied by `store`.

use jiff::Timestamp;

use super::{Fact, FileState, Installation, MachineState, VerdictTotal};

#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Replaces the machine's hardware and system.
    Machine(MachineState),
    /// Replaces the machine's software whole.
    Installations {
        installations: Vec<Installation>,
        unread_sources: Vec<String>,
    },
    /// Replaces the machine's facts whole.
    Facts(Vec<Fact>),
    PassBegin {
        root: String,
        pass_id: Vec<u8>,
        started_at: Timestamp,
    },
    /// Inserts or replaces one file, known by machine and path.
    File {
        pass_id: Vec<u8>,
        state: FileState,
        digest: u64,
    },
    PassEnd(PassEnd),
    /// The agent gave up part of its spool.
    SpoolLoss {
        /// Damaged; a full pass follows.
        batches: u64,
        detail: String,
        /// Reports that newer ones replace, when the spool was full.
        replaced: u64,
        /// Inventories and facts without a newer one; the next follow.
        telemetry: u64,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassEnd {
    pub root: String,
    pub pass_id: Vec<u8>,
    pub finished_at: Timestamp,
    /// Only a complete pass closes the files that it has not seen.
    pub complete: bool,
    pub stop_reason: String,
    pub totals: Vec<VerdictTotal>,
    pub reported_files: u64,
    /// Wrapping sum of the files' digests.
    pub reported_digest: u64,
}

/// What became of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    /// Its sequence is not above the last committed one of this spool: nothing was done.
    Already,
    /// Committed. `resend` lists the roots whose sums differ from the agent's: they must be scanned again.
    Committed { resend: Vec<String> },
}

/// A batch in its spool: its number, and what it was as bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position {
    pub sequence: u64,
    /// SHA-256; none before the first batch, or when an older program committed it.
    pub digest: Option<[u8; 32]>,
}
