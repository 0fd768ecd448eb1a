//! Exceptions: what a town knows and does not want to be shown again, where, why and until when. What one hides stays
//! counted.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::AllowanceId;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowance {
    pub id: AllowanceId,
    pub subject: AllowedSubject,
    /// A pattern over whole paths; empty: wherever.
    pub path: String,
    pub reason: String,
    /// Name of who added it, on that day.
    pub by_name: String,
    pub created_at: Timestamp,
    /// Holds until then. None: until a person ends it.
    pub ends_at: Option<Timestamp>,
    /// When a person ended it.
    pub ended_at: Option<Timestamp>,
}

/// An exception that is not in the store yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAllowance {
    pub subject: AllowedSubject,
    pub path: String,
    pub reason: String,
    pub ends_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "subject")]
pub enum AllowedSubject {
    Everything,
    /// All values of a kind of the rules.
    Kind {
        kind: String,
    },
    /// All that one detection rule finds.
    Detector {
        detector: String,
    },
    EmailDomain {
        domain: String,
    },
    /// One value, by its keyed hash; a person recognises it by its masked form.
    Value {
        kind: String,
        hash: [u8; 32],
        masked: String,
    },
}

/// How many values of a kind an exception hides in one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hidden {
    pub kind: String,
    pub allowance: AllowanceId,
    pub count: u64,
}

/// What an exception hides in all files that are still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HiddenTotal {
    pub allowance: AllowanceId,
    pub files: u64,
    pub values: u64,
}

impl Allowance {
    pub fn is_in_force(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && self.ends_at.is_none_or(|end| now < end)
    }
}
