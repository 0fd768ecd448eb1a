//! The cells of a row: those of one length, then the others, then where these begin and which cells there are.

use super::pages::Format;
use super::table::{Column, Place};
use crate::extract::bytes::u16_at;

pub(super) struct Row {
    format: Format,
    bytes: Vec<u8>,
    /// How many columns there were when it was written.
    columns: usize,
    /// Where the bits begin that say which cells are there.
    mask: usize,
    /// Where the cells begin that vary in length, and where the last one ends.
    places: Vec<usize>,
}

impl Row {
    pub(super) fn of(format: Format, bytes: &[u8], has_variable: bool) -> Option<Self> {
        let columns = match format {
            Format::Jet3 => usize::from(*bytes.first()?),
            Format::Jet4 => usize::from(u16_at(bytes, 0)?),
        };
        let mask = bytes.len().checked_sub(columns.div_ceil(8))?;
        let places = match format {
            _ if !has_variable => Vec::new(),
            Format::Jet3 => narrow_places(bytes, mask)?,
            Format::Jet4 => wide_places(bytes, mask)?,
        };
        Some(Self {
            format,
            bytes: bytes.to_vec(),
            columns,
            mask,
            places,
        })
    }

    /// Whether a cell is there; of a column of yes and no, its value.
    pub(super) fn has(&self, column: &Column) -> bool {
        let bits = self.bytes.get(self.mask + column.number / 8);
        let is_set = bits.is_some_and(|bits| bits >> (column.number % 8) & 1 == 1);
        column.number < self.columns && is_set
    }

    pub(super) fn cell(&self, column: &Column) -> Option<&[u8]> {
        if !self.has(column) {
            return None;
        }
        match column.place {
            Place::Fixed { start, length } => {
                let header = match self.format {
                    Format::Jet3 => 1,
                    Format::Jet4 => 2,
                };
                let start = start.checked_add(header)?;
                self.bytes.get(start..start.checked_add(length)?)
            }
            Place::Variable(rank) => {
                let (start, end) = (self.places.get(rank)?, self.places.get(rank + 1)?);
                self.bytes.get(*start..*end)
            }
        }
    }
}

fn wide_places(bytes: &[u8], mask: usize) -> Option<Vec<usize>> {
    let last = mask.checked_sub(2)?;
    let count = usize::from(u16_at(bytes, last)?);
    let place = |rank: usize| {
        let at = last.checked_sub(2 * (rank + 1))?;
        u16_at(bytes, at).map(usize::from)
    };
    (0..=count).map(place).collect()
}

/// In one byte each; a table before them says from which cell on 256 are to be added, once more each time.
fn narrow_places(bytes: &[u8], mask: usize) -> Option<Vec<usize>> {
    let last = mask.checked_sub(1)?;
    let count = usize::from(*bytes.get(last)?);
    let mut jumps = bytes.len().checked_sub(1)? / 256;
    let first = last.checked_sub(jumps + 1)?;
    if first.saturating_sub(count) / 256 < jumps {
        jumps = jumps.saturating_sub(1);
    }
    let mut used = 0;
    let mut places = Vec::with_capacity(count + 1);
    for rank in 0..=count {
        while used < jumps {
            let from = *bytes.get(last.checked_sub(used + 1)?)?;
            if usize::from(from) != rank {
                break;
            }
            used += 1;
        }
        let low = *bytes.get(first.checked_sub(rank)?)?;
        places.push(usize::from(low) + 256 * used);
    }
    Some(places)
}
