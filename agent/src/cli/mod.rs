//! The command line: one file per verb, texts in French because they are read in town halls.
//!
//! A verb returns the [`Exit`] that the help promises, or an error whose sentence says what to do; [`main`] alone
//! prints it.

mod doctor;
mod enrol;
mod exceptions;
mod output;
mod relocate;
mod rules;
mod run;
mod scan;
mod service;
mod show_report;

use std::path::PathBuf;

use anyhow::Context;
use beffroi_agent::config::{Config, EXAMPLE};
use beffroi_agent::exit::{self, Exit};
use beffroi_agent::{log, worker};
use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(
    name = "beffroi-agent",
    version = beffroi_agent::update::own_version(),
    about = "Inventorie un poste, mesure sa sécurité et repère les données personnelles de ses fichiers.",
    after_help = exit::HELP,
    disable_help_subcommand = true
)]
struct Cli {
    /// Fichier de configuration [défaut : /etc/beffroi/agent.toml, ou C:\\ProgramData\\Beffroi\\agent.toml, s'il existe].
    #[arg(
        long,
        global = true,
        value_name = "FICHIER",
        env = "BEFFROI_AGENT_CONFIG"
    )]
    config: Option<PathBuf>,

    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Enrôle cette machine auprès d'un collecteur, avec un jeton.
    Enrol(enrol::Arguments),
    /// Inventorie, analyse et rapporte au collecteur, jusqu'à l'arrêt.
    Run(run::Arguments),
    /// Analyse des dossiers et affiche ce qui y est trouvé, sans rien envoyer.
    Scan(scan::Arguments),
    /// Montre exactement ce qui serait envoyé au collecteur, sans rien envoyer.
    ShowReport(show_report::Arguments),
    /// Installe l'agent comme service de cette machine et le démarre, après l'avoir enrôlée si un jeton est donné.
    Install(service::Installation),
    /// Arrête et enlève le service, son programme, l'identité et la file d'attente.
    Uninstall(service::Removal),
    /// Change l'adresse du collecteur, qui doit être le même ; l'agent doit être arrêté.
    Move(relocate::Arguments),
    /// Vérifie la configuration, l'identité, la file d'attente et la liaison avec le collecteur.
    Doctor,
    /// Les règles de détection : les lister, les vérifier, les essayer sur un texte.
    #[command(subcommand)]
    Rules(rules::Verb),
    /// Affiche un fichier de configuration commenté, avec les valeurs par défaut.
    Config,
    /// Lit des fichiers pour l'agent qui l'a lancé ; n'est pas fait pour être lancé à la main.
    #[command(hide = true, name = worker::VERB)]
    ReadFiles,
    /// Travaille pour le gestionnaire de services ; n'est pas fait pour être lancé à la main.
    #[command(hide = true, name = service::VERB)]
    Service(service::Role),
}

/// Runs the verb asked for.
pub(crate) fn main() -> Exit {
    silence_panics();
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
    conclude(run_verb(cli))
}

/// What a verb came to, told.
fn conclude(outcome: anyhow::Result<Exit>) -> Exit {
    match outcome {
        Ok(exit) => exit,
        // `beffroi-agent scan … | head` is a way to read, not a failure.
        Err(error) if output::is_broken_pipe(&error) => Exit::Success,
        Err(error) => {
            log::tell_failure(&format!("{error:#}"));
            Exit::of(error.as_ref())
        }
    }
}

fn run_verb(cli: Cli) -> anyhow::Result<Exit> {
    let config = || Config::load(cli.config.as_deref());
    match cli.verb {
        Verb::Enrol(arguments) => enrol::run(&config()?, &arguments),
        Verb::Run(arguments) => run::run(&config()?, &arguments),
        Verb::Service(role) => {
            let config = config()?;
            if let Some(exit) = service::start_newer(&config, &role)? {
                return Ok(exit);
            }
            service::serve(move || conclude(run::run(&config, &run::Arguments::of_a_service())))
        }
        Verb::Install(arguments) => service::install(&config()?, cli.config.as_deref(), &arguments),
        Verb::Uninstall(removal) => service::uninstall(&config()?, &removal),
        Verb::Scan(arguments) => scan::run(&arguments, cli.config.as_deref()),
        Verb::ShowReport(arguments) => show_report::run(&arguments, &config()?),
        Verb::Move(arguments) => relocate::run(&config()?, &arguments),
        Verb::Doctor => doctor::run(&config()?),
        Verb::Rules(verb) => rules::run(&verb, &config()?),
        Verb::ReadFiles => {
            worker::serve()?;
            Ok(Exit::Success)
        }
        Verb::Config => {
            print!("{EXAMPLE}");
            Ok(Exit::Success)
        }
    }
}

/// One thread is enough for one connection; scans have threads of their own.
fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.context("le système ne donne pas de quoi travailler")
}

/// The message of a panic may quote the text that was being read: only its place is shown.
fn silence_panics() {
    std::panic::set_hook(Box::new(|panic| {
        if let Some(place) = panic.location() {
            log::tell_failure(&format!("erreur interne ({place})"));
        }
    }));
}
