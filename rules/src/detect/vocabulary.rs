//! Words of the rules, found where words begin.
//!
//! Comes in: a text as people and programs write it, and the place of a letter. Goes out: which words of the rules stand
//! there. Accents, case and typographic spaces are folded on the way; `dateNaissance`, `date_naissance` and « Date
//! naissance » are words alike; a plural is the same word.
//!
//! Most words of a text are none of ours. The heads of ours (their first letters, eight at most) are in a small set that
//! stays near the processor; a word is read to its end only when its head is there.

mod heads;
mod starts;
mod word;

use std::collections::HashMap;
use std::ops::Range;

use rustc_hash::FxHashMap;

pub(super) use self::heads::Head;
use self::heads::{
    AHEAD, GLUED, HEAD, Heads, Second, accented_head, ascii_head, glued, letters_of, pair,
    second_letters, slow_head,
};
pub(super) use self::starts::{Ahead, Bytes, Starts, bytes_from};
use self::word::Word;
use super::sweep::bits::bits;
use super::sweep::{Marks, Processor, Visitor, WIDTH};
use crate::text::fold;

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

/// A word by its head.
struct Begun {
    id: WordId,
    /// The first letters of its second word, where one sign stands before.
    second: Option<[u8; 2]>,
    /// The head is that of the word, not of its plural or of what it only begins.
    is_own: bool,
}

impl<M: Default> Vocabulary<M> {
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
        let second = second_letters(folded.as_bytes(), letters)
            // What goes on behind a prefix may be any letter.
            .filter(|[_, next]| standing != Standing::Prefix || *next != 0);
        let mut heads = vec![head];
        let mut own = Some(head);
        match standing {
            Standing::Prefix if is_one_word => {
                let is_capital = text.starts_with(|letter: char| letter.is_ascii_uppercase());
                if letters < GLUED || !is_capital {
                    return Err(NoWord::ShortPrefix(text.to_owned()));
                }
                heads = vec![glued(head)];
                own = None;
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
                    match second {
                        None => self.pairs.insert(head),
                        Some(second) => second_and_plurals(second)
                            .for_each(|second| self.pairs.insert(pair(head, second))),
                    }
                }
            }
            self.by_head.entry(head).or_default().push(Begun {
                id,
                second,
                is_own: own == Some(head),
            });
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

    pub(super) fn meaning(&self, id: WordId) -> Option<&M> {
        self.meanings.get(id.0 as usize)
    }

    /// The word, folded.
    pub(super) fn word(&self, id: WordId) -> &str {
        self.get(id).map_or("", |word| word.folded.as_str())
    }

    /// The head of the word at `bit`, `at` in the text, when one of ours may have it.
    #[inline(always)]
    pub(super) fn head_at(
        &self,
        text: &str,
        at: usize,
        bytes: &Bytes,
        starts: &Starts<'_>,
        bit: usize,
    ) -> Option<Head> {
        let word = starts.ahead(bit, bytes);
        let near = (word.breaks ^ word.breaks.wrapping_sub(1)) & u64::from(u8::MAX);
        if word.others & near != 0 {
            return self.accented_head_at(text, at, word, starts.accents(bit));
        }
        let length = word.breaks.trailing_zeros() as usize;
        let letters = ascii_head(&word.bytes, length);
        if self.heads.contain(letters) {
            let head = Head::plain(letters, &word, length);
            if self.goes_on(head) {
                return Some(head);
            }
        }
        let [first, ..] = word.bytes;
        (first.is_ascii_uppercase() && self.is_capital(letters))
            .then(|| Head::plain(letters, &word, length))
    }

    /// The same with accents.
    #[inline(never)]
    fn accented_head_at(
        &self,
        text: &str,
        at: usize,
        word: Ahead,
        accents: [u64; 2],
    ) -> Option<Head> {
        let [first, ..] = word.bytes;
        let Some(head) = accented_head(word, accents) else {
            return self.slow_head_at(text, at);
        };
        let letters = head.letters();
        let is_ours = (self.heads.contain(letters) && self.goes_on(head))
            || (!first.is_ascii_lowercase() && self.is_capital(letters));
        is_ours.then_some(head)
    }

    /// The same letter by letter.
    #[cold]
    fn slow_head_at(&self, text: &str, at: usize) -> Option<Head> {
        let head = text.get(at..).map_or(0, slow_head);
        let is_ours = self.heads.contain(head) || self.is_capital(head);
        is_ours.then(|| Head::unmeasured(head))
    }

    /// Whether the words that have this head may go on with what follows it.
    #[inline]
    fn goes_on(&self, head: Head) -> bool {
        self.pairs.contain(head.letters())
            || match head.second() {
                Second::Unknown => true,
                Second::None => false,
                Second::Letters(second) => self.pairs.contain(pair(head.letters(), second)),
            }
    }

    #[inline]
    fn is_capital(&self, head: u64) -> bool {
        self.capital_heads.contain(head) || self.glued.contain(glued(head))
    }

    /// Shows the words that begin at `at`, where `head` was seen.
    pub(super) fn words_at(
        &self,
        text: &str,
        at: usize,
        head: Head,
        mut found: impl FnMut(WordAt),
    ) {
        if !has_border_before(text, at) {
            return;
        }
        let letters = head.letters();
        let second = head.second();
        let may_go_on = |begun: &Begun| match (begun.second, second) {
            (None, _) | (_, Second::Unknown) => true,
            (Some(_), Second::None) => false,
            (Some(own), Second::Letters(second)) => {
                second_and_plurals(own).any(|own| own == second)
            }
        };
        for begun in self.begun(letters).iter().filter(|begun| may_go_on(begun)) {
            let end = self.get(begun.id).and_then(|word| match begun.is_own {
                true => word.end_behind(text, at, head),
                false => word.end_in(text, at),
            });
            if let Some(end) = end {
                found(WordAt {
                    id: begun.id,
                    start: at,
                    end,
                });
            }
        }
        let prefix = glued(letters);
        if prefix != letters && self.glued.contain(prefix) {
            for begun in self.begun(prefix) {
                let word = self.get(begun.id);
                if let Some(end) = word.and_then(|word| word.end_in(text, at)) {
                    found(WordAt {
                        id: begun.id,
                        start: at,
                        end,
                    });
                }
            }
        }
    }

    /// Shows every word of ours that begins in this part of a text, in order.
    pub(super) fn read(
        &self,
        processor: Processor,
        text: &str,
        part: Range<usize>,
        found: impl FnMut(WordAt),
    ) {
        // The letter before tells whether a word begins; a head may go on behind the part.
        let base = part.start.saturating_sub(1);
        let until = part.end.saturating_add(AHEAD).min(text.len());
        let mut reader = Reader {
            vocabulary: self,
            text,
            part,
            base,
            found,
        };
        processor.sweep(
            text.as_bytes().get(base..until).unwrap_or_default(),
            &mut reader,
        );
    }

    fn begun(&self, head: u64) -> &[Begun] {
        self.by_head.get(&head).map_or(&[], Vec::as_slice)
    }

    fn get(&self, id: WordId) -> Option<&Word> {
        self.words.get(id.0 as usize)
    }
}

/// A part of a text in which words are looked for.
struct Reader<'a, M, F> {
    vocabulary: &'a Vocabulary<M>,
    text: &'a str,
    part: Range<usize>,
    /// Where the next block begins.
    base: usize,
    found: F,
}

impl<M: Default, F: FnMut(WordAt)> Visitor for Reader<'_, M, F> {
    #[inline(always)]
    fn take(&mut self, before: &Marks, here: &Marks, after: &Marks) {
        let starts = Starts::of(before, here, after);
        let mut spare = [0; _];
        let bytes = bytes_from(self.text, self.base, &mut spare);
        for bit in bits(starts.bits()) {
            let at = self.base + bit;
            let head = self.vocabulary.head_at(self.text, at, bytes, &starts, bit);
            if let Some(head) = head.filter(|_| self.part.contains(&at)) {
                self.vocabulary
                    .words_at(self.text, at, head, &mut self.found);
            }
        }
        self.base += WIDTH;
    }
}

/// A single letter may end a word, and have a plural.
fn second_and_plurals([first, next]: [u8; 2]) -> impl Iterator<Item = [u8; 2]> {
    let others: &[u8] = if next == 0 { b"sx" } else { b"" };
    std::iter::once([first, next]).chain(others.iter().map(move |next| [first, *next]))
}

/// In a word, `_` is a space.
fn folded(text: &str) -> String {
    fold(text).replace('_', " ")
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
mod tests;
