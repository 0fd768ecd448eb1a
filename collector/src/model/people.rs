//! Who signs in, and which towns they may see.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{OrganisationId, UserId};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub id: UserId,
    pub login: String,
    pub name: String,
    pub role: Role,
    pub access: Access,
    pub created_at: Timestamp,
    pub disabled_at: Option<Timestamp>,
    pub must_change_password: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads and decides.
    Dpo,
    /// Reads.
    Reader,
}

/// The towns a user may see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// The operator's staff: all, also those to come.
    All,
    Organisations(Vec<OrganisationId>),
}

impl Access {
    pub fn allows(&self, organisation: OrganisationId) -> bool {
        match self {
            Self::All => true,
            Self::Organisations(ids) => ids.contains(&organisation),
        }
    }
}
