//! A database that the library wrote (`tests/documents/make.py`), whole and damaged.

use std::fs;
use std::path::Path;

use crate::extract::Coverage;
use crate::extract::tests::{Dice, extract};

fn database() -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/documents");
    fs::read(folder.join("python.sqlite")).unwrap()
}

#[test]
fn every_row_of_every_table_is_read_under_its_titles() {
    let (outcome, heard) = extract(&database());
    assert_eq!(outcome.coverage, Coverage::Whole);
    assert_eq!(heard.parts, ["table « agents »", "table « cles »"]);
    let titles = ["id", "Nom", "courriel", "salaire", "photo", "notes"];
    assert_eq!(heard.rows[0], titles);
    assert_eq!(
        heard.rows[200],
        [
            "200",
            "DURAND 200",
            "agent200.sqlite@exemple.fr",
            "1700.5",
            "",
            ""
        ]
    );
    assert!(heard.rows[7][5].ends_with("debordement.sqlite@exemple.fr"));
    assert_eq!(heard.rows.len(), 1 + 399 + 1 + 1);
    assert_eq!(
        heard.rows[401],
        ["contact", "sans-numero.sqlite@exemple.fr"]
    );
}

#[test]
fn a_cut_database_gives_what_is_left() {
    let whole = database();
    // The last pages are those of an index, in which nobody writes.
    for length in (777..whole.len() / 2).step_by(777) {
        let (outcome, _) = extract(&whole[..length]);
        assert_ne!(outcome.coverage, Coverage::Whole, "{length}");
    }
}

#[test]
fn any_byte_may_be_wrong() {
    let sound = database();
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for round in 0..500 {
        let mut bytes = sound.clone();
        for _ in 0..1 + dice.below(20) {
            let at = 16
                + dice.below(if round % 2 == 0 {
                    2048
                } else {
                    bytes.len() - 16
                });
            bytes[at] = dice.byte();
        }
        extract(&bytes);
    }
}
