//! The tax number (SPI): thirteen digits, the three last are the ten first modulo 511.

use super::{Soundness, digit_value, nir, number_at};

/// The first digit goes from 0 to 3. A bar code or a time in milliseconds passes one time in a thousand, and there are many
/// of them: ambiguous.
pub fn judge_spi(symbols: &[u8]) -> Soundness {
    if symbols.len() != 13 || !matches!(number_at(symbols, 0..1), Some(0..=3)) {
        return Soundness::Wrong;
    }
    match number_at(symbols, 0..13) {
        None | Some(0) => Soundness::Wrong,
        Some(_) if nir::is_unix_milliseconds(symbols) || is_bar_code(symbols) => {
            Soundness::Ambiguous
        }
        Some(_) => Soundness::Sound,
    }
}

pub fn spi_key_holds(symbols: &[u8]) -> bool {
    let (Some(number), Some(key)) = (number_at(symbols, 0..10), number_at(symbols, 10..13)) else {
        return false;
    };
    symbols.len() == 13 && number % 511 == key
}

/// EAN-13, the check digit last.
pub(super) fn is_bar_code(digits: &[u8]) -> bool {
    let sum: Option<u32> = digits
        .iter()
        .enumerate()
        .map(|(index, digit)| Some(digit_value(*digit)? * if index % 2 == 0 { 1 } else { 3 }))
        .sum();
    sum.is_some_and(|sum| sum.is_multiple_of(10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_the_published_example_and_refuses_zeros() {
        assert_eq!(
            (judge_spi(b"3023217600053"), spi_key_holds(b"3023217600053")),
            (Soundness::Sound, true)
        );
        assert!(!spi_key_holds(b"3023217600054"));
        assert_eq!(judge_spi(b"0000000000000"), Soundness::Wrong);
    }
}
