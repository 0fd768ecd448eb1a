//! The machine-readable zone: two lines of 36 or 44 symbols, three of 30.

use super::Shape;

const WIDTHS: [(usize, usize); 3] = [(44, 2), (36, 2), (30, 3)];
const WIDEST: usize = 44;

/// The zone whose first line holds the `<` at `anchor`.
pub(in crate::detect) fn read(text: &str, anchor: usize) -> Option<Shape> {
    let bytes = text.as_bytes();
    let start = line_start(bytes, anchor)?;
    let width = line_width(bytes, start);
    let (_, lines) = WIDTHS.iter().find(|(known, _)| *known == width)?;
    if !matches!(
        bytes.get(start),
        Some(b'P' | b'I' | b'A' | b'C' | b'T' | b'R' | b'V')
    ) {
        return None;
    }
    let mut canonical = String::with_capacity(width * lines);
    let mut at = start;
    for line in 0..*lines {
        if line > 0 {
            at = next_line(bytes, at)?;
            if line_width(bytes, at) != width {
                return None;
            }
        }
        canonical.push_str(text.get(at..at + width)?);
        at += width;
    }
    Some(Shape {
        span: start..at,
        canonical,
        doubtful: false,
    })
}

fn line_start(bytes: &[u8], anchor: usize) -> Option<usize> {
    let symbols = bytes
        .get(..=anchor)?
        .iter()
        .rev()
        .take(WIDEST + 1)
        .take_while(|byte| is_symbol(**byte))
        .count();
    (symbols <= WIDEST).then_some(anchor + 1 - symbols)
}

fn line_width(bytes: &[u8], start: usize) -> usize {
    bytes
        .get(start..)
        .unwrap_or_default()
        .iter()
        .take(WIDEST + 1)
        .take_while(|byte| is_symbol(**byte))
        .count()
}

fn next_line(bytes: &[u8], at: usize) -> Option<usize> {
    let between = bytes
        .get(at..)?
        .iter()
        .take(8)
        .take_while(|byte| byte.is_ascii_whitespace())
        .count();
    (between > 0).then_some(at + between)
}

fn is_symbol(byte: u8) -> bool {
    byte == b'<' || byte.is_ascii_uppercase() || byte.is_ascii_digit()
}
