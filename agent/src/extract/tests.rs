//! The formats together: any bytes, any encoding.

use super::*;

/// A receiver that remembers.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Heard {
    pub(super) text: String,
    pub(super) longest_text: usize,
    pub(super) rows: Vec<Vec<String>>,
    pub(super) members: Vec<String>,
    pub(super) outcomes: Vec<(Outcome, u64)>,
}

impl Receiver for Heard {
    fn begin_text(&mut self, _: Option<&str>) {}

    fn text(&mut self, chunk: &str) {
        self.longest_text = self.longest_text.max(chunk.len());
        self.text.push_str(chunk);
    }

    fn begin_table(&mut self, _: Option<&str>, _: u64) {}

    fn row(&mut self, cells: &[&str]) {
        self.rows
            .push(cells.iter().map(|cell| (*cell).to_owned()).collect());
    }

    fn begin_member(&mut self, name: &str) {
        self.members.push(name.to_owned());
    }

    fn end_member(&mut self, outcome: &Outcome, size_bytes: u64) {
        self.outcomes.push((*outcome, size_bytes));
    }
}

pub(super) fn extract(bytes: &[u8]) -> (Outcome, Heard) {
    let mut heard = Heard::default();
    let outcome = open(bytes).unwrap().extract(&mut heard).unwrap();
    (outcome, heard)
}
