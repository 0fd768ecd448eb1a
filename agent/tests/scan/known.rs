//! What has not changed since the last scan is not opened again.
//!
//! That a file was not opened is seen by this: its content was exchanged behind its back, size and times kept, and what is
//! said of it is still what was said before.

use std::fs;
use std::fs::File;
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::support::{Folder, Scan, run};

const ONE: &str = "un courriel : zoe.durand@orange.fr, le reste est du texte";
const TWO: &str = "deux : a@orange.fr et b@orange.fr, le reste est du texte ";

fn long_ago() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000)
}

fn write(folder: &Folder, name: &str, content: &str, modified: SystemTime) {
    folder.write(name, content);
    age(&folder.path().join(name), modified);
}

fn age(path: &Path, modified: SystemTime) {
    let file = File::options().write(true).open(path).unwrap();
    file.set_modified(modified).unwrap();
}

/// Another content in the same file, which looks as it did.
fn exchange(folder: &Folder, name: &str, content: &str) {
    let path = folder.path().join(name);
    let modified = fs::metadata(&path).unwrap().modified().unwrap();
    fs::write(&path, content).unwrap();
    age(&path, modified);
}

fn scan(folder: &Folder, known: &Folder) -> Scan {
    folder.scan(&["--known", known.text()])
}

fn addresses(scan: &Scan, name: &str) -> u64 {
    super::tally(scan.file(name), "email")["count"]
        .as_u64()
        .unwrap()
}

#[test]
fn what_has_not_changed_is_told_again_without_being_opened() {
    assert_eq!(ONE.len(), TWO.len());
    let (folder, known) = (Folder::new(), Folder::new());
    write(&folder, "a/mail.txt", ONE, long_ago());
    write(&folder, "a/vide.txt", "rien", long_ago());
    let first = scan(&folder, &known);
    assert_eq!(addresses(&first, "a/mail.txt"), 1);

    exchange(&folder, "a/mail.txt", TWO);
    let second = scan(&folder, &known);
    assert_eq!(first.file("a/mail.txt"), second.file("a/mail.txt"));
    assert_eq!(first.file("a/vide.txt"), second.file("a/vide.txt"));
    assert_eq!(first.summary, second.summary);
    // Without what is known, everything is read.
    assert_eq!(addresses(&folder.scan(&[]), "a/mail.txt"), 2);
}

#[test]
fn what_has_changed_is_read() {
    let (folder, known) = (Folder::new(), Folder::new());
    write(&folder, "time.txt", ONE, long_ago());
    write(&folder, "size.txt", ONE, long_ago());
    scan(&folder, &known);
    write(
        &folder,
        "time.txt",
        TWO,
        long_ago() + Duration::from_nanos(100),
    );
    write(&folder, "size.txt", &format!("{TWO} "), long_ago());
    write(&folder, "new.txt", TWO, long_ago());
    let again = scan(&folder, &known);
    for name in ["time.txt", "size.txt", "new.txt"] {
        assert_eq!(addresses(&again, name), 2, "{name}");
    }
}

#[test]
fn what_was_modified_this_instant_is_read_again() {
    let (folder, known) = (Folder::new(), Folder::new());
    write(&folder, "mail.txt", ONE, jiff::Timestamp::now().into());
    scan(&folder, &known);
    exchange(&folder, "mail.txt", TWO);
    assert_eq!(addresses(&scan(&folder, &known), "mail.txt"), 2);
}

#[test]
fn a_file_under_another_name_is_the_same_file() {
    let (folder, known) = (Folder::new(), Folder::new());
    write(&folder, "courriers/mail.txt", ONE, long_ago());
    write(&folder, "autre.txt", "rien", long_ago());
    scan(&folder, &known);
    fs::rename(
        folder.path().join("courriers"),
        folder.path().join("archives"),
    )
    .unwrap();
    fs::rename(
        folder.path().join("archives/mail.txt"),
        folder.path().join("archives/2023.txt"),
    )
    .unwrap();
    exchange(&folder, "archives/2023.txt", TWO);
    let again = scan(&folder, &known);
    assert_eq!(addresses(&again, "archives/2023.txt"), 1);
    assert_eq!(again.files.len(), 2, "{}", again.output);
}

#[test]
fn members_of_an_archive_are_told_under_its_present_name() {
    let (folder, known) = (Folder::new(), Folder::new());
    let documents = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/documents");
    folder.write("a.zip", fs::read(documents.join("7zip.zip")).unwrap());
    age(&folder.path().join("a.zip"), long_ago());
    let first = scan(&folder, &known);
    assert!(first.files.len() > 1);
    fs::rename(folder.path().join("a.zip"), folder.path().join("b.zip")).unwrap();
    let second = scan(&folder, &known);
    assert_eq!(second.output, first.output.replace("a.zip", "b.zip"));
}

#[test]
fn other_limits_or_damage_read_everything_again() {
    let (folder, known) = (Folder::new(), Folder::new());
    write(&folder, "mail.txt", ONE, long_ago());
    scan(&folder, &known);
    exchange(&folder, "mail.txt", TWO);
    let options = ["--known", known.text(), "--max-file-bytes", "1000000"];
    assert_eq!(addresses(&folder.scan(&options), "mail.txt"), 2);

    scan(&folder, &known);
    for entry in fs::read_dir(known.path()).unwrap() {
        fs::write(entry.unwrap().path(), "nonsense").unwrap();
    }
    exchange(&folder, "mail.txt", ONE);
    assert_eq!(addresses(&scan(&folder, &known), "mail.txt"), 1);
}

#[test]
fn nothing_that_is_kept_can_be_read_back() {
    let (folder, known) = (Folder::new(), Folder::new());
    write(&folder, "mail.txt", ONE, long_ago());
    scan(&folder, &known);
    for entry in fs::read_dir(known.path()).unwrap() {
        let kept = fs::read(entry.unwrap().path()).unwrap();
        let kept = String::from_utf8_lossy(&kept);
        assert!(
            !kept.contains("zoe.durand") && !kept.contains("mail.txt"),
            "{kept}"
        );
    }
}

#[test]
fn a_scan_that_was_killed_goes_on_where_it_stopped() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    let (folder, known) = (Folder::new(), Folder::new());
    for rank in 0..600 {
        let name = format!("{rank:03}.csv");
        write(&folder, &name, ONE, long_ago());
    }
    let options = [
        "scan",
        folder.text(),
        "--format",
        "json",
        "--known",
        known.text(),
    ];
    let mut child = super::agent(&options)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // What is learnt is written in blocks, smaller than what a hundred files give.
    let told = BufReader::new(child.stdout.take().unwrap());
    assert_eq!(told.lines().take(100).filter(Result::is_ok).count(), 100);
    child.kill().unwrap();
    child.wait().unwrap();

    for rank in 0..600 {
        exchange(&folder, &format!("{rank:03}.csv"), TWO);
    }
    let again = folder.understand(run(&options));
    let with = |count: u64| {
        (0..600)
            .filter(|rank| addresses(&again, &format!("{rank:03}.csv")) == count)
            .count()
    };
    assert_eq!(with(1) + with(2), 600);
    assert!(
        with(1) > 0 && with(2) > 0,
        "{} told again, {} read",
        with(1),
        with(2)
    );
}
