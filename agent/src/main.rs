//! The agent's program: a command line over the `beffroi_agent` library.

#![forbid(unsafe_code)]

mod cli;

use std::{io::IsTerminal, process::ExitCode};

use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(
            EnvFilter::try_from_env("BEFFROI_LOG").unwrap_or_else(|_| EnvFilter::new("info")),
        )
        .init();
    cli::main().into()
}
