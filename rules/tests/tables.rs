//! Tables: titles, columns that agree, rows that are persons.

mod common;

use beffroi_rules::detect::Place;
use common::{Random, begin_table, engine, nir, of_kind, read_table, sure};

fn persons(count: u64) -> Vec<[String; 4]> {
    let mut random = Random(7);
    let row = |index: u64| {
        let body = format!(
            "{}{:02}{:02}27229{:03}",
            1 + index % 2,
            50 + index % 50,
            1 + index % 12,
            1 + index % 999
        );
        [
            format!("DUPONT{index}"),
            nir(&body),
            format!("0639{}", random.digits(6)),
            format!("{}", 20_000 + index),
        ]
    };
    (0..count).map(row).collect()
}

fn read(titles: &[&str], rows: &[[String; 4]]) -> Vec<beffroi_rules::detect::Tally> {
    let mut document = engine().document();
    begin_table(&mut document);
    if !titles.is_empty() {
        document.row(titles);
    }
    for row in rows {
        let cells: Vec<&str> = row.iter().map(String::as_str).collect();
        document.row(&cells);
    }
    document.finish().tallies
}

#[test]
fn a_titled_column_of_valid_keys_is_one_strong_statement() {
    let tallies = read(
        &["Nom", "N° Sécu", "Tél. portable", "Salaire"],
        &persons(342),
    );
    let tally = of_kind(&tallies, "nir").unwrap();
    assert_eq!(
        (
            tally.count,
            tally.distinct,
            tally.persons,
            tally.confidence.high
        ),
        (342, 342, 342, 342)
    );
    assert_eq!(sure(&tallies, "phone"), 342);
    assert_eq!(tallies.len(), 2, "{tallies:?}");
}

#[test]
fn an_untitled_column_of_valid_keys_says_as_much() {
    let tallies = read(&[], &persons(40));
    let tally = of_kind(&tallies, "nir").unwrap();
    assert_eq!(tally.confidence.high, 40);
    assert!(
        tally
            .reasons
            .iter()
            .any(|reason| reason.contains("colonne")),
        "{:?}",
        tally.reasons
    );
}

#[test]
fn rows_of_the_same_person_count_once() {
    let mut rows = persons(10);
    rows.extend(persons(10));
    let tallies = read(&["Nom", "NIR", "Téléphone", "Salaire"], &rows);
    assert_eq!(
        of_kind(&tallies, "nir").map(|tally| (tally.count, tally.persons)),
        Some((20, 10))
    );
    assert_eq!(
        of_kind(&tallies, "phone").map(|tally| tally.persons),
        Some(10)
    );
}

#[test]
fn titles_may_come_after_a_heading_and_again() {
    let key = nir("1850578006084");
    let tallies = read_table(&[
        &["Commune de Saint-Loup", "", ""],
        &["", "", ""],
        &["Nom", "Né(e) le", "N° SS"],
        &["Durand", "12/04/1985", &key],
        &["Nom", "N° SS", "Né(e) le"],
        &["Martin", &key, "13/04/1985"],
    ]);
    assert_eq!(
        (sure(&tallies, "birth_date"), sure(&tallies, "nir")),
        (2, 2)
    );
    let place = &of_kind(&tallies, "birth_date").unwrap().samples[1].place;
    assert_eq!(
        place,
        &Place::Cell {
            within: None,
            row: 6,
            column: 3
        }
    );
}

#[test]
fn a_spreadsheet_loses_zeros() {
    let tallies = read_table(&[
        &["Nom", "Téléphone"],
        &["Durand", "639981234"],
        &["Martin", "0639981235"],
        &["Petit", "12"],
    ]);
    assert_eq!(sure(&tallies, "phone"), 2);
}

#[test]
fn a_rib_over_four_columns() {
    let tallies = read_table(&[
        &["Nom", "Banque", "Guichet", "N° compte", "Clé"],
        &["Durand", "20041", "1005", "0500013M026", "6"],
        &["Martin", "20041", "1005", "0500013M026", "7"],
    ]);
    assert_eq!(sure(&tallies, "rib"), 1);
}

#[test]
fn titles_keep_their_number_sign() {
    let tallies = read_table(&[&["Nom", "N° de permis"], &["Durand", "13AA00001"]]);
    assert_eq!(sure(&tallies, "driving_licence"), 1);
}

#[test]
fn dates_under_other_titles_are_no_births() {
    let tallies = read_table(&[
        &["Nom", "Date de naissance", "Date d'entrée", "Échéance"],
        &["Durand", "12/04/1985", "01/09/2010", "31/12/2025"],
        &["Martin", "1990-02-28", "2011-01-01", "2026-06-30"],
    ]);
    assert_eq!(
        of_kind(&tallies, "birth_date").map(|tally| tally.count),
        Some(2)
    );
}

#[test]
fn a_column_of_references_is_no_column_of_phones() {
    let rows: Vec<Vec<String>> = (0..30)
        .map(|row| vec![format!("06{:08}", row * 7919), format!("{row}")])
        .collect();
    let mut document = engine().document();
    begin_table(&mut document);
    document.row(&["N° facture", "Quantité"]);
    for row in &rows {
        let cells: Vec<&str> = row.iter().map(String::as_str).collect();
        document.row(&cells);
    }
    assert_eq!(document.finish().tallies, []);
}

#[test]
fn numbers_that_begin_like_a_phone_among_others_are_no_phones() {
    let mut random = Random(5);
    let rows: Vec<String> = (0..200).map(|_| random.digits(10)).collect();
    let mut document = engine().document();
    begin_table(&mut document);
    for row in &rows {
        document.row(&[row, "x"]);
    }
    assert_eq!(document.finish().tallies, []);
}

#[test]
fn counts_in_neighbouring_columns_are_no_rib() {
    // The key of bank 3, branch 120, account 245 is 11.
    let tallies = read_table(&[
        &["Bureau", "Inscrits", "Votants", "Nuls"],
        &["3", "120", "245", "11"],
    ]);
    assert_eq!(tallies, []);
}

#[test]
fn numbers_that_pass_by_chance_in_a_column_of_others_are_nothing() {
    let mut random = Random(3);
    let rows: Vec<String> = (0..500)
        .map(|_| format!("4{}", random.digits(15)))
        .collect();
    let mut document = engine().document();
    begin_table(&mut document);
    for row in &rows {
        document.row(&[row, "x"]);
    }
    assert_eq!(document.finish().tallies, []);
}

#[test]
fn many_persons_are_estimated_in_little_memory() {
    let mut document = engine().document();
    begin_table(&mut document);
    document.row(&["Courriel"]);
    for index in 0..50_000 {
        document.row(&[&format!("agent{index}@mairie.fr")]);
    }
    let tallies = document.finish().tallies;
    let tally = of_kind(&tallies, "email").unwrap();
    assert_eq!(tally.count, 50_000);
    assert!(
        (46_000..54_000).contains(&tally.distinct),
        "{}",
        tally.distinct
    );
}
