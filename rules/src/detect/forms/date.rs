//! Dates as people write them: 12/04/1985, 1985-04-12, 12.04.85, 12 avril 1985, 1er avril 1985, 12041985.

use jiff::civil::Date;

use super::Shape;
use crate::text::fold;

/// The oldest living person and a margin; the century ahead is nobody's.
const YEARS: std::ops::RangeInclusive<u32> = 1895..=2035;
const LONGEST: usize = 24;

const MONTHS: &[(&str, u32)] = &[
    ("janvier", 1),
    ("janv", 1),
    ("jan", 1),
    ("fevrier", 2),
    ("fevr", 2),
    ("fev", 2),
    ("mars", 3),
    ("avril", 4),
    ("avr", 4),
    ("mai", 5),
    ("juin", 6),
    ("juillet", 7),
    ("juil", 7),
    ("aout", 8),
    ("septembre", 9),
    ("sept", 9),
    ("octobre", 10),
    ("oct", 10),
    ("novembre", 11),
    ("nov", 11),
    ("decembre", 12),
    ("dec", 12),
];

/// The date whose first digit is at `start`.
pub(in crate::detect) fn read(text: &str, start: usize) -> Option<Shape> {
    let bytes = text.as_bytes();
    let (first, first_digits, after) = digits(bytes, start)?;
    match (first_digits, bytes.get(after)) {
        (8, _) => compact(first, start..after),
        (4, Some(b'-' | b'/' | b'.')) => year_first(bytes, start, first, after),
        (1 | 2, Some(b'/' | b'.' | b'-')) => day_first(bytes, start, first, after),
        (1 | 2, Some(_)) => {
            in_words(text, start, first, after).or_else(|| day_first(bytes, start, first, after))
        }
        _ => None,
    }
}

fn day_first(bytes: &[u8], start: usize, day: u32, after: usize) -> Option<Shape> {
    let (between, at) = separator(bytes, after)?;
    let (month, month_digits, after) = digits(bytes, at)?;
    let (again, at) = separator(bytes, after)?;
    if month_digits > 2 || again != between {
        return None;
    }
    let (year, year_digits, end) = digits(bytes, at)?;
    let (year, doubtful) = match year_digits {
        4 => (year, false),
        // Two digits: a person's birth is in the past hundred years or so; 00 to 29 may be either century.
        2 if between != b' ' => (if year <= 29 { 2000 + year } else { 1900 + year }, true),
        _ => return None,
    };
    shape(start, end, day, month, year, doubtful)
}

/// The sign between two parts of a date, and where the next part begins; a form or a scanner leaves spaces around.
fn separator(bytes: &[u8], at: usize) -> Option<(u8, usize)> {
    let is_sign = |byte: u8| matches!(byte, b'/' | b'.' | b'-');
    match *bytes.get(at..)? {
        [b' ', sign, b' ', ..] if is_sign(sign) => Some((sign, at + 3)),
        [sign, ..] if is_sign(sign) || sign == b' ' => Some((sign, at + 1)),
        _ => None,
    }
}

fn year_first(bytes: &[u8], start: usize, year: u32, after: usize) -> Option<Shape> {
    let between = *bytes.get(after)?;
    let (month, month_digits, after) = digits(bytes, after + 1)?;
    if month_digits > 2 || bytes.get(after) != Some(&between) {
        return None;
    }
    let (day, day_digits, end) = digits(bytes, after + 1)?;
    if day_digits > 2 {
        return None;
    }
    shape(start, time_end(bytes, end), day, month, year, false)
}

/// 1985-04-12T00:00:00, as databases export a day.
fn time_end(bytes: &[u8], end: usize) -> usize {
    if bytes.get(end) != Some(&b'T') || !bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
        return end;
    }
    let time = bytes
        .get(end + 1..)
        .unwrap_or_default()
        .iter()
        .take(LONGEST);
    end + 1
        + time
            .take_while(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.' | b'Z' | b'+'))
            .count()
}

/// DDMMYYYY or YYYYMMDD without separators, as exports write them.
fn compact(digits: u32, span: std::ops::Range<usize>) -> Option<Shape> {
    let (day, month, year) = (digits / 1_000_000, digits / 10_000 % 100, digits % 10_000);
    shape(span.start, span.end, day, month, year, true).or_else(|| {
        shape(
            span.start,
            span.end,
            digits % 100,
            digits / 100 % 100,
            digits / 10_000,
            true,
        )
    })
}

fn in_words(text: &str, start: usize, day: u32, after: usize) -> Option<Shape> {
    let end = text.floor_char_boundary(after + LONGEST);
    let rest = text.get(after..end)?;
    let rest = rest.strip_prefix("er").unwrap_or(rest);
    let trimmed = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}', '-', '/']);
    if trimmed.len() == rest.len() {
        return None;
    }
    let word_length = trimmed.find(|letter: char| !letter.is_alphabetic())?;
    let word = fold(trimmed.get(..word_length)?);
    let (_, month) = MONTHS.iter().find(|(name, _)| *name == word)?;
    let year_text = trimmed
        .get(word_length..)?
        .trim_start_matches(['.', ' ', '\u{a0}', '\u{202f}', '-', '/']);
    let year_start = end - year_text.len();
    let (year, year_digits, year_end) = digits(text.as_bytes(), year_start)?;
    if year_digits != 4 {
        return None;
    }
    shape(start, year_end, day, *month, year, false)
}

fn shape(
    start: usize,
    end: usize,
    day: u32,
    month: u32,
    year: u32,
    doubtful: bool,
) -> Option<Shape> {
    let exists = Date::new(
        year.try_into().ok()?,
        month.try_into().ok()?,
        day.try_into().ok()?,
    )
    .is_ok();
    (exists && YEARS.contains(&year)).then(|| Shape {
        span: start..end,
        canonical: format!("{year:04}{month:02}{day:02}"),
        doubtful,
    })
}

/// The number at `start`, how many digits it has (eight at most) and where it ends.
fn digits(bytes: &[u8], start: usize) -> Option<(u32, usize, usize)> {
    let digits = bytes
        .get(start..)?
        .iter()
        .take(9)
        .take_while(|byte| byte.is_ascii_digit());
    let (number, count) = digits.fold((0u32, 0), |(number, count), digit| {
        (
            number
                .saturating_mul(10)
                .saturating_add(u32::from(digit - b'0')),
            count + 1,
        )
    });
    (1..=8)
        .contains(&count)
        .then_some((number, count, start + count))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Option<String> {
        read(text, 0).map(|shape| shape.canonical)
    }

    #[test]
    fn one_date_in_every_spelling() {
        for text in [
            "12/04/1985",
            "12-04-1985",
            "12.04.1985",
            "12 04 1985",
            "12/4/1985",
            "12/04/85",
            "1985-04-12",
            "1985/04/12",
            "12 avril 1985",
            "12 AVRIL 1985",
            "12 avr. 1985",
            "12041985",
            "19850412",
            "1985-04-12T00:00:00",
            "12\u{a0}avril\u{a0}1985",
        ] {
            assert_eq!(date(text).as_deref(), Some("19850412"), "{text}");
        }
        assert_eq!(date("1er août 2001").as_deref(), Some("20010801"));
    }

    #[test]
    fn refuses_days_that_do_not_exist() {
        for text in [
            "31/04/1985",
            "29/02/1985",
            "00/04/1985",
            "12/13/1985",
            "12/04/1785",
            "12/04/2085",
            "12 rue 1985",
            "123456789",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
