//! Our checks and independent implementations, run as programs, agree on a hundred thousand values of each kind that has one.
//!
//! The values and the verdicts come from `differential.py`; `tests/run` installs its packages and says with which Python they
//! can be had (`BEFFROI_PYTHON`).

#![allow(
    clippy::unwrap_used,
    reason = "tests; clippy only sees the functions marked as such"
)]

mod common;

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use beffroi_rules::detect::checks::{Checksum, Soundness, Structure};
use common::engine;

const VALUES: usize = 100_000;

#[test]
fn nir() {
    agree("nir", |value| Checksum::Nir.holds(value.as_bytes()));
}

#[test]
fn siren() {
    agree("siren", |value| Checksum::Luhn.holds(value.as_bytes()));
}

#[test]
fn siret() {
    agree("siret", |value| Checksum::Siret.holds(value.as_bytes()));
}

#[test]
fn vat() {
    agree("vat", |value| Checksum::Vat.holds(value.as_bytes()));
}

#[test]
fn spi() {
    agree("spi", |value| {
        is_sound(Structure::Spi, Checksum::Spi, value)
    });
}

#[test]
fn iban() {
    agree("iban", |value| {
        is_sound(Structure::Iban, Checksum::Iban, value)
    });
}

#[test]
fn rib() {
    agree("rib", |value| {
        is_sound(Structure::Rib, Checksum::Rib, value)
    });
}

#[test]
fn payment_card() {
    agree("payment_card", |value| {
        Checksum::Luhn.holds(value.as_bytes())
    });
}

#[test]
fn mrz() {
    agree("mrz", |value| Checksum::Mrz.holds(value.as_bytes()));
}

/// Ranges that the plan has not given are doubtful for us: nothing to compare.
#[test]
fn phone() {
    compare("phone", |value| {
        match Structure::Phone.judge(value.as_bytes()) {
            Soundness::Sound => Some(true),
            Soundness::Wrong => Some(false),
            Soundness::Doubtful | Soundness::Ambiguous => None,
        }
    });
}

#[test]
fn email() {
    agree("email", |value| is_found_whole("email", value, 0));
}

#[test]
fn birth_date() {
    agree("birth_date", |value| {
        is_found_after("birth_date", "Né le ", value)
    });
}

#[test]
fn ip_address() {
    agree("ip_address", |value| {
        is_found_after("ip_address", "IP ", value)
    });
}

#[test]
fn mac_address() {
    agree("mac_address", |value| {
        is_found_after("mac_address", "MAC ", value)
    });
}

fn is_sound(structure: Structure, checksum: Checksum, value: &str) -> bool {
    checksum.holds(value.as_bytes()) && structure.judge(value.as_bytes()) != Soundness::Wrong
}

fn is_found_after(kind: &str, label: &str, value: &str) -> bool {
    is_found_whole(kind, &format!("{label}{value}"), label.len())
}

/// Whether the engine finds one value of the kind, that goes from `start` to the end.
fn is_found_whole(kind: &str, text: &str, start: usize) -> bool {
    let hits = engine().explain(text);
    hits.iter()
        .any(|hit| hit.kind.as_str() == kind && hit.span == (start..text.len()))
}

fn agree(kind: &str, accepts: impl Fn(&str) -> bool) {
    compare(kind, |value| Some(accepts(value)));
}

/// Puts every value to `judge`; none is no opinion, which most values may not be.
fn compare(kind: &str, judge: impl Fn(&str) -> Option<bool>) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/differential.py");
    let python = std::env::var_os("BEFFROI_PYTHON").unwrap_or_else(|| "python3".into());
    let mut program = Command::new(python)
        .args([script, kind])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();

    let (mut read, mut compared, mut accepted) = (0, 0, 0);
    let mut disagreements = Vec::new();
    for line in BufReader::new(program.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        let (value, verdict) = line.split_once('\t').unwrap();
        read += 1;
        let Some(ours) = judge(value) else {
            continue;
        };
        compared += 1;
        accepted += usize::from(ours);
        if ours != (verdict == "1") {
            disagreements.push(line);
        }
    }
    let status = program.wait().unwrap();
    assert!(status.success(), "packages are missing: run tests/run");
    assert_eq!(read, VALUES);
    assert!(compared > VALUES * 9 / 10, "only {compared} compared");
    assert!(
        (VALUES / 5..VALUES * 9 / 10).contains(&accepted),
        "{accepted} accepted"
    );
    disagreements.truncate(20);
    assert!(disagreements.is_empty(), "theirs: {disagreements:#?}");
}
