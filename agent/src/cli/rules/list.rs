//! `rules list`: every detection rule in a few lines, or for a program.

use std::io::{self, Write};

use beffroi_agent::exit::Exit;
use beffroi_rules::detect::{Detector, Level};
use beffroi_rules::pack::Pack;
use clap::{Args, ValueEnum};
use serde_json::json;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Forme du résultat : pour lire, ou pour un programme (un objet JSON).
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<Exit> {
    let pack = super::pack()?;
    let engine = super::engine()?;
    let mut output = io::BufWriter::new(io::stdout().lock());
    match arguments.format {
        Format::Text => text(&mut output, &pack, engine.detectors())?,
        Format::Json => {
            let list = json(&pack, engine.detectors());
            writeln!(output, "{}", serde_json::to_string_pretty(&list)?)?;
        }
    }
    output.flush()?;
    Ok(Exit::Success)
}

fn text(output: &mut impl Write, pack: &Pack, detectors: &[Detector]) -> anyhow::Result<()> {
    writeln!(
        output,
        "Règles version {} : {} règles de détection.",
        pack.version,
        detectors.len()
    )?;
    for rule in detectors {
        let (found, silent) = examples(rule);
        writeln!(
            output,
            "\n{} : {}",
            rule.id,
            pack.kinds.french(rule.kind.as_str())
        )?;
        writeln!(output, "  source    : {}", rule.source)?;
        writeln!(output, "  confiance : {}", confidence(rule))?;
        writeln!(
            output,
            "  exemples  : {found} à trouver, {silent} à laisser de côté"
        )?;
    }
    Ok(())
}

fn confidence(rule: &Detector) -> String {
    let levels = rule.confidence;
    let mut parts = vec![format!("seul, {}", french(levels.alone))];
    if let Some(grouped) = levels.grouped {
        parts.push(format!("groupé, {}", french(grouped)));
    }
    parts.push(format!(
        "un de ses mots à proximité, {}",
        french(levels.near)
    ));
    if let Some(against) = levels.against {
        parts.push(format!("annoncé comme autre chose, {}", french(against)));
    }
    parts.join(" ; ")
}

fn french(level: Level) -> &'static str {
    match level {
        Level::None => "rien",
        Level::Low => "possible",
        Level::Medium => "probable",
        Level::High => "sûr",
    }
}

fn json(pack: &Pack, detectors: &[Detector]) -> serde_json::Value {
    let detectors: Vec<_> = detectors
        .iter()
        .map(|rule| {
            let (found, silent) = examples(rule);
            let levels = rule.confidence;
            json!({
                "id": rule.id,
                "kind": rule.kind.as_str(),
                "label": pack.kinds.french(rule.kind.as_str()),
                "sensitivity": pack.kinds.get(rule.kind.as_str()).map(|kind| kind.sensitivity.level()),
                "source": rule.source,
                "confidence": {
                    "alone": levels.alone.as_str(),
                    "grouped": levels.grouped.map(Level::as_str),
                    "near": levels.near.as_str(),
                    "against": levels.against.map(Level::as_str),
                },
                "examples": {"found": found, "silent": silent},
            })
        })
        .collect();
    json!({"version": pack.version, "detectors": detectors})
}

/// Those that must match, those that must not.
fn examples(rule: &Detector) -> (usize, usize) {
    let found = rule.examples.iter().filter(|example| example.hits > 0);
    let found = found.count();
    (found, rule.examples.len() - found)
}
