//! Which characters do these bytes stand for? A guess for French town halls: UTF-8, UTF-16, Windows-1252, ISO-8859-15
//! and the DOS code page 850, told apart by what French text looks like in each.
//!
//! General detectors know neither code page 850 (exports of old business software) nor the euro and « œ » of
//! ISO-8859-15, and answer exotic encodings on the short texts of a share.

use encoding_rs::{ISO_8859_15, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How the bytes of a text become characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// ASCII as far as read; the first other byte decides.
    Undecided,
    /// Bytes that are not UTF-8 are read as Windows-1252: logs and concatenated exports mix both.
    Utf8,
    Cp850,
    /// Another one, by its table.
    Other(&'static encoding_rs::Encoding),
}

/// The encoding of a text that begins with `head` and the length of its byte order mark, or `None` when it is no text.
pub(super) fn guess(head: &[u8]) -> Option<(Encoding, usize)> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(head) {
        let encoding = if encoding == encoding_rs::UTF_8 {
            Encoding::Utf8
        } else {
            Encoding::Other(encoding)
        };
        return Some((encoding, mark));
    }
    // A crash leaves zeros after the last line written.
    let written = head
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |last| last + 1);
    if let Some(encoding) = utf16(head) {
        return Some((Encoding::Other(encoding), 0));
    }
    let written = head.get(..written).unwrap_or(head);
    if has_many_controls(written.iter().map(|byte| u16::from(*byte)), written.len()) {
        return None;
    }
    if written.is_ascii() {
        return (!written.is_empty() || head.is_empty()).then_some((Encoding::Undecided, 0));
    }
    Some((of_accents(written), 0))
}

/// The encoding of a block that has bytes beyond ASCII and is not UTF-16.
pub(super) fn of_accents(block: &[u8]) -> Encoding {
    if is_utf8(block) {
        return Encoding::Utf8;
    }
    let letters = AccentedLetters::count(block);
    if letters.dos > letters.windows {
        return Encoding::Cp850;
    }
    if letters.c1 == 0 && letters.latin9 > 0 {
        return Encoding::Other(ISO_8859_15);
    }
    Encoding::Other(WINDOWS_1252)
}

/// How many bytes at the end begin a UTF-8 character that is not complete.
pub(super) fn incomplete_utf8_tail(bytes: &[u8]) -> usize {
    (1..=3)
        .take_while(|length| *length <= bytes.len())
        .find(|length| {
            let tail = bytes.get(bytes.len() - length..).unwrap_or_default();
            matches!(std::str::from_utf8(tail), Err(error) if error.error_len().is_none() && error.valid_up_to() == 0)
        })
        .unwrap_or(0)
}

fn is_utf8(block: &[u8]) -> bool {
    let whole = block
        .get(..block.len() - incomplete_utf8_tail(block))
        .unwrap_or(block);
    std::str::from_utf8(whole).is_ok() && !whole.is_ascii()
}

/// Without a mark, the zeros of Latin letters betray UTF-16.
fn utf16(head: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let pairs = head.chunks_exact(2);
    let count = pairs.len();
    if count < 2 {
        return None;
    }
    let zeros = |rank: usize| {
        pairs
            .clone()
            .filter(|pair| pair.get(rank) == Some(&0))
            .count()
    };
    let (first, second) = (zeros(0), zeros(1));
    let mostly = |zeros: usize| zeros * 10 >= count * 6;
    let rarely = |zeros: usize| zeros * 20 <= count;
    let (encoding, from_bytes): (_, fn([u8; 2]) -> u16) = if mostly(second) && rarely(first) {
        (UTF_16LE, u16::from_le_bytes)
    } else if mostly(first) && rarely(second) {
        (UTF_16BE, u16::from_be_bytes)
    } else {
        return None;
    };
    let units = pairs
        .filter_map(|pair| pair.try_into().ok())
        .map(from_bytes);
    (!has_many_controls(units, count)).then_some(encoding)
}

/// One control character in fifty is not something that a person or an export writes.
fn has_many_controls(units: impl Iterator<Item = u16>, count: usize) -> bool {
    let is_control = |unit: &u16| {
        // Tab, line feed, vertical tab, form feed, carriage return, DOS end of file, escape of terminal colours.
        *unit < 0x20 && !matches!(unit, 0x09..=0x0d | 0x1a | 0x1b)
    };
    units.filter(is_control).count() * 50 > count
}

/// Bytes that are an accented letter of a French word in one encoding and nonsense in another.
#[derive(Default)]
struct AccentedLetters {
    dos: usize,
    windows: usize,
    latin9: usize,
    /// Bytes 0x80 to 0x9F: control characters in ISO-8859-15, which no text holds.
    c1: usize,
}

impl AccentedLetters {
    fn count(block: &[u8]) -> Self {
        let mut letters = Self::default();
        for (rank, byte) in block
            .iter()
            .enumerate()
            .filter(|(_, byte)| !byte.is_ascii())
        {
            let before = rank.checked_sub(1).and_then(|rank| block.get(rank));
            let after = block.get(rank + 1);
            let is_letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
            let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
            let touches_a_letter = is_letter(before) || is_letter(after);
            let between_letters = is_letter(before) && is_letter(after);
            let between_spaces = before == Some(&b' ') && after == Some(&b' ');
            match byte {
                // à of DOS, a word of its own; … of Windows follows one.
                0x85 => letters.dos += usize::from(between_letters || between_spaces),
                // ô ö û ù of DOS; “ ” – — of Windows also touch letters, but hardly ever stand inside a word.
                0x93 | 0x94 | 0x96 | 0x97 => letters.dos += usize::from(between_letters),
                // ü é â ç ê ë è ï î É À of DOS.
                0x81..=0x83 | 0x87..=0x8c | 0x90 | 0xb7 => {
                    letters.dos += usize::from(touches_a_letter);
                }
                // The degree sign of DOS in « N° »; ø of Windows is in no French word.
                0xf8 => letters.dos += usize::from(matches!(before, Some(b'N' | b'n'))),
                // The non-breaking space of DOS between groups of digits; ÿ of Windows is a letter of a few towns.
                0xff if is_digit(before) && is_digit(after) => letters.dos += 1,
                // À-ÿ of Windows and ISO.
                0xc0..=0xff => letters.windows += usize::from(touches_a_letter),
                // The euro (a currency sign elsewhere), œ and Œ (fractions elsewhere).
                0xa4 => letters.latin9 += 1,
                0xbc | 0xbd => letters.latin9 += usize::from(touches_a_letter),
                _ => {}
            }
            letters.c1 += usize::from((0x80..=0x9f).contains(byte));
        }
        letters
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_the_encodings_of_french_text_apart() {
        let windows = b"L'\xe9l\xe8ve a pay\xe9 12 \x80 \x96 re\xe7u";
        let latin9 = b"La s\xbdur de l'\xe9l\xe8ve a pay\xe9 12 \xa4";
        let dos = b"L'\x82l\x8ave a pay\x82, re\x87u, for\x88t";
        assert_eq!(guess(windows), Some((Encoding::Other(WINDOWS_1252), 0)));
        assert_eq!(guess(latin9), Some((Encoding::Other(ISO_8859_15), 0)));
        assert_eq!(guess(dos), Some((Encoding::Cp850, 0)));
        assert_eq!(guess("élève".as_bytes()), Some((Encoding::Utf8, 0)));
        assert_eq!(guess(b"eleve"), Some((Encoding::Undecided, 0)));
    }

    #[test]
    fn a_dos_number_sign_or_space_is_enough() {
        assert_eq!(guess(b"N\xf8 de dossier"), Some((Encoding::Cp850, 0)));
        assert_eq!(guess(b"SS 1\xff85\xff05"), Some((Encoding::Cp850, 0)));
        let town = Some((Encoding::Other(WINDOWS_1252), 0));
        assert_eq!(guess(b"L'Ha\xff-les-Roses"), town);
    }

    #[test]
    fn windows_quotes_and_dashes_are_not_dos_letters() {
        let text = b"La mairie \x97 l\x92\xe9cole \x93Jules\x94 etc\x85 n\x92est d\x92accord";
        assert_eq!(guess(text), Some((Encoding::Other(WINDOWS_1252), 0)));
    }

    #[test]
    fn tells_utf16_with_and_without_its_mark() {
        let text = "Nom;Prénom\r\nDurand;Zoé\r\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(guess(&little), Some((Encoding::Other(UTF_16LE), 0)));
        assert_eq!(guess(&big), Some((Encoding::Other(UTF_16BE), 0)));
        let marked = [b"\xff\xfe".as_slice(), &little].concat();
        assert_eq!(guess(&marked), Some((Encoding::Other(UTF_16LE), 2)));
    }

    #[test]
    fn binary_is_no_text() {
        let ramp: Vec<u8> = (0..=255).cycle().take(4096).collect();
        assert_eq!(guess(&ramp), None);
        assert_eq!(guess(&[0; 512]), None);
    }

    #[test]
    fn zeros_left_by_a_crash_do_not_hide_the_text() {
        let text = [b"journal de la cantine\n".as_slice(), &[0; 4096]].concat();
        assert_eq!(guess(&text), Some((Encoding::Undecided, 0)));
    }

    #[test]
    fn finds_the_character_cut_at_the_end() {
        assert_eq!(incomplete_utf8_tail("né".as_bytes()), 0);
        assert_eq!(incomplete_utf8_tail(b"n\xc3"), 1);
        assert_eq!(incomplete_utf8_tail(b"\xe2\x82"), 2);
        assert_eq!(incomplete_utf8_tail(b"\xe9"), 1);
        assert_eq!(incomplete_utf8_tail(b""), 0);
    }
}
