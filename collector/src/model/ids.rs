//! Identifiers, one type each, so that a machine cannot be taken for an organisation.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new identifier; later ones sort after earlier ones, which keeps database pages warm.
            pub fn generate() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

id! {
    /// A commune, CCAS, EPCI or syndicat: the tenant.
    OrganisationId,
    /// A machine, that is the agent on it.
    MachineId,
    FileId,
    AllowanceId,
    DecisionId,
    ProposalId,
    ActivityId,
    GapId,
    UserId,
    TokenId,
    /// A version of the agent, proposed to a town.
    OfferId,
    /// One spool folder of one agent; a new one is made when the folder is lost.
    SpoolId,
}
