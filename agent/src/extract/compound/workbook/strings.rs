//! The strings of a workbook: those in a record, and those that all cells share, cut wherever a record ends.

use crate::extract::bytes::{of_utf16, of_windows};

/// One text after another, and where each ends.
#[derive(Debug, Default)]
pub(super) struct Strings {
    text: String,
    ends: Vec<usize>,
    is_cut: bool,
}

impl Strings {
    /// From the parts of the record: how often they are used, how many there are, then each of them.
    pub(super) fn read(parts: &[Vec<u8>], most: usize) -> Self {
        let mut strings = Self::default();
        let mut cursor = Cursor {
            parts,
            part: 0,
            at: 8,
        };
        while let Some(text) = cursor.string() {
            strings.text.push_str(&text);
            strings.ends.push(strings.text.len());
            if strings.text.len() + size_of::<usize>() * strings.ends.len() > most {
                strings.is_cut = true;
                break;
            }
        }
        strings
    }

    pub(super) fn get(&self, rank: usize) -> Option<&str> {
        let end = *self.ends.get(rank)?;
        let start = rank.checked_sub(1).and_then(|before| self.ends.get(before));
        self.text.get(start.copied().unwrap_or(0)..end)
    }

    /// There are more than fit.
    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }
}

/// A string of so many letters in one record; those of Excel 97 begin with a byte that says how wide its letters are.
pub(super) fn plain(bytes: &[u8], letters: usize, of_97: bool) -> Option<String> {
    if !of_97 {
        return Some(of_windows(bytes.get(..letters)?));
    }
    let (flags, bytes) = bytes.split_first()?;
    Some(if flags & 1 == 0 {
        of_latin(bytes.get(..letters)?)
    } else {
        of_utf16(bytes.get(..2 * letters)?)
    })
}

/// The first 256 letters of Unicode, one byte each.
fn of_latin(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// A place in a record that is cut in parts.
struct Cursor<'p> {
    parts: &'p [Vec<u8>],
    part: usize,
    at: usize,
}

impl Cursor<'_> {
    /// [MS-XLS] 2.5.293: letters, then what says which of them are bold, then what a Japanese reader needs.
    fn string(&mut self) -> Option<String> {
        let letters = usize::from(self.number()?);
        let flags = self.byte()?;
        let runs = if flags & 0x08 == 0 {
            0
        } else {
            usize::from(self.number()?)
        };
        let phonetic = if flags & 0x04 == 0 {
            0
        } else {
            let (low, high) = (self.number()?, self.number()?);
            usize::from(low) + (usize::from(high) << 16)
        };
        let text = self.letters(letters, flags & 1 == 1)?;
        self.skip(4 * runs)?;
        self.skip(phonetic)?;
        Some(text)
    }

    /// In each part the letters may have another width; its first byte says so.
    fn letters(&mut self, mut left: usize, mut is_wide: bool) -> Option<String> {
        let mut text = String::new();
        loop {
            let here = self.parts.get(self.part)?.get(self.at..)?;
            let width = if is_wide { 2 } else { 1 };
            let count = left.min(here.len() / width);
            let bytes = here.get(..count * width)?;
            text.push_str(&if is_wide {
                of_utf16(bytes)
            } else {
                of_latin(bytes)
            });
            self.at += bytes.len();
            left -= count;
            if left == 0 {
                return Some(text);
            }
            (self.part, self.at) = (self.part + 1, 0);
            is_wide = self.byte()? & 1 == 1;
        }
    }

    fn byte(&mut self) -> Option<u8> {
        while self.at >= self.parts.get(self.part)?.len() {
            (self.part, self.at) = (self.part + 1, 0);
        }
        let byte = self.parts.get(self.part)?.get(self.at).copied()?;
        self.at += 1;
        Some(byte)
    }

    fn number(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > 0 {
            let here = self.parts.get(self.part)?.len().saturating_sub(self.at);
            if count <= here {
                self.at += count;
                return Some(());
            }
            count -= here;
            (self.part, self.at) = (self.part + 1, 0);
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_goes_on_in_the_next_part_with_another_width() {
        let parts = vec![
            b"\x02\0\0\0\x02\0\0\0\x03\0\0ab".to_vec(),
            b"\x01\xe9\0\x02\0\x01o\0u\0".to_vec(),
        ];
        let strings = Strings::read(&parts, 1024);
        assert_eq!(strings.get(0), Some("abé"));
        assert_eq!(strings.get(1), Some("ou"));
        assert_eq!(strings.get(2), None);
    }

    #[test]
    fn what_a_hostile_record_says_is_not_believed() {
        for bytes in [
            &b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x0d"[..],
            b"",
            b"\0\0\0\0\0\0\0\0\x05",
        ] {
            let strings = Strings::read(&[bytes.to_vec()], 1024);
            assert_eq!(strings.get(0), None, "{bytes:?}");
        }
    }
}
