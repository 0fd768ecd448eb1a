//! The words that speak for or against a value: those of every rule, looked up in the few characters around a candidate or
//! in the title of its column.
//!
//! The nearest label before a value says what it is: « Tél. » nearer than « facture n° » makes a phone, the other way
//! round makes an invoice number.

use std::ops::Range;

use super::rule::{Detector, Form};
use super::sweep::Processor;
use super::vocabulary::{NoWord, Standing, Vocabulary, WordAt, WordId};

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

#[derive(Default)]
pub(super) struct Lexicon {
    vocabulary: Vocabulary<Label>,
}

/// What a word says.
#[derive(Debug, Default)]
struct Label {
    /// Detectors it speaks for, in a text.
    positive: DetectorSet,
    /// Detectors it speaks for, at the head of a column.
    titles: DetectorSet,
    /// Detectors it speaks against.
    against: DetectorSet,
    /// A label of its own: it speaks against every detector that it does not speak for.
    named: bool,
}

/// What the surroundings say of one detector's candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nearness {
    Near(WordId),
    /// A label of something else.
    Against(WordId),
    Nothing,
}

/// What the title of a column says of every detector.
#[derive(Debug, Clone, Default)]
pub(super) struct Title {
    pub near: DetectorSet,
    pub against: DetectorSet,
    /// The rule's words found, for the reasons.
    words: Vec<(DetectorSet, WordId)>,
    /// The words that speak against.
    opponents: Vec<(DetectorSet, WordId)>,
}

impl Lexicon {
    pub(super) fn new(detectors: &[Detector], other_labels: &[String]) -> Result<Self, NoWord> {
        let mut lexicon = Self::default();
        for (index, detector) in detectors.iter().enumerate() {
            let bit = 1 << index;
            for text in &detector.context.words {
                let label = lexicon.label(text)?;
                label.positive |= bit;
                label.titles |= bit;
                label.named = true;
            }
            for text in &detector.context.hints {
                let label = lexicon.label(text)?;
                label.positive |= bit;
                label.titles |= bit;
            }
            if let Form::Words(terms) = &detector.form {
                for term in terms.words() {
                    lexicon.label(term)?;
                }
            }
            for text in &detector.context.headers {
                lexicon.label(text)?.titles |= bit;
            }
            for text in &detector.context.against {
                lexicon.label(text)?.against |= bit;
            }
        }
        for text in other_labels {
            lexicon.label(text)?.named = true;
        }
        Ok(lexicon)
    }

    fn label(&mut self, text: &str) -> Result<&mut Label, NoWord> {
        self.vocabulary.entry(text, Standing::Whole)
    }

    /// The identity of a word of a rule, for the reasons.
    pub(super) fn id(&self, word: &str) -> Option<WordId> {
        self.vocabulary.id(word, Standing::Whole)
    }

    pub(super) fn word(&self, id: WordId) -> &str {
        self.vocabulary.word(id)
    }

    /// Reads the title of a column.
    pub(super) fn title(&self, processor: Processor, title: &str) -> Title {
        let words = title.replace(
            |letter: char| {
                !(letter.is_alphabetic() || matches!(letter, '°' | '\'' | '’' | '/' | '+'))
            },
            " ",
        );
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut read = Title::default();
        self.find(processor, &words, 0..words.len(), |label, word| {
            if label.titles != 0 {
                read.near |= label.titles;
                read.words.push((label.titles, word.id));
            }
            let mut against = label.against;
            if label.named {
                against |= !label.titles;
            }
            read.against |= against;
            read.opponents.push((against, word.id));
        });
        read.against &= !read.near;
        read
    }

    fn find<'a>(
        &'a self,
        processor: Processor,
        text: &str,
        part: Range<usize>,
        mut found: impl FnMut(&'a Label, WordAt),
    ) {
        self.vocabulary.read(processor, text, part, |word| {
            if let Some(label) = self.vocabulary.meaning(word.id) {
                found(label, word);
            }
        });
    }
}

/// The labels of a text, read once and around candidates only.
#[derive(Default)]
pub(super) struct Labels<'a> {
    found: Vec<(&'a Label, WordAt)>,
    read: Range<usize>,
}

/// The labels around one candidate and before.
#[derive(Clone, Copy)]
pub(super) struct LabelsRead<'a>(&'a [(&'a Label, WordAt)]);

impl<'a> Labels<'a> {
    /// Reads the labels of this part of the text, as far as they were not read before.
    pub(super) fn read(
        &mut self,
        lexicon: &'a Lexicon,
        processor: Processor,
        text: &str,
        part: Range<usize>,
    ) -> LabelsRead<'_> {
        // Values that begin a little before the one that was judged last.
        const BACK: usize = BEFORE / 2;
        if part.start < self.read.start || part.start > self.read.end {
            let start = part.start.saturating_sub(BACK);
            self.read = start..start;
            self.found.clear();
        }
        if part.end > self.read.end {
            let (found, part) = (&mut self.found, self.read.end..part.end);
            self.read.end = part.end;
            lexicon.find(processor, text, part, |label, word| {
                found.push((label, word));
            });
        }
        LabelsRead(&self.found)
    }
}

impl<'a> LabelsRead<'a> {
    /// Reads what stands around a candidate of `detector`, in these parts of the text before it and after it.
    pub(super) fn nearness(
        self,
        detector: usize,
        text: &str,
        before: Range<usize>,
        after: Range<usize>,
    ) -> Nearness {
        let before = last_lines(text, before);
        let lines = text.as_bytes().get(before.clone()).unwrap_or_default();
        let line_start =
            before.start + memchr::memrchr(b'\n', lines).map_or(0, |newline| newline + 1);
        let mut nearest = None;
        let mut other = None;
        let mut enemy = None;
        for (label, word) in self.between(before.clone()) {
            if label.speaks_for(detector) {
                nearest = nearest.max(Some((word.end, word.start, word.id)));
            } else if label.speaks_against(detector)
                && word.start >= line_start
                && reaches(text.get(word.end..before.end).unwrap_or_default())
            {
                other = other.max(Some((word.end, word.id)));
                if label.is_enemy_of(detector) {
                    enemy = enemy.max(Some((word.start, word.id)));
                }
            }
        }
        // « Tél. 02 … Fax 02 … »: its own label has had its value.
        if let (Some((end, ..)), Some((start, id))) = (nearest, enemy)
            && text.get(end..start).is_some_and(holds_value)
        {
            return Nearness::Against(id);
        }
        match (nearest, other) {
            (Some((end, _, id)), other) if other.is_none_or(|(other, _)| other <= end) => {
                Nearness::Near(id)
            }
            (Some(_), _) => Nearness::Nothing,
            (None, Some((_, id))) => Nearness::Against(id),
            (None, None) => self.nearness_after(detector, text, after),
        }
    }

    /// « 06 12 34 56 78 (portable) »: on the same line, and not the label of what follows.
    fn nearness_after(self, detector: usize, text: &str, after: Range<usize>) -> Nearness {
        let rest = text.get(after.clone()).unwrap_or_default();
        let length = rest
            .find(['\n', '\r', ';', '|', '\t'])
            .unwrap_or(rest.len());
        let line = after.start..after.start + length;
        let found = self.between(line.clone()).find(|(label, word)| {
            // « vu le 12/04/2015, née le 3 avril 1962 »
            let announces = text.get(word.end..line.end).is_some_and(|rest| {
                rest.trim_start()
                    .starts_with(|next: char| matches!(next, ':' | '=') || next.is_ascii_digit())
            });
            label.speaks_for(detector) && !announces
        });
        found.map_or(Nearness::Nothing, |(_, word)| Nearness::Near(word.id))
    }

    /// Those that stand between these places.
    fn between(self, part: Range<usize>) -> impl Iterator<Item = (&'a Label, WordAt)> {
        let first = self.0.partition_point(|(_, word)| word.start < part.start);
        let from = self.0.iter().skip(first).copied();
        from.take_while(move |(_, word)| word.start < part.end)
            .filter(move |(_, word)| word.end <= part.end)
    }
}

impl Label {
    fn speaks_for(&self, detector: usize) -> bool {
        self.positive >> detector & 1 == 1
    }

    fn speaks_against(&self, detector: usize) -> bool {
        self.is_enemy_of(detector) || (self.named && !self.speaks_for(detector))
    }

    /// The detector's own rule says that this word is of something else.
    fn is_enemy_of(&self, detector: usize) -> bool {
        self.against >> detector & 1 == 1
    }
}

impl Title {
    pub(super) fn nearness(&self, detector: usize) -> Nearness {
        let about = |words: &[(DetectorSet, WordId)]| {
            let word = words.iter().find(|(set, _)| set >> detector & 1 == 1);
            word.map(|(_, id)| *id)
        };
        if self.near >> detector & 1 == 1 {
            return about(&self.words).map_or(Nearness::Nothing, Nearness::Near);
        }
        if self.against >> detector & 1 == 1 {
            return about(&self.opponents).map_or(Nearness::Nothing, Nearness::Against);
        }
        Nearness::Nothing
    }

    pub(super) fn is_known(&self) -> bool {
        self.near != 0 || self.against != 0
    }
}

fn last_lines(text: &str, part: Range<usize>) -> Range<usize> {
    let lines = text.as_bytes().get(part.clone()).unwrap_or_default();
    let start = memchr::memrchr_iter(b'\n', lines)
        .nth(MOST_LINES - 1)
        .map_or(0, |newline| newline + 1);
    part.start + start..part.end
}

/// Whether a label may still speak of what follows this: near, in the same field, and without a value of its own in
/// between.
fn reaches(between: &str) -> bool {
    between.len() <= OTHER_REACH
        && !holds_value(between)
        && !between.contains([',', ';', '|', '\t', '@'])
}

fn holds_value(text: &str) -> bool {
    const VALUE: usize = 6;
    text.bytes().filter(u8::is_ascii_digit).count() >= VALUE
}
