//! The tables of a page: pieces of text that stand below each other, under a row of titles.
//!
//! In: the lines of a page, each with the pieces that wide steps part. Out: rows of cells, and what is in none of them. No
//! line that is drawn is looked at: programs draw them, or not, in too many ways. A table begins with three titles at least,
//! side by side, without a digit; what stands below belongs to the column that it touches, up to what touches two. One that
//! the page ends goes on at the top of the next, where nothing else is.

mod bands;
mod rows;

use std::collections::BTreeMap;

use self::bands::{Piece, Span, bands, header};
use self::rows::Grown;
use super::cut::{looks_like_address, text_of};
use super::layout::Line;

/// Bands in a row that touch two columns, in a table that goes on.
const MOST_STRAY_BANDS: usize = 2;
/// Places of a page where a table is looked for: each may be the whole of it.
const MOST_TRIED: usize = 100;
/// Above a table that goes on: the head of the page.
const MOST_HEAD_BANDS: usize = 6;

/// The rows, the titles first.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) rows: Vec<Vec<String>>,
    /// The titles are those of the page before.
    pub(super) is_continued: bool,
}

/// The titles of a table that may go on, and where its columns are.
#[derive(Debug, Clone)]
pub(super) struct Titles {
    columns: Vec<Span>,
    cells: Vec<String>,
}

/// Takes the tables out of the lines of a page. `titles` are those of the table that the page before ended with, and become
/// those that this one ends with.
pub(super) fn take(lines: &mut Vec<Line>, titles: &mut Option<Titles>) -> Vec<Table> {
    let mut tables = Vec::new();
    let mut taken = Vec::new();
    let bands = bands(lines);
    let mut carried = titles.take();
    let (mut at, mut tried) = (0, 0);
    while let Some(band) = bands.get(at).filter(|_| tried < MOST_TRIED) {
        let header = header(band);
        if header.is_some() {
            carried = None;
        }
        let columns = match (&header, &carried) {
            (Some(columns), _) => columns.clone(),
            (None, Some(titles)) if at < MOST_HEAD_BANDS => titles.columns.clone(),
            _ => {
                at += 1;
                continue;
            }
        };
        tried += 1;
        let grown = Grown::from(&bands, at, columns);
        let Some(cells) = grown.rows(header.is_some()) else {
            at += 1;
            continue;
        };
        taken.extend(grown.pieces().map(|piece| (piece.line, piece.rank)));
        let rows: Vec<Vec<String>> = cells
            .iter()
            .map(|row| row.iter().map(|cell| text_of_cell(cell)).collect())
            .collect();
        let goes_on = grown.until + MOST_STRAY_BANDS >= bands.len();
        let known = carried.take().filter(|_| header.is_none());
        let is_continued = known.is_some();
        let titled: Vec<Vec<String>> = known
            .map(|titles| titles.cells)
            .into_iter()
            .chain(rows)
            .collect();
        *titles = goes_on.then(|| Titles {
            columns: grown.columns.clone(),
            cells: titled.first().cloned().unwrap_or_default(),
        });
        tables.push(Table {
            rows: titled,
            is_continued,
        });
        at = grown.until;
    }
    if !taken.is_empty() {
        remove(lines, &taken);
    }
    tables
}

/// The lines of a cell, brought together as those of a page are.
fn text_of_cell(cell: &[Piece<'_>]) -> String {
    if let [piece] = cell {
        return piece.text().trim().to_owned();
    }
    let mut lines: Vec<Line> = cell.iter().map(Piece::as_line).collect();
    lines.sort_by(|one, other| other.across().total_cmp(&one.across()));
    value_that_a_cell_cuts(&lines).unwrap_or_else(|| text_of(&lines).trim_end().replace('\n', " "))
}

/// An address or a date in a column too narrow for it: all its lines but the last are as wide as the column, or end where a
/// line may.
fn value_that_a_cell_cuts(lines: &[Line]) -> Option<String> {
    let widest = lines.iter().map(Line::width).reduce(f64::max)?;
    let (_, cut) = lines.split_last()?;
    let are_filled = cut
        .iter()
        .all(|line| line.width() * 1.25 >= widest || line.text().trim_end().ends_with('-'));
    let value: String = lines.iter().map(|line| line.text().trim()).collect();
    let is_date = value.len() == "12/03/1985".len()
        && value
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'/' | b'.' | b'-'));
    (are_filled && (is_date || looks_like_address(&value))).then_some(value)
}

/// Leaves what is in no table.
fn remove(lines: &mut Vec<Line>, taken: &[(usize, usize)]) {
    let mut by_line: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (line, rank) in taken {
        by_line.entry(*line).or_default().push(*rank);
    }
    let kept = std::mem::take(lines).into_iter().enumerate();
    lines.extend(kept.filter_map(|(rank, line)| match by_line.get(&rank) {
        None => Some(line),
        Some(taken) => line.without(taken),
    }));
}

#[cfg(test)]
mod tests;
