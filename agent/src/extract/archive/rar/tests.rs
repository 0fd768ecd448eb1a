//! Archives made here after the published formats: no program that writes them is free, so none can make test documents.

use crate::extract::Coverage;
use crate::extract::tests::extract;

const STORED: u8 = 0x30;
const BEST: u8 = 0x35;

#[test]
fn files_that_were_stored_are_read_and_others_are_named() {
    for archive in [
        old(
            &[
                ("note.txt", b"bonjour", STORED, 0),
                ("Durand Zoé.doc", b"xxx", BEST, 0),
            ],
            0,
        ),
        five(
            &[
                ("note.txt", b"bonjour", 0, false),
                ("Durand Zoé.doc", b"xxx", 3, false),
            ],
            false,
        ),
    ] {
        let (outcome, heard) = extract(&archive);
        assert_eq!(outcome.media_type, "application/vnd.rar");
        assert_eq!(outcome.coverage, Coverage::Unsupported);
        assert_eq!(heard.members, ["note.txt", "Durand Zoé.doc"]);
        let coverages: Vec<Coverage> = heard
            .outcomes
            .iter()
            .map(|(_, coverage, _)| *coverage)
            .collect();
        assert_eq!(coverages, [Coverage::Whole, Coverage::Unsupported]);
        assert_eq!(heard.text, "bonjournote.txt\nDurand Zoé.doc\n");
    }
}

#[test]
fn passwords_are_told() {
    let member = old(&[("a", b"x", STORED, 0x04), ("b", b"y", STORED, 0)], 0);
    let (outcome, heard) = extract(&member);
    assert_eq!(outcome.coverage, Coverage::Whole);
    assert_eq!(heard.outcomes[0].1, Coverage::Encrypted);

    for archive in [
        old(&[("a", b"x", BEST, 0x04)], 0),
        old(&[("a", b"x", STORED, 0)], 0x0080),
        five(&[("a", b"x", 0, true)], false),
        five(&[("a", b"x", 0, false)], true),
    ] {
        assert_eq!(extract(&archive).0.coverage, Coverage::Encrypted);
    }
}

/// `né.txt` in the packed form of the old format: a letter of one byte, one under the high byte, a run of the plain name.
#[test]
fn names_in_unicode_are_unpacked() {
    let packed = b"n?.txt\0\x00\x0c\x6e\xe9\x02";
    let archive = old_of(&[(packed, b"x", STORED, 0x0200)], 0);
    assert_eq!(extract(&archive).1.members, ["né.txt"]);
}

#[test]
fn an_archive_cut_short_gives_what_precedes() {
    let archive = old(
        &[("a", b"bonjour", STORED, 0), ("b", b"encore", STORED, 0)],
        0,
    );
    let (outcome, heard) = extract(&archive[..archive.len() - 10]);
    assert_eq!(outcome.coverage, Coverage::Damaged);
    assert!(heard.text.starts_with("bonjour"), "{heard:?}");
}

type File<'f> = (&'f str, &'f [u8], u8, u16);

/// Names are written in the code page of Windows.
fn old(files: &[File<'_>], main_flags: u16) -> Vec<u8> {
    let names: Vec<Vec<u8>> = files
        .iter()
        .map(|(name, ..)| encoding_rs::WINDOWS_1252.encode(name).0.into_owned())
        .collect();
    let files: Vec<_> = files
        .iter()
        .zip(&names)
        .map(|((_, content, method, flags), name)| (name.as_slice(), *content, *method, *flags))
        .collect();
    old_of(&files, main_flags)
}

fn old_of(files: &[(&[u8], &[u8], u8, u16)], main_flags: u16) -> Vec<u8> {
    let mut archive = b"Rar!\x1a\x07\0".to_vec();
    let block = |kind: u8, flags: u16, rest: &[u8]| {
        let size = u16::try_from(7 + rest.len()).unwrap();
        [
            &[0, 0, kind],
            flags.to_le_bytes().as_slice(),
            &size.to_le_bytes(),
            rest,
        ]
        .concat()
    };
    archive.extend(block(0x73, main_flags, &[0; 6]));
    for (name, content, method, flags) in files {
        let length = u32::try_from(content.len()).unwrap().to_le_bytes();
        let name_length = u16::try_from(name.len()).unwrap().to_le_bytes();
        let rest = [
            &length,
            length.as_slice(),
            &[0; 10],
            &[*method],
            &name_length,
            &[0; 4],
            name,
        ]
        .concat();
        archive.extend(block(0x74, 0x8000 | flags, &rest));
        archive.extend_from_slice(content);
    }
    archive.extend(block(0x7b, 0x4000, &[]));
    archive
}

fn five(files: &[(&str, &[u8], u8, bool)], locks_headers: bool) -> Vec<u8> {
    let mut archive = b"Rar!\x1a\x07\x01\0".to_vec();
    let block = |header: &[u8]| {
        let size = u8::try_from(header.len()).unwrap();
        [&[0; 4], [size].as_slice(), header].concat()
    };
    if locks_headers {
        archive.extend(block(&[4, 0, 0, 0, 15]));
    }
    archive.extend(block(&[1, 0, 0]));
    for (name, content, method, is_locked) in files {
        let extra: &[u8] = if *is_locked { &[3, 1, 0, 0] } else { &[] };
        let length = u8::try_from(content.len()).unwrap();
        let name_length = u8::try_from(name.len()).unwrap();
        // The compression fills bits 7 to 9 of a number of two bytes.
        let compression = [0x80, *method];
        let header = [
            &[
                2,
                3,
                u8::try_from(extra.len()).unwrap(),
                length,
                4,
                length,
                0,
                9,
                9,
                9,
                9,
            ],
            compression.as_slice(),
            &[0, name_length],
            name.as_bytes(),
            extra,
        ]
        .concat();
        archive.extend(block(&header));
        archive.extend_from_slice(content);
    }
    archive.extend(block(&[5, 0, 0]));
    archive
}
