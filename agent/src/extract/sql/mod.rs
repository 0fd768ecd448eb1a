//! Dumps of databases in SQL: what MySQL, MariaDB, PostgreSQL, SQLite, SQL Server and Oracle write to be read again.
//!
//! In: the characters of a dump. Out: the rows of INSERT, REPLACE and COPY as tables, with the columns that the statement or
//! the CREATE TABLE before it names; everything else line by line, a row each, numbered as in the file. No parser of SQL: a
//! dump of gigabytes is one statement, and a damaged one must be read all the same (`sqlparser` holds a statement whole).

mod statement;
mod values;

use std::collections::HashMap;
use std::io;

use self::statement::{Opening, Statement};
use self::values::{Step, Values};
use super::text::Text;
use super::{Coverage, Receiver};

/// What precedes the rows of a statement is shorter, and so is a line; longer ones are given in pieces.
const MOST_HEAD_BYTES: usize = 64 * 1024;
/// Indented statements begin within so many bytes.
const MOST_OPENING_BYTES: usize = 64;
/// Of more tables, the columns are not remembered.
const MOST_TABLES: usize = 4096;

/// Whether a text begins so.
pub(super) fn is_it(start: &str) -> bool {
    statement::is_dump(start)
}

pub(super) fn extract(mut text: Text<'_>, receiver: &mut dyn Receiver) -> io::Result<Coverage> {
    let mut dump = Dump::new(receiver);
    while let Some(chunk) = text.next_chunk()? {
        for letter in chunk.chars() {
            dump.take(letter);
        }
    }
    dump.finish();
    Ok(Coverage::Whole)
}

struct Dump<'r> {
    receiver: &'r mut dyn Receiver,
    state: State,
    /// What was read of a line or of the head of a statement.
    pending: String,
    /// The line on which `pending` begins, and the one being read.
    pending_line: u64,
    line: u64,
    tables: HashMap<String, Table>,
    part: Part,
}

enum State {
    /// Between two statements, or in one that holds no rows.
    Line,
    /// In the head of a statement; the quote that is open.
    Head(Opening, Option<char>),
    Values(Values),
    /// Lines of values, up to `\.`
    Copy,
}

/// What the receiver is in.
#[derive(PartialEq, Eq)]
enum Part {
    Nothing,
    /// Lines, the next of which has this number.
    Lines(u64),
    Table(String),
}

#[derive(Default)]
struct Table {
    columns: Vec<String>,
    /// Rows already given.
    rows: u64,
}

impl<'r> Dump<'r> {
    fn new(receiver: &'r mut dyn Receiver) -> Self {
        Self {
            receiver,
            state: State::Line,
            pending: String::new(),
            pending_line: 1,
            line: 1,
            tables: HashMap::new(),
            part: Part::Nothing,
        }
    }

    fn take(&mut self, letter: char) {
        match &mut self.state {
            State::Line => self.take_of_line(letter),
            State::Head(opening, quote) => {
                let opening = *opening;
                *quote = match *quote {
                    None if matches!(letter, '\'' | '"' | '`') => Some(letter),
                    Some(open) if open == letter => None,
                    open => open,
                };
                let is_quoted = quote.is_some();
                self.take_of_head(opening, is_quoted, letter);
            }
            State::Values(values) => match values.take(letter) {
                Step::On => {}
                Step::Row => self.give_values(),
                Step::End => self.between(),
                Step::Other => {
                    self.between();
                    self.take_of_line(letter);
                }
            },
            State::Copy => self.take_of_copy(letter),
        }
        self.line += u64::from(letter == '\n');
    }

    fn finish(mut self) {
        match &self.state {
            State::Values(_) => self.give_values(),
            State::Copy if !self.pending.is_empty() => self.give_copied(),
            _ => self.give_pending(),
        }
    }

    fn take_of_line(&mut self, letter: char) {
        if self.pending.is_empty() {
            self.pending_line = self.line;
        }
        if letter == '\n' {
            self.give_pending();
            if self.part == Part::Lines(self.line) {
                self.give_line("");
            }
            return;
        }
        self.pending.push(letter);
        let opening =
            (self.pending.len() <= MOST_OPENING_BYTES).then(|| Opening::of(&self.pending));
        if let Some(opening) = opening.flatten() {
            self.state = State::Head(opening, None);
        } else if letter == ';' || self.pending.len() > MOST_HEAD_BYTES {
            self.give_pending();
        }
    }

    fn take_of_head(&mut self, opening: Opening, is_quoted: bool, letter: char) {
        self.pending.push(letter);
        let is_over = match opening {
            Opening::Copy => letter == '\n',
            Opening::Insert | Opening::Create => letter == ';' && !is_quoted,
        };
        let has_rows = match opening {
            Opening::Insert => {
                letter == '(' && !is_quoted && statement::ends_in_values(&self.pending)
            }
            Opening::Copy => is_over,
            Opening::Create => false,
        };
        if has_rows && let Some(statement) = Statement::read(opening, &self.pending) {
            let has_backslashes = self.pending.contains('`');
            self.pending.clear();
            self.open(statement);
            self.state = match opening {
                Opening::Copy => State::Copy,
                _ => State::Values(Values::new(has_backslashes)),
            };
            return;
        }
        if is_over || self.pending.len() > MOST_HEAD_BYTES {
            if let Some(table) = Statement::read(Opening::Create, &self.pending)
                .filter(|_| opening == Opening::Create && self.tables.len() < MOST_TABLES)
            {
                let known = self.tables.entry(table.name).or_default();
                known.columns = table.columns;
            }
            self.between_with_pending();
        }
    }

    /// One line of COPY: values between tabs.
    fn take_of_copy(&mut self, letter: char) {
        if letter != '\n' {
            self.pending.push(letter);
            if self.pending.len() > values::MOST_ROW_BYTES {
                self.give_copied();
            }
            return;
        }
        if self.pending.trim_end() == "\\." {
            self.pending.clear();
            self.between();
        } else {
            self.give_copied();
        }
    }

    fn give_copied(&mut self) {
        let line = std::mem::take(&mut self.pending);
        let cells: Vec<String> = line
            .trim_end_matches('\r')
            .split('\t')
            .map(values::copied)
            .collect();
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        self.give_row(&cells);
    }

    fn give_values(&mut self) {
        let State::Values(values) = &mut self.state else {
            return;
        };
        let row = values.row();
        let cells = row.cells();
        if !cells.is_empty() {
            self.give_row(&cells);
        }
    }

    fn give_row(&mut self, cells: &[&str]) {
        self.receiver.row(cells);
        if let Part::Table(name) = &self.part
            && let Some(table) = self.tables.get_mut(name)
        {
            table.rows += 1;
        }
    }

    /// What follows are rows of this table.
    fn open(&mut self, statement: Statement) {
        let Statement { name, columns } = statement;
        let is_known = self.tables.contains_key(&name);
        let mut table = self.tables.remove(&name).unwrap_or_default();
        let is_same = columns.is_empty() || columns == table.columns;
        if !is_same {
            table.columns = columns;
        }
        if self.part != Part::Table(name.clone()) || !is_same {
            let place = format!("table « {name} »");
            let titles: Vec<&str> = table.columns.iter().map(String::as_str).collect();
            if titles.is_empty() {
                self.receiver.begin_table(Some(&place), table.rows + 1);
            } else {
                self.receiver.begin_table(Some(&place), table.rows);
                self.receiver.row(&titles);
            }
        }
        if is_known || self.tables.len() < MOST_TABLES {
            self.tables.insert(name.clone(), table);
        }
        self.part = Part::Table(name);
    }

    fn between(&mut self) {
        self.state = State::Line;
    }

    /// The statement holds no rows: it is lines like others.
    fn between_with_pending(&mut self) {
        self.state = State::Line;
        self.give_pending();
    }

    /// Gives `pending` as the lines that it is.
    fn give_pending(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        if pending.trim().is_empty() {
            return;
        }
        if self.part != Part::Lines(self.pending_line) {
            self.receiver.begin_table(None, self.pending_line);
            self.part = Part::Lines(self.pending_line);
        }
        for line in pending.lines() {
            self.give_line(line);
        }
    }

    fn give_line(&mut self, line: &str) {
        if line.trim().is_empty() {
            self.receiver.row(&[]);
        } else {
            self.receiver.row(&[line]);
        }
        if let Part::Lines(next) = &mut self.part {
            *next += 1;
        }
    }
}

#[cfg(test)]
mod tests;
