//! What the store promises, on both engines.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

#[path = "../support/postgres.rs"]
mod postgres;
mod world;

mod allowances;
mod batches;
mod conclusions;
mod decisions;
mod enrolment;
mod files;
mod identity;
mod opening;
mod people;
mod register;
mod tenancy;
mod updates;
