//! What a person who argues with a rule is told.

mod common;

use beffroi_rules::detect::{Examination, Miss};
use common::{engine, grouped, nir};

fn examine(text: &str) -> Examination {
    engine().examine(text, None, None)
}

fn why(examination: &Examination, kind: &str) -> String {
    let about = |miss: &&Miss| miss.kind.as_str() == kind;
    let miss = examination.misses.iter().find(about);
    miss.map_or_else(|| format!("{examination:?}"), |miss| miss.why.clone())
}

#[test]
fn a_wrong_key_is_told_with_the_right_one() {
    let wrong = nir("1850578006084").replace("91", "36");
    let examination = examine(&grouped(&wrong, " "));
    assert!(examination.hits.is_empty());
    assert_eq!(
        why(&examination, "nir"),
        "la clé est fausse : 36, attendue 91"
    );
    let iban = examine("IBAN : FR76 2004 1010 0505 0001 3M02 606");
    assert_eq!(why(&iban, "iban"), "la clé est fausse : 76, attendue 14");
}

#[test]
fn impossible_parts_come_before_the_key() {
    let examination = examine(&grouped(&nir("1851578006084"), " "));
    assert!(why(&examination, "nir").contains("mois"), "{examination:?}");
}

#[test]
fn the_word_that_announces_something_else_is_named() {
    let examination = examine("facture n° 0612345678");
    assert!(
        why(&examination, "phone").contains("« facture"),
        "{examination:?}"
    );
}

#[test]
fn what_touches_a_value_is_told() {
    let examination = examine("REF-0612345678-A");
    assert!(
        why(&examination, "phone").contains("référence"),
        "{examination:?}"
    );
}

#[test]
fn a_number_of_no_known_form_is_a_stranger() {
    let examination = examine("dossier 12345678901234567890");
    assert!(examination.hits.is_empty());
    let [stranger] = examination.strangers.as_slice() else {
        panic!("{examination:?}")
    };
    assert_eq!((stranger.symbols, stranger.span.start), (20, 8));
}

#[test]
fn a_cell_is_read_under_its_title() {
    let bare = examine("612345678");
    let titled = engine().examine("612345678", Some("Téléphone"), None);
    assert!(bare.hits.is_empty());
    assert_eq!(titled.hits.len(), 1, "{titled:?}");
    assert_eq!(titled.hits[0].kind.as_str(), "phone");
}

#[test]
fn what_is_found_is_not_a_miss_of_others() {
    let examination = examine(&grouped(&nir("1850578006084"), " "));
    assert_eq!(examination.hits.len(), 1);
    assert_eq!(
        (examination.misses, examination.strangers),
        (vec![], vec![])
    );
}

#[test]
fn nothing_in_clear_is_told() {
    let value = nir("1850578006084").replace("91", "36");
    let told = format!("{:?}", examine(&format!("{value} et marie@famille-x.fr")));
    assert!(!told.contains(&value) && !told.contains("marie@"), "{told}");
    let named = engine().named_value(&nir("1850578006084"), None);
    assert!(!format!("{named:?}").contains("8006084"), "{named:?}");
}
