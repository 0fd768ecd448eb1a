//! What an allowance hides, and only that; and what it hides is counted.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod common;

use beffroi_rules::detect::{AllowanceId, Allowed, Content, Part, Subject, ValueKey};
use common::{begin_table, engine, nir, of_kind};

const ID: AllowanceId = [1; 16];
const TOWN: &str = "FR1420041010050500013M02606";
const OTHER: &str = "DE89370400440532013000";

fn key() -> ValueKey {
    ValueKey::of_town(&[7; 32])
}

fn allowing(subject: Subject) -> Allowed {
    Allowed::new(key(), [(ID, subject)])
}

fn value(kind: &str, text: &str) -> Subject {
    let named = engine().named_value(text, Some(kind)).unwrap();
    Subject::Value {
        kind: kind.to_owned(),
        hash: named.hash(&key()),
    }
}

fn read(text: &str, allowed: &Allowed) -> Content {
    let mut document = engine().document().allowing(allowed);
    document.begin(Part::Text { within: None });
    document.text(text);
    document.finish()
}

fn counts(content: &Content, kind: &str) -> (u64, u64) {
    let of_this = |hidden: &&beffroi_rules::detect::Hidden| hidden.kind.as_str() == kind;
    let hidden = content.hidden.iter().filter(of_this);
    (
        of_kind(&content.tallies, kind).map_or(0, |tally| tally.count),
        hidden.map(|hidden| hidden.count).sum(),
    )
}

#[test]
fn an_allowed_value_is_hidden_however_it_is_written_and_counted() {
    let allowed = allowing(value("iban", TOWN));
    let text = format!("{TOWN}\nfr14 2004 1010 0505 0001 3m02 606\n{OTHER}");
    let content = read(&text, &allowed);
    assert_eq!(counts(&content, "iban"), (1, 2));
    assert_eq!(content.hidden[0].allowance, ID);
}

#[test]
fn a_value_of_another_town_hides_nothing() {
    let named = engine().named_value(TOWN, Some("iban")).unwrap();
    let subject = Subject::Value {
        kind: "iban".to_owned(),
        hash: named.hash(&ValueKey::of_town(&[8; 32])),
    };
    assert_eq!(counts(&read(TOWN, &allowing(subject)), "iban"), (1, 0));
}

#[test]
fn a_domain_is_allowed_whole_and_alone() {
    let allowed = allowing(Subject::EmailDomain("mairie-saint-loup.fr".to_owned()));
    let text = "a@mairie-saint-loup.fr b@Mairie-Saint-Loup.fr c@ccas.mairie-saint-loup.fr d@xmairie-saint-loup.fr";
    assert_eq!(counts(&read(text, &allowed), "email"), (2, 2));
}

#[test]
fn a_kind_a_rule_or_everything() {
    let text = format!("{TOWN} et a@exemple.fr");
    for (subject, expected) in [
        (Subject::Kind("iban".to_owned()), ((0, 1), (1, 0))),
        (Subject::Detector("email".to_owned()), ((1, 0), (0, 1))),
        (Subject::Everything, ((0, 1), (0, 1))),
    ] {
        let content = read(&text, &allowing(subject.clone()));
        let found = (counts(&content, "iban"), counts(&content, "email"));
        assert_eq!(found, expected, "{subject:?}");
    }
}

#[test]
fn the_most_precise_allowance_is_the_one_that_counts() {
    let allowances = [(ID, Subject::Everything), ([2; 16], value("iban", TOWN))];
    let content = read(TOWN, &Allowed::new(key(), allowances));
    assert_eq!(content.hidden[0].allowance, [2; 16]);
}

#[test]
fn the_chunks_borders_change_nothing() {
    let allowed = allowing(value("iban", TOWN));
    let text = format!("{}{TOWN} ", "mot ".repeat(40_000)).repeat(2);
    let mut document = engine().document().allowing(&allowed);
    for chunk in text.as_bytes().chunks(1_021) {
        document.text(std::str::from_utf8(chunk).unwrap());
    }
    assert_eq!(counts(&document.finish(), "iban"), (0, 2));
}

#[test]
fn a_hidden_value_is_nobody_in_a_table() {
    let town = nir("1850578006084");
    let allowed = allowing(value("nir", &town));
    let mut document = engine().document().allowing(&allowed);
    begin_table(&mut document);
    document.row(&["NIR", "Nom"]);
    for body in ["1850578006084", "2650578006017", "1770578006021"] {
        document.row(&[&nir(body), "X"]);
    }
    let content = document.finish();
    assert_eq!(counts(&content, "nir"), (2, 1));
    assert_eq!(of_kind(&content.tallies, "nir").unwrap().persons, 2);
}

#[test]
fn a_value_is_known_without_the_words_that_files_give_it() {
    for (kind, text) in [
        ("phone", "02 61 91 44 53"),
        ("email", "accueil@mairie-saint-loup.fr"),
        ("siren", "356 000 000"),
    ] {
        let named = engine().named_value(text, Some(kind));
        assert!(
            named.is_some_and(|named| named.kind.as_str() == kind),
            "{text}"
        );
    }
    assert!(engine().named_value("bonjour", None).is_none());
    assert!(engine().named_value(TOWN, Some("nir")).is_none());
    assert!(
        engine()
            .named_value(&format!("{TOWN} {OTHER}"), None)
            .is_none()
    );
}

#[test]
fn an_examination_tells_what_is_hidden() {
    let examination = engine().examine(TOWN, None, Some(&allowing(value("iban", TOWN))));
    assert!(examination.hits.is_empty());
    assert_eq!(examination.hidden[0].1, ID);
}
