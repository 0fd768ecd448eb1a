//! `beffroi-agent rules`: what the detection rules are, whether their examples hold, and what they say of a text.
//!
//! Also gives the other verbs the rules built into the program.

mod check;
mod list;
mod test;

use std::path::PathBuf;

use anyhow::anyhow;
use beffroi_agent::config::Config;
use beffroi_agent::exit::Exit;
use beffroi_rules::detect::Engine;
use beffroi_rules::load::Diagnostic;
use beffroi_rules::pack::Pack;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Liste les règles de détection : ce qu'elles cherchent, d'où elles viennent, leur confiance, leurs exemples.
    List(list::Arguments),
    /// Rejoue les exemples de toutes les règles, celles du programme ou celles d'un dossier.
    #[command(after_help = "Codes de sortie :
  0   tous les exemples tiennent
  1   des exemples contredisent leur règle
  10  des règles sont incorrectes, ou le dossier est introuvable

Exemple : beffroi-agent rules check ./mes-regles")]
    Check {
        /// Dossier de règles, disposé comme celui du projet ; il s'ajoute aux règles du programme.
        #[arg(value_name = "DOSSIER")]
        folder: Option<PathBuf>,
    },
    /// Explique ce que les règles voient dans un texte, et pourquoi elles écartent le reste.
    Test(test::Arguments),
}

pub(crate) fn run(verb: &Verb, config: &Config) -> anyhow::Result<Exit> {
    match verb {
        Verb::List(arguments) => list::run(arguments),
        Verb::Check { folder } => check::run(folder.as_deref()),
        Verb::Test(arguments) => test::run(arguments, config),
    }
}

pub(crate) fn engine() -> anyhow::Result<Engine> {
    Engine::embedded().map_err(|errors| first(&errors))
}

pub(crate) fn pack() -> anyhow::Result<Pack> {
    Pack::embedded().map_err(|errors| first(&errors))
}

fn first(errors: &[Diagnostic]) -> anyhow::Error {
    match errors.first() {
        Some(error) => anyhow!("les règles du programme sont incorrectes : {error}"),
        None => anyhow!("les règles du programme sont incorrectes"),
    }
}
