//! Numbers of papers and files that carry no key: what their digits must still say.

use super::{Soundness, number_at};

const WITH_YEAR_AND_MONTH: usize = 12;

/// A blank form is filled with one symbol over and over.
pub fn judge_filled(symbols: &[u8]) -> Soundness {
    let mut digits = symbols.iter().filter(|symbol| symbol.is_ascii_digit());
    let first = digits.next();
    Soundness::sound_if(digits.any(|digit| Some(digit) != first))
}

/// Twelve symbols that begin with a year and a month (NEPH). Other series exist: a month that does not is only doubtful.
pub fn judge_year_and_month(symbols: &[u8]) -> Soundness {
    if symbols.len() != WITH_YEAR_AND_MONTH {
        return Soundness::Wrong;
    }
    match (judge_filled(symbols), number_at(symbols, 2..4)) {
        (Soundness::Sound, Some(1..=12)) => Soundness::Sound,
        (Soundness::Sound, Some(_)) => Soundness::Doubtful,
        _ => Soundness::Wrong,
    }
}

/// The identity card since 2021: a letter, a digit, then signs. Without another digit, vowels make a word of it.
pub fn judge_identity_card_of_2021(symbols: &[u8]) -> Soundness {
    let signs = symbols.get(2..).unwrap_or_default();
    let is_vowel = |sign: &u8| matches!(sign, b'A' | b'E' | b'I' | b'O' | b'U' | b'Y');
    let has_digit = signs.iter().any(u8::is_ascii_digit);
    Soundness::sound_if(has_digit || !signs.iter().any(is_vowel))
}

/// The identity card of 1988 to 2021: year, month, department (Corsica's letter included), then the place and a rank.
pub fn judge_identity_card(symbols: &[u8]) -> Soundness {
    let Some(department) = symbols.get(4..6) else {
        return Soundness::Wrong;
    };
    let has_letter = department.iter().any(u8::is_ascii_alphabetic);
    if has_letter && !is_department(department) {
        return Soundness::Wrong;
    }
    match judge_year_and_month(symbols) {
        Soundness::Sound if !is_department(department) => Soundness::Doubtful,
        soundness => soundness,
    }
}

/// 01 to 95, 2A and 2B; 97 to 99 begin the codes of overseas and of embassies.
pub(super) fn is_department(code: &[u8]) -> bool {
    match code {
        b"2A" | b"2B" => true,
        _ => matches!(number_at(code, 0..2), Some(1..=95 | 97..=99)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_begins_with_a_year_a_month_and_a_department() {
        assert_eq!(judge_identity_card(b"880692310285"), Soundness::Sound);
        assert_eq!(judge_identity_card(b"99012A100234"), Soundness::Sound);
        assert_eq!(judge_identity_card(b"881392310285"), Soundness::Doubtful);
        assert_eq!(judge_identity_card(b"880600310285"), Soundness::Doubtful);
        assert_eq!(judge_identity_card(b"99013A100234"), Soundness::Wrong);
        assert_eq!(judge_identity_card(b"000000000000"), Soundness::Wrong);
    }

    #[test]
    fn one_digit_over_and_over_is_a_blank() {
        assert_eq!(judge_filled(b"1111111A"), Soundness::Wrong);
        assert_eq!(judge_filled(b"1111112"), Soundness::Sound);
        assert_eq!(judge_filled(b""), Soundness::Wrong);
    }
}
