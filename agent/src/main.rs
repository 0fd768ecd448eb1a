//! The agent's program: a command line over the `beffroi_agent` library.

#![forbid(unsafe_code)]

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    beffroi_agent::log::start();
    cli::main().into()
}
