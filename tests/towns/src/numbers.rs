//! Numbers with true check digits that belong to nobody, and the ways people write them.

use crate::checksum::{iban_check_digits, luhn_digit, mod97, nir_key, rib_key, spi_key};
use crate::day::Day;
use crate::dice::Dice;

/// What stands between the groups of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sep {
    None,
    Space,
    /// U+00A0, what Word puts between groups.
    Nbsp,
    /// U+202F, what French typography asks for.
    NarrowNbsp,
    Dot,
    Dash,
}

impl Sep {
    pub(crate) const ALL: [Self; 6] = [
        Self::None,
        Self::Space,
        Self::Nbsp,
        Self::NarrowNbsp,
        Self::Dot,
        Self::Dash,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Space => " ",
            Self::Nbsp => "\u{a0}",
            Self::NarrowNbsp => "\u{202f}",
            Self::Dot => ".",
            Self::Dash => "-",
        }
    }
}

pub(crate) const NIR_GROUPS: &[usize] = &[1, 2, 2, 2, 3, 3, 2];
pub(crate) const PAIRS: &[usize] = &[2];
pub(crate) const FOURS: &[usize] = &[4];
pub(crate) const RIB_GROUPS: &[usize] = &[5, 5, 11, 2];
pub(crate) const SIREN_GROUPS: &[usize] = &[3];
pub(crate) const SIRET_GROUPS: &[usize] = &[3, 3, 3, 5];
pub(crate) const SPI_GROUPS: &[usize] = &[2, 2, 3, 3, 3];
pub(crate) const PLATE_GROUPS: &[usize] = &[2, 3, 2];

/// Cuts an ASCII number in groups; the last size of `sizes` serves until the end.
pub(crate) fn grouped(number: &str, sizes: &[usize], sep: Sep) -> String {
    let mut groups = Vec::new();
    let mut rest = number;
    let mut sizes = sizes.iter().copied();
    let mut size = number.len();
    while !rest.is_empty() {
        size = sizes.next().unwrap_or(size);
        let (group, after) = rest.split_at(size.min(rest.len()));
        groups.push(group);
        rest = after;
    }
    groups.join(sep.as_str())
}

/// A NIR with its key. Commune numbers from 910 up (70 up overseas) and country numbers 610 to 690 are attributed to
/// no place, so that the number cannot be a living person's.
pub(crate) fn nir(dice: &mut Dice, woman: bool, born: Day) -> String {
    let place = match dice.between(1, 100) {
        1..=5 => format!("2A{}", dice.between(910, 990)),
        6..=10 => format!("2B{}", dice.between(910, 990)),
        11..=16 => format!("97{}{}", dice.between(1, 4), dice.between(70, 90)),
        17..=25 => format!("99{}", dice.between(610, 690)),
        _ => format!(
            "{:02}{}",
            [1, 8, 14, 29, 33, 38, 44, 59, 67, 76, 85, 93][dice.between(0, 11) as usize],
            dice.between(910, 990)
        ),
    };
    // Corsica was department 20 until 1976.
    let place = if born.year < 1976 {
        place.replacen("2A", "20", 1).replacen("2B", "20", 1)
    } else {
        place
    };
    let sex = if woman { 2 } else { 1 };
    let body = format!(
        "{sex}{:02}{:02}{place}{:03}",
        born.year % 100,
        born.month,
        dice.between(1, 999)
    );
    with_key(&body, nir_key(&body))
}

/// The same NIR with a key that is wrong by one.
pub(crate) fn nir_with_wrong_key(nir: &str) -> String {
    let (body, key) = nir.split_at(13);
    let wrong = key.parse::<u32>().unwrap_or_default() % 97 + 1;
    format!("{body}{wrong:02}")
}

/// A French IBAN; its 23 last characters are the RIB. Bank numbers from 90000 up are no bank's.
pub(crate) fn french_iban(dice: &mut Dice) -> String {
    let bank = format!("9{}", dice.digits(4));
    let branch = dice.digits(5);
    let account = if dice.chance(20) {
        format!(
            "{}{}{}",
            dice.digits(7),
            dice.letters(&['B', 'K', 'M', 'X'], 1),
            dice.digits(3)
        )
    } else {
        dice.digits(11)
    };
    let bban = with_key(
        &format!("{bank}{branch}{account}"),
        rib_key(&bank, &branch, &account),
    );
    iban("FR", &bban)
}

pub(crate) fn foreign_iban(dice: &mut Dice) -> String {
    match dice.between(0, 2) {
        0 => iban("DE", &dice.digits(18)),
        1 => iban("LU", &dice.digits(16)),
        _ => {
            let body = dice.digits(10);
            // The Belgian key is the rest of the division by 97, written 97 when there is none.
            let key = mod97(&body).map(|rest| if rest == 0 { 97 } else { rest });
            iban("BE", &with_key(&body, key))
        }
    }
}

/// One digit of the account changed: neither the IBAN nor the RIB inside it is right any more.
pub(crate) fn iban_with_wrong_key(iban: &str) -> String {
    let (head, last) = iban.split_at(iban.len() - 3);
    let (digit, key) = last.split_at(1);
    let other = digit.parse::<u32>().map_or(1, |digit| (digit + 1) % 10);
    format!("{head}{other}{key}")
}

fn iban(country: &str, bban: &str) -> String {
    let check = iban_check_digits(country, bban).unwrap_or_default();
    format!("{country}{check:02}{bban}")
}

pub(crate) fn payment_card(dice: &mut Dice) -> String {
    let (issuer, left) = if dice.chance(60) {
        ("4970", 11)
    } else {
        ("5134", 11)
    };
    let body = format!("{issuer}{}", dice.digits(left));
    with_luhn(&body)
}

pub(crate) fn siren(dice: &mut Dice) -> String {
    let body = format!("{}{}", dice.between(3, 9), dice.digits(7));
    with_luhn(&body)
}

pub(crate) fn siret(siren: &str, establishment: u32) -> String {
    with_luhn(&format!("{siren}{establishment:04}"))
}

pub(crate) fn spi(dice: &mut Dice) -> String {
    let body = format!(
        "{}{}",
        dice.between(0, 3),
        dice.between(100_000_000, 999_999_999)
    );
    format!("{body}{:03}", spi_key(&body).unwrap_or_default())
}

/// SIV plate: I, O and U are never used, nor SS.
pub(crate) fn plate(dice: &mut Dice) -> String {
    const LETTERS: [char; 22] = [
        'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'N', 'P', 'Q', 'R', 'T', 'V',
        'W', 'X', 'Y', 'Z',
    ];
    // Series that begin with W are provisional.
    format!(
        "{}{}{:03}{}",
        dice.pick(&['D', 'F', 'G']),
        dice.pick(&LETTERS),
        dice.between(1, 999),
        dice.letters(&LETTERS, 2)
    )
}

/// Arcep keeps these ranges for films and books.
pub(crate) const FICTION_MOBILE: &str = "063998";
pub(crate) const FICTION_FIXED: &[&str] = &["019900", "026191", "035301", "046571", "053649"];

pub(crate) fn mobile(dice: &mut Dice) -> String {
    format!("{FICTION_MOBILE}{}", dice.digits(4))
}

pub(crate) fn landline(dice: &mut Dice) -> String {
    format!("{}{}", dice.pick(FICTION_FIXED), dice.digits(4))
}

/// Redrawn when it would be a numéro fiscal by chance, which one article in 511 is.
pub(crate) fn ean13(dice: &mut Dice) -> String {
    loop {
        let body = format!("3{}", dice.digits(11));
        let digits = body.chars().filter_map(|c| c.to_digit(10));
        let sum: u32 = digits
            .zip([1, 3].into_iter().cycle())
            .map(|(digit, weight)| digit * weight)
            .sum();
        let ean = format!("{body}{}", (10 - sum % 10) % 10);
        let (head, tail) = ean.split_at(10);
        if spi_key(head) != tail.parse().ok() {
            return ean;
        }
    }
}

pub(crate) fn with_luhn(body: &str) -> String {
    format!("{body}{}", luhn_digit(body).unwrap_or_default())
}

fn with_key(body: &str, key: Option<u32>) -> String {
    format!("{body}{:02}", key.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checksum::luhn_sum;

    #[test]
    fn a_wrong_key_breaks_the_iban_and_the_rib_inside() {
        let mut dice = Dice::new(3, "wrong");
        for _ in 0..200 {
            let wrong = iban_with_wrong_key(&french_iban(&mut dice));
            assert_ne!(
                mod97(&format!("{}{}", &wrong[4..], &wrong[..4])),
                Some(1),
                "{wrong}"
            );
            assert_ne!(
                rib_key(&wrong[4..9], &wrong[9..14], &wrong[14..25]),
                wrong[25..].parse().ok(),
                "{wrong}"
            );
        }
    }

    #[test]
    fn minted_numbers_pass_their_checks() {
        let mut dice = Dice::new(3, "right");
        for _ in 0..200 {
            let iban = if dice.chance(50) {
                french_iban(&mut dice)
            } else {
                foreign_iban(&mut dice)
            };
            assert_eq!(
                mod97(&format!("{}{}", &iban[4..], &iban[..4])),
                Some(1),
                "{iban}"
            );
            let siret = siret(&siren(&mut dice), 2);
            for number in [&siret, &siret[..9].to_owned(), &payment_card(&mut dice)] {
                assert_eq!(luhn_sum(number).map(|sum| sum % 10), Some(0), "{number}");
            }
        }
    }

    #[test]
    fn groups_follow_the_written_custom() {
        assert_eq!(
            grouped("255081416802538", NIR_GROUPS, Sep::Space),
            "2 55 08 14 168 025 38"
        );
        assert_eq!(grouped("0639981234", PAIRS, Sep::Dot), "06.39.98.12.34");
    }
}
