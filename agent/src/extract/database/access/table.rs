//! What a table is made of: its definition, which may stand in several pages.

use std::io;

use super::pages::{Format, Pages, damaged};
use super::rows::Row;
use super::value::text;
use crate::extract::bytes::{u16_at, u32_at};

const DEFINITION: u8 = 0x02;
/// Access has 255 columns at most; their numbers count deleted ones too.
const MOST_COLUMNS: usize = 4096;
/// A definition stands in one page, rarely in some.
const MOST_PAGES: usize = 64;

pub(super) struct Table {
    page: u32,
    pub(super) columns: Vec<Column>,
    /// Whether its rows have a part that varies in length.
    pub(super) has_variable: bool,
}

pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: u8,
    /// Among the bits that say which cells of a row are there.
    pub(super) number: usize,
    pub(super) place: Place,
    /// Of numbers with a fixed count of decimals.
    pub(super) decimals: u8,
}

/// Where the cells of a column are in a row.
pub(super) enum Place {
    Fixed {
        start: usize,
        length: usize,
    },
    /// The rank among those that vary in length.
    Variable(usize),
}

/// Shown each row; false to end.
type Show<'s, 'f> = &'s mut dyn FnMut(&mut Pages<'f>, Row) -> io::Result<bool>;

impl Table {
    pub(super) fn read(pages: &mut Pages<'_>, page: u32) -> io::Result<Self> {
        let definition = definition(pages, page)?;
        let columns = columns(pages.format, &definition).ok_or_else(damaged)?;
        let (_, variable) = pages.format.counts();
        Ok(Self {
            page,
            columns,
            has_variable: u16_at(&definition, variable).is_some_and(|count| count > 0),
        })
    }

    /// Shows the rows, those too whose deletion is but a mark. A row that outgrew its page is read where it stands, not
    /// where it is pointed to: each is read once, whatever points to it. Whether all could be read.
    pub(super) fn each_row<'f>(
        &self,
        pages: &mut Pages<'f>,
        show: Show<'_, 'f>,
    ) -> io::Result<bool> {
        let mut is_whole = true;
        let format = pages.format;
        for number in pages.owned(self.page) {
            let Ok(page) = pages.page(number) else {
                is_whole = false;
                continue;
            };
            for rank in 0..format.rows(&page) {
                let Some((flags, bytes)) = format.row(&page, rank) else {
                    is_whole = false;
                    continue;
                };
                if flags.is_pointer || bytes.is_empty() {
                    continue;
                }
                match Row::of(format, bytes, self.has_variable) {
                    Some(row) => {
                        if !show(pages, row)? {
                            return Ok(is_whole);
                        }
                    }
                    None => is_whole = false,
                }
            }
        }
        Ok(is_whole)
    }
}

/// The bytes of a definition: its pages one after the other, without the headers of those that follow the first.
fn definition(pages: &mut Pages<'_>, first: u32) -> io::Result<Vec<u8>> {
    const HEADER: usize = 8;
    let mut definition = Vec::new();
    let mut next = first;
    for _ in 0..MOST_PAGES {
        let page = pages.page(next)?;
        if page.first() != Some(&DEFINITION) {
            return Err(damaged());
        }
        let skipped = if definition.is_empty() { 0 } else { HEADER };
        definition.extend_from_slice(page.get(skipped..).unwrap_or_default());
        next = u32_at(&page, 4).unwrap_or(0);
        if next == 0 {
            break;
        }
    }
    Ok(definition)
}

impl Format {
    /// Where a definition says how many columns there are, and how many of them vary in length.
    fn counts(self) -> (usize, usize) {
        match self {
            Self::Jet3 => (25, 23),
            Self::Jet4 => (45, 43),
        }
    }
}

fn columns(format: Format, definition: &[u8]) -> Option<Vec<Column>> {
    const FIXED: u8 = 0x01;
    let (count, _) = format.counts();
    let count = usize::from(u16_at(definition, count)?);
    if count > MOST_COLUMNS {
        return None;
    }
    let (indexes, start, index, entry): (_, usize, _, _) = match format {
        Format::Jet3 => (31, 43, 8, 18),
        Format::Jet4 => (51, 63, 12, 25),
    };
    // What an index says of itself stands before the columns.
    let indexes = usize::try_from(u32_at(definition, indexes)?).ok()?;
    let start = start.checked_add(indexes.checked_mul(index)?)?;
    let described = definition.get(start..)?;
    let (entries, mut names) = described.split_at_checked(count.checked_mul(entry)?)?;
    let mut columns = Vec::with_capacity(count);
    for entry in entries.chunks_exact(entry) {
        let name;
        (name, names) = split_name(format, names)?;
        let (number, rank, flags, start, length, decimals) = match format {
            Format::Jet3 => (1, 3, 13, 14, 16, 10),
            Format::Jet4 => (5, 7, 15, 21, 23, 12),
        };
        let wide = |at| u16_at(entry, at).map(usize::from);
        let is_fixed = entry.get(flags)? & FIXED != 0;
        columns.push(Column {
            name: text(format, name),
            kind: *entry.first()?,
            number: wide(number)?,
            place: if is_fixed {
                Place::Fixed {
                    start: wide(start)?,
                    length: wide(length)?,
                }
            } else {
                Place::Variable(wide(rank)?)
            },
            decimals: *entry.get(decimals)?,
        });
    }
    // As the program shows them.
    columns.sort_by_key(|column| column.number);
    Some(columns)
}

/// The next of the names, which have their lengths before them.
fn split_name(format: Format, names: &[u8]) -> Option<(&[u8], &[u8])> {
    match format {
        Format::Jet3 => {
            let (length, rest) = names.split_first()?;
            rest.split_at_checked(usize::from(*length))
        }
        Format::Jet4 => {
            let (length, rest) = names.split_first_chunk()?;
            rest.split_at_checked(usize::from(u16::from_le_bytes(*length)))
        }
    }
}
