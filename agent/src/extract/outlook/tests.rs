//! Items and mailboxes (`tests/documents/outlook`), damaged in every way, and what no document there has.

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use zip::write::{SimpleFileOptions, ZipWriter};

use crate::extract::tests::{Dice, extract, extract_within};
use crate::extract::{Coverage, Limits};

const DOCUMENTS: [&str; 3] = ["message.msg", "boite.pst", "winmail.dat"];

fn document(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/documents/outlook");
    fs::read(folder.join(name)).unwrap()
}

#[test]
fn a_cut_document_gives_what_is_left() {
    for name in DOCUMENTS {
        let bytes = document(name);
        for kept in 1..32 {
            let (outcome, _) = extract(&bytes[..bytes.len() * kept / 32]);
            assert_ne!(outcome.coverage, Coverage::Encrypted, "{name}, {kept}/32");
        }
    }
}

#[test]
fn a_cut_mailbox_says_so() {
    let bytes = document("boite.pst");
    let (outcome, _) = extract(&bytes[..bytes.len() - 512]);
    assert_eq!(outcome.coverage, Coverage::Damaged);
}

#[test]
fn any_byte_may_be_wrong() {
    for name in DOCUMENTS {
        let sound = document(name);
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        for round in 0..80 {
            let mut bytes = sound.clone();
            for _ in 0..1 + dice.below(8) {
                // What leads to the rest stands at the start and at the end.
                let at = match round % 3 {
                    0 => dice.below(bytes.len().min(4096)),
                    1 => bytes.len() - 1 - dice.below(bytes.len().min(4096)),
                    _ => dice.below(bytes.len()),
                };
                bytes[at] = dice.byte();
            }
            extract(&bytes);
        }
    }
}

#[test]
fn a_damaged_item_costs_no_other() {
    let mut bytes = document("boite.pst");
    // The mark of the heap that holds the contact, 64 bytes being those of a block.
    let name: Vec<u8> = "domicile.contact"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let at = bytes.windows(name.len()).position(|window| window == name);
    let mut start = at.unwrap() / 64 * 64;
    while bytes[start + 2..start + 4] != [0xec, 0xbc] {
        start -= 64;
    }
    bytes[start + 2] = 0;
    let (outcome, heard) = extract(&bytes);
    assert_eq!(outcome.coverage, Coverage::Damaged);
    assert!(!heard.text.contains("domicile.contact"));
    assert!(heard.text.contains("participant.rendez-vous"));
    assert!(heard.text.contains("objet.msg"));
}

#[test]
fn the_name_of_a_file_says_nothing() {
    for name in DOCUMENTS {
        let (expected, _) = extract(&document(name));
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default();
        archive.start_file("photo.jpg", options).unwrap();
        archive.write_all(&document(name)).unwrap();
        let (_, heard) = extract(&archive.finish().unwrap().into_inner());
        let (media_type, coverage, _) = heard.outcomes.last().unwrap();
        assert_eq!(media_type, expected.media_type);
        assert_eq!(*coverage, Coverage::Whole);
    }
}

#[test]
fn a_mailbox_under_a_key_of_windows_is_told() {
    let mut bytes = document("boite.pst");
    bytes[513] = 0x10;
    let (outcome, heard) = extract(&bytes);
    assert_eq!(outcome.coverage, Coverage::Encrypted);
    assert!(heard.text.is_empty());
}

#[test]
fn messages_within_messages_have_an_end() {
    let bytes = document("message.msg");
    let limits = Limits {
        depth: 1,
        ..Limits::default()
    };
    let (outcome, heard) = extract_within(&bytes, limits);
    assert_eq!(outcome.coverage, Coverage::Whole);
    let too_deep = heard
        .outcomes
        .iter()
        .filter(|(_, coverage, _)| *coverage == Coverage::TooDeep);
    assert_eq!(too_deep.count(), 1);
    assert!(!heard.text.contains("texte-fond"));
}

#[test]
fn an_item_in_a_code_page_and_a_document_in_a_storage_are_read() {
    let mut compound = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    let object = "/__attach_version1.0_#00000000/__substg1.0_3701000D";
    compound.create_storage_all(object).unwrap();
    let mut add = |name: &str, bytes: &[u8]| {
        compound
            .create_stream(name)
            .unwrap()
            .write_all(bytes)
            .unwrap();
    };
    add("/__properties_version1.0", &[0; 32]);
    add("/__substg1.0_0037001E", b"R\xe9union");
    add("/__substg1.0_1000001E", b"L'\xe9l\xe8ve");
    add(
        &format!("{object}/CONTENTS"),
        b"nom;tel\nDurand;0612345678\n",
    );
    let (outcome, heard) = extract(&compound.into_inner().into_inner());
    assert_eq!(outcome.coverage, Coverage::Whole);
    assert_eq!(heard.text, "subject: Réunion\nL'élève");
    assert_eq!(heard.members, ["pièce jointe 1"]);
    assert_eq!(heard.rows[1], ["Durand", "0612345678"]);
}

/// As programs write it that are not Outlook: no list of properties.
#[test]
fn the_older_attributes_of_a_wrapped_message_are_read() {
    let attribute = |level: u8, number: u32, value: &[u8]| {
        let length = u32::try_from(value.len()).unwrap();
        let head = [&[level], &number.to_le_bytes()[..], &length.to_le_bytes()].concat();
        [head.as_slice(), value, &[0, 0]].concat()
    };
    let sender = b"\x01\0\x24\0\x06\0\x15\0Z\xe9lie\0SMTP:zelie@agents.fr\0".to_vec();
    let mut bytes = [
        b"\x78\x9f\x3e\x22\x01\0".to_vec(),
        attribute(1, 0x8000, &sender),
        attribute(1, 0x0001_8004, b"R\xe9union\0"),
        attribute(1, 0x0002_800c, b"L'\xe9l\xe8ve\0"),
        attribute(2, 0x0006_9002, &[0; 14]),
        attribute(2, 0x0001_8010, b"paie.csv\0"),
        attribute(2, 0x0006_800f, b"nom;tel\nDurand;0612345678\n"),
    ]
    .concat();
    let (outcome, heard) = extract(&bytes);
    assert_eq!(outcome.media_type, "application/vnd.ms-tnef");
    assert_eq!(outcome.coverage, Coverage::Whole);
    assert_eq!(heard.members, ["paie.csv"]);
    assert_eq!(heard.rows[1], ["Durand", "0612345678"]);
    for expected in ["Réunion", "Zélie", ": zelie@agents.fr", "L'élève"] {
        assert!(heard.text.contains(expected), "{expected}: {}", heard.text);
    }
    bytes.truncate(bytes.len() - 10);
    assert_eq!(extract(&bytes).0.coverage, Coverage::Damaged);
}

/// Two bytes of a list say that there are four thousand million values of no length.
#[test]
fn a_list_of_nothing_has_an_end() {
    let mut properties = 1_u32.to_le_bytes().to_vec();
    properties.extend(0x1001_u16.to_le_bytes());
    properties.extend(0x3001_u16.to_le_bytes());
    properties.extend(u32::MAX.to_le_bytes());
    let length = u32::try_from(properties.len()).unwrap();
    let mut bytes = b"\x78\x9f\x3e\x22\x01\0\x01\x03\x90\x06\0".to_vec();
    bytes.extend(length.to_le_bytes());
    bytes.extend(properties);
    bytes.extend([0, 0]);
    assert_eq!(extract(&bytes).0.coverage, Coverage::Damaged);
}
