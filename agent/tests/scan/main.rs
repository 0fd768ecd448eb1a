//! The stand-alone scan, by the built program, on folders made for each test.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod known;
mod support;
mod worker;

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::process::{Command, Stdio};

use serde_json::Value;

use support::{Folder, agent, run, tally};

/// A number that nobody bears, with a right key.
const NIR: &str = "185057800608491";
const NIR_SPACED: &str = "1 85 05 78 006 084 91";

#[test]
fn finds_a_number_and_shows_it_masked_only() {
    let folder = Folder::new();
    folder.write(
        "agents.csv",
        format!("nom;NIR\nDurand;{NIR_SPACED}\nMartin;{NIR}\n"),
    );
    let scan = folder.scan(&[]);

    let file = scan.file("agents.csv");
    assert_eq!(file["verdict"], "read");
    assert_eq!(file["reason"], "");
    assert_eq!(file["type"], "text/csv");
    let tally = tally(file, "nir");
    assert_eq!(tally["count"], 2);
    assert_eq!(tally["distinct"], 1);
    assert_eq!(tally["samples"][0]["place"], "cellule B2");
    for raw in [NIR, NIR_SPACED, "006084", "006 084"] {
        assert!(!scan.output.contains(raw), "{raw} in {}", scan.output);
    }
    assert_eq!(scan.code, 0);
}

#[test]
fn no_format_shows_a_raw_value() {
    let folder = Folder::new();
    folder.write(
        "note.txt",
        format!("NIR : {NIR_SPACED}, zoe.durand@orange.fr"),
    );
    for format in ["human", "json", "csv"] {
        let output = run(&["scan", folder.text(), "--format", format]);
        let shown = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(shown.contains("note.txt"), "{format}: {shown}");
        assert!(
            !shown.contains("006 084") && !shown.contains("zoe.durand"),
            "{format}: {shown}"
        );
    }
}

#[test]
fn reads_the_encodings_of_a_share() {
    let folder = Folder::new();
    let text = format!("Numéro de sécurité sociale de l'élève : {NIR_SPACED}\r\n");
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let single_byte = |accents: [u8; 2]| -> Vec<u8> {
        let [acute, grave] = accents;
        text.chars()
            .map(|letter| match letter {
                'é' => acute,
                'è' => grave,
                other => u8::try_from(other).unwrap(),
            })
            .collect()
    };
    folder.write("utf8.txt", &text);
    folder.write("utf16.txt", &utf16);
    folder.write("utf16-bom.txt", [b"\xff\xfe".as_slice(), &utf16].concat());
    folder.write("cp1252.txt", single_byte([0xe9, 0xe8]));
    folder.write("cp850.txt", single_byte([0x82, 0x8a]));
    let scan = folder.scan(&[]);
    for name in [
        "utf8.txt",
        "utf16.txt",
        "utf16-bom.txt",
        "cp1252.txt",
        "cp850.txt",
    ] {
        let tally = tally(scan.file(name), "nir");
        assert_eq!(tally["confidence"]["high"], 1, "{name}: {tally}");
    }
}

#[test]
fn attachments_are_files_of_their_own() {
    let folder = Folder::new();
    folder.write(
        "message.eml",
        format!(
            "Return-Path: <a@exemple.fr>\nFrom: a@exemple.fr\nMIME-Version: 1.0\n\
             Content-Type: multipart/mixed; boundary=x\n\n\
             --x\nContent-Type: text/plain\n\nBonjour\n\
             --x\nContent-Disposition: attachment; filename=agents.csv\n\nnom;NIR\nDurand;{NIR}\nMartin;{NIR}\n\
             --x\nContent-Disposition: attachment; filename=photo.png\n\n\u{89}PNG\n--x--\n"
        ),
    );
    let scan = folder.scan(&[]);
    assert_eq!(scan.file("message.eml")["type"], "message/rfc822");
    let member = scan.file("message.eml!agents.csv");
    assert_eq!(member["type"], "text/csv");
    assert_eq!(tally(member, "nir")["count"], 2);
}

#[test]
fn every_entry_has_one_verdict_and_one_reason() {
    let folder = Folder::new();
    folder.write("lu.txt", "bonjour");
    folder.write("vide.txt", "");
    folder.write("photo.jpg", b"\xff\xd8\xff\xe0photo");
    folder.write("chiffre.zip", locked_zip());
    folder.write("gros.txt", "x".repeat(2000));
    folder.write("programme", format!("\u{7f}ELF{}", "\0".repeat(2000)));
    folder.write("Privé/journal.txt", NIR);
    folder.write("copies/ancien.bak", NIR);
    symlink(folder.path(), folder.path().join("boucle")).unwrap();
    let _socket = UnixListener::bind(folder.path().join("prise")).unwrap();
    let scan = folder.scan(&["--max-file-bytes", "1000", "--exclude", "**/copies/**"]);

    let expected = [
        ("lu.txt", "read", ""),
        ("vide.txt", "read", ""),
        // Its first block is said to be longer than the file.
        ("photo.jpg", "unsupported", "scanned"),
        ("chiffre.zip", "encrypted", "password_protected"),
        ("gros.txt", "too_large", "too_large"),
        ("programme", "unsupported", "unsupported_type"),
        ("Privé/journal.txt", "excluded", "private_folder"),
        ("copies/ancien.bak", "excluded", "excluded_by_policy"),
        ("boucle", "excluded", "link"),
        ("prise", "unsupported", "special_file"),
    ];
    for (name, verdict, reason) in expected {
        let file = scan.file(name);
        assert_eq!(
            (file["verdict"].as_str(), file["reason"].as_str()),
            (Some(verdict), Some(reason)),
            "{name}"
        );
    }
    assert_eq!(scan.files.len(), expected.len());
    assert_eq!(scan.summary["files"], expected.len());
    assert_eq!(scan.code, 3);
}

#[test]
fn a_pipe_does_not_make_the_scan_wait() {
    let folder = Folder::new();
    let made = Command::new("mkfifo")
        .arg(folder.path().join("tube"))
        .status()
        .unwrap();
    assert!(made.success());
    let scan = folder.scan(&[]);
    assert_eq!(scan.file("tube")["reason"], "special_file");
}

#[test]
fn private_folders_open_when_asked() {
    let folder = Folder::new();
    folder.write("perso/note.txt", format!("NIR {NIR_SPACED}"));
    let scan = folder.scan(&["--include-private"]);
    assert_eq!(tally(scan.file("perso/note.txt"), "nir")["count"], 1);
}

#[test]
fn reading_leaves_no_trace() {
    let folder = Folder::new();
    folder.write("note.txt", "bonjour");
    let path = folder.path().join("note.txt");
    let before = fs::metadata(&path).unwrap();
    let before = (before.accessed().unwrap(), before.modified().unwrap());
    folder.scan(&[]);
    let after = fs::metadata(&path).unwrap();
    assert_eq!(
        (after.accessed().unwrap(), after.modified().unwrap()),
        before
    );
}

#[test]
fn two_scans_say_the_same() {
    let folder = Folder::new();
    for name in ["c.txt", "a/b.txt", "a.txt", "B.txt"] {
        folder.write(name, format!("NIR {NIR_SPACED}"));
    }
    assert_eq!(folder.scan(&[]).output, folder.scan(&[]).output);
}

#[test]
fn a_name_that_is_not_utf8_is_read_and_told() {
    let folder = Folder::new();
    let name = OsStr::from_bytes(b"pay\xe9e.txt");
    fs::write(folder.path().join(name), format!("NIR {NIR_SPACED}")).unwrap();
    let scan = folder.scan(&[]);
    assert_eq!(tally(scan.file("pay\\xE9e.txt"), "nir")["count"], 1);
}

#[test]
fn a_missing_folder_is_named_and_the_others_are_scanned() {
    let folder = Folder::new();
    folder.write("note.txt", "bonjour");
    let output = run(&["scan", "/nulle/part", folder.text(), "--format", "json"]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(errors.contains("/nulle/part est introuvable"), "{errors}");
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(run(&["scan", "/nulle/part"]).status.code(), Some(1));
}

#[test]
fn findings_can_fail_a_deployment() {
    let folder = Folder::new();
    folder.write("note.txt", format!("NIR {NIR_SPACED}"));
    assert_eq!(folder.scan(&[]).code, 0);
    assert_eq!(folder.scan(&["--fail-on-findings"]).code, 4);
}

#[test]
fn a_wrong_command_line_is_an_error_of_its_own() {
    assert_eq!(run(&["scan"]).status.code(), Some(2));
    assert_eq!(
        run(&["scan", "/tmp", "--format", "pdf"]).status.code(),
        Some(2)
    );
    assert_eq!(run(&["scan", "--help"]).status.code(), Some(0));
}

#[test]
fn a_reader_who_leaves_is_no_failure() {
    let folder = Folder::new();
    for rank in 0..3000 {
        folder.write(&format!("{rank}.txt"), "bonjour");
    }
    let mut scan = agent(&["scan", folder.text(), "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(scan.stdout.take());
    let output = scan.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn show_report_prints_what_would_be_sent_and_nothing_raw() {
    let folder = Folder::new();
    folder.write(
        "agents.csv",
        format!("nom;NIR\nDurand;{NIR_SPACED}\nMartin;{NIR}\n"),
    );
    folder.write("rien.txt", "bonjour");
    let output = run(&["show-report", folder.text()]);
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines: Vec<Value> = shown
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let about: Vec<&str> = lines
        .iter()
        .map(|line| {
            line["report"]["about"]
                .as_object()
                .unwrap()
                .keys()
                .next()
                .unwrap()
                .as_str()
        })
        .collect();
    assert_eq!(
        about,
        [
            "Machine",
            "Installations",
            "Facts",
            "PassBegin",
            "File",
            "PassEnd"
        ]
    );
    assert!(
        lines
            .iter()
            .all(|line| line["size_bytes"].as_u64() > Some(0))
    );
    assert!(
        !shown.contains("006 084") && !shown.contains("006084"),
        "{shown}"
    );
    assert!(String::from_utf8_lossy(&output.stderr).contains("Rien n'a été envoyé"));
}

/// One member, by ZipCrypto, as far as its header; no directory.
fn locked_zip() -> Vec<u8> {
    let mut header = b"PK\x03\x04\x14\0\x01\0\0\0".to_vec();
    header.resize(18, 0);
    header.extend([20, 0, 0, 0, 8, 0, 0, 0, 8, 0, 0, 0]);
    header.extend(b"paie.csv");
    header.resize(header.len() + 20, 0x5a);
    header
}
