//! One sheet of a binary workbook: rows on their way out, then the headers of the printed page.

use super::Common;
use super::records::{rich_text, text};
use crate::extract::bytes::{f64_at, size_at, u32_at};
use crate::extract::compound::of_rk;
use crate::extract::office::cell;
use crate::extract::office::grid::Grid;
use crate::extract::office::workbook::{MOST_COLUMNS, headers};
use crate::extract::reading::Reading;

// Numbers of records ([MS-XLSB] 2.3.2): of cells, those with a formula hold its last result.
const ROW: u32 = 0;
const BLANK: u32 = 1;
const SMALL_NUMBER: u32 = 2;
const TRUTH: u32 = 4;
const NUMBER: u32 = 5;
const TEXT: u32 = 6;
const SHARED: u32 = 7;
const FORMULA_TEXT: u32 = 8;
const FORMULA_NUMBER: u32 = 9;
const FORMULA_TRUTH: u32 = 10;
/// Cells whose column is the next one, and which do not say so, follow in the order of the others.
const SHORT: std::ops::RangeInclusive<u32> = 12..=18;
const TO_SHORT: u32 = 11;
const RICH_TEXT: u32 = 62;
const HEADERS: u32 = 479;

pub(super) struct Sheet<'c> {
    common: &'c Common,
    place: String,
    grid: Grid,
    most_cells: u64,
    row: Vec<String>,
    /// Of the row being read, counted from 1.
    number: u64,
    /// The column after the cell that was read last.
    next_column: usize,
    headers: String,
}

impl<'c> Sheet<'c> {
    pub(super) fn new(place: &str, common: &'c Common, most_cells: u64) -> Self {
        Self {
            common,
            place: place.to_owned(),
            grid: Grid::new(place),
            most_cells,
            row: Vec::new(),
            number: 0,
            next_column: 0,
            headers: String::new(),
        }
    }

    pub(super) fn record(&mut self, kind: u32, content: &[u8], reading: &mut Reading<'_>) {
        match kind {
            ROW => {
                self.end_row(reading);
                self.number = u32_at(content, 0).map_or(0, |row| u64::from(row) + 1);
                self.next_column = 0;
            }
            HEADERS => {
                let mut rest = content.get(2..).unwrap_or_default();
                while let Some((header, after)) = text(rest) {
                    self.headers.push_str(&header);
                    self.headers.push('\n');
                    rest = after;
                }
            }
            kind if SHORT.contains(&kind) => {
                self.cell(kind - TO_SHORT, self.next_column, content);
            }
            BLANK..=FORMULA_TRUTH | RICH_TEXT => {
                let column = size_at(content, 0).unwrap_or(usize::MAX);
                self.cell(kind, column, content.get(4..).unwrap_or_default());
            }
            _ => {}
        }
    }

    /// A cell begins with its style.
    fn cell(&mut self, kind: u32, column: usize, content: &[u8]) {
        self.next_column = column.saturating_add(1);
        let value = content.get(4..);
        let shown = value.and_then(|value| self.value(kind, content, value));
        if let Some(shown) = shown.filter(|shown| !shown.is_empty() && column < MOST_COLUMNS) {
            Grid::put(&mut self.row, column, shown);
        }
    }

    /// How many cells were given.
    pub(super) fn finish(mut self, reading: &mut Reading<'_>) -> u64 {
        self.end_row(reading);
        headers(&self.headers, &self.place, reading);
        self.grid.cells
    }

    fn value(&self, kind: u32, cell: &[u8], value: &[u8]) -> Option<String> {
        match kind {
            SMALL_NUMBER => Some(self.shown(cell, of_rk(u32_at(value, 0)?))),
            NUMBER | FORMULA_NUMBER => Some(self.shown(cell, f64_at(value, 0)?)),
            TEXT | FORMULA_TEXT => text(value).map(|(text, _)| text),
            RICH_TEXT => rich_text(value),
            SHARED => self
                .common
                .strings
                .get(size_at(value, 0)?)
                .map(str::to_owned),
            TRUTH | FORMULA_TRUTH => value.first().map(u8::to_string),
            _ => None,
        }
    }

    fn shown(&self, cell: &[u8], number: f64) -> String {
        // The highest byte is none of the style's.
        let style = size_at(cell, 0).unwrap_or(0) & 0x00ff_ffff;
        let format = self.common.styles.format(style);
        cell::shown(&number.to_string(), format, self.common.epoch)
    }

    fn end_row(&mut self, reading: &mut Reading<'_>) {
        let row = std::mem::take(&mut self.row);
        // Beyond the limit the rest of the part goes by unread.
        if self.grid.cells < self.most_cells {
            self.grid.give(self.number, &row, reading.receiver);
        }
    }
}
