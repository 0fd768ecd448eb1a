//! The rows behind VALUES, letter by letter.

/// A row that is longer is given in pieces: no line of a table that anybody reads.
pub(super) const MOST_ROW_BYTES: usize = 1024 * 1024;
const MOST_CELLS: usize = 4096;

/// What a letter does.
pub(super) enum Step {
    On,
    /// A row is whole, or as long as a row may be.
    Row,
    /// The statement ends.
    End,
    /// This letter is of what follows the rows.
    Other,
}

pub(super) struct Values {
    /// `\'` is a quote, as MySQL writes it.
    has_backslashes: bool,
    row: Row,
    /// What was read of the cell.
    place: Place,
    /// Parentheses of functions that are open: `CAST(N'1965-03-12' AS Date)`.
    depth: usize,
    /// The cell had its string: what a function says besides is no value.
    has_string: bool,
    /// What stands before a string changes how it is read.
    before: char,
}

enum Place {
    /// Before a row.
    Outside,
    Cell,
    String {
        quote: char,
        has_backslashes: bool,
    },
    AfterBackslash {
        quote: char,
    },
    /// Behind a quote that ends the string unless another follows.
    AfterQuote {
        quote: char,
        has_backslashes: bool,
    },
}

/// Cells, one behind the other.
#[derive(Default)]
pub(super) struct Row {
    text: String,
    /// Where each begins; the last goes to the end.
    starts: Vec<usize>,
}

impl Row {
    pub(super) fn cells(&self) -> Vec<&str> {
        let ends = self.starts.iter().skip(1).copied().chain([self.text.len()]);
        let cells = self.starts.iter().zip(ends);
        cells
            .map(|(start, end)| self.text.get(*start..end).unwrap_or_default())
            .map(|cell| {
                let cell = cell.trim();
                if cell.eq_ignore_ascii_case("null") {
                    ""
                } else {
                    cell
                }
            })
            .collect()
    }

    fn forget_cell(&mut self) {
        let start = self.starts.last().copied().unwrap_or(0);
        self.text.truncate(start);
    }
}

impl Values {
    /// For what stands behind the first `(`.
    pub(super) fn new(has_backslashes: bool) -> Self {
        let mut values = Self {
            has_backslashes,
            row: Row::default(),
            place: Place::Outside,
            depth: 0,
            has_string: false,
            before: ' ',
        };
        values.begin_row();
        values
    }

    /// The row that is whole; the cells of one that is too long go on where they are.
    pub(super) fn row(&mut self) -> Row {
        let cells = self.row.starts.len();
        let row = std::mem::take(&mut self.row);
        if !matches!(self.place, Place::Outside) {
            self.row.starts = vec![0; if cells > MOST_CELLS { 1 } else { cells }];
        }
        row
    }

    pub(super) fn take(&mut self, letter: char) -> Step {
        match self.place {
            Place::Outside => match letter {
                '(' => self.begin_row(),
                ';' => return Step::End,
                ',' => {}
                letter if letter.is_whitespace() => {}
                _ => return Step::Other,
            },
            Place::Cell => return self.take_of_cell(letter),
            Place::String {
                quote,
                has_backslashes,
            } => match letter {
                '\\' if has_backslashes => self.place = Place::AfterBackslash { quote },
                letter if letter == quote => {
                    self.place = Place::AfterQuote {
                        quote,
                        has_backslashes,
                    }
                }
                letter => self.push(letter),
            },
            Place::AfterBackslash { quote } => {
                self.push(escaped(letter));
                self.place = Place::String {
                    quote,
                    has_backslashes: true,
                };
            }
            Place::AfterQuote {
                quote,
                has_backslashes,
            } => {
                if letter == quote {
                    self.push(letter);
                    self.place = Place::String {
                        quote,
                        has_backslashes,
                    };
                } else {
                    self.has_string = true;
                    self.place = Place::Cell;
                    return self.take_of_cell(letter);
                }
            }
        }
        self.length()
    }

    fn take_of_cell(&mut self, letter: char) -> Step {
        match letter {
            '\'' | '"' => {
                if !self.has_string {
                    self.row.forget_cell();
                }
                let has_backslashes = self.has_backslashes || matches!(self.before, 'E' | 'e');
                self.place = Place::String {
                    quote: letter,
                    has_backslashes,
                };
            }
            ')' if self.depth == 0 => {
                self.place = Place::Outside;
                return Step::Row;
            }
            ',' if self.depth == 0 => {
                self.row.starts.push(self.row.text.len());
                self.has_string = false;
            }
            letter => {
                match letter {
                    '(' => self.depth += 1,
                    ')' => self.depth -= 1,
                    _ => {}
                }
                self.push(letter);
            }
        }
        self.before = letter;
        self.length()
    }

    fn begin_row(&mut self) {
        self.row.starts.push(0);
        self.place = Place::Cell;
        self.depth = 0;
        self.has_string = false;
    }

    fn push(&mut self, letter: char) {
        if !self.has_string {
            self.row.text.push(letter);
        }
    }

    fn length(&self) -> Step {
        if self.row.text.len() > MOST_ROW_BYTES || self.row.starts.len() > MOST_CELLS {
            Step::Row
        } else {
            Step::On
        }
    }
}

/// A line that ends inside a value is none of the file.
fn escaped(letter: char) -> char {
    match letter {
        'n' | 'r' | 't' | 'b' | 'f' | 'v' | '0' => ' ',
        letter => letter,
    }
}

/// A value of COPY: `\N` is none, `\t` and `\n` are spaces (PostgreSQL documentation, COPY, « Text Format »).
pub(super) fn copied(value: &str) -> String {
    if value == "\\N" {
        return String::new();
    }
    let mut plain = String::with_capacity(value.len());
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => plain.extend(letters.next().map(escaped)),
            letter => plain.push(letter),
        }
    }
    plain
}
