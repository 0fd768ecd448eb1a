//! What a node holds: a heap of values, and on it a set of properties or a table ([MS-PST] 2.3).

use std::collections::HashMap;
use std::io;
use std::rc::Rc;

use super::file::{Layout, Mailbox, damaged};
use crate::extract::bytes::{u16_at, u32_at};

const HEAP: u8 = 0xec;
const TREE: u8 = 0xb5;
const TABLE: u8 = 0x7c;
/// Pages of records above those of a tree's leaves.
const MOST_LEVELS: u8 = 8;
/// An item has some hundred properties; a message to everybody, some thousand recipients.
const MOST_RECORDS: usize = 20_000;
const MOST_ROWS: usize = 20_000;
const MOST_BLOCKS_HELD: usize = 8;

/// The values of a node.
pub(super) struct Heap {
    blocks: Vec<u64>,
    held: HashMap<usize, Rc<Vec<u8>>>,
    layout: Layout,
    root: u32,
}

/// A property: its number, its type, and its value or where that is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record {
    pub(super) number: u16,
    pub(super) kind: u16,
    pub(super) value: u32,
}

impl Heap {
    pub(super) fn open(mailbox: &mut Mailbox<'_>, blocks: Vec<u64>) -> io::Result<Self> {
        let mut heap = Self {
            blocks,
            held: HashMap::new(),
            layout: mailbox.layout,
            root: 0,
        };
        let first = heap.block(mailbox, 0)?;
        if first.get(2) != Some(&HEAP) {
            return Err(damaged());
        }
        heap.root = u32_at(&first, 4).ok_or_else(damaged)?;
        Ok(heap)
    }

    /// The properties, in the order of their numbers.
    pub(super) fn records(&mut self, mailbox: &mut Mailbox<'_>) -> io::Result<Vec<Record>> {
        const KEY: usize = 2;
        let header = self.value(mailbox, self.root)?;
        let [TREE, 2, 6, levels, ..] = *header else {
            return Err(damaged());
        };
        if levels > MOST_LEVELS {
            return Err(damaged());
        }
        let mut records = Vec::new();
        let mut waiting = vec![(u32_at(&header, 4).ok_or_else(damaged)?, levels)];
        while let Some((place, level)) = waiting.pop() {
            let page = self.value(mailbox, place)?;
            if level > 0 {
                let below = page.chunks_exact(KEY + 4).rev();
                let below = below.filter_map(|entry| u32_at(entry, KEY));
                waiting.extend(below.map(|place| (place, level - 1)));
                continue;
            }
            records.extend(page.chunks_exact(KEY + 6).filter_map(|record| {
                Some(Record {
                    number: u16_at(record, 0)?,
                    kind: u16_at(record, 2)?,
                    value: u32_at(record, 4)?,
                })
            }));
            if records.len() > MOST_RECORDS {
                return Err(damaged());
            }
        }
        Ok(records)
    }

    /// The rows of a table that has these columns, each with the cells that are not empty. Rows may stand in a node of its own:
    /// `rows_of` gives the blocks of that.
    pub(super) fn rows(
        &mut self,
        mailbox: &mut Mailbox<'_>,
        rows_of: impl FnOnce(&mut Mailbox<'_>, u32) -> io::Result<Vec<u64>>,
    ) -> io::Result<Vec<Vec<Record>>> {
        let header = self.value(mailbox, self.root)?;
        let table = Table::of(&header).ok_or_else(damaged)?;
        let mut rows = Vec::new();
        let mut give = |bytes: &[u8]| {
            let left = MOST_ROWS.saturating_sub(rows.len());
            rows.extend(
                bytes
                    .chunks_exact(table.width)
                    .take(left)
                    .map(|row| table.row(row)),
            );
        };
        if table.rows == 0 {
            return Ok(Vec::new());
        }
        if is_in_heap(table.rows) {
            give(&self.value(mailbox, table.rows)?);
            return Ok(rows);
        }
        // A row is never cut by the end of a block.
        for block in rows_of(mailbox, table.rows)? {
            give(&mailbox.block(block)?);
        }
        Ok(rows)
    }

    /// A value of the heap.
    pub(super) fn value(&mut self, mailbox: &mut Mailbox<'_>, place: u32) -> io::Result<Vec<u8>> {
        let (rank, block) = match self.layout {
            Layout::Ansi | Layout::Unicode => (place >> 5 & 0x7ff, place >> 16),
            Layout::Unicode4k => (place >> 5 & 0x3fff, place >> 19),
        };
        let (Ok(rank), Ok(block)) = (usize::try_from(rank), usize::try_from(block)) else {
            return Err(damaged());
        };
        if rank == 0 {
            return Ok(Vec::new());
        }
        let block = self.block(mailbox, block)?;
        let value = slot(&block, rank).ok_or_else(damaged)?;
        Ok(value.to_vec())
    }

    fn block(&mut self, mailbox: &mut Mailbox<'_>, rank: usize) -> io::Result<Rc<Vec<u8>>> {
        if let Some(block) = self.held.get(&rank) {
            return Ok(Rc::clone(block));
        }
        let number = self.blocks.get(rank).ok_or_else(damaged)?;
        let block = Rc::new(mailbox.block(*number)?);
        if self.held.len() >= MOST_BLOCKS_HELD {
            self.held.clear();
        }
        self.held.insert(rank, Rc::clone(&block));
        Ok(block)
    }
}

/// Whether a value stands in the heap; otherwise in a node inside the node.
pub(super) fn is_in_heap(place: u32) -> bool {
    place & 0x1f == 0
}

/// A value of a block, by its rank from one: the map of the values stands at their end.
fn slot(block: &[u8], rank: usize) -> Option<&[u8]> {
    let map = usize::from(u16_at(block, 0)?);
    let count = usize::from(u16_at(block, map)?);
    if rank > count {
        return None;
    }
    let start = u16_at(block, map + 4 + 2 * (rank - 1))?;
    let end = u16_at(block, map + 4 + 2 * rank)?;
    block.get(usize::from(start)..usize::from(end))
}

struct Table {
    columns: Vec<Column>,
    /// Of a row, up to the bits that say which cells there are, and whole.
    cells: usize,
    width: usize,
    rows: u32,
}

struct Column {
    number: u16,
    kind: u16,
    start: usize,
    length: usize,
    /// Among the bits.
    rank: usize,
}

impl Table {
    fn of(header: &[u8]) -> Option<Self> {
        let (TABLE, count) = (*header.first()?, *header.get(1)?) else {
            return None;
        };
        let described = header.get(22..)?.chunks_exact(8).take(usize::from(count));
        let columns = described.filter_map(|column| {
            Some(Column {
                kind: u16_at(column, 0)?,
                number: u16_at(column, 2)?,
                start: usize::from(u16_at(column, 4)?),
                length: usize::from(*column.get(6)?),
                rank: usize::from(*column.get(7)?),
            })
        });
        let width = usize::from(u16_at(header, 8)?);
        (width > 0).then_some(Self {
            columns: columns.collect(),
            cells: usize::from(u16_at(header, 6)?),
            width,
            rows: u32_at(header, 14)?,
        })
    }

    fn row(&self, row: &[u8]) -> Vec<Record> {
        let cells = self.columns.iter().filter_map(|column| {
            let bits = row.get(self.cells + column.rank / 8)?;
            let is_there = bits & (0x80 >> (column.rank % 8)) != 0;
            let value = (is_there && column.length == 4).then(|| u32_at(row, column.start))??;
            Some(Record {
                number: column.number,
                kind: column.kind,
                value,
            })
        });
        cells.collect()
    }
}
