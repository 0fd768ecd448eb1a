//! Files attached to rows (since Access 2007): each is a row of a table that nobody sees, its name in one cell, its bytes in
//! another.

use std::io::{self, Read};

use flate2::read::ZlibDecoder;

use super::long::Long;
use super::pages::{Pages, damaged};
use super::rows::Row;
use super::table::{Column, Table};
use super::value::ATTACHED;
use crate::extract::bytes::u32_at;
use crate::extract::reading::Reading;

/// What is known of the columns of such a table.
pub(super) struct Attached<'t> {
    name: usize,
    data: &'t Column,
    files: Vec<File>,
}

struct File {
    name: String,
    /// What the row says of the bytes.
    cell: Vec<u8>,
}

/// Rows are noted before their files are read.
const MOST_FILES: usize = 20_000;

impl<'t> Attached<'t> {
    pub(super) fn of(table: &'t Table) -> Option<Self> {
        let place = |name: &str| table.columns.iter().position(|column| column.name == name);
        let data = table.columns.get(place("FileData")?)?;
        (data.kind == ATTACHED).then_some(Self {
            name: place("FileName")?,
            data,
            files: Vec::new(),
        })
    }

    pub(super) fn note(&mut self, row: &Row, shown: &[String]) {
        if let (Some(name), Some(cell)) = (shown.get(self.name), row.cell(self.data))
            && self.files.len() < MOST_FILES
        {
            self.files.push(File {
                name: name.clone(),
                cell: cell.to_vec(),
            });
        }
    }

    /// Whether all were whole.
    pub(super) fn give(self, pages: &mut Pages<'_>, reading: &mut Reading<'_>) -> io::Result<bool> {
        let mut is_whole = true;
        for file in self.files {
            match file.give(pages, reading) {
                Err(error) if reading.is_over() => return Err(error),
                read => is_whole &= read.is_ok(),
            }
        }
        Ok(is_whole)
    }
}

impl File {
    fn give(&self, pages: &mut Pages<'_>, reading: &mut Reading<'_>) -> io::Result<()> {
        const DEFLATED: u32 = 1;
        let mut long = Long::new(pages, &self.cell).ok_or_else(damaged)?;
        let mut header = [0; 8];
        long.read_exact(&mut header)?;
        let is_deflated = u32_at(&header, 0) == Some(DEFLATED);
        let mut content: Box<dyn Read + '_> = if is_deflated {
            Box::new(ZlibDecoder::new(long))
        } else {
            Box::new(long)
        };
        // Its suffix once more, behind the length of all that precedes the bytes.
        let mut length = [0; 4];
        content.read_exact(&mut length)?;
        let rest = u64::from(u32::from_le_bytes(length)).saturating_sub(4);
        io::copy(&mut content.by_ref().take(rest), &mut io::sink())?;
        reading.member(&self.name, &mut content, None)
    }
}
