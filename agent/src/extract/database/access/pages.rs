//! The pages of a database: how long they are, which table owns which, and the key of those that are encoded.

use std::collections::HashMap;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

use crate::extract::bytes::{u16_at, u32_at};
use crate::extract::source::Anywhere;

/// Of the first page, whose rest says nothing of the format.
const HEADER: usize = 256;
const DATA: u8 = 0x01;
const MOST_PAGES_HELD: usize = 32;
/// The file is gone through in pieces.
const READ_AT_ONCE: usize = 256 * 1024;

/// Access 97, or later: what differs is how wide numbers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Jet3,
    Jet4,
}

pub(super) struct Pages<'f> {
    file: Anywhere<'f>,
    pub(super) format: Format,
    /// Of the encoded pages; none where it is zero.
    key: u32,
    /// Pages of rows by the table that owns them, then by number.
    owners: Vec<(u32, u32)>,
    held: HashMap<u32, Rc<Vec<u8>>>,
    is_whole: bool,
}

impl<'f> Pages<'f> {
    /// None where the database is enciphered under a password.
    pub(super) fn open(mut file: Anywhere<'f>) -> io::Result<Option<Self>> {
        const VERSION: usize = 0x14;
        const MASKED: usize = 0x18;
        const MASK: u32 = 0x6b39_dac7;
        const KEY: usize = 0x3e;
        const FIRST_OF_ACE: u8 = 2;
        file.rewind()?;
        let mut header = [0; HEADER];
        file.read_exact(&mut header)?;
        let version = header[VERSION];
        let format = if version == 0 {
            Format::Jet3
        } else {
            Format::Jet4
        };
        if let Some(masked) = header.get_mut(MASKED..MASKED + 126) {
            apply_rc4(MASK.to_le_bytes(), masked);
        }
        let key = u32_at(&header, KEY).unwrap_or(0);
        if key != 0 && version >= FIRST_OF_ACE {
            return Ok(None);
        }
        Ok(Some(Self {
            file,
            format,
            key,
            owners: Vec::new(),
            held: HashMap::new(),
            is_whole: true,
        }))
    }

    /// Whether the file ends with a whole page.
    pub(super) fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// Notes which page of rows belongs to which table: the maps that say so are often what is damaged.
    pub(super) fn find_owners(&mut self) -> io::Result<()> {
        let size = self.format.page();
        self.file.rewind()?;
        let mut first = 0_u32;
        let mut piece = Vec::new();
        loop {
            piece.clear();
            let wanted = u64::try_from(READ_AT_ONCE).unwrap_or(u64::MAX);
            let read = (&mut self.file).take(wanted).read_to_end(&mut piece)?;
            for (number, page) in (first..).zip(piece.chunks(size)) {
                self.is_whole &= page.len() == size;
                let mut start = page.get(..8).unwrap_or_default().to_vec();
                self.decode(number, &mut start);
                if let (Some(&DATA), Some(owner)) = (start.first(), u32_at(&start, 4)) {
                    self.owners.push((owner, number));
                }
            }
            if read < READ_AT_ONCE {
                break;
            }
            first = first.saturating_add(u32::try_from(READ_AT_ONCE / size).unwrap_or(u32::MAX));
        }
        self.owners.sort_unstable();
        Ok(())
    }

    /// The pages of rows of a table.
    pub(super) fn owned(&self, table: u32) -> Vec<u32> {
        let start = self.owners.partition_point(|(owner, _)| *owner < table);
        let owned = self.owners.get(start..).unwrap_or_default().iter();
        let owned = owned.take_while(|(owner, _)| *owner == table);
        owned.map(|(_, page)| *page).collect()
    }

    pub(super) fn page(&mut self, number: u32) -> io::Result<Rc<Vec<u8>>> {
        if let Some(page) = self.held.get(&number) {
            return Ok(Rc::clone(page));
        }
        let size = self.format.page();
        let place = u64::from(number).saturating_mul(u64::try_from(size).unwrap_or(u64::MAX));
        self.file.seek(SeekFrom::Start(place))?;
        let mut page = vec![0; size];
        self.file.read_exact(&mut page)?;
        self.decode(number, &mut page);
        let page = Rc::new(page);
        if self.held.len() >= MOST_PAGES_HELD {
            self.held.clear();
        }
        self.held.insert(number, Rc::clone(&page));
        Ok(page)
    }

    /// The bytes of a row, deleted or not; `pointer` is a page, and a rank in its lowest byte.
    pub(super) fn row_at(&mut self, pointer: u32) -> io::Result<Vec<u8>> {
        let page = self.page(pointer >> 8)?;
        let rank = usize::from(pointer.to_le_bytes()[0]);
        let (_, row) = self.format.row(&page, rank).ok_or_else(damaged)?;
        Ok(row.to_vec())
    }

    fn decode(&self, number: u32, page: &mut [u8]) {
        if self.key != 0 && number != 0 {
            apply_rc4((self.key ^ number).to_le_bytes(), page);
        }
    }
}

/// What a row is besides its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Flags {
    /// The row grew and is somewhere else.
    pub(super) is_pointer: bool,
}

impl Format {
    pub(super) fn page(self) -> usize {
        match self {
            Self::Jet3 => 2048,
            Self::Jet4 => 4096,
        }
    }

    /// How many rows a page says that it has.
    pub(super) fn rows(self, page: &[u8]) -> usize {
        u16_at(page, self.count()).map_or(0, usize::from)
    }

    /// A row by its rank. Rows stand one before the other from the end of the page.
    pub(super) fn row(self, page: &[u8], rank: usize) -> Option<(Flags, &[u8])> {
        const PLACE: u16 = 0x1fff;
        const POINTER: u16 = 0x4000;
        if rank >= self.rows(page) {
            return None;
        }
        let place = |rank: usize| u16_at(page, self.count() + 2 + 2 * rank);
        let written = place(rank)?;
        let end = match rank.checked_sub(1) {
            Some(before) => usize::from(place(before)? & PLACE),
            None => page.len(),
        };
        let flags = Flags {
            is_pointer: written & POINTER != 0,
        };
        Some((flags, page.get(usize::from(written & PLACE)..end)?))
    }

    fn count(self) -> usize {
        match self {
            Self::Jet3 => 8,
            Self::Jet4 => 12,
        }
    }
}

/// Not against anybody: the keys stand in the file.
fn apply_rc4(key: [u8; 4], bytes: &mut [u8]) {
    let mut state: [u8; 256] = std::array::from_fn(|rank| u8::try_from(rank).unwrap_or(0));
    let mut second = 0_u8;
    for first in 0..=u8::MAX {
        second = second
            .wrapping_add(state[usize::from(first)])
            .wrapping_add(key[usize::from(first % 4)]);
        state.swap(usize::from(first), usize::from(second));
    }
    let (mut first, mut second) = (0_u8, 0_u8);
    for byte in bytes {
        first = first.wrapping_add(1);
        second = second.wrapping_add(state[usize::from(first)]);
        state.swap(usize::from(first), usize::from(second));
        let rank = state[usize::from(first)].wrapping_add(state[usize::from(second)]);
        *byte ^= state[usize::from(rank)];
    }
}

pub(super) fn damaged() -> io::Error {
    io::ErrorKind::InvalidData.into()
}
