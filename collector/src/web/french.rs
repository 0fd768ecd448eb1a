//! Dates, numbers and sizes as a French reader writes them.

use jiff::{Timestamp, Zoned, civil::Date};

use crate::paris::PARIS;

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// "3 mars 2026 à 14 h 05".
pub(super) fn moment(at: Timestamp) -> String {
    let local = local(at);
    format!(
        "{} à {} h {:02}",
        date(local.date()),
        local.hour(),
        local.minute()
    )
}

/// "3 mars 2026".
pub(super) fn day(at: Timestamp) -> String {
    date(local(at).date())
}

/// "il y a 3 jours": easier to judge than a date when the question is "is it still alive?".
pub(super) fn ago(at: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second().saturating_sub(at.as_second());
    match seconds {
        ..60 => "à l’instant".to_owned(),
        60..3_600 => format!("il y a {} min", seconds / 60),
        3_600..86_400 => format!("il y a {} h", seconds / 3_600),
        86_400..172_800 => "hier".to_owned(),
        172_800..5_184_000 => format!("il y a {} jours", seconds / 86_400),
        _ => format!("le {}", day(at)),
    }
}

/// "12 345", with narrow no-break spaces.
pub(super) fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut shown = String::with_capacity(digits.len() * 2);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            shown.push('\u{202f}');
        }
        shown.push(digit);
    }
    shown
}

/// "1 fichier", "12 345 fichiers". In French, zero is singular.
pub(super) fn count(value: u64, one: &str, many: &str) -> String {
    let noun = if value < 2 { one } else { many };
    format!("{}\u{a0}{noun}", number(value))
}

/// "512 o", "1,4 Go".
pub(super) fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["ko", "Mo", "Go", "To", "Po"];
    if bytes < 1_000 {
        return format!("{bytes}\u{a0}o");
    }
    // Tenths of the unit: exact in integers up to the largest disk.
    let mut tenths = bytes / 100;
    let mut unit = 0;
    while tenths >= 10_000 && unit + 1 < UNITS.len() {
        tenths /= 1_000;
        unit += 1;
    }
    let name = UNITS.get(unit).unwrap_or(&"");
    match (tenths / 10, tenths % 10) {
        (whole, 0) => format!("{whole}\u{a0}{name}"),
        (whole @ 100.., _) => format!("{whole}\u{a0}{name}"),
        (whole, tenth) => format!("{whole},{tenth}\u{a0}{name}"),
    }
}

/// A whole percentage, rounded; 0 of 0 is 0.
pub(super) fn percent(part: u64, whole: u64) -> u64 {
    let whole = u128::from(whole);
    let part = u128::from(part) * 100 + whole / 2;
    u64::try_from(part.checked_div(whole).unwrap_or(0)).unwrap_or(100)
}

/// The first letter in upper case: labels of the glossary are words, table cells start sentences.
pub(super) fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

fn local(at: Timestamp) -> Zoned {
    at.to_zoned(PARIS.clone())
}

fn date(date: Date) -> String {
    let month = usize::try_from(date.month() - 1)
        .ok()
        .and_then(|index| MONTHS.get(index))
        .unwrap_or(&"");
    match date.day() {
        1 => format!("1er {month} {}", date.year()),
        day => format!("{day} {month} {}", date.year()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn moments_are_told_in_paris_time_winter_and_summer() {
        assert_eq!(
            moment(at("2026-01-01T23:05:00Z")),
            "2 janvier 2026 à 0 h 05"
        );
        assert_eq!(moment(at("2026-07-31T22:30:00Z")), "1er août 2026 à 0 h 30");
    }

    #[test]
    fn thousands_are_kept_apart_by_a_narrow_space() {
        assert_eq!(number(7), "7");
        assert_eq!(number(999), "999");
        assert_eq!(number(1_234_567), "1\u{202f}234\u{202f}567");
    }

    #[test]
    fn zero_and_one_are_singular() {
        assert_eq!(count(0, "fichier", "fichiers"), "0\u{a0}fichier");
        assert_eq!(count(1, "fichier", "fichiers"), "1\u{a0}fichier");
        assert_eq!(count(2, "fichier", "fichiers"), "2\u{a0}fichiers");
    }

    #[test]
    fn sizes_keep_one_decimal_where_it_says_something() {
        assert_eq!(size(999), "999\u{a0}o");
        assert_eq!(size(1_000), "1\u{a0}ko");
        assert_eq!(size(1_450_000), "1,4\u{a0}Mo");
        assert_eq!(size(512_110_190_592), "512\u{a0}Go");
    }

    #[test]
    fn a_share_of_nothing_is_zero() {
        assert_eq!(percent(0, 0), 0);
        assert_eq!(percent(1, 3), 33);
        assert_eq!(percent(2, 3), 67);
        assert_eq!(percent(u64::MAX, u64::MAX), 100);
    }

    #[test]
    fn elapsed_time_is_told_roughly() {
        let now = at("2026-03-10T12:00:00Z");
        assert_eq!(ago(at("2026-03-10T11:59:30Z"), now), "à l’instant");
        assert_eq!(ago(at("2026-03-10T09:30:00Z"), now), "il y a 2 h");
        assert_eq!(ago(at("2026-03-07T12:00:00Z"), now), "il y a 3 jours");
        assert_eq!(ago(at("2025-11-03T12:00:00Z"), now), "le 3 novembre 2025");
    }
}
