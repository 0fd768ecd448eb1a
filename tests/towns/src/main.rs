//! `towns`: writes a fictional town-hall share and its manifest.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, ensure};
use beffroi_towns::{Options, generate};
use clap::Parser;

/// Write the file share of a fictional commune.
#[derive(Parser)]
struct Arguments {
    /// Empty or absent folder that receives the share.
    out: PathBuf,
    /// The same seed gives the same town, byte for byte.
    #[arg(long, default_value_t = Options::default().seed)]
    seed: u64,
    /// Number of inhabitants.
    #[arg(long, default_value_t = Options::default().people)]
    people: usize,
    /// Where to write the manifest; beside the share unless told.
    #[arg(long)]
    manifest: Option<PathBuf>,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let manifest_path = arguments
        .manifest
        .unwrap_or_else(|| arguments.out.with_extension("manifest.json"));
    ensure!(
        !manifest_path.starts_with(&arguments.out),
        "the manifest lists every planted value: keep it outside the share"
    );

    let manifest = generate(
        &Options {
            seed: arguments.seed,
            people: arguments.people,
        },
        &arguments.out,
    )?;
    let json =
        serde_json::to_string_pretty(&manifest).context("failed to write the manifest as JSON")?;
    fs::write(&manifest_path, json)
        .with_context(|| format!("cannot write {}", manifest_path.display()))?;

    println!(
        "{}: {} files, {} people",
        manifest.commune.name,
        manifest.files.len(),
        manifest.people.len()
    );
    Ok(())
}
