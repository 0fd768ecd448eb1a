//! The figures as a page (`rules/ACCURACY.md`), and the misses of one kind as lines to read.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write};

use crate::agent::Reading;
use crate::corpus::{Document, Family, Options};
use crate::encoding::Encoding;
use crate::kinds::{From, KINDS, Kind, Measure};
use crate::score::{Score, score, total};

/// What was measured, and with what.
pub struct Evaluation<'a> {
    pub options: Options,
    /// Of the rules.
    pub version: &'a str,
    /// 2026-11-22
    pub date: &'a str,
    pub documents: &'a [Document],
    pub readings: &'a BTreeMap<String, Reading>,
    /// The kinds that the rules claim to find.
    pub claimed: &'a BTreeSet<String>,
}

/// A kind below its target.
#[derive(Debug)]
pub struct Shortfall {
    pub kind: Kind,
    family: Family,
    score: Score,
}

const KEYED_TARGETS: (f64, f64) = (0.995, 0.995);
const OTHER_TARGETS: (f64, f64) = (0.97, 0.95);

impl Evaluation<'_> {
    /// Kinds that do not reach their target.
    pub fn shortfalls(&self, family: Family) -> Vec<Shortfall> {
        let all = self.kinds().map(|kind| Shortfall {
            kind,
            family,
            score: self.of_kind(kind, family, kind.from),
        });
        all.filter(|shortfall| !reaches_target(shortfall.kind, shortfall.score))
            .collect()
    }

    /// Each document where a kind is missed or wrongly found: its values with their lines, and what the agent showed.
    pub fn faults(&self, id: &str, family: Family) -> String {
        let mut lines = String::new();
        for kind in KINDS.iter().copied().filter(|kind| kind.id == id) {
            for document in self
                .documents
                .iter()
                .filter(|document| document.family == family)
            {
                let reading = self.readings.get(&document.path);
                let score = score(document, reading, kind, kind.from);
                if score.wrong + score.missed > 0 {
                    // Writing to a string cannot fail.
                    let _ = fault(&mut lines, document, reading, kind, score);
                }
            }
        }
        lines
    }

    pub fn page(&self) -> String {
        let mut page = String::new();
        // Writing to a string cannot fail.
        let _ = self.write_page(&mut page);
        page
    }

    fn write_page(&self, page: &mut String) -> fmt::Result {
        let Options { seed, documents } = self.options;
        let planted = self
            .documents
            .iter()
            .map(|document| document.planted.len())
            .sum::<usize>();
        let clean = self
            .documents
            .iter()
            .filter(|document| document.planted.is_empty())
            .count();
        write!(
            page,
            "# Accuracy\n\n\
             Rules {}, measured on {}: {documents} documents, {planted} planted values, {clean} documents without any \
             personal data, seed {seed}.\n\n\
             ```\ncargo evaluate --seed {seed} --documents {documents} --write\n```\n\n{MEANING}\n",
            self.version, self.date,
        )?;
        for family in Family::ALL {
            writeln!(page, "\n## Per kind, {}\n", title(family))?;
            writeln!(
                page,
                "| kind | planted | precision | recall | with low: precision | recall |"
            )?;
            writeln!(page, "|---|---:|---:|---:|---:|---:|")?;
            for kind in self.kinds() {
                let (sure, all) = (
                    self.of_kind(kind, family, From::Medium),
                    self.of_kind(kind, family, From::Low),
                );
                writeln!(
                    page,
                    "| {}{} | {} | {} |",
                    kind.id,
                    mark(kind),
                    cells(sure),
                    shares(all)
                )?;
            }
        }
        for family in Family::ALL {
            writeln!(page, "\n## Per encoding, {}\n", title(family))?;
            writeln!(
                page,
                "| encoding | documents | values with a checksum | precision | recall | other values | precision | recall |"
            )?;
            writeln!(page, "|---|---:|---:|---:|---:|---:|---:|---:|")?;
            for encoding in Encoding::ALL {
                let of = |document: &&Document| {
                    document.family == family && document.encoding == encoding
                };
                let count = self.documents.iter().filter(of).count();
                let (keyed, others) = (
                    self.of_encoding(encoding, family, true),
                    self.of_encoding(encoding, family, false),
                );
                writeln!(
                    page,
                    "| {} | {count} | {} | {} |",
                    encoding.as_str(),
                    cells(keyed),
                    cells(others)
                )?;
            }
        }
        let silent: Vec<&str> = KINDS
            .iter()
            .map(|kind| kind.id)
            .filter(|id| !self.claimed.contains(*id))
            .collect();
        if !silent.is_empty() {
            writeln!(
                page,
                "\nPlanted, but not yet claimed by any rule: {}.",
                silent.join(", ")
            )?;
        }
        Ok(())
    }

    fn kinds(&self) -> impl Iterator<Item = Kind> {
        KINDS
            .iter()
            .copied()
            .filter(|kind| self.claimed.contains(kind.id))
    }

    fn of_kind(&self, kind: Kind, family: Family, from: From) -> Score {
        total(self.documents, self.readings, kind, from, |document| {
            document.family == family
        })
    }

    fn of_encoding(&self, encoding: Encoding, family: Family, has_checksum: bool) -> Score {
        let mut sum = Score::default();
        for kind in self
            .kinds()
            .filter(|kind| kind.has_checksum == has_checksum)
        {
            sum += total(self.documents, self.readings, kind, kind.from, |document| {
                document.family == family && document.encoding == encoding
            });
        }
        sum
    }
}

const MEANING: &str = "\
The documents are made by `tests/evaluation/` from templates of what a town hall keeps: letters, deliberations, exports,
lists of staff, canteen and voters, mails, pages, dumps, logs, blank forms, leaflets. The built agent scans the folder;
per document and kind, what it counts at medium confidence and above (then with low) is compared with what was planted.
Precision is the share of right ones among those found, recall the share of found ones among those planted. A kind
marked * is counted once a document; one marked † is held to its target from low confidence on, because an address of a
machine says little of a person. No figure stands where there was nothing to count.

These people, texts and values are invented, and by the same project that writes the rules. The held-out templates have
other people, labels and layouts, and were written before any rule was run on them. What they showed is mended in its cause
since, so that a first scan of a real share is less kind than they are. Only counts are compared: a false alarm can hide a miss of the same
kind in the same document. Scans, office documents and PDF are not part of this measure.";

fn fault(
    lines: &mut String,
    document: &Document,
    reading: Option<&Reading>,
    kind: Kind,
    score: Score,
) -> fmt::Result {
    const MOST_VALUES: usize = 8;
    writeln!(
        lines,
        "{} ({}): {} wrong, {} missed",
        document.path,
        document.encoding.as_str(),
        score.wrong,
        score.missed
    )?;
    let text: Vec<&str> = document.text.lines().collect();
    for planted in document
        .planted
        .iter()
        .filter(|planted| planted.kind == kind)
        .take(MOST_VALUES)
    {
        let line = text.get(planted.line - 1).unwrap_or(&"");
        writeln!(
            lines,
            "  planted {:>4}: {:?} in {line:?}",
            planted.line, planted.written
        )?;
    }
    let Some(reading) = reading else {
        return writeln!(lines, "  the agent does not mention this file");
    };
    if reading.verdict != "read" {
        writeln!(lines, "  the agent's verdict: {}", reading.verdict)?;
    }
    for tally in reading.tallies.iter().filter(|tally| tally.kind == kind.id) {
        let confidence = &tally.confidence;
        writeln!(
            lines,
            "  found: {} high, {} medium, {} low; {}",
            confidence.high,
            confidence.medium,
            confidence.low,
            tally.reasons.join(", ")
        )?;
        for sample in &tally.samples {
            writeln!(lines, "    {} at {}", sample.masked, sample.place)?;
        }
    }
    Ok(())
}

impl fmt::Display for Shortfall {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            kind,
            family,
            score,
        } = self;
        write!(
            formatter,
            "{}, {}: precision {}, recall {} ({} planted, {} false alarms, {} missed)",
            kind.id,
            title(*family),
            share(score.precision()),
            share(score.recall()),
            score.planted(),
            score.wrong,
            score.missed
        )
    }
}

/// What was not planted or not found cannot fall short of a share of it.
fn reaches_target(kind: Kind, score: Score) -> bool {
    let (precision, recall) = if kind.has_checksum {
        KEYED_TARGETS
    } else {
        OTHER_TARGETS
    };
    score.precision().is_none_or(|share| share >= precision)
        && score.recall().is_none_or(|share| share >= recall)
}

fn title(family: Family) -> &'static str {
    match family {
        Family::Known => "known templates",
        Family::HeldOut => "held-out templates",
    }
}

fn mark(kind: Kind) -> &'static str {
    match (kind.measure, kind.from) {
        (Measure::Documents, _) => " *",
        (Measure::Values, From::Low) => " †",
        (Measure::Values, From::Medium) => "",
    }
}

fn cells(score: Score) -> String {
    format!("{} | {}", score.planted(), shares(score))
}

fn shares(score: Score) -> String {
    format!("{} | {}", share(score.precision()), share(score.recall()))
}

fn share(share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| format!("{share:.4}"))
}
