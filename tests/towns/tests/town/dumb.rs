//! Plain patterns and a third writing of the checksums: it shares nothing with the generator.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use beffroi_towns::{Kind, TownFile};
use regex::{Captures, Regex};

struct Search {
    kind: Kind,
    pattern: Regex,
    passes: fn(&str) -> bool,
}

/// In the order in which matches are taken out of the text: an IBAN holds a RIB, a NIR could hold a telephone.
static SEARCHES: LazyLock<Vec<Search>> = LazyLock::new(|| {
    let any = |_: &str| true;
    vec![
        search(
            Kind::Iban,
            r"\b(?:FR\d\d(?:~[0-9A-Z]{4}){5}~[0-9A-Z]{3}|DE\d\d(?:~\d{4}){4}~\d\d|LU\d\d(?:~\d{4}){4}|BE\d\d(?:~\d{4}){3})\b",
            iban,
        ),
        search(
            Kind::Nir,
            r"\b[12]~\d\d~(?:0[1-9]|1[0-2])~(?:\d\d|2A|2B)~\d{3}~\d{3}~\d\d\b",
            nir,
        ),
        search(Kind::Nir, r"\(13\) : \S{13} ", any),
        search(Kind::PaymentCard, r"\b(?:4970|5134)(?:~\d{4}){3}\b", luhn),
        search(Kind::Rib, r"\b9\d{4}~\d{5}~[0-9A-Z]{11}~\d\d\b", rib),
        search(Kind::Siret, r"\b\d{3} ?\d{3} ?\d{3} ?\d{5}\b", luhn),
        search(
            Kind::Email,
            r"\b[A-Za-z0-9._-]+@[a-z0-9-]+\.[a-z]{2,}\b",
            any,
        ),
        search(Kind::Phone, r"(?:\+33 |\b0)[1-9](?:~\d\d){4}\b", any),
        search(Kind::Plate, r"\b[A-Z]{2}-\d{3}-[A-Z]{2}\b", any),
        search(Kind::Rna, r"\bW\d{9}\b", any),
        search(Kind::Siren, r"SIREN \d{3} ?\d{3} ?\d{3}\b", any),
        search(Kind::Spi, r"\b[0-3]\d ?\d\d ?\d{3} ?\d{3} ?\d{3}\b", spi),
    ]
});

/// `~` in a pattern stands for any separator, or none.
fn search(kind: Kind, pattern: &str, passes: fn(&str) -> bool) -> Search {
    let pattern = pattern.replace('~', r"[ .\-\u{a0}\u{202f}]?");
    Search {
        kind,
        pattern: Regex::new(&pattern).unwrap(),
        passes,
    }
}

/// Counts by kind, each match taken out of the text before the next kind is sought.
pub(crate) fn dumb_search(file: &TownFile, mut text: String) -> BTreeMap<Kind, usize> {
    for decoy in &file.decoys {
        text = text.replacen(&decoy.written, "~", 1);
    }

    let mut found = BTreeMap::new();
    for Search {
        kind,
        pattern,
        passes,
    } in SEARCHES.iter()
    {
        // The access log is full of timestamps, of which one in five hundred is a numéro fiscal by chance.
        if *kind == Kind::Spi && file.path.ends_with("_access.log") {
            continue;
        }
        let rest = pattern.replace_all(&text, |captures: &Captures<'_>| {
            if !passes(&bare(&captures[0])) {
                return captures[0].to_owned();
            }
            *found.entry(*kind).or_insert(0) += 1;
            "~".to_owned()
        });
        text = rest.into_owned();
    }
    found
}

pub(crate) fn bare(written: &str) -> String {
    written
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect()
}

fn remainder(text: &str) -> u64 {
    text.chars()
        .filter_map(|c| c.to_digit(36))
        .fold(0, |rest, value| {
            let shift = if value > 9 { 100 } else { 10 };
            (rest * shift + u64::from(value)) % 97
        })
}

pub(crate) fn iban(bare: &str) -> bool {
    bare.len() >= 15 && remainder(&format!("{}{}", &bare[4..], &bare[..4])) == 1
}

pub(crate) fn nir(bare: &str) -> bool {
    if bare.len() != 15 {
        return false;
    }
    let body = bare[..13].replace("2A", "19").replace("2B", "18");
    bare[13..].parse() == Ok(97 - remainder(&body))
        && matches!(bare[3..5].parse(), Ok(1..=12 | 20..=42 | 50..=99))
}

/// The whole RIB, letters mapped, is a multiple of 97.
pub(crate) fn rib(bare: &str) -> bool {
    let digits: String = bare
        .chars()
        .map(|c| match "AJ.BKSCLTDMUENVFOWGPXHQYIRZ".find(c) {
            Some(rank) => char::from_digit(u32::try_from(rank / 3).unwrap() + 1, 10).unwrap(),
            None => c,
        })
        .collect();
    digits.len() == 23 && remainder(&digits) == 0
}

pub(crate) fn luhn(bare: &str) -> bool {
    const DOUBLED: [u32; 10] = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
    let digits: Vec<u32> = bare.chars().rev().filter_map(|c| c.to_digit(10)).collect();
    digits
        .chunks(2)
        .map(|pair| pair[0] + pair.get(1).map_or(0, |second| DOUBLED[*second as usize]))
        .sum::<u32>()
        % 10
        == 0
}

pub(crate) fn spi(bare: &str) -> bool {
    let number: u64 = bare.parse().unwrap();
    number / 1000 % 511 == number % 1000
}
