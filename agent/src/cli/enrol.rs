//! `enrol`: joins this machine to a collector, with a one-time token.

use std::path::{Path, PathBuf};

use anyhow::Context;
use beffroi_agent::{
    config::Config,
    enrol::{Token, enrol},
    exit::Exit,
    state::StateFolder,
    transport::Proxy,
};
use clap::Args;
use zeroize::Zeroizing;

#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    override_usage = "beffroi-agent enrol --collector <NOM:PORT> <--token <JETON>|--token-file <FICHIER>> [OPTIONS]"
)]
pub(super) struct Arguments {
    #[command(flatten)]
    invitation: Invitation,
    /// Enrôle de nouveau une machine déjà enrôlée.
    #[arg(long)]
    force: bool,
}

/// The one or the other way to give the token.
const SECRET: &str = "secret";

/// What a machine needs to come in: all of it, or nothing where it may be in already.
#[derive(Debug, Args)]
pub(super) struct Invitation {
    /// Adresse du collecteur, nom:port.
    #[arg(
        long,
        value_name = "NOM:PORT",
        env = "BEFFROI_COLLECTOR",
        required = false,
        requires = SECRET
    )]
    collector: String,
    /// Jeton donné par l'opérateur.
    #[arg(
        long,
        value_name = "JETON",
        env = "BEFFROI_TOKEN",
        hide_env_values = true,
        requires = "collector",
        group = SECRET
    )]
    token: Option<Secret>,
    /// Fichier qui contient le jeton, pour ne pas le montrer dans la liste des processus.
    #[arg(
        long,
        value_name = "FICHIER",
        conflicts_with = "token",
        requires = "collector",
        group = SECRET
    )]
    token_file: Option<PathBuf>,
    /// Étiquette libre de la machine (« accueil », « école »…), au lieu de celle du jeton.
    #[arg(
        long,
        value_name = "ÉTIQUETTE",
        env = "BEFFROI_TAG",
        requires = "collector"
    )]
    tag: Option<String>,
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
    let state = StateFolder::open(&config.agent.state)?;
    let proxy = &config.network.proxy;
    arguments
        .invitation
        .accept(&state, proxy, arguments.force)?;
    println!("Pour commencer : beffroi-agent run");
    Ok(Exit::Success)
}

impl Invitation {
    /// Enrols this machine, and says so.
    pub(super) fn accept(
        &self,
        state: &StateFolder,
        proxy: &Proxy,
        force: bool,
    ) -> anyhow::Result<()> {
        let token = Token::parse(&self.token()?)?;
        let identity = super::runtime()?.block_on(enrol(
            state,
            &self.collector,
            proxy,
            &token,
            self.tag.as_deref().unwrap_or_default(),
            force,
        ))?;
        println!(
            "Machine enrôlée pour {} (agent {}).",
            identity.organisation_name, identity.agent
        );
        Ok(())
    }

    fn token(&self) -> anyhow::Result<Zeroizing<String>> {
        if let Some(Secret(token)) = &self.token {
            return Ok(token.clone());
        }
        let path = self.token_file.as_deref().unwrap_or(Path::new(""));
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("impossible de lire le jeton dans {}", path.display()))?;
        Ok(Zeroizing::new(text))
    }
}
