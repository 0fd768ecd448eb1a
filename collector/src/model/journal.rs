//! Who did what: written with the act, in the same transaction, and never changed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{MachineId, UserId};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalEntry {
    pub at: Timestamp,
    pub actor: Actor,
    /// file.decided, file.decision_undone, proposal.accepted, proposal.refused, proposal.reopened,
    /// activity.amended, activity.archived, agent.enrolled, token.created, policy.changed,
    /// allowance.added, allowance.ended, allowance.resumed, agent.revoked, update.offered,
    /// update.rolled_back…
    pub action: String,
    /// The id of what it was done to.
    pub object: String,
    /// A sentence in French.
    pub detail: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "actor")]
pub enum Actor {
    User {
        id: UserId,
        name: String,
    },
    Agent {
        machine: MachineId,
    },
    /// Somebody at the operator's command line.
    Operator,
}
