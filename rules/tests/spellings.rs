//! A value has one canonical form, however it is spelled: a document that writes it in every way holds one different value.

#![allow(
    clippy::unwrap_used,
    reason = "tests; clippy only sees the functions marked as such"
)]

mod common;

use beffroi_rules::detect::Tally;
use beffroi_rules::detect::checks::Structure;
use common::{Random, nir, of_kind, read_text};

/// What people, spreadsheets, HTML, JSON, URLs and mail put between groups.
const GAPS: [&str; 12] = [
    "", " ", "\u{a0}", "\u{202f}", "\u{2009}", "&nbsp;", "&#160;", "\\u00a0", "\\u202f", "=C2=A0",
    "=A0", "%20",
];
const MARKS: [&str; 3] = [".", "-", "\u{2011}"];
const VALUES: usize = 60;

/// How a kind is written: its label, the sizes of its groups, and whether dots and dashes may cut it.
struct Written {
    kind: &'static str,
    label: &'static str,
    groups: &'static [usize],
    marks: bool,
    value: fn(&mut Random) -> String,
}

const KINDS: &[Written] = &[
    Written {
        kind: "nir",
        label: "NIR",
        groups: &[1, 2, 2, 2, 3, 3, 2],
        marks: true,
        value: a_nir,
    },
    Written {
        kind: "iban",
        label: "IBAN",
        groups: &[4, 4, 4, 4, 4, 4, 3],
        marks: true,
        value: an_iban,
    },
    Written {
        kind: "siret",
        label: "SIRET",
        groups: &[3, 3, 3, 5],
        marks: true,
        value: a_siret,
    },
    Written {
        kind: "spi",
        label: "n° fiscal",
        groups: &[2, 2, 3, 3, 3],
        marks: true,
        value: a_spi,
    },
    Written {
        kind: "phone",
        label: "tél.",
        groups: &[2, 2, 2, 2, 2],
        marks: true,
        value: a_phone,
    },
    Written {
        kind: "payment_card",
        label: "carte bancaire",
        groups: &[4, 4, 4, 4],
        marks: true,
        value: a_card,
    },
    Written {
        kind: "plate",
        label: "immatriculation",
        groups: &[2, 3, 2],
        marks: true,
        value: a_plate,
    },
    Written {
        kind: "foreigner_number",
        label: "AGDREF",
        groups: &[2, 2, 2, 2, 2],
        marks: true,
        value: |random| format!("75{}", random.digits(8)),
    },
    Written {
        kind: "numen",
        label: "NUMEN",
        groups: &[2, 1, 2, 5, 3],
        marks: true,
        value: |random| format!("17E{}ABC", random.digits(7)),
    },
];

#[test]
fn every_spelling_is_one_value() {
    let mut random = Random(20_261_122);
    for written in KINDS {
        for _ in 0..VALUES {
            let value = (written.value)(&mut random);
            let spellings = spellings(&value, written);
            for spelling in &spellings {
                // Twice: as it is, and beside the plain one.
                let text = format!("{l} {value}\n\n\n{l} {spelling}\n", l = written.label);
                let tally = tally(&text, written.kind);
                assert_eq!((tally.count, tally.distinct), (2, 1), "{text}");
            }
        }
    }
}

#[test]
fn a_phone_is_one_value_with_and_without_its_country() {
    let mut random = Random(7);
    for _ in 0..VALUES {
        let phone = a_phone(&mut random);
        let rest = &phone[1..];
        let text = format!(
            "tél. {phone}\ntél. +33{rest}\ntél. 0033 {rest}\ntél. +33 (0){rest}\ntél. +33 0{rest}\n"
        );
        let tally = tally(&text, "phone");
        assert_eq!((tally.count, tally.distinct), (5, 1), "{text}");
    }
}

#[test]
fn a_nir_is_one_value_with_and_without_its_key() {
    let mut random = Random(8);
    for _ in 0..VALUES {
        let whole = a_nir(&mut random);
        let text = format!(
            "NIR {whole}\nNIR {}\nNIR {} clé {}\n",
            &whole[..13],
            &whole[..13],
            &whole[13..]
        );
        let tally = tally(&text, "nir");
        assert_eq!((tally.count, tally.distinct), (3, 1), "{text}");
    }
}

#[test]
fn the_canonical_form_is_its_own() {
    let mut random = Random(9);
    for _ in 0..10_000 {
        let nir = a_nir(&mut random);
        let phone = a_phone(&mut random);
        let overseas = format!(
            "{}{}",
            one_of(&mut random, &["00262692", "508", "687", "689"]),
            random.digits(6)
        );
        for (structure, value) in [
            (Structure::Nir, nir),
            (Structure::Phone, phone.clone()),
            (Structure::Phone, format!("33{}", &phone[1..])),
            (Structure::Phone, format!("0033{phone}")),
            (Structure::Phone, overseas),
            (Structure::Caf, format!("{}A", random.digits(7))),
        ] {
            let canonical = structure.canonical(value.as_bytes());
            assert_eq!(
                structure.canonical(&canonical),
                canonical,
                "{structure:?} {value}"
            );
        }
    }
}

/// Every gap throughout, in capitals and not.
fn spellings(value: &str, written: &Written) -> Vec<String> {
    let marks = if written.marks { &MARKS[..] } else { &[] };
    let gaps = GAPS.iter().chain(marks);
    gaps.flat_map(|gap| {
        let grouped = cut(value, written.groups).join(gap);
        // An escape keeps its own case.
        let lower = cut(&value.to_lowercase(), written.groups).join(gap);
        [grouped, lower]
    })
    .collect()
}

fn cut<'a>(value: &'a str, groups: &[usize]) -> Vec<&'a str> {
    let mut rest = value;
    let mut parts = Vec::new();
    for size in groups {
        let (part, after) = rest.split_at(*size);
        parts.push(part);
        rest = after;
    }
    assert_eq!(rest, "", "{value} is longer than its groups");
    parts
}

fn tally(text: &str, kind: &str) -> Tally {
    let tallies = read_text(text);
    let found = of_kind(&tallies, kind).cloned();
    assert!(found.is_some(), "no {kind} in {text:?}: {tallies:?}");
    found.unwrap()
}

fn a_nir(random: &mut Random) -> String {
    let department = one_of(random, &["27", "2A", "2B", "75"]);
    nir(&format!(
        "{}{}{:02}{department}{:03}{:03}",
        1 + random.below(2),
        random.digits(2),
        1 + random.below(12),
        1 + random.below(900),
        1 + random.below(999)
    ))
}

/// A French account of digits with a good key of its own: its IBAN key is 76.
fn an_iban(random: &mut Random) -> String {
    let (bank, branch, account) = (
        random.below(89_999) + 10_000,
        random.below(99_999) + 1,
        random.below(9_999_999) + 1,
    );
    let key = 97 - (89 * bank + 15 * branch + 3 * account) % 97;
    format!("FR76{bank:05}{branch:05}{account:011}{key:02}")
}

fn a_siret(random: &mut Random) -> String {
    let siren = with_luhn(&format!("7{}", random.digits(7)));
    with_luhn(&format!("{siren}00{}", random.digits(2)))
}

fn a_spi(random: &mut Random) -> String {
    let body = 1_000_000_000 + random.below(700_000_000);
    format!("{body}{:03}", body % 511)
}

fn a_phone(random: &mut Random) -> String {
    format!("06{:02}{}", 10 + random.below(19), random.digits(6))
}

fn a_card(random: &mut Random) -> String {
    with_luhn(&format!("4970{}", random.digits(11)))
}

fn a_plate(random: &mut Random) -> String {
    let pairs = ["AB", "CD", "BE", "GX", "WW", "FR"];
    let (left, right) = (one_of(random, &pairs), one_of(random, &pairs));
    format!("{left}{:03}{right}", 1 + random.below(999))
}

fn one_of<'a>(random: &mut Random, choices: &[&'a str]) -> &'a str {
    let index = usize::try_from(random.next() % choices.len() as u64).unwrap();
    choices[index]
}

/// The digits with the last that makes Luhn's sum a multiple of ten.
fn with_luhn(body: &str) -> String {
    let sum: u32 = body
        .bytes()
        .rev()
        .enumerate()
        .map(
            |(index, digit)| match (index % 2, u32::from(digit - b'0')) {
                (0, value) => value * 2 / 10 + value * 2 % 10,
                (_, value) => value,
            },
        )
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}
