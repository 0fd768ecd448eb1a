//! What `knowledge` reads and what it concludes: the two ends of a pure function, kept by `store`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Evidence, Fact, File, GapOutcome, Installation, Machine, MachineId, Pass, Proof};

/// Everything known of one organisation at one moment.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    pub machines: Vec<Machine>,
    pub installations: BTreeMap<MachineId, Vec<Installation>>,
    pub facts: BTreeMap<MachineId, Vec<Fact>>,
    /// Files that are still there. Those decided to be false alarms are included: `knowledge` sets them aside.
    pub files: Vec<File>,
    /// What tells a machine where nothing was found from one that nobody has scanned.
    pub passes: Vec<Pass>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conclusions {
    pub rules_version: String,
    pub proposals: Vec<SuggestedActivity>,
    pub gaps: Vec<GapAnswer>,
    pub census: Vec<CensusEntry>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuggestedActivity {
    pub rule: String,
    pub label: String,
    pub score: i32,
    pub evidence: Vec<Evidence>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapAnswer {
    pub rule: String,
    /// None: about the organisation.
    pub machine: Option<MachineId>,
    pub title: String,
    pub severity: String,
    pub outcome: GapOutcome,
    pub proof: Vec<Proof>,
    pub remedy: String,
    pub sources: Vec<String>,
}

/// One software of the town's census, all machines together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CensusEntry {
    pub name: String,
    pub publisher: String,
    /// Id in `rules/software`, when recognised.
    pub rule: Option<String>,
    /// "municipal", "remote-control", "office"… from the rule; empty when not recognised.
    pub family: String,
    /// Version → machines that have it.
    pub versions: BTreeMap<String, Vec<MachineId>>,
}
