//! What is found in documents that real programs wrote, and where: one address was planted in every place where a person
//! can put one (`tests/documents/README.md`).

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod access;
mod archives;
mod dumps;
mod images;
mod legacy;
mod mail;
mod office;
mod outlook;
mod sheetjs;

use std::fs;
use std::io::Cursor;
use std::path::Path;

use beffroi_agent::extract::{self, Coverage, Limits, Outcome, Receiver, Source};

/// Where an address stands, and the address without what all have in common.
type Found = (String, String);

/// Reads a document; every address in it, in order.
fn read(name: &str) -> (Outcome<'static>, Addresses) {
    read_part(name, usize::MAX)
}

/// Reads as many of the first bytes.
fn read_part(name: &str, most_bytes: usize) -> (Outcome<'static>, Addresses) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/documents");
    let mut bytes = fs::read(folder.join(name)).unwrap();
    bytes.truncate(most_bytes);
    let size_bytes = u64::try_from(bytes.len()).unwrap();
    let mut file = Cursor::new(bytes);
    let mut addresses = Addresses::default();
    let opened = extract::open(Source::File(&mut file), size_bytes, Limits::default()).unwrap();
    let outcome = opened.extract(&mut addresses).unwrap();
    addresses.end_part();
    (outcome, addresses)
}

/// Asserts that a document is read whole, that it is what it is, and that these addresses are in it, no other.
fn assert_found(name: &str, media_type: &str, expected: &[(&str, &str)]) {
    let (outcome, addresses) = read(name);
    assert_eq!(
        (outcome.media_type, outcome.coverage),
        (media_type, Coverage::Whole),
        "{name}"
    );
    let found: Vec<(&str, &str)> = addresses
        .found
        .iter()
        .map(|(place, address)| (place.as_str(), address.as_str()))
        .collect();
    assert_eq!(found, expected, "{name}");
}

/// Hears a document and keeps the addresses.
#[derive(Default)]
struct Addresses {
    found: Vec<Found>,
    members: Vec<(String, Coverage)>,
    open: Vec<String>,
    within: String,
    text: String,
    first_row: usize,
    tables: Vec<Vec<Vec<String>>>,
}

impl Addresses {
    /// An address may be cut by the border of two chunks: a part is looked at once it is whole.
    fn end_part(&mut self) {
        let text = std::mem::take(&mut self.text);
        let place = self.place();
        self.keep(&text, &place);
    }

    fn place(&self) -> String {
        let members = self.open.iter().map(String::as_str);
        let steps: Vec<&str> = members.chain([self.within.as_str()]).collect();
        steps.join(" › ")
    }

    fn keep(&mut self, text: &str, place: &str) {
        let words = text.split(|letter: char| letter.is_whitespace() || "<>:\"|".contains(letter));
        for word in words {
            if let Some(address) = word.strip_suffix("@exemple.fr") {
                self.found.push((place.to_owned(), address.to_owned()));
            }
        }
    }
}

impl Receiver for Addresses {
    fn begin_text(&mut self, within: Option<&str>) {
        self.end_part();
        self.within = within.unwrap_or_default().to_owned();
    }

    fn text(&mut self, chunk: &str) {
        self.text.push_str(chunk);
    }

    fn begin_table(&mut self, within: Option<&str>, first_row: u64) {
        self.begin_text(within);
        self.first_row = usize::try_from(first_row).unwrap();
        self.tables.push(Vec::new());
    }

    fn row(&mut self, cells: &[&str]) {
        let table = self.tables.last_mut().unwrap();
        let row = self.first_row + table.len();
        table.push(cells.iter().map(|cell| (*cell).to_owned()).collect());
        for (column, cell) in cells.iter().enumerate() {
            let place = format!("{}, ligne {row}, colonne {}", self.place(), column + 1);
            self.keep(cell, &place);
        }
    }

    fn begin_member(&mut self, name: &str) {
        self.end_part();
        self.open.push(name.to_owned());
        self.within.clear();
    }

    fn end_member(&mut self, outcome: &Outcome<'_>, _size_bytes: u64) {
        self.end_part();
        self.members.push((self.open.join(" › "), outcome.coverage));
        self.open.pop();
    }
}
