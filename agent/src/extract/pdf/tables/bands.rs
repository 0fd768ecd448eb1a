//! Pieces of text that stand side by side.
//!
//! In: the lines of a page. Out: its bands, from the top down, and which of them are titles. For `tables` alone.

use super::super::layout::{Line, Part};

const FEWEST_COLUMNS: usize = 3;
const MOST_COLUMNS: usize = 60;
/// A plan has as many words as it likes, and no table.
const MOST_PIECES: usize = 20_000;
/// More are columns of prose.
const MOST_WORDS_OF_A_TITLE: usize = 3;
/// In heights of a letter.
pub(super) const SAME_BAND: f64 = 0.45;

#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) start: f64,
    pub(super) end: f64,
}

/// A piece of a line, in a cell of it.
#[derive(Debug, Clone)]
pub(super) struct Piece<'l> {
    pub(super) of: &'l Line,
    /// Of the line and of the cell.
    pub(super) line: usize,
    pub(super) rank: usize,
    part: Part,
}

impl<'l> Piece<'l> {
    pub(super) fn text(&self) -> &'l str {
        self.of.part(&self.part)
    }

    pub(super) fn span(&self) -> Span {
        Span {
            start: self.part.start,
            end: self.part.end,
        }
    }

    pub(super) fn across(&self) -> f64 {
        self.of.across()
    }

    pub(super) fn size(&self) -> f64 {
        self.of.size()
    }

    pub(super) fn count_words(&self) -> usize {
        let words = self.text().split_whitespace();
        words
            .filter(|word| word.contains(char::is_alphabetic))
            .count()
    }

    /// Cut where nothing says that the words belong together.
    pub(super) fn words(&self) -> Vec<Self> {
        let words = self.of.words(&self.part).into_iter();
        words
            .map(|part| Self {
                part,
                ..self.clone()
            })
            .collect()
    }

    pub(super) fn as_line(&self) -> Line {
        self.of.alone(&self.part)
    }
}

/// Pieces side by side.
pub(super) struct Band<'l> {
    pub(super) across: f64,
    pub(super) size: f64,
    pub(super) pieces: Vec<Piece<'l>>,
}

/// The pieces that are written in the direction of most, from the top of the page down.
pub(super) fn bands(lines: &[Line]) -> Vec<Band<'_>> {
    let Some(direction) = lines.get(lines.len() / 2).map(Line::direction) else {
        return Vec::new();
    };
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    for (line, of) in lines.iter().enumerate() {
        if of.direction() == direction {
            let cells = of.cells().enumerate();
            pieces.extend(cells.map(|(rank, part)| Piece {
                of,
                line,
                rank,
                part,
            }));
        }
    }
    let is_sound = |piece: &Piece<'_>| {
        let Span { start, end } = piece.span();
        let places = [start, end, piece.across(), piece.size()];
        places.iter().all(|place| place.is_finite()) && piece.size() > 0.0
    };
    if pieces.len() > MOST_PIECES || !pieces.iter().all(is_sound) {
        return Vec::new();
    }
    pieces.sort_by(|one, other| {
        let down = other.across().total_cmp(&one.across());
        down.then(one.span().start.total_cmp(&other.span().start))
    });
    let mut bands: Vec<Band<'_>> = Vec::new();
    for piece in pieces {
        match bands.last_mut() {
            Some(band)
                if band.across - piece.across() <= SAME_BAND * band.size.min(piece.size()) =>
            {
                band.pieces.push(piece);
            }
            _ => bands.push(Band {
                across: piece.across(),
                size: piece.size(),
                pieces: vec![piece],
            }),
        }
    }
    for band in &mut bands {
        band.pieces
            .sort_by(|one, other| one.span().start.total_cmp(&other.span().start));
    }
    bands
}

/// Where the columns of a row of titles are.
pub(super) fn header(band: &Band<'_>) -> Option<Vec<Span>> {
    let pieces = &band.pieces;
    if !(FEWEST_COLUMNS..=MOST_COLUMNS).contains(&pieces.len()) {
        return None;
    }
    let are_apart = pieces
        .windows(2)
        .all(|pair| matches!(pair, [one, other] if one.span().end < other.span().start));
    let mut words = 0;
    let are_titles = pieces.iter().all(|piece| {
        let text = piece.text();
        words += piece.count_words();
        text.contains(char::is_alphabetic) && !text.contains(|letter: char| letter.is_ascii_digit())
    });
    (are_apart && are_titles && words <= MOST_WORDS_OF_A_TITLE * pieces.len())
        .then(|| pieces.iter().map(Piece::span).collect())
}
