//! Heads of words: their first letters, folded, in one number; and small sets of them.

use super::super::sweep::bits::first_bits;
use super::Ahead;
use crate::text::plain_letter;

/// How many letters of a word are its head.
pub(super) const HEAD: usize = 8;
/// How many bytes they take, accents and all.
pub(super) const AHEAD: usize = 2 * HEAD;
/// As many of a prefix that no sign ends: what follows may be letters too.
pub(super) const GLUED: usize = 4;

/// The head of what may be a word of ours, seen in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::detect) struct Head {
    letters: u64,
    /// In bytes of the text, where it is known.
    length: Option<u8>,
    second: Second,
}

/// What stands one sign behind a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Second {
    Letters([u8; 2]),
    /// The word goes on: no second one begins there.
    None,
    /// What only a comparison letter by letter would tell.
    Unknown,
}

impl Head {
    /// One that was read letter by letter.
    pub(super) fn unmeasured(letters: u64) -> Self {
        Self {
            letters,
            length: None,
            second: Second::Unknown,
        }
    }

    /// That of a word without accents, so many letters long.
    #[inline(always)]
    pub(super) fn plain(letters: u64, word: &Ahead, length: usize) -> Self {
        Self::new(letters, word, length, length)
    }

    /// `letters` of a word of so many letters, which are `length` bytes.
    #[inline(always)]
    fn new(head: u64, word: &Ahead, letters: usize, length: usize) -> Self {
        let (length, second) = if letters <= HEAD {
            (length, Second::behind(word, length))
        } else {
            (HEAD + length - letters, Second::None)
        };
        Self {
            letters: head,
            length: u8::try_from(length).ok(),
            second,
        }
    }

    #[inline]
    pub(super) fn letters(self) -> u64 {
        self.letters
    }

    /// In bytes of the text, where it is known.
    #[inline]
    pub(super) fn length(self) -> Option<usize> {
        self.length.map(usize::from)
    }

    /// The first letters of the word behind.
    #[inline]
    pub(super) fn second(self) -> Second {
        self.second
    }
}

impl Second {
    /// The two first letters of what follows the `length` bytes of a word and one sign of ASCII; zero for the second of a
    /// single one.
    #[inline(always)]
    fn behind(word: &Ahead, length: usize) -> Self {
        // Two letters with accents must be seen whole.
        let behind = word.bytes.get(length..).unwrap_or_default();
        let Some(&[sign, first, next, ..]) = behind.first_chunk::<5>() else {
            return Self::Unknown;
        };
        let (breaks, others) = (word.breaks >> length, word.others >> length);
        let is_plain = others & 0b111 == 0 && breaks & 0b11 == 0b01;
        if !is_plain || sign.is_ascii_alphabetic() {
            return Self::accented(word, length);
        }
        let next = if breaks & 0b100 == 0 { next } else { 0 };
        Self::Letters([first, next].map(|letter| letter.to_ascii_lowercase()))
    }

    /// The same letter by letter.
    #[inline(never)]
    fn accented(word: &Ahead, length: usize) -> Self {
        second_letters(&word.bytes, length).map_or(Self::Unknown, Self::Letters)
    }
}

/// A set of heads: false for almost all that are not in it.
pub(super) struct Heads(Box<[u64; 1 << (PLACES - 6)]>);

/// Bits of a place in the set.
const PLACES: u32 = 17;

impl Default for Heads {
    fn default() -> Self {
        Self(Box::new([0; 1 << (PLACES - 6)]))
    }
}

impl Heads {
    pub(super) fn insert(&mut self, head: u64) {
        let (word, bit) = word_and_bit(head);
        if let Some(word) = self.0.get_mut(word) {
            *word |= bit;
        }
    }

    #[inline]
    pub(super) fn contain(&self, head: u64) -> bool {
        let (word, bit) = word_and_bit(head);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }
}

/// Fibonacci hashing.
#[inline]
fn word_and_bit(head: u64) -> (usize, u64) {
    let place = hash(head) >> (u64::BITS - PLACES);
    ((place >> 6) as usize, 1 << (place & 63))
}

#[inline]
fn hash(head: u64) -> u64 {
    head.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// In every byte: the bit that makes a capital small.
pub(super) const SMALL: u64 = EACH * 0x20;
const EACH: u64 = 0x0101_0101_0101_0101;

/// The two first letters of what follows the first bytes of a word and one sign of ASCII, when those are letters of French;
/// zero for the second of a single one.
pub(super) fn second_letters(word: &[u8], length: usize) -> Option<[u8; 2]> {
    let (sign, second) = word.get(length..)?.split_first()?;
    if !sign.is_ascii() || sign.is_ascii_alphabetic() {
        return None;
    }
    let (first, rest) = letter_of_french(second)?;
    let next = match rest {
        [] => 0,
        [sign, ..] if sign.is_ascii() && !sign.is_ascii_alphabetic() => 0,
        // Between a small letter and a capital, a word ends.
        [capital, ..] if capital.is_ascii_uppercase() && first.is_ascii_lowercase() => 0,
        _ => letter_of_french(rest)?.0,
    };
    Some([first, next].map(|letter| letter.to_ascii_lowercase()))
}

/// Without its accent, in its own case.
fn letter_of_french(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let (letter, rest) = match bytes {
        [letter, rest @ ..] if letter.is_ascii_alphabetic() => (*letter, rest),
        [0xc3, accented, rest @ ..] => (*LATIN_1.get(usize::from(accented & 0x3f))?, rest),
        _ => return None,
    };
    (letter != 0).then_some((letter, rest))
}

/// A head and the first letters of the second word, mixed.
#[inline]
pub(super) fn pair(head: u64, second: [u8; 2]) -> u64 {
    head ^ u64::from(u16::from_le_bytes(second)) << (8 * (HEAD - 2))
}

/// So many bytes, the first lowest; all for more than there are.
#[inline(always)]
pub(super) fn first_bytes(count: usize) -> u64 {
    if count < HEAD {
        (1 << (8 * count)) - 1
    } else {
        u64::MAX
    }
}

#[inline]
pub(super) fn glued(head: u64) -> u64 {
    head & first_bytes(GLUED)
}

pub(super) fn letters_of(head: u64) -> usize {
    HEAD - head.leading_zeros() as usize / 8
}

/// The first letters of ASCII of a word that has `length` of them.
#[inline(always)]
pub(super) fn ascii_head(word: &[u8; AHEAD], length: usize) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = *word;
    (u64::from_le_bytes([a, b, c, d, e, f, g, h]) | SMALL) & first_bytes(length)
}

/// The head of a word with accents of French; none where it has other letters. `accents` and `odd` are what
/// [`Starts::accents`] says of it.
///
/// [`Starts::accents`]: super::Starts::accents
pub(super) fn accented_head(mut word: Ahead, [accents, odd]: [u64; 2]) -> Option<Head> {
    let first_odd = odd.trailing_zeros() as usize;
    if first_odd < (word.breaks.trailing_zeros() as usize).min(AHEAD) {
        // Nothing but quotes, dashes and spaces is surely no letter.
        if !ends_word(word.bytes.get(first_odd..)?) {
            return None;
        }
        word.breaks |= 1 << first_odd;
    }
    let length = word.breaks.trailing_zeros() as usize;
    let [a, b, c, d, e, f, g, h, more @ ..] = word.bytes;
    let mut letters = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
    let mut rest = accents & first_bits(length);
    let mut removed = 0;
    // Each accented letter is two bytes, and becomes one.
    for next in more {
        let place = (rest.trailing_zeros() as usize).wrapping_sub(removed);
        if place >= HEAD {
            break;
        }
        rest &= rest - 1;
        removed += 1;
        let behind = letters >> 8 | u64::from(next) << (8 * (HEAD - 1));
        let [accented, ..] = (behind >> (8 * place)).to_le_bytes();
        let letter = *LATIN_1.get(usize::from(accented & 0x3f))?;
        if letter == 0 {
            return None;
        }
        let through = first_bytes(place + 1);
        letters = letters & (through >> 8) | u64::from(letter) << (8 * place) | behind & !through;
    }
    let count = length - removed;
    let head = (letters | SMALL) & first_bytes(count);
    Some(Head::new(head, &word, count, length))
}

/// Whether no letter of a word begins with these bytes, which are not ASCII: quotes, dashes, spaces.
fn ends_word(bytes: &[u8]) -> bool {
    match bytes {
        // But for soft hyphens and marks of no width.
        [0xc2, second, ..] => *second != 0xad,
        [0xe2, 0x80, third, ..] => !matches!(third, 0x8b..=0x8f),
        [0xe2, 0x82, ..] => true,
        _ => false,
    }
}

/// U+00C0 to U+00FF without their accents; zero where that is no single letter.
const LATIN_1: [u8; 64] =
    *b"AAAAAA\0CEEEEIIII\0NOOOOO\0OUUUUY\0\0aaaaaa\0ceeeeiiii\0nooooo\0ouuuuy\0y";

/// The first letters of a word, eight at most, folded, up to what is no letter or a capital after a small one.
pub(super) fn slow_head(text: &str) -> u64 {
    let mut head = [0; HEAD];
    let mut length = 0;
    let mut after_small = false;
    for letter in text.chars() {
        if after_small && letter.is_ascii_uppercase() {
            break;
        }
        after_small = letter.is_lowercase();
        let mut buffer = [0; 4];
        let plain = plain_letter(letter)
            .unwrap_or_else(|| letter.to_ascii_lowercase().encode_utf8(&mut buffer));
        for byte in plain.bytes() {
            match head.get_mut(length) {
                Some(place) if byte.is_ascii_lowercase() => *place = byte,
                _ => return u64::from_le_bytes(head),
            }
            length += 1;
        }
    }
    u64::from_le_bytes(head)
}

#[cfg(test)]
mod tests {
    use super::super::super::sweep::bits::bits;
    use super::super::super::sweep::{Marks, Processor, Visitor, WIDTH};
    use super::super::{Starts, bytes_from};
    use super::*;

    /// The quick heads of a text, where they begin.
    struct Quick<'t> {
        text: &'t str,
        base: usize,
        heads: Vec<(usize, Option<Head>)>,
    }

    impl Visitor for Quick<'_> {
        fn take(&mut self, before: &Marks, here: &Marks, after: &Marks) {
            let starts = Starts::of(before, here, after);
            let mut spare = [0; _];
            let bytes = bytes_from(self.text, self.base, &mut spare);
            for bit in bits(starts.bits()) {
                let at = self.base + bit;
                let word = starts.ahead(bit, bytes);
                let length = word.breaks.trailing_zeros() as usize;
                let quick = if self.text.as_bytes()[at..][..length.min(HEAD)].is_ascii() {
                    Some(Head::plain(ascii_head(&word.bytes, length), &word, length))
                } else {
                    accented_head(word, starts.accents(bit))
                };
                self.heads.push((at, quick));
            }
            self.base += WIDTH;
        }
    }

    #[test]
    fn the_quick_head_is_the_slow_one() {
        let texts = [
            "date ",
            "NIR 1",
            "Élève",
            "n° se",
            "noSe",
            "ab",
            "aBcd",
            "a\u{301}bcd",
            "zé@[",
            "œufs",
            "Æêéü",
            "éA",
            "Éa÷",
            "`{az",
            "a-bc",
            "l’école",
            "d’Étampes",
            "«\u{a0}Été\u{a0}»",
            "ÉTATS",
            "caféÎle",
            "prématurément",
            "déjàVu",
            "numéroDeSécuritéSociale",
            "SÉCURITÉ SOCIALE",
            "bénéficiaires",
            "éèêëéèêëéè",
            "aujourd\u{ad}hui",
        ];
        let mut quick = 0;
        for padding in 0..70 {
            for text in texts {
                let text = format!("{}{text} et la suite", " ".repeat(padding));
                let mut seen = Quick {
                    text: &text,
                    base: 0,
                    heads: Vec::new(),
                };
                Processor::of_this_machine().sweep(text.as_bytes(), &mut seen);
                assert!(!seen.heads.is_empty(), "{text}");
                for (at, head) in seen.heads {
                    let Some(head) = head else {
                        continue;
                    };
                    let rest = &text[at..];
                    assert_eq!(head.letters(), slow_head(rest), "{text} {at}");
                    if let Some(length) = head.length() {
                        assert_eq!(slow_head(&rest[..length]), head.letters(), "{text} {at}");
                    }
                    quick += 1;
                }
            }
        }
        assert!(quick > 5_000, "{quick}");
    }
}
