//! `cargo demo`: the main job from end to end on this machine, in two processes that speak mutual TLS over TCP.
//!
//! A collector on SQLite in a fresh folder, an agent enrolled by token, a fictional town hall's share (or the folders
//! given), a summary; then the pages stay up until Ctrl-C. Nothing is left behind.

#![forbid(unsafe_code)]

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::{Context, ensure};
use beffroi_collector::{
    model::{Gap, GapOutcome, OrganisationId, Pass, Proposal, Verdict},
    store::Store,
};
use beffroi_rules::pack::Pack;
use beffroi_tests::{
    agent::Agent,
    collector::{Collector, LOGIN},
    conclusions,
};
use clap::Parser;
use tempfile::TempDir;

/// Démonstration de Beffroi : un collecteur, un agent, un partage de mairie.
#[derive(Parser)]
#[command(bin_name = "cargo demo --")]
struct Arguments {
    /// Dossiers à analyser au lieu du partage de la mairie fictive.
    #[arg(value_name = "CHEMIN")]
    paths: Vec<PathBuf>,
    /// Affiche le résumé et s'arrête.
    #[arg(long)]
    once: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let share = TempDir::new()?;
    let (organisation, roots) = if arguments.paths.is_empty() {
        let town = beffroi_towns::generate(
            &beffroi_towns::Options::default(),
            &share.path().join("partage"),
        )?;
        let roots = std::fs::read_dir(share.path().join("partage"))?
            .map(|entry| Ok(entry?.path()))
            .collect::<std::io::Result<Vec<_>>>()?;
        (town.commune.name, roots)
    } else {
        let roots = arguments
            .paths
            .iter()
            .map(|path| {
                std::fs::canonicalize(path)
                    .with_context(|| format!("{} n'est pas lisible", path.display()))
            })
            .collect::<anyhow::Result<Vec<_>>>()?;
        ("Ma collectivité".to_owned(), roots)
    };

    eprintln!("Construction des deux programmes et démarrage du collecteur…");
    let collector = Collector::start();
    let town = collector.create_organisation(&organisation);
    let token = collector.create_token(town);
    let roots: Vec<_> = roots.iter().map(PathBuf::as_path).collect();
    let agent = Agent::enrolled(&collector, &token, &roots);
    eprintln!(
        "Inventaire de cette machine et analyse de {} dossier(s)…",
        roots.len()
    );
    let output = agent.run(&["run", "--once"]);
    ensure!(
        output.status.success(),
        "l'agent a échoué : {}",
        String::from_utf8_lossy(&output.stderr)
    );

    let store = collector.store().await;
    conclusions::wait_for(&store, town).await;
    print_summary(&store, town, &organisation).await?;
    if arguments.once {
        return Ok(());
    }
    println!(
        "\nPages       {}\nIdentifiant {LOGIN}\nMot de passe {}\n",
        collector.url("/"),
        collector.password
    );
    println!("Ctrl-C pour arrêter et tout effacer.");
    tokio::signal::ctrl_c().await?;
    Ok(())
}

async fn print_summary(store: &Store, town: OrganisationId, name: &str) -> anyhow::Result<()> {
    let pack = Pack::embedded().map_err(|diagnostics| anyhow::anyhow!("{}", diagnostics[0]))?;
    let of_town = store.of(town);
    let overview = of_town.overview().await?;
    println!("\n{name}\n");
    print_ledger(&of_town.all_passes().await?, &pack);
    println!("Données personnelles trouvées (fichiers, occurrences)");
    for (kind, files, occurrences) in &overview.kinds {
        println!(
            "  {:<38} {files:>6} {occurrences:>8}",
            pack.kinds.french(kind)
        );
    }
    println!("Logiciels recensés : {}", overview.software);
    print_gaps(&of_town.gaps(None).await?);
    print_proposals(&of_town.proposals(None).await?);
    Ok(())
}

/// What was read, and what was not and why, all roots together.
fn print_ledger(passes: &[Pass], pack: &Pack) {
    let mut read = 0;
    let mut not_read = BTreeMap::<_, u64>::new();
    for total in passes.iter().flat_map(|pass| &pass.totals) {
        if total.verdict == Verdict::Read {
            read += total.files;
        } else {
            *not_read.entry((total.verdict, &total.reason)).or_default() += total.files;
        }
    }
    println!("Fichiers lus : {read}");
    println!(
        "Fichiers non lus en entier : {}",
        not_read.values().sum::<u64>()
    );
    for ((_, reason), files) in not_read {
        println!("  {files:>5}  {}", pack.glossary.french("reason", reason));
    }
}

fn print_gaps(gaps: &[Gap]) {
    let count = |outcome| gaps.iter().filter(|gap| gap.outcome == outcome).count();
    println!(
        "Écarts de sécurité : {} constatés, {} conformes, {} inconnus",
        count(GapOutcome::Shortfall),
        count(GapOutcome::Compliant),
        count(GapOutcome::Unknown)
    );
    for gap in gaps
        .iter()
        .filter(|gap| gap.outcome == GapOutcome::Shortfall)
    {
        println!("  {}", gap.title);
    }
}

fn print_proposals(proposals: &[Proposal]) {
    println!("Traitements proposés au registre : {}", proposals.len());
    for proposal in proposals {
        println!("  {:>4} points  {}", proposal.score, proposal.label);
    }
}
