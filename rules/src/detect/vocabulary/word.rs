//! One word of the rules against a text: where it ends there, if it stands there.
//!
//! Comes in: a text, a place where a word begins, and the head that was seen there. For the vocabulary alone.

use super::Standing;
use super::heads::{Head, letters_of};
use crate::text::plain_letter;

pub(super) struct Word {
    pub folded: String,
    pub standing: Standing,
}

impl Word {
    /// Where this word ends, where a head that is its own begins at `at`.
    pub(super) fn end_behind(&self, text: &str, at: usize, head: Head) -> Option<usize> {
        let Some(length) = head.length() else {
            return self.end_in(text, at);
        };
        if self.lacks_capital(text, at) {
            return None;
        }
        let rest = self.folded.get(letters_of(head.letters())..)?;
        let end = at + length;
        let after_lower = match text.as_bytes().get(end.checked_sub(1)?)? {
            last if last.is_ascii() => last.is_ascii_lowercase(),
            _ => text.get(..end)?.chars().next_back()?.is_lowercase(),
        };
        self.go_on(text, end, rest, after_lower)
    }

    /// Where this word, begun at `at`, ends.
    pub(super) fn end_in(&self, text: &str, at: usize) -> Option<usize> {
        if self.is_surely_not(text.as_bytes().get(at..)?) || self.lacks_capital(text, at) {
            return None;
        }
        self.go_on(text, at, &self.folded, false)
    }

    fn lacks_capital(&self, text: &str, at: usize) -> bool {
        let first = || text.get(at..).and_then(|rest| rest.chars().next());
        self.standing == Standing::Capital && !first().is_some_and(char::is_uppercase)
    }

    /// Where the word ends, of which `rest` is still to come at `from`.
    fn go_on(&self, text: &str, from: usize, rest: &str, after_lower: bool) -> Option<usize> {
        let bytes = text.as_bytes();
        let (mut rest, mut end, mut after_lower) = (rest, from, after_lower);
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
