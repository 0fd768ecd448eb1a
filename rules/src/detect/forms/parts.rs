//! A value whose parts each have a label: « Banque 30003 Guichet 03020 Compte 00051234567 Clé 85 », on one line or on several.
//!
//! Comes in: a text, the place of one of those labels, and the lengths of the parts. Goes out: where the parts stand and
//! what they are together; the judge reads their key.

use std::ops::Range;

use crate::detect::run::{MOST_SYMBOLS, Reading, Run};

/// How far before the label the first part begins, in bytes.
const BEFORE: usize = 48;
/// How far after the label the first part begins, where all labels stand before the values.
const AFTER: usize = 120;
/// What stands between two parts, at most: a label, a line's end, the marks of a cell.
const BETWEEN: usize = 64;

pub(in crate::detect) struct Parts {
    pub span: Range<usize>,
    pub symbols: Vec<u8>,
}

/// The parts around the label at `label`, of these lengths, in order.
pub(in crate::detect) fn read(text: &str, label: Range<usize>, lengths: &[usize]) -> Option<Parts> {
    let bytes = text.as_bytes();
    let mut at = label.start.saturating_sub(BEFORE);
    let until = label.end.saturating_add(AFTER);
    if lengths.iter().sum::<usize>() > MOST_SYMBOLS {
        return None;
    }
    loop {
        let start = next_number(bytes, at).filter(|start| *start < until)?;
        if let Some(parts) = read_from(bytes, start, lengths) {
            return Some(parts);
        }
        at = end_of_word(bytes, start);
    }
}

fn read_from(bytes: &[u8], start: usize, lengths: &[usize]) -> Option<Parts> {
    let mut symbols = Vec::new();
    let mut end = start;
    for (rank, &length) in lengths.iter().enumerate() {
        let from = match rank {
            0 => start,
            _ => next_number(bytes, end).filter(|next| next - end <= BETWEEN)?,
        };
        let reading = Reading {
            lines: false,
            long_words: true,
            most: length,
        };
        let part = Run::read(bytes, from, reading);
        end = part.end(length);
        let goes_on = bytes.get(end).is_some_and(u8::is_ascii_alphanumeric);
        if part.len() < length || goes_on {
            return None;
        }
        symbols.extend_from_slice(part.symbols(length));
    }
    // What nothing but gaps cuts is found at its first digit: here it would count twice.
    let reading = Reading {
        lines: false,
        long_words: false,
        most: symbols.len(),
    };
    let is_in_one = Run::read(bytes, start, reading).len() == symbols.len();
    (!is_in_one).then_some(Parts {
        span: start..end,
        symbols,
    })
}

/// The first word from `at` on that holds a digit, where it begins.
fn next_number(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?;
    let digit = rest
        .iter()
        .take(BEFORE + AFTER)
        .position(u8::is_ascii_digit)?;
    let letters = rest
        .get(..digit)?
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_alphabetic());
    Some(at + digit - letters.count())
}

fn end_of_word(bytes: &[u8], start: usize) -> usize {
    let rest = bytes.get(start..).unwrap_or_default();
    let length = rest
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric())
        .count();
    start + length.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbols(text: &str) -> Option<String> {
        let label = text.to_lowercase().find("guichet")?;
        let parts = read(text, label..label + "guichet".len(), &[5, 5, 11, 2])?;
        assert_eq!(&text[parts.span.start..parts.span.start + 5], "30003");
        String::from_utf8(parts.symbols).ok()
    }

    #[test]
    fn labels_stand_before_each_part_or_before_all() {
        for text in [
            "Banque 30003 Guichet 03020 Compte 00051234567 Clé 85",
            "Code banque : 30003\r\nCode guichet : 03020\r\nN° de compte : 00051234567\r\nClé RIB : 85",
            "Banque | Guichet | Compte      | Clé\n30003  | 03020   | 00051234567 | 85",
            "<td>30003</td><td class=\"guichet\">03020</td><td>00051234567</td><td>85</td>",
            "Page 2. Banque 30003, guichet 03020, compte 000 5123 4567, clé 85.",
        ] {
            let read = symbols(text);
            assert_eq!(read.as_deref(), Some("30003030200005123456785"), "{text}");
        }
    }

    #[test]
    fn parts_of_other_lengths_are_none() {
        for text in [
            "Banque 30003 Guichet 0302 Compte 00051234567 Clé 85",
            "Banque 30003 Guichet 03020 Compte 000512345678 Clé 85",
            "Banque 30003 Guichet 03020 Compte 00051234567 Clé",
            "Guichet 3, ouvert de 9 h à 12 h, 04 73 01 02 03",
            "guichet",
            "(Banque / Guichet / Compte / Clé)\nDURAND Camille : 30003 03020 00051234567 85",
        ] {
            assert_eq!(symbols(text), None, "{text}");
        }
    }
}
