//! The tables as sea-orm sees them, one file each. What they mean is said in `schema/*.sql`.
#![expect(unreachable_pub, reason = "sea-orm's derives write `pub` beside these")]

pub(super) mod activity;
pub(super) mod allowance;
pub(super) mod census_entry;
pub(super) mod decision;
pub(super) mod detachment;
pub(super) mod distinction;
pub(super) mod fact;
pub(super) mod file;
pub(super) mod gap;
pub(super) mod hidden;
pub(super) mod installation;
pub(super) mod journal_entry;
pub(super) mod login_failure;
pub(super) mod machine;
pub(super) mod mark;
pub(super) mod merge;
pub(super) mod offer;
pub(super) mod organisation;
pub(super) mod organisation_user;
pub(super) mod package;
pub(super) mod pass;
pub(super) mod policy;
pub(super) mod proposal;
pub(super) mod redemption;
pub(super) mod session;
pub(super) mod spool;
pub(super) mod tally;
pub(super) mod token;
pub(super) mod upgrade;
pub(super) mod user;
