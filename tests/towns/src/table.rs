//! Delimited tables as office software exports them: a cell is quoted when it holds the delimiter.

use crate::mark::plain;

#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) delimiter: char,
    pub(crate) text: String,
}

impl Table {
    pub(crate) fn new(delimiter: char, header: &[&str]) -> Self {
        let mut table = Self {
            delimiter,
            text: String::new(),
        };
        table.row(&header.iter().map(ToString::to_string).collect::<Vec<_>>());
        table
    }

    pub(crate) fn row(&mut self, cells: &[String]) {
        let cells: Vec<String> = cells.iter().map(|cell| self.quoted(cell)).collect();
        self.text.push_str(&cells.join(&self.delimiter.to_string()));
        self.text.push('\n');
    }

    fn quoted(&self, cell: &str) -> String {
        let needs_quotes = plain(cell).contains([self.delimiter, '"', '\n']);
        if needs_quotes {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.to_owned()
        }
    }
}

/// Cells of any printable type.
macro_rules! cells {
    ($($cell:expr),* $(,)?) => { &[$($cell.to_string()),*] };
}
pub(crate) use cells;
