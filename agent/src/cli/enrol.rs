//! `enrol`: joins this machine to a collector, with a one-time token.

use std::path::PathBuf;

use beffroi_agent::{
    config::Config,
    enrol::{Token, enrol},
    exit::Exit,
    state::StateFolder,
};
use clap::Args;
use zeroize::Zeroizing;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Adresse du collecteur, nom:port.
    #[arg(long, value_name = "NOM:PORT", env = "BEFFROI_COLLECTOR")]
    collector: String,
    /// Jeton donné par l'opérateur.
    #[arg(
        long,
        value_name = "JETON",
        env = "BEFFROI_TOKEN",
        hide_env_values = true,
        required_unless_present = "token_file"
    )]
    token: Option<Secret>,
    /// Fichier qui contient le jeton, pour ne pas le montrer dans la liste des processus.
    #[arg(long, value_name = "FICHIER", conflicts_with = "token")]
    token_file: Option<PathBuf>,
    /// Enrôle de nouveau une machine déjà enrôlée.
    #[arg(long)]
    force: bool,
}

/// A command-line value that is never shown.
#[derive(Clone)]
pub(super) struct Secret(Zeroizing<String>);

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("…")
    }
}

pub(super) fn run(config: &Config, arguments: &Arguments) -> anyhow::Result<Exit> {
    let token = Token::parse(&token_text(arguments)?)?;
    let state = StateFolder::open(&config.agent.state)?;
    let identity =
        super::runtime()?.block_on(enrol(&state, &arguments.collector, &token, arguments.force))?;
    println!(
        "Machine enrôlée pour {} (agent {}).\nPour commencer : beffroi-agent run",
        identity.organisation_name, identity.agent
    );
    Ok(Exit::Success)
}

fn token_text(arguments: &Arguments) -> anyhow::Result<Zeroizing<String>> {
    use anyhow::Context;
    if let Some(Secret(token)) = &arguments.token {
        return Ok(token.clone());
    }
    let path = arguments
        .token_file
        .as_deref()
        .unwrap_or(std::path::Path::new(""));
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("impossible de lire le jeton dans {}", path.display()))?;
    Ok(Zeroizing::new(text))
}
