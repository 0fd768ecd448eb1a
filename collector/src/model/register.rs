//! What `knowledge` concludes, and the register that a person builds from it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ActivityId, FileId, GapId, MachineId, ProposalId};

/// One line of proof behind a proposal or a gap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// A sentence in French: "Logiciel « e.magnus » sur 2 postes".
    pub what: String,
    /// What the line adds to the score; 0 where there is no score.
    pub points: i32,
    pub sources: Vec<EvidenceSource>,
}

/// Where a line of proof comes from, so that a page can lead there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum EvidenceSource {
    Software {
        machine: MachineId,
        name: String,
    },
    File {
        machine: MachineId,
        file: FileId,
        path: String,
    },
    Fact {
        machine: MachineId,
        name: String,
    },
}

/// A processing activity that the evidence suggests. The DPO accepts, amends or refuses it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    pub id: ProposalId,
    /// Id of the rule in `rules/activities`; one proposal per organisation and rule.
    pub rule: String,
    pub rules_version: String,
    pub label: String,
    pub score: i32,
    pub evidence: Vec<Evidence>,
    pub status: ProposalStatus,
    pub first_proposed_at: Timestamp,
    /// When the evidence last changed.
    pub evidence_at: Timestamp,
    /// The evidence changed after a person decided: shown as a difference, never applied.
    pub changed_since_decision: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "status")]
pub enum ProposalStatus {
    Open,
    Accepted {
        activity: ActivityId,
        by_name: String,
        at: Timestamp,
    },
    Refused {
        reason: String,
        by_name: String,
        at: Timestamp,
    },
}

/// An entry of the register of processing activities (GDPR art. 30(1)). Each field knows where its word comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    pub id: ActivityId,
    /// The rule it was proposed from, if any.
    pub rule: Option<String>,
    pub status: ActivityStatus,
    pub fields: Vec<ActivityField>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActivityStatus {
    Active,
    Archived,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityField {
    /// label, purposes, legal_basis, legal_texts, data_subjects, data_categories, sensitive_categories, recipients,
    /// transfers, retention, security_measures, software, dpia, notes, controller, processors…
    pub name: String,
    pub value: FieldValue,
    pub provenance: Provenance,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FieldValue {
    Text(String),
    List(Vec<String>),
    Retention(Vec<Retention>),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    pub what: String,
    pub duration: String,
    pub trigger: String,
    pub end: String,
    pub source: String,
    /// high, medium, low: how sure the rule is.
    pub confidence: String,
}

/// Who said it, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "from")]
pub enum Provenance {
    Rule {
        rule: String,
        version: String,
        at: Timestamp,
    },
    Scan {
        at: Timestamp,
    },
    Person {
        name: String,
        at: Timestamp,
    },
}

/// The answer of one gap rule for one machine, or for the whole organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    pub id: GapId,
    /// Id of the rule in `rules/gaps`.
    pub rule: String,
    pub rules_version: String,
    /// None: about the organisation.
    pub machine: Option<MachineId>,
    pub title: String,
    /// critical, high, medium, low.
    pub severity: String,
    pub outcome: GapOutcome,
    pub proof: Vec<Proof>,
    /// French: what to do, who does it.
    pub remedy: String,
    /// Legal texts, guides and numbers.
    pub sources: Vec<String>,
    pub first_seen_at: Timestamp,
    /// When the outcome or its proof last changed.
    pub changed_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GapOutcome {
    Shortfall,
    Compliant,
    Unknown,
    NotApplicable,
}

/// One fact that a gap rule has read, or missed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    pub fact: String,
    /// French label and value for a person: "SSH : connexion directe de root — oui". "inconnu" when missing.
    pub statement: String,
    pub source: String,
    pub observed_at: Option<Timestamp>,
    /// The files concerned, where the rule reads exposure.
    pub files: Vec<FileId>,
}
