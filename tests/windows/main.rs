//! The agent as a Windows program, under Wine: `tests/windows/build` builds it first.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed story is a panic"
)]

mod files;
mod life;
