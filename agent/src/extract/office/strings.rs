//! The strings that the cells of a workbook share: the one part that has to be in memory.

use std::io;

use super::package::Package;
use super::xml::Token;
use crate::extract::limits::Limit;
use crate::extract::reading::Reading;

/// One text after another, and where each ends.
#[derive(Debug, Default)]
pub(super) struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    /// All of them, or those that fit and the limit that was reached.
    pub(super) fn read(
        package: &mut Package<'_, '_>,
        part: &str,
        reading: &mut Reading<'_>,
    ) -> io::Result<(Self, Option<Limit>)> {
        let most = usize::try_from(reading.limits().held_bytes).unwrap_or(usize::MAX);
        let mut strings = Self::default();
        let mut reached = None;
        let (mut is_text, mut is_phonetic) = (false, false);
        package.walk(part, reading, &mut |token, _| {
            if strings.size() > most {
                reached = Some(Limit::Held);
                return Ok(());
            }
            match token {
                Token::Start(tag) => match tag.name() {
                    "t" => is_text = true,
                    "rPh" => is_phonetic = true,
                    _ => {}
                },
                Token::End("t") => is_text = false,
                Token::End("rPh") => is_phonetic = false,
                Token::End("si") => strings.push(""),
                Token::Text(text) if is_text && !is_phonetic => strings.text.push_str(text),
                _ => {}
            }
            Ok(())
        })?;
        Ok((strings, reached))
    }

    /// What they take in memory.
    pub(super) fn size(&self) -> usize {
        self.text.len() + 4 * self.ends.len()
    }

    /// The end of the next string.
    pub(super) fn push(&mut self, end: &str) {
        self.text.push_str(end);
        let end = u32::try_from(self.text.len());
        self.ends.push(end.unwrap_or(u32::MAX));
    }

    pub(super) fn get(&self, rank: usize) -> Option<&str> {
        let end = usize::try_from(*self.ends.get(rank)?).ok()?;
        let before = rank.checked_sub(1).and_then(|before| self.ends.get(before));
        let start = before.map_or(Some(0), |start| usize::try_from(*start).ok())?;
        self.text.get(start..end)
    }
}
