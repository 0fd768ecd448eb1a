//! Which numbers of a block are worth a look without a label: long enough for what they begin with, among the right letters,
//! or going on behind a longer gap.

use super::super::gap::{gap, space_before, value_after_escape};
use super::super::judge::is_iban_word;
use super::super::sweep::{Marks, WIDTH};
use super::Pass;
use super::bits::{ahead, behind, bits, first_bits, follows, in_a_row, kept, run_before, window};

impl Pass<'_> {
    #[inline(always)]
    pub(super) fn judge_numbers(
        &mut self,
        base: usize,
        starts: u64,
        before: &Marks,
        here: &Marks,
        after: &Marks,
    ) {
        let number = here.digits | single_joints(before, here, after);
        let number_after = after.digits | single_joints(here, after, &Marks::default());
        let bare = &self.landmarks.numbers;
        let long = starts & in_a_row(number, number_after, bare.symbols);
        let worth = kept(long, |start| {
            let digits = window(here.digits, after.digits, start);
            let number = Number::of(digits, window(number, number_after, start));
            let byte = |place| {
                let at = (base + start).wrapping_add(place);
                self.text.as_bytes().get(at).copied()
            };
            let second = number.second_group(digits);
            number.digits >= bare.digits_of(byte(0), number.group, second)
                || (number.digits >= bare.after_plus && byte(0usize.wrapping_sub(1)) == Some(b'+'))
                || (bare.dotted
                    && number.may_be_dotted()
                    && byte(number.group) == Some(b'.')
                    && byte(number.group + 1 + second) == Some(b'.'))
        });
        let worth = worth
            | self.before_letters(starts, [number, number_after], here, after)
            | self.after_letters(base, starts & !worth, before, here, after);
        if let Some(block) = self.survey.blocks.last_mut() {
            block.worth = worth;
            block.number = number;
        }
        if here.escapes | here.others | here.joints != 0 {
            self.follow_escapes(base, before, here, after);
        }
    }

    /// Of these first digits, those of numbers with a few letters behind: `1 85 05 2A…`.
    #[inline(always)]
    fn before_letters(
        &self,
        starts: u64,
        [number, number_after]: [u64; 2],
        here: &Marks,
        after: &Marks,
    ) -> u64 {
        let bare = &self.landmarks.numbers;
        let firsts = here.letters & !(here.letters << 1);
        let firsts_after = after.letters & !follows(after.letters, here.letters);
        // Behind most numbers a word begins: too many letters.
        let most = bare.most_letters_after + 1;
        let few = firsts & !in_a_row(here.letters, after.letters, most);
        let few_after = firsts_after & !in_a_row(after.letters, 0, most);
        // A gap may stand before the letters; it is no part of the number.
        let ends = number & (ahead(few, few_after, 1) | ahead(few, few_after, 2));
        let mut numbers = 0;
        let mut rest = ends;
        while rest != 0 {
            let end = rest.trailing_zeros() as usize;
            numbers |= run_before(number, end + 1);
            rest &= rest - 1;
        }
        if number_after & 1 == 1 && number_after & (few_after >> 1 | few_after >> 2) != 0 {
            numbers |= run_before(number, WIDTH);
        }
        let mut worth = 0;
        let mut rest = starts & numbers;
        while rest != 0 {
            let start = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            let digits = window(here.digits, after.digits, start);
            let number = Number::of(digits, window(number, number_after, start));
            let end = start + number.length;
            if end + 2 > 2 * WIDTH {
                continue;
            }
            let letters = if end < WIDTH {
                window(here.letters, after.letters, end)
            } else {
                after.letters >> (end - WIDTH)
            };
            let row = (letters >> (letters & 1 ^ 1)).trailing_ones();
            let second = number.second_group(digits);
            if row > 0 && row <= bare.letters_after(number.digits, number.group, second) {
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
        after: &Marks,
    ) -> u64 {
        let letters = |distance| behind(here.letters, before.letters, distance);
        let touching = letters(1);
        let joined = follows(here.joints, before.joints) & letters(2);
        let three = letters(2) & letters(3) & letters(4);
        let long = (touching & three) | (joined & three & letters(5));
        let escaped = follows(here.escapes, before.escapes);
        let spaced = follows(here.others, before.others);
        let bytes = self.text.as_bytes();
        let mut worth = 0;
        let mut rest = starts & (touching | joined | escaped | spaced);
        while rest != 0 {
            let start = rest.trailing_zeros() as usize;
            rest &= rest - 1;
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
                let in_a_row = window(here.digits, after.digits, start).trailing_ones() as usize;
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

/// A number, gaps of one byte and all, from one of its first digits on.
struct Number {
    length: usize,
    digits: u32,
    /// Digits in a row, the first ones.
    group: usize,
}

impl Number {
    /// From the digits and the number of the sixty-four bytes that begin with it.
    #[inline]
    fn of(digits: u64, number: u64) -> Self {
        let length = number.trailing_ones() as usize;
        Self {
            length,
            digits: (digits & first_bits(length)).count_ones(),
            group: digits.trailing_ones() as usize,
        }
    }

    /// The digits in a row behind the first gap; none where the number has no gap.
    #[inline]
    fn second_group(&self, digits: u64) -> usize {
        if self.group < self.length {
            let behind = u32::try_from(self.group + 1).ok();
            let rest = behind.and_then(|behind| digits.checked_shr(behind));
            rest.unwrap_or(0).trailing_ones() as usize
        } else {
            0
        }
    }

    /// Four short numbers and what is between them.
    #[inline]
    fn may_be_dotted(&self) -> bool {
        const SHORTEST: usize = 7;
        let gaps = self.length - self.digits as usize;
        self.group <= 3 && gaps >= 3 && self.length >= SHORTEST
    }
}

/// What stands alone between two digits and may be a gap.
#[inline]
fn single_joints(before: &Marks, here: &Marks, after: &Marks) -> u64 {
    here.joints & follows(here.digits, before.digits) & ahead(here.digits, after.digits, 1)
}

fn begins_with_few_letters(bytes: &[u8], few: usize) -> bool {
    let letters = bytes.iter().take(few + 1);
    let letters = letters
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    (1..=few).contains(&letters)
}
