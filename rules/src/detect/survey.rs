//! The structural pass over a text: which of its places are worth a closer look.
//!
//! Comes in: a text and the range to look at. Goes out: the anchors of the range, in order ([`Survey::anchors`]): first digits
//! of numbers, `@`, `<` of machine-readable lines, words that open a form. Almost everything else is passed over sixty-four
//! bytes at a time.
//!
//! Some kinds are nothing without a label near (dates of birth). Their numbers are looked at only around the words that
//! may be their labels; elsewhere a number must be long enough, or follow the right letters, to be something by itself.
//! What is passed over is what `scan` would refuse: [`Care::Thorough`] looks at every number and finds the same.

use std::ops::Range;

use super::engine::Compiled;
use super::gap::{gap, space_before, value_after_escape};
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
    /// A digit, `@` or `<`; `labelled` when a label may be near.
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
    /// Whether a label may be near.
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
        pass.take(Marks::default());
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
    fn take(&mut self, after: Marks) {
        if let Some(here) = self.here.replace(after) {
            self.judge(self.before, here, after);
            self.before = here;
        }
    }

    #[inline]
    fn judge(&mut self, before: Marks, here: Marks, after: Marks) {
        let base = self.survey.from + self.survey.blocks.len() * WIDTH;
        let starts = here.digits & !follows(here.digits, before.digits);
        let fillers = here.fillers
            & !follows(here.fillers, before.fillers)
            & follows(here.capitals | here.digits, before.capitals | before.digits);
        self.survey.blocks.push(Block {
            starts,
            worth: 0,
            number: 0,
            signs: here.signs | fillers,
            labelled: self.care == Care::Thorough
                || self.survey.blocks.len() < self.survey.labelled_until,
        });
        if here.digits != 0 && self.care == Care::Quick {
            self.judge_numbers(base, starts, before, here, after);
        }
        if !self.landmarks.vocabulary.is_empty() {
            self.read_words(base, before, here);
        }
    }

    fn read_words(&mut self, base: usize, before: Marks, here: Marks) {
        let small = |marks: Marks| marks.letters & !marks.capitals;
        let after_letter = follows(here.letters, before.letters);
        let starts = (here.letters & !after_letter)
            | (here.capitals & follows(small(here), small(before)))
            | (here.others & !after_letter & !follows(here.others, before.others));
        let vocabulary = &self.landmarks.vocabulary;
        for at in bits(starts).map(|bit| base + bit) {
            let Some(opening) = vocabulary.opening_at(self.text, at) else {
                continue;
            };
            for word in vocabulary.words_at(self.text, at, opening) {
                let landmark = self.landmarks.of(word.id);
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
    }

    fn judge_numbers(
        &mut self,
        base: usize,
        starts: u64,
        before: Marks,
        here: Marks,
        after: Marks,
    ) {
        let bare = &self.landmarks.numbers;
        let wide = |here: u64, after: u64| u128::from(here) | u128::from(after) << WIDTH;
        let digits = wide(here.digits, after.digits);
        let after_digit = digits << 1 | u128::from(before.digits >> (WIDTH - 1));
        let number = digits | (wide(here.joints, after.joints) & after_digit & digits >> 1);
        let mut worth = starts & low(in_a_row(number, bare.digits));

        let letters = wide(here.letters, after.letters);
        let short = starts & !worth & low(in_a_row(number, bare.digits_before_letter));
        for start in bits(short) {
            let end = start + (number >> start).trailing_ones() as usize;
            // The gap before a group of letters is no part of the number.
            if letters
                .checked_shr(u32::try_from(end).unwrap_or(u32::MAX))
                .unwrap_or(0)
                & 0b11
                != 0
            {
                worth |= 1 << start;
            }
        }
        worth |= self.after_letters(base, starts & !worth, before, here, digits);
        if let Some(block) = self.survey.blocks.last_mut() {
            block.worth = worth;
            block.number = low(number);
        }
        self.follow_escapes(base, before, here, after);
    }

    /// Of these first digits, those that the letters before make worth a look: `FR76…`, `AB-123-CD`, `\u00a0185…`.
    fn after_letters(
        &self,
        base: usize,
        starts: u64,
        before: Marks,
        here: Marks,
        digits: u128,
    ) -> u64 {
        let touching = follows(here.letters, before.letters);
        let joined = follows(here.joints, before.joints)
            & (here.letters << 2 | before.letters >> (WIDTH - 2));
        let escaped = follows(here.escapes, before.escapes);
        let spaced = follows(here.others, before.others);
        let bytes = self.text.as_bytes();
        let mut worth = 0;
        for start in bits(starts & (touching | joined | escaped | spaced)) {
            let at = base + start;
            let byte_before = |distance: usize| {
                at.checked_sub(distance)
                    .and_then(|at| bytes.get(at))
                    .copied()
            };
            let distance = if touching >> start & 1 == 1 {
                1
            } else if spaced >> start & 1 == 1 {
                space_before(bytes, at).unwrap_or(1) + 1
            } else {
                2
            };
            let before_last = byte_before(distance + 1).filter(u8::is_ascii_alphabetic);
            let in_a_row = (digits >> start).trailing_ones() as usize;
            let is_worth = byte_before(distance).is_some_and(|last| {
                self.landmarks
                    .numbers
                    .after_letters
                    .allow(before_last, last, in_a_row)
            });
            if is_worth || value_after_escape(bytes, at).is_some() {
                worth |= 1 << start;
            }
        }
        worth
    }

    /// Where a number goes on behind a longer gap (`&nbsp;`, a typographic space, « - »), what precedes is worth a look.
    fn follow_escapes(&mut self, base: usize, before: Marks, here: Marks, after: Marks) {
        let may_be_gap = here.escapes | here.others;
        let next = (may_be_gap | here.joints) >> 1
            | (after.escapes | after.others | after.joints) << (WIDTH - 1);
        let after_digit = follows(here.digits, before.digits);
        let bytes = self.text.as_bytes();
        for place in bits(after_digit & (may_be_gap | (here.joints & next))) {
            let goes_on = gap(bytes, base + place, false)
                .and_then(|(_, end)| bytes.get(end))
                .is_some_and(u8::is_ascii_digit);
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
        let last = (end + BEFORE - self.from) / WIDTH;
        if self.blocks.len() <= last {
            // Blocks to come: remembered where the pass finds it.
            self.labelled_until = self.labelled_until.max(last + 1);
        }
        for block in self.blocks.iter_mut().take(last + 1).skip(first) {
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

/// The bits that follow those of `here`.
fn follows(here: u64, before: u64) -> u64 {
    here << 1 | before >> (WIDTH - 1)
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
