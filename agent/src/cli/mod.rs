//! The command line: one file per verb, texts in French because they are read in town halls.
//!
//! A verb returns the [`Exit`] that the help promises, or an error whose sentence says what to do; [`main`] alone
//! prints it.

mod output;
mod scan;

use std::path::PathBuf;

use beffroi_agent::exit::{self, Exit};
use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(
    name = "beffroi-agent",
    version,
    about = "Inventorie un poste, mesure sa sécurité et repère les données personnelles de ses fichiers.",
    after_help = exit::HELP,
    disable_help_subcommand = true
)]
struct Cli {
    /// Fichier de configuration [défaut : /etc/beffroi/agent.toml s'il existe].
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
    /// Analyse des dossiers et affiche ce qui y est trouvé, sans rien envoyer.
    Scan(scan::Arguments),
}

/// Runs the verb asked for.
pub(crate) fn main() -> Exit {
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
    let outcome = match cli.verb {
        Verb::Scan(arguments) => scan::run(&arguments),
    };
    match outcome {
        Ok(exit) => exit,
        // `beffroi-agent scan … | head` is a way to read, not a failure.
        Err(error) if output::is_broken_pipe(&error) => Exit::Success,
        Err(error) => {
            eprintln!("beffroi-agent : {error:#}");
            Exit::Failure
        }
    }
}
