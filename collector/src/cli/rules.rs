//! `rules`: the rules in force, those of the program with the operator's own beside them.

use std::{
    fmt::Write,
    path::{Path, PathBuf},
};

use beffroi_rules::{
    detect, detect::Engine, files::RuleFiles, load::Diagnostic, pack::Pack, replay,
};
use clap::Subcommand;

use super::{Exit, Stop};

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Vérifie toutes les règles et rejoue leurs exemples.
    Check {
        /// Dossier de règles à essayer au lieu de celui des données.
        folder: Option<PathBuf>,
    },
}

pub(super) fn run(data: &Path, verb: &Verb) -> anyhow::Result<()> {
    let Verb::Check { folder } = verb;
    let own = folder.clone().unwrap_or_else(|| own_folder(data));
    if folder.is_some() && !own.is_dir() {
        let message = format!("{} n'est pas un dossier de règles", own.display());
        return Err(Stop {
            exit: Exit::Configuration,
            message,
        }
        .into());
    }
    let files = files(&own)?;
    let pack = Pack::load(&files).map_err(|errors| broken(&errors))?;
    let engine = Engine::load(&files).map_err(|errors| broken(&errors))?;
    let mut failures = replay::replay(&pack);
    failures.extend(detect::replay::replay(&engine));
    if !failures.is_empty() {
        let mut message = String::from("des exemples contredisent leur règle :");
        for failure in &failures {
            let _ = write!(message, "\n{failure}");
        }
        return Err(Stop {
            exit: Exit::Failure,
            message,
        }
        .into());
    }
    println!(
        "Règles version {} : {} logiciels, {} traitements, {} écarts, {} détecteurs ; tous les exemples tiennent.",
        pack.version,
        pack.software.rules().len(),
        pack.activities.len(),
        pack.gaps.len(),
        engine.detectors().len()
    );
    Ok(())
}

/// The pack of this collector, or every error of every file with its place.
pub(super) fn load(data: &Path) -> Result<Pack, Stop> {
    Pack::load(&files(&own_folder(data))?).map_err(|errors| broken(&errors))
}

/// The detectors of this collector, to recognise a value as agents do.
pub(super) fn engine(data: &Path) -> Result<Engine, Stop> {
    Engine::load(&files(&own_folder(data))?).map_err(|errors| broken(&errors))
}

/// Where an operator lays rules of their own, in the layout of the project's `rules` folder.
fn own_folder(data: &Path) -> PathBuf {
    data.join("rules")
}

fn files(own: &Path) -> Result<RuleFiles, Stop> {
    let embedded = RuleFiles::embedded();
    if !own.is_dir() {
        return Ok(embedded);
    }
    Ok(embedded.with_own(RuleFiles::from_folder(own).map_err(|errors| broken(&errors))?))
}

fn broken(errors: &[Diagnostic]) -> Stop {
    let mut message =
        String::from("des règles sont incorrectes ; corrigez-les, puis recommencez :");
    for error in errors {
        let _ = write!(message, "\n{error}");
    }
    Stop {
        exit: Exit::Configuration,
        message,
    }
}
