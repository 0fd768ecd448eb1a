//! Newer programs for agents: packages, what a town is offered ring by ring, and what became of it on each machine.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{MachineId, OfferId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    pub version: String,
    pub platform: String,
    pub size_bytes: u64,
    pub signature: String,
    pub added_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateOffer {
    pub id: OfferId,
    pub version: String,
    /// The next one opens when the one before has reported well.
    pub rings: Vec<Ring>,
    pub offered_at: Timestamp,
}

/// Some machines of a town.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Ring {
    Tag(String),
    /// Of all machines; always the same ones, so that a greater share holds the smaller.
    Percent(u8),
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("un anneau est une étiquette, ou une part entre 1% et 100%")]
pub struct NotARing;

impl FromStr for Ring {
    type Err = NotARing;

    fn from_str(text: &str) -> Result<Self, NotARing> {
        let text = text.trim();
        match text.strip_suffix('%') {
            Some(share) => match share.trim().parse() {
                Ok(share @ 1..=100) => Ok(Self::Percent(share)),
                _ => Err(NotARing),
            },
            None if text.is_empty() => Err(NotARing),
            None => Ok(Self::Tag(text.to_owned())),
        }
    }
}

impl fmt::Display for Ring {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tag(tag) => write!(formatter, "« {tag} »"),
            Self::Percent(share) => write!(formatter, "{share} %"),
        }
    }
}

impl From<Ring> for String {
    fn from(ring: Ring) -> Self {
        match ring {
            Ring::Tag(tag) => tag,
            Ring::Percent(share) => format!("{share}%"),
        }
    }
}

impl TryFrom<String> for Ring {
    type Error = NotARing;

    fn try_from(text: String) -> Result<Self, NotARing> {
        text.parse()
    }
}

/// What an agent last said of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upgrade {
    pub machine: MachineId,
    pub version: String,
    pub state: UpgradeState,
    /// A sentence of the agent's, or of the collector's when it has nothing for it.
    pub reason: String,
    pub at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UpgradeState {
    Refused,
    OnTrial,
    Runs,
    RolledBack,
}
