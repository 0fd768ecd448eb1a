//! The structural pass over a text: which of its places are worth a closer look.
//!
//! Comes in: a text and the range to look at. Goes out: the anchors of the range, in order ([`Survey::visit`]): first digits
//! of numbers, `@`, `<` of machine-readable lines, words that open a form. Almost everything else is passed over sixty-four
//! bytes at a time.
//!
//! Some kinds are nothing without a label near (dates of birth). Their numbers are looked at only around the words that
//! may be their labels; elsewhere a number must be long enough, or follow the right letters, to be something by itself.
//! What is passed over is what `scan` would refuse: [`Care::Thorough`] looks at every number and finds the same.

mod numbers;

use std::ops::Range;

use super::engine::Compiled;
use super::landmarks::Landmarks;
use super::lexicon::{AFTER, BEFORE, DetectorSet};
use super::sweep::bits::{ahead, bits, first_bits, follows, run_before};
use super::sweep::{Marks, Visitor, WIDTH};
use super::vocabulary::{Head, Starts, bytes_from};

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
    /// The first digit of four numbers between dots, which are nothing else.
    Dotted { at: usize },
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
    /// First digits of four numbers between dots.
    dotted: u64,
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
        };
        compiled.processor.sweep(bytes, &mut pass);
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
                block.worth | block.dotted
            };
            for at in bits(numbers | block.signs).map(|bit| base + bit) {
                if !range.contains(&at) {
                    continue;
                }
                while let Some(word) = words.next_if(|word| word.start < at) {
                    visit(Anchor::Word(*word));
                }
                let is_address = (block.dotted & !block.worth) >> (at - base) & 1 == 1;
                visit(if is_address && !block.labelled {
                    Anchor::Dotted { at }
                } else {
                    Anchor::Sign {
                        at,
                        labelled: block.labelled,
                    }
                });
            }
        }
        words.for_each(|word| visit(Anchor::Word(*word)));
    }
}

/// The pass itself.
struct Pass<'a> {
    landmarks: &'a Landmarks,
    text: &'a str,
    care: Care,
    survey: &'a mut Survey,
}

impl Visitor for Pass<'_> {
    #[inline(always)]
    fn take(&mut self, before: &Marks, here: &Marks, after: &Marks) {
        let base = self.survey.from + self.survey.blocks.len() * WIDTH;
        let starts = here.digits & !follows(here.digits, before.digits);
        self.survey.blocks.push(Block {
            starts,
            worth: 0,
            dotted: 0,
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
}

impl Pass<'_> {
    #[inline(always)]
    fn read_words(&mut self, base: usize, before: &Marks, here: &Marks, after: &Marks) {
        let vocabulary = &self.landmarks.vocabulary;
        let starts = Starts::of(before, here, after);
        let mut spare = [0; _];
        let bytes = bytes_from(self.text, base, &mut spare);
        for bit in bits(starts.bits()) {
            let at = base + bit;
            if let Some(head) = vocabulary.head_at(self.text, at, bytes, &starts, bit) {
                self.read_word(at, head);
            }
        }
    }

    #[inline(never)]
    fn read_word(&mut self, at: usize, head: Head) {
        let vocabulary = &self.landmarks.vocabulary;
        let survey = &mut *self.survey;
        vocabulary.words_at(self.text, at, head, |word| {
            let Some(landmark) = vocabulary.meaning(word.id) else {
                return;
            };
            if landmark.is_label {
                survey.label(word.start, word.end);
            }
            if landmark.opens != 0 {
                survey.words.push(Word {
                    start: word.start,
                    end: word.end,
                    opens: landmark.opens,
                });
            }
        });
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
