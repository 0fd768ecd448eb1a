//! Hardware addresses of network cards: 00:1A:2B:3C:4D:5E, 00-1A-2B-3C-4D-5E, 001A.2B3C.4D5E.

use super::{Shape, token};

const DIGITS: usize = 12;
const LONGEST: usize = 17;

/// The address around the digit at `anchor`.
pub(in crate::detect) fn read(text: &str, anchor: usize) -> Option<Shape> {
    let span = token(text, anchor, LONGEST, |byte| {
        byte.is_ascii_hexdigit() || matches!(byte, b':' | b'-' | b'.')
    })?;
    let written = text.get(span.clone())?;
    let written = written.trim_end_matches(['.', '-', ':']);
    let groups = [(':', 2), ('-', 2), ('.', 4)];
    let (separator, width) = groups
        .into_iter()
        .find(|(separator, _)| written.contains(*separator))?;
    let is_composed = written
        .split(separator)
        .all(|group| group.len() == width && group.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let canonical = written.replace(separator, "").to_ascii_uppercase();
    // One digit over and over is nobody's card: the broadcast address, a blank.
    let is_filler = canonical
        .bytes()
        .all(|byte| canonical.starts_with(char::from(byte)));
    (is_composed && canonical.len() == DIGITS && !is_filler).then(|| Shape {
        span: span.start..span.start + written.len(),
        canonical,
        doubtful: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mac(text: &str) -> Option<String> {
        let anchor = text.find(|letter: char| letter.is_ascii_digit())?;
        read(text, anchor).map(|shape| shape.canonical)
    }

    #[test]
    fn one_address_in_three_spellings() {
        for text in [
            "a0:1A:2b:3C:4D:5E",
            "A0-1A-2B-3C-4D-5E",
            "a01a.2b3c.4d5e",
            "MAC A0:1A:2B:3C:4D:5E.",
        ] {
            assert_eq!(mac(text).as_deref(), Some("A01A2B3C4D5E"), "{text}");
        }
    }

    #[test]
    fn refuses_what_only_looks_like_one() {
        for text in [
            "10:22:33",
            "00:00:00:00:00:00",
            "00:1A:2B:3C:4D:5E:6F",
            "00:1A-2B:3C-4D:5E",
            "2024-03-12",
            "550e8400-e29b-41d4-a716-446655440000",
            "001A2B3C4D5E",
        ] {
            assert_eq!(mac(text), None, "{text}");
        }
    }
}
