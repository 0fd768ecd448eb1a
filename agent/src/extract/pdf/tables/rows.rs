//! Bands under titles, as the rows that they are.
//!
//! In: the bands from the titles on. Out: the cells of each row, which may have several lines. For `tables` alone.

use std::collections::{BTreeMap, BTreeSet};

use super::super::layout::Line;
use super::MOST_STRAY_BANDS;
use super::bands::{Band, Piece, SAME_BAND, Span, count_words, text_of_piece};

const FEWEST_ROWS: usize = 2;
/// More are columns of prose.
const MOST_WORDS_OF_A_CELL: usize = 4;
/// Distances, in heights of a letter.
const NEXT_LINE: f64 = 1.5;
const END_OF_TABLE: f64 = 8.0;
/// The height of a capital.
const CAPITAL: f64 = 0.7;

/// A table as far as it reaches.
pub(super) struct Grown<'b> {
    pub(super) columns: Vec<Span>,
    /// The bands that fit, with the column of each piece.
    bands: Vec<(&'b Band, Vec<usize>)>,
    /// The band behind the last one.
    pub(super) until: usize,
}

impl<'b> Grown<'b> {
    pub(super) fn from(bands: &'b [Band], at: usize, columns: Vec<Span>) -> Self {
        let mut grown = Self {
            columns,
            bands: Vec::new(),
            until: at,
        };
        let mut last: Option<&Band> = None;
        for (rank, band) in bands.iter().enumerate().skip(at) {
            let is_far = |last: &Band| last.across - band.across > END_OF_TABLE * last.size;
            if last.is_some_and(is_far) || rank - grown.until > MOST_STRAY_BANDS {
                break;
            }
            last = Some(band);
            if let Some(columns) = grown.add(band) {
                grown.bands.push((band, columns));
                grown.until = rank + 1;
            }
        }
        grown
    }

    /// The columns of the pieces of a band, when none touches two.
    fn add(&mut self, band: &Band) -> Option<Vec<usize>> {
        let mut columns = self.columns.clone();
        let mut places = Vec::with_capacity(band.pieces.len());
        for piece in &band.pieces {
            let span = piece.span;
            let mut touched = columns
                .iter()
                .enumerate()
                .filter(|(_, column)| span.start < column.end && column.start < span.end);
            let distance = |column: &Span| (column.start - span.end).max(span.start - column.end);
            let place = match (touched.next(), touched.next()) {
                (Some((place, _)), None) => place,
                (None, _) => {
                    let nearest = columns
                        .iter()
                        .enumerate()
                        .min_by(|(_, one), (_, other)| distance(one).total_cmp(&distance(other)));
                    nearest?.0
                }
                (Some(_), Some(_)) => return None,
            };
            let column = columns.get_mut(place)?;
            column.start = column.start.min(span.start);
            column.end = column.end.max(span.end);
            places.push(place);
        }
        self.columns = columns;
        Some(places)
    }

    pub(super) fn pieces(&self) -> impl Iterator<Item = &Piece> {
        self.bands.iter().flat_map(|(band, _)| &band.pieces)
    }

    /// The pieces of each cell; none where this is no table.
    pub(super) fn rows(&self, is_titled: bool, lines: &[Line]) -> Option<Vec<Vec<Vec<Piece>>>> {
        let words: usize = self
            .pieces()
            .map(|piece| count_words(text_of_piece(lines, piece)))
            .sum();
        if words > MOST_WORDS_OF_A_CELL * self.pieces().count() {
            return None;
        }
        let fewest = FEWEST_ROWS + usize::from(is_titled);
        // Programs that draw column by column draw all cells of a column in a row.
        [true, false].into_iter().find_map(|are_drawn_whole| {
            let rows = side_by_side(self.cells(are_drawn_whole, lines));
            (rows.len() >= fewest).then(|| {
                let place = |row: Vec<Cell>| {
                    let mut cells = vec![Vec::new(); self.columns.len()];
                    for cell in row {
                        if let Some(pieces) = cells.get_mut(cell.column) {
                            pieces.extend(cell.pieces);
                        }
                    }
                    cells
                };
                rows.into_iter().map(place).collect()
            })
        })
    }

    /// What is drawn in a row, line below line in one column, is one cell.
    fn cells(&self, are_drawn_whole: bool, lines: &[Line]) -> Vec<Cell> {
        let is_alone = |piece: &Piece| {
            lines
                .get(piece.line)
                .is_some_and(|line| line.spans().count() == 1)
        };
        let mut cells: Vec<Cell> = Vec::new();
        // Of each column, the cell above.
        let mut above: BTreeMap<usize, usize> = BTreeMap::new();
        for (band, columns) in &self.bands {
            for (piece, column) in band.pieces.iter().zip(columns) {
                let cell = above.get(column).and_then(|cell| cells.get_mut(*cell));
                let goes_on = cell.filter(|cell| {
                    let Some(last) = cell.pieces.last() else {
                        return false;
                    };
                    let down = (last.across - piece.across) / piece.size;
                    are_drawn_whole
                        && last.line + 1 == piece.line
                        && is_alone(last)
                        && is_alone(piece)
                        && (SAME_BAND..=NEXT_LINE).contains(&down)
                });
                if let Some(cell) = goes_on {
                    cell.pieces.push(*piece);
                } else {
                    above.insert(*column, cells.len());
                    cells.push(Cell {
                        column: *column,
                        pieces: vec![*piece],
                    });
                }
            }
        }
        cells
    }
}

struct Cell {
    column: usize,
    pieces: Vec<Piece>,
}

impl Cell {
    fn top(&self) -> f64 {
        let first = self.pieces.first();
        first.map_or(0.0, |piece| piece.across + CAPITAL * piece.size)
    }

    fn bottom(&self) -> f64 {
        self.pieces.last().map_or(0.0, |piece| piece.across)
    }
}

/// Cells side by side are a row, from the top of the page down. What stands close below a row, in few of its columns, goes on
/// in them.
fn side_by_side(mut cells: Vec<Cell>) -> Vec<Vec<Cell>> {
    cells.sort_by(|one, other| other.top().total_cmp(&one.top()));
    let bottom = |row: &[Cell]| row.iter().map(Cell::bottom).fold(f64::INFINITY, f64::min);
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for cell in cells {
        match rows.last_mut() {
            Some(row) if cell.top() > bottom(row) => row.push(cell),
            _ => rows.push(vec![cell]),
        }
    }
    let columns =
        |row: &[Cell]| -> BTreeSet<usize> { row.iter().map(|cell| cell.column).collect() };
    let most = rows.iter().map(|row| columns(row).len()).max().unwrap_or(0);
    let mut whole: Vec<Vec<Cell>> = Vec::new();
    for row in rows {
        let filled = columns(&row);
        let size = row
            .iter()
            .flat_map(|cell| &cell.pieces)
            .map(|piece| piece.size)
            .fold(0.0, f64::max);
        let goes_on = whole.last().is_some_and(|above| {
            let is_near = bottom(above) - bottom(&row) <= NEXT_LINE * size;
            is_near && filled.len() * 2 < most && filled.is_subset(&columns(above))
        });
        match whole.last_mut().filter(|_| goes_on) {
            Some(above) => above.extend(row),
            None => whole.push(row),
        }
    }
    whole
}
