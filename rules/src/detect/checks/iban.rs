//! IBAN: the SWIFT registry's countries, with the length and the composition of their account numbers.

use super::{Soundness, bank, number};

/// Country and account number as the registry writes it: `n` digits, `a` letters, `c` both (registry v101, as in python-stdnum
/// 2.2, `stdnum/iban.dat`).
const COUNTRIES: &[(&str, &str)] = &[
    ("AD", "8n12c"),
    ("AE", "19n"),
    ("AL", "8n16c"),
    ("AT", "16n"),
    ("AZ", "4a20c"),
    ("BA", "16n"),
    ("BE", "12n"),
    ("BG", "4a6n8c"),
    ("BH", "4a14c"),
    ("BI", "23n"),
    ("BR", "23n1a1c"),
    ("BY", "4c4n16c"),
    ("CH", "5n12c"),
    ("CR", "18n"),
    ("CY", "8n16c"),
    ("CZ", "20n"),
    ("DE", "18n"),
    ("DJ", "23n"),
    ("DK", "14n"),
    ("DO", "4c20n"),
    ("EE", "16n"),
    ("EG", "25n"),
    ("ES", "20n"),
    ("FI", "14n"),
    ("FK", "2a12n"),
    ("FO", "14n"),
    ("FR", "10n11c2n"),
    ("GB", "4a14n"),
    ("GE", "2a16n"),
    ("GI", "4a15c"),
    ("GL", "14n"),
    ("GR", "7n16c"),
    ("GT", "24c"),
    ("HN", "4a20n"),
    ("HR", "17n"),
    ("HU", "24n"),
    ("IE", "4a14n"),
    ("IL", "19n"),
    ("IQ", "4a15n"),
    ("IS", "22n"),
    ("IT", "1a10n12c"),
    ("JO", "4a4n18c"),
    ("KW", "4a22c"),
    ("KZ", "3n13c"),
    ("LB", "4n20c"),
    ("LC", "4a24c"),
    ("LI", "5n12c"),
    ("LT", "16n"),
    ("LU", "3n13c"),
    ("LV", "4a13c"),
    ("LY", "21n"),
    ("MC", "10n11c2n"),
    ("MD", "20c"),
    ("ME", "18n"),
    ("MK", "3n10c2n"),
    ("MN", "16n"),
    ("MR", "23n"),
    ("MT", "4a5n18c"),
    ("MU", "4a19n3a"),
    ("NI", "4a20n"),
    ("NL", "4a10n"),
    ("NO", "11n"),
    ("OM", "3n16c"),
    ("PK", "4a16c"),
    ("PL", "24n"),
    ("PS", "4a21c"),
    ("PT", "21n"),
    ("QA", "4a21c"),
    ("RO", "4a16c"),
    ("RS", "18n"),
    ("RU", "14n15c"),
    ("SA", "2n18c"),
    ("SC", "4a20n3a"),
    ("SD", "14n"),
    ("SE", "20n"),
    ("SI", "15n"),
    ("SK", "20n"),
    ("SM", "1a10n12c"),
    ("SO", "19n"),
    ("ST", "21n"),
    ("SV", "4a20n"),
    ("TL", "19n"),
    ("TN", "20n"),
    ("TR", "6n16c"),
    ("UA", "6n19c"),
    ("VA", "18n"),
    ("VG", "4a16n"),
    ("XK", "16n"),
    ("YE", "4a4n18c"),
];

const SHORTEST: usize = 15;

/// How many symbols an IBAN of this country has.
pub fn length(country: [u8; 2]) -> Option<usize> {
    let account = composition(country)?;
    Some(4 + parts(account).map(|(count, _)| count).sum::<usize>())
}

fn composition(country: [u8; 2]) -> Option<&'static str> {
    let place = COUNTRIES.binary_search_by(|(code, _)| code.as_bytes().cmp(&country));
    let (_, composition) = COUNTRIES.get(place.ok()?)?;
    Some(composition)
}

/// The length and composition of the country. A French account whose own key is wrong is doubtful: banks write both.
pub fn judge(symbols: &[u8]) -> Soundness {
    let Some((head, account)) = symbols.split_first_chunk::<4>() else {
        return Soundness::Wrong;
    };
    let [first, second, tens, units] = head;
    let country = &[*first, *second];
    let Some(composition) = composition(*country) else {
        return Soundness::Wrong;
    };
    // The remainder is taken from 98: no key is 00, 01 or 99.
    let key_is_possible = matches!(number(&[*tens, *units]), Some(2..=98));
    if !key_is_possible || !is_composed(account, composition) {
        return Soundness::Wrong;
    }
    if matches!(country, b"FR" | b"MC") && !bank::rib_key_holds(account) {
        return Soundness::Doubtful;
    }
    Soundness::Sound
}

/// ISO 7064 modulo 97-10 over the number turned round.
pub fn key_holds(symbols: &[u8]) -> bool {
    let Some((head, account)) = symbols.split_first_chunk::<4>() else {
        return false;
    };
    if symbols.len() < SHORTEST {
        return false;
    }
    let remainder = account
        .iter()
        .chain(head)
        .try_fold(0u32, |remainder, symbol| match symbol {
            b'0'..=b'9' => Some((remainder * 10 + u32::from(symbol - b'0')) % 97),
            b'A'..=b'Z' => Some((remainder * 100 + u32::from(symbol - b'A') + 10) % 97),
            _ => None,
        });
    remainder == Some(1)
}

fn is_composed(account: &[u8], composition: &str) -> bool {
    let mut rest = account;
    for (count, class) in parts(composition) {
        let Some((part, after)) = rest.split_at_checked(count) else {
            return false;
        };
        let fits = part.iter().all(|symbol| match class {
            b'n' => symbol.is_ascii_digit(),
            b'a' => symbol.is_ascii_uppercase(),
            _ => symbol.is_ascii_digit() || symbol.is_ascii_uppercase(),
        });
        if !fits {
            return false;
        }
        rest = after;
    }
    rest.is_empty()
}

/// "4n6c" is four digits, then six symbols of any sort.
fn parts(composition: &str) -> impl Iterator<Item = (usize, u8)> + '_ {
    composition
        .split_inclusive(['n', 'a', 'c'])
        .filter_map(|part| {
            let (class, count) = part.as_bytes().split_last()?;
            let count = count.iter().fold(0, |sum, digit| {
                sum * 10 + usize::from(digit.wrapping_sub(b'0'))
            });
            Some((count, *class))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_the_registry_s_examples() {
        for iban in [
            "FR1420041010050500013M02606",
            "DE89370400440532013000",
            "GB29NWBK60161331926819",
            "BE68539007547034",
            "CH9300762011623852957",
            "ES9121000418450200051332",
            "IT60X0542811101000000123456",
            "MT84MALT011000012345MTLCAST001S",
            "NO9386011117947",
            "LC55HEMM000100010012001200023015",
        ] {
            assert_eq!(
                (judge(iban.as_bytes()), key_holds(iban.as_bytes())),
                (Soundness::Sound, true),
                "{iban}"
            );
            assert_eq!(
                length([iban.as_bytes()[0], iban.as_bytes()[1]]),
                Some(iban.len()),
                "{iban}"
            );
        }
    }

    #[test]
    fn countries_are_in_order() {
        assert!(COUNTRIES.is_sorted());
    }

    #[test]
    fn refuses_a_wrong_length_and_a_wrong_composition() {
        assert_eq!(judge(b"FR1420041010050500013M0260"), Soundness::Wrong);
        assert_eq!(judge(b"BE6853900754703A"), Soundness::Wrong);
        assert_eq!(length(*b"ZZ"), None);
    }

    #[test]
    fn doubts_a_french_iban_without_a_good_rib_key() {
        assert_eq!(judge(b"FR1420041010050500013M02607"), Soundness::Doubtful);
    }
}
