//! The words that speak for or against a value: those of every rule, looked up in the few characters around a candidate or
//! in the title of its column.
//!
//! The nearest label before a value says what it is: « Tél. » nearer than « facture n° » makes a phone, the other way
//! round makes an invoice number.

use super::rule::{Detector, Form};
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
    vocabulary: Vocabulary,
    /// What each word says, by its place in the vocabulary.
    labels: Vec<Label>,
}

#[derive(Debug, Clone, Copy, Default)]
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
    Against,
    Nothing,
}

/// What the title of a column says of every detector.
#[derive(Debug, Clone, Default)]
pub(super) struct Title {
    pub near: DetectorSet,
    pub against: DetectorSet,
    /// The rule's words found, for the reasons.
    words: Vec<(DetectorSet, WordId)>,
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
        let id = self.vocabulary.add(text, Standing::Whole)?;
        if self.labels.len() <= id.index() {
            self.labels.resize(id.index() + 1, Label::default());
        }
        self.labels
            .get_mut(id.index())
            .ok_or_else(|| NoWord::NoLetter(text.to_owned()))
    }

    /// The identity of a word of a rule, for the reasons.
    pub(super) fn id(&self, word: &str) -> Option<WordId> {
        self.vocabulary.id(word, Standing::Whole)
    }

    pub(super) fn word(&self, id: WordId) -> &str {
        self.vocabulary.word(id)
    }

    /// Reads what stands around a candidate of `detector`.
    pub(super) fn nearness(&self, detector: usize, before: &str, after: &str) -> Nearness {
        let before = last_lines(before);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let mut nearest = None;
        let mut other = None;
        let mut enemy = None;
        for (label, word) in self.find(before) {
            if label.speaks_for(detector) {
                nearest = nearest.max(Some((word.end, word.start, word.id)));
            } else if label.speaks_against(detector)
                && word.start >= line_start
                && reaches(before, word.end)
            {
                other = other.max(Some(word.end));
                if label.is_enemy_of(detector) {
                    enemy = enemy.max(Some(word.start));
                }
            }
        }
        // « Tél. 02 … Fax 02 … »: its own label has had its value.
        if let (Some((end, ..)), Some(start)) = (nearest, enemy)
            && before.get(end..start).is_some_and(holds_value)
        {
            return Nearness::Against;
        }
        match (nearest, other) {
            (Some((end, _, id)), other) if other.is_none_or(|other| other <= end) => {
                Nearness::Near(id)
            }
            (Some(_), _) => Nearness::Nothing,
            (None, Some(_)) => Nearness::Against,
            (None, None) => self.nearness_after(detector, after),
        }
    }

    /// Reads the title of a column.
    pub(super) fn title(&self, title: &str) -> Title {
        let words = title.replace(
            |letter: char| {
                !(letter.is_alphabetic() || matches!(letter, '°' | '\'' | '’' | '/' | '+'))
            },
            " ",
        );
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut read = Title::default();
        for (label, word) in self.find(&words) {
            if label.titles != 0 {
                read.near |= label.titles;
                read.words.push((label.titles, word.id));
            }
            read.against |= label.against;
            if label.named {
                read.against |= !label.titles;
            }
        }
        read.against &= !read.near;
        read
    }

    /// « 06 12 34 56 78 (portable) »: on the same line, and not the label of what follows.
    fn nearness_after(&self, detector: usize, after: &str) -> Nearness {
        let line = after
            .split(['\n', '\r', ';', '|', '\t'])
            .next()
            .unwrap_or_default();
        let found = self.find(line).find(|(label, word)| {
            // « vu le 12/04/2015, née le 3 avril 1962 »
            let announces = line.get(word.end..).is_some_and(|rest| {
                rest.trim_start()
                    .starts_with(|next: char| matches!(next, ':' | '=') || next.is_ascii_digit())
            });
            label.speaks_for(detector) && !announces
        });
        found.map_or(Nearness::Nothing, |(_, word)| Nearness::Near(word.id))
    }

    fn find<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (Label, WordAt)> + 'a {
        let words = self.vocabulary.words_in(text);
        words.filter_map(|word| Some((*self.labels.get(word.id.index())?, word)))
    }
}

impl Label {
    fn speaks_for(self, detector: usize) -> bool {
        self.positive >> detector & 1 == 1
    }

    fn speaks_against(self, detector: usize) -> bool {
        self.is_enemy_of(detector) || (self.named && !self.speaks_for(detector))
    }

    /// The detector's own rule says that this word is of something else.
    fn is_enemy_of(self, detector: usize) -> bool {
        self.against >> detector & 1 == 1
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
    let between = before.get(end..).unwrap_or_default();
    between.len() <= OTHER_REACH
        && !holds_value(between)
        && !between.contains([',', ';', '|', '\t', '@'])
}

fn holds_value(text: &str) -> bool {
    const VALUE: usize = 6;
    text.bytes().filter(u8::is_ascii_digit).count() >= VALUE
}
