//! `beffroi-agent rules`, by the built program.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

use std::{
    fs,
    io::Write,
    process::{Command, Output, Stdio},
};

use serde_json::Value;

fn rules(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_beffroi-agent"))
        .arg("rules")
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn told(arguments: &[&str]) -> String {
    let output = rules(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn list_names_every_rule_with_its_source_for_people_and_programs() {
    let json: Value = serde_json::from_str(&told(&["list", "--format", "json"])).unwrap();
    let detectors = json["detectors"].as_array().unwrap();
    assert!(detectors.len() >= 18, "{}", detectors.len());
    let text = told(&["list"]);
    assert!(text.contains(json["version"].as_str().unwrap()));
    for rule in detectors {
        assert!(!rule["source"].as_str().unwrap().is_empty(), "{rule}");
        assert!(rule["examples"]["found"].as_u64() > Some(0), "{rule}");
        assert!(text.contains(rule["source"].as_str().unwrap()), "{rule}");
    }
}

#[test]
fn check_holds_for_the_programs_own_rules() {
    assert!(told(&["check"]).contains("tous les exemples tiennent"));
}

#[test]
fn check_says_by_its_code_what_is_wrong_with_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let rule = folder.path().join("personal-data");
    fs::create_dir(&rule).unwrap();
    let vat = include_str!("../../rules/personal-data/vat.toml");

    fs::write(
        rule.join("vat.toml"),
        vat.replacen("hits = 1", "hits = 3", 1),
    )
    .unwrap();
    let contradicted = rules(&["check", folder.path().to_str().unwrap()]);
    assert_eq!(contradicted.status.code(), Some(1));
    let message = String::from_utf8(contradicted.stderr).unwrap();
    assert!(message.contains("personal-data/vat"), "{message}");

    fs::write(rule.join("vat.toml"), vat.replace("kind =", "kinde =")).unwrap();
    let broken = rules(&["check", folder.path().to_str().unwrap()]);
    assert_eq!(broken.status.code(), Some(10));
    let message = String::from_utf8(broken.stderr).unwrap();
    assert!(message.contains("vat.toml:"), "{message}");

    let nowhere = rules(&["check", "/nulle/part"]);
    assert_eq!(nowhere.status.code(), Some(10));
}

#[test]
fn test_tells_what_is_found_and_why_and_shows_it_masked() {
    let told = told(&["test", "NIR : 1 85 05 78 006 084 91"]);
    for word in [
        "Trouvé",
        "sûr",
        "clé de contrôle juste",
        "ligne 1, caractères 7 à 27",
    ] {
        assert!(told.contains(word), "{word}: {told}");
    }
    assert!(!told.contains("006 084"), "{told}");
}

#[test]
fn test_tells_why_not() {
    let told = told(&["test", "NIR : 1 85 05 78 006 084 36\nfacture n° 0612345678"]);
    for word in ["pas retenu", "36, attendue 91", "« facture", "ligne 2"] {
        assert!(told.contains(word), "{word}: {told}");
    }
}

#[test]
fn test_reads_a_cell_a_file_and_the_standard_input() {
    assert!(told(&["test", "--header", "Téléphone", "612345678"]).contains("Trouvé"));

    let folder = tempfile::tempdir().unwrap();
    let letter = folder.path().join("courrier.txt");
    fs::write(&letter, b"T\xe9l. 06 39 98 12 34").unwrap();
    let told = told(&["test", "--file", letter.to_str().unwrap()]);
    assert!(told.contains("Trouvé"), "{told}");

    let mut child = Command::new(env!("CARGO_BIN_EXE_beffroi-agent"))
        .args(["rules", "test", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"bonjour").unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(
        String::from_utf8(output.stdout)
            .unwrap()
            .starts_with("Rien")
    );
}

#[test]
fn test_without_a_text_is_a_wrong_command_line() {
    assert_eq!(rules(&["test"]).status.code(), Some(2));
    let unreadable = rules(&["test", "--file", "/nulle/part"]);
    assert_eq!(unreadable.status.code(), Some(1));
}
