//! The words of a name: letters, and hyphens and apostrophes between letters.

use crate::text::fold;

/// Bytes of one word at most, hyphens and apostrophes included.
const LONGEST_WORD: usize = 40;

/// One word of a text: letters, and hyphens and apostrophes between letters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<'t> {
    pub text: &'t str,
    pub start: usize,
}

impl<'t> Word<'t> {
    pub(super) fn at(text: &'t str, start: usize) -> Option<Self> {
        let rest = text.get(start..text.floor_char_boundary(start + LONGEST_WORD))?;
        let mut end = 0;
        let mut joined = false;
        for (index, letter) in rest.char_indices() {
            if letter.is_alphabetic() {
                end = index + letter.len_utf8();
                joined = false;
            } else if is_joint(letter) && !joined && index > 0 {
                joined = true;
            } else if !is_mark(letter) {
                break;
            }
        }
        let text = rest.get(..end).filter(|word| !word.is_empty())?;
        Some(Self { text, start })
    }

    pub(super) fn before(text: &'t str, end: usize) -> Option<Self> {
        let from = text.ceil_char_boundary(end.saturating_sub(LONGEST_WORD));
        let before = text.get(from..end)?;
        let mut start = before.len();
        let mut joined = false;
        for (index, letter) in before.char_indices().rev() {
            if letter.is_alphabetic() {
                start = index;
                joined = false;
            } else if is_joint(letter) && !joined && index + letter.len_utf8() < before.len() {
                joined = true;
            } else if !is_mark(letter) {
                break;
            }
        }
        let word = before.get(start..).filter(|word| !word.is_empty())?;
        Some(Self {
            text: word,
            start: from + start,
        })
    }

    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    pub(super) fn folded(&self) -> String {
        fold(self.text)
    }

    pub(super) fn is_capitalised(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }

    pub(super) fn is_capitals(&self) -> bool {
        let mut letters = self.text.chars().filter(|letter| letter.is_alphabetic());
        letters.clone().count() >= 2 && letters.all(char::is_uppercase)
    }

    /// A capital, then at least one small letter.
    pub(super) fn is_title(&self) -> bool {
        self.is_capitalised() && self.text.chars().any(char::is_lowercase)
    }
}

pub(super) fn is_joint(letter: char) -> bool {
    matches!(letter, '-' | '\'' | '’' | '\u{2011}' | '‐')
}

/// Combining accents, as a Mac writes them.
fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}')
}
