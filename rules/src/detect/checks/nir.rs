//! The NIR: sex, year, month, department and commune (or country) of birth, order number, key.
//!
//! S YY MM LLLLL OOO KK. Key = 97 − (the thirteen first modulo 97), Corsica's 2A and 2B read as 19 and 18 (decree 82-103,
//! art. 4; CNAM nir-validation). Month codes above 12 are given to people whose month of birth is unknown; sources differ
//! on which, the common set is 20–42 and 50–99: accepted, with doubt.

use super::{Soundness, number_at, tax};

pub(super) const BODY: usize = 13;
const WITH_KEY: usize = 15;

/// Thirteen symbols and the key.
pub fn judge(symbols: &[u8]) -> Soundness {
    if symbols.len() != WITH_KEY || !matches!(number_at(symbols, BODY..WITH_KEY), Some(1..=97)) {
        return Soundness::Wrong;
    }
    judge_civil_status(symbols, b"12")
}

/// Thirteen symbols, no key: nothing but the structure speaks, and bar codes and times look alike.
pub fn judge_body(symbols: &[u8]) -> Soundness {
    if symbols.len() != BODY {
        return Soundness::Wrong;
    }
    match judge_civil_status(symbols, b"12") {
        Soundness::Sound if tax::is_bar_code(symbols) || is_unix_milliseconds(symbols) => {
            Soundness::Ambiguous
        }
        soundness => soundness,
    }
}

/// The same shape for people whose civil status is being checked: 3 and 4, or 7 and 8.
pub fn judge_provisional(symbols: &[u8]) -> Soundness {
    if symbols.len() != WITH_KEY || !matches!(number_at(symbols, BODY..WITH_KEY), Some(1..=97)) {
        return Soundness::Wrong;
    }
    judge_civil_status(symbols, b"3478")
}

/// Numbers of people whose civil status is not known yet, of another make: a series, 1 or 2 (0 too before 2012), the health
/// fund that gave it (three digits), an order number (eight).
pub fn judge_awaited(symbols: &[u8], series: &[u8], sexes: &[u8]) -> Soundness {
    let [first, second, ..] = symbols else {
        return Soundness::Wrong;
    };
    let given = matches!(number_at(symbols, 2..5), Some(1..))
        && matches!(number_at(symbols, 5..BODY), Some(1..));
    Soundness::sound_if(
        symbols.len() == BODY && given && series.contains(first) && sexes.contains(second),
    )
}

pub fn key_holds(symbols: &[u8]) -> bool {
    let Some(key) = number_at(symbols, BODY..WITH_KEY) else {
        return false;
    };
    symbols.len() == WITH_KEY && expected_key(symbols) == Some(key)
}

/// The key of the thirteen first symbols.
pub fn expected_key(symbols: &[u8]) -> Option<u64> {
    let mut body: [u8; BODY] = symbols.get(..BODY)?.try_into().ok()?;
    match (body[5], body[6]) {
        (b'2', b'A') => (body[5], body[6]) = (b'1', b'9'),
        (b'2', b'B') => (body[5], body[6]) = (b'1', b'8'),
        _ => (),
    }
    Some(97 - number_at(&body, 0..BODY)? % 97)
}

fn judge_civil_status(symbols: &[u8], sexes: &[u8]) -> Soundness {
    let place = match symbols.get(5..10) {
        Some(place) if is_place(place) => Soundness::Sound,
        _ => Soundness::Wrong,
    };
    let sex = symbols.first().is_some_and(|sex| sexes.contains(sex));
    let year = number_at(symbols, 1..3).is_some();
    let order = matches!(number_at(symbols, 10..BODY), Some(1..=999));
    if !sex || !year || !order {
        return Soundness::Wrong;
    }
    match (number_at(symbols, 3..5), place) {
        (_, Soundness::Wrong) => Soundness::Wrong,
        (Some(1..=12), _) => Soundness::Sound,
        (Some(20..=42 | 50..=99), _) => Soundness::Doubtful,
        _ => Soundness::Wrong,
    }
}

/// Department and commune; overseas, three digits and two; abroad, 99 and the country. 91 to 96 were also Algeria,
/// Morocco and Tunisia before their independence, 20 Corsica before 1976.
fn is_place(place: &[u8]) -> bool {
    if let [b'2', b'A' | b'B', commune @ ..] = place {
        return matches!(number_at(commune, 0..3), Some(1..=990));
    }
    let (Some(department), Some(commune)) = (number_at(place, 0..2), number_at(place, 2..5)) else {
        return false;
    };
    match department {
        1..=96 => matches!(commune, 1..=990),
        // 971 to 978, 984 to 989, then a commune from 01 to 90.
        97 => matches!(commune / 100, 1..=8) && matches!(commune % 100, 1..=90),
        98 => matches!(commune / 100, 4..=9) && matches!(commune % 100, 1..=90),
        99 => matches!(commune, 1..=990),
        _ => false,
    }
}

/// From 2014 to 2033, where the times that programs write lie.
pub(super) fn is_unix_milliseconds(digits: &[u8]) -> bool {
    digits.len() == BODY && matches!(number_at(digits, 0..2), Some(14..=19))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_corsica_overseas_and_abroad() {
        for nir in [
            "185052A00608427",
            "185052B00608454",
            "185059710508401",
            "285059935208402",
        ] {
            let mut symbols = nir.as_bytes().to_vec();
            let key = expected_key(&symbols).unwrap();
            symbols[13..].copy_from_slice(format!("{key:02}").as_bytes());
            assert_eq!(
                (judge(&symbols), key_holds(&symbols)),
                (Soundness::Sound, true),
                "{nir}"
            );
        }
    }

    #[test]
    fn refuses_impossible_months_and_orders() {
        for body in [
            "1851578006084",
            "1854578006084",
            "1850078006084",
            "1850578006000",
            "1850500006084",
            "1850578000084",
        ] {
            let nir = format!("{body}{:02}", expected_key(body.as_bytes()).unwrap());
            assert_eq!(judge(nir.as_bytes()), Soundness::Wrong, "{body}");
        }
    }

    #[test]
    fn doubts_the_codes_of_an_unknown_month() {
        let nir = format!(
            "1856578006084{:02}",
            expected_key(b"1856578006084").unwrap()
        );
        assert_eq!(judge(nir.as_bytes()), Soundness::Doubtful);
    }

    #[test]
    fn knows_the_numbers_of_those_who_wait_for_theirs() {
        assert_eq!(
            judge_awaited(b"7175100012345", b"78", b"012"),
            Soundness::Sound
        );
        for number in [
            "5175100012345",
            "7375100012345",
            "7100000012345",
            "7175100000000",
            "717510001234",
        ] {
            assert_eq!(
                judge_awaited(number.as_bytes(), b"78", b"012"),
                Soundness::Wrong,
                "{number}"
            );
        }
    }

    #[test]
    fn a_time_in_milliseconds_is_ambiguous_without_key() {
        assert_eq!(judge_body(b"1761078006084"), Soundness::Ambiguous);
        assert_eq!(judge_body(b"2850578006084"), Soundness::Sound);
    }
}
