//! `cargo evaluate`: how often the built agent is right, on documents whose truth is known.

#![forbid(unsafe_code)]

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, anyhow};
use beffroi_evaluation::report::Evaluation;
use beffroi_evaluation::{Family, Options, generate, scan};
use beffroi_rules::pack::Pack;
use beffroi_tests::programs::{program, repository};
use clap::Parser;
use tempfile::TempDir;

/// Measure precision and recall per kind and per encoding.
#[derive(Parser)]
#[command(bin_name = "cargo evaluate")]
struct Arguments {
    /// The same seed gives the same documents.
    #[arg(long, default_value_t = Options::default().seed)]
    seed: u64,
    #[arg(long, default_value_t = Options::default().documents)]
    documents: usize,
    /// List the misses and false alarms of a kind, with document and line.
    #[arg(long, value_name = "KIND")]
    show: Option<String>,
    /// With --show: those of the templates held out, which are looked at last.
    #[arg(long, requires = "show")]
    held_out: bool,
    /// Keep the documents in this folder, empty or absent.
    #[arg(long, value_name = "FOLDER")]
    keep: Option<PathBuf>,
    /// Write the figures to rules/ACCURACY.md.
    #[arg(long)]
    write: bool,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let options = Options {
        seed: arguments.seed,
        documents: arguments.documents,
    };
    let temporary = TempDir::new()?;
    let folder = arguments
        .keep
        .unwrap_or_else(|| temporary.path().to_owned());
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;

    let documents = generate(&options, &folder)?;
    let readings = scan(&program("beffroi-agent"), &folder)?;
    let pack =
        Pack::embedded().map_err(|faults| anyhow!("the rules are broken: {}", faults.len()))?;
    let evaluation = Evaluation {
        options,
        version: env!("CARGO_PKG_VERSION"),
        date: &jiff::Zoned::now().date().to_string(),
        documents: &documents,
        readings: &readings,
        claimed: &pack
            .kinds
            .iter()
            .map(|(id, _)| id.as_str().to_owned())
            .collect(),
    };

    if let Some(kind) = arguments.show {
        let family = if arguments.held_out {
            Family::HeldOut
        } else {
            Family::Known
        };
        print!("{}", evaluation.faults(&kind, family));
        return Ok(());
    }
    let page = evaluation.page();
    print!("{page}");
    for shortfall in Family::ALL
        .into_iter()
        .flat_map(|family| evaluation.shortfalls(family))
    {
        eprintln!("below target: {shortfall}");
    }
    if arguments.write {
        let path = repository().join("rules/ACCURACY.md");
        fs::write(&path, page).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}
