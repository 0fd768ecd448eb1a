use crate::detect::{Document, Engine, Tally};

/// Counts of one kind at medium confidence and above, after these rows.
fn count(engine: &Engine, kind: &str, rows: &[&[&str]]) -> u64 {
    let mut document: Document<'_> = engine.document();
    for row in rows {
        document.row(row);
    }
    let tallies = document.finish().tallies;
    let tally = tallies.iter().find(|tally| tally.kind.as_str() == kind);
    tally.map_or(0, |Tally { confidence, .. }| {
        confidence.high + confidence.medium
    })
}

#[test]
fn a_label_speaks_for_the_cell_beside_it() {
    let engine = Engine::embedded().unwrap();
    let form: &[&[&str]] = &[
        &["FICHE AGENT", ""],
        &["", ""],
        &["Nom", "KOWALCZYK"],
        &["Prénom", "Thi-Mai"],
        &["Date de naissance", "12/04/1985"],
        &["N° électeur", "123456789"],
        &["Dossier n°", "0612345678"],
        &["Matricule", "20299644"],
        &["Allergies", "arachide"],
    ];
    for (kind, expected) in [
        ("person_name", 1),
        ("birth_date", 1),
        ("voter_number", 1),
        ("phone", 0),
        ("health", 1),
    ] {
        assert_eq!(count(&engine, kind, form), expected, "{kind}");
    }
}

#[test]
fn two_labels_a_line_are_no_titles() {
    let engine = Engine::embedded().unwrap();
    let form: &[&[&str]] = &[
        &["Nom", "DURAND", "Prénom", "Camille"],
        &["Né(e) le", "12/04/1985", "Lieu", "Rennes"],
        &["N° CNI", "140435102345", "N° CAF", "1234567"],
    ];
    for kind in ["person_name", "birth_date", "identity_card", "caf_number"] {
        assert_eq!(count(&engine, kind, form), 1, "{kind}");
    }
}

#[test]
fn a_column_a_person_counts_every_person() {
    let engine = Engine::embedded().unwrap();
    let form: &[&[&str]] = &[
        &["Nom", "DURAND", "PETIT", "ROUX"],
        &["Prénom", "Camille", "Lucas", "Inès"],
        &["Né(e) le", "12/04/1985", "03/02/1990", "11/11/2001"],
    ];
    assert_eq!(count(&engine, "person_name", form), 3);
    assert_eq!(count(&engine, "birth_date", form), 3);
}

#[test]
fn titles_stay_titles() {
    let engine = Engine::embedded().unwrap();
    let list: &[&[&str]] = &[
        &["Liste des agents"],
        &["Nom", "Service", "Né(e) le", "Bureau"],
        &["DURAND Camille", "Voirie", "12/04/1985", "12"],
        &["PETIT Lucas", "CAF", "03/02/1990", "1234567"],
    ];
    assert_eq!(count(&engine, "person_name", list), 2);
    assert_eq!(count(&engine, "birth_date", list), 2);
    // « CAF » is a value here, and announces nothing.
    assert_eq!(count(&engine, "caf_number", list), 0);
}

#[test]
fn firms_under_the_title_of_a_person_are_nobody() {
    let engine = Engine::embedded().unwrap();
    let firms: Vec<[String; 2]> = ["Eurovia", "Colas", "Veolia", "Dalkia", "Engie", "Sodexo"]
        .map(|firm| [format!("{firm} Bretagne"), "lot 3".to_owned()])
        .to_vec();
    let mut document = engine.document();
    document.row(&["Titulaire", "Lot"]);
    for row in &firms {
        document.row(&row.each_ref().map(String::as_str));
    }
    let tallies = document.finish().tallies;
    assert!(
        tallies
            .iter()
            .all(|tally| tally.confidence.high + tally.confidence.medium == 0)
    );
}
