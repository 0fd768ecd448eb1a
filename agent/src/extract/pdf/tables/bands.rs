//! Pieces of text that stand side by side.
//!
//! In: the lines of a page. Out: its bands, from the top down, and which of them are titles. For `tables` alone.

use super::super::layout::Line;

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

/// A piece of a line, by the ranks of both.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub(super) line: usize,
    pub(super) rank: usize,
    pub(super) span: Span,
    pub(super) across: f64,
    pub(super) size: f64,
}

/// Pieces side by side.
pub(super) struct Band {
    pub(super) across: f64,
    pub(super) size: f64,
    pub(super) pieces: Vec<Piece>,
}

/// The pieces that are written in the direction of most, from the top of the page down.
pub(super) fn bands(lines: &[Line]) -> Vec<Band> {
    let Some(direction) = lines.get(lines.len() / 2).map(Line::direction) else {
        return Vec::new();
    };
    let mut pieces: Vec<Piece> = Vec::new();
    for (line, written) in lines.iter().enumerate() {
        if written.direction() != direction {
            continue;
        }
        for (rank, (start, end)) in written.spans().enumerate() {
            pieces.push(Piece {
                line,
                rank,
                span: Span { start, end },
                across: written.across(),
                size: written.size(),
            });
        }
    }
    let is_sound = |piece: &Piece| {
        let Span { start, end } = piece.span;
        [start, end, piece.across, piece.size]
            .iter()
            .all(|place| place.is_finite())
            && piece.size > 0.0
    };
    if pieces.len() > MOST_PIECES || !pieces.iter().all(is_sound) {
        return Vec::new();
    }
    pieces.sort_by(|one, other| {
        let down = other.across.total_cmp(&one.across);
        down.then(one.span.start.total_cmp(&other.span.start))
    });
    let mut bands: Vec<Band> = Vec::new();
    for piece in pieces {
        match bands.last_mut() {
            Some(band) if band.across - piece.across <= SAME_BAND * band.size.min(piece.size) => {
                band.pieces.push(piece);
            }
            _ => bands.push(Band {
                across: piece.across,
                size: piece.size,
                pieces: vec![piece],
            }),
        }
    }
    for band in &mut bands {
        band.pieces
            .sort_by(|one, other| one.span.start.total_cmp(&other.span.start));
    }
    bands
}

/// Where the columns of a row of titles are.
pub(super) fn header(lines: &[Line], band: Option<&Band>) -> Option<Vec<Span>> {
    let pieces = &band?.pieces;
    if !(FEWEST_COLUMNS..=MOST_COLUMNS).contains(&pieces.len()) {
        return None;
    }
    let are_apart = pieces
        .windows(2)
        .all(|pair| matches!(pair, [one, other] if one.span.end < other.span.start));
    let mut words = 0;
    let are_titles = pieces.iter().all(|piece| {
        let text = text_of_piece(lines, piece);
        words += count_words(text);
        text.contains(char::is_alphabetic) && !text.contains(|letter: char| letter.is_ascii_digit())
    });
    (are_apart && are_titles && words <= MOST_WORDS_OF_A_TITLE * pieces.len())
        .then(|| pieces.iter().map(|piece| piece.span).collect())
}

pub(super) fn text_of_piece<'l>(lines: &'l [Line], piece: &Piece) -> &'l str {
    let line = lines.get(piece.line);
    line.and_then(|line| line.piece(piece.rank))
        .unwrap_or_default()
}

pub(super) fn count_words(text: &str) -> usize {
    text.split_whitespace()
        .filter(|word| word.contains(char::is_alphabetic))
        .count()
}
