//! The tables of an HTML page: rows for those that hold data, text for those that lay out the page.
//!
//! A table is held back until its first rows show what it is; then its rows are given one by one, so that an export of
//! any length takes little memory.

use std::ops::RangeInclusive;

use super::strip::{BREAK, Mark};
use crate::extract::Receiver;

/// A table that has not shown itself within this size lays out a page.
const MAX_HELD_BYTES: usize = 256 * 1024;
/// A longer row is given in several.
const MAX_ROW_BYTES: usize = 1024 * 1024;
/// Rows of the same width that make a table of data.
const PROOF_ROWS: usize = 3;
/// In characters, in a form of two columns.
const LONGEST_LABEL: usize = 60;
const LONGEST_VALUE: usize = 160;

pub(in crate::extract) struct Tables {
    within: Option<String>,
    state: State,
    /// How many tables of data were given.
    given: usize,
    /// The text part is to be begun before the next text.
    begins_text: bool,
}

enum State {
    /// In running text, or in a table that lays it out.
    Text,
    Held(Held),
    /// In a table of data: the row being read, and how many tables are open inside its cells.
    Data {
        row: Vec<String>,
        inner: usize,
    },
}

/// A table that may be one of data.
#[derive(Default)]
struct Held {
    rows: Vec<Row>,
    bytes: usize,
    /// What stands before the first cell.
    before: String,
}

#[derive(Default)]
struct Row {
    cells: Vec<String>,
    /// How many of the first cells name the others.
    headers: usize,
}

impl Tables {
    pub(in crate::extract) fn new(within: Option<&str>) -> Self {
        Self {
            within: within.map(str::to_owned),
            state: State::Text,
            given: 0,
            begins_text: true,
        }
    }

    pub(in crate::extract) fn text(&mut self, text: &str, receiver: &mut dyn Receiver) {
        match &mut self.state {
            State::Text => self.give_text(text, receiver),
            State::Held(held) => {
                held.push(text);
                if held.bytes > MAX_HELD_BYTES {
                    self.give_up(receiver);
                }
            }
            State::Data { row, .. } => {
                if let Some(cell) = row.last_mut() {
                    cell.push_str(text);
                }
                if row.iter().map(String::len).sum::<usize>() > MAX_ROW_BYTES {
                    give_row(row, receiver);
                }
            }
        }
    }

    pub(in crate::extract) fn mark(&mut self, mark: Mark, receiver: &mut dyn Receiver) {
        match &mut self.state {
            State::Text => match mark {
                Mark::TableStart => self.state = State::Held(Held::default()),
                Mark::TableEnd | Mark::Row => self.give_text(&BREAK.to_string(), receiver),
                Mark::Cell | Mark::HeaderCell => self.give_text(CELL_BORDER, receiver),
            },
            State::Held(held) => match mark {
                // A table around a table lays it out.
                Mark::TableStart => {
                    self.give_up(receiver);
                    self.state = State::Held(Held::default());
                }
                Mark::TableEnd => self.end_held(receiver),
                Mark::Row => {
                    held.rows.push(Row::default());
                    if held.is_proven() {
                        self.begin_data(receiver);
                    }
                }
                Mark::Cell | Mark::HeaderCell => held.begin_cell(mark == Mark::HeaderCell),
            },
            State::Data { row, inner } => match mark {
                Mark::TableStart => *inner += 1,
                Mark::TableEnd if *inner > 0 => *inner -= 1,
                Mark::TableEnd => {
                    give_row(row, receiver);
                    self.state = State::Text;
                }
                Mark::Row if *inner == 0 => give_row(row, receiver),
                Mark::Cell | Mark::HeaderCell if *inner == 0 => row.push(String::new()),
                _ => {
                    if let Some(cell) = row.last_mut() {
                        cell.push_str(CELL_BORDER);
                    }
                }
            },
        }
    }

    /// The end of the file ends everything.
    pub(in crate::extract) fn finish(&mut self, receiver: &mut dyn Receiver) {
        match &mut self.state {
            State::Text => {}
            State::Held(_) => self.end_held(receiver),
            State::Data { row, .. } => give_row(row, receiver),
        }
    }

    fn end_held(&mut self, receiver: &mut dyn Receiver) {
        let State::Held(held) = &self.state else {
            return;
        };
        if held.looks_like_data() {
            self.begin_data(receiver);
            if let State::Data { row, .. } = &mut self.state {
                give_row(row, receiver);
            }
            self.state = State::Text;
            return;
        }
        self.give_up(receiver);
    }

    /// The rows held are data; the last one may still be going on.
    fn begin_data(&mut self, receiver: &mut dyn Receiver) {
        let State::Held(held) = std::mem::replace(&mut self.state, State::Text) else {
            return;
        };
        if !held.before.trim().is_empty() {
            self.give_text(&held.before, receiver);
        }
        self.given += 1;
        let name = self.named(&format!("tableau {}", self.given));
        receiver.begin_table(Some(&name), 1);
        self.begins_text = true;
        let mut rows: Vec<Vec<String>> = held.rows.into_iter().map(|row| row.cells).collect();
        let last = rows.pop().unwrap_or_default();
        for mut row in rows {
            give_row(&mut row, receiver);
        }
        self.state = State::Data {
            row: last,
            inner: 0,
        };
    }

    /// What was held is text.
    fn give_up(&mut self, receiver: &mut dyn Receiver) {
        let State::Held(held) = std::mem::replace(&mut self.state, State::Text) else {
            return;
        };
        self.give_text(&held.before, receiver);
        for row in held.rows {
            self.give_text(&BREAK.to_string(), receiver);
            self.give_text(&row.cells.join(CELL_BORDER), receiver);
        }
    }

    fn give_text(&mut self, text: &str, receiver: &mut dyn Receiver) {
        if self.begins_text {
            if self.given > 0 && text.trim().is_empty() {
                return;
            }
            self.begins_text = false;
            let after = (self.given > 0).then(|| format!("après le tableau {}", self.given));
            let within = match after {
                Some(after) => Some(self.named(&after)),
                None => self.within.clone(),
            };
            receiver.begin_text(within.as_deref());
        }
        receiver.text(text);
    }

    fn named(&self, part: &str) -> String {
        match &self.within {
            Some(within) => format!("{within}, {part}"),
            None => part.to_owned(),
        }
    }
}

/// Keeps cells apart, and labels beside their values.
const CELL_BORDER: &str = " | ";

impl Held {
    fn push(&mut self, text: &str) {
        self.bytes += text.len();
        match self.rows.last_mut().and_then(|row| row.cells.last_mut()) {
            Some(cell) => cell.push_str(text),
            None => self.before.push_str(text),
        }
    }

    fn begin_cell(&mut self, is_header: bool) {
        if self.rows.is_empty() {
            self.rows.push(Row::default());
        }
        if let Some(row) = self.rows.last_mut() {
            row.headers += usize::from(is_header && row.headers == row.cells.len());
            row.cells.push(String::new());
        }
        self.bytes += 1;
    }

    /// The complete rows leave no doubt.
    fn is_proven(&self) -> bool {
        self.rows.len() > PROOF_ROWS && self.looks_like_data()
    }

    fn looks_like_data(&self) -> bool {
        let rows = self.rows.iter().filter(|row| !row.cells.is_empty());
        let width = rows.clone().map(|row| row.cells.len()).max().unwrap_or(0);
        let has_titles = self
            .rows
            .first()
            .is_some_and(|row| row.headers > 1 && row.headers == row.cells.len());
        // Two columns without titles are a form when labels and values are short; else they lay out a page.
        let is_wide = width > 2 || (width == 2 && (has_titles || self.is_form()));
        let alike = rows.clone().filter(|row| row.cells.len() == width).count();
        is_wide && alike >= 2 && alike * 3 >= rows.count() * 2
    }

    /// « Nom | Durand »: labels, most with a value.
    fn is_form(&self) -> bool {
        let rows = self.rows.iter().filter(|row| !row.cells.is_empty());
        let (mut lines, mut others) = (0, 0);
        for row in rows {
            match row.cells.as_slice() {
                [label, value]
                    if has_length(label, 1..=LONGEST_LABEL)
                        && has_length(value, 0..=LONGEST_VALUE) =>
                {
                    lines += 1;
                }
                _ => others += 1,
            }
        }
        lines > 2 * others
    }
}

fn has_length(cell: &str, lengths: RangeInclusive<usize>) -> bool {
    lengths.contains(&cell.trim().chars().count())
}

fn give_row(row: &mut Vec<String>, receiver: &mut dyn Receiver) {
    if row.is_empty() {
        return;
    }
    let cells: Vec<String> = row
        .drain(..)
        .map(|cell| cell.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
    receiver.row(&cells);
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::extract;

    #[test]
    fn a_table_of_data_is_a_table() {
        let page = "<html><p>Liste</p><table>\n<tr><th>Nom</th><th>Né le</th></tr>\n\
                    <tr><td>Durand\n</td><td>1<br>2</td></tr></table><p>fin</p>";
        let (_, heard) = extract(page.as_bytes());
        assert_eq!(heard.rows, [["Nom", "Né le"], ["Durand", "1 2"]]);
        assert!(
            heard.text.contains("Liste") && heard.text.contains("fin"),
            "{}",
            heard.text
        );
        assert_eq!(heard.parts, ["", "tableau 1", "après le tableau 1"]);
    }

    #[test]
    fn a_form_keeps_its_labels_beside_its_values() {
        let page = "<html><table><tr><td>NIR</td><td>185</td></tr><tr><td>Nom</td><td>Durand</td></tr></table>";
        let (_, heard) = extract(page.as_bytes());
        assert_eq!(heard.rows, [["NIR", "185"], ["Nom", "Durand"]]);
    }

    #[test]
    fn two_columns_that_lay_out_a_page_are_text() {
        let prose = "Madame, Monsieur, nous avons bien reçu votre demande. ".repeat(9);
        let page =
            format!("<html><table><tr><td>menu<td>{prose}</tr><tr><td>NIR<td>185</tr></table>");
        let (_, heard) = extract(page.as_bytes());
        assert!(heard.rows.is_empty());
        assert!(heard.text.contains("NIR | 185"), "{}", heard.text);
    }

    #[test]
    fn a_table_inside_the_layout_is_found() {
        let data = "<table><tr><td>a<td>b<td>c<tr><td>d<td>e<td>f</table>";
        let page = format!("<html><table><tr><td>menu<td>{data}</table>suite");
        let (_, heard) = extract(page.as_bytes());
        assert_eq!(heard.rows, [["a", "b", "c"], ["d", "e", "f"]]);
        assert!(
            heard.text.contains("menu") && heard.text.contains("suite"),
            "{}",
            heard.text
        );
    }

    #[test]
    fn a_long_table_is_given_row_by_row() {
        let row = "<tr><td>Durand</td><td>Zoé</td><td>0612345678</td></tr>";
        let page = format!("<html><table>{}", row.repeat(20_000));
        let (_, heard) = extract(page.as_bytes());
        assert_eq!(heard.rows.len(), 20_000);
    }

    #[test]
    fn a_cell_without_end_loses_nothing() {
        let page = format!("<html><table><tr><td>{}", "0612345678 ".repeat(100_000));
        let (_, heard) = extract(page.as_bytes());
        assert_eq!(heard.text.matches("0612345678").count(), 100_000);
    }
}
