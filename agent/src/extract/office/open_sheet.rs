//! One sheet as OpenDocument writes it: repeated rows and cells are written once, with how often.

use super::grid::Grid;
use super::xml::Tag;
use crate::extract::Receiver;

/// What a sheet can have.
const MOST_COLUMNS: usize = 16_384;
/// A value that is repeated more often fills space and says nothing more.
const MOST_REPEATED: usize = 100;

pub(super) struct OpenSheet {
    place: String,
    grid: Grid,
    row: Vec<String>,
    /// Of the row being read, counted from 1, and how many like it follow.
    number: u64,
    repeated_rows: u64,
    column: usize,
    repeated_columns: usize,
    /// A date, which is shown in its own way in each document.
    date: Option<String>,
    value: String,
}

impl OpenSheet {
    pub(super) fn new(grid: Grid, place: String) -> Self {
        Self {
            place,
            grid,
            row: Vec::new(),
            number: 1,
            repeated_rows: 1,
            column: 0,
            repeated_columns: 1,
            date: None,
            value: String::new(),
        }
    }

    pub(super) fn place(&self) -> &str {
        &self.place
    }

    pub(super) fn start_row(&mut self, tag: &Tag<'_>) {
        self.repeated_rows = number(tag, "number-rows-repeated").unwrap_or(1);
        self.column = 0;
    }

    pub(super) fn start_cell(&mut self, tag: &Tag<'_>) {
        let repeated = number(tag, "number-columns-repeated").unwrap_or(1);
        self.repeated_columns = usize::try_from(repeated).unwrap_or(usize::MAX);
        self.date = tag.attribute("date-value").as_deref().and_then(french);
        self.value.clear();
    }

    pub(super) fn text(&mut self, text: &str) {
        self.value.push_str(text);
    }

    pub(super) fn end_cell(&mut self) {
        let written = std::mem::take(&mut self.value);
        let shown = self
            .date
            .take()
            .unwrap_or_else(|| written.trim().to_owned());
        let end = self.column.saturating_add(self.repeated_columns);
        if !shown.is_empty() && self.column < MOST_COLUMNS {
            let last = end
                .min(self.column.saturating_add(MOST_REPEATED))
                .min(MOST_COLUMNS);
            self.row.resize(self.column, String::new());
            self.row.resize(last, shown);
        }
        self.column = end;
    }

    /// Gives the row; how many cells that were.
    pub(super) fn end_row(&mut self, receiver: &mut dyn Receiver) -> u64 {
        let before = self.grid.cells;
        let row = std::mem::take(&mut self.row);
        self.grid.give(self.number, &row, receiver);
        self.number = self.number.saturating_add(self.repeated_rows);
        self.grid.cells.saturating_sub(before)
    }
}

fn number(tag: &Tag<'_>, name: &str) -> Option<u64> {
    tag.attribute(name)?.parse().ok()
}

/// `1985-05-07` or `1985-05-07T18:00:00`, as a person writes it.
fn french(date: &str) -> Option<String> {
    let (day, hour) = match date.split_once('T') {
        Some((day, hour)) => (day, hour.get(..5)),
        None => (date, None),
    };
    let day: jiff::civil::Date = day.parse().ok()?;
    let day = day.strftime("%d/%m/%Y");
    Some(match hour {
        Some(hour) => format!("{day} {hour}"),
        None => day.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_people_do() {
        assert_eq!(french("1985-05-07").as_deref(), Some("07/05/1985"));
        assert_eq!(
            french("1985-05-07T18:00:00").as_deref(),
            Some("07/05/1985 18:00")
        );
        assert_eq!(french("1985-05-07Té"), Some("07/05/1985".to_owned()));
        assert_eq!(french("hier"), None);
    }
}
