//! Documents of real programs, damaged in every way: never a panic, never an error but of the disk.

use std::fs;
use std::io::{self, Cursor, Write};
use std::path::Path;

use crate::extract::Coverage;
use crate::extract::tests::{Dice, Heard, extract};

const DOCUMENTS: [&str; 3] = [
    "libreoffice-texte.doc",
    "libreoffice-classeur.xls",
    "libreoffice-diaporama.ppt",
];

fn document(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/documents");
    fs::read(folder.join(name)).unwrap()
}

#[test]
fn numbers_and_dates_are_shown_as_in_the_program() {
    let (_, heard) = extract(&document("libreoffice-classeur.xls"));
    let (_, modern) = extract(&document("libreoffice-classeur.xlsx"));
    assert_eq!(heard.rows, modern.rows);
}

/// A compound file of one stream.
fn compound(stream: &str, content: &[u8]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    let mut written = file.create_stream(stream).unwrap();
    written.write_all(content).unwrap();
    drop(written);
    file.into_inner().into_inner()
}

#[test]
fn an_object_that_is_only_wrapped_is_read() {
    for name in ["CONTENTS", "package"] {
        let (outcome, heard) = extract(&compound(name, b"un courriel de la mairie"));
        assert_eq!(outcome.coverage, Coverage::Whole);
        assert_eq!(heard.members, ["objet incorporé 1"]);
        assert_eq!(heard.text, "un courriel de la mairie");
    }
    let (outcome, _) = extract(&compound("Quill", b"mise en page"));
    assert_eq!(outcome.coverage, Coverage::Unsupported);
}

#[test]
fn an_object_on_a_slide_is_read_compressed_or_not() {
    let object = compound("CONTENTS", b"un courriel de la mairie");
    let mut compressed = u32::try_from(object.len()).unwrap().to_le_bytes().to_vec();
    let mut encoder = flate2::write::ZlibEncoder::new(&mut compressed, flate2::Compression::fast());
    encoder.write_all(&object).unwrap();
    encoder.finish().unwrap();
    let sum = compressed.len() - 4;
    // With its checksum, without it, and as it is.
    for (instance, content) in [
        (1_u16, &compressed[..]),
        (1, &compressed[..sum]),
        (0, &object),
    ] {
        let mut record = (instance << 4).to_le_bytes().to_vec();
        record.extend(0x1011_u16.to_le_bytes());
        record.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
        record.extend(content);
        let (outcome, heard) = extract(&compound("PowerPoint Document", &record));
        assert_eq!(outcome.coverage, Coverage::Whole);
        assert_eq!(heard.text, "un courriel de la mairie");
        let name = "objet incorporé 1";
        assert_eq!(heard.members, [name, name]);
    }
}

#[test]
fn a_cut_document_gives_what_is_left() {
    for name in DOCUMENTS {
        let bytes = document(name);
        for kept in 1..16 {
            let (outcome, _) = extract(&bytes[..bytes.len() * kept / 16]);
            assert_ne!(outcome.coverage, Coverage::Encrypted, "{name}, {kept}/16");
        }
    }
}

#[test]
fn any_byte_may_be_wrong() {
    for name in DOCUMENTS {
        let sound = document(name);
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        for _ in 0..300 {
            let mut bytes = sound.clone();
            for _ in 0..1 + dice.below(8) {
                // Most of what counts stands in the first and in the last sectors.
                let at = match dice.below(3) {
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
fn what_is_embedded_is_a_member() {
    let mut compound = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    copy("libreoffice-texte.doc", &mut compound, "/");
    compound.create_storage_all("/ObjectPool/_1").unwrap();
    copy("libreoffice-classeur.xls", &mut compound, "/ObjectPool/_1");
    compound.create_storage_all("/ObjectPool/_2").unwrap();
    // What the desktop shows, where the file was, four bytes, the length of the next name, the name of a copy.
    let note = b"note.csv\0C:\\note.csv\0\0\0\x03\0\x0c\0\0\0C:\\note.csv\0";
    let mut native = compound
        .create_stream("/ObjectPool/_2/\u{1}Ole10Native")
        .unwrap();
    let content = b"Nom;Tel\nDurand;0612345678\nMartin;0612345679\n";
    let size = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap().to_le_bytes();
    Write::write_all(
        &mut native,
        &[
            &size(content)[..],
            b"\x02\0",
            &note[..],
            &size(content),
            content,
        ]
        .concat(),
    )
    .unwrap();
    drop(native);
    let bytes = compound.into_inner().into_inner();
    let (outcome, heard) = extract(&bytes);
    assert_eq!(outcome.media_type, "application/msword");
    let (members, outcomes): (Vec<_>, Vec<_>) = names(&heard);
    assert_eq!(members, ["objet incorporé 1", "note.csv"]);
    assert_eq!(outcomes, ["application/vnd.ms-excel", "text/csv"]);
}

fn names(heard: &Heard) -> (Vec<&str>, Vec<&str>) {
    (
        heard.members.iter().map(String::as_str).collect(),
        heard
            .outcomes
            .iter()
            .map(|(name, ..)| name.as_str())
            .collect(),
    )
}

type Compound = cfb::CompoundFile<Cursor<Vec<u8>>>;

fn copy(name: &str, to: &mut Compound, storage: &str) {
    let mut from = cfb::CompoundFile::open(Cursor::new(document(name))).unwrap();
    let names: Vec<String> = from
        .read_root_storage()
        .filter(cfb::Entry::is_stream)
        .map(|entry| entry.name().to_owned())
        .collect();
    for name in names {
        let mut source = from.open_stream(Path::new("/").join(&name)).unwrap();
        let mut target = to.create_stream(Path::new(storage).join(&name)).unwrap();
        io::copy(&mut source, &mut target).unwrap();
    }
}
