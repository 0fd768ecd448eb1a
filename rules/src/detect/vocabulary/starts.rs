//! Where words begin in sixty-four bytes of a text, and where they break off.
//!
//! Comes in: the marks of the bytes and of those around. Goes out: [`Starts`], for whoever asks a vocabulary what begins there.

use super::super::sweep::bits::{behind, follows, window};
use super::super::sweep::{Marks, WIDTH};
use super::heads::AHEAD;

/// One bit a byte.
#[derive(Debug, Clone, Copy)]
pub(in crate::detect) struct Starts<'m> {
    bits: u64,
    /// What no word goes on with: no letter, or a capital after a small one. Of these bytes and of the next.
    breaks: [u64; 2],
    here: &'m Marks,
    after: &'m Marks,
}

/// What stands from the first letter of a word on.
#[derive(Debug, Clone, Copy)]
pub(in crate::detect) struct Ahead {
    pub bytes: [u8; AHEAD],
    /// Where the word may break off; never at its first letter.
    pub breaks: u64,
    /// What is not ASCII.
    pub others: u64,
}

impl<'m> Starts<'m> {
    #[inline(always)]
    pub(in crate::detect) fn of(before: &Marks, here: &'m Marks, after: &'m Marks) -> Self {
        let humps = humps(before, here);
        let after_letter = follows(here.letters, before.letters);
        let after_other = follows(here.others, before.others);
        // Behind an accent a word goes on; behind a quote or a dash it begins, with an accent or not.
        let after_accent = behind(here.accents, before.accents, 2);
        let firsts = (here.letters | here.accents) & !after_letter & !after_accent;
        Self {
            // A capital behind an accent begins one where the accent is small: who finds a word there looks.
            bits: firsts
                | humps
                | (here.capitals & after_other)
                | (here.others & !after_letter & !after_other),
            breaks: [
                !(here.letters | here.others) | humps,
                !(after.letters | after.others) | self::humps(here, after),
            ],
            here,
            after,
        }
    }

    #[inline(always)]
    pub(in crate::detect) fn bits(&self) -> u64 {
        self.bits
    }

    /// The word at `bit`.
    #[inline(always)]
    pub(in crate::detect) fn ahead(&self, bit: usize, bytes: &Bytes) -> Ahead {
        let word = bytes.get(bit % WIDTH..).unwrap_or_default();
        Ahead {
            bytes: *word.first_chunk().unwrap_or(&[b'\n'; AHEAD]),
            breaks: window(self.breaks[0], self.breaks[1], bit) & !1,
            others: window(self.here.others, self.after.others, bit),
        }
    }

    /// From `bit` on: the first bytes of accented letters, and what more than an accent makes hard to read.
    pub(super) fn accents(&self, bit: usize) -> [u64; 2] {
        let odd = |before: &Marks, here: &Marks| {
            let accented = here.accents | follows(here.accents, before.accents);
            // « santéPublique » is two words.
            (here.others & !accented) | (here.capitals & follows(here.others, before.others))
        };
        let (here, after) = (self.here, self.after);
        // A word begins behind `bit`: what is before the block does not matter, but for the accent cut by its border.
        [
            window(here.accents, after.accents, bit),
            window(odd(&Marks::default(), here), odd(here, after), bit),
        ]
    }
}

/// The bytes of a block and those behind.
pub(in crate::detect) type Bytes = [u8; WIDTH + AHEAD];

/// Those from `base` on; behind the text stand line ends, in `spare`.
#[inline(always)]
pub(in crate::detect) fn bytes_from<'t>(
    text: &'t str,
    base: usize,
    spare: &'t mut Bytes,
) -> &'t Bytes {
    let rest = text.as_bytes().get(base..).unwrap_or_default();
    rest.first_chunk().unwrap_or_else(|| fill(spare, rest))
}

#[cold]
fn fill<'t>(spare: &'t mut Bytes, rest: &[u8]) -> &'t Bytes {
    spare.fill(b'\n');
    for (to, from) in spare.iter_mut().zip(rest) {
        *to = *from;
    }
    spare
}

/// Capitals after small letters.
#[inline(always)]
fn humps(before: &Marks, here: &Marks) -> u64 {
    let small = |marks: &Marks| marks.letters & !marks.capitals;
    here.capitals & follows(small(here), small(before))
}
