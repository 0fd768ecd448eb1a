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

fn hexadecimal(bytes: &[u8]) -> String {
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    // As programs break lines.
    digits
        .chunks(40)
        .map(<[String]>::concat)
        .collect::<Vec<_>>()
        .join("\r\n")
}

/// [MS-OLEDS] 2.2.5.
fn object(program: &[u8], data: &[u8]) -> String {
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap().to_le_bytes();
    let head = [
        &b"\x01\x05\0\0\x02\0\0\0"[..],
        &length(program),
        program,
        &[0; 8],
    ]
    .concat();
    let bytes = [head.as_slice(), &length(data), data].concat();
    format!(
        r"{{\object\objemb{{\*\objclass Package}}{{\*\objdata {}}}{{\result Voir la pi\'e8ce}}}}",
        hexadecimal(&bytes)
    )
}

#[test]
fn objects_of_other_programs_are_members() {
    let file = b"nom;tel\nDurand;0612345678\n";
    let package = [
        b"\x02\0paie.csv\0C:\\paie.csv\0\0\0\x03\0\x0c\0\0\0C:\\paie.csv\0".as_slice(),
        &u32::try_from(file.len()).unwrap().to_le_bytes(),
        file,
    ]
    .concat();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/documents");
    let sheet = fs::read(folder.join("libreoffice-classeur.xls")).unwrap();
    let document = format!(
        r"{{\rtf1\ansi Avant {} puis {} apr\'e8s}}",
        object(b"Package\0", &package),
        object(b"Excel.Sheet.8\0", &sheet),
    );
    let (outcome, heard) = extract(document.as_bytes());
    assert_eq!(outcome.coverage, Coverage::Whole);
    assert_eq!(heard.members, ["paie.csv", "objet incorporé 2"]);
    assert_eq!(heard.rows[..2], [["nom", "tel"], ["Durand", "0612345678"]]);
    let (media_type, coverage, size) = heard.outcomes.last().unwrap();
    assert_eq!(media_type, "application/vnd.ms-excel");
    assert_eq!(
        (*coverage, *size),
        (Coverage::Whole, u64::try_from(sheet.len()).unwrap())
    );
    for text in ["Avant", "puis", "Voir la pièce", "après"] {
        assert!(heard.text.contains(text), "{text}: {}", heard.text);
    }
}

#[test]
fn an_object_that_is_cut_costs_nothing_else() {
    let file = object(b"Excel.Sheet.8\0", &[0xd0; 4096]);
    for kept in 0..40 {
        let cut = file.len() * kept / 40;
        let document = format!(r"{{\rtf1 Avant{}}}}}}}{{\rtf1 tel 06", &file[..cut]);
        let (_, heard) = extract(document.as_bytes());
        assert!(heard.text.contains("Avant"), "{kept}: {}", heard.text);
    }
}
