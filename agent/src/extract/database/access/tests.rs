//! Databases (`tests/documents/access`), whole and damaged.

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use zip::write::{SimpleFileOptions, ZipWriter};

use crate::extract::tests::{Dice, extract, extract_within};
use crate::extract::{Coverage, Limit, Limits};

const DATABASES: [&str; 3] = ["97.mdb", "2003.mdb", "2010.accdb"];

fn database(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/documents/access");
    fs::read(folder.join(name)).unwrap()
}

#[test]
fn a_cut_database_gives_what_is_left() {
    for name in DATABASES {
        let whole = database(name);
        for length in (2048 + 999..whole.len()).step_by(1777) {
            let (outcome, _) = extract(&whole[..length]);
            assert_ne!(outcome.coverage, Coverage::Encrypted, "{name}, {length}");
        }
        // The table of tables stands at the end of these files.
        let (outcome, _) = extract(&whole[..whole.len() - 100]);
        assert_eq!(outcome.coverage, Coverage::Damaged, "{name}");
    }
}

#[test]
fn any_byte_may_be_wrong() {
    for name in DATABASES {
        let sound = database(name);
        let page = if name == "97.mdb" { 2048 } else { 4096 };
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        for round in 0..150 {
            let mut bytes = sound.clone();
            for _ in 0..1 + dice.below(20) {
                // What counts stands in the first bytes of a page.
                let at = if round % 2 == 0 {
                    dice.below(bytes.len() / page) * page + dice.below(100)
                } else {
                    dice.below(bytes.len())
                };
                bytes[at.max(20)] = dice.byte();
            }
            extract(&bytes);
        }
    }
}

#[test]
fn a_chain_that_leads_to_itself_has_an_end() {
    let mut bytes = database("2003.mdb");
    // Rows of the chain begin with where the next is: on this very page.
    for (number, page) in (0_u32..).zip(bytes.chunks_mut(4096)) {
        if page.starts_with(b"\x01\x01") && &page[4..8] == b"LVAL" {
            let row = usize::from(u16::from_le_bytes([page[14], page[15]]) & 0x1fff);
            page[row..row + 4].copy_from_slice(&(number << 8).to_le_bytes());
        }
    }
    let (outcome, heard) = extract(&bytes);
    assert_eq!(outcome.coverage, Coverage::Whole);
    // As long as it says that it is.
    assert_eq!(heard.rows[3][8].chars().count(), 10_017);
}

#[test]
fn a_database_under_a_password_is_told() {
    let mut bytes = database("2010.accdb");
    // The key of its pages.
    bytes[0x3e] ^= 1;
    let (outcome, heard) = extract(&bytes);
    assert_eq!(outcome.media_type, "application/x-msaccess");
    assert_eq!(outcome.coverage, Coverage::Encrypted);
    assert!(heard.rows.is_empty());
}

#[test]
fn too_many_cells_are_told() {
    let limits = Limits {
        cells: 25,
        ..Limits::default()
    };
    let (outcome, heard) = extract_within(&database("2003.mdb"), limits);
    assert_eq!(
        outcome.coverage,
        Coverage::Limited(Limit::Cells { read: 30 })
    );
    assert_eq!(heard.rows.len(), 4);
}

#[test]
fn the_name_of_a_file_says_nothing() {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    archive.start_file("courrier.doc", options).unwrap();
    archive.write_all(&database("97.mdb")).unwrap();
    let (_, heard) = extract(&archive.finish().unwrap().into_inner());
    let (media_type, coverage, _) = heard.outcomes.first().unwrap();
    assert_eq!(media_type, "application/x-msaccess");
    assert_eq!(*coverage, Coverage::Whole);
    assert!(heard.parts.contains(&"table « Agents »".to_owned()));
}
