//! `beffroi-agent scan`: the stand-alone scan. Nothing is sent, and nothing is kept unless a folder is named for it.

mod csv;
mod human;
mod json;
mod overview;
mod progress;

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use anyhow::Context;
use beffroi_agent::config::Config;
use beffroi_agent::exit::Exit;
use beffroi_agent::scan::{
    self, Basis, Event, Exclusions, Failures, Known, Options, Reader, ScannedFile,
};
use beffroi_rules::files::RuleFiles;
use clap::{Args, ValueEnum};
use jiff::Timestamp;

use super::{exceptions, rules};
use overview::Overview;
use progress::Progress;

#[derive(Debug, Args)]
#[command(
    long_about = "Analyse des dossiers et affiche ce qui y est trouvé, sans rien envoyer ni rien écrire.\n\n\
        Les valeurs trouvées sont toujours masquées. Les liens ne sont pas suivis ; les dossiers « personnel », \
        « privé » et « perso » sont comptés mais pas ouverts. Sur un poste enrôlé, les exceptions de la collectivité \
        s'appliquent, et ce qu'elles laissent de côté est compté.",
    after_help = "Codes de sortie :
  0   tous les fichiers ont été lus (sauf ceux qui sont exclus)
  1   rien n'a pu être analysé
  2   ligne de commande incorrecte
  3   analyse faite, mais des fichiers n'ont pas pu être lus, ou sont d'un type non pris en charge
  4   --fail-on-findings : des données personnelles ont été trouvées (l'emporte sur 3)

Exemple : beffroi-agent scan /srv/partage --format csv > resultat.csv"
)]
pub(crate) struct Arguments {
    /// Dossiers ou fichiers à analyser.
    #[arg(required = true, value_name = "CHEMIN")]
    paths: Vec<PathBuf>,

    /// Forme du résultat : pour lire, pour un programme (un objet JSON par ligne), pour un tableur.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,

    /// Ne pas ouvrir ce qui correspond à ce motif, par exemple « **/sauvegardes/** » (répétable).
    #[arg(long, value_name = "MOTIF")]
    exclude: Vec<String>,

    /// Ouvrir aussi les dossiers marqués privés ou personnels.
    #[arg(long)]
    include_private: bool,

    /// Taille, en octets, au-delà de laquelle un fichier n'est pas lu.
    #[arg(long, value_name = "OCTETS")]
    max_file_bytes: Option<u64>,

    /// Secondes sans signe de vie du lecteur après lesquelles un fichier est abandonné.
    #[arg(long, value_name = "SECONDES")]
    patience: Option<u32>,

    /// Garder dans ce dossier ce qui a été dit de chaque fichier (valeurs masquées) : la fois suivante, ce qui n'a pas
    /// changé n'est pas rouvert, et une analyse interrompue reprend où elle en était.
    #[arg(long, value_name = "DOSSIER")]
    known: Option<PathBuf>,

    /// Terminer avec le code 4 si des données personnelles sont trouvées.
    #[arg(long)]
    fail_on_findings: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
    Csv,
}

/// Writes the verdicts in one of the formats.
trait Printer {
    fn file(&mut self, file: &ScannedFile) -> anyhow::Result<()>;
    fn end(&mut self, overview: &Overview) -> anyhow::Result<()>;
}

pub(crate) fn run(arguments: &Arguments, config: Option<&Path>) -> anyhow::Result<Exit> {
    let mut config = Config::load(config)?;
    if let Some(patience) = arguments.patience {
        config.scan.patience_seconds = patience;
    }
    let mut reader = Reader::new(config.scan.patience(), Failures::default());
    let options = options(arguments, config)?;
    let engine = rules::engine()?;
    let labels = rules::pack()?;
    let rules = RuleFiles::embedded().version();
    let basis = Basis::new(&rules, &options);

    let output = io::stdout().lock();
    let progress = Progress::start(output.is_terminal());
    let output = io::BufWriter::new(output);
    let mut printer: Box<dyn Printer> = match arguments.format {
        Format::Human => Box::new(human::Human::new(output, &labels)),
        Format::Json => Box::new(json::Json::new(output)),
        Format::Csv => Box::new(csv::Csv::new(output)?),
    };
    let mut overview = Overview::default();
    for path in &arguments.paths {
        let root = std::path::absolute(path)
            .with_context(|| format!("chemin incompréhensible : {}", path.display()))?;
        reader.remember(known(arguments, &root, &basis)?);
        let summary = scan::pass(
            &root,
            &options,
            &engine,
            &NEVER,
            &mut reader,
            &mut |event| {
                match event {
                    Event::Folder(folder) => progress.enter(folder),
                    Event::File { file, .. } => {
                        progress.count(&file);
                        overview.count(&file);
                        progress.while_hidden(|| printer.file(&file))?;
                    }
                }
                Ok(())
            },
        )?;
        if let Some(known) = reader.take_known() {
            known
                .end(summary.is_complete())
                .context("impossible de garder ce qui a été dit des fichiers")?;
        }
        overview.end_root(&root, &summary);
    }
    progress.end();
    printer.end(&overview)?;
    for root in &overview.missing_roots {
        eprintln!("beffroi-agent : {} est introuvable", root.display());
    }
    Ok(exit(arguments, &overview))
}

/// Ctrl-C ends the program; nothing has to be put in order.
static NEVER: AtomicBool = AtomicBool::new(false);

/// What the folder that was named for it knows of a root.
fn known(arguments: &Arguments, root: &Path, basis: &Basis) -> anyhow::Result<Option<Known>> {
    let Some(folder) = &arguments.known else {
        return Ok(None);
    };
    let known = Known::open(folder, root, *basis, Timestamp::now());
    known.map(Some).with_context(|| {
        format!(
            "le dossier {} ne peut pas servir à garder ce qui a été dit des fichiers",
            folder.display()
        )
    })
}

/// The configuration's choices, with those of the command line added.
fn options(arguments: &Arguments, config: Config) -> anyhow::Result<Options> {
    let allowances = exceptions::in_force(&config);
    let patterns: Vec<String> = config
        .scan
        .excluded
        .into_iter()
        .chain(arguments.exclude.iter().cloned())
        .collect();
    let includes_private = arguments.include_private || config.scan.include_private_folders;
    Ok(Options {
        exclusions: Exclusions::new(&patterns, includes_private, Some(config.agent.state))?,
        max_file_bytes: arguments
            .max_file_bytes
            .unwrap_or(config.scan.max_file_bytes),
        content_key: None,
        allowances,
    })
}

fn exit(arguments: &Arguments, overview: &Overview) -> Exit {
    if overview.scanned_roots == 0 {
        return Exit::Failure;
    }
    if arguments.fail_on_findings && !overview.kinds.is_empty() {
        return Exit::Findings;
    }
    if overview.leaves_doubt() {
        return Exit::PartlyRead;
    }
    Exit::Success
}
