//! The strings that a PDF keeps for people: UTF-16 or UTF-8 after a mark, or the encoding of its own.

use hayro_syntax::object::{Dict, String as PdfString};

/// The text under `key`, when there is one that is not blank.
pub(super) fn text(dict: &Dict<'_>, key: &str) -> Option<String> {
    let text = decode(dict.get::<PdfString<'_>>(key)?.as_bytes());
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

pub(super) fn decode(bytes: &[u8]) -> String {
    if let Some(units) = bytes.strip_prefix(b"\xfe\xff") {
        return utf16(units, u16::from_be_bytes);
    }
    if let Some(units) = bytes.strip_prefix(b"\xff\xfe") {
        return utf16(units, u16::from_le_bytes);
    }
    let marked = bytes.strip_prefix(b"\xef\xbb\xbf");
    // Many programs forget the mark; accented letters of the other encoding are not UTF-8 by chance.
    match std::str::from_utf8(marked.unwrap_or(bytes)) {
        Ok(text) => clean(text),
        Err(_) => clean(
            &bytes
                .iter()
                .map(|byte| of_document(*byte))
                .collect::<String>(),
        ),
    }
}

fn utf16(units: &[u8], from_bytes: fn([u8; 2]) -> u16) -> String {
    let units = units
        .chunks_exact(2)
        .filter_map(|pair| pair.try_into().ok())
        .map(from_bytes);
    let text: String = char::decode_utf16(units)
        .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    clean(&text)
}

/// Line breaks as everywhere; the escapes that announce a language, and other controls, say nothing.
fn clean(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace(
        |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t'),
        "",
    )
}

/// ISO 32000-1, annex D.2: Latin-1 but for two ranges.
fn of_document(byte: u8) -> char {
    const ACCENTS: [char; 8] = ['˘', 'ˇ', 'ˆ', '˙', '˝', '˛', '˚', '˜'];
    const SIGNS: [char; 33] = [
        '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚',
        '™', 'ﬁ', 'ﬂ', 'Ł', 'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž', '\u{fffd}', '€',
    ];
    let in_table = |first: u8, table: &[char]| {
        let rank = usize::from(byte.checked_sub(first)?);
        table.get(rank).copied()
    };
    in_table(0x18, &ACCENTS)
        .or_else(|| in_table(0x80, &SIGNS))
        .unwrap_or(char::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_encodings_of_strings() {
        assert_eq!(decode(b"\xfe\xff\0Z\0o\0\xe9"), "Zoé");
        assert_eq!(decode(b"\xff\xfeZ\0o\0\xe9\0"), "Zoé");
        assert_eq!(decode(b"\xef\xbb\xbfZo\xc3\xa9"), "Zoé");
        assert_eq!(decode(b"Zo\xc3\xa9"), "Zoé");
        assert_eq!(decode(b"Zo\xe9 \x9cuvre \xa0 12"), "Zoé œuvre € 12");
        assert_eq!(decode(b"a\r\nb\rc\0"), "a\nb\nc");
        assert_eq!(decode(b"\xfe\xff\xd8"), "");
    }
}
