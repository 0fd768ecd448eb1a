//! What every scanner of French files must get right: the cheapest acceptance test (fourteen small files), and the
//! look-alikes that must stay silent.

mod common;

use common::{Random, engine, grouped, nir, of_kind, read_table, read_text, sure};

#[test]
fn a_spaced_nir_in_plain_ascii() {
    assert_eq!(
        sure(&read_text(&grouped(&nir("1850578006084"), " ")), "nir"),
        1
    );
}

#[test]
fn non_breaking_spaces_narrow_ones_too() {
    for between in [
        "\u{a0}", "\u{202f}", "\u{2009}", "&nbsp;", "&#160;", "\\u00a0", "\\u202f", "=C2=A0",
        "=A0", ".",
    ] {
        assert_eq!(
            sure(&read_text(&grouped(&nir("1850578006084"), between)), "nir"),
            1,
            "{between:?}"
        );
    }
}

#[test]
fn accents_at_any_distance_before_the_value() {
    for count in 0..120 {
        let text = format!(
            "{}é{} {}",
            "à".repeat(count / 2),
            "a".repeat(count),
            nir("1850578006084")
        );
        assert_eq!(sure(&read_text(&text), "nir"), 1, "{count}");
    }
}

#[test]
fn corsica() {
    for body in ["185052A006084", "285052B006084", "185052a006084"] {
        let whole = nir(&body.to_uppercase());
        let text = if body.contains('a') {
            whole.to_lowercase()
        } else {
            grouped(&whole, " ")
        };
        assert_eq!(sure(&read_text(&text), "nir"), 1, "{text}");
    }
}

#[test]
fn dots_between_the_groups() {
    assert_eq!(
        sure(&read_text(&grouped(&nir("1850578006084"), ".")), "nir"),
        1
    );
}

#[test]
fn thirteen_characters_without_key() {
    assert_eq!(
        sure(&read_text("N° de sécurité sociale : 1850578006084"), "nir"),
        1
    );
    assert_eq!(sure(&read_text("1 85 05 78 006 084"), "nir"), 1);
}

#[test]
fn body_and_key_in_two_columns() {
    let tallies = read_table(&[
        &["Nom", "NIR", "Clé"],
        &["Durand", "1850578006084", "91"],
        &["Martin", "2 85 05 78 006 084", "38"],
    ]);
    let tally = of_kind(&tallies, "nir").unwrap();
    assert_eq!(
        (tally.count, tally.persons, tally.confidence.high),
        (2, 2, 2),
        "{tally:?}"
    );
    assert!(
        tally
            .reasons
            .iter()
            .any(|reason| reason.contains("colonnes voisines")),
        "{:?}",
        tally.reasons
    );
}

#[test]
fn months_that_do_not_exist_have_good_keys_too() {
    for month in (0..100).filter(|month| !matches!(month, 1..=12 | 20..=42 | 50..=99)) {
        let text = format!("NIR : {}", nir(&format!("185{month:02}78006084")));
        assert_eq!(of_kind(&read_text(&text), "nir"), None, "{text}");
    }
}

#[test]
fn a_month_that_nobody_knows() {
    assert_eq!(
        sure(
            &read_text(&format!("NIR : {}", nir("1856578006084"))),
            "nir"
        ),
        1
    );
}

/// At most 0.03 %. `BEFFROI_RANDOM_NIRS=10000000 tests/run -p beffroi-rules` measures ten million, in a minute.
#[test]
fn random_digits_are_no_nir() {
    let asked = std::env::var("BEFFROI_RANDOM_NIRS").ok();
    let count = asked.map_or(200_000, |count| count.parse().expect("a number"));
    let accepted = accepted_as_nir(count);
    println!("{accepted} of {count} random runs of 15 digits are taken for a NIR");
    assert!(
        accepted * 10_000 <= count * 3,
        "{accepted} of {count}: more than 0.03 %"
    );
}

fn accepted_as_nir(count: usize) -> usize {
    let mut random = Random(1);
    let is_nir = |text: String| {
        engine()
            .explain(&text)
            .iter()
            .any(|hit| hit.kind.as_str() == "nir")
    };
    (0..count).filter(|_| is_nir(random.digits(15))).count()
}

#[test]
fn look_alikes_stay_silent() {
    for text in [
        "git clone git@gitlab.mairie.fr:site/depot.git",
        "git@github.com:org/x",
        "<img src=\"logo@2x.png\"> <img src=\"fond@3x.webp\">",
        "import x from '@scope/pkg'; npm i lodash@4.17.21 vue@next",
        "REF-0612345678-A",
        "dossier_0612345678_v2",
        "01 02 03 04 05",
        "01 02 03 04 05 06 07 08 09 10",
        "loto : 04 11 23 31 45 12",
        "4111 1111 1111 1111, 4242424242424242, 5555555555554444",
        "sha1 da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "550e8400-e29b-41d4-a716-446655440000",
        "2024-03-12 10:22:33,123 [1710235353123] GET /a/20240312102233.txt 192.168.1.12",
        "version 10.2.34.5678 du 12.03.2024",
        "48.8566140,2.3522219 0.123456789012345",
        "Parcelle 27 229 000 AB 0123, lot 12",
        "EAN 3017620422003, ISBN 978-2-07-036822-8",
        "FR76 3000 6000 0112 3456 7890 18",
        "article 60632 chapitre 011 fonction 0200 : 12 345 678,90 €",
        "Facture n° 2024-0612345678 du 12/03/2024",
        "Bon de commande 0145678901",
    ] {
        let hits = engine().explain(text);
        let shown: Vec<_> = hits
            .iter()
            .map(|hit| {
                (
                    hit.detector.as_str(),
                    &text[hit.span.clone()],
                    hit.confidence,
                )
            })
            .collect();
        assert!(hits.is_empty(), "{text:?}: {shown:?}");
    }
}

#[test]
fn one_span_has_one_kind() {
    for (text, kind) in [
        ("SIRET 73282932000074", "siret"),
        ("TVA FR40 303 265 045", "vat"),
        ("IBAN FR14 2004 1010 0505 0001 3M02 606", "iban"),
        ("0612345678@mms.orange.fr", "email"),
        ("NIR 1 85 05 78 006 084 91", "nir"),
    ] {
        let hits = engine().explain(text);
        let kinds: Vec<&str> = hits.iter().map(|hit| hit.kind.as_str()).collect();
        assert_eq!(kinds, [kind], "{text}");
    }
}

#[test]
fn nothing_shown_holds_the_value() {
    let text = format!(
        "NIR {} IBAN FR14 2004 1010 0505 0001 3M02 606 tel 0639981234 jean@durand.fr né le 12/04/1985",
        nir("1850578006084")
    );
    let shown = format!("{:?} {:?}", read_text(&text), engine().explain(&text));
    for secret in [
        "78006084",
        "78 006 084",
        "0505",
        "9981",
        "98 12",
        "jean",
        "durand",
        "12/04",
        "0412",
    ] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
