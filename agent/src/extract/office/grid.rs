//! The rows of a sheet on their way out: each with its own number, however many are missing before it.

use crate::extract::Receiver;

/// Rows without anything up to this many are given as such, so that numbers are right under the same titles.
const MOST_EMPTY_ROWS: u64 = 1_000;

pub(in crate::extract) struct Grid {
    place: String,
    /// The number that the receiver gives to the next row, once there was one; counted from 1.
    expected: Option<u64>,
    /// How many cells were given.
    pub(in crate::extract) cells: u64,
}

impl Grid {
    pub(in crate::extract) fn new(place: &str) -> Self {
        Self {
            place: place.to_owned(),
            expected: None,
            cells: 0,
        }
    }

    /// Sets a cell of a row that may be shorter.
    pub(in crate::extract) fn put(row: &mut Vec<String>, column: usize, shown: String) {
        if row.len() <= column {
            row.resize(column + 1, String::new());
        }
        if let Some(place) = row.get_mut(column) {
            *place = shown;
        }
    }

    pub(in crate::extract) fn give(
        &mut self,
        number: u64,
        row: &[String],
        receiver: &mut dyn Receiver,
    ) {
        if row.is_empty() {
            return;
        }
        let gap = self
            .expected
            .and_then(|expected| number.checked_sub(expected));
        match gap.filter(|gap| *gap <= MOST_EMPTY_ROWS) {
            Some(gap) => (0..gap).for_each(|_| receiver.row(&[])),
            None => receiver.begin_table(Some(&self.place), number),
        }
        let cells: Vec<&str> = row.iter().map(String::as_str).collect();
        receiver.row(&cells);
        self.expected = Some(number.saturating_add(1));
        let count = u64::try_from(row.len()).unwrap_or(u64::MAX);
        self.cells = self.cells.saturating_add(count);
    }
}
