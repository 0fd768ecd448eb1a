//! A machine and what its agent says of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::MachineId;

/// A machine as the collector knows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    pub id: MachineId,
    /// As given at enrolment until the first report.
    pub host_name: String,
    pub tag: Option<String>,
    pub enrolled_at: Timestamp,
    pub last_seen_at: Option<Timestamp>,
    pub agent_version: String,
    pub rules_version: String,
    /// Agent's clock minus collector's, at the last contact.
    pub clock_offset_seconds: Option<i64>,
    pub revoked_at: Option<Timestamp>,
    /// None until the first inventory.
    pub state: Option<MachineState>,
    pub state_received_at: Option<Timestamp>,
}

/// Hardware and system, as last reported.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MachineState {
    /// The name the machine gives itself; replaces the one given at enrolment.
    pub host_name: String,
    pub os_family: String,
    pub os_name: String,
    pub os_version: String,
    pub kernel_version: String,
    pub architecture: String,
    pub manufacturer: String,
    pub model: String,
    pub serial_number: String,
    pub chassis: String,
    pub cpu: String,
    pub cpu_cores: u32,
    pub memory_bytes: u64,
    pub disks: Vec<Disk>,
    pub networks: Vec<NetworkInterface>,
    pub boot_time: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disk {
    pub mount_point: String,
    pub file_system: String,
    pub size_bytes: u64,
    pub free_bytes: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkInterface {
    pub name: String,
    pub mac: String,
    pub addresses: Vec<String>,
}

/// One software on one machine.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Installation {
    pub name: String,
    pub version: String,
    pub publisher: String,
    /// deb, rpm, registry, flatpak, snap…
    pub source: String,
    pub architecture: String,
    /// ISO 8601 date, or empty.
    pub installed_on: String,
}

/// One fact of the closed vocabulary of `rules/facts.toml`, with its proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    pub name: String,
    pub value: FactValue,
    pub source: String,
    pub observed_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FactValue {
    Boolean(bool),
    Integer(i64),
    Text(String),
    List(Vec<String>),
}
