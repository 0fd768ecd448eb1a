//! What the structural pass looks for, compiled from the rules.
//!
//! Comes in: the detectors. Goes out: for `survey` alone, the words that matter in a running text and what a number must be
//! to be something without a label near.

use super::checks::iban;
use super::lexicon::DetectorSet;
use super::rule::{Detector, Form};
use super::run::MOST_SYMBOLS;
use super::template::Template;
use super::vocabulary::{NoWord, Standing, Vocabulary};

#[derive(Default)]
pub(super) struct Landmarks {
    pub vocabulary: Vocabulary<Landmark>,
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
    /// The fewest digits of a kind that takes nothing but digits.
    pub fewest: u32,
    /// The same, by the first digit and by how many stand before the first gap.
    fewest_of: [[u32; MOST_SYMBOLS]; 10],
    /// Such kinds, by the first digit.
    openings: [Vec<Opening>; 10],
    /// After how many digits letters may follow, by bit.
    pub before_letters: u64,
    /// How many letters in a row may follow so many digits, the first of a number.
    letters_after: [u32; MOST_SYMBOLS],
    /// After how many digits letters may follow, by bit; by how many stand before the first gap and by how many before the
    /// second.
    letters_after_groups: Box<[[u64; MOST_SYMBOLS]; MOST_SYMBOLS]>,
    /// How many letters may follow a number that is too short to be something without letters.
    pub letters_after_few: u32,
    /// The fewest digits behind a `+`.
    pub after_plus: u32,
    /// Four numbers between dots may be something.
    pub dotted: bool,
    pub after_letters: AfterLetters,
}

/// What a template shows of itself in a row of digits and gaps.
#[derive(Debug, Clone, Copy)]
pub(super) struct Opening {
    /// How many digits may stand before the first gap, by bit.
    groups: u64,
    /// Where no gap may stand, by bit.
    denied: u64,
    digits: u32,
}

impl Opening {
    /// Whether so many digits, so many of them before the first gap, with gaps at these places, may be of the template.
    #[inline]
    pub(super) fn fits(&self, group: usize, digits: u32, cuts: u64) -> bool {
        digits >= self.digits && self.groups >> group & 1 == 1 && cuts & self.denied == 0
    }
}

impl Landmarks {
    pub(super) fn new(detectors: &[Detector]) -> Result<Self, NoWord> {
        let mut landmarks = Self::default();
        for (index, detector) in detectors.iter().enumerate() {
            // A doubtful IP address is nothing without a label either.
            let asks = detector.confidence.need_label() || matches!(detector.form, Form::Ipv4);
            if asks && detector.form.holds_digits() {
                let context = &detector.context;
                for word in context.words.iter().chain(&context.hints) {
                    let landmark = landmarks.vocabulary.entry(word, Standing::Whole)?;
                    landmark.is_label = true;
                }
            }
            for (word, standing) in detector.form.opening_words() {
                landmarks.vocabulary.entry(&word, standing)?.opens |= 1 << index;
            }
            if !detector.confidence.need_label() {
                landmarks.numbers.add(&detector.form);
            }
        }
        landmarks.numbers.settle();
        Ok(landmarks)
    }
}

impl BareNumbers {
    /// The fewest digits of a number with this first digit, and so many before its first gap.
    #[inline]
    pub(super) fn fewest_of(&self, first: u8, group: usize) -> u32 {
        let groups = self.fewest_of.get(usize::from(first.wrapping_sub(b'0')));
        let fewest = groups.and_then(|groups| groups.get(group));
        fewest.copied().unwrap_or(u32::MAX)
    }

    /// The kinds that begin with this digit.
    pub(super) fn openings(&self, first: u8) -> &[Opening] {
        let openings = self.openings.get(usize::from(first.wrapping_sub(b'0')));
        openings.map_or(&[], Vec::as_slice)
    }

    /// How many letters in a row may follow so many digits in such groups.
    pub(super) fn letters_after(&self, digits: u32, group: usize, second: usize) -> u32 {
        let groups = self.letters_after_groups.get(group);
        let places = groups.and_then(|groups| groups.get(second)).copied();
        if places.unwrap_or(0).checked_shr(digits).unwrap_or(0) & 1 == 0 {
            return 0;
        }
        self.letters_after
            .get(digits as usize)
            .copied()
            .unwrap_or(0)
    }

    fn settle(&mut self) {
        let few = self.letters_after.iter().take(self.fewest as usize);
        self.letters_after_few = few.copied().max().unwrap_or(0);
        for (digits, letters) in self.letters_after.iter().enumerate() {
            self.before_letters |= u64::from(*letters > 0) << digits;
        }
    }

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
            Form::Ipv4 => self.dotted = true,
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

    /// Where a letter must stand, one follows the digits: that is looked at by itself.
    fn add_opening(&mut self, template: &Template, digits: u32) {
        if template.must_have_letter() {
            return;
        }
        self.fewest = self.fewest.min(digits);
        if template.has_plus() {
            self.after_plus = self.after_plus.min(digits);
            return;
        }
        let opening = Opening {
            groups: template.first_groups(),
            denied: template.denied_cuts(),
            digits,
        };
        let places = self.openings.iter_mut().zip(&mut self.fewest_of);
        for (first, (openings, fewest)) in (b'0'..=b'9').zip(places) {
            if template.may_begin_with(first) {
                openings.push(opening);
                let groups = fewest.iter_mut().enumerate();
                for (_, fewest) in groups.filter(|(group, _)| opening.groups >> group & 1 == 1) {
                    *fewest = digits.min(*fewest);
                }
            }
        }
    }

    fn add_template(&mut self, template: &Template, announced_key: usize) {
        if template.may_begin_with_digit() {
            self.add_opening(template, count(template.digits() - announced_key));
            if template.has_plus() {
                return;
            }
            for (digits, letters) in template.letters_after_digits() {
                if let Some(most) = self.letters_after.get_mut(digits) {
                    *most = count(letters).max(*most);
                }
                for (group, seconds) in self.letters_after_groups.iter_mut().enumerate() {
                    for (second, places) in seconds.iter_mut().enumerate() {
                        if template.has_first_groups(group, second) {
                            *places |= 1 << digits;
                        }
                    }
                }
            }
        }
        if template.may_begin_with_letter() {
            self.after_letters
                .add(|before_last, last, digits| template.may_open(before_last, last, digits));
        }
    }
}

fn count(symbols: usize) -> u32 {
    u32::try_from(symbols).unwrap_or(u32::MAX)
}

impl Default for BareNumbers {
    fn default() -> Self {
        Self {
            fewest: u32::MAX,
            fewest_of: [[u32::MAX; MOST_SYMBOLS]; 10],
            openings: Default::default(),
            before_letters: 0,
            letters_after: [0; MOST_SYMBOLS],
            letters_after_groups: Box::new([[0; MOST_SYMBOLS]; MOST_SYMBOLS]),
            letters_after_few: 0,
            after_plus: u32::MAX,
            dotted: false,
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
