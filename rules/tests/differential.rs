//! Our checks and those of python-stdnum, an independent implementation, agree on a hundred thousand values of each kind.
//!
//! `tests/run` installs python-stdnum and says with which Python it can be had (`BEFFROI_PYTHON`).

use std::process::Command;

use beffroi_rules::detect::checks::{Checksum, Soundness, Structure};

#[test]
fn our_checks_agree_with_python_stdnum() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/differential.py");
    let python = std::env::var_os("BEFFROI_PYTHON").unwrap_or_else(|| "python3".into());
    let output = Command::new(python).arg(script).output().unwrap();
    assert!(
        output.status.success(),
        "python-stdnum is needed: run tests/run. {}",
        String::from_utf8_lossy(&output.stderr)
    );

    let mut compared = 0;
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let [kind, value, expected] = line.split(' ').collect::<Vec<_>>().try_into().unwrap();
        let (structure, checksum) = checks(kind).unwrap();
        let accepted = checksum.holds(value.as_bytes())
            && structure
                .is_none_or(|structure| structure.judge(value.as_bytes()) != Soundness::Wrong);
        assert_eq!(accepted, expected == "1", "{kind} {value}");
        compared += 1;
    }
    assert_eq!(compared, 600_000);
}

/// The structure is only compared where python-stdnum checks it too.
fn checks(kind: &str) -> Option<(Option<Structure>, Checksum)> {
    let checks = match kind {
        "nir" => (None, Checksum::Nir),
        "siret" => (None, Checksum::Siret),
        "luhn" => (None, Checksum::Luhn),
        "vat" => (None, Checksum::Vat),
        "spi" => (Some(Structure::Spi), Checksum::Spi),
        "iban" => (Some(Structure::Iban), Checksum::Iban),
        _ => return None,
    };
    Some(checks)
}
