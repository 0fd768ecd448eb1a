//! `rules check`: replays the examples that rules carry, by the engine that scans.

use std::path::Path;

use beffroi_agent::exit::Exit;
use beffroi_rules::detect::{self, Engine};
use beffroi_rules::files::RuleFiles;
use beffroi_rules::load::Diagnostic;
use beffroi_rules::pack::Pack;
use beffroi_rules::replay;

pub(super) fn run(folder: Option<&Path>) -> anyhow::Result<Exit> {
    if let Some(missing) = folder.filter(|folder| !folder.is_dir()) {
        eprintln!(
            "beffroi-agent : {} n'est pas un dossier de règles",
            missing.display()
        );
        return Ok(Exit::Configuration);
    }
    let (pack, engine) = match load(folder) {
        Ok(loaded) => loaded,
        Err(errors) => {
            eprintln!(
                "beffroi-agent : des règles sont incorrectes ; corrigez-les, puis recommencez :"
            );
            for error in errors {
                eprintln!("{error}");
            }
            return Ok(Exit::Configuration);
        }
    };
    let mut failures = detect::replay::replay(&engine);
    failures.extend(replay::replay(&pack));
    if !failures.is_empty() {
        eprintln!("beffroi-agent : des exemples contredisent leur règle :");
        for failure in failures {
            eprintln!("{failure}");
        }
        return Ok(Exit::Failure);
    }
    let detectors = engine.detectors();
    let examples: usize = detectors.iter().map(|rule| rule.examples.len()).sum();
    println!(
        "Règles version {} : {} règles de détection et leurs {examples} exemples, {} logiciels, {} traitements, \
         {} écarts ; tous les exemples tiennent.",
        pack.version,
        detectors.len(),
        pack.software.rules().len(),
        pack.activities.len(),
        pack.gaps.len(),
    );
    Ok(Exit::Success)
}

fn load(folder: Option<&Path>) -> Result<(Pack, Engine), Vec<Diagnostic>> {
    let mut files = RuleFiles::embedded();
    if let Some(folder) = folder {
        files = files.with_own(RuleFiles::from_folder(folder)?);
    }
    // The engine's own errors first: the agent's reader is here for the detectors.
    let engine = Engine::load(&files)?;
    Ok((Pack::load(&files)?, engine))
}
