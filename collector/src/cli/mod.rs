//! The operator's command line: one file per noun, texts in French.

mod agent;
mod allow;
mod doctor;
mod init;
mod organisation;
mod policy;
mod rules;
mod serve;
mod token;
mod update;
mod user;

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use beffroi_collector::{
    authority::Authority,
    config::{Config, ConfigError},
    model::Organisation,
    store::{Store, StoreError},
};
use clap::{Parser, Subcommand};

/// Exit codes, the same for every verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    Success = 0,
    Failure = 1,
    Usage = 2,
    Configuration = 10,
    NotInitialised = 11,
    PortInUse = 12,
}

const EXIT_HELP: &str = "Codes de sortie :
  0   tout s'est bien passé
  1   échec (le message dit lequel)
  2   ligne de commande incorrecte
  10  configuration ou dossier de données inutilisable
  11  collecteur non initialisé (beffroi-collector init)
  12  adresse d'écoute déjà prise";

/// An error with its exit code; everything else is [`Exit::Failure`].
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Stop {
    pub(crate) exit: Exit,
    pub(crate) message: String,
}

#[derive(Debug, Parser)]
#[command(
    name = "beffroi-collector",
    version,
    about = "Recueille ce que voient les agents Beffroi et sert les pages du DPO.",
    after_help = EXIT_HELP,
    disable_help_subcommand = true
)]
struct Cli {
    /// Dossier de données : configuration, clés, base SQLite.
    #[arg(
        long,
        global = true,
        value_name = "DOSSIER",
        env = "BEFFROI_COLLECTOR_DATA",
        default_value = "/var/lib/beffroi-collector"
    )]
    data: PathBuf,

    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Prépare un collecteur : dossier de données, autorité de certification, base, premier compte.
    Init(init::Arguments),
    /// Sert les agents et les pages, jusqu'à l'arrêt.
    Serve,
    /// Vérifie la configuration, les clés, la base, les règles et les adresses d'écoute.
    Doctor,
    /// Les collectivités.
    #[command(subcommand)]
    Organisation(organisation::Verb),
    /// Les jetons d'enrôlement : ce qui fait entrer les machines d'une collectivité.
    #[command(subcommand)]
    Token(token::Verb),
    /// Les comptes des pages.
    #[command(subcommand)]
    User(user::Verb),
    /// Ce qui est demandé aux agents d'une collectivité.
    #[command(subcommand)]
    Policy(policy::Verb),
    /// Les exceptions d'une collectivité : ce que ses agents comptent sans le montrer.
    #[command(subcommand)]
    Allow(allow::Verb),
    /// Les règles : celles du programme et celles de l'opérateur (dossier « rules » des données).
    #[command(subcommand)]
    Rules(rules::Verb),
    /// Les agents d'une collectivité.
    #[command(subcommand)]
    Agent(agent::Verb),
    /// Les nouvelles versions de l'agent, signées, et à qui elles sont proposées.
    #[command(subcommand)]
    Update(update::Verb),
}

pub(crate) async fn main() -> Exit {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(message) => {
            // Help and version are answers; the rest is a wrong command line.
            let exit = if message.use_stderr() {
                Exit::Usage
            } else {
                Exit::Success
            };
            let _ = message.print();
            return exit;
        }
    };
    match run(cli).await {
        Ok(exit) => exit,
        Err(error) => {
            eprintln!("beffroi-collector : {error:#}");
            exit_of(&error)
        }
    }
}

async fn run(cli: Cli) -> anyhow::Result<Exit> {
    let data = cli.data.as_path();
    match cli.verb {
        Verb::Init(arguments) => init::run(data, arguments).await?,
        Verb::Serve => serve::run(data).await?,
        Verb::Doctor => return doctor::run(data).await,
        Verb::Organisation(verb) => organisation::run(data, verb).await?,
        Verb::Token(verb) => token::run(data, verb).await?,
        Verb::User(verb) => user::run(data, verb).await?,
        Verb::Policy(verb) => policy::run(data, verb).await?,
        Verb::Allow(verb) => allow::run(data, verb).await?,
        Verb::Rules(verb) => rules::run(data, &verb)?,
        Verb::Agent(verb) => agent::run(data, verb).await?,
        Verb::Update(verb) => update::run(data, verb).await?,
    }
    Ok(Exit::Success)
}

fn exit_of(error: &anyhow::Error) -> Exit {
    if let Some(stop) = error.downcast_ref::<Stop>() {
        return stop.exit;
    }
    if error.is::<ConfigError>() {
        Exit::Configuration
    } else {
        Exit::Failure
    }
}

fn pki(data: &Path) -> PathBuf {
    data.join("pki")
}

/// The configuration and the store of an initialised collector.
async fn open_store(data: &Path) -> anyhow::Result<(Config, Store)> {
    if !pki(data).join("ca.pem").exists() {
        let message = format!(
            "{} n'est pas un collecteur initialisé ; lancez d'abord : beffroi-collector --data {0} init",
            data.display()
        );
        return Err(Stop {
            exit: Exit::NotInitialised,
            message,
        }
        .into());
    }
    let config = Config::load(data)?;
    let store = Store::open(&config.store_url(data))
        .await
        .context("la base ne s'ouvre pas")?;
    Ok((config, store))
}

/// A town by its name or id, with a hint when there is none.
async fn organisation_named(store: &Store, name: &str) -> anyhow::Result<Organisation> {
    match store.organisation_named(name).await {
        Err(StoreError::NotFound) => {
            bail!("aucune collectivité « {name} » ; voir : beffroi-collector organisation list")
        }
        found => Ok(found?),
    }
}

fn load_authority(data: &Path) -> anyhow::Result<Authority> {
    Ok(Authority::load(&pki(data))?)
}
