//! Where words begin in sixty-four bytes of a text, and where they break off.
//!
//! Comes in: the marks of the bytes and of those around. Goes out: [`Starts`], for whoever asks a vocabulary what begins there.

use super::super::sweep::bits::{follows, window};
use super::super::sweep::{Marks, WIDTH};
use super::heads::AHEAD;

/// One bit a byte.
#[derive(Debug, Clone, Copy)]
pub(in crate::detect) struct Starts {
    bits: u64,
    /// What no word goes on with: no letter, or a capital after a small one. Of these bytes and of the next.
    breaks: [u64; 2],
    /// What is not ASCII.
    others: [u64; 2],
}

impl Starts {
    /// `base` is where the bytes of `here` begin.
    #[inline(always)]
    pub(in crate::detect) fn of(
        before: &Marks,
        here: &Marks,
        after: &Marks,
        text: &[u8],
        base: usize,
    ) -> Self {
        let humps = humps(before, here);
        let after_letter = follows(here.letters, before.letters);
        let after_other = follows(here.others, before.others);
        let firsts = here.letters & !after_letter;
        let mut bits = firsts | humps | (here.others & !after_letter & !after_other);
        // Behind an accent a word goes on, behind a dash it begins.
        let mut doubtful = firsts & after_other;
        while doubtful != 0 {
            let bit = doubtful.trailing_zeros() as usize;
            if follows_accent(text, base + bit) {
                bits &= !(1 << bit);
            }
            doubtful &= doubtful - 1;
        }
        Self {
            bits,
            breaks: [
                !(here.letters | here.others) | humps,
                !(after.letters | after.others) | self::humps(here, after),
            ],
            others: [here.others, after.others],
        }
    }

    #[inline(always)]
    pub(in crate::detect) fn bits(&self) -> u64 {
        self.bits
    }

    /// The breaks and what is not ASCII, from the word at `bit` on.
    #[inline(always)]
    pub(in crate::detect) fn from(&self, bit: usize) -> [u64; 2] {
        // A word does not break off where it begins.
        let breaks = window(self.breaks[0], self.breaks[1], bit) & !1;
        [breaks, window(self.others[0], self.others[1], bit)]
    }
}

/// The bytes of a block and those behind, line ends after the text.
pub(in crate::detect) struct Bytes([u8; WIDTH + AHEAD]);

impl Bytes {
    /// Those from `base` on.
    #[inline(always)]
    pub(in crate::detect) fn of(text: &str, base: usize) -> Self {
        let rest = text.as_bytes().get(base..).unwrap_or_default();
        if let Some(bytes) = rest.first_chunk() {
            return Self(*bytes);
        }
        let mut bytes = [b'\n'; WIDTH + AHEAD];
        bytes
            .iter_mut()
            .zip(rest)
            .for_each(|(to, from)| *to = *from);
        Self(bytes)
    }

    /// What stands from the place `bit` on.
    #[inline(always)]
    pub(in crate::detect) fn from(&self, bit: usize) -> &[u8; AHEAD] {
        let from = self.0.get(bit % WIDTH..).unwrap_or_default();
        from.first_chunk().unwrap_or(&[b'\n'; AHEAD])
    }
}

/// Capitals after small letters.
#[inline(always)]
fn humps(before: &Marks, here: &Marks) -> u64 {
    let small = |marks: &Marks| marks.letters & !marks.capitals;
    here.capitals & follows(small(here), small(before))
}

/// Whether a letter of French with an accent ends here; × and ÷ are no letters.
#[inline]
fn follows_accent(bytes: &[u8], at: usize) -> bool {
    let before = at.checked_sub(2).and_then(|from| bytes.get(from..at));
    matches!(before, Some([0xc3, accented]) if !matches!(accented, 0x97 | 0xb7))
}
