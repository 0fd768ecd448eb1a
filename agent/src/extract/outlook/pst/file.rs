//! A mailbox as a file ([MS-PST] 2.2): its header, two trees of pages, and blocks of bytes.
//!
//! Three layouts: ANSI (Outlook 97 to 2002), Unicode (since 2003), and Unicode with pages of 4 kB and deflated blocks (what
//! Outlook keeps of a server since 2013; not in the specification, after <https://github.com/libyal/libpff>).

use std::collections::{HashMap, HashSet};
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

use flate2::read::ZlibDecoder;

use super::cipher::Cipher;
use crate::extract::bytes::{u16_at, u32_at};
use crate::extract::source::Anywhere;

/// The whole header of the longest layout.
const HEADER: usize = 564;
/// Blocks are not longer; neither are deflated ones once inflated.
const LONGEST_BLOCK: u64 = 64 * 1024;
/// How often everything may be read again: each page of a tree is looked at for many blocks.
const READ_AGAIN: u64 = 16;
const LEAST_WORK: u64 = 64 * 1024 * 1024;
const MOST_PAGES_HELD: usize = 256;

const NODES: u8 = 0x81;
const BLOCKS: u8 = 0x80;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    Ansi,
    Unicode,
    Unicode4k,
}

pub(super) struct Mailbox<'f> {
    file: Anywhere<'f>,
    pub(super) layout: Layout,
    cipher: Cipher,
    node_root: u64,
    block_root: u64,
    pages: HashMap<u64, Rc<Page>>,
    /// Bytes that may still be read: trees of a hostile file lead to the same places again and again.
    work: u64,
}

/// A node: what it is, where its bytes and its own nodes are.
#[derive(Debug, Clone, Copy)]
pub(super) struct NodeEntry {
    pub(super) number: u32,
    pub(super) data: u64,
    pub(super) inner: u64,
    pub(super) parent: u32,
}

impl NodeEntry {
    pub(super) fn kind(&self) -> u32 {
        self.number & 0x1f
    }
}

struct Page {
    level: u8,
    entry: usize,
    entries: Vec<u8>,
}

impl<'f> Mailbox<'f> {
    /// None where the whole file is enciphered.
    pub(super) fn open(mut file: Anywhere<'f>) -> io::Result<Option<Self>> {
        let size = file.seek(SeekFrom::End(0))?;
        file.rewind()?;
        let mut header = [0; HEADER];
        file.read_exact(&mut header)?;
        let version = u16_at(&header, 10).unwrap_or(0);
        let layout = match version {
            ..=15 => Layout::Ansi,
            36 => Layout::Unicode4k,
            _ => Layout::Unicode,
        };
        let (cipher, node_root, block_root) = match layout {
            Layout::Ansi => (461, 188, 196),
            Layout::Unicode | Layout::Unicode4k => (513, 224, 240),
        };
        let Some(cipher) = header.get(cipher).and_then(|method| Cipher::of(*method)) else {
            return Ok(None);
        };
        let place = |at| layout.wide_at(&header, at).ok_or_else(damaged);
        Ok(Some(Self {
            layout,
            cipher,
            node_root: place(node_root)?,
            block_root: place(block_root)?,
            pages: HashMap::new(),
            work: size.saturating_mul(READ_AGAIN).max(LEAST_WORK),
            file,
        }))
    }

    pub(super) fn nodes(&self) -> Walk {
        Walk {
            waiting: vec![self.node_root],
            seen: HashSet::new(),
            leaf: None,
            is_whole: true,
        }
    }

    pub(super) fn node(&mut self, number: u32) -> io::Result<Option<NodeEntry>> {
        let found = self.find(self.node_root, NODES, u64::from(number))?;
        Ok(found.and_then(|entry| self.layout.node(&entry)))
    }

    /// The bytes of a block.
    pub(super) fn block(&mut self, number: u64) -> io::Result<Vec<u8>> {
        const IS_INTERNAL: u64 = 2;
        // The lowest bit is of no meaning.
        let key = number & !1;
        let entry = self.find(self.block_root, BLOCKS, key)?;
        let entry = entry.ok_or_else(damaged)?;
        let wide = self.layout.wide();
        let place = self.layout.wide_at(&entry, wide).ok_or_else(damaged)?;
        let length = u16_at(&entry, 2 * wide).ok_or_else(damaged)?;
        let mut bytes = self.read(place, usize::from(length))?;
        if self.layout == Layout::Unicode4k
            && let Some(inflated) = inflated(&bytes)
        {
            bytes = inflated;
        }
        if key & IS_INTERNAL == 0 {
            self.cipher.decipher(&mut bytes, key);
        }
        Ok(bytes)
    }

    /// The entry of a tree whose key is this one.
    fn find(&mut self, root: u64, kind: u8, key: u64) -> io::Result<Option<Vec<u8>>> {
        let mut place = root;
        let mut above = u8::MAX;
        loop {
            let page = self.page(place, kind)?;
            if page.level >= above {
                return Err(damaged());
            }
            let last = page.entries.chunks_exact(page.entry).rfind(|entry| {
                let first = self.layout.wide_at(entry, 0);
                first.is_some_and(|first| first <= key)
            });
            let Some(entry) = last else {
                return Ok(None);
            };
            if page.level == 0 {
                let is_it = self.layout.wide_at(entry, 0) == Some(key);
                return Ok(is_it.then(|| entry.to_vec()));
            }
            above = page.level;
            place = self.layout.child(entry).ok_or_else(damaged)?;
        }
    }

    fn page(&mut self, place: u64, kind: u8) -> io::Result<Rc<Page>> {
        if let Some(page) = self.pages.get(&place) {
            return Ok(Rc::clone(page));
        }
        let bytes = self.read(place, self.layout.page())?;
        let page = self.layout.tree_page(&bytes, kind).ok_or_else(damaged)?;
        let page = Rc::new(page);
        if self.pages.len() >= MOST_PAGES_HELD {
            self.pages.clear();
        }
        self.pages.insert(place, Rc::clone(&page));
        Ok(page)
    }

    fn read(&mut self, place: u64, length: usize) -> io::Result<Vec<u8>> {
        let cost = u64::try_from(length).unwrap_or(u64::MAX);
        self.work = self.work.checked_sub(cost).ok_or_else(damaged)?;
        self.file.seek(SeekFrom::Start(place))?;
        let mut bytes = vec![0; length];
        self.file.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

/// Goes through all nodes, in the order of their numbers.
pub(super) struct Walk {
    /// Pages, the next last.
    waiting: Vec<u64>,
    seen: HashSet<u64>,
    leaf: Option<(Rc<Page>, usize)>,
    is_whole: bool,
}

impl Walk {
    /// The next node. An error is one of the disk: pages that are damaged are passed over.
    pub(super) fn next(&mut self, mailbox: &mut Mailbox<'_>) -> io::Result<Option<NodeEntry>> {
        loop {
            if let Some((page, rank)) = &mut self.leaf {
                let entry = page.entries.chunks_exact(page.entry).nth(*rank);
                *rank += 1;
                if let Some(entry) = entry {
                    if let Some(node) = mailbox.layout.node(entry) {
                        return Ok(Some(node));
                    }
                    continue;
                }
                self.leaf = None;
            }
            let Some(place) = self.waiting.pop() else {
                return Ok(None);
            };
            if !self.seen.insert(place) {
                self.is_whole = false;
                continue;
            }
            let Ok(page) = mailbox.page(place, NODES) else {
                self.is_whole = false;
                continue;
            };
            if page.level == 0 {
                self.leaf = Some((page, 0));
                continue;
            }
            let children = page.entries.chunks_exact(page.entry);
            let children = children.filter_map(|entry| mailbox.layout.child(entry));
            self.waiting.extend(children.rev());
        }
    }

    pub(super) fn is_whole(&self) -> bool {
        self.is_whole
    }
}

impl Layout {
    fn page(self) -> usize {
        match self {
            Self::Ansi | Self::Unicode => 512,
            Self::Unicode4k => 4096,
        }
    }

    /// How long keys, numbers of blocks and places are.
    pub(super) fn wide(self) -> usize {
        match self {
            Self::Ansi => 4,
            Self::Unicode | Self::Unicode4k => 8,
        }
    }

    pub(super) fn wide_at(self, bytes: &[u8], at: usize) -> Option<u64> {
        match self {
            Self::Ansi => u32_at(bytes, at).map(u64::from),
            Self::Unicode | Self::Unicode4k => {
                let found = bytes.get(at..)?.first_chunk()?;
                Some(u64::from_le_bytes(*found))
            }
        }
    }

    /// A page of a tree; none where it is something else.
    fn tree_page(self, bytes: &[u8], kind: u8) -> Option<Page> {
        let (counts, trailer) = match self {
            Self::Ansi => (496, 500),
            Self::Unicode => (488, 496),
            Self::Unicode4k => (4056, 4072),
        };
        let (count, entry, level) = match self {
            Self::Ansi | Self::Unicode => (
                usize::from(*bytes.get(counts)?),
                *bytes.get(counts + 2)?,
                *bytes.get(counts + 3)?,
            ),
            Self::Unicode4k => (
                usize::from(u16_at(bytes, counts)?),
                *bytes.get(counts + 4)?,
                *bytes.get(counts + 5)?,
            ),
        };
        let entry = usize::from(entry);
        let least = 3 * self.wide();
        let is_sound = bytes.get(trailer) == Some(&kind) && entry >= least;
        let entries = bytes.get(..counts.min(count.checked_mul(entry)?))?;
        is_sound.then(|| Page {
            level,
            entry,
            entries: entries.to_vec(),
        })
    }

    /// Where the page is that an entry leads to.
    fn child(self, entry: &[u8]) -> Option<u64> {
        self.wide_at(entry, 2 * self.wide())
    }

    fn node(self, entry: &[u8]) -> Option<NodeEntry> {
        let wide = self.wide();
        Some(NodeEntry {
            number: u32_at(entry, 0)?,
            data: self.wide_at(entry, wide)?,
            inner: self.wide_at(entry, 2 * wide)?,
            parent: u32_at(entry, 3 * wide)?,
        })
    }
}

fn inflated(bytes: &[u8]) -> Option<Vec<u8>> {
    const DEFLATED: u8 = 0x78;
    if bytes.first() != Some(&DEFLATED) {
        return None;
    }
    let mut inflated = Vec::new();
    let mut source = ZlibDecoder::new(bytes).take(LONGEST_BLOCK);
    source.read_to_end(&mut inflated).ok()?;
    Some(inflated)
}

pub(super) fn damaged() -> io::Error {
    io::ErrorKind::InvalidData.into()
}
