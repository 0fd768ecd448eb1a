//! Databases of Access.

use super::{assert_found, read};

const MEDIA_TYPE: &str = "application/x-msaccess";

/// Rows have the numbers that they have in the file; one that grew is where it went.
const FOUND: &[(&str, &str)] = &[
    ("table « Agents », ligne 1, colonne 3", "cellule"),
    ("table « Agents », ligne 1, colonne 9", "court"),
    ("table « Agents », ligne 1, colonne 10", "ajoute"),
    ("table « Agents », ligne 2, colonne 9", "autre-page"),
    ("table « Agents », ligne 3, colonne 9", "chaine"),
    ("table « Agents », ligne 4, colonne 3", "avant-l-ajout"),
    ("table « Agents », ligne 5, colonne 3", "supprime"),
    ("table « Agents », ligne 6, colonne 3", "deplace"),
    ("table « Agents », ligne 7, colonne 3", "decale"),
    ("table « Large », ligne 1, colonne 100", "derniere"),
];

#[test]
fn a_database_is_read_everywhere_whatever_its_version() {
    for name in ["97.mdb", "2003.mdb", "code.mdb"] {
        assert_found(&format!("access/{name}"), MEDIA_TYPE, FOUND);
    }
}

#[test]
fn attached_files_are_read() {
    let attached = [("note.txt › ", "archive"), ("brut.txt › ", "archive")];
    assert_found(
        "access/2010.accdb",
        MEDIA_TYPE,
        &[FOUND, &attached].concat(),
    );
}

#[test]
fn cells_are_shown_as_in_the_program() {
    let (_, addresses) = read("access/2003.mdb");
    let table = addresses.tables.first().unwrap();
    assert_eq!(
        table[0],
        [
            "Numéro",
            "Nom",
            "Courriel",
            "Actif",
            "Naissance",
            "Salaire",
            "Taux",
            "NIR",
            "Notes",
            "Ajouté"
        ]
    );
    assert_eq!(
        table[1],
        [
            "1",
            "DURAND 1",
            "cellule@exemple.fr",
            "oui",
            "07/05/1985",
            "1500.5",
            "0.75",
            "185057800608491",
            "Écrire à court@exemple.fr",
            "ajoute@exemple.fr"
        ]
    );
    // A date before 1900, an amount below zero, cells that are empty.
    assert_eq!(
        table[7][3..],
        ["non", "22/04/1886 18:00", "-1.25", "", "", "", ""]
    );
}
