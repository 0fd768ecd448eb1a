//! Cells as texts, as the program shows them.

use std::io::{self, Read};

use encoding_rs::{UTF_16LE, WINDOWS_1252};
use jiff::civil::{Date, Time};
use jiff::{Span, ToSpan};

use super::long::Long;
use super::pages::{Format, Pages};
use super::rows::Row;
use super::table::Column;
use crate::extract::reading::Reading;

/// Longer texts are not read further.
const LONGEST_TEXT: u64 = 1024 * 1024;

pub(super) const ATTACHED: u8 = 0x0b;
const YES_OR_NO: u8 = 0x01;
const LONG_TEXT: u8 = 0x0c;

impl Column {
    pub(super) fn shown(
        &self,
        row: &Row,
        pages: &mut Pages<'_>,
        reading: &Reading<'_>,
    ) -> io::Result<String> {
        if self.kind == YES_OR_NO {
            let shown = if row.has(self) { "oui" } else { "non" };
            return Ok(shown.to_owned());
        }
        let Some(cell) = row.cell(self) else {
            return Ok(String::new());
        };
        if self.kind == LONG_TEXT {
            return long_text(cell, pages, reading);
        }
        Ok(self.short(cell, pages.format).unwrap_or_default())
    }

    fn short(&self, cell: &[u8], format: Format) -> Option<String> {
        let shown = match self.kind {
            0x02 => cell.first()?.to_string(),
            0x03 => i16::from_le_bytes(*cell.first_chunk()?).to_string(),
            // The last counts the values of a cell that holds many: they stand in a table of their own.
            0x04 | 0x12 => i32::from_le_bytes(*cell.first_chunk()?).to_string(),
            0x05 => decimal(i64::from_le_bytes(*cell.first_chunk()?).into(), 4),
            0x06 => f32::from_le_bytes(*cell.first_chunk()?).to_string(),
            0x07 => f64::from_le_bytes(*cell.first_chunk()?).to_string(),
            0x08 => moment(f64::from_le_bytes(*cell.first_chunk()?)),
            0x0a => text(format, cell),
            0x10 => decimal(scaled(cell)?, self.decimals),
            0x13 => i64::from_le_bytes(*cell.first_chunk()?).to_string(),
            0x14 => extended_moment(cell)?,
            // Bytes, identifiers of machines, objects of other programs.
            _ => return None,
        };
        Some(shown)
    }
}

fn long_text(cell: &[u8], pages: &mut Pages<'_>, reading: &Reading<'_>) -> io::Result<String> {
    let format = pages.format;
    let Some(long) = Long::new(pages, cell) else {
        return Ok(String::new());
    };
    let mut bytes = Vec::new();
    match long.take(LONGEST_TEXT).read_to_end(&mut bytes) {
        Err(error) if reading.is_over() => return Err(error),
        // What precedes the damage is read.
        _ => {}
    }
    reading.expand(bytes.len())?;
    Ok(text(format, &bytes))
}

/// UTF-16, whose zeros may be left out; before, a code page.
pub(super) fn text(format: Format, bytes: &[u8]) -> String {
    const SHORTENED: &[u8] = b"\xff\xfe";
    match (format, bytes.strip_prefix(SHORTENED)) {
        (Format::Jet3, _) => WINDOWS_1252
            .decode_without_bom_handling(bytes)
            .0
            .into_owned(),
        (Format::Jet4, None) => UTF_16LE.decode_without_bom_handling(bytes).0.into_owned(),
        (Format::Jet4, Some(mut rest)) => {
            let mut whole = Vec::with_capacity(2 * rest.len());
            let mut is_short = true;
            // A zero ends a run of letters that are written in one way, and begins one in the other.
            while let [first, after @ ..] = rest {
                match (is_short, after) {
                    (_, _) if *first == 0 => {
                        is_short = !is_short;
                        rest = after;
                    }
                    (true, _) => {
                        whole.extend([*first, 0]);
                        rest = after;
                    }
                    (false, [second, after @ ..]) => {
                        whole.extend([*first, *second]);
                        rest = after;
                    }
                    (false, []) => break,
                }
            }
            UTF_16LE.decode_without_bom_handling(&whole).0.into_owned()
        }
    }
}

/// The part after the point is the hour even before 1900, when the days are negative.
fn moment(days: f64) -> String {
    const START: Date = Date::constant(1899, 12, 30);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the day is checked, the seconds are those of one day"
    )]
    let (whole, seconds) = (
        days.trunc() as i32,
        (days.fract().abs() * 86_400.0).round() as i64,
    );
    let span = Span::new().try_days(whole);
    let day = span.and_then(|span| START.checked_add(span)).ok();
    let Some(day) = day else {
        return String::new();
    };
    let hour = Time::midnight().wrapping_add(seconds.seconds());
    match (whole, seconds) {
        (_, 0) => day.strftime("%d/%m/%Y").to_string(),
        (0, _) => hour.strftime("%H:%M").to_string(),
        _ => format!("{} {}", day.strftime("%d/%m/%Y"), hour.strftime("%H:%M")),
    }
}

/// Days since the year 1 as digits, then the time of the day.
fn extended_moment(cell: &[u8]) -> Option<String> {
    const FROM_YEAR_1_TO_1900: f64 = 693_593.0;
    let digits = std::str::from_utf8(cell.get(..19)?).ok()?;
    let days: f64 = digits.parse().ok()?;
    Some(moment(days - FROM_YEAR_1_TO_1900))
}

/// A sign, and four groups of four bytes, the highest first.
fn scaled(cell: &[u8]) -> Option<i128> {
    let (sign, groups) = cell.split_first()?;
    let (groups, _) = groups.get(..16)?.as_chunks::<4>();
    let whole = groups.iter().fold(0_u128, |whole, group| {
        whole << 32 | u128::from(u32::from_le_bytes(*group))
    });
    let whole = i128::try_from(whole).ok()?;
    Some(if *sign == 0 { whole } else { -whole })
}

/// Without zeros at the end.
fn decimal(number: i128, decimals: u8) -> String {
    const MOST_DECIMALS: usize = 28;
    let decimals = usize::from(decimals).min(MOST_DECIMALS);
    let digits = format!("{:0>1$}", number.unsigned_abs(), decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    let sign = if number < 0 { "-" } else { "" };
    match fraction.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        fraction => format!("{sign}{whole}.{fraction}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_full() {
        assert_eq!(decimal(15_000_000, 4), "1500");
        assert_eq!(decimal(-12_345, 4), "-1.2345");
        assert_eq!(decimal(7, 2), "0.07");
        assert_eq!(decimal(185_057_800_608_491, 0), "185057800608491");
    }

    #[test]
    fn shortened_texts_are_read() {
        assert_eq!(text(Format::Jet4, b"\xff\xfeZo\xe9"), "Zoé");
        // Three letters in one byte, one in two, then in one again.
        assert_eq!(
            text(Format::Jet4, b"\xff\xfe12 \0\xac\x20\0 oui"),
            "12 € oui"
        );
        assert_eq!(text(Format::Jet4, b"Z\0o\0\xe9\0"), "Zoé");
        assert_eq!(text(Format::Jet3, b"Zo\xe9"), "Zoé");
    }

    #[test]
    fn moments_are_shown_as_in_the_program() {
        assert_eq!(moment(31_174.0), "07/05/1985");
        assert_eq!(moment(31_174.5), "07/05/1985 12:00");
        assert_eq!(moment(0.25), "06:00");
        assert_eq!(moment(-5_000.75), "22/04/1886 18:00");
        assert_eq!(moment(f64::NAN), "30/12/1899");
        assert_eq!(moment(1e300), "");
    }
}
