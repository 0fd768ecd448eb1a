//! Long values: in the row, in a row of another page, or in a chain of such rows.

use std::io::{self, Read};

use super::pages::{Pages, damaged};
use crate::extract::bytes::u32_at;

/// Of the description in a row: length and form, where it is, something unknown.
const HEADER: usize = 12;
const HERE: u32 = 0x8000_0000;
const IN_ONE_ROW: u32 = 0x4000_0000;
const LENGTH: u32 = 0x3fff_ffff;

/// The bytes of a long value, a row at a time.
pub(super) struct Long<'p, 'f> {
    pages: &'p mut Pages<'f>,
    next: Option<u32>,
    is_chain: bool,
    piece: Vec<u8>,
    given: usize,
    /// What is still to be given: a chain that leads back to itself has an end.
    left: usize,
}

impl<'p, 'f> Long<'p, 'f> {
    pub(super) fn new(pages: &'p mut Pages<'f>, cell: &[u8]) -> Option<Self> {
        let described = u32_at(cell, 0)?;
        let pointer = u32_at(cell, 4)?;
        let is_here = described & HERE != 0;
        Some(Self {
            pages,
            next: (!is_here && pointer != 0).then_some(pointer),
            is_chain: described & IN_ONE_ROW == 0,
            piece: if is_here {
                cell.get(HEADER..)?.to_vec()
            } else {
                Vec::new()
            },
            given: 0,
            left: usize::try_from(described & LENGTH).ok()?,
        })
    }

    fn load(&mut self, pointer: u32) -> io::Result<()> {
        const POINTER: usize = 4;
        self.piece = self.pages.row_at(pointer)?;
        self.given = 0;
        self.next = None;
        if self.is_chain {
            let next = u32_at(&self.piece, 0).ok_or_else(damaged)?;
            self.next = (next != 0).then_some(next);
            self.given = POINTER;
            // One that holds nothing may lead to itself.
            if self.piece.len() == POINTER {
                self.next = None;
            }
        }
        Ok(())
    }
}

impl Read for Long<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given >= self.piece.len() && self.left > 0 {
            let Some(pointer) = self.next else {
                return Ok(0);
            };
            self.load(pointer)?;
        }
        let ready = self.piece.get(self.given..).unwrap_or_default();
        let mut ready = ready.get(..self.left.min(ready.len())).unwrap_or_default();
        let read = ready.read(buffer)?;
        self.given += read;
        self.left -= read;
        Ok(read)
    }
}
