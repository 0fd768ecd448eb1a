//! Bands under titles, as the rows that they are.
//!
//! In: the bands from the titles on. Out: the cells of each row, which may have several lines. For `tables` alone.

use std::collections::{BTreeMap, BTreeSet};

use super::MOST_STRAY_BANDS;
use super::bands::{Band, Piece, SAME_BAND, Span};

const FEWEST_ROWS: usize = 2;
/// More are columns of prose.
const MOST_WORDS_OF_A_CELL: usize = 4;
/// Distances, in heights of a letter.
const NEXT_LINE: f64 = 1.5;
const END_OF_TABLE: f64 = 8.0;
/// The height of a capital.
const CAPITAL: f64 = 0.7;

/// A table as far as it reaches.
pub(super) struct Grown<'l> {
    pub(super) columns: Vec<Span>,
    /// The bands that fit: pieces with their columns.
    bands: Vec<Vec<(Piece<'l>, usize)>>,
    /// The band behind the last one.
    pub(super) until: usize,
}

impl<'l> Grown<'l> {
    pub(super) fn from(bands: &[Band<'l>], at: usize, columns: Vec<Span>) -> Self {
        let mut grown = Self {
            columns,
            bands: Vec::new(),
            until: at,
        };
        let mut last: Option<&Band<'_>> = None;
        for (rank, band) in bands.iter().enumerate().skip(at) {
            let is_far = |last: &Band<'_>| last.across - band.across > END_OF_TABLE * last.size;
            if last.is_some_and(is_far) || rank - grown.until > MOST_STRAY_BANDS {
                break;
            }
            last = Some(band);
            if let Some(placed) = grown.add(band) {
                grown.bands.push(placed);
                grown.until = rank + 1;
            }
        }
        grown
    }

    /// The columns of the pieces of a band, when none touches two. Of one that does, the words are taken apart where no space
    /// holds them together: browsers draw narrow cells side by side.
    fn add(&mut self, band: &Band<'l>) -> Option<Vec<(Piece<'l>, usize)>> {
        let before = self.columns.clone();
        let placed = band
            .pieces
            .iter()
            .try_fold(Vec::new(), |mut placed, piece| {
                if let Some(column) = self.place(piece) {
                    placed.push((piece.clone(), column));
                } else {
                    for word in piece.words() {
                        let column = self.place(&word)?;
                        placed.push((word, column));
                    }
                }
                Some(placed)
            });
        if placed.is_none() {
            self.columns = before;
        }
        placed
    }

    /// The one column that a piece touches, or the nearest, which reaches to there now.
    fn place(&mut self, piece: &Piece<'_>) -> Option<usize> {
        let span = piece.span();
        let columns = || self.columns.iter().enumerate();
        let mut touched = columns()
            .filter(|(_, column)| span.start < column.end && column.start < span.end)
            .map(|(place, _)| place);
        let distance = |column: &Span| (column.start - span.end).max(span.start - column.end);
        let place = match (touched.next(), touched.next()) {
            (Some(place), None) => place,
            (None, _) => {
                let nearest = columns()
                    .min_by(|(_, one), (_, other)| distance(one).total_cmp(&distance(other)));
                nearest?.0
            }
            (Some(_), Some(_)) => return None,
        };
        let column = self.columns.get_mut(place)?;
        column.start = column.start.min(span.start);
        column.end = column.end.max(span.end);
        Some(place)
    }

    pub(super) fn pieces(&self) -> impl Iterator<Item = &Piece<'l>> {
        self.bands.iter().flatten().map(|(piece, _)| piece)
    }

    /// The pieces of each cell; none where this is no table.
    pub(super) fn rows(&self, is_titled: bool) -> Option<Vec<Vec<Vec<Piece<'l>>>>> {
        let words: usize = self.pieces().map(Piece::count_words).sum();
        if words > MOST_WORDS_OF_A_CELL * self.pieces().count() {
            return None;
        }
        let fewest = FEWEST_ROWS + usize::from(is_titled);
        let mut rows = side_by_side(self.cells(true));
        if let [row] = rows.as_slice()
            && row.iter().all(|cell| cell.pieces.len() > FEWEST_ROWS)
        {
            // Drawn column by column, all cells of a column are drawn in a row.
            rows = side_by_side(self.cells(false));
        }
        let place = |row: Vec<Cell<'l>>| {
            let mut cells = vec![Vec::new(); self.columns.len()];
            for cell in row {
                if let Some(pieces) = cells.get_mut(cell.column) {
                    pieces.extend(cell.pieces);
                }
            }
            cells
        };
        (rows.len() >= fewest).then(|| rows.into_iter().map(place).collect())
    }

    /// What is drawn in a row, line below line in one column, is one cell.
    fn cells(&self, are_drawn_whole: bool) -> Vec<Cell<'l>> {
        let is_last = |piece: &Piece<'_>| piece.rank + 1 == piece.of.cells().count();
        let mut cells: Vec<Cell<'_>> = Vec::new();
        // Of each column, the cell above.
        let mut above: BTreeMap<usize, usize> = BTreeMap::new();
        for (piece, column) in self.bands.iter().flatten() {
            let cell = above.get(column).and_then(|cell| cells.get_mut(*cell));
            let goes_on = cell.filter(|cell| {
                cell.pieces.last().is_some_and(|last| {
                    let down = (last.across() - piece.across()) / piece.size();
                    are_drawn_whole
                        && last.line + 1 == piece.line
                        && is_last(last)
                        && piece.rank == 0
                        && (SAME_BAND..=NEXT_LINE).contains(&down)
                })
            });
            if let Some(cell) = goes_on {
                cell.pieces.push(piece.clone());
            } else {
                above.insert(*column, cells.len());
                cells.push(Cell {
                    column: *column,
                    pieces: vec![piece.clone()],
                });
            }
        }
        cells
    }
}

struct Cell<'l> {
    column: usize,
    pieces: Vec<Piece<'l>>,
}

impl Cell<'_> {
    fn top(&self) -> f64 {
        let first = self.pieces.first();
        first.map_or(0.0, |piece| piece.across() + CAPITAL * piece.size())
    }

    fn bottom(&self) -> f64 {
        self.pieces.last().map_or(0.0, Piece::across)
    }
}

/// Cells side by side are a row, from the top of the page down. What stands close below a row, in few of its columns, goes on
/// in them.
fn side_by_side(mut cells: Vec<Cell<'_>>) -> Vec<Vec<Cell<'_>>> {
    cells.sort_by(|one, other| other.top().total_cmp(&one.top()));
    let bottom = |row: &[Cell<'_>]| row.iter().map(Cell::bottom).fold(f64::INFINITY, f64::min);
    let mut rows: Vec<Vec<Cell<'_>>> = Vec::new();
    for cell in cells {
        match rows.last_mut() {
            Some(row) if cell.top() > bottom(row) => row.push(cell),
            _ => rows.push(vec![cell]),
        }
    }
    let columns =
        |row: &[Cell<'_>]| -> BTreeSet<usize> { row.iter().map(|cell| cell.column).collect() };
    let most = rows.iter().map(|row| columns(row).len()).max().unwrap_or(0);
    let mut whole: Vec<Vec<Cell<'_>>> = Vec::new();
    for row in rows {
        let filled = columns(&row);
        let size = row
            .iter()
            .flat_map(|cell| &cell.pieces)
            .map(Piece::size)
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
