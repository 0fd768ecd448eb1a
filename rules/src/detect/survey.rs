//! The structural pass over a text: which of its places are worth a closer look.
//!
//! Comes in: a text and the range to look at. Goes out: the anchors of the range, in order ([`Survey::visit`]): first digits
//! of numbers, `@`, `<` of machine-readable lines, words that open a form. Almost everything else is passed over sixty-four
//! bytes at a time.
//!
//! Some kinds are nothing without a label near (dates of birth). Their numbers are looked at only around the words that
//! may be their labels; elsewhere a number must be long enough, or follow the right letters, to be something by itself.
//! What is passed over is what `scan` would refuse: [`Care::Thorough`] looks at every number and finds the same.

use std::ops::Range;

use super::engine::Compiled;
use super::gap::{gap, space_before, value_after_escape};
use super::judge::is_iban_word;
use super::landmarks::Landmarks;
use super::lexicon::{AFTER, BEFORE, DetectorSet};
use super::sweep::{Marks, WIDTH};

/// The longest value that a label follows, and its gaps.
const LONGEST: usize = 96;
/// How far around the range labels matter.
const MARGIN: usize = AFTER + LONGEST;

/// Whether numbers that look like nothing are passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Care {
    Quick,
    Thorough,
}

/// A place where a form may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    /// A digit, `@` or `<`; `labelled` when the label of a kind that is nothing without one may be near.
    Sign { at: usize, labelled: bool },
    /// A word that opens a form.
    Word(Word),
}

/// A word at which the forms of these detectors are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word {
    pub start: usize,
    pub end: usize,
    pub opens: DetectorSet,
}

/// The places found by a pass.
#[derive(Default)]
pub(super) struct Survey {
    /// Where in the text the first block begins.
    from: usize,
    blocks: Vec<Block>,
    /// Blocks to come, before this one, are near a label already seen.
    labelled_until: usize,
    words: Vec<Word>,
}

/// Sixty-four bytes of text; one bit a byte.
#[derive(Debug, Clone, Copy, Default)]
struct Block {
    /// First digits.
    starts: u64,
    /// First digits that may be something without a label.
    worth: u64,
    /// Digits, and the gaps of one byte between them.
    number: u64,
    /// `@`, and the first `<` after a capital or a digit.
    signs: u64,
    labelled: bool,
}

impl Survey {
    /// Looks at `range` of the text, and around it for labels.
    pub(super) fn of(compiled: &Compiled, text: &str, range: Range<usize>, care: Care) -> Self {
        let from = text.floor_char_boundary(range.start.saturating_sub(MARGIN));
        let until = text.ceil_char_boundary(range.end.saturating_add(MARGIN).min(text.len()));
        let bytes = text.as_bytes().get(from..until).unwrap_or_default();
        let mut survey = Self {
            from,
            blocks: Vec::with_capacity(bytes.len().div_ceil(WIDTH)),
            labelled_until: 0,
            words: Vec::new(),
        };
        let mut pass = Pass {
            landmarks: &compiled.landmarks,
            text,
            care,
            survey: &mut survey,
            before: Marks::default(),
            here: None,
        };
        compiled.processor.sweep(bytes, |marks| pass.take(marks));
        pass.take(&Marks::default());
        survey
    }

    /// Shows the anchors of `range` to `visit`, in order.
    pub(super) fn visit(&self, range: Range<usize>, mut visit: impl FnMut(Anchor)) {
        let mut words = self
            .words
            .iter()
            .filter(|word| range.contains(&word.start))
            .peekable();
        let first = (range.start - self.from) / WIDTH;
        for (index, block) in self.blocks.iter().enumerate().skip(first) {
            let base = self.from + index * WIDTH;
            let numbers = if block.labelled {
                block.starts
            } else {
                block.worth
            };
            for at in bits(numbers | block.signs).map(|bit| base + bit) {
                if !range.contains(&at) {
                    continue;
                }
                while let Some(word) = words.next_if(|word| word.start < at) {
                    visit(Anchor::Word(*word));
                }
                visit(Anchor::Sign {
                    at,
                    labelled: block.labelled,
                });
            }
        }
        words.for_each(|word| visit(Anchor::Word(*word)));
    }
}

/// The pass itself: a block is judged when the next one is known.
struct Pass<'a> {
    landmarks: &'a Landmarks,
    text: &'a str,
    care: Care,
    survey: &'a mut Survey,
    before: Marks,
    here: Option<Marks>,
}

impl Pass<'_> {
    #[inline]
    fn take(&mut self, after: &Marks) {
        if let Some(here) = self.here.replace(*after) {
            let before = std::mem::replace(&mut self.before, here);
            self.judge(&before, &here, after);
        }
    }

    #[inline]
    fn judge(&mut self, before: &Marks, here: &Marks, after: &Marks) {
        let base = self.survey.from + self.survey.blocks.len() * WIDTH;
        let starts = here.digits & !follows(here.digits, before.digits);
        let fillers = here.fillers
            & !follows(here.fillers, before.fillers)
            & follows(here.capitals | here.digits, before.capitals | before.digits);
        self.survey.blocks.push(Block {
            starts,
            worth: 0,
            number: 0,
            signs: self.address_signs(before, here, after) | fillers,
            labelled: self.care == Care::Thorough
                || self.survey.blocks.len() < self.survey.labelled_until,
        });
        if here.digits != 0 && self.care == Care::Quick {
            self.judge_numbers(base, starts, before, here, after);
        }
        if !self.landmarks.vocabulary.is_empty() {
            self.read_words(base, before, here, after);
        }
    }

    /// The `@` that stand between a local part and a domain.
    #[inline]
    fn address_signs(&self, before: &Marks, here: &Marks, after: &Marks) -> u64 {
        let may_open_domain = |marks: &Marks| marks.letters | marks.digits | marks.others;
        here.signs
            & !follows(here.signs, before.signs)
            & ahead(may_open_domain(here), may_open_domain(after), 1)
    }

    fn read_words(&mut self, base: usize, before: &Marks, here: &Marks, after: &Marks) {
        let small = |marks: &Marks| marks.letters & !marks.capitals;
        let after_letter = follows(here.letters, before.letters);
        let humps = here.capitals & follows(small(here), small(before));
        let starts = (here.letters & !after_letter)
            | humps
            | (here.others & !after_letter & !follows(here.others, before.others));
        if humps | (after.capitals & follows(small(after), small(here))) != 0 {
            return bits(starts).for_each(|bit| self.read_word(base + bit));
        }
        // How many letters a word has, for all words of the block together.
        let second = ahead(here.letters, after.letters, 1);
        let third = ahead(here.letters, after.letters, 2);
        let fourth = ahead(here.letters, after.letters, 3);
        let other = ahead(here.others, after.others, 1);
        let other_third = ahead(here.others, after.others, 2);
        let other_fourth = ahead(here.others, after.others, 3);
        let plain = starts & here.letters;
        let accented = (starts & here.others)
            | (plain & (other | (second & (other_third | (third & other_fourth)))));
        let plain = plain & !accented;
        let vocabulary = &self.landmarks.vocabulary;
        let ours = kept(accented, |bit| {
            vocabulary.opens_accented(self.text, base + bit)
        }) | self.opening_like::<4>(base, plain & second & third & fourth)
            | self.opening_like::<3>(base, plain & second & third & !fourth)
            | self.opening_like::<2>(base, plain & second & !third)
            | self.opening_like::<1>(base, plain & !second);
        bits(ours).for_each(|bit| self.read_word(base + bit));
    }

    /// Which of these words open like ours. They open with so many letters of ASCII, then with something else than a
    /// letter, or with any letter after four.
    #[inline]
    fn opening_like<const LETTERS: usize>(&self, base: usize, starts: u64) -> u64 {
        let vocabulary = &self.landmarks.vocabulary;
        kept(starts, |bit| {
            vocabulary.opens_plain::<LETTERS>(self.text, base + bit)
        })
    }

    #[cold]
    fn read_word(&mut self, at: usize) {
        let vocabulary = &self.landmarks.vocabulary;
        let Some(opening) = vocabulary.opening_at(self.text, at) else {
            return;
        };
        for word in vocabulary.words_at(self.text, at, opening) {
            let landmark = vocabulary.meaning(word.id);
            if landmark.is_label {
                self.survey.label(word.start, word.end);
            }
            if landmark.opens != 0 {
                self.survey.words.push(Word {
                    start: word.start,
                    end: word.end,
                    opens: landmark.opens,
                });
            }
        }
    }

    fn judge_numbers(
        &mut self,
        base: usize,
        starts: u64,
        before: &Marks,
        here: &Marks,
        after: &Marks,
    ) {
        let bare = &self.landmarks.numbers;
        let wide = |here: u64, after: u64| u128::from(here) | u128::from(after) << WIDTH;
        let digits = wide(here.digits, after.digits);
        let after_digit = digits << 1 | u128::from(before.digits >> (WIDTH - 1));
        let number = digits | (wide(here.joints, after.joints) & after_digit & digits >> 1);
        let long = starts & low(in_a_row(number, bare.digits));
        let mut worth = 0;
        for start in bits(long) {
            let group = (digits >> start).trailing_ones();
            let byte = |place: usize| self.text.as_bytes().get(base + place).copied();
            let is_dotted = || group <= 3 && byte(start + group as usize) == Some(b'.');
            let number = Number::at(start, number, digits);
            if number.digits >= bare.digits_of(byte(start), group) || (bare.dotted && is_dotted()) {
                worth |= 1 << start;
            }
        }
        let letters = wide(here.letters, after.letters);
        worth |= self.before_letters(number, digits, letters, long & !worth, starts & !long);
        worth |= self.after_letters(base, starts & !worth, before, here, digits);
        if let Some(block) = self.survey.blocks.last_mut() {
            block.worth = worth;
            block.number = low(number);
        }
        self.follow_escapes(base, before, here, after);
    }

    /// Of these first digits, of long numbers and of short ones, those with a few letters behind: `1 85 05 2A…`.
    fn before_letters(
        &self,
        number: u128,
        digits: u128,
        letters: u128,
        long: u64,
        short: u64,
    ) -> u64 {
        let bare = &self.landmarks.numbers;
        let firsts = letters & !(letters << 1);
        // Behind most short numbers a word begins: too many letters.
        let few = firsts & !in_a_row(letters, bare.letters_after_few + 1);
        let short = if number & (few >> 1 | few >> 2) == 0 {
            0
        } else {
            short
        };
        let mut worth = 0;
        for start in bits(long | short) {
            let Number { length, digits } = Number::at(start, number, digits);
            let end = start + length;
            if end + 2 > 2 * WIDTH {
                continue;
            }
            // A gap may stand before the letters; it is no part of the number.
            let row = letters >> end >> u32::from(letters >> end & 1 == 0);
            if row & 1 == 1 && row.trailing_ones() <= bare.letters_after(digits) {
                worth |= 1 << start;
            }
        }
        worth
    }

    /// Of these first digits, those that the letters before make worth a look: `FR76…`, `AB-123-CD`, `\u00a0185…`.
    fn after_letters(
        &self,
        base: usize,
        starts: u64,
        before: &Marks,
        here: &Marks,
        digits: u128,
    ) -> u64 {
        if starts == 0 {
            return 0;
        }
        let letters = u128::from(before.letters) | u128::from(here.letters) << WIDTH;
        let four_end = letters & letters << 1 & letters << 2 & letters << 3;
        let joints = follows(here.joints, before.joints);
        let touching = high(letters << 1);
        let joined = joints & high(letters << 2);
        let long = (touching & high(four_end << 1)) | (joined & high(four_end << 2));
        let escaped = follows(here.escapes, before.escapes);
        let spaced = follows(here.others, before.others);
        let bytes = self.text.as_bytes();
        let mut worth = 0;
        for start in bits(starts & (touching | joined | escaped | spaced)) {
            let at = base + start;
            let distance = if touching >> start & 1 == 1 {
                1
            } else if spaced >> start & 1 == 1 {
                space_before(bytes, at).unwrap_or(1) + 1
            } else {
                2
            };
            let is_worth = if long >> start & 1 == 1 {
                // Long words belong to no value, but for « IBANFR76… » as forms print it.
                is_iban_word(bytes, (at + 1).saturating_sub(distance + 2))
            } else {
                let letter = |distance: usize| {
                    at.checked_sub(distance)
                        .and_then(|at| bytes.get(at))
                        .copied()
                };
                let before_last = letter(distance + 1).filter(u8::is_ascii_alphabetic);
                let in_a_row = (digits >> start).trailing_ones() as usize;
                letter(distance).is_some_and(|last| {
                    self.landmarks
                        .numbers
                        .after_letters
                        .allow(before_last, last, in_a_row)
                })
            };
            if is_worth || value_after_escape(bytes, at).is_some() {
                worth |= 1 << start;
            }
        }
        worth
    }

    /// Where a number goes on behind a longer gap (`&nbsp;`, a typographic space, « - »), what precedes is worth a look.
    fn follow_escapes(&mut self, base: usize, before: &Marks, here: &Marks, after: &Marks) {
        let may_be_gap = here.escapes | here.others;
        let next = (may_be_gap | here.joints) >> 1
            | (after.escapes | after.others | after.joints) << (WIDTH - 1);
        let after_digit = follows(here.digits, before.digits);
        let bytes = self.text.as_bytes();
        let few = self.landmarks.numbers.letters_after_few as usize;
        for place in bits(after_digit & (may_be_gap | (here.joints & next))) {
            let rest = gap(bytes, base + place, false).and_then(|(_, end)| bytes.get(end..));
            let goes_on = rest.is_some_and(|rest| {
                rest.first().is_some_and(u8::is_ascii_digit) || begins_with_few_letters(rest, few)
            });
            if goes_on {
                self.survey.look_before(place);
            }
        }
    }
}

impl Survey {
    /// What is so near to the label `start..end` that it may speak of it.
    fn label(&mut self, start: usize, end: usize) {
        let first = start.saturating_sub(self.from + MARGIN) / WIDTH;
        let until = (end + BEFORE - self.from) / WIDTH + 1;
        self.labelled_until = until.max(self.labelled_until);
        for block in self.blocks.iter_mut().take(until).skip(first) {
            block.labelled = true;
        }
    }

    /// The number that ends before `place` of the last block, and that may have begun in the block before.
    fn look_before(&mut self, place: usize) {
        let Some((here, blocks)) = self.blocks.split_last_mut() else {
            return;
        };
        let reach = |number: u64, end: usize| {
            if end == 0 {
                0
            } else {
                (number << (WIDTH - end)).leading_ones() as usize
            }
        };
        let length = reach(here.number, place);
        here.worth |= here.starts & span(place - length, place);
        if length == place
            && let Some(before) = blocks.last_mut()
        {
            let length = reach(before.number, WIDTH);
            before.worth |= before.starts & span(WIDTH - length, WIDTH);
        }
    }
}

fn begins_with_few_letters(bytes: &[u8], few: usize) -> bool {
    let letters = bytes.iter().take(few + 1);
    let letters = letters
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    (1..=few).contains(&letters)
}

/// A number, gaps of one byte and all, from one of its first digits on.
struct Number {
    length: usize,
    digits: u32,
}

impl Number {
    #[inline]
    fn at(start: usize, number: u128, digits: u128) -> Self {
        let length = (number >> start).trailing_ones();
        let own = 1u128.checked_shl(length).map_or(u128::MAX, |end| end - 1);
        Self {
            length: length as usize,
            digits: (digits >> start & own).count_ones(),
        }
    }
}

/// The bits `distance` places further on, brought here.
fn ahead(here: u64, after: u64, distance: usize) -> u64 {
    here >> distance | after << (WIDTH - distance)
}

/// The bits that follow those of `here`.
fn follows(here: u64, before: u64) -> u64 {
    here << 1 | before >> (WIDTH - 1)
}

fn high(wide: u128) -> u64 {
    low(wide >> WIDTH)
}

fn low(wide: u128) -> u64 {
    (wide & u128::from(u64::MAX)).try_into().unwrap_or(u64::MAX)
}

/// The bits from which `length` in a row are set.
fn in_a_row(bits: u128, length: u32) -> u128 {
    if length > 64 {
        return 0;
    }
    let (mut kept, mut done) = (bits, 1);
    while done < length {
        let step = done.min(length - done);
        kept &= kept >> step;
        done += step;
    }
    kept
}

fn span(from: usize, to: usize) -> u64 {
    (from..to).fold(0, |bits, bit| bits | 1 << bit)
}

/// Those of the bits that are set of which this holds.
#[inline]
fn kept(word: u64, holds: impl Fn(usize) -> bool) -> u64 {
    bits(word)
        .filter(|bit| holds(*bit))
        .fold(0, |kept, bit| kept | 1 << bit)
}

/// The places of the bits that are set.
fn bits(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lowest = (word != 0).then(|| word.trailing_zeros() as usize)?;
        word &= word - 1;
        Some(lowest)
    })
}

#[cfg(test)]
mod tests;
