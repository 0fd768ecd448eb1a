//! Written by hand, by LibreOffice, and damaged.

use std::fs;
use std::path::Path;

use crate::extract::Coverage;
use crate::extract::tests::extract;

#[test]
fn letters_are_read_however_they_are_written() {
    let (outcome, heard) = extract(
        br"{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0 Arial;}}{\*\generator Riched20;}\pard n\'e9 le 3\~avril \u8364?\par{\b M}artin\line l\u8217'\'9cuvre \{a\}}",
    );
    assert_eq!(outcome.media_type, "application/rtf");
    assert_eq!(outcome.coverage, Coverage::Whole);
    assert_eq!(heard.text, "né le 3\u{a0}avril €\nMartin\nl’œuvre {a}");
}

#[test]
fn another_code_page() {
    let (_, heard) = extract(br"{\rtf1\ansi\ansicpg1250 \'f8\'e1d}");
    assert_eq!(heard.text, "řád");
}

#[test]
fn links_tables_and_what_stands_apart() {
    let rows = [
        ["Nom", "Tel", "Né"],
        ["Durand", "06", "1"],
        ["Martin", "07", "2"],
    ];
    let row = |[a, b, c]: [&str; 3]| {
        format!(r"\trowd\cellx1\cellx2\cellx3\pard\intbl {a}\cell {b}\cell {c}\cell\row")
    };
    let table = rows.map(row).concat().replace('é', r"\'e9");
    let document = format!(
        r#"{{\rtf1{{\info{{\author Zoé}}}}{{\header en haut\par}}Avant\par {table}\pard Fin{{\footnote en bas}}. {{\field{{\*\fldinst HYPERLINK "mailto:a@b.fr"}}{{\fldrslt nous}}}}}}"#
    );
    let (_, heard) = extract(document.as_bytes());
    assert_eq!(heard.rows, rows);
    assert_eq!(
        heard.parts,
        [
            "",
            "tableau 1",
            "après le tableau 1",
            "en-tête",
            "note",
            "propriétés du document"
        ]
    );
    assert!(heard.text.contains("Avant"), "{}", heard.text);
    assert!(heard.text.contains("mailto:a@b.fr"), "{}", heard.text);
    assert!(heard.text.contains("Fin. "), "{}", heard.text);
}

#[test]
fn a_document_without_end_is_given_piece_by_piece() {
    for unit in [
        r"un courrier de la mairie\par ",
        r"\u233?\'e9t\'e9 ",
        r"\pard\intbl sans fin de cellule ",
    ] {
        let document = format!(r"{{\rtf1 {}}}", unit.repeat(100_000));
        let (outcome, heard) = extract(document.as_bytes());
        assert_eq!(outcome.coverage, Coverage::Whole);
        assert!(heard.text.len() > 300_000);
        assert!(
            heard.longest_text < 300_000,
            "{unit}: {}",
            heard.longest_text
        );
    }
}

#[test]
fn damage_of_any_sort_is_survived() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/documents");
    let sound = fs::read(folder.join("libreoffice-texte.rtf")).unwrap();
    for length in (6..sound.len()).step_by(97) {
        let (outcome, _) = extract(&sound[..length]);
        assert_eq!(outcome.coverage, Coverage::Damaged, "{length}");
    }
    for at in (6..sound.len()).step_by(41) {
        for byte in [b'{', b'}', b'\\', b'*', 0, 0xff, b'9'] {
            let mut bytes = sound.clone();
            bytes[at] = byte;
            extract(&bytes);
        }
    }
    let deep = [&b"{\\rtf1"[..], &b"{".repeat(100_000), b"a"].concat();
    assert_eq!(extract(&deep).1.text, "a");
}
