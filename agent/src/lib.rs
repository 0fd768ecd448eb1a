//! The agent: looks at one machine and tells the collector what it saw, masked.
//!
//! The way of the data: `inventory`, `posture` and `scan` (walk → `extract` → detect) → `report` → `spool` →
//! `transport`. `platform` is the only place that knows the operating system.

pub mod config;
pub mod enrol;
pub mod exit;
pub mod extract;
pub mod identity;
pub mod inventory;
pub mod log;
pub mod marks;
pub mod pace;
pub mod platform;
pub mod policy;
pub mod posture;
pub mod report;
pub mod scan;
pub mod schedule;
pub mod spool;
pub mod state;
pub mod transport;
pub mod update;
pub mod worker;
