//! The value of a cell as a person sees it.

use jiff::civil::{Date, Time};
use jiff::{Span, ToSpan};

use super::styles::Format;

/// Beyond, a number has lost digits.
const EXACT: f64 = 9_007_199_254_740_992.0;
const SECONDS_A_DAY: f64 = 86_400.0;
/// The 31st of December 9999.
const LAST_DAY: f64 = 2_958_465.0;

/// From which day a workbook counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::extract) enum Epoch {
    #[default]
    Of1900,
    /// Old workbooks of Macintosh.
    Of1904,
}

/// A number as it is written in the file, shown in its format.
pub(in crate::extract) fn shown(written: &str, format: Format, epoch: Epoch) -> String {
    let Ok(number) = written.trim().parse::<f64>() else {
        return written.to_owned();
    };
    let in_time = match format {
        Format::Date => day(number, epoch),
        Format::Time => Some(hour(number)),
        Format::DateTime => day(number, epoch).map(|day| format!("{day} {}", hour(number))),
        Format::Number | Format::Padded(_) => None,
    };
    if let Some(in_time) = in_time {
        return in_time;
    }
    if number.fract() != 0.0 || number.abs() > EXACT {
        return written.to_owned();
    }
    match format {
        Format::Padded(digits) if number >= 0.0 => format!("{number:0digits$.0}"),
        // Large numbers are written with an exponent, identifiers among them.
        _ => format!("{number:.0}"),
    }
}

fn day(number: f64, epoch: Epoch) -> Option<String> {
    if !(0.0..=LAST_DAY).contains(&number) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "checked above")]
    let days = number.trunc() as i64;
    let start = match epoch {
        // Excel believes that 1900 was a leap year, so that its first day seems to be one earlier.
        Epoch::Of1900 => Date::constant(1899, 12, 30),
        Epoch::Of1904 => Date::constant(1904, 1, 1),
    };
    let span: Span = days.days();
    let day = start.checked_add(span).ok()?;
    Some(day.strftime("%d/%m/%Y").to_string())
}

fn hour(number: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "a day has so many seconds")]
    let seconds = (number.fract().abs() * SECONDS_A_DAY).round() as i64;
    let span: Span = seconds.seconds();
    let hour = Time::midnight().wrapping_add(span);
    hour.strftime("%H:%M").to_string()
}

/// The rank of a column from a reference: 0 for `A12`.
pub(super) fn column(reference: &str) -> Option<usize> {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic);
    let mut rank = 0_usize;
    for letter in letters {
        let place = usize::from(letter.to_ascii_uppercase() - b'A') + 1;
        rank = rank.checked_mul(26)?.checked_add(place)?;
    }
    rank.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_1900(written: &str, format: Format) -> String {
        shown(written, format, Epoch::Of1900)
    }

    #[test]
    fn dates_are_dates() {
        assert_eq!(in_1900("31174", Format::Date), "07/05/1985");
        assert_eq!(in_1900("31174.75", Format::DateTime), "07/05/1985 18:00");
        assert_eq!(in_1900("0.5", Format::Time), "12:00");
        assert_eq!(shown("29712", Format::Date, Epoch::Of1904), "07/05/1985");
        assert_eq!(in_1900("-5", Format::Date), "-5");
    }

    #[test]
    fn identifiers_keep_their_digits() {
        assert_eq!(
            in_1900("1.85057800608491E14", Format::Number),
            "185057800608491"
        );
        assert_eq!(in_1900("612345678", Format::Padded(10)), "0612345678");
        assert_eq!(in_1900("1250", Format::Padded(5)), "01250");
        assert_eq!(in_1900("12.50", Format::Number), "12.50");
        assert_eq!(in_1900("1E30", Format::Number), "1E30");
        assert_eq!(in_1900("abc", Format::Number), "abc");
    }

    #[test]
    fn columns_are_counted_like_letters() {
        assert_eq!(column("A1"), Some(0));
        assert_eq!(column("AB12"), Some(27));
        assert_eq!(column("XFD1048576"), Some(16383));
        assert_eq!(column("12"), None);
        assert_eq!(column(&"Z".repeat(60)), None);
    }
}
