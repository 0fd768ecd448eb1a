//! Words of the rules, found where words begin.
//!
//! Comes in: a text as people and programs write it, and the place of a letter. Goes out: which words of the rules stand
//! there. Accents, case and typographic spaces are folded on the way; `dateNaissance`, `date_naissance` and « Date
//! naissance » are words alike; a plural is the same word.
//!
//! Most words of a text are none of ours: the first letters of ours are in a small set that stays in the nearest cache, and
//! the rest of a word is read only when its first letters are there.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

use crate::text::{fold, plain_letter};

/// How many letters tell most words apart.
const OPENING: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct WordId(u32);

/// How a word must stand in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Standing {
    /// Between word borders.
    Whole,
    /// The same, and with a capital.
    Capital,
    /// At the beginning of a longer word: `ghp_…`.
    Prefix,
}

/// A word of the rules in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WordAt {
    pub id: WordId,
    pub start: usize,
    pub end: usize,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum NoWord {
    #[error("`{0}` does not begin with a letter")]
    NoLetter(String),
    #[error(
        "`{0}` is too short for the beginning of a word: {OPENING} letters, or a sign after fewer"
    )]
    ShortPrefix(String),
}

/// Words, each with what it means to whoever made the list.
#[derive(Default)]
pub(super) struct Vocabulary<M> {
    words: Vec<Word>,
    /// By the place of each word.
    meanings: Vec<M>,
    ids: HashMap<(String, Standing), WordId>,
    openings: Openings,
    capital_openings: Openings,
    /// By the place of their opening in the sets.
    by_opening: HashMap<u16, Vec<WordId>, BuildHasherDefault<PlaceHasher>>,
}

struct Word {
    folded: String,
    standing: Standing,
}

impl<M: Copy + Default> Vocabulary<M> {
    /// The meaning of a word, which is added where it was not known.
    pub(super) fn entry(&mut self, text: &str, standing: Standing) -> Result<&mut M, NoWord> {
        let id = match self.id(text, standing) {
            Some(id) => id,
            None => self.add(text, standing)?,
        };
        self.meanings
            .get_mut(id.0 as usize)
            .ok_or_else(|| NoWord::NoLetter(text.to_owned()))
    }

    fn add(&mut self, text: &str, standing: Standing) -> Result<WordId, NoWord> {
        let folded = folded(text);
        let opening = slow_opening(&folded);
        let letters = opening
            .to_le_bytes()
            .iter()
            .filter(|byte| **byte != 0)
            .count();
        if letters == 0 {
            return Err(NoWord::NoLetter(text.to_owned()));
        }
        let is_short = letters < OPENING && folded.len() == letters;
        if is_short && standing == Standing::Prefix {
            return Err(NoWord::ShortPrefix(text.to_owned()));
        }
        let id = WordId(u32::try_from(self.words.len()).unwrap_or(u32::MAX));
        let mut openings = vec![opening];
        if is_short {
            let plurals = [b's', b'x'].map(|letter| opening | u32::from(letter) << (8 * letters));
            openings.extend(plurals);
        }
        for opening in openings {
            match standing {
                Standing::Capital => self.capital_openings.insert(opening),
                Standing::Whole | Standing::Prefix => self.openings.insert(opening),
            }
            self.by_opening.entry(place(opening)).or_default().push(id);
        }
        self.ids.insert((folded.clone(), standing), id);
        self.words.push(Word { folded, standing });
        self.meanings.push(M::default());
        Ok(id)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The identity of a word that was added.
    pub(super) fn id(&self, text: &str, standing: Standing) -> Option<WordId> {
        self.ids.get(&(folded(text), standing)).copied()
    }

    pub(super) fn meaning(&self, id: WordId) -> M {
        let meaning = self.meanings.get(id.0 as usize);
        meaning.copied().unwrap_or_default()
    }

    /// The word, folded.
    pub(super) fn word(&self, id: WordId) -> &str {
        self.get(id).map_or("", |word| word.folded.as_str())
    }

    /// The first letters of what begins at `at`, when a word of ours begins like that.
    #[inline]
    pub(super) fn opening_at(&self, text: &str, at: usize) -> Option<Opening> {
        let opening = opening(text, at);
        let is_small = text.as_bytes().get(at).is_some_and(u8::is_ascii_lowercase);
        self.is_ours(opening, !is_small).then_some(Opening(opening))
    }

    /// Whether a word of ours may begin at `at`, where one of the first letters is no ASCII.
    #[inline]
    pub(super) fn opens_accented(&self, text: &str, at: usize) -> bool {
        let opening = text.get(at..).map(accented_opening);
        opening.is_some_and(|opening| self.is_ours(opening, true))
    }

    /// The same where `LETTERS` letters of ASCII stand, and no capital after a small one among them.
    #[inline]
    pub(super) fn opens_plain<const LETTERS: usize>(&self, text: &str, at: usize) -> bool {
        let four = text
            .as_bytes()
            .get(at..)
            .and_then(|rest| rest.first_chunk::<OPENING>());
        let Some(four) = four.map(|four| u32::from_le_bytes(*four)) else {
            return self.opening_at(text, at).is_some();
        };
        let opening = (four | 0x2020_2020) & (u32::MAX >> (8 * (OPENING - LETTERS)));
        self.is_ours(opening, four & 0x20 == 0)
    }

    #[inline]
    fn is_ours(&self, opening: u32, may_be_capital: bool) -> bool {
        self.openings.contain(opening) || (may_be_capital && self.capital_openings.contain(opening))
    }

    /// The words that begin at `at`, where `opening` was seen.
    pub(super) fn words_at<'a>(
        &'a self,
        text: &'a str,
        at: usize,
        opening: Opening,
    ) -> impl Iterator<Item = WordAt> + 'a {
        let ids = match self.by_opening.get(&place(opening.0)) {
            Some(ids) if has_border_before(text, at) => ids.as_slice(),
            _ => &[],
        };
        ids.iter().filter_map(move |id| {
            let end = self.get(*id)?.end_in(text, at)?;
            Some(WordAt {
                id: *id,
                start: at,
                end,
            })
        })
    }

    /// Every word of ours that begins in this part of a text, in order.
    pub(super) fn words_in<'a>(
        &'a self,
        text: &'a str,
        part: Range<usize>,
    ) -> impl Iterator<Item = WordAt> + 'a {
        part.filter(|at| is_word_start(text.as_bytes(), *at))
            .filter_map(|at| Some((at, self.opening_at(text, at)?)))
            .flat_map(|(at, opening)| self.words_at(text, at, opening))
    }

    fn get(&self, id: WordId) -> Option<&Word> {
        self.words.get(id.0 as usize)
    }
}

impl Word {
    /// Where this word, begun at `at`, ends.
    fn end_in(&self, text: &str, at: usize) -> Option<usize> {
        let bytes = text.as_bytes();
        if self.standing == Standing::Capital
            && !text
                .get(at..)?
                .chars()
                .next()
                .is_some_and(char::is_uppercase)
        {
            return None;
        }
        let mut rest = self.folded.as_str();
        let mut end = at;
        let mut after_lower = false;
        while let Some(byte) = bytes.get(end) {
            if byte.is_ascii() {
                if rest.is_empty() {
                    break;
                }
                if after_lower && byte.is_ascii_uppercase() {
                    rest = rest.strip_prefix(' ')?;
                }
                after_lower = byte.is_ascii_lowercase();
                let folded = if *byte == b'_' {
                    b' '
                } else {
                    byte.to_ascii_lowercase()
                };
                if rest.as_bytes().first() != Some(&folded) {
                    return None;
                }
                rest = rest.get(1..)?;
                end += 1;
                continue;
            }
            let letter = text.get(end..)?.chars().next()?;
            let plain = plain_letter(letter);
            if rest.is_empty() && plain != Some("") {
                break;
            }
            after_lower = letter.is_lowercase();
            rest = match plain {
                Some(plain) => rest.strip_prefix(plain)?,
                None => letter
                    .to_lowercase()
                    .try_fold(rest, |rest, lower| rest.strip_prefix(lower))?,
            };
            end += letter.len_utf8();
        }
        (rest.is_empty() && self.may_end(text, end, after_lower)).then_some(end)
    }

    fn may_end(&self, text: &str, end: usize, after_lower: bool) -> bool {
        if self.standing == Standing::Prefix {
            return true;
        }
        let mut after = text.get(end..).unwrap_or_default().chars();
        let is_border = |letter: Option<char>, after_lower: bool| {
            letter.is_none_or(|letter| {
                !letter.is_alphabetic() || (after_lower && letter.is_ascii_uppercase())
            })
        };
        let next = after.next();
        is_border(next, after_lower)
            || (matches!(next, Some('s' | 'x' | 'S' | 'X'))
                && is_border(after.next(), matches!(next, Some('s' | 'x'))))
    }
}

/// In a word, `_` is a space.
fn folded(text: &str) -> String {
    fold(text).replace('_', " ")
}

/// The first letters of some words of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Opening(u32);

/// A set of openings: false for almost all that are not in it.
struct Openings(Box<[u64; 1024]>);

impl Default for Openings {
    fn default() -> Self {
        Self(Box::new([0; 1024]))
    }
}

impl Openings {
    fn insert(&mut self, opening: u32) {
        let (word, bit) = word_and_bit(place(opening));
        if let Some(word) = self.0.get_mut(word) {
            *word |= bit;
        }
    }

    #[inline]
    fn contain(&self, opening: u32) -> bool {
        let (word, bit) = word_and_bit(place(opening));
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }
}

/// Fibonacci hashing to sixteen bits.
#[inline]
fn place(opening: u32) -> u16 {
    let [.., low, high] = opening.wrapping_mul(0x9e37_79b1).to_le_bytes();
    u16::from_le_bytes([low, high])
}

#[inline]
fn word_and_bit(place: u16) -> (usize, u64) {
    (usize::from(place >> 6), 1 << (place & 63))
}

/// A place is a hash already.
#[derive(Default)]
struct PlaceHasher(u64);

impl Hasher for PlaceHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes
            .iter()
            .for_each(|byte| self.write_u16(u16::from(*byte)));
    }

    fn write_u16(&mut self, place: u16) {
        // The table takes its tag from the highest bits.
        self.0 = (self.0 ^ u64::from(place)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

/// The letters from `at` on, four at most, folded, up to what is no letter or a capital after a small one.
#[inline]
fn opening(text: &str, at: usize) -> u32 {
    const EACH: u32 = 0x0101_0101;
    let Some(four) = text
        .as_bytes()
        .get(at..)
        .and_then(|rest| rest.first_chunk::<OPENING>())
    else {
        return text.get(at..).map_or(0, slow_opening);
    };
    let four = u32::from_le_bytes(*four);
    let lower = four | (EACH * 0x20);
    // The high bit of each byte that is a letter, whatever the byte (Hacker's Delight, 6-1).
    let ascii = lower & (EACH * 0x7f);
    let letters = (ascii + EACH * (0x80 - 0x61)) & !(ascii + EACH * (0x80 - 0x7b)) & !four;
    let letters = letters & (EACH * 0x80);
    let capitals = letters & !(four << 2);
    let humps = capitals & ((letters & !capitals) << 8);
    let stops = (!letters & (EACH * 0x80)) | humps;
    let length = stops.trailing_zeros() / 8;
    if length < 4 && four >> (8 * length) & 0x80 != 0 {
        return text.get(at..).map_or(0, accented_opening);
    }
    lower & u32::try_from((1u64 << (8 * length)) - 1).unwrap_or(u32::MAX)
}

/// The same where an accent of French stands among the letters.
fn accented_opening(text: &str) -> u32 {
    let mut opening = 0;
    let mut length = 0;
    let mut after_lower = false;
    let mut bytes = text.bytes();
    while length < OPENING {
        let letter = match bytes.next() {
            Some(letter) if after_lower && letter.is_ascii_uppercase() => break,
            Some(letter) if letter.is_ascii_alphabetic() => letter,
            Some(0xc3) => match bytes
                .next()
                .and_then(|second| LATIN_1.get(usize::from(second & 0x3f)))
            {
                Some(letter) if *letter != 0 => *letter,
                _ => return slow_opening(text),
            },
            Some(0x80..) => return slow_opening(text),
            _ => break,
        };
        after_lower = letter.is_ascii_lowercase();
        opening |= u32::from(letter | 0x20) << (8 * length);
        length += 1;
    }
    opening
}

/// U+00C0 to U+00FF without their accents; zero where that is no single letter.
const LATIN_1: [u8; 64] =
    *b"AAAAAA\0CEEEEIIII\0NOOOOO\0OUUUUY\0\0aaaaaa\0ceeeeiiii\0nooooo\0ouuuuy\0y";

fn slow_opening(text: &str) -> u32 {
    let mut opening = [0; OPENING];
    let mut length = 0;
    let mut after_lower = false;
    for letter in text.chars() {
        if after_lower && letter.is_ascii_uppercase() {
            break;
        }
        after_lower = letter.is_lowercase();
        let mut buffer = [0; 4];
        let plain = plain_letter(letter)
            .unwrap_or_else(|| letter.to_ascii_lowercase().encode_utf8(&mut buffer));
        for byte in plain.bytes() {
            match opening.get_mut(length) {
                Some(place) if byte.is_ascii_lowercase() => *place = byte,
                _ => return u32::from_le_bytes(opening),
            }
            length += 1;
        }
    }
    u32::from_le_bytes(opening)
}

/// Whether a word may begin here: a letter after something else, or a capital after a small letter.
fn is_word_start(bytes: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| bytes.get(before));
    match (before, bytes.get(at)) {
        (Some(before), Some(byte)) if byte.is_ascii_alphabetic() => {
            !before.is_ascii_alphabetic()
                || (before.is_ascii_lowercase() && byte.is_ascii_uppercase())
        }
        (Some(before), Some(0x80..)) => before.is_ascii() && !before.is_ascii_alphabetic(),
        (None, Some(byte)) => byte.is_ascii_alphabetic() || !byte.is_ascii(),
        _ => false,
    }
}

fn has_border_before(text: &str, at: usize) -> bool {
    let byte_before = at
        .checked_sub(1)
        .and_then(|before| text.as_bytes().get(before));
    if byte_before.is_none_or(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric()) {
        return true;
    }
    let Some(before) = text.get(..at).and_then(|before| before.chars().next_back()) else {
        return true;
    };
    let is_hump =
        before.is_lowercase() && text.as_bytes().get(at).is_some_and(u8::is_ascii_uppercase);
    is_hump || !before.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(words: &[&str], text: &str) -> Vec<String> {
        let mut vocabulary = Vocabulary::<()>::default();
        for word in words {
            vocabulary.entry(word, Standing::Whole).unwrap();
        }
        vocabulary
            .words_in(text, 0..text.len())
            .map(|found| text[found.start..found.end].to_owned())
            .collect()
    }

    #[test]
    fn a_word_is_known_however_it_is_written() {
        let words = [
            "date de naissance",
            "naissance",
            "nir",
            "n° secu",
            "né le",
            "œuvre",
        ];
        for (text, expected) in [
            (
                "Date de naissance :",
                vec!["Date de naissance", "naissance"],
            ),
            ("dateDeNaissance", vec!["dateDeNaissance", "Naissance"]),
            ("DATE_DE_NAISSANCE", vec!["DATE_DE_NAISSANCE", "NAISSANCE"]),
            (
                "date\u{a0}de naissance",
                vec!["date\u{a0}de naissance", "naissance"],
            ),
            ("(NIRs)", vec!["NIR"]),
            ("N°\u{a0}Sécu", vec!["N°\u{a0}Sécu"]),
            ("né le, ne\u{301} le", vec!["né le", "ne\u{301} le"]),
            ("les Œuvres", vec!["Œuvre"]),
            ("éœuvre souvenir nirvana renaissance 2nir", vec![]),
        ] {
            assert_eq!(found(&words, text), expected, "{text}");
        }
    }

    #[test]
    fn capitals_and_prefixes() {
        let mut vocabulary = Vocabulary::<()>::default();
        vocabulary.entry("Rose", Standing::Capital).unwrap();
        vocabulary.entry("ghp_", Standing::Prefix).unwrap();
        assert!(vocabulary.entry("ghp", Standing::Prefix).is_err());
        assert!(vocabulary.entry("3949", Standing::Whole).is_err());
        assert_eq!(count(&vocabulary, "une rose, Rose, ROSE"), 2);
        assert_eq!(count(&vocabulary, "ghp_16C7e42F292c"), 1);
    }

    fn count(vocabulary: &Vocabulary<()>, text: &str) -> usize {
        vocabulary.words_in(text, 0..text.len()).count()
    }

    #[test]
    fn the_quick_opening_is_the_slow_one() {
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
        ];
        for text in texts {
            for at in (0..text.len()).filter(|at| text.is_char_boundary(*at)) {
                assert_eq!(opening(text, at), slow_opening(&text[at..]), "{text} {at}");
            }
        }
    }
}
