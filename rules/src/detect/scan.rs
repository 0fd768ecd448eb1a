//! The structural pass over a text: digits and `@` are anchors; at each, the rules that could begin there are tried, their
//! checks first and their surroundings last. One span gets one kind, the strongest.
//!
//! The work at an anchor is bounded, so a scan is linear in the length of the text.

use std::ops::Range;

use super::checks::{Soundness, iban};
use super::engine::Compiled;
use super::forms::{Shape, date, email, mrz};
use super::found::{Canonical, Found, Reason, Reasons};
use super::gap::{Gap, escape_before};
use super::lexicon::{AFTER, BEFORE, Nearness, Title, WordId};
use super::rule::{Detector, Form, Level, lowered};
use super::run::{Edge, MOST_SYMBOLS, Reading, Run, edge_after, edge_before};
use super::template::Template;
use crate::confidence::Confidence;
use crate::text::fold;

/// A prefix of letters longer than this begins no template.
const LONGEST_PREFIX: usize = 3;

/// Who receives what a scan finds.
pub(super) trait Sink {
    fn found(&mut self, found: Found);
    /// A value of the detector's form whose checks fail.
    fn failed(&mut self, detector: usize);
}

/// A text being scanned.
pub(super) struct Scan<'a, S> {
    compiled: &'a Compiled,
    text: &'a str,
    /// The title of the column, when the text is a cell.
    title: Option<&'a Title>,
    sink: S,
    pending: Option<Found>,
    /// Where the last hit of each template ended, to see series of values.
    last_end: usize,
}

/// A candidate whose form fits, before its checks.
struct Candidate<'a> {
    detector: usize,
    span: Range<usize>,
    symbols: &'a [u8],
    grouped: bool,
    gap: Option<Gap>,
    doubtful: bool,
    needs_label: bool,
}

/// What speaks against a candidate that passed its checks.
#[derive(Debug, Clone, Copy)]
struct Doubts {
    count: usize,
    /// Its bare form is that of other things too.
    ambiguous: bool,
}

impl<'a, S: Sink> Scan<'a, S> {
    pub(super) fn new(
        compiled: &'a Compiled,
        text: &'a str,
        title: Option<&'a Title>,
        sink: S,
    ) -> Self {
        Self {
            compiled,
            text,
            title,
            sink,
            pending: None,
            last_end: usize::MAX,
        }
    }

    /// Tries every anchor of `range`; what surrounds the range is only looked at.
    pub(super) fn run(&mut self, range: Range<usize>) {
        let bytes = self.text.as_bytes();
        let mut at = range.start;
        let mut before = at
            .checked_sub(1)
            .and_then(|before| bytes.get(before))
            .copied()
            .unwrap_or(b' ');
        while let Some(&byte) = bytes.get(at).filter(|_| at < range.end) {
            if byte.is_ascii_digit() {
                if !before.is_ascii_digit() || follows_escape(bytes, at) {
                    self.at_digit(at);
                }
            } else if byte == b'@' {
                self.at_sign(at);
            } else if byte == b'<' && before != b'<' && bytes.get(at + 1) == Some(&b'<') {
                self.at_filler(at);
            }
            before = byte;
            at += 1;
        }
    }

    /// Gives the last hit; nothing more will overlap it.
    pub(super) fn finish(mut self) -> S {
        if let Some(found) = self.pending.take() {
            self.sink.found(found);
        }
        self.sink
    }

    /// Takes back the last hit of the scan of the text before this one.
    pub(super) fn resume(&mut self, pending: Option<Found>) {
        self.last_end = pending.as_ref().map_or(usize::MAX, |found| found.span.end);
        self.pending = pending;
    }

    /// Gives what is certain, and the last hit, which what follows may still overlap.
    pub(super) fn pause(self) -> (S, Option<Found>) {
        (self.sink, self.pending)
    }

    fn at_digit(&mut self, at: usize) {
        let bytes = self.text.as_bytes();
        let prefix = letters_before(bytes, at);
        if prefix == 0 {
            self.try_digits(at);
            self.try_dates(at);
            // « FR 76… », « AB-123-CD », « W 751… »: the letters stand one gap away.
            let word_end = at
                .checked_sub(1)
                .filter(|gap| matches!(bytes.get(*gap), Some(b' ' | b'-' | b'.')));
            if let Some(word_end) = word_end {
                let prefix = letters_before(bytes, word_end);
                if prefix > 0 {
                    self.try_letters(word_end - prefix);
                }
            }
        } else {
            if edge_before(self.text, at) == Edge::Clean {
                self.try_digits(at);
            }
            self.try_letters(at - prefix);
        }
    }

    fn try_digits(&mut self, start: usize) {
        let edge = edge_before(self.text, start);
        if edge == Edge::Torn {
            return;
        }
        let reading = Reading {
            lines: false,
            long_words: false,
            most: MOST_SYMBOLS,
        };
        let run = Run::read(self.text.as_bytes(), start, reading);
        let plus = start > 0 && self.text.as_bytes().get(start - 1) == Some(&b'+');
        for (detector, template) in self.compiled.by_digit(run.symbol(0)) {
            if plus || !template.has_plus() {
                self.try_template(detector, template, &run, start);
            }
        }
    }

    fn try_letters(&mut self, start: usize) {
        if matches!(edge_before(self.text, start), Edge::Torn) && !self.follows_iban_word(start) {
            return;
        }
        let reading = Reading {
            lines: false,
            long_words: false,
            most: MOST_SYMBOLS,
        };
        let run = Run::read(self.text.as_bytes(), start, reading);
        for (detector, template) in self.compiled.by_letter() {
            self.try_template(detector, template, &run, start);
        }
        self.try_iban(start);
    }

    fn try_template(&mut self, detector: usize, template: &Template, run: &Run, start: usize) {
        let Some(rule) = self.compiled.detectors.get(detector) else {
            return;
        };
        let Form::Template {
            announced_key,
            capitals,
            ..
        } = rule.form
        else {
            return;
        };
        let length = template.len();
        let announced;
        let (run, fit) = match template.fit(run) {
            Some(fit) => (run, fit),
            None if announced_key > 0 => {
                let Some(run_with_key) =
                    self.with_announced_key(run, length - announced_key, announced_key)
                else {
                    return;
                };
                announced = run_with_key;
                let Some(fit) = template.fit(&announced) else {
                    return;
                };
                (&announced, fit)
            }
            None => return,
        };
        let candidate = Candidate {
            detector,
            span: start..run.end(length),
            symbols: run.symbols(length),
            grouped: fit.grouped,
            gap: fit.gap,
            doubtful: false,
            needs_label: capitals && !run.is_capital(length),
        };
        self.judge(rule, &candidate);
    }

    /// The `body` first symbols of the run and the key announced behind them: « 1 85 05 78 006 084, clé : 91 ».
    fn with_announced_key(&self, run: &Run, body: usize, key: usize) -> Option<Run> {
        if run.len() < body {
            return None;
        }
        let start = announced_key(self.text, run.end(body))?;
        let mut whole = run.first(body);
        whole
            .extend(self.text.as_bytes(), start, key)
            .then_some(whole)
    }

    fn try_iban(&mut self, start: usize) {
        if self.compiled.ibans.is_empty() {
            return;
        }
        let bytes = self.text.as_bytes();
        let country = match bytes.get(start..start + 2) {
            Some(&[a, b]) if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                [a.to_ascii_uppercase(), b.to_ascii_uppercase()]
            }
            _ => return,
        };
        let Some(length) = iban::length(country) else {
            return;
        };
        let run = Run::read(
            bytes,
            start,
            Reading {
                lines: true,
                long_words: true,
                most: length,
            },
        );
        if run.len() < length
            || run.mixes_cases(length)
            || !run.symbols(4).iter().skip(2).all(u8::is_ascii_digit)
        {
            return;
        }
        for &detector in &self.compiled.ibans {
            let Some(rule) = self.compiled.detectors.get(detector) else {
                continue;
            };
            let candidate = Candidate {
                detector,
                span: start..run.end(length),
                symbols: run.symbols(length),
                grouped: true,
                gap: None,
                doubtful: false,
                needs_label: false,
            };
            self.judge(rule, &candidate);
        }
    }

    fn try_dates(&mut self, start: usize) {
        if self.compiled.dates.is_empty()
            || !matches!(
                edge_before(self.text, start),
                Edge::Clean | Edge::Series(Gap::Space)
            )
        {
            return;
        }
        let Some(shape) = date::read(self.text, start) else {
            return;
        };
        self.try_shape(&shape, &self.compiled.dates);
    }

    fn at_sign(&mut self, at: usize) {
        if self.compiled.emails.is_empty() {
            return;
        }
        if let Some(shape) = email::read(self.text, at) {
            self.try_shape(&shape, &self.compiled.emails);
        }
    }

    fn at_filler(&mut self, at: usize) {
        if self.compiled.mrzs.is_empty() {
            return;
        }
        if let Some(shape) = mrz::read(self.text, at) {
            self.try_shape(&shape, &self.compiled.mrzs);
        }
    }

    fn try_shape(&mut self, shape: &Shape, detectors: &'a [usize]) {
        for &detector in detectors {
            let Some(rule) = self.compiled.detectors.get(detector) else {
                continue;
            };
            let candidate = Candidate {
                detector,
                span: shape.span.clone(),
                symbols: shape.canonical.as_bytes(),
                grouped: true,
                gap: None,
                doubtful: shape.doubtful,
                needs_label: false,
            };
            self.judge(rule, &candidate);
        }
    }

    /// Edges, structure, key, then the words around: the cheapest first.
    fn judge(&mut self, rule: &'a Detector, candidate: &Candidate<'_>) {
        let Some(edge_doubt) = self.judge_edges(rule, candidate) else {
            return;
        };
        let soundness = rule.structure.map_or(Soundness::Sound, |structure| {
            structure.judge(candidate.symbols)
        });
        if soundness == Soundness::Wrong
            || rule
                .checksum
                .is_some_and(|checksum| !checksum.holds(candidate.symbols))
        {
            self.sink.failed(candidate.detector);
            return;
        }
        let doubts = Doubts {
            count: [
                candidate.doubtful,
                edge_doubt,
                soundness == Soundness::Doubtful,
            ]
            .iter()
            .filter(|doubt| **doubt)
            .count(),
            ambiguous: soundness == Soundness::Ambiguous,
        };
        let nearness = self.nearness(candidate);
        let (confidence, label) = confidence(rule, candidate, nearness, doubts);
        let mut reasons = Reasons::default();
        if let Some(label) = label {
            reasons.add(match self.title {
                Some(title) if title.nearness(candidate.detector) == nearness => {
                    Reason::Title(label)
                }
                _ => Reason::Near(label),
            });
        }
        if rule.checksum.is_some() {
            reasons.add(Reason::Key);
        }
        if candidate.grouped && candidate.gap.is_some() {
            reasons.add(Reason::Groups);
        }
        self.offer(Found {
            detector: candidate.detector,
            span: candidate.span.clone(),
            canonical: canonical(rule, candidate.symbols),
            confidence,
            reasons,
        });
    }

    /// None when the value cannot begin or end here; else whether the edges leave a doubt.
    fn judge_edges(&self, rule: &Detector, candidate: &Candidate<'_>) -> Option<bool> {
        if matches!(rule.form, Form::Email | Form::Mrz) {
            return Some(false);
        }
        let before = self.before(candidate.span.start);
        let after = edge_after(self.text, candidate.span.end);
        let keyed = rule.checksum.is_some();
        let mut doubt = false;
        let mut series = 0;
        for (edge, is_after) in [(before, false), (after, true)] {
            match edge {
                Edge::Clean => (),
                Edge::Torn => return None,
                Edge::Glued if keyed => doubt = true,
                Edge::Glued => return None,
                // 0.185057800608491, 1.2.3.4
                Edge::Series(Gap::Dot) if candidate.gap != Some(Gap::Space) => return None,
                Edge::Series(gap)
                    if !keyed
                        && candidate.gap.is_none_or(|own| own == gap)
                        && gap != Gap::Space =>
                {
                    return None;
                }
                Edge::Series(gap) if !keyed && candidate.gap == Some(gap) => {
                    let same_kind = if is_after {
                        self.text
                            .as_bytes()
                            .get(candidate.span.end + 1)
                            .map(u8::to_ascii_uppercase)
                            == candidate.symbols.first().copied()
                    } else {
                        candidate.span.start == self.last_end.saturating_add(1)
                    };
                    if !same_kind {
                        series += 1;
                    }
                }
                Edge::Series(Gap::Dash) if candidate.gap.is_none() => doubt = true,
                Edge::Series(_) => (),
            }
        }
        if series == 2 {
            return None;
        }
        Some(doubt || series == 1)
    }

    fn before(&self, start: usize) -> Edge {
        let plus = start
            .checked_sub(1)
            .filter(|plus| self.text.as_bytes().get(*plus) == Some(&b'+'));
        match edge_before(self.text, start) {
            Edge::Torn if self.follows_iban_word(start) => Edge::Clean,
            _ if plus.is_some_and(|plus| matches!(edge_before(self.text, plus), Edge::Torn)) => {
                Edge::Torn
            }
            edge => edge,
        }
    }

    /// « IBANFR76… », as forms print it.
    fn follows_iban_word(&self, start: usize) -> bool {
        let word = start
            .checked_sub(4)
            .and_then(|from| self.text.as_bytes().get(from..start));
        word.is_some_and(|word| word.eq_ignore_ascii_case(b"iban"))
    }

    fn nearness(&self, candidate: &Candidate<'_>) -> Nearness {
        let text = self.text;
        let Range { start, end } = candidate.span;
        let before = text
            .get(text.floor_char_boundary(start.saturating_sub(BEFORE))..start)
            .unwrap_or_default();
        let after = text
            .get(end..text.floor_char_boundary(end + AFTER))
            .unwrap_or_default();
        let near = self
            .compiled
            .lexicon
            .nearness(candidate.detector, before, after);
        match (near, self.title) {
            (Nearness::Nothing, Some(title)) => title.nearness(candidate.detector),
            (near, _) => near,
        }
    }

    fn offer(&mut self, found: Found) {
        if found.confidence.is_some() {
            self.last_end = found.span.end;
        }
        match &mut self.pending {
            Some(pending) if pending.overlaps(&found) => {
                if found.is_stronger_than(pending) {
                    *pending = found;
                }
            }
            pending => {
                if let Some(previous) = pending.replace(found) {
                    self.sink.found(previous);
                }
            }
        }
    }
}

fn confidence(
    rule: &Detector,
    candidate: &Candidate<'_>,
    nearness: Nearness,
    doubts: Doubts,
) -> (Option<Confidence>, Option<WordId>) {
    let levels = rule.confidence;
    let alone = levels.alone.confidence();
    let keyed = rule.checksum.is_some();
    match nearness {
        Nearness::Near(word) => (
            stepped_down(levels.near.confidence(), doubts.count.min(1)),
            Some(word),
        ),
        _ if candidate.needs_label => (None, None),
        Nearness::Against if !keyed => (None, None),
        nearness => {
            // A doubtful value needs company: the groups that people write, or a label.
            let base = if candidate.grouped {
                levels.grouped.map_or(alone, Level::confidence)
            } else {
                alone.filter(|_| doubts.count == 0 && !doubts.ambiguous)
            };
            let against = usize::from(nearness == Nearness::Against);
            (stepped_down(base, doubts.count + against), None)
        }
    }
}

fn stepped_down(confidence: Option<Confidence>, steps: usize) -> Option<Confidence> {
    (0..steps).fold(confidence, |confidence, _| confidence.and_then(lowered))
}

fn canonical(rule: &Detector, symbols: &[u8]) -> Canonical {
    match rule.structure {
        Some(structure) => Canonical::from_symbols(&structure.canonical(symbols)),
        None => Canonical::from_symbols(symbols),
    }
}

/// Where the digits of a key announced behind `end` begin: at most some punctuation and the word.
fn announced_key(text: &str, end: usize) -> Option<usize> {
    const FARTHEST: usize = 24;
    const PUNCTUATION: [char; 15] = [
        ' ', '\u{a0}', '\u{202f}', '\t', ':', ';', ',', '|', '"', '(', ')', '/', '-', '=', '.',
    ];
    let window = text.get(end..text.floor_char_boundary(end + FARTHEST))?;
    let rest = window.trim_start_matches(PUNCTUATION);
    let word_length = rest.find(|letter: char| !letter.is_alphabetic())?;
    let (word, rest_after) = rest.split_at(word_length);
    if !matches!(fold(word).as_str(), "" | "cle" | "clef" | "key" | "k")
        || rest.len() == window.len()
    {
        return None;
    }
    let digits = rest_after.trim_start_matches(PUNCTUATION);
    digits
        .starts_with(|letter: char| letter.is_ascii_digit())
        .then(|| end + window.len() - digits.len())
}

/// How many letters end at `end`, when few enough to begin a template.
fn letters_before(bytes: &[u8], end: usize) -> usize {
    let before = bytes.get(..end).unwrap_or_default();
    let letters = before
        .iter()
        .rev()
        .take(LONGEST_PREFIX + 1)
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    if letters <= LONGEST_PREFIX {
        letters
    } else {
        2
    }
}

/// `\u00a0185…`, `%20185…`: the digit before ends an escape, and the value begins here.
fn follows_escape(bytes: &[u8], at: usize) -> bool {
    let may_end_escape = matches!(bytes.get(..at), Some([.., b'a' | b'A' | b'2', b'0']));
    may_end_escape && escape_before(bytes, at).is_some()
}
