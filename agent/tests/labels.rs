//! The words that readers put before values are those that the detectors look for.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use beffroi_agent::extract::{self, Limits, Outcome, Receiver, Source};
use beffroi_rules::detect::{Document, Engine, Part, Tally};

struct Listener<'e>(Document<'e>);

impl Receiver for Listener<'_> {
    fn begin_text(&mut self, within: Option<&str>) {
        self.0.begin(Part::Text { within });
    }

    fn text(&mut self, chunk: &str) {
        self.0.text(chunk);
    }

    fn begin_table(&mut self, within: Option<&str>, first_row: u64) {
        self.0.begin(Part::Table { within, first_row });
    }

    fn row(&mut self, cells: &[&str]) {
        self.0.row(cells);
    }

    fn begin_member(&mut self, _: &str) {}

    fn end_member(&mut self, _: &Outcome<'_>, _: u64) {}
}

/// What is found in a document, kind by kind.
fn tallies(name: &str) -> Vec<Tally> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/documents");
    let mut file = fs::File::open(folder.join(name)).unwrap();
    let size_bytes = file.metadata().unwrap().len();
    let engine = Engine::embedded().unwrap();
    let mut listener = Listener(engine.document());
    let opened = extract::open(Source::File(&mut file), size_bytes, Limits::default()).unwrap();
    opened.extract(&mut listener).unwrap();
    listener.0.finish().tallies
}

fn found(tallies: &[Tally], kind: &str) -> (u64, u64, u64) {
    let tally = tallies.iter().find(|tally| tally.kind.as_str() == kind);
    tally.map_or((0, 0, 0), |tally| {
        let by = tally.confidence;
        (by.high, by.medium, by.low)
    })
}

#[test]
fn a_declaration_of_payroll_names_its_individuals() {
    let tallies = tallies("text/paie.dsn");
    assert_eq!(found(&tallies, "nir"), (1, 0, 0), "{tallies:?}");
    assert_eq!(found(&tallies, "birth_date"), (1, 0, 0), "{tallies:?}");
    assert_eq!(found(&tallies, "postal_address"), (1, 0, 0), "{tallies:?}");
    assert_eq!(found(&tallies, "email"), (2, 0, 0), "{tallies:?}");
}

#[test]
fn cards_name_what_they_hold() {
    let tallies = tallies("mail/vobject.vcf");
    assert_eq!(found(&tallies, "phone"), (3, 0, 0), "{tallies:?}");
    assert_eq!(found(&tallies, "birth_date"), (3, 0, 0), "{tallies:?}");
    assert_eq!(found(&tallies, "postal_address"), (3, 0, 0), "{tallies:?}");
}
