//! The built agent reads the documents; what it says is all that is known of it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};
use serde::Deserialize;

/// What the agent said of one file.
#[derive(Debug, Deserialize)]
pub struct Reading {
    pub verdict: String,
    pub tallies: Vec<Tally>,
}

#[derive(Debug, Deserialize)]
pub struct Tally {
    pub kind: String,
    pub confidence: Confidence,
    pub reasons: Vec<String>,
    pub samples: Vec<Sample>,
}

#[derive(Debug, Deserialize)]
pub struct Confidence {
    pub high: usize,
    pub medium: usize,
    pub low: usize,
}

#[derive(Debug, Deserialize)]
pub struct Sample {
    pub masked: String,
    pub place: String,
}

/// One line of the agent's output; the last one is a summary without a path.
#[derive(Deserialize)]
struct Line {
    path: Option<String>,
    #[serde(flatten)]
    reading: Option<Reading>,
}

/// Readings by path below the folder.
pub fn scan(agent: &Path, folder: &Path) -> anyhow::Result<BTreeMap<String, Reading>> {
    let output = Command::new(agent)
        .args(["scan", "--format", "json"])
        .arg(folder)
        .output()
        .with_context(|| format!("cannot run {}", agent.display()))?;
    // 3: some files could not be read; their misses will tell.
    ensure!(
        matches!(output.status.code(), Some(0 | 3)),
        "the agent failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).context("the agent's JSON is not UTF-8")?;
    let mut readings = BTreeMap::new();
    for line in text.lines() {
        let line: Line =
            serde_json::from_str(line).context("a line of the agent is not the JSON expected")?;
        if let (Some(path), Some(reading)) = (line.path, line.reading) {
            let below = Path::new(&path)
                .strip_prefix(folder)
                .map(|below| below.to_string_lossy().into_owned());
            readings.insert(below.unwrap_or(path), reading);
        }
    }
    ensure!(
        !readings.is_empty(),
        "the agent reported no file of {}",
        folder.display()
    );
    Ok(readings)
}
