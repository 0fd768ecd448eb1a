//! `beffroi-agent show-report`: exactly what would be sent, for whoever wants to see it before believing it.
//!
//! The messages are made by the same code as those of `run`, encoded, decoded again, and printed. Nothing is sent and
//! nothing is kept.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use anyhow::Context;
use beffroi_agent::config::Config;
use beffroi_agent::exit::Exit;
use beffroi_agent::identity::Identity;
use beffroi_agent::report::Reporter;
use beffroi_agent::scan::{self, Event, Exclusions, Failures, Options, Reader};
use beffroi_agent::state::StateFolder;
use beffroi_agent::{inventory, posture};
use beffroi_proto::v1::{Batch, Report};
use clap::Args;
use jiff::Timestamp;
use prost::Message;
use serde::Serialize;

use super::{exceptions, output, rules};

#[derive(Debug, Args)]
#[command(
    long_about = "Montre exactement ce qui serait envoyé au collecteur : un message par ligne, en JSON, avec sa taille \
        sur le réseau avant compression. Rien n'est envoyé.\n\nSans chemin : l'inventaire, les réglages de sécurité, \
        puis les dossiers que la configuration demande d'analyser. Avec des chemins : ces dossiers-là."
)]
pub(crate) struct Arguments {
    /// Dossiers à analyser au lieu de ceux de la configuration.
    #[arg(value_name = "CHEMIN")]
    paths: Vec<PathBuf>,
}

#[derive(Serialize)]
struct Line<'a> {
    size_bytes: usize,
    report: &'a Report,
}

#[derive(Default)]
struct Shown {
    messages: usize,
    batches: usize,
    size_bytes: u64,
}

pub(crate) fn run(arguments: &Arguments, config: &Config) -> anyhow::Result<Exit> {
    let mut output = io::BufWriter::new(io::stdout().lock());
    let mut shown = Shown::default();
    let mut show = |batch: &[u8]| shown.batch(batch, &mut output);
    let mut reporter = Reporter::new(&mut show);

    let (machine, installations) = inventory::collect();
    reporter.inventory(machine, installations)?;
    reporter.facts(posture::collect(Timestamp::now()))?;
    let roots = if arguments.paths.is_empty() {
        &config.scan.roots
    } else {
        &arguments.paths
    };
    scan_roots(roots, config, &mut reporter)?;
    reporter.flush()?;
    output.flush()?;

    eprintln!(
        "{} message(s) en {} lot(s), {} avant compression. Rien n'a été envoyé. Aucune valeur trouvée dans un fichier \
         n'y figure en clair : seulement des nombres, des exemples masqués et leur emplacement.",
        shown.messages,
        shown.batches,
        output::size(shown.size_bytes)
    );
    Ok(Exit::Success)
}

fn scan_roots(
    roots: &[PathBuf],
    config: &Config,
    reporter: &mut Reporter<'_>,
) -> anyhow::Result<()> {
    if roots.is_empty() {
        return Ok(());
    }
    let engine = rules::engine()?;
    let options = options(config)?;
    let cancelled = AtomicBool::new(false);
    let mut reader = Reader::new(config.scan.patience(), Failures::default());
    for root in roots {
        let root = absolute(root)?;
        let mut reported = reporter.begin_pass(&root, Timestamp::now())?;
        let summary = scan::pass(
            &root,
            &options,
            &engine,
            &cancelled,
            &mut reader,
            &mut |event| match event {
                Event::Folder(_) => Ok(()),
                Event::File { file, .. } => reported.file(&file),
            },
        )?;
        reported.end(&summary, Timestamp::now())?;
    }
    Ok(())
}

fn options(config: &Config) -> anyhow::Result<Options> {
    let state = StateFolder::at(&config.agent.state);
    // Before enrolment there is no key, and reports bear no fingerprint.
    let identity = Identity::load(&state).ok();
    Ok(Options {
        exclusions: Exclusions::new(
            &config.scan.excluded,
            config.scan.include_private_folders,
            Some(config.agent.state.clone()),
        )?,
        max_file_bytes: config.scan.max_file_bytes,
        content_key: identity.map(|identity| identity.content_key),
        allowances: exceptions::in_force(config),
    })
}

fn absolute(path: &Path) -> anyhow::Result<PathBuf> {
    std::path::absolute(path)
        .with_context(|| format!("chemin incompréhensible : {}", path.display()))
}

impl Shown {
    fn batch(&mut self, batch: &[u8], output: &mut impl Write) -> anyhow::Result<()> {
        self.batches += 1;
        self.size_bytes += u64::try_from(batch.len()).unwrap_or(u64::MAX);
        let batch = Batch::decode(batch).context("un lot illisible a été fabriqué")?;
        for report in &batch.reports {
            self.messages += 1;
            let line = Line {
                size_bytes: report.encoded_len(),
                report,
            };
            writeln!(output, "{}", serde_json::to_string(&line)?)?;
        }
        Ok(())
    }
}
