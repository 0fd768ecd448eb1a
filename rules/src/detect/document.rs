//! One file on its way through the engine: parts of text and tables come in, tallies go out.
//!
//! Text comes in chunks of any size. A buffer keeps a little of what was scanned (labels stand before values) and a little of
//! what comes (values cross chunk borders): memory is bounded, and the chunks' borders change nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::allowed::{AllowanceId, Allowed};
use super::engine::Compiled;
use super::found::Found;
use super::place::Place;
use super::scan::{Carried, Scan, Sink};
use super::table::Table;
use super::tally::{Evidence, Findings, Sample, Tally};
use crate::kinds::KindId;

/// Kept of what was scanned: the farthest that anything looks back.
const BEHIND: usize = 512;
/// Waited for before an anchor is tried: the farthest that anything looks ahead.
const AHEAD: usize = 1024;
/// Scanned at once.
const BLOCK: usize = 32 * 1024;

/// A part of a file; labels do not reach from one part to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// A page, a message, a whole file.
    Text { within: Option<&'a str> },
    /// A sheet, a CSV file; `first_row` is counted from 1.
    Table {
        within: Option<&'a str>,
        first_row: u64,
    },
}

/// What a file holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    /// By kind.
    pub tallies: Vec<Tally>,
    /// What allowances hide of it: in no tally.
    pub hidden: Vec<Hidden>,
}

/// How many values of a kind an allowance hides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hidden {
    pub kind: KindId,
    pub allowance: AllowanceId,
    pub count: u64,
}

/// The state of one file.
pub struct Document<'e> {
    rules: Rules<'e>,
    part: Open<'e>,
    findings: FileFindings,
}

/// What a file is read by.
#[derive(Clone, Copy)]
pub(super) struct Rules<'e> {
    pub compiled: &'e Compiled,
    pub allowed: Option<&'e Allowed>,
}

/// What was found so far.
#[derive(Default)]
pub(super) struct FileFindings {
    kinds: BTreeMap<KindId, Findings>,
    hidden: BTreeMap<(KindId, AllowanceId), u64>,
}

enum Open<'e> {
    None,
    Text(Box<Text<'e>>),
    Table(Box<Table<'e>>),
}

struct Text<'e> {
    rules: Rules<'e>,
    within: Option<Arc<str>>,
    buffer: String,
    /// Anchors before this place of the buffer were tried.
    done: usize,
    /// The line on which the buffer begins, counted from 1.
    line: u64,
    evidence: BTreeMap<usize, Evidence>,
    carried: Carried,
}

impl<'e> Document<'e> {
    pub(super) fn new(compiled: &'e Compiled) -> Self {
        Self {
            rules: Rules {
                compiled,
                allowed: None,
            },
            part: Open::None,
            findings: FileFindings::default(),
        }
    }

    /// Hides what a town allows where the file lies.
    #[must_use]
    pub fn allowing(mut self, allowed: &'e Allowed) -> Self {
        self.rules.allowed = Some(allowed);
        self
    }

    /// Ends the part before, if any, and begins another.
    pub fn begin(&mut self, part: Part<'_>) {
        self.end_part();
        self.part = match part {
            Part::Text { within } => Open::Text(Box::new(Text::new(self.rules, within))),
            Part::Table { within, first_row } => {
                Open::Table(Box::new(Table::new(self.rules, within, first_row)))
            }
        };
    }

    /// More of the text; a text that no part announced is a part of its own.
    pub fn text(&mut self, chunk: &str) {
        if !matches!(self.part, Open::Text(_)) {
            self.begin(Part::Text { within: None });
        }
        if let Open::Text(text) = &mut self.part {
            text.push(chunk, &mut self.findings);
        }
    }

    /// The next row of the table; titles are recognised by the engine.
    pub fn row(&mut self, cells: &[&str]) {
        if !matches!(self.part, Open::Table(_)) {
            self.begin(Part::Table {
                within: None,
                first_row: 1,
            });
        }
        if let Open::Table(table) = &mut self.part {
            table.row(cells, &mut self.findings);
        }
    }

    /// What the file holds.
    pub fn finish(mut self) -> Content {
        self.end_part();
        let compiled = self.rules.compiled;
        let kinds = self.findings.kinds.into_iter();
        let hidden = self.findings.hidden.into_iter();
        Content {
            tallies: kinds
                .filter_map(|(kind, findings)| {
                    findings.tally(kind, |reason| compiled.sentence(reason))
                })
                .collect(),
            hidden: hidden
                .map(|((kind, allowance), count)| Hidden {
                    kind,
                    allowance,
                    count,
                })
                .collect(),
        }
    }

    fn end_part(&mut self) {
        match std::mem::replace(&mut self.part, Open::None) {
            Open::None => (),
            Open::Text(text) => text.finish(&mut self.findings),
            Open::Table(table) => table.finish(&mut self.findings),
        }
    }
}

impl FileFindings {
    pub(super) fn add(&mut self, kind: &KindId, findings: &Findings) {
        self.kinds.entry(kind.clone()).or_default().merge(findings);
    }

    /// Whether an allowance hides the hit; it is then counted as hidden.
    pub(super) fn hides(&mut self, rules: Rules<'_>, found: &Found) -> bool {
        let hidden_by = |allowed| rules.compiled.hidden_by(allowed, found);
        let Some(allowance) = rules.allowed.and_then(hidden_by) else {
            return false;
        };
        let detector = rules.compiled.detectors.get(found.detector);
        if let Some(detector) = detector.filter(|_| found.confidence.is_some()) {
            let key = (detector.kind.clone(), allowance);
            *self.hidden.entry(key).or_default() += 1;
        }
        true
    }
}

impl<'e> Text<'e> {
    fn new(rules: Rules<'e>, within: Option<&str>) -> Self {
        Self {
            rules,
            within: within.map(Arc::from),
            buffer: String::new(),
            done: 0,
            line: 1,
            evidence: BTreeMap::new(),
            carried: Carried::default(),
        }
    }

    fn push(&mut self, chunk: &str, findings: &mut FileFindings) {
        let mut rest = chunk;
        while !rest.is_empty() {
            let (block, after) = rest.split_at(rest.floor_char_boundary(BLOCK));
            self.buffer.push_str(block);
            rest = after;
            if self.buffer.len() - self.done >= BLOCK + AHEAD {
                let until = self.buffer.floor_char_boundary(self.buffer.len() - AHEAD);
                self.scan(until, findings);
                self.forget();
            }
        }
    }

    fn finish(mut self, findings: &mut FileFindings) {
        self.scan(self.buffer.len(), findings);
        if let Some(found) = self.carried.pending.take() {
            self.keep(&found, findings);
        }
        for (index, evidence) in self.evidence {
            if let Some(detector) = self.rules.compiled.detectors.get(index) {
                findings.add(&detector.kind, &evidence.settle_text());
            }
        }
    }

    fn scan(&mut self, until: usize, findings: &mut FileFindings) {
        let mut scan = Scan::new(
            self.rules.compiled,
            &self.buffer,
            None,
            Collected::default(),
        );
        scan.resume(std::mem::take(&mut self.carried));
        scan.run(self.done..until);
        let (collected, carried) = scan.pause();
        self.carried = carried;
        for found in &collected.found {
            self.keep(found, findings);
        }
        for detector in collected.failed {
            self.evidence.entry(detector).or_default().fail();
        }
        self.done = until;
    }

    fn keep(&mut self, found: &Found, findings: &mut FileFindings) {
        let compiled = self.rules.compiled;
        if found.confidence.is_none() || findings.hides(self.rules, found) {
            return;
        }
        let (buffer, within, line) = (&self.buffer, &self.within, self.line);
        let sample = || Sample {
            masked: compiled.masked(found),
            place: Place::Line {
                within: within.clone(),
                line: line + newlines(buffer, found.span.start),
            },
        };
        let hash = compiled.hash(found.detector, &found.canonical);
        self.evidence
            .entry(found.detector)
            .or_default()
            .add(found, hash, hash, sample);
    }

    fn forget(&mut self) {
        let from = self
            .buffer
            .floor_char_boundary(self.done.saturating_sub(BEHIND));
        let pending = self.carried.pending.as_ref();
        let reach = pending.map_or(from, |found| found.span.start.min(from));
        self.line += newlines(&self.buffer, reach);
        self.buffer.drain(..reach);
        self.done -= reach;
        if let Some(found) = &mut self.carried.pending {
            found.span = found.span.start - reach..found.span.end - reach;
        }
        self.carried.last_end = self
            .carried
            .last_end
            .and_then(|last| last.checked_sub(reach));
    }
}

#[derive(Default)]
pub(super) struct Collected {
    pub found: Vec<Found>,
    pub failed: Vec<usize>,
}

impl Sink for Collected {
    fn found(&mut self, found: Found) {
        self.found.push(found);
    }

    fn failed(&mut self, detector: usize) {
        self.failed.push(detector);
    }
}

fn newlines(text: &str, until: usize) -> u64 {
    let before = text.as_bytes().get(..until).unwrap_or_default();
    memchr::memchr_iter(b'\n', before).count() as u64
}
