//! From glyphs with their places to lines of text.
//!
//! In: glyphs in the order in which they are drawn. Out: the tables and the text of a page, in that order. A step forward on
//! the line is a space, a wide one a tabulation, anything else a new line; a step that may be a cell's is remembered.

use std::ops::Range;

use super::cut::text_of;
use super::tables::{self, Table, Titles};

/// Steps, in heights of a letter. Letters that are spread stand closer, the words of a justified line never do.
const SPACE: f64 = 0.18;
const TABULATION: f64 = 3.0;
/// What follows may be the next cell of a row.
const CELL: f64 = 0.8;
/// Exponents and indices stay on their line.
const SAME_LINE: f64 = 0.45;
/// A page without text is a scanned one when pictures cover this part of it.
const PICTURED: f64 = 0.3;

/// One page, or one piece of a page, being read.
pub(super) struct Sheet {
    area: f64,
    pictured: f64,
    lines: Vec<Line>,
    run: Run,
    glyphs: u64,
    unknown: u64,
}

/// How the glyphs that follow are written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Run {
    /// Of length one.
    pub(super) direction: (f64, f64),
    pub(super) size: f64,
}

/// What is drawn on one line without going back.
#[derive(Debug)]
pub(super) struct Line {
    text: String,
    direction: (f64, f64),
    size: f64,
    /// Of the last cell, along the direction and in the text.
    start: f64,
    cell: usize,
    /// The cells before the last one.
    cells: Vec<Part>,
    /// Steps between words that no space says.
    steps: Vec<Step>,
    /// Where the last letter that is no space ends.
    ink: f64,
    last_start: f64,
    last: char,
    end: f64,
    /// Across it.
    across: f64,
}

/// A step before a place of the text.
#[derive(Debug, Clone, Copy)]
struct Step {
    at: usize,
    from: f64,
    to: f64,
}

/// A part of a line, and where it is along it.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) text: Range<usize>,
    pub(super) start: f64,
    pub(super) end: f64,
}

impl Sheet {
    pub(super) fn new(area: f64) -> Self {
        Self {
            area,
            pictured: 0.0,
            lines: Vec::new(),
            run: Run {
                direction: (1.0, 0.0),
                size: 1.0,
            },
            glyphs: 0,
            unknown: 0,
        }
    }

    pub(super) fn begin_run(&mut self, run: Run) {
        self.run = run;
    }

    pub(super) fn picture(&mut self, area: f64) {
        self.pictured += area;
    }

    /// The characters of a glyph, none when the font does not say; where it starts and where it ends.
    pub(super) fn glyph(&mut self, characters: Option<&str>, start: (f64, f64), end: (f64, f64)) {
        self.glyphs += 1;
        if characters.is_none() {
            self.unknown += 1;
        }
        let characters = characters.unwrap_or("\u{fffd}");
        let Run { direction, size } = self.run;
        let along = |(x, y): (f64, f64)| x * direction.0 + y * direction.1;
        let across = start.1 * direction.0 - start.0 * direction.1;
        let (start, end) = (along(start), along(end));
        let first = characters.chars().next();

        if let Some(line) = self.lines.last_mut()
            && line.direction == direction
            && (line.across - across).abs() <= SAME_LINE * size.max(line.size)
        {
            // Drawn twice, a little aside, to look bold.
            if (start - line.last_start).abs() <= 0.1 * size && first == Some(line.last) {
                return;
            }
            let step = start - line.end;
            if step >= -size.max(line.size) && start > line.last_start - 0.1 * size {
                line.step(step / size, characters, start);
                line.text.push_str(characters);
                line.last_start = start;
                line.last = first.unwrap_or(line.last);
                line.end = end.max(line.end);
                if !characters.trim().is_empty() {
                    line.ink = line.end;
                }
                line.size = size;
                return;
            }
        }
        // A space alone, at the start of nothing.
        if characters.trim().is_empty() {
            return;
        }
        self.lines.push(Line {
            text: characters.to_owned(),
            direction,
            size,
            start,
            cell: 0,
            cells: Vec::new(),
            steps: Vec::new(),
            ink: end,
            last_start: start,
            last: first.unwrap_or(' '),
            end,
            across,
        });
    }

    /// A picture, and no text or none that can be told.
    pub(super) fn is_picture(&self) -> bool {
        self.unknown * 2 >= self.glyphs
            && (self.pictured > PICTURED * self.area || self.unknown > 0)
    }

    /// All of it, as running text.
    pub(super) fn finish(self) -> String {
        text_of(&self.lines)
    }

    /// The tables, and the rest as running text. `titles` are those of a table that the sheet before may have left open.
    pub(super) fn contents(mut self, titles: &mut Option<Titles>) -> (Vec<Table>, String) {
        let tables = tables::take(&mut self.lines, titles);
        (tables, text_of(&self.lines))
    }
}

impl Line {
    fn step(&mut self, step: f64, characters: &str, start: f64) {
        let is_blank = characters.trim().is_empty();
        let is_apart =
            self.text.ends_with(char::is_whitespace) || characters.starts_with(char::is_whitespace);
        let text = self.cell..self.text.trim_end().len();
        if step > TABULATION {
            self.text.push('\t');
        } else if step > SPACE && !is_apart {
            self.text.push(' ');
        }
        // Listings are drawn with spaces.
        if step > CELL || (self.text.ends_with("  ") && !is_blank) {
            self.cells.push(Part {
                text,
                start: self.start,
                end: self.ink,
            });
            self.start = start;
            self.cell = self.text.len();
        } else if step > SPACE && !is_apart {
            self.steps.push(Step {
                at: self.text.len(),
                from: self.ink,
                to: start,
            });
        }
    }

    pub(super) fn direction(&self) -> (f64, f64) {
        self.direction
    }

    pub(super) fn across(&self) -> f64 {
        self.across
    }

    pub(super) fn size(&self) -> f64 {
        self.size
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = Part> {
        let last = Part {
            text: self.cell..self.text.len(),
            start: self.start,
            end: self.ink,
        };
        self.cells.iter().cloned().chain([last])
    }

    /// The same, cut where nothing says that the words belong together.
    pub(super) fn words(&self, cell: &Part) -> Vec<Part> {
        let mut words = vec![cell.clone()];
        let steps = self.steps.iter();
        for step in steps.filter(|step| cell.text.contains(&step.at)) {
            if let Some(last) = words.last_mut() {
                last.text.end = step.at;
                last.end = step.from;
            }
            words.push(Part {
                text: step.at..cell.text.end,
                start: step.to,
                end: cell.end,
            });
        }
        words
    }

    pub(super) fn part(&self, part: &Part) -> &str {
        self.text.get(part.text.clone()).unwrap_or_default()
    }

    /// A part as a line of its own.
    pub(super) fn alone(&self, part: &Part) -> Self {
        Self {
            text: self.part(part).to_owned(),
            start: part.start,
            end: part.end,
            ink: part.end,
            cell: 0,
            cells: Vec::new(),
            steps: Vec::new(),
            last_start: part.start,
            ..*self
        }
    }

    /// What is left without some cells.
    pub(super) fn without(&self, taken: &[usize]) -> Option<Self> {
        let cells = self.cells().enumerate();
        let mut left = cells.filter(|(rank, _)| !taken.contains(rank));
        let mut line = self.alone(&left.next()?.1);
        for (_, part) in left {
            line.text.push('\t');
            line.cell = line.text.len();
            line.text.push_str(self.part(&part));
            (line.start, line.end) = (part.start, part.end);
        }
        Some(line)
    }

    /// What the last cell says.
    pub(super) fn last_cell(&self) -> &str {
        self.text.get(self.cell..).unwrap_or_default()
    }

    pub(super) fn first_word(&self) -> &str {
        self.text
            .split(char::is_whitespace)
            .next()
            .unwrap_or_default()
    }

    pub(super) fn is_word(&self) -> bool {
        self.first_word().len() == self.text.len()
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn width(&self) -> f64 {
        self.end - self.start
    }

    /// Whether the next line stands below this one, in the same column.
    pub(super) fn goes_on_in(&self, next: &Self) -> bool {
        let down = (self.across - next.across) / self.size;
        let near = |one: f64, other: f64| (one - other).abs() <= self.size;
        let middle = |line: &Self| f64::midpoint(line.start, line.end);
        self.direction == next.direction
            && (0.7..=2.2).contains(&down)
            && (near(self.start, next.start)
                || near(self.end, next.end)
                || near(middle(self), middle(next)))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Letters one wide, ten high, from a place on; negative heights go down the page.
    pub(in crate::extract::pdf) fn write(sheet: &mut Sheet, x: f64, y: f64, text: &str) {
        sheet.begin_run(Run {
            direction: (1.0, 0.0),
            size: 10.0,
        });
        let mut x = x;
        for letter in text.chars() {
            let letter = letter.to_string();
            sheet.glyph(Some(&letter), (x, y), (x + 5.0, y));
            x += 5.0;
        }
    }

    pub(in crate::extract::pdf) fn sheet(pieces: &[(f64, f64, &str)]) -> Sheet {
        let mut sheet = Sheet::new(1.0);
        for (x, y, piece) in pieces {
            write(&mut sheet, *x, *y, piece);
        }
        sheet
    }

    pub(in crate::extract::pdf) fn text(pieces: &[(f64, f64, &str)]) -> String {
        sheet(pieces).finish()
    }

    #[test]
    fn steps_become_spaces_tabulations_and_lines() {
        assert_eq!(text(&[(0.0, 0.0, "un"), (10.5, 0.0, "e")]), "une\n");
        assert_eq!(text(&[(0.0, 0.0, "un"), (13.0, 0.0, "mot")]), "un mot\n");
        assert_eq!(text(&[(0.0, 0.0, "un "), (18.0, 0.0, "mot")]), "un mot\n");
        assert_eq!(text(&[(0.0, 0.0, "a"), (60.0, 0.0, "b")]), "a\tb\n");
        assert_eq!(text(&[(0.0, 0.0, "m"), (5.0, 3.0, "2")]), "m2\n");
        assert_eq!(text(&[(0.0, 0.0, "a"), (0.0, -12.0, "b")]), "a\nb\n");
        assert_eq!(text(&[(60.0, 0.0, "b"), (0.0, 0.0, "a")]), "b\na\n");
    }

    #[test]
    fn letters_drawn_twice_to_look_bold_are_one() {
        let mut sheet = Sheet::new(1.0);
        for (rank, letter) in ["n", "i", "r"].into_iter().enumerate() {
            let x = 5.0 * f64::from(u8::try_from(rank).unwrap());
            write(&mut sheet, x, 0.0, letter);
            write(&mut sheet, x + 0.3, 0.0, letter);
        }
        assert_eq!(sheet.finish(), "nir\n");
    }

    #[test]
    fn no_place_makes_it_panic() {
        let mut sheet = Sheet::new(0.0);
        for place in [f64::NAN, f64::INFINITY, f64::MAX, f64::MIN, 0.0] {
            sheet.begin_run(Run {
                direction: (place, place),
                size: place,
            });
            sheet.glyph(Some("a"), (place, 0.0), (0.0, place));
            sheet.glyph(None, (0.0, place), (place, place));
        }
        assert!(sheet.finish().contains('a'));
    }
}
