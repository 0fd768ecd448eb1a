//! A small world for the tests of detection: values with good keys, and documents in one call.

#![allow(dead_code, unreachable_pub, reason = "each test uses a part")]
#![allow(
    clippy::unwrap_used,
    reason = "tests; clippy only sees the functions marked as such"
)]

use std::sync::OnceLock;

use beffroi_rules::detect::{Document, Engine, Part, Tally};

pub fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::embedded().unwrap())
}

/// The thirteen symbols with their key, computed apart from the engine.
pub fn nir(body: &str) -> String {
    let number: u64 = body
        .replace("2A", "19")
        .replace("2B", "18")
        .parse()
        .unwrap();
    format!("{body}{:02}", 97 - number % 97)
}

/// As people write it: 1 85 05 78 006 084 91, with this between the groups.
pub fn grouped(nir: &str, between: &str) -> String {
    let cuts = [0, 1, 3, 5, 7, 10, 13, 15];
    let groups: Vec<&str> = cuts.windows(2).map(|cut| &nir[cut[0]..cut[1]]).collect();
    groups.join(between)
}

pub fn read_text(text: &str) -> Vec<Tally> {
    let mut document = engine().document();
    document.begin(Part::Text { within: None });
    document.text(text);
    document.finish().tallies
}

pub fn read_table(rows: &[&[&str]]) -> Vec<Tally> {
    let mut document = engine().document();
    begin_table(&mut document);
    for row in rows {
        document.row(row);
    }
    document.finish().tallies
}

pub fn begin_table(document: &mut Document<'_>) {
    document.begin(Part::Table {
        within: None,
        first_row: 1,
    });
}

pub fn of_kind<'a>(tallies: &'a [Tally], kind: &str) -> Option<&'a Tally> {
    tallies.iter().find(|tally| tally.kind.as_str() == kind)
}

/// How many hits of the kind, at medium confidence and above.
pub fn sure(tallies: &[Tally], kind: &str) -> u64 {
    of_kind(tallies, kind).map_or(0, |tally| tally.confidence.high + tally.confidence.medium)
}

/// A generator of its own: the same numbers everywhere.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    pub fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| char::from(b'0' + u8::try_from(self.below(10)).unwrap()))
            .collect()
    }
}
