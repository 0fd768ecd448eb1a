//! The collector's program: a command line over the `beffroi_collector` library.

#![forbid(unsafe_code)]

mod cli;

use std::{io::IsTerminal, process::ExitCode};

use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    // One TLS provider for everything in the process; see Cargo.toml for why it is ring.
    let _ = rustls::crypto::ring::default_provider().install_default();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(
            EnvFilter::try_from_env("BEFFROI_LOG")
                .unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,sea_orm=warn")),
        )
        .init();
    match tokio::runtime::Runtime::new() {
        Ok(runtime) => ExitCode::from(runtime.block_on(cli::main()) as u8),
        Err(error) => {
            eprintln!("beffroi-collector : {error}");
            ExitCode::FAILURE
        }
    }
}
