//! Heads of words: their first letters, folded, in one number; and small sets of them.

use crate::text::plain_letter;

/// How many letters of a word are its head.
pub(in crate::detect) const HEAD: usize = 8;
/// As many of a prefix that no sign ends: what follows may be letters too.
pub(super) const GLUED: usize = 4;

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

/// What follows the first bytes of a word and one sign of ASCII, when that is a letter of French.
#[inline]
pub(super) fn second_letter(word: &[u8], length: usize) -> Option<u8> {
    let (sign, second) = word.get(length..)?.split_first()?;
    if !sign.is_ascii() || sign.is_ascii_alphabetic() {
        return None;
    }
    let second = match second {
        [letter, ..] if letter.is_ascii_alphabetic() => *letter,
        [0xc3, accented, ..] => *LATIN_1.get(usize::from(accented & 0x3f))?,
        _ => return None,
    };
    (second != 0).then(|| second.to_ascii_lowercase())
}

/// A head and the first letter of the second word, mixed.
#[inline]
pub(super) fn pair(head: u64, second: u8) -> u64 {
    head ^ u64::from(second) << (8 * (HEAD - 1))
}

/// So many bytes, the first lowest; all for more than there are.
#[inline]
pub(super) fn first_bytes(count: usize) -> u64 {
    match count {
        0 => 0,
        count => u64::MAX >> (u64::BITS as usize - 8 * count.min(HEAD)),
    }
}

#[inline]
pub(super) fn glued(head: u64) -> u64 {
    head & first_bytes(GLUED)
}

pub(super) fn letters_of(head: u64) -> usize {
    HEAD - head.leading_zeros() as usize / 8
}

/// The first letters of the word at `at`, eight at most, folded, up to what is no letter or a capital after a small one.
#[inline]
pub(super) fn head(text: &str, at: usize) -> u64 {
    let mut head = 0;
    let mut length = 0;
    let mut place = at;
    let mut after_small = false;
    let bytes = text.as_bytes();
    while length < HEAD {
        let Some(next) = bytes.get(place..).and_then(|rest| rest.first_chunk()) else {
            return text.get(at..).map_or(0, slow_head);
        };
        let next = u64::from_le_bytes(*next);
        let letters = letters_in_a_row(next, after_small);
        head |= ((next | SMALL) & first_bytes(letters)) << (8 * length);
        length += letters;
        place += letters;
        if letters == HEAD {
            break;
        }
        // An accent of French goes on; anything else of that sort is rare.
        match bytes.get(place..place + 2) {
            Some([0xc3, accented]) if length < HEAD => {
                let letter = LATIN_1.get(usize::from(accented & 0x3f)).copied();
                let Some(letter) = letter.filter(|letter| *letter != 0) else {
                    return text.get(at..).map_or(0, slow_head);
                };
                head |= u64::from(letter | 0x20) << (8 * length);
                after_small = letter.is_ascii_lowercase();
                length += 1;
                place += 2;
            }
            Some([0x80..=0xff, _]) if length < HEAD => return text.get(at..).map_or(0, slow_head),
            _ => break,
        }
    }
    head
}

/// The same where no capital stands after a small letter, and its bytes; none where it has more than accents of French.
#[inline]
pub(super) fn accented_head(word: &[u8]) -> Option<(u64, usize)> {
    let mut head = 0;
    let mut length = 0;
    let mut rest = word;
    while length < HEAD {
        let (letter, after) = match rest {
            [letter, after @ ..] if letter.is_ascii_alphabetic() => (*letter, after),
            [0xc3, accented, after @ ..] => {
                let letter = LATIN_1.get(usize::from(accented & 0x3f)).copied();
                (letter.unwrap_or_default(), after)
            }
            [0x80..=0xff, ..] => return None,
            _ => break,
        };
        if letter == 0 {
            return None;
        }
        head |= u64::from(letter | 0x20) << (8 * length);
        length += 1;
        rest = after;
    }
    Some((head, word.len() - rest.len()))
}

/// How many letters of ASCII open these bytes, up to a capital after a small letter.
#[inline]
fn letters_in_a_row(bytes: u64, after_small: bool) -> usize {
    const HIGH: u64 = EACH * 0x80;
    // The high bit of each byte that is a letter, whatever the byte (Hacker's Delight, 6-1).
    let ascii = (bytes | SMALL) & (EACH * 0x7f);
    let letters = (ascii + EACH * (0x80 - 0x61)) & !(ascii + EACH * (0x80 - 0x7b)) & !bytes & HIGH;
    let capitals = letters & !(bytes << 2);
    let small = letters & !capitals;
    let humps = capitals & (small << 8 | u64::from(after_small) << 7);
    ((!letters & HIGH | humps).trailing_zeros() / 8) as usize
}

/// U+00C0 to U+00FF without their accents; zero where that is no single letter.
const LATIN_1: [u8; 64] =
    *b"AAAAAA\0CEEEEIIII\0NOOOOO\0OUUUUY\0\0aaaaaa\0ceeeeiiii\0nooooo\0ouuuuy\0y";

/// The same, letter by letter.
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
    use super::*;

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
            "prématurément",
            "déjàVu",
            "numéroDeSécuritéSociale",
            "SÉCURITÉ SOCIALE",
            "bénéficiaires",
        ];
        for text in texts {
            let text = format!("{text} et la suite");
            for at in (0..text.len()).filter(|at| text.is_char_boundary(*at)) {
                let expected = slow_head(&text[at..]);
                assert_eq!(head(&text, at), expected, "{text} {at}");
                let accented = accented_head(&text.as_bytes()[at..]);
                if let Some((head, _)) = accented.filter(|_| !text.contains(char::is_uppercase)) {
                    assert_eq!(head, expected, "{text} {at}");
                }
            }
        }
    }
}
