//! One short text under the magnifying glass: what is found and why, what is not and why not.
//!
//! Comes in: a text that a person typed, perhaps under a column title. Goes out: an [`Examination`] without any value in
//! clear. Called by the programs' `rules test`, and to recognise a value that is to be allowed. What only a whole file shows
//! (a column of mostly valid values, many failed numbers around) is not seen here.

use std::fmt;
use std::ops::Range;

use super::allowed::{AllowanceId, Allowed, ValueKey};
use super::engine::{Compiled, Engine, Hit};
use super::found::{Canonical, Found};
use super::miss::{Rejection, Why};
use super::run::{MOST_SYMBOLS, Reading, Run};
use super::scan::{Scan, Sink};
use super::table;
use crate::kinds::KindId;

/// Fewer symbols in a row are no number worth explaining.
const FEWEST_SYMBOLS: usize = 6;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Examination {
    pub hits: Vec<Hit>,
    /// Found, and hidden by an allowance.
    pub hidden: Vec<(Hit, AllowanceId)>,
    pub misses: Vec<Miss>,
    /// Numbers whose form is that of no rule.
    pub strangers: Vec<Stranger>,
}

/// What one rule nearly found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Miss {
    /// The rule file, without its extension.
    pub detector: String,
    pub kind: KindId,
    /// In bytes of the text.
    pub span: Range<usize>,
    pub masked: String,
    /// In French.
    pub why: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stranger {
    pub span: Range<usize>,
    pub symbols: usize,
}

/// A value that a person named and that a rule knows. It is shown masked only.
#[derive(Clone)]
pub struct NamedValue {
    pub kind: KindId,
    pub masked: String,
    value: Canonical,
}

impl Engine {
    /// Looks at a text, or at a cell under the title of its column.
    pub fn examine(
        &self,
        text: &str,
        title: Option<&str>,
        allowed: Option<&Allowed>,
    ) -> Examination {
        let observed = observe(self.compiled(), text, title);
        let mut examination = Examination::default();
        for found in &observed.found {
            let Some(hit) = self.compiled().hit(found) else {
                continue;
            };
            match allowed.and_then(|allowed| self.compiled().hidden_by(allowed, found)) {
                Some(allowance) => examination.hidden.push((hit, allowance)),
                None => examination.hits.push(hit),
            }
        }
        let believed: Vec<Range<usize>> = observed
            .found
            .iter()
            .filter(|found| found.is_believed())
            .map(|found| found.span.clone())
            .collect();
        examination.misses = misses(self.compiled(), observed.rejected, &believed);
        examination.strangers = strangers(text, &believed, &examination.misses);
        examination.hits.sort_by_key(|hit| hit.span.start);
        examination
    }

    /// The one value that `text` is, whatever surrounds it in files; of the kind asked for, if any.
    pub fn named_value(&self, text: &str, kind: Option<&str>) -> Option<NamedValue> {
        let text = text.trim();
        // A value that needs a label is read as under the title that the person gives by naming its kind.
        let titles = self
            .detectors()
            .iter()
            .filter(|rule| Some(rule.kind.as_str()) == kind)
            .filter_map(|rule| rule.context.words.first());
        let titles = titles.map(|title| Some(title.as_str()));
        std::iter::once(None)
            .chain(titles)
            .find_map(|title| self.named_under(title, text, kind))
    }

    fn named_under(
        &self,
        title: Option<&str>,
        text: &str,
        kind: Option<&str>,
    ) -> Option<NamedValue> {
        let observed = observe(self.compiled(), text, title);
        let found = observed
            .found
            .into_iter()
            .map(|found| (found.detector, found.span, found.canonical));
        let weaker = observed
            .rejected
            .into_iter()
            .filter(|rejection| rejection.why == Why::Weaker)
            .map(|rejection| (rejection.detector, rejection.span, rejection.value));
        found
            .chain(weaker)
            .filter(|(_, span, _)| *span == (0..text.len()))
            .find_map(|(detector, _, value)| {
                let rule = self.detectors().get(detector)?;
                let is_asked = kind.is_none_or(|kind| rule.kind.as_str() == kind);
                is_asked.then(|| NamedValue {
                    kind: rule.kind.clone(),
                    masked: rule.mask.apply(value.as_str()),
                    value,
                })
            })
    }
}

impl NamedValue {
    /// As allowances know it.
    pub fn hash(&self, key: &ValueKey) -> [u8; 32] {
        key.hash(self.kind.as_str(), &self.value)
    }

    /// Of an e-mail address.
    pub fn email_domain(&self) -> Option<&str> {
        self.value.email_domain()
    }
}

impl fmt::Debug for NamedValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "NamedValue({} {})", self.kind, self.masked)
    }
}

/// Listens to the judge.
#[derive(Default)]
struct Observer {
    found: Vec<Found>,
    rejected: Vec<Rejection>,
}

impl Sink for Observer {
    fn found(&mut self, found: Found) {
        self.found.push(found);
    }

    fn failed(&mut self, _detector: usize) {}

    fn rejected(&mut self, rejection: impl FnOnce() -> Rejection) {
        self.rejected.push(rejection());
    }
}

fn observe(compiled: &Compiled, text: &str, title: Option<&str>) -> Observer {
    let title = title.map(|title| compiled.lexicon.title(compiled.processor, title));
    let mut scan = Scan::new(compiled, text, title.as_ref(), Observer::default());
    scan.run(0..text.len());
    let mut observed = scan.finish();
    if !observed.found.iter().any(Found::is_believed)
        && let Some(title) = &title
    {
        observed
            .found
            .extend(table::read_shortened(compiled, text, title));
    }
    observed
}

/// What is worth telling: not what lies under a hit, and of each rule the most instructive about each place.
fn misses(compiled: &Compiled, rejected: Vec<Rejection>, believed: &[Range<usize>]) -> Vec<Miss> {
    let mut rejected: Vec<Rejection> = rejected
        .into_iter()
        .filter(|rejection| !touches(&rejection.span, believed))
        .collect();
    rejected.sort_by_key(|rejection| (rejection.why, std::cmp::Reverse(rejection.span.len())));
    let mut told: Vec<(String, Range<usize>)> = Vec::new();
    let mut misses = Vec::new();
    for rejection in &rejected {
        let Some(rule) = compiled.detectors.get(rejection.detector) else {
            continue;
        };
        let is_edge = matches!(rejection.why, Why::Edge(_) | Why::Weaker);
        let is_told = told.iter().any(|(kind, span)| {
            (is_edge || *kind == rule.kind.as_str())
                && touches(&rejection.span, std::slice::from_ref(span))
        });
        if is_told {
            continue;
        }
        told.push((rule.kind.to_string(), rejection.span.clone()));
        misses.push(Miss {
            detector: rule.id.clone(),
            kind: rule.kind.clone(),
            span: rejection.span.clone(),
            masked: rule.mask.apply(rejection.value.as_str()),
            why: rejection.sentence(compiled, rule),
        });
    }
    misses.sort_by_key(|miss| miss.span.start);
    misses
}

/// Numbers that no rule took for anything.
fn strangers(text: &str, believed: &[Range<usize>], misses: &[Miss]) -> Vec<Stranger> {
    let reading = Reading {
        lines: false,
        long_words: false,
        most: MOST_SYMBOLS,
    };
    let mut strangers = Vec::new();
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        if !byte.is_ascii_digit() {
            at += 1;
            continue;
        }
        let run = Run::read(text.as_bytes(), at, reading);
        let span = at..run.end(run.len()).max(at + 1);
        let symbols = run.symbols(run.len());
        let digits = symbols.iter().filter(|symbol| symbol.is_ascii_digit());
        let is_number = digits.count() >= FEWEST_SYMBOLS;
        let is_known =
            touches(&span, believed) || misses.iter().any(|miss| overlap(&span, &miss.span));
        at = span.end;
        if is_number && !is_known {
            strangers.push(Stranger {
                symbols: run.len(),
                span,
            });
        }
    }
    strangers
}

fn touches(span: &Range<usize>, others: &[Range<usize>]) -> bool {
    others.iter().any(|other| overlap(span, other))
}

fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}
