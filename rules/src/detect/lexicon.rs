//! The words that speak for or against a value: those of every rule, in one automaton, looked up in the few characters
//! around a candidate or in the title of its column.
//!
//! The nearest label before a value says what it is: « Tél. » nearer than « facture n° » makes a phone, the other way
//! round makes an invoice number.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::rule::Detector;
use crate::text::fold;

/// How far before a value its label is looked for, in bytes.
pub(super) const BEFORE: usize = 90;
/// How far after.
pub(super) const AFTER: usize = 40;
/// A label of something else further than this leaves the value alone.
const OTHER_REACH: usize = 34;
/// A label may stand on the line above, not further.
const MOST_LINES: usize = 2;

/// A set of detectors, by index.
pub(super) type DetectorSet = u128;

pub(super) struct Lexicon {
    words: Vec<Word>,
    automaton: AhoCorasick,
}

struct Word {
    text: String,
    /// Detectors it speaks for, in a text.
    positive: DetectorSet,
    /// Detectors it speaks for, at the head of a column.
    titles: DetectorSet,
    /// Detectors it speaks against.
    against: DetectorSet,
    /// A label of its own: it speaks against every detector that it does not speak for.
    label: bool,
}

/// What the surroundings say of one detector's candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nearness {
    Near(WordId),
    Against,
    Nothing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct WordId(u32);

/// What the title of a column says of every detector.
#[derive(Debug, Clone, Default)]
pub(super) struct Title {
    pub near: DetectorSet,
    pub against: DetectorSet,
    /// The rule's words found, for the reasons.
    words: Vec<(DetectorSet, WordId)>,
}

impl Lexicon {
    pub(super) fn new(
        detectors: &[Detector],
        other_labels: &[String],
    ) -> Result<Self, aho_corasick::BuildError> {
        let mut words: BTreeMap<String, Word> = BTreeMap::new();
        for (index, detector) in detectors.iter().enumerate() {
            let bit = 1 << index;
            for text in &detector.context.words {
                let word = Word::entry(&mut words, text);
                word.positive |= bit;
                word.titles |= bit;
                word.label = true;
            }
            for text in &detector.context.hints {
                let word = Word::entry(&mut words, text);
                word.positive |= bit;
                word.titles |= bit;
            }
            for text in &detector.context.headers {
                Word::entry(&mut words, text).titles |= bit;
            }
            for text in &detector.context.against {
                Word::entry(&mut words, text).against |= bit;
            }
        }
        for text in other_labels {
            Word::entry(&mut words, text).label = true;
        }
        let words: Vec<Word> = words.into_values().collect();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .build(words.iter().map(|word| &word.text))?;
        Ok(Self { words, automaton })
    }

    pub(super) fn word(&self, id: WordId) -> &str {
        self.words
            .get(id.0 as usize)
            .map_or("", |word| word.text.as_str())
    }

    /// Reads what stands around a candidate of `detector`.
    pub(super) fn nearness(
        &self,
        detector: usize,
        before: &str,
        after: &str,
        folded: &mut String,
    ) -> Nearness {
        fold_labels(before, folded);
        let before = last_lines(folded);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let mut nearest = None;
        let mut other = None;
        for (word, start, end) in self.find(before) {
            if word.speaks_for(detector) {
                nearest = nearest.max(Some((end, start, word.id)));
            } else if word.speaks_against(detector) && start >= line_start && reaches(before, end) {
                other = other.max(Some(end));
            }
        }
        match (nearest, other) {
            (Some((end, _, id)), other) if other.is_none_or(|other| other <= end) => {
                Nearness::Near(id)
            }
            (Some(_), _) => Nearness::Nothing,
            (None, Some(_)) => Nearness::Against,
            (None, None) => self.nearness_after(detector, after, folded),
        }
    }

    /// Reads the title of a column.
    pub(super) fn title(&self, title: &str) -> Title {
        let mut folded = String::new();
        fold_labels(title, &mut folded);
        let folded: String = folded
            .chars()
            .map(|letter| {
                if letter.is_alphabetic() || matches!(letter, '\'' | '/' | '+') {
                    letter
                } else {
                    ' '
                }
            })
            .collect();
        let folded = folded.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut read = Title::default();
        for (word, ..) in self.find(&folded) {
            if word.titles != 0 {
                read.near |= word.titles;
                read.words.push((word.titles, word.id));
            }
            read.against |= word.against;
            if word.label {
                read.against |= !word.titles;
            }
        }
        read.against &= !read.near;
        read
    }

    /// « 06 12 34 56 78 (portable) »: on the same line, and not the label of what follows.
    fn nearness_after(&self, detector: usize, after: &str, folded: &mut String) -> Nearness {
        let line = after
            .split(['\n', '\r', ';', '|', '\t'])
            .next()
            .unwrap_or_default();
        fold_labels(line, folded);
        let folded = folded.as_str();
        let found = self.find(folded).find(|(word, _, end)| {
            let announces = folded
                .get(*end..)
                .is_some_and(|rest| rest.trim_start().starts_with([':', '=']));
            word.speaks_for(detector) && !announces
        });
        found.map_or(Nearness::Nothing, |(word, ..)| Nearness::Near(word.id))
    }

    fn find<'a>(&'a self, folded: &'a str) -> impl Iterator<Item = (FoundWord<'a>, usize, usize)> {
        self.automaton
            .find_overlapping_iter(folded)
            .filter_map(move |found| {
                let (start, end) = (found.start(), found.end());
                if !stands_alone(folded, start, end) {
                    return None;
                }
                let word = self.words.get(found.pattern().as_usize())?;
                let id = WordId(found.pattern().as_u32());
                Some((FoundWord { word, id }, start, end))
            })
    }
}

#[derive(Clone, Copy)]
struct FoundWord<'a> {
    word: &'a Word,
    id: WordId,
}

impl FoundWord<'_> {
    fn speaks_for(&self, detector: usize) -> bool {
        self.word.positive >> detector & 1 == 1
    }

    fn speaks_against(&self, detector: usize) -> bool {
        self.word.against >> detector & 1 == 1 || (self.word.label && !self.speaks_for(detector))
    }
}

impl std::ops::Deref for FoundWord<'_> {
    type Target = Word;

    fn deref(&self) -> &Word {
        self.word
    }
}

impl Word {
    fn entry<'a>(words: &'a mut BTreeMap<String, Word>, text: &str) -> &'a mut Word {
        let text = fold(text);
        words.entry(text.clone()).or_insert(Word {
            text,
            positive: 0,
            titles: 0,
            against: 0,
            label: false,
        })
    }
}

impl Title {
    pub(super) fn nearness(&self, detector: usize) -> Nearness {
        if self.near >> detector & 1 == 1 {
            let word = self.words.iter().find(|(set, _)| set >> detector & 1 == 1);
            return word.map_or(Nearness::Nothing, |(_, id)| Nearness::Near(*id));
        }
        if self.against >> detector & 1 == 1 {
            Nearness::Against
        } else {
            Nearness::Nothing
        }
    }

    pub(super) fn is_known(&self) -> bool {
        self.near != 0 || self.against != 0
    }
}

/// Between word borders, a plural aside.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let is_letter = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80)
    };
    let after = match bytes.get(end) {
        Some(b's' | b'x') => end + 1,
        _ => end,
    };
    !is_letter(start.checked_sub(1)) && !is_letter(Some(after))
}

fn last_lines(text: &str) -> &str {
    let start = text
        .rmatch_indices('\n')
        .nth(MOST_LINES - 1)
        .map_or(0, |(newline, _)| newline + 1);
    text.get(start..).unwrap_or(text)
}

/// Whether a label that ends here may still speak of what follows `before`: near, in the same field, and without a value
/// of its own in between.
fn reaches(before: &str, end: usize) -> bool {
    const VALUE: usize = 6;
    let between = before.get(end..).unwrap_or_default();
    let digits = between.bytes().filter(u8::is_ascii_digit).count();
    between.len() <= OTHER_REACH && digits < VALUE && !between.contains([',', ';', '|', '\t', '@'])
}

/// Labels in prose and in programs: `dateNaissance`, `num_secu` and « Num. sécu » are words alike.
fn fold_labels(text: &str, folded: &mut String) {
    folded.clear();
    let mut after_lower = false;
    for letter in text.chars() {
        if letter.is_ascii() {
            if after_lower && letter.is_ascii_uppercase() {
                folded.push(' ');
            }
            after_lower = letter.is_ascii_lowercase();
            folded.push(if letter == '_' {
                ' '
            } else {
                letter.to_ascii_lowercase()
            });
        } else {
            after_lower = letter.is_lowercase();
            folded.push_str(&fold(letter.encode_utf8(&mut [0; 4])));
        }
    }
}
