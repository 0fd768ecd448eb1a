//! Lengths known and unknown, pieces, and damage. What OpenSSL wrote is in `agent/tests/documents/mail.rs`.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::*;
use crate::extract::tests::{Dice, extract, mutated};

const DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
const SIGNED: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
const ENVELOPED: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03";
const COMPRESSED: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x09";
const CONTENT: &[u8] = b"nom;tel\nDurand;0612345678\n";

/// With a length.
fn known(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [&[tag, 0x84], length.as_slice(), &content].concat()
}

/// Up to a mark.
fn open(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    [&[tag, 0x80], parts.concat().as_slice(), &[0, 0]].concat()
}

fn message(element: fn(u8, &[&[u8]]) -> Vec<u8>, kind: &[u8], content: &[u8]) -> Vec<u8> {
    let object = |name: &[u8]| [&[OBJECT, u8::try_from(name.len()).unwrap()], name].concat();
    let algorithm = element(SEQUENCE, &[&object(DATA)]);
    let algorithms = element(0x31, &[&algorithm]);
    let inner = element(SEQUENCE, &[&object(DATA), content]);
    let all = element(SEQUENCE, &[&[INTEGER, 1, 1], &algorithms, &inner]);
    element(SEQUENCE, &[&object(kind), &element(EXPLICIT, &[&all])])
}

#[test]
fn what_is_signed_is_read_however_it_is_written() {
    let (first, last) = CONTENT.split_at(11);
    let pieces = [known(OCTETS, &[first]), known(OCTETS, &[last])].concat();
    for octets in [
        known(OCTETS, &[CONTENT]),
        known(PIECES, &[&pieces]),
        open(PIECES, &[&pieces]),
    ] {
        for element in [known, open] {
            let bytes = message(element, SIGNED, &element(EXPLICIT, &[&octets]));
            let (outcome, heard) = extract(&bytes);
            assert_eq!(outcome.media_type, MEDIA_TYPE);
            assert_eq!(outcome.coverage, Coverage::Whole);
            assert_eq!(heard.members, ["contenu"]);
            assert_eq!(heard.rows, [["nom", "tel"], ["Durand", "0612345678"]]);
        }
    }
}

#[test]
fn what_is_compressed_is_read() {
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
    zlib.write_all(CONTENT).unwrap();
    let octets = known(OCTETS, &[&zlib.finish().unwrap()]);
    let bytes = message(known, COMPRESSED, &known(EXPLICIT, &[&octets]));
    let (outcome, heard) = extract(&bytes);
    assert_eq!(outcome.coverage, Coverage::Whole);
    assert_eq!(heard.rows[1], ["Durand", "0612345678"]);
}

#[test]
fn what_is_encrypted_is_told_and_a_signature_alone_is_whole() {
    let (outcome, _) = extract(&message(open, ENVELOPED, &[]));
    assert_eq!(outcome.coverage, Coverage::Encrypted);
    for element in [known, open] {
        let (outcome, heard) = extract(&message(element, SIGNED, &[]));
        assert_eq!(outcome.coverage, Coverage::Whole);
        assert!(heard.members.is_empty());
    }
}

#[test]
fn damage_of_any_sort_is_survived() {
    let octets = open(PIECES, &[&known(OCTETS, &[CONTENT])]);
    let sound = message(open, SIGNED, &open(EXPLICIT, &[&octets]));
    let half = sound.len() - 20;
    assert_eq!(extract(&sound[..half]).0.coverage, Coverage::Damaged);
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for _ in 0..2_000 {
        extract(&mutated(&sound, &mut dice));
    }
    // Open elements without end, where nothing is read.
    let nested = b"\x30\x80".repeat(100_000);
    let object = [&[OBJECT, 9], SIGNED].concat();
    let hostile = [
        b"\x30\x80",
        object.as_slice(),
        b"\xa0\x80\x30\x80\x02\x01\x01",
        &nested,
    ];
    assert_eq!(extract(&hostile.concat()).0.coverage, Coverage::Damaged);
}
