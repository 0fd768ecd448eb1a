//! The checks that a rule calls by name: is the value put together as its issuer puts it together ([`Structure`]), and do
//! its check digits agree ([`Checksum`])?
//!
//! Comes in: the canonical symbols of a candidate (ASCII digits and capitals, no separators). Goes out: a judgement.
//! Anything may come in: a check answers `Wrong` or `false` to what it does not understand.

pub mod bank;
pub mod card;
pub mod company;
pub mod document;
pub mod health;
pub mod iban;
pub mod identity;
pub mod nir;
pub mod phone;
pub mod school;
pub mod tax;
pub mod vehicle;

use std::borrow::Cow;

use serde::Deserialize;

/// What the parts of a value say of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Soundness {
    Sound,
    /// Possible but rare: counts one step less.
    Doubtful,
    /// Programs write other things the same way: nothing without groups or a label.
    Ambiguous,
    Wrong,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Structure {
    Nir,
    NirBody,
    NirProvisional,
    Nnp,
    Mig,
    Iban,
    Rib,
    Card,
    Siret,
    Spi,
    Phone,
    Plate,
    PlateFni,
    Rpps,
    Adeli,
    Rna,
    Numen,
    IdentityCard,
    #[serde(rename = "identity_card_of_2021")]
    IdentityCardOf2021,
    YearMonth,
    Caf,
    Filled,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Checksum {
    Nir,
    Iban,
    Rib,
    Luhn,
    Siret,
    Spi,
    Vat,
    Mrz,
}

impl Structure {
    pub fn judge(self, symbols: &[u8]) -> Soundness {
        match self {
            Self::Nir => nir::judge(symbols),
            Self::NirBody => nir::judge_body(symbols),
            Self::NirProvisional => nir::judge_provisional(symbols),
            Self::Nnp => nir::judge_awaited(symbols, b"78", b"012"),
            Self::Mig => nir::judge_awaited(symbols, b"56", b"12"),
            Self::Iban => iban::judge(symbols),
            Self::Rib => bank::judge_rib(symbols),
            Self::Card => card::judge(symbols),
            Self::Siret => company::judge_siret(symbols),
            Self::Spi => tax::judge_spi(symbols),
            Self::Phone => phone::judge(symbols),
            Self::Plate => vehicle::judge_plate(symbols),
            Self::PlateFni => vehicle::judge_fni(symbols),
            Self::Rpps => health::judge_rpps(symbols),
            Self::Adeli => health::judge_adeli(symbols),
            Self::Rna => company::judge_rna(symbols),
            Self::Numen => school::judge_numen(symbols),
            Self::IdentityCard => identity::judge_identity_card(symbols),
            Self::IdentityCardOf2021 => identity::judge_identity_card_of_2021(symbols),
            Self::YearMonth => identity::judge_year_and_month(symbols),
            Self::Caf | Self::Filled => identity::judge_filled(symbols),
        }
    }
}

impl Structure {
    /// The one spelling of a value that may be written several ways: without its key, with a country code…
    pub fn canonical(self, symbols: &[u8]) -> Cow<'_, [u8]> {
        match self {
            Self::Nir | Self::NirProvisional => {
                Cow::Borrowed(symbols.get(..nir::BODY).unwrap_or(symbols))
            }
            Self::Phone => Cow::Owned(phone::national(symbols)),
            // Its letter is not always written.
            Self::Caf => Cow::Borrowed(symbols.get(..7).unwrap_or(symbols)),
            _ => Cow::Borrowed(symbols),
        }
    }
}

impl Checksum {
    pub fn holds(self, symbols: &[u8]) -> bool {
        match self {
            Self::Nir => nir::key_holds(symbols),
            Self::Iban => iban::key_holds(symbols),
            Self::Rib => bank::rib_key_holds(symbols),
            Self::Luhn => luhn_holds(symbols),
            Self::Siret => company::siret_key_holds(symbols),
            Self::Spi => tax::spi_key_holds(symbols),
            Self::Vat => company::vat_key_holds(symbols),
            Self::Mrz => document::mrz_keys_hold(symbols),
        }
    }
}

impl Soundness {
    pub(crate) fn is_possible(self) -> bool {
        self != Self::Wrong
    }

    pub(crate) fn sound_if(condition: bool) -> Self {
        if condition { Self::Sound } else { Self::Wrong }
    }
}

/// Luhn's formula, the last digit included.
pub fn luhn_holds(digits: &[u8]) -> bool {
    let mut sum = 0u32;
    for (index, digit) in digits.iter().rev().enumerate() {
        let Some(value) = digit_value(*digit) else {
            return false;
        };
        sum += match (index % 2, value) {
            (0, value) => value,
            (_, value) if value > 4 => 2 * value - 9,
            (_, value) => 2 * value,
        };
    }
    !digits.is_empty() && sum.is_multiple_of(10)
}

pub(crate) fn digit_value(digit: u8) -> Option<u32> {
    digit.is_ascii_digit().then(|| u32::from(digit - b'0'))
}

/// The number written by `digits`; none when they are not digits, or too many.
pub(crate) fn number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || digits.len() > 19 {
        return None;
    }
    digits.iter().try_fold(0u64, |sum, digit| {
        sum.checked_mul(10)?
            .checked_add(u64::from(digit_value(*digit)?))
    })
}

/// The number written by the digits at `range`; none when they are not there.
pub(crate) fn number_at(symbols: &[u8], range: std::ops::Range<usize>) -> Option<u64> {
    number(symbols.get(range)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn luhn_knows_its_textbook_number() {
        assert!(luhn_holds(b"79927398713"));
        assert!(!luhn_holds(b"79927398710"));
        assert!(!luhn_holds(b""));
        assert!(!luhn_holds(b"7992739871A"));
    }

    #[test]
    fn every_check_survives_anything() {
        let odd: [&[u8]; 6] = [
            b"",
            b"0",
            b"ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ",
            b"\xff\x00",
            b"FR",
            b"999999999999999999999999999999",
        ];
        for symbols in odd {
            for structure in [
                Structure::Nir,
                Structure::NirBody,
                Structure::NirProvisional,
                Structure::Iban,
                Structure::Rib,
                Structure::Card,
                Structure::Siret,
                Structure::Spi,
                Structure::Phone,
                Structure::Plate,
                Structure::PlateFni,
                Structure::Rpps,
                Structure::Adeli,
                Structure::Rna,
                Structure::Numen,
                Structure::Nnp,
                Structure::Mig,
                Structure::IdentityCard,
                Structure::YearMonth,
                Structure::Caf,
                Structure::Filled,
            ] {
                assert_eq!(structure.judge(symbols), Soundness::Wrong, "{structure:?}");
            }
            for checksum in [
                Checksum::Nir,
                Checksum::Iban,
                Checksum::Rib,
                Checksum::Siret,
                Checksum::Spi,
                Checksum::Vat,
                Checksum::Mrz,
            ] {
                assert!(!checksum.holds(symbols), "{checksum:?}");
            }
        }
    }
}
