//! The structural pass over a text: which of its places are worth a closer look.
//!
//! Comes in: a text and the range to look at. Goes out: the anchors of the range, in order ([`Survey::visit`]): first digits
//! of numbers, `@`, `<` of machine-readable lines, words that open a form. Almost everything else is passed over sixty-four
//! bytes at a time.
//!
//! Some kinds are nothing without a label near (dates of birth). Their numbers are looked at only around the words that
//! may be their labels; elsewhere a number must be long enough, or follow the right letters, to be something by itself.
//! What is passed over is what `scan` would refuse: [`Care::Thorough`] looks at every number and finds the same.

mod bits;
mod numbers;

use std::ops::Range;

use self::bits::{ahead, bits, first_bits, follows, run_before, window};
use super::engine::Compiled;
use super::landmarks::Landmarks;
use super::lexicon::{AFTER, BEFORE, DetectorSet};
use super::sweep::{Marks, Visitor, WIDTH};
use super::vocabulary::{HEAD, Head, follows_accent};

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
        compiled.processor.sweep(bytes, &mut pass);
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

impl Visitor for Pass<'_> {
    #[inline(always)]
    fn take(&mut self, after: &Marks) {
        if let Some(here) = self.here.replace(*after) {
            let before = std::mem::replace(&mut self.before, here);
            self.judge(&before, &here, after);
        }
    }
}

impl Pass<'_> {
    #[inline(always)]
    fn judge(&mut self, before: &Marks, here: &Marks, after: &Marks) {
        let base = self.survey.from + self.survey.blocks.len() * WIDTH;
        let starts = here.digits & !follows(here.digits, before.digits);
        self.survey.blocks.push(Block {
            starts,
            worth: 0,
            number: 0,
            signs: if here.signs | here.fillers == 0 {
                0
            } else {
                signs(before, here, after)
            },
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

    #[inline(always)]
    fn read_words(&mut self, base: usize, before: &Marks, here: &Marks, after: &Marks) {
        let small = |marks: &Marks| marks.letters & !marks.capitals;
        let after_letter = follows(here.letters, before.letters);
        let humps = here.capitals & follows(small(here), small(before));
        let starts = (here.letters & !after_letter)
            | humps
            | (here.others & !after_letter & !follows(here.others, before.others));
        let has_humps = humps | (after.capitals & follows(small(after), small(here))) != 0;
        let with_accents = self.before_accents(here, after);
        let after_other = follows(here.others, before.others);
        let vocabulary = &self.landmarks.vocabulary;
        let mut rest = starts;
        while rest != 0 {
            let bit = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            if after_other >> bit & 1 == 1 && follows_accent(self.text.as_bytes(), base + bit) {
                continue;
            }
            let head = if has_humps {
                vocabulary.head_at(self.text, base + bit)
            } else if with_accents >> bit & 1 == 1 {
                vocabulary.accented_head_at(self.text, base + bit)
            } else {
                let letters = window(here.letters, after.letters, bit).trailing_ones() as usize;
                vocabulary.plain_head_at(self.text, base + bit, letters)
            };
            if let Some(head) = head {
                self.read_word(base + bit, head);
            }
        }
    }

    /// Where an accent stands, or comes before the end of the head.
    #[inline(always)]
    fn before_accents(&self, here: &Marks, after: &Marks) -> u64 {
        let (mut near, mut near_after) = (here.others, after.others);
        if near | near_after == 0 {
            return 0;
        }
        // One letter further back each time, as far as the head reaches: doubling would cross what is no letter.
        for _ in 1..HEAD {
            near |= here.letters & ahead(near, near_after, 1);
            near_after |= after.letters & near_after >> 1;
        }
        near
    }

    #[cold]
    fn read_word(&mut self, at: usize, head: Head) {
        let vocabulary = &self.landmarks.vocabulary;
        for word in vocabulary.words_at(self.text, at, head) {
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
}

/// The `@` between a local part and a domain, and the first `<` of what may be a machine-readable line.
fn signs(before: &Marks, here: &Marks, after: &Marks) -> u64 {
    let may_open_domain = |marks: &Marks| marks.letters | marks.digits | marks.others;
    let addresses = here.signs
        & !follows(here.signs, before.signs)
        & ahead(may_open_domain(here), may_open_domain(after), 1);
    let fillers = here.fillers
        & !follows(here.fillers, before.fillers)
        & follows(here.capitals | here.digits, before.capitals | before.digits);
    addresses | fillers
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
        let run = run_before(here.number, place);
        here.worth |= here.starts & run;
        if run == first_bits(place)
            && let Some(before) = blocks.last_mut()
        {
            before.worth |= before.starts & run_before(before.number, WIDTH);
        }
    }
}

#[cfg(test)]
mod tests;
