//! The judgement of a candidate: its edges, its structure, its key, then the words around; the cheapest first.
//!
//! Comes in: a candidate whose form fits. Goes out: a hit with its confidence and reasons, offered against the hit that it
//! overlaps, or nothing.

use std::ops::Range;

use super::checks::{Soundness, Structure};
use super::found::{Canonical, Found, Reason, Reasons};
use super::gap::Gap;
use super::lexicon::{AFTER, BEFORE, Nearness};
use super::miss::{Rejection, Touching, Why};
use super::rule::{Detector, Form, Level, lowered};
use super::run::{Edge, edge_after, edge_before};
use super::scan::{Candidate, Scan, Sink};
use super::vocabulary::WordId;
use crate::confidence::Confidence;

/// A label further than this from a value that another value separates from it belongs to that other one.
const CONNECTOR: usize = 6;

/// What speaks against a candidate that passed its checks.
#[derive(Debug, Clone, Copy)]
struct Doubts {
    count: usize,
    /// Its bare form is that of other things too.
    ambiguous: bool,
}

impl<'a, S: Sink> Scan<'a, S> {
    /// Edges, structure, key, then the words around: the cheapest first.
    pub(super) fn judge(&mut self, rule: &'a Detector, candidate: &Candidate<'_>) {
        let edge_doubt = match self.judge_edges(rule, candidate) {
            Ok(doubt) => doubt,
            Err(touching) => return self.reject(candidate, Why::Edge(touching)),
        };
        let soundness = rule.structure.map_or(Soundness::Sound, |structure| {
            structure.judge(candidate.symbols)
        });
        let fault = if soundness == Soundness::Wrong {
            Some(Why::Structure)
        } else {
            rule.checksum
                .filter(|checksum| !checksum.holds(candidate.symbols))
                .map(|_| Why::Key)
        };
        if let Some(why) = fault {
            self.sink.failed(candidate.detector);
            return self.reject(candidate, why);
        }
        let mut doubts = Doubts {
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
        let nearness = if rule.confidence.is_settled() && self.title.is_none() {
            Nearness::Nothing
        } else {
            self.nearness(rule, candidate)
        };
        // A key given to it is a name, though no rule knows it: « autorisation=0612345678 ».
        let is_bare = rule.checksum.is_none() && matches!(rule.form, Form::Template { .. });
        if is_bare && nearness == Nearness::Nothing && is_assigned(self.text, candidate.span.start)
        {
            doubts.count += 1;
        }
        let (confidence, label) = confidence(rule, candidate, nearness, doubts);
        if confidence.is_none() {
            self.reject(candidate, unbelieved(candidate, nearness));
        }
        // Only a column of such values may still say something.
        if confidence.is_none() && self.title.is_none() {
            return;
        }
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

    /// Tells the observer, if there is one.
    fn reject(&mut self, candidate: &Candidate<'_>, why: Why) {
        self.sink.rejected(|| Rejection {
            detector: candidate.detector,
            span: candidate.span.clone(),
            value: Canonical::from_symbols(candidate.symbols),
            why,
        });
    }

    /// What keeps the value from beginning or ending here; else whether the edges leave a doubt.
    fn judge_edges(&self, rule: &Detector, candidate: &Candidate<'_>) -> Result<bool, Touching> {
        // These forms look at their own edges.
        if !matches!(rule.form, Form::Template { .. } | Form::Iban | Form::Date) {
            return Ok(false);
        }
        if rule.structure == Some(Structure::Card)
            && is_within_iban(self.text, candidate.span.start)
        {
            return Err(Touching::Series);
        }
        let before = self.before(candidate.span.start);
        let after = edge_after(self.text, candidate.span.end);
        let keyed = rule.checksum.is_some();
        let mut doubt = false;
        let mut series = 0;
        for (edge, is_after) in [(before, false), (after, true)] {
            match edge {
                Edge::Clean => (),
                Edge::Torn => return Err(Touching::Word),
                Edge::Glued if keyed => doubt = true,
                Edge::Glued => return Err(Touching::Reference),
                // 0.185057800608491, 1.2.3.4
                Edge::Series(Gap::Dot) if candidate.gap != Some(Gap::Space) => {
                    return Err(Touching::Series);
                }
                Edge::Series(gap)
                    if !keyed
                        && candidate.gap.is_none_or(|own| own == gap)
                        && gap != Gap::Space =>
                {
                    return Err(Touching::Series);
                }
                Edge::Series(gap) if !keyed && candidate.gap == Some(gap) => {
                    let same_kind = if is_after {
                        self.text
                            .as_bytes()
                            .get(candidate.span.end + 1)
                            .map(u8::to_ascii_uppercase)
                            == candidate.symbols.first().copied()
                    } else {
                        candidate.span.start.checked_sub(1) == self.carried.last_end
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
            return Err(Touching::Series);
        }
        Ok(doubt || series == 1)
    }

    fn before(&self, start: usize) -> Edge {
        let plus = start
            .checked_sub(1)
            .filter(|plus| self.text.as_bytes().get(*plus) == Some(&b'+'));
        match edge_before(self.text, start) {
            Edge::Torn if is_iban_word(self.text.as_bytes(), start) => Edge::Clean,
            _ if plus.is_some_and(|plus| matches!(edge_before(self.text, plus), Edge::Torn)) => {
                Edge::Torn
            }
            edge => edge,
        }
    }

    fn nearness(&mut self, rule: &Detector, candidate: &Candidate<'_>) -> Nearness {
        let text = self.text;
        let Range { start, end } = candidate.span;
        let mut from = text.floor_char_boundary(start.saturating_sub(BEFORE));
        // A label that makes the whole of a value serves once: « née le 3 avril 1962, classée à compter du 12/04/2015 ».
        let last_end = self
            .carried
            .last_end
            .filter(|last| *last + CONNECTOR < start || has_own_label(text, *last..start));
        if let Some(last_end) = last_end.filter(|_| rule.confidence.alone == Level::None) {
            from = from.max(last_end);
        }
        let until = text.floor_char_boundary(end + AFTER);
        let compiled = self.compiled;
        let labels = self
            .labels
            .read(&compiled.lexicon, compiled.processor, text, from..until);
        let near = labels.nearness(candidate.detector, text, from..start, end..until);
        match (near, self.title) {
            (Nearness::Nothing, Some(title)) => title.nearness(candidate.detector),
            (near, _) => near,
        }
    }

    pub(super) fn offer(&mut self, found: Found) {
        // A name or a word between a label and its value leaves the label to the value.
        let rule = self.compiled.detectors.get(found.detector);
        let is_value = rule.is_some_and(|rule| {
            !matches!(
                rule.form,
                Form::Person(_) | Form::Address(_) | Form::Words(_)
            )
        });
        if found.confidence.is_some() && is_value {
            self.carried.last_end = Some(found.span.end);
        }
        match &mut self.carried.pending {
            Some(pending) if pending.overlaps(&found) => {
                let weaker = if found.is_stronger_than(pending) {
                    std::mem::replace(pending, found)
                } else {
                    found
                };
                self.sink.rejected(|| Rejection {
                    detector: weaker.detector,
                    span: weaker.span,
                    value: weaker.canonical,
                    why: Why::Weaker,
                });
            }
            pending => {
                if let Some(previous) = pending.replace(found) {
                    self.sink.found(previous);
                }
            }
        }
    }
}

/// `autorisation=`, right before a value.
fn is_assigned(text: &str, start: usize) -> bool {
    let key = text
        .get(..start)
        .and_then(|before| before.strip_suffix('='));
    key.is_some_and(|key| key.ends_with(|letter: char| letter.is_alphanumeric() || letter == '_'))
}

/// « BDAY:1987-12-27 », then « REV:2026-03-12 » on the next line.
fn has_own_label(text: &str, between: Range<usize>) -> bool {
    let between = text.get(between).unwrap_or_default();
    between
        .trim_end_matches([' ', '\u{a0}', '"', '\''])
        .ends_with([':', '='])
}

/// « FR76 4970 1012 … »: four groups of an IBAN pass for a card's one time in ten.
fn is_within_iban(text: &str, start: usize) -> bool {
    const MOST_GROUPS: usize = 5;
    let mut rest = text.get(..start).unwrap_or_default();
    for _ in 0..MOST_GROUPS {
        rest = rest.trim_end_matches([' ', '\u{a0}', '\u{202f}', '-']);
        let group = rest.len().saturating_sub(4);
        match rest.as_bytes().get(group..) {
            Some([a, b, c, d]) if c.is_ascii_digit() && d.is_ascii_digit() => {
                rest = rest.get(..group).unwrap_or_default();
                if rest.ends_with(char::is_alphanumeric) {
                    return false;
                }
                if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() {
                    return true;
                }
            }
            _ => return false,
        }
    }
    false
}

/// « IBANFR76… », as forms print it.
pub(super) fn is_iban_word(bytes: &[u8], end: usize) -> bool {
    let word = end.checked_sub(4).and_then(|from| bytes.get(from..end));
    word.is_some_and(|word| word.eq_ignore_ascii_case(b"iban"))
}

/// Why a value that passed its checks is not believed.
fn unbelieved(candidate: &Candidate<'_>, nearness: Nearness) -> Why {
    match nearness {
        Nearness::Against(word) => Why::Against(word),
        _ if candidate.needs_label => Why::Unlabelled,
        _ => Why::Alone,
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
        Nearness::Against(_) if levels.against.is_none() && !keyed => (None, None),
        nearness => {
            // A doubtful value needs company: the groups that people write, or a label.
            let base = if candidate.grouped {
                levels.grouped.map_or(alone, Level::confidence)
            } else {
                alone.filter(|_| doubts.count == 0 && !doubts.ambiguous)
            };
            let base = match (nearness, levels.against) {
                (Nearness::Against(_), Some(level)) => base.min(level.confidence()),
                (Nearness::Against(_), None) => stepped_down(base, 1),
                _ => base,
            };
            (stepped_down(base, doubts.count), None)
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
