//! Archives of 7-Zip.

use beffroi_agent::extract::Coverage;

use super::{read, read_part};

#[test]
fn members_of_a_zip_are_read_documents_among_them() {
    let (outcome, addresses) = read("7zip.zip");
    assert_eq!(outcome.media_type, "application/zip");
    let names: Vec<&str> = addresses
        .members
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(names, ["note.txt", "python-docx.docx"]);
    let places: Vec<&str> = addresses
        .found
        .iter()
        .map(|(place, _)| place.as_str())
        .collect();
    assert_eq!(places.first(), Some(&"note.txt › "));
    assert!(
        places.contains(&"python-docx.docx › en-tête 1"),
        "{places:?}"
    );
}

#[test]
fn a_7z_is_read_like_a_zip() {
    let (outcome, addresses) = read("7zip.7z");
    assert_eq!(
        (outcome.media_type, outcome.coverage),
        ("application/x-7z-compressed", Coverage::Whole)
    );
    let mut names: Vec<&str> = addresses
        .members
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["note.txt", "python-docx.docx"]);
    assert!(
        addresses
            .found
            .contains(&("note.txt › ".to_owned(), "archive".to_owned()))
    );
}

#[test]
fn a_7z_under_a_password_is_told() {
    for name in ["7zip-members.7z", "7zip-all.7z"] {
        let (outcome, addresses) = read(name);
        assert_eq!(outcome.coverage, Coverage::Encrypted, "{name}");
        assert!(addresses.found.is_empty(), "{name}");
    }
}

#[test]
fn a_tar_is_read_however_it_is_compressed() {
    let note = |folder: &str| vec![(format!("{folder}note.txt › "), "archive".to_owned())];
    let (outcome, addresses) = read("tar.tar");
    assert_eq!(outcome.media_type, "application/x-tar");
    assert_eq!(addresses.found, note(""));
    for (name, media_type, inside) in [
        ("tar.tar.gz", "application/gzip", "tar.tar › "),
        ("tar.tar.bz2", "application/x-bzip2", "contenu › "),
        ("tar.tar.xz", "application/x-xz", "contenu › "),
        ("tar.tar.zst", "application/zstd", "contenu › "),
    ] {
        let (outcome, addresses) = read(name);
        assert_eq!(
            (outcome.media_type, outcome.coverage),
            (media_type, Coverage::Whole)
        );
        assert_eq!(addresses.found, note(inside), "{name}");
    }
}

#[test]
fn an_archive_cut_short_gives_what_precedes_and_says_so() {
    for name in [
        "tar.tar.gz",
        "tar.tar.xz",
        "tar.tar.bz2",
        "7zip.7z",
        "7zip.zip",
    ] {
        let (outcome, addresses) = read_part(name, 100);
        let members_say_so = addresses
            .members
            .iter()
            .any(|(_, coverage)| *coverage != Coverage::Whole);
        let is_told = outcome.coverage != Coverage::Whole || members_say_so;
        assert!(is_told, "{name}: {outcome:?} {:?}", addresses.members);
    }
}

#[test]
fn both_kinds_of_passwords_of_a_zip_are_told() {
    for name in ["7zip-aes.zip", "7zip-zipcrypto.zip"] {
        let (outcome, addresses) = read(name);
        assert_eq!(outcome.coverage, Coverage::Encrypted, "{name}");
        assert!(addresses.found.is_empty(), "{name}");
    }
}
