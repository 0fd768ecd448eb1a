//! `beffroi-agent scan`: the stand-alone scan.

use std::path::PathBuf;

use beffroi_agent::exit::Exit;
use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Dossiers ou fichiers à analyser.
    #[arg(required = true, value_name = "CHEMIN")]
    paths: Vec<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Exit> {
    anyhow::bail!("aucun moteur pour analyser {:?}", arguments.paths)
}
