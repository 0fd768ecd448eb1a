//! Stories told with the built programs, over real sockets, on real files. Run them with `tests/run`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a story that cannot go on has failed"
)]

mod accuracy;
mod bad_input;
mod crash;
mod desk;
mod exceptions;
mod faults;
mod first_run;
mod identity;
mod log;
mod main_job;
mod network;
mod packages;
mod policy;
#[path = "../../collector/tests/support/postgres.rs"]
mod postgres;
mod privacy;
mod repository;
mod spool;
mod tenancy;
mod update;
