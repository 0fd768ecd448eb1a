//! One JSON object a line: each file, then the summary.

use std::io::Write;

use anyhow::Context;
use beffroi_agent::scan::{Reason, ScannedFile};
use serde::Serialize;
use serde_json::json;

use super::Printer;
use super::overview::Overview;

pub(super) struct Json<W>(W);

#[derive(Serialize)]
struct File<'a> {
    path: &'a str,
    verdict: &'static str,
    /// Empty when the file was read.
    reason: &'static str,
    /// How far it was read, when the reason does not tell.
    detail: &'a str,
    /// Empty when the file was not opened.
    #[serde(rename = "type")]
    media_type: &'a str,
    size_bytes: u64,
    tallies: Vec<Tally<'a>>,
    /// What exceptions hide; in no tally.
    hidden: Vec<Hidden<'a>>,
}

#[derive(Serialize)]
struct Hidden<'a> {
    kind: &'a str,
    count: u64,
}

#[derive(Serialize)]
struct Tally<'a> {
    kind: &'a str,
    count: u64,
    distinct: u64,
    persons: u64,
    confidence: Confidence,
    reasons: &'a [String],
    samples: Vec<Sample<'a>>,
}

#[derive(Serialize)]
struct Confidence {
    high: u64,
    medium: u64,
    low: u64,
}

#[derive(Serialize)]
struct Sample<'a> {
    masked: &'a str,
    place: String,
}

impl<W: Write> Json<W> {
    pub(super) fn new(output: W) -> Self {
        Self(output)
    }

    fn line(&mut self, object: &impl Serialize) -> anyhow::Result<()> {
        let line = serde_json::to_string(object).context("résultat impossible à écrire")?;
        writeln!(self.0, "{line}")?;
        Ok(())
    }
}

impl<W: Write> Printer for Json<W> {
    fn file(&mut self, file: &ScannedFile) -> anyhow::Result<()> {
        self.line(&File::from(file))
    }

    fn end(&mut self, overview: &Overview) -> anyhow::Result<()> {
        let totals = &overview.pass.totals;
        let verdicts: Vec<_> = totals
            .iter()
            .map(|((verdict, reason), total)| {
                json!({
                    "verdict": verdict.as_str(),
                    "reason": reason.map_or("", Reason::as_str),
                    "files": total.files,
                    "size_bytes": total.size_bytes,
                })
            })
            .collect();
        let kinds: Vec<_> = overview
            .kinds
            .iter()
            .map(|(kind, total)| {
                json!({
                    "kind": kind,
                    "files": total.files,
                    "count": total.count,
                    "confidence": {"high": total.high, "medium": total.medium, "low": total.low},
                })
            })
            .collect();
        self.line(&json!({"summary": {
            "files": totals.values().map(|total| total.files).sum::<u64>(),
            "size_bytes": totals.values().map(|total| total.size_bytes).sum::<u64>(),
            "files_with_findings": overview.bearing_files,
            "hidden_values": overview.hidden_values,
            "verdicts": verdicts,
            "kinds": kinds,
            "complete": overview.incomplete_roots.is_empty() && overview.missing_roots.is_empty(),
            "missing_roots": overview.missing_roots,
            "incomplete_roots": overview
                .incomplete_roots
                .iter()
                .map(|(root, reason)| json!({"root": root, "reason": reason.as_str()}))
                .collect::<Vec<_>>(),
        }}))?;
        self.0.flush()?;
        Ok(())
    }
}

impl<'a> From<&'a ScannedFile> for File<'a> {
    fn from(file: &'a ScannedFile) -> Self {
        Self {
            path: &file.path,
            verdict: file.verdict.as_str(),
            reason: file.reason.map_or("", Reason::as_str),
            detail: file.detail.as_deref().unwrap_or_default(),
            media_type: file.media_type.as_deref().unwrap_or_default(),
            size_bytes: file.size_bytes,
            tallies: file.tallies.iter().map(Tally::from).collect(),
            hidden: file
                .hidden
                .iter()
                .map(|hidden| Hidden {
                    kind: hidden.kind.as_str(),
                    count: hidden.count,
                })
                .collect(),
        }
    }
}

impl<'a> From<&'a beffroi_rules::detect::Tally> for Tally<'a> {
    fn from(tally: &'a beffroi_rules::detect::Tally) -> Self {
        let samples = tally.samples.iter().map(|sample| Sample {
            masked: &sample.masked,
            place: sample.place.to_string(),
        });
        Self {
            kind: tally.kind.as_str(),
            count: tally.count,
            distinct: tally.distinct,
            persons: tally.persons,
            confidence: Confidence {
                high: tally.confidence.high,
                medium: tally.confidence.medium,
                low: tally.confidence.low,
            },
            reasons: &tally.reasons,
            samples: samples.collect(),
        }
    }
}
