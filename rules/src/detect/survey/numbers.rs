//! Which numbers of a block are worth a look without a label: long enough for what they begin with, among the right letters,
//! or going on behind a longer gap.

use super::super::forms::ip::SHORTEST_BARE;
use super::super::gap::{gap, space_before, value_after_escape};
use super::super::judge::is_iban_word;
use super::super::sweep::bits::{
    ahead, behind, bits, first_bits, follows, in_a_row, run_before, window,
};
use super::super::sweep::{Marks, WIDTH};
use super::Pass;

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
        let (mut worth, mut dotted) = (0, 0);
        // Most numbers are too short, and nothing that could be theirs follows them.
        let mut rest = starts
            & (in_a_row(number, number_after, bare.fewest)
                | before_letters(number, here, after)
                | before_dots(bare.dotted, here, after));
        while rest != 0 {
            let start = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            let digits = window(here.digits, after.digits, start);
            let number = Number::of(digits, window(number, number_after, start));
            let is_worth = (number.digits >= bare.fewest
                && self.may_be_bare(base + start, &number))
                || (bare.before_letters >> number.digits.min(u64::BITS - 1) & 1 == 1
                    && self.goes_on_in_letters(start, &number, here, after));
            worth |= u64::from(is_worth) << start;
            if bare.dotted && number.may_be_dotted() && self.is_dotted(base + start, &number) {
                dotted |= 1 << start;
            }
        }
        let worth = worth | self.after_letters(base, starts & !worth, before, here, after);
        if let Some(block) = self.survey.blocks.last_mut() {
            block.worth = worth;
            block.dotted = dotted;
            block.number = number;
        }
        if here.escapes | here.others | here.joints != 0 {
            self.follow_escapes(base, before, here, after);
        }
    }

    /// Whether some kind may begin with this number, nothing but digits and gaps of one byte.
    fn may_be_bare(&self, at: usize, number: &Number) -> bool {
        let byte = |at: usize| self.text.as_bytes().get(at).copied();
        let bare = &self.landmarks.numbers;
        let first = byte(at).unwrap_or_default();
        if number.digits >= bare.after_plus && at.checked_sub(1).and_then(byte) == Some(b'+') {
            return true;
        }
        if number.digits < bare.fewest_of(first, number.group) {
            return false;
        }
        let cuts = number.cuts();
        let openings = bare.openings(first);
        // A number that reaches the end of what is seen may go on.
        number.length >= WIDTH - 1
            || openings
                .iter()
                .any(|opening| opening.fits(number.group, number.digits, cuts))
    }

    /// `81.57.123.45`
    fn is_dotted(&self, at: usize, number: &Number) -> bool {
        let byte = |place: usize| self.text.as_bytes().get(at + place);
        byte(number.group) == Some(&b'.')
            && byte(number.group + 1 + number.second_group()) == Some(&b'.')
    }

    /// Whether a few letters follow this number, as many as some kind has there: `1 85 05 2A…`.
    fn goes_on_in_letters(
        &self,
        start: usize,
        number: &Number,
        here: &Marks,
        after: &Marks,
    ) -> bool {
        let end = start + number.length;
        if end + 2 > 2 * WIDTH {
            return false;
        }
        let letters = if end < WIDTH {
            window(here.letters, after.letters, end)
        } else {
            after.letters >> (end - WIDTH)
        };
        // A gap may stand before the letters; it is no part of the number.
        let row = (letters >> (letters & 1 ^ 1)).trailing_ones();
        row > 0
            && row
                <= self.landmarks.numbers.letters_after(
                    number.digits,
                    number.group,
                    number.second_group(),
                )
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
        let mut worth = 0;
        let mut rest = starts & (touching | joined | escaped | spaced);
        while rest != 0 {
            let start = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            let at = base + start;
            let bytes = self.text.as_bytes().get(..=at).unwrap_or_default();
            let distance = if touching >> start & 1 == 1 {
                1
            } else if spaced >> start & 1 == 1 {
                space_before(bytes, at).unwrap_or(1) + 1
            } else {
                2
            };
            let letter = |further: usize| {
                let place = at.checked_sub(distance + further);
                place.and_then(|place| bytes.get(place)).copied()
            };
            let is_worth = if long >> start & 1 == 1 {
                // Long words belong to no value, but for « IBANFR76… » as forms print it.
                matches!(letter(2), Some(b'n' | b'N'))
                    && is_iban_word(bytes, (at + 1).saturating_sub(distance + 2))
            } else {
                let before_last = letter(1).filter(u8::is_ascii_alphabetic);
                let in_a_row = window(here.digits, after.digits, start).trailing_ones() as usize;
                letter(0).is_some_and(|last| {
                    let after_letters = &self.landmarks.numbers.after_letters;
                    after_letters.allow(before_last, last, in_a_row)
                })
            };
            let may_end_escape = (touching | escaped) >> start & 1 == 1;
            let is_worth = is_worth
                || (may_end_escape && value_after_escape(self.text.as_bytes(), at).is_some());
            worth |= u64::from(is_worth) << start;
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
    /// Where its digits are.
    places: u64,
}

impl Number {
    /// From the digits and the number of the sixty-four bytes that begin with it.
    #[inline(always)]
    fn of(digits: u64, number: u64) -> Self {
        let length = number.trailing_ones() as usize;
        let places = digits & first_bits(length);
        Self {
            length,
            digits: places.count_ones(),
            group: digits.trailing_ones() as usize,
            places,
        }
    }

    /// The digits in a row behind the first gap; none where the number has no gap.
    fn second_group(&self) -> usize {
        if self.group < self.length {
            (self.places >> self.group >> 1).trailing_ones() as usize
        } else {
            0
        }
    }

    /// The digits before which a gap stands, by bit.
    fn cuts(&self) -> u64 {
        let mut gaps = !self.places & first_bits(self.length);
        let (mut cuts, mut passed) = (0, 0);
        while gaps != 0 {
            cuts |= 1 << (gaps.trailing_zeros() - passed);
            passed += 1;
            gaps &= gaps - 1;
        }
        cuts
    }

    /// Four short numbers and what is between them.
    #[inline(always)]
    fn may_be_dotted(&self) -> bool {
        let gaps = self.length - self.digits as usize;
        gaps >= 3 && self.group <= 3 && self.length >= SHORTEST_BARE
    }
}

/// The numbers behind which letters stand, a gap between them or none; in part at least those that go on in the next block.
#[inline(always)]
fn before_letters(number: u64, here: &Marks, after: &Marks) -> u64 {
    let letters = ahead(here.letters, after.letters, 1) | ahead(here.letters, after.letters, 2);
    let mut numbers = 0;
    let mut ends = number & !(number >> 1) & letters;
    while ends != 0 {
        numbers |= run_before(number, ends.trailing_zeros() as usize + 1);
        ends &= ends - 1;
    }
    // One that reaches the end of the block is looked at.
    numbers | run_before(number, WIDTH)
}

/// What stands so near before a dot as the first of four numbers does.
#[inline(always)]
fn before_dots(dotted: bool, here: &Marks, after: &Marks) -> u64 {
    if !dotted || here.dots | after.dots == 0 {
        return 0;
    }
    ahead(here.dots, after.dots, 1)
        | ahead(here.dots, after.dots, 2)
        | ahead(here.dots, after.dots, 3)
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
