//! Companies and associations: SIREN and SIRET (Luhn, with La Poste's exception), VAT number, RNA.

use super::{Soundness, digit_value, luhn_holds, number, number_at};

const LA_POSTE: &[u8] = b"356000000";
const LA_POSTE_HEAD_OFFICE: &[u8] = b"35600000000048";

/// Fourteen digits that also read as a date and a time are ambiguous; order numbers that nobody reaches, doubtful.
pub fn judge_siret(symbols: &[u8]) -> Soundness {
    let (Some(siren), Some(order)) = (number_at(symbols, 0..9), number_at(symbols, 9..14)) else {
        return Soundness::Wrong;
    };
    if symbols.len() != 14 || siren == 0 {
        return Soundness::Wrong;
    }
    if is_date_and_time(symbols) {
        return Soundness::Ambiguous;
    }
    if order >= 10_000 && !symbols.starts_with(LA_POSTE) {
        return Soundness::Doubtful;
    }
    Soundness::Sound
}

pub fn siret_key_holds(symbols: &[u8]) -> bool {
    let Some((siren, _)) = symbols.split_first_chunk::<9>() else {
        return false;
    };
    if symbols.len() != 14 || !luhn_holds(siren) {
        return false;
    }
    if siren == LA_POSTE && symbols != LA_POSTE_HEAD_OFFICE {
        let sum: Option<u32> = symbols.iter().map(|digit| digit_value(*digit)).sum();
        return sum.is_some_and(|sum| sum.is_multiple_of(5));
    }
    luhn_holds(symbols)
}

/// FR, key, SIREN. The usual key is (12 + 3 × (SIREN mod 97)) mod 97; keys with a letter follow another formula, and
/// Monaco's numbers begin with 000 where a SIREN would fail Luhn.
pub fn vat_key_holds(symbols: &[u8]) -> bool {
    let Some((&[b'F', b'R', first, second], siren)) = symbols.split_first_chunk::<4>() else {
        return false;
    };
    if siren.len() != 9 || !(siren.starts_with(b"000") || luhn_holds(siren)) {
        return false;
    }
    let Some(value) = number(siren) else {
        return false;
    };
    match (digit_value(first), digit_value(second)) {
        (Some(tens), Some(units)) => u64::from(tens * 10 + units) == (value * 100 + 12) % 97,
        _ => letter_key_holds(first, second, value),
    }
}

/// W, then the department's prefecture and a counter.
pub fn judge_rna(symbols: &[u8]) -> Soundness {
    let department = number_at(symbols, 1..3);
    let well_formed = symbols.len() == 10
        && symbols.first() == Some(&b'W')
        && number_at(symbols, 1..10).is_some();
    match department {
        Some(1..=98) if well_formed => Soundness::Sound,
        _ => Soundness::Wrong,
    }
}

fn letter_key_holds(first: u8, second: u8, siren: u64) -> bool {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let rank = |symbol: u8| {
        ALPHABET
            .iter()
            .position(|letter| *letter == symbol)
            .map(|rank| rank as u64)
    };
    let (Some(first_rank), Some(second_rank)) = (rank(first), rank(second)) else {
        return false;
    };
    let Some(check) = (if first.is_ascii_digit() {
        (first_rank * 24 + second_rank).checked_sub(10)
    } else {
        (first_rank * 34 + second_rank).checked_sub(100)
    }) else {
        return false;
    };
    (siren + 1 + check / 11) % 11 == check % 11
}

/// 20240312102233, as files and exports are named.
fn is_date_and_time(symbols: &[u8]) -> bool {
    matches!(number_at(symbols, 0..4), Some(1970..=2049))
        && matches!(number_at(symbols, 4..6), Some(1..=12))
        && matches!(number_at(symbols, 6..8), Some(1..=31))
        && matches!(number_at(symbols, 8..10), Some(0..=23))
        && matches!(number_at(symbols, 10..12), Some(0..=59))
        && matches!(number_at(symbols, 12..14), Some(0..=59))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_exception_of_la_poste() {
        assert!(siret_key_holds(b"35600000000048"));
        assert!(siret_key_holds(b"35600000049837"));
        assert!(!siret_key_holds(b"35600000049838"));
        assert!(siret_key_holds(b"73282932000074"));
        assert!(!siret_key_holds(b"73282932000075"));
    }

    #[test]
    fn knows_the_keys_of_vat_numbers() {
        for number in [
            "FR40303265045",
            "FR23334175221",
            "FRK7399859412",
            "FR4Z123456782",
        ] {
            assert!(vat_key_holds(number.as_bytes()), "{number}");
        }
        for number in ["FR84323140391", "FR40303265046", "FR41303265045"] {
            assert!(!vat_key_holds(number.as_bytes()), "{number}");
        }
    }

    #[test]
    fn a_date_and_time_is_ambiguous() {
        assert_eq!(judge_siret(b"20240312102233"), Soundness::Ambiguous);
    }
}
