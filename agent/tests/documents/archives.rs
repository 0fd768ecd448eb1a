//! Archives of 7-Zip.

use beffroi_agent::extract::Coverage;

use super::read;

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
fn both_kinds_of_passwords_of_a_zip_are_told() {
    for name in ["7zip-aes.zip", "7zip-zipcrypto.zip"] {
        let (outcome, addresses) = read(name);
        assert_eq!(outcome.coverage, Coverage::Encrypted, "{name}");
        assert!(addresses.found.is_empty(), "{name}");
    }
}
