//! The pages of a database: trees of them hold the records of each table.

use std::io::{self, Read, Seek, SeekFrom};

use super::record::{Record, TextEncoding, varint};
use crate::extract::source::Anywhere;

const HEADER: usize = 100;
/// Kinds of pages in trees.
const INNER_INDEX: u8 = 0x02;
const INNER_TABLE: u8 = 0x05;
const LEAF_INDEX: u8 = 0x0a;
const LEAF_TABLE: u8 = 0x0d;
/// What is read of one record; pictures and documents in cells are longer.
const MOST_RECORD: usize = 1024 * 1024;

pub(super) struct Pages<'f> {
    file: Anywhere<'f>,
    size: usize,
    /// Bytes of a page that hold something.
    usable: usize,
    encoding: TextEncoding,
    /// Pages already seen, by bit: a damaged tree may lead back to itself.
    seen: Vec<u64>,
}

/// Shown each record and the number of its row; false to end.
type Show<'s> = &'s mut dyn FnMut(Record, Option<i64>) -> bool;

impl<'f> Pages<'f> {
    pub(super) fn open(mut file: Anywhere<'f>) -> io::Result<Self> {
        let mut header = [0; HEADER];
        file.rewind()?;
        file.read_exact(&mut header)?;
        let size = match u16_at(&header, 16) {
            Some(1) => 65536,
            Some(size) if size >= 512 && size.is_power_of_two() => usize::from(size),
            _ => return Err(io::ErrorKind::InvalidData.into()),
        };
        let reserved = usize::from(header[20]);
        Ok(Self {
            file,
            size,
            usable: size.saturating_sub(reserved).max(480),
            encoding: TextEncoding::of(u32_at(&header, 56)),
            seen: Vec::new(),
        })
    }

    /// Shows the records of the tree that begins on page `root`, in their order; whether all of it could be read.
    pub(super) fn records(&mut self, root: u32, show: Show<'_>) -> io::Result<bool> {
        let mut is_sound = true;
        let mut waiting = vec![root];
        while let Some(number) = waiting.pop() {
            let Some(page) = self.page(number)? else {
                is_sound = false;
                continue;
            };
            let start = if number == 1 { HEADER } else { 0 };
            let Some(kind) = page.get(start).copied() else {
                is_sound = false;
                continue;
            };
            let is_inner = matches!(kind, INNER_INDEX | INNER_TABLE);
            if !is_inner && !matches!(kind, LEAF_INDEX | LEAF_TABLE) {
                is_sound = false;
                continue;
            }
            let cells_at = start + if is_inner { 12 } else { 8 };
            let count = u16_at(&page, start + 3).unwrap_or(0);
            let mut children = Vec::new();
            for rank in 0..usize::from(count) {
                let cell = u16_at(&page, cells_at + 2 * rank)
                    .and_then(|at| page.get(usize::from(at)..))
                    .filter(|cell| !cell.is_empty());
                let Some(mut cell) = cell else {
                    is_sound = false;
                    break;
                };
                if is_inner {
                    children.extend(u32_at(cell, 0));
                    cell = cell.get(4..).unwrap_or_default();
                }
                if kind == INNER_TABLE {
                    continue;
                }
                match self.record(cell, kind == LEAF_TABLE)? {
                    Some((record, row)) => {
                        if !show(record, row) {
                            return Ok(is_sound);
                        }
                    }
                    None => is_sound = false,
                }
            }
            if is_inner {
                children.extend(u32_at(&page, start + 8));
            }
            // The last pushed is read first.
            waiting.extend(children.into_iter().rev());
        }
        Ok(is_sound)
    }

    /// A record in a cell, and in the pages where it overflows.
    fn record(&mut self, cell: &[u8], of_table: bool) -> io::Result<Option<(Record, Option<i64>)>> {
        let Some((length, mut rest)) = varint(cell) else {
            return Ok(None);
        };
        let mut row = None;
        if of_table {
            let Some((number, after)) = varint(rest) else {
                return Ok(None);
            };
            (row, rest) = (Some(number.cast_signed()), after);
        }
        let Ok(length) = usize::try_from(length) else {
            return Ok(None);
        };
        let here = self.local(length, of_table);
        let Some(local) = rest.get(..here) else {
            return Ok(None);
        };
        let mut payload = local.to_vec();
        let mut next = if here < length {
            u32_at(rest, here)
        } else {
            None
        };
        while let Some(number) = next.filter(|number| *number > 0) {
            if payload.len() >= length.min(MOST_RECORD) {
                break;
            }
            let Some(page) = self.page(number)? else {
                break;
            };
            let held = page.get(4..self.usable).unwrap_or_default();
            let wanted = length - payload.len();
            payload.extend(held.iter().take(wanted));
            next = u32_at(&page, 0);
        }
        let record = Record::of(&payload, self.encoding);
        Ok(record.map(|record| (record, row)))
    }

    /// How many bytes of a record stand in its cell (section 1.6 of the format).
    fn local(&self, length: usize, of_table: bool) -> usize {
        let least = (self.usable - 12) * 32 / 255 - 23;
        let most = if of_table {
            self.usable - 35
        } else {
            (self.usable - 12) * 64 / 255 - 23
        };
        if length <= most {
            return length;
        }
        let fitting = least + (length - least) % (self.usable - 4);
        if fitting <= most { fitting } else { least }
    }

    /// A page, once.
    fn page(&mut self, number: u32) -> io::Result<Option<Vec<u8>>> {
        let Some(rank) = number.checked_sub(1).map(u64::from) else {
            return Ok(None);
        };
        let (Ok(word), bit) = (usize::try_from(rank / 64), 1_u64 << (rank % 64)) else {
            return Ok(None);
        };
        if self.seen.get(word).is_some_and(|seen| seen & bit != 0) {
            return Ok(None);
        }
        let size = u64::try_from(self.size).unwrap_or(u64::MAX);
        self.file.seek(SeekFrom::Start(rank.saturating_mul(size)))?;
        let mut page = vec![0; self.size];
        match self.file.read_exact(&mut page) {
            Ok(()) => (),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return Err(error),
        }
        if self.seen.len() <= word {
            self.seen.resize(word + 1, 0);
        }
        if let Some(seen) = self.seen.get_mut(word) {
            *seen |= bit;
        }
        Ok(Some(page))
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let found = bytes.get(at..)?.first_chunk()?;
    Some(u16::from_be_bytes(*found))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let found = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_be_bytes(*found))
}
