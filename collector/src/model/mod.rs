//! The words of the collector as plain data: what `store` gives and takes, what `knowledge` reads and concludes,
//! what `web` shows. No behaviour that needs a database, a network or a clock.

mod allowance;
mod change;
mod conclusions;
mod file;
mod ids;
mod journal;
mod likeness;
mod listing;
mod machine;
mod organisation;
mod people;
mod register;
mod update;

pub use allowance::{Allowance, AllowedSubject, Hidden, HiddenTotal, NewAllowance};
pub use change::{Applied, Change, PassEnd, Position};
pub use conclusions::{CensusEntry, Conclusions, GapAnswer, Snapshot, SuggestedActivity};
pub use file::{
    Decision, DecisionKind, File, FileState, Pass, ReadableBy, Sample, Tally, Verdict, VerdictTotal,
};
pub use ids::{
    ActivityId, AllowanceId, DecisionId, FileId, GapId, MachineId, OfferId, OrganisationId,
    ProposalId, SpoolId, TokenId, UserId,
};
pub use journal::{Actor, JournalEntry};
pub use likeness::{Detachment, Mark, Pair, PairDecision};
pub use listing::{
    DecisionFilter, FileFilter, HiddenFilter, Overview, Page, PageRequest, ProposalFilter,
};
pub use machine::{Disk, Fact, FactValue, Installation, Machine, MachineState, NetworkInterface};
pub use organisation::{EnrolmentToken, Organisation, OrganisationKind, Policy, Redemption};
pub use people::{Access, Role, User};
pub use register::{
    Activity, ActivityField, ActivityStatus, Evidence, EvidenceSource, FieldValue, Gap, GapOutcome,
    Proof, Proposal, ProposalStatus, Provenance, Retention,
};
pub use update::{NotARing, Package, Ring, UpdateOffer, Upgrade, UpgradeState};
