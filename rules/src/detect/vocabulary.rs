//! Words of the rules, found where words begin.
//!
//! Comes in: a text as people and programs write it, and the place of a letter. Goes out: which words of the rules stand
//! there. Accents, case and typographic spaces are folded on the way; `dateNaissance`, `date_naissance` and « Date
//! naissance » are words alike; a plural is the same word.
//!
//! Most words of a text are none of ours. The heads of ours (their first letters, eight at most) are in a small set that
//! stays near the processor; a word is read to its end only when its head is there.

mod heads;

use std::collections::HashMap;
use std::ops::Range;

use rustc_hash::FxHashMap;

pub(super) use self::heads::HEAD;
use self::heads::{
    GLUED, Heads, SMALL, accented_head, first_bytes, glued, head, letters_of, pair, second_letter,
    slow_head,
};
use crate::text::{fold, plain_letter};

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
        "`{0}` says too little of the beginning of a word: it takes a sign behind its letters, or {GLUED} letters and a capital first"
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
    heads: Heads,
    /// The same, and of several words with the first letter of the second: « de confession » is not « de la ».
    pairs: Heads,
    /// Of what stands with a capital.
    capital_heads: Heads,
    /// The first letters of prefixes that no sign ends.
    glued: Heads,
    by_head: FxHashMap<u64, Vec<Begun>>,
}

struct Word {
    folded: String,
    standing: Standing,
}

/// A word by its head.
struct Begun {
    id: WordId,
    /// The first letter of its second word, where one sign stands before.
    second: Option<u8>,
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
        let head = slow_head(&folded);
        let letters = letters_of(head);
        if letters == 0 {
            return Err(NoWord::NoLetter(text.to_owned()));
        }
        let id = WordId(u32::try_from(self.words.len()).unwrap_or(u32::MAX));
        let is_one_word = folded.len() == letters;
        let second = second_letter(folded.as_bytes(), letters);
        let mut heads = vec![head];
        match standing {
            Standing::Prefix if is_one_word => {
                let is_capital = text.starts_with(|letter: char| letter.is_ascii_uppercase());
                if letters < GLUED || !is_capital {
                    return Err(NoWord::ShortPrefix(text.to_owned()));
                }
                heads = vec![glued(head)];
                self.glued.insert(glued(head));
            }
            // The head of its plural.
            _ if is_one_word && letters < HEAD => {
                heads.extend([b's', b'x'].map(|letter| head | u64::from(letter) << (8 * letters)));
            }
            _ => (),
        }
        for head in heads {
            match standing {
                Standing::Capital => self.capital_heads.insert(head),
                Standing::Whole | Standing::Prefix => {
                    self.heads.insert(head);
                    self.pairs
                        .insert(second.map_or(head, |second| pair(head, second)));
                }
            }
            self.by_head
                .entry(head)
                .or_default()
                .push(Begun { id, second });
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

    /// The head of what begins at `at`, when a word of ours may have it.
    #[inline]
    pub(super) fn head_at(&self, text: &str, at: usize) -> Option<Head> {
        let head = head(text, at);
        let is_small = || text.as_bytes().get(at).is_some_and(u8::is_ascii_lowercase);
        let is_ours = self.heads.contain(head) || (!is_small() && self.is_capital(head));
        is_ours.then_some(Head(head))
    }

    /// The same where no capital stands after a small letter.
    #[inline]
    pub(super) fn accented_head_at(&self, text: &str, at: usize) -> Option<Head> {
        let word = text.as_bytes().get(at..).unwrap_or_default();
        let Some((head, length)) = accented_head(word) else {
            return self.head_at(text, at);
        };
        let is_small = || word.first().is_some_and(u8::is_ascii_lowercase);
        let is_ours = (self.heads.contain(head) && self.goes_on(head, word, length))
            || (!is_small() && self.is_capital(head));
        is_ours.then_some(Head(head))
    }

    /// The same where so many letters of ASCII stand, no accent and no capital after a small letter among them, and then
    /// something else than a letter.
    #[inline(always)]
    pub(super) fn plain_head_at(&self, text: &str, at: usize, letters: usize) -> Option<Head> {
        let rest = text.as_bytes().get(at..);
        let Some(word) = rest.and_then(|rest| rest.first_chunk::<HEAD>()) else {
            return self.head_at(text, at);
        };
        let word = u64::from_le_bytes(*word);
        let head = (word | SMALL) & first_bytes(letters);
        let is_ours = (self.heads.contain(head)
            && self.goes_on(head, rest.unwrap_or_default(), letters))
            || (word & 0x20 == 0 && self.is_capital(head));
        is_ours.then_some(Head(head))
    }

    /// Whether the words that have this head may go on with what follows its `length` bytes in the text.
    fn goes_on(&self, head: u64, word: &[u8], length: usize) -> bool {
        let second = second_letter(word, length);
        self.pairs.contain(head)
            || second.is_none_or(|second| self.pairs.contain(pair(head, second)))
    }

    #[inline]
    fn is_capital(&self, head: u64) -> bool {
        self.capital_heads.contain(head) || self.glued.contain(glued(head))
    }

    /// The words that begin at `at`, where `head` was seen.
    pub(super) fn words_at<'a>(
        &'a self,
        text: &'a str,
        at: usize,
        head: Head,
    ) -> impl Iterator<Item = WordAt> + 'a {
        let ids = |head| self.by_head.get(&head).map_or(&[][..], Vec::as_slice);
        let (whole, prefixes) = if has_border_before(text, at) {
            let glued = glued(head.0);
            let is_longer = glued != head.0 && self.glued.contain(glued);
            (ids(head.0), if is_longer { ids(glued) } else { &[] })
        } else {
            (&[][..], &[][..])
        };
        let rest = text.as_bytes().get(at..).unwrap_or_default();
        let second = second_letter(rest, letters_of(head.0));
        let may_go_on = move |begun: &&Begun| {
            second.is_none() || begun.second.is_none() || begun.second == second
        };
        let begun = whole.iter().chain(prefixes).filter(may_go_on);
        begun.filter_map(move |Begun { id, .. }| {
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
        word_starts(text.as_bytes(), part)
            .filter_map(|at| Some((at, self.head_at(text, at)?)))
            .flat_map(|(at, head)| self.words_at(text, at, head))
    }

    fn get(&self, id: WordId) -> Option<&Word> {
        self.words.get(id.0 as usize)
    }
}

impl Word {
    /// Where this word, begun at `at`, ends.
    fn end_in(&self, text: &str, at: usize) -> Option<usize> {
        let bytes = text.as_bytes();
        if self.is_surely_not(bytes.get(at..)?) {
            return None;
        }
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

    /// Whether a small letter or a digit stands where this word has something else: most words are left there.
    fn is_surely_not(&self, bytes: &[u8]) -> bool {
        let mut both = bytes.iter().zip(self.folded.bytes());
        let differs = both.find(|(byte, folded)| byte.to_ascii_lowercase() != *folded);
        differs.is_some_and(|(byte, _)| byte.is_ascii_lowercase() || byte.is_ascii_digit())
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

/// The head of some word of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head(u64);

/// Where words may begin in this part.
fn word_starts(bytes: &[u8], part: Range<usize>) -> impl Iterator<Item = usize> {
    let mut at = part.start;
    std::iter::from_fn(move || {
        while at < part.end {
            let place = at;
            let byte = bytes.get(place)?;
            at += 1;
            if byte.is_ascii() && !byte.is_ascii_alphabetic() {
                continue;
            }
            let is_start = is_word_start(bytes, place);
            // No word begins at a small letter behind another letter.
            while at < part.end && byte.is_ascii() && bytes.get(at)?.is_ascii_lowercase() {
                at += 1;
            }
            if is_start {
                return Some(place);
            }
        }
        None
    })
}

/// Whether a word may begin here: a letter after something else, or a capital after a small letter.
fn is_word_start(bytes: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| bytes.get(before));
    match (before, bytes.get(at)) {
        (Some(before), Some(byte)) if byte.is_ascii_alphabetic() => {
            if before.is_ascii_alphabetic() {
                before.is_ascii_lowercase() && byte.is_ascii_uppercase()
            } else {
                before.is_ascii() || !follows_accent(bytes, at)
            }
        }
        (Some(before), Some(0x80..)) => before.is_ascii() && !before.is_ascii_alphabetic(),
        (None, Some(byte)) => byte.is_ascii_alphabetic() || !byte.is_ascii(),
        _ => false,
    }
}

/// Whether a letter of French with an accent ends here; × and ÷ are no letters.
#[inline]
pub(super) fn follows_accent(bytes: &[u8], at: usize) -> bool {
    let before = at.checked_sub(2).and_then(|from| bytes.get(from..at));
    matches!(before, Some([0xc3, accented]) if !matches!(accented, 0x97 | 0xb7))
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
        vocabulary.entry("AKIA", Standing::Prefix).unwrap();
        assert!(vocabulary.entry("ghp", Standing::Prefix).is_err());
        assert!(vocabulary.entry("asia", Standing::Prefix).is_err());
        assert!(vocabulary.entry("3949", Standing::Whole).is_err());
        assert_eq!(count(&vocabulary, "une rose, Rose, ROSE"), 2);
        assert_eq!(count(&vocabulary, "ghp_16C7e42F292c"), 1);
        assert_eq!(count(&vocabulary, "AKIAIOSFODNN7EXAMPLE AKIA2E0A8F3B"), 2);
    }

    fn count(vocabulary: &Vocabulary<()>, text: &str) -> usize {
        vocabulary.words_in(text, 0..text.len()).count()
    }
}
