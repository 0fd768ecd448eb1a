//! What the structural pass looks for, compiled from the rules.
//!
//! Comes in: the detectors. Goes out: for `survey` alone, the words that matter in a running text and what a number must be
//! to be something without a label near.

use super::checks::iban;
use super::lexicon::DetectorSet;
use super::rule::{Detector, Form};
use super::template::Template;
use super::vocabulary::{NoWord, Standing, Vocabulary, WordId};

/// Digits and dots of an address that may be one without a label (`forms::ip::SHORTEST_BARE`).
const SHORTEST_IP: u32 = 9;

#[derive(Default)]
pub(super) struct Landmarks {
    pub vocabulary: Vocabulary,
    /// What each word stands for, by its place in the vocabulary.
    words: Vec<Landmark>,
    pub numbers: BareNumbers,
}

/// What a word means to the structural pass.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Landmark {
    /// A kind that is nothing without a label has this one.
    pub is_label: bool,
    /// Detectors whose form it opens.
    pub opens: DetectorSet,
}

/// What a number must be to be something without a label.
pub(super) struct BareNumbers {
    /// Digits in a row, gaps of one byte aside.
    pub digits: u32,
    /// Digits before a letter.
    pub digits_before_letter: u32,
    pub after_letters: AfterLetters,
}

impl Landmarks {
    pub(super) fn new(detectors: &[Detector]) -> Result<Self, NoWord> {
        let mut landmarks = Self::default();
        for (index, detector) in detectors.iter().enumerate() {
            if detector.confidence.need_label() && detector.form.holds_digits() {
                for word in detector.context.words.iter().chain(&detector.context.hints) {
                    landmarks.at(word, Standing::Whole)?.is_label = true;
                }
            }
            for (word, standing) in detector.form.opening_words() {
                landmarks.at(&word, standing)?.opens |= 1 << index;
            }
            if !detector.confidence.need_label() {
                landmarks.numbers.add(&detector.form);
            }
        }
        Ok(landmarks)
    }

    pub(super) fn of(&self, word: WordId) -> Landmark {
        self.words.get(word.index()).copied().unwrap_or_default()
    }

    fn at(&mut self, word: &str, standing: Standing) -> Result<&mut Landmark, NoWord> {
        let id = self.vocabulary.add(word, standing)?;
        if self.words.len() <= id.index() {
            self.words.resize(id.index() + 1, Landmark::default());
        }
        self.words
            .get_mut(id.index())
            .ok_or_else(|| NoWord::NoLetter(word.to_owned()))
    }
}

impl BareNumbers {
    fn add(&mut self, form: &Form) {
        match form {
            Form::Template {
                templates,
                announced_key,
                ..
            } => {
                for template in templates {
                    self.add_template(template, *announced_key);
                }
            }
            Form::Iban => self.after_letters.add(|before_last, last, digits| {
                digits >= 2
                    && before_last.is_some_and(|first| iban::length([first, last]).is_some())
            }),
            Form::Ipv4 => self.digits = self.digits.min(SHORTEST_IP),
            Form::Email
            | Form::Date
            | Form::Mrz
            | Form::Ipv6
            | Form::Mac
            | Form::Person(_)
            | Form::Address(_)
            | Form::Secret(_)
            | Form::Words(_) => (),
        }
    }

    fn add_template(&mut self, template: &Template, announced_key: usize) {
        let count = |symbols: usize| u32::try_from(symbols).unwrap_or(u32::MAX);
        if template.may_begin_with_digit() {
            self.digits = self.digits.min(count(template.digits() - announced_key));
            if template.holds_letters() {
                let digits = count(template.digits_before_letter());
                self.digits_before_letter = self.digits_before_letter.min(digits);
            }
        }
        if template.may_begin_with_letter() {
            self.after_letters
                .add(|before_last, last, digits| template.may_open(before_last, last, digits));
        }
    }
}

impl Default for BareNumbers {
    fn default() -> Self {
        Self {
            digits: u32::MAX,
            digits_before_letter: u32::MAX,
            after_letters: AfterLetters::default(),
        }
    }
}

/// After which letters a number may be something, by the digits in a row.
pub(super) struct AfterLetters(Box<[bool]>);

/// Digits in a row beyond this many are counted as this many.
const MOST_DIGITS: usize = 15;
const LETTERS: usize = 26;

impl Default for AfterLetters {
    fn default() -> Self {
        Self(vec![false; (MOST_DIGITS + 1) * (LETTERS + 1) * LETTERS].into())
    }
}

impl AfterLetters {
    /// Whether `digits` digits in a row may be something after these last letters (of any case; none when there is one only).
    pub(super) fn allow(&self, before_last: Option<u8>, last: u8, digits: usize) -> bool {
        let place = Self::place(before_last, last, digits);
        place
            .and_then(|place| self.0.get(place))
            .copied()
            .unwrap_or(false)
    }

    fn add(&mut self, may_open: impl Fn(Option<u8>, u8, usize) -> bool) {
        for digits in 1..=MOST_DIGITS {
            for last in b'A'..=b'Z' {
                for before_last in (b'A'..=b'Z').map(Some).chain([None]) {
                    let place = Self::place(before_last, last, digits);
                    if let Some(allowed) = place.and_then(|place| self.0.get_mut(place)) {
                        *allowed |= may_open(before_last, last, digits);
                    }
                }
            }
        }
    }

    fn place(before_last: Option<u8>, last: u8, digits: usize) -> Option<usize> {
        let rank = |letter: u8| {
            let rank = usize::from(letter.to_ascii_uppercase().wrapping_sub(b'A'));
            (rank < LETTERS).then_some(rank)
        };
        let before_last = before_last.and_then(rank).unwrap_or(LETTERS);
        Some((digits.min(MOST_DIGITS) * (LETTERS + 1) + before_last) * LETTERS + rank(last)?)
    }
}
