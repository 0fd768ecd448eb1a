//! Machines that are one, or look like it: copies of a disk, and machines installed anew.

use jiff::Timestamp;

use super::MachineId;

/// A keyed fingerprint of one fact about a machine; see `MachineMark` of `identity.proto`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Mark {
    pub kind: String,
    pub fingerprint: Vec<u8>,
}

/// A machine that was started from a copy of another's disk, and got an identity of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Detachment {
    pub machine: MachineId,
    pub origin: MachineId,
    pub at: Timestamp,
}

/// Two agents that were on one machine, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    pub older: MachineId,
    pub newer: MachineId,
}

/// What a person said of a pair: that it is one machine, or that it is two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairDecision {
    pub pair: Pair,
    pub by_name: String,
    pub at: Timestamp,
}
