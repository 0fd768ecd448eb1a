//! Tables and texts about people: who is counted, what is said of them, and of nobody.

mod common;

use common::{of_kind, read_table, read_text, sure};

#[test]
fn a_row_with_a_name_is_a_person_without_any_identifier() {
    let tallies = read_table(&[
        &["Nom", "Prénom", "Service"],
        &["DURAND", "Camille", "Voirie"],
        &["Petit", "Lucas", "Accueil"],
    ]);
    let tally = of_kind(&tallies, "person_name").unwrap();
    assert_eq!((tally.count, tally.persons), (2, 2));
}

#[test]
fn a_title_says_it_of_who_the_row_names() {
    let tallies = read_table(&[
        &["Nom", "Prénom", "Allergies", "Régime"],
        &["DURAND", "Camille", "arachide", "sans porc"],
        &["Petit", "Lucas", "néant", "standard"],
        &["Benali", "Inès", "", ""],
    ]);
    assert_eq!(sure(&tallies, "health"), 1, "{tallies:?}");
    assert_eq!(sure(&tallies, "religion"), 1, "{tallies:?}");
}

#[test]
fn the_allergens_of_a_menu_are_nobodys() {
    let tallies = read_table(&[
        &["Plat", "Allergies", "Régime"],
        &["Gratin", "lait", "sans porc"],
        &["Tarte", "gluten", "halal"],
    ]);
    assert_eq!(tallies, []);
}

#[test]
fn leaflets_and_forms_say_nothing_of_anybody() {
    for text in [
        "La MDPH instruit les demandes de RQTH, d'AAH et de PCH. Contact : 02 32 00 00 00",
        "Fiche sanitaire\nNom : ..........\nPrénom : ..........\nAllergies : ..........\nPAI : oui / non",
        "Le syndicat des eaux a élu son président, M. Jean Petit.",
        "Poste d'agent d'accueil, RQTH bienvenue, candidature à Mme Durand",
    ] {
        let tallies = read_text(text);
        let special: Vec<&str> = tallies
            .iter()
            .map(|tally| tally.kind.as_str())
            .filter(|kind| !matches!(*kind, "person_name" | "phone"))
            .collect();
        assert!(special.is_empty(), "{text}: {special:?}");
    }
}

#[test]
fn neither_the_name_nor_the_secret_is_shown() {
    let text = "Mme Camille Tournesol, RQTH, 12 rue des Capucines, 27400 Louviers - mot de passe : Guimauve27!";
    let tallies = read_text(text);
    for kind in ["person_name", "health", "postal_address", "secret"] {
        assert_eq!(sure(&tallies, kind), 1, "{kind}: {tallies:?}");
    }
    let shown = format!("{tallies:?}").to_lowercase();
    for value in ["camille", "tournesol", "capucines", "louviers", "guimauve"] {
        assert!(!shown.contains(value), "{value} in {shown}");
    }
}
