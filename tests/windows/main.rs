//! The agent as a Windows program, under Wine: `tests/windows/build` builds it first.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed story is a panic"
)]

mod files;
mod life;
mod package;

use std::time::Duration;

use tokio::sync::Mutex;

/// Long: on a busy machine Wine takes a minute to start a service.
const PATIENCE: Duration = Duration::from_secs(600);

/// A Windows has one service of a name.
static SERVICE: Mutex<()> = Mutex::const_new(());
