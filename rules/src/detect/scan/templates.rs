//! Values of a template, and account numbers (IBAN): letters and digits in a fixed order.
//!
//! Comes in: a place where digits begin, letters before them or not. Goes out: candidates for the judge; a run is read only
//! where some template may fit.

use std::ops::Range;

use super::super::checks::iban;
use super::super::engine::Entry;
use super::super::forms::parts;
use super::super::judge::is_iban_word;
use super::super::rule::Form;
use super::super::run::{Ahead, Edge, MOST_SYMBOLS, Reading, Run, edge_after, edge_before};
use super::super::template::Template;
use super::{Candidate, Scan, Sink};
use crate::text::fold;

const WITHIN_LINE: Reading = Reading {
    lines: false,
    long_words: false,
    most: MOST_SYMBOLS,
};

impl<S: Sink> Scan<'_, S> {
    /// Templates that begin with a digit; the number of digits in a row tells most of them apart.
    pub(super) fn try_digits(&mut self, start: usize, group: usize, labelled: bool) {
        let bytes = self.text.as_bytes();
        let opening = self
            .compiled
            .by_group(bytes.get(start).copied(), group)
            .filter(|opening| labelled || opening.some_are_bare);
        let Some(opening) = opening else {
            return;
        };
        let ahead = Ahead::of(bytes, start, opening.longest + 1);
        let mut entries = opening
            .entries
            .iter()
            .filter(|entry| (labelled || !entry.needs_label) && entry.may_fit(ahead))
            .peekable();
        if entries.peek().is_none() || edge_before(self.text, start) == Edge::Torn {
            return;
        }
        let run = Run::read(
            bytes,
            start,
            Reading {
                most: opening.longest + 1,
                ..WITHIN_LINE
            },
        );
        let plus = start.checked_sub(1).and_then(|plus| bytes.get(plus)) == Some(&b'+');
        for Entry {
            detector, template, ..
        } in entries
        {
            let written = plus || !template.has_plus();
            if written && !self.is_part_of_longer(*detector, template, &run, &opening.entries) {
                self.try_template(*detector, template, &run, start);
            }
        }
    }

    /// What has the form of a longer value of the same kind is judged as that: a NIR whose key is wrong is no NIR without key.
    fn is_part_of_longer(
        &self,
        detector: usize,
        template: &Template,
        run: &Run,
        entries: &[Entry],
    ) -> bool {
        let compiled = self.compiled;
        let rule = compiled.detectors.get(detector);
        if rule.is_none_or(|rule| rule.checksum.is_some()) {
            return false;
        }
        entries.iter().any(|entry| {
            let longer = &entry.template;
            longer.len() > template.len()
                && compiled.are_of_one_kind(entry.detector, detector)
                && longer.fit(run).is_some()
                && edge_after(self.text, run.end(longer.len())) == Edge::Clean
        })
    }

    pub(super) fn try_letters(
        &mut self,
        start: usize,
        letters: usize,
        group: usize,
        labelled: bool,
    ) {
        let bytes = self.text.as_bytes();
        let head = bytes.get(start..).unwrap_or_default();
        let templates = self.compiled.by_letter().iter().filter(|entry| {
            (labelled || !entry.needs_label) && entry.template.opens_like(head, letters, group)
        });
        let mut templates = templates.peekable();
        let may_be_iban = iban_opens_like(head);
        if templates.peek().is_none() && !may_be_iban {
            return;
        }
        if edge_before(self.text, start) == Edge::Torn && !is_iban_word(bytes, start) {
            return;
        }
        if templates.peek().is_some() {
            let run = Run::read(bytes, start, WITHIN_LINE);
            for entry in templates {
                self.try_template(entry.detector, &entry.template, &run, start);
            }
        }
        if may_be_iban {
            self.try_iban(start);
        }
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

    /// « Banque 30003 Guichet 03020 … »: the label of a part stands at `label`.
    pub(super) fn try_parts(&mut self, detector: usize, lengths: &[usize], label: Range<usize>) {
        let rule = self.compiled.detectors.get(detector);
        let (Some(rule), Some(parts)) = (rule, parts::read(self.text, label, lengths)) else {
            return;
        };
        let candidate = Candidate {
            detector,
            span: parts.span,
            symbols: &parts.symbols,
            grouped: true,
            gap: None,
            doubtful: false,
            needs_label: false,
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

/// Two letters, a gap at most, two digits.
fn iban_opens_like(head: &[u8]) -> bool {
    match head {
        [a, b, c, d, ..] if c.is_ascii_digit() => {
            a.is_ascii_alphabetic() && b.is_ascii_alphabetic() && d.is_ascii_digit()
        }
        [a, b, _, c, d, ..] => {
            a.is_ascii_alphabetic()
                && b.is_ascii_alphabetic()
                && c.is_ascii_digit()
                && d.is_ascii_digit()
        }
        _ => false,
    }
}
