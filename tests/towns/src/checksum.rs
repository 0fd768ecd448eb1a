//! The check digits of French and banking numbers, from their published definitions.
//!
//! Text in, key or verdict out; `None` when the text does not have the shape of the number.

/// Key of a 13-character NIR (decree 82-103, article 4); Corsican 2A and 2B count as 19 and 18.
pub fn nir_key(body: &str) -> Option<u32> {
    if body.len() != 13 {
        return None;
    }
    let number: u64 = body
        .replacen("2A", "19", 1)
        .replacen("2B", "18", 1)
        .parse()
        .ok()?;
    u32::try_from(97 - number % 97).ok()
}

/// Key of a RIB: 97 − (89·bank + 15·branch + 3·account) mod 97, letters of the account mapped to digits.
pub fn rib_key(bank: &str, branch: &str, account: &str) -> Option<u32> {
    let account: String = account.chars().map(rib_digit).collect::<Option<_>>()?;
    let (bank, branch, account): (u64, u64, u64) = (
        bank.parse().ok()?,
        branch.parse().ok()?,
        account.parse().ok()?,
    );
    u32::try_from(97 - (89 * bank + 15 * branch + 3 * account) % 97).ok()
}

/// A, J → 1; B, K, S → 2; … the historical punched-card code.
fn rib_digit(letter: char) -> Option<char> {
    let value = match letter {
        '0'..='9' => return Some(letter),
        'A'..='I' => letter as u32 - 'A' as u32 + 1,
        'J'..='R' => letter as u32 - 'J' as u32 + 1,
        'S'..='Z' => letter as u32 - 'S' as u32 + 2,
        _ => return None,
    };
    char::from_digit(value, 10)
}

/// Check digits of an IBAN (ISO 13616) for a country and its account part.
pub fn iban_check_digits(country: &str, bban: &str) -> Option<u32> {
    Some(98 - mod97(&format!("{bban}{country}00"))?)
}

pub fn mod97(text: &str) -> Option<u32> {
    text.chars().try_fold(0, |rest, c| {
        let value = c.to_digit(36)?;
        Some(if value < 10 {
            (rest * 10 + value) % 97
        } else {
            (rest * 100 + value) % 97
        })
    })
}

/// The digit that makes `body` followed by it pass Luhn.
pub fn luhn_digit(body: &str) -> Option<u32> {
    Some((10 - luhn_sum(&format!("{body}0"))? % 10) % 10)
}

pub fn luhn_sum(digits: &str) -> Option<u32> {
    digits
        .chars()
        .rev()
        .enumerate()
        .try_fold(0, |sum, (rank, c)| {
            let digit = c.to_digit(10)?;
            let doubled = if rank % 2 == 1 { digit * 2 } else { digit };
            Some(sum + if doubled > 9 { doubled - 9 } else { doubled })
        })
}

/// Last three digits of a numéro fiscal (SPI): the first ten modulo 511.
pub fn spi_key(body: &str) -> Option<u32> {
    if body.len() != 10 {
        return None;
    }
    u32::try_from(body.parse::<u64>().ok()? % 511).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nir_keys_agree_with_published_examples() {
        assert_eq!(nir_key("2550814168025"), Some(38));
        assert_eq!(nir_key("1850578006084"), Some(91));
        assert_eq!(nir_key("255081416802"), None);
    }

    #[test]
    fn corsican_letters_count_as_19_and_18() {
        assert_eq!(nir_key("185052A006084"), nir_key("1850519006084"));
        assert_eq!(nir_key("185052B006084"), nir_key("1850518006084"));
        assert_ne!(nir_key("185052A006084"), nir_key("185052B006084"));
    }

    #[test]
    fn ibans_printed_in_the_registry_leave_one_modulo_97() {
        for (country, check, bban) in [
            ("FR", 14, "20041010050500013M02606"),
            ("GB", 82, "WEST12345698765432"),
            ("DE", 89, "370400440532013000"),
            ("BE", 68, "539007547034"),
        ] {
            assert_eq!(iban_check_digits(country, bban), Some(check));
            assert_eq!(mod97(&format!("{bban}{country}{check}")), Some(1));
        }
    }

    #[test]
    fn the_rib_inside_the_registry_example_has_its_key() {
        assert_eq!(rib_key("20041", "01005", "0500013M026"), Some(6));
    }

    #[test]
    fn luhn_accepts_the_textbook_siren_siret_and_card() {
        for number in ["732829320", "73282932000074", "4539148803436467"] {
            assert_eq!(luhn_sum(number).map(|sum| sum % 10), Some(0), "{number}");
        }
        assert_eq!(luhn_digit("73282932"), Some(0));
    }

    #[test]
    fn spi_key_agrees_with_the_specification_example() {
        assert_eq!(spi_key("3023217600"), Some(53));
    }
}
