//! Files that nobody makes on purpose, or somebody does.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::*;
use crate::extract::Limits;
use crate::extract::tests::{Dice, extract, extract_within, mutated};

const LIBREOFFICE: &[u8] = include_bytes!("../../../../tests/documents/pdf/libreoffice.pdf");
const QPDF: &[u8] = include_bytes!("../../../../tests/documents/pdf/qpdf.pdf");
const PYPDF: &[u8] = include_bytes!("../../../../tests/documents/pdf/pypdf.pdf");
const PROTECTED: &[u8] = include_bytes!("../../../../tests/documents/pdf/pypdf-droits-aes.pdf");

#[test]
fn pages_beyond_the_limit_are_told() {
    let limits = Limits {
        pages: 1,
        ..Limits::default()
    };
    let (outcome, heard) = extract_within(LIBREOFFICE, limits);
    let limit = Limit::Pages { read: 1, of: 2 };
    assert_eq!(outcome.coverage, Coverage::Limited(limit));
    assert!(heard.text.contains("corps.lo@") && !heard.text.contains("suite.lo@"));
}

#[test]
fn a_file_too_large_to_be_held_is_told() {
    let limits = Limits {
        whole_bytes: 1000,
        ..Limits::default()
    };
    let (outcome, heard) = extract_within(LIBREOFFICE, limits);
    assert_eq!(outcome.coverage, Coverage::Limited(Limit::Whole));
    assert_eq!(heard.parts, Vec::<String>::new());
}

#[test]
fn what_a_printer_puts_before_does_not_hide_it() {
    let jobs = [
        b"\x1b%-12345X@PJL JOB\n@PJL ENTER LANGUAGE=PDF\n".as_slice(),
        b"\r\n",
        b"",
    ];
    for job in jobs {
        assert!(is_at_start_of(&[job, b"%PDF-1.4\n"].concat()));
    }
    assert!(!is_at_start_of(b"Un fichier commence par %PDF-1.4"));
    assert!(!is_at_start_of(b"%PD"));
}

#[test]
fn one_that_was_cut_is_read_as_far_as_it_goes() {
    let written = document("BT /F 12 Tf (coupe@exemple.fr) Tj ET", &[]);
    let end = written.len() - 60;
    let (outcome, heard) = extract(written.get(..end).unwrap());
    assert_eq!(outcome.coverage, Coverage::Damaged);
    assert_eq!(heard.text, "coupe@exemple.fr\n");
}

#[test]
fn no_bytes_make_it_panic_or_hang() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for sample in [LIBREOFFICE, QPDF, PYPDF, PROTECTED] {
        for eighth in 0..8 {
            extract(sample.get(..sample.len() * eighth / 8).unwrap());
        }
        for _ in 0..15 {
            extract(&mutated(sample, &mut dice));
        }
    }
}

#[test]
fn a_stream_that_inflates_beyond_bounds_ends() {
    let bomb = deflated(&vec![b' '; streams::MAX_BYTES + 1024]);
    let page = stream("/Filter /FlateDecode", &bomb);
    let (outcome, heard) = extract(&file(&page, &[]));
    assert_eq!(
        (outcome.coverage, heard.text.as_str()),
        (Coverage::Damaged, "")
    );
}

#[test]
fn a_font_that_inflates_beyond_bounds_is_done_without() {
    let bomb = deflated(&vec![b' '; streams::MAX_BYTES + 1024]);
    let font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>".to_vec();
    let map = stream("/Filter /FlateDecode", &bomb);
    let page = stream(
        "",
        b"BT /B 12 Tf (clair ) Tj (perdu\xe9) Tj /F 12 Tf ( garde) Tj ET",
    );
    let (_, heard) = extract(&file(&page, &[font, map]));
    assert_eq!(
        heard.text,
        "clair \u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd} garde\n"
    );
}

#[test]
fn forms_that_draw_each_other_without_end_stop_at_the_budget() {
    let limits = Limits {
        expanded_floor_bytes: 100_000,
        ratio: 1,
        ..Limits::default()
    };
    let draw = "/A Do ".repeat(10);
    let form = |next: usize| {
        let resources = format!(
            "/Type /XObject /Subtype /Form /Resources << /XObject << /A {next} 0 R >> /Font << /F 4 0 R >> >>"
        );
        stream(
            &resources,
            format!("BT /F 12 Tf (x) Tj ET {draw}").as_bytes(),
        )
    };
    let forms: Vec<Vec<u8>> = (6..16).map(form).collect();
    let bytes = file(&stream("", draw.as_bytes()), &forms);
    let (outcome, heard) = extract_within(&bytes, limits);
    assert_eq!(outcome.coverage, Coverage::Limited(Limit::Expansion));
    assert_eq!(heard.text, "");

    // One that draws itself is followed a few times, as deep as programs ever go.
    let (outcome, heard) = extract(&file(&stream("", b"/A Do"), &[form_of_itself()]));
    assert_eq!(outcome.coverage, Coverage::Whole);
    assert!(heard.text.len() < 40, "{}", heard.text);
}

#[test]
fn trees_that_bite_their_tail_end() {
    let bytes = catalogue(
        "/Names << /EmbeddedFiles 5 0 R >> /AcroForm << /Fields [6 0 R] >>",
        &stream("", b"BT /F 12 Tf (page) Tj ET"),
        &[
            b"<< /Kids [5 0 R 5 0 R] >>".to_vec(),
            b"<< /T (champ) /V (valeur) /Kids [6 0 R 6 0 R] /Parent 6 0 R >>".to_vec(),
        ],
    );
    let (outcome, heard) = extract(&bytes);
    assert_eq!(outcome.coverage, Coverage::Whole);
    assert_eq!(heard.text, "page\nchamp : valeur\n");
}

#[test]
fn operands_nested_without_end_do_not_exhaust_the_stack() {
    let nested = "[".repeat(200_000);
    extract(&document(&nested, &[]));
    extract(&document(&nested.replace('[', "<<"), &[]));
    extract(&catalogue(
        &format!("/Names {nested}"),
        &stream("", b""),
        &[],
    ));
}

#[test]
fn numbers_that_are_none_do_not_matter() {
    let content = "1e999 0 0 0 0 0 cm BT /F 99999999999999999999999 Tf -1 Tz (a) Tj 0 0 0 0 0 0 Tm (b) Tj \
                   [(c) 1e400 (d)] TJ ET Q Q Q";
    let (outcome, heard) = extract(&document(content, &[]));
    assert_eq!(outcome.coverage, Coverage::Whole);
    assert!(heard.text.contains('a'), "{}", heard.text);
}

/// A page that says so, in a standard font, beside other objects from the fifth on.
fn document(content: &str, others: &[Vec<u8>]) -> Vec<u8> {
    file(&stream("", content.as_bytes()), others)
}

fn file(page: &[u8], others: &[Vec<u8>]) -> Vec<u8> {
    catalogue("", page, others)
}

fn catalogue(entries: &str, page: &[u8], others: &[Vec<u8>]) -> Vec<u8> {
    let resources = "/Resources << /Font << /F 4 0 R /B 5 0 R >> /XObject << /A 5 0 R >> >>";
    let pages = format!(
        "<< /Type /Pages /Count 1 /Kids [<< /Type /Page /Contents 3 0 R {resources} >>] >>"
    );
    let mut objects = vec![
        format!("<< /Type /Catalog /Pages 2 0 R {entries} >>").into_bytes(),
        pages.into_bytes(),
        page.to_vec(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec(),
    ];
    objects.extend_from_slice(others);
    let mut bytes = b"%PDF-1.7\n".to_vec();
    for (number, object) in (1..).zip(&objects) {
        bytes.extend(format!("{number} 0 obj\n").bytes());
        bytes.extend(object);
        bytes.extend(b"\nendobj\n");
    }
    // No table of places: it is rebuilt, like that of most damaged files.
    bytes.extend(b"trailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n");
    bytes
}

fn stream(entries: &str, content: &[u8]) -> Vec<u8> {
    let start = format!("<< /Length {} {entries} >>\nstream\n", content.len());
    [start.as_bytes(), content, b"\nendstream"].concat()
}

fn form_of_itself() -> Vec<u8> {
    stream(
        "/Type /XObject /Subtype /Form /Resources << /XObject << /A 5 0 R >> /Font << /F 4 0 R >> >>",
        b"BT /F 12 Tf (x) Tj ET /A Do",
    )
}

fn deflated(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}
