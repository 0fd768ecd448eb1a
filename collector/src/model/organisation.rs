//! The towns, how their machines join, and what their agents are told to do.

use jiff::Timestamp;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};

use super::{MachineId, OrganisationId, TokenId};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    pub id: OrganisationId,
    pub name: String,
    pub kind: OrganisationKind,
    pub created_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganisationKind {
    Commune,
    Ccas,
    Epci,
    Syndicat,
    Other,
}

/// An enrolment token as the store keeps it: the secret itself is never stored, only its SHA-256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolmentToken {
    pub id: TokenId,
    pub organisation: OrganisationId,
    pub tag: Option<String>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// How many machines it may bring in.
    pub machines: u64,
    /// Those that it brought in, the first first.
    pub redemptions: Vec<Redemption>,
}

/// A machine that a token brought in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redemption {
    pub machine: MachineId,
    pub at: Timestamp,
}

/// What the agents of an organisation are told. Signed on its way out; data only.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// Grows with each change. 0: the organisation has no policy, its agents keep their own configuration.
    #[serde(skip)]
    pub version: u64,
    pub roots: Vec<String>,
    pub excluded_globs: Vec<String>,
    /// None: as each agent is configured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_private_folders: Option<bool>,
    /// 0: the agent's default.
    pub max_file_bytes: u64,
    /// 0: the agent's default.
    pub scan_interval_hours: u32,
    pub disabled_detectors: Vec<String>,
    /// Of one core, on average. 0: the agent's default.
    pub processor_percent: u32,
    /// 0: the agent's default.
    pub bytes_per_second: u64,
    /// Local time of the agents; both or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours_from: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours_until: Option<Time>,
    /// None: as each agent is configured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_battery: Option<bool>,
    /// What may wait on an agent's disk. 0: the agent's default.
    pub spool_max_bytes: u64,
    /// Where the collector answers, `name:port`, the first first; empty: where each agent was enrolled.
    pub collectors: Vec<String>,
}
