//! HTML and XML: what a person or a program reads, without the tags.
//!
//! - HTML: blocks and cells are kept apart, inline tags vanish, so that `185<b>05</b>` stays one number. Attributes that
//!   people see or that hold addresses are read. Tables of data are tables; those that only lay out a page are text.
//! - XML: names of elements and attributes are kept beside their values, because they are the only context that a value
//!   has. Files that stand in it as text are members.
//!
//! Line numbers are those of the file, up to the first table.

mod attached;
mod entities;
pub(super) mod strip;
pub(super) mod tables;

use std::io;

use self::strip::{Piece, Stripper};
use self::tables::Tables;
use super::reading::Reading;
use super::text::Text;
use super::{Coverage, Receiver};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Html,
    Xml,
}

pub(super) fn extract(
    mut text: Text<'_>,
    dialect: Dialect,
    reading: &mut Reading<'_>,
) -> io::Result<Coverage> {
    let mut markup = Markup::new(dialect, None);
    match dialect {
        Dialect::Html => {
            while let Some(chunk) = text.next_chunk()? {
                markup.read(chunk, reading.receiver);
            }
        }
        Dialect::Xml => attached::extract(text, &mut markup, reading)?,
    }
    markup.finish(reading.receiver);
    Ok(Coverage::Whole)
}

/// A document given chunk by chunk.
pub(super) struct Markup {
    stripper: Stripper,
    tables: Tables,
}

impl Markup {
    pub(super) fn new(dialect: Dialect, within: Option<&str>) -> Self {
        Self {
            stripper: Stripper::new(dialect),
            tables: Tables::new(within),
        }
    }

    pub(super) fn read(&mut self, chunk: &str, receiver: &mut dyn Receiver) {
        let tables = &mut self.tables;
        self.stripper.strip(chunk, &mut |piece| match piece {
            Piece::Text(text) => tables.text(text, receiver),
            Piece::Mark(mark) => tables.mark(mark, receiver),
        });
    }

    pub(super) fn finish(mut self, receiver: &mut dyn Receiver) {
        self.tables.finish(receiver);
    }
}
