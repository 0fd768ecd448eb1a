//! A node: its bytes, in blocks, and the nodes inside it ([MS-PST] 2.2.2.8).

use std::io::{self, Read};

use super::file::{Layout, Mailbox, NodeEntry, damaged};
use crate::extract::bytes::{u16_at, u32_at};

/// Trees of blocks have two levels; blocks within them, so many.
const MOST_LEVELS: u8 = 2;
const MOST_BLOCKS: usize = 1 << 20;
/// Nodes inside a node.
const MOST_INNER: usize = 100_000;

/// Kinds of blocks that lead to others.
const LIST: u8 = 1;
const INNER_NODES: u8 = 2;

pub(super) struct Node {
    /// The blocks of its bytes, in their order.
    pub(super) blocks: Vec<u64>,
    /// The nodes inside it.
    inner: Vec<NodeEntry>,
}

impl Node {
    pub(super) fn open(mailbox: &mut Mailbox<'_>, entry: &NodeEntry) -> io::Result<Self> {
        Ok(Self {
            blocks: blocks(mailbox, entry.data)?,
            inner: inner(mailbox, entry.inner)?,
        })
    }

    pub(super) fn inner(&self, number: u32) -> Option<NodeEntry> {
        let mut same = self.inner.iter().filter(|entry| entry.number == number);
        same.next().copied()
    }

    pub(super) fn inner_of_kind(&self, kind: u32) -> impl Iterator<Item = NodeEntry> {
        let same = self.inner.iter().filter(move |entry| entry.kind() == kind);
        same.copied()
    }
}

/// The numbers of the blocks that hold bytes, from that of the first or of a list of them.
fn blocks(mailbox: &mut Mailbox<'_>, number: u64) -> io::Result<Vec<u64>> {
    let mut blocks = Vec::new();
    // The last is the next; with the level that it may have.
    let mut waiting = vec![(number, MOST_LEVELS)];
    while let Some((number, most_level)) = waiting.pop() {
        if !is_list(number) {
            blocks.extend((number != 0).then_some(number));
            if blocks.len() > MOST_BLOCKS {
                return Err(damaged());
            }
            continue;
        }
        let list = mailbox.block(number)?;
        let (Some(LIST), Some(level)) = (list.first().copied(), list.get(1).copied()) else {
            return Err(damaged());
        };
        if level == 0 || level > most_level {
            return Err(damaged());
        }
        let count = usize::from(u16_at(&list, 2).ok_or_else(damaged)?);
        let wide = mailbox.layout.wide();
        let listed = list.get(8..).unwrap_or_default().chunks_exact(wide);
        let listed = listed.take(count).rev();
        let listed = listed.filter_map(|entry| mailbox.layout.wide_at(entry, 0));
        waiting.extend(listed.map(|number| (number, level - 1)));
    }
    Ok(blocks)
}

fn is_list(number: u64) -> bool {
    number & 2 != 0
}

fn inner(mailbox: &mut Mailbox<'_>, number: u64) -> io::Result<Vec<NodeEntry>> {
    let mut nodes = Vec::new();
    let mut waiting = vec![(number, 1)];
    while let Some((number, most_level)) = waiting.pop() {
        if number == 0 {
            continue;
        }
        let list = mailbox.block(number)?;
        let (Some(INNER_NODES), Some(level)) = (list.first().copied(), list.get(1).copied()) else {
            return Err(damaged());
        };
        if level > most_level {
            return Err(damaged());
        }
        let layout = mailbox.layout;
        let (start, wide) = match layout {
            Layout::Ansi => (4, 4),
            Layout::Unicode | Layout::Unicode4k => (8, 8),
        };
        let count = usize::from(u16_at(&list, 2).ok_or_else(damaged)?);
        let listed = list.get(start..).unwrap_or_default();
        if level == 1 {
            let below = listed.chunks_exact(2 * wide).take(count).rev();
            let below = below.filter_map(|entry| layout.wide_at(entry, wide));
            waiting.extend(below.map(|number| (number, 0)));
            continue;
        }
        let found = listed.chunks_exact(3 * wide).take(count);
        nodes.extend(found.filter_map(|entry| {
            Some(NodeEntry {
                number: u32_at(entry, 0)?,
                data: layout.wide_at(entry, wide)?,
                inner: layout.wide_at(entry, 2 * wide)?,
                parent: 0,
            })
        }));
        if nodes.len() > MOST_INNER {
            return Err(damaged());
        }
    }
    Ok(nodes)
}

/// The bytes of a node from the first to the last, a block at a time.
pub(super) struct Bytes<'m, 'f> {
    mailbox: &'m mut Mailbox<'f>,
    /// Those still to be read, the next last.
    blocks: Vec<u64>,
    block: Vec<u8>,
    given: usize,
}

impl<'m, 'f> Bytes<'m, 'f> {
    pub(super) fn new(mailbox: &'m mut Mailbox<'f>, mut blocks: Vec<u64>) -> Self {
        blocks.reverse();
        Self {
            mailbox,
            blocks,
            block: Vec::new(),
            given: 0,
        }
    }
}

impl Read for Bytes<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given >= self.block.len() {
            let Some(number) = self.blocks.pop() else {
                return Ok(0);
            };
            self.block = self.mailbox.block(number)?;
            self.given = 0;
        }
        let mut ready = self.block.get(self.given..).unwrap_or_default();
        let read = ready.read(buffer)?;
        self.given += read;
        Ok(read)
    }
}
