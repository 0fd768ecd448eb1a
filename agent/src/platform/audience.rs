//! How many people may do something to a file.

use serde::{Deserialize, Serialize};

/// Who may do something to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Audience {
    /// Nobody but its owner and those who run the machine.
    Owner,
    /// Some others.
    Group,
    /// Whoever has an account, or none.
    Everyone,
}

impl Audience {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Group => "group",
            Self::Everyone => "everyone",
        }
    }
}
