//! Access (`.mdb` of 97 to 2003, `.accdb` since 2007): every table of a database, with the names of its columns, and the files
//! attached to its rows.
//!
//! Our own reader of the pages of Jet 3, Jet 4 and ACE, after the notes of mdbtools and the source of Jackcess: there is no
//! crate. Of a deleted row, what is left is read (Access leaves nothing in its place, other programs its bytes). Not read: OLE objects (pictures and documents of other
//! programs in a cell, wrapped in ways of their own), texts of queries, forms and macros, and linked tables, which are
//! elsewhere.
//!
//! A password of Jet closes nothing, it is only asked for. An encoded `.mdb` holds its own key and is read; an `.accdb` under a
//! password is enciphered, and told.

mod attached;
mod long;
mod pages;
mod rows;
mod table;
mod value;

use std::io;

use self::attached::Attached;
use self::pages::Pages;
use self::rows::Row;
use self::table::Table;
use crate::extract::limits::Limit;
use crate::extract::reading::Reading;
use crate::extract::source::Anywhere;
use crate::extract::{Coverage, Outcome};

pub(in crate::extract) const MEDIA_TYPE: &str = "application/x-msaccess";

/// The table of tables.
const CATALOGUE_PAGE: u32 = 2;
/// In the name of a column of what belongs to the program's own resources.
const RESOURCES: &str = "MSysResources";
/// No honest database has more.
const MOST_TABLES: usize = 10_000;

/// Whether the first bytes are those of such a database.
pub(in crate::extract) fn is_it(head: &[u8]) -> bool {
    let name = head.strip_prefix(b"\0\x01\0\0");
    name.is_some_and(|name| {
        name.starts_with(b"Standard Jet DB") || name.starts_with(b"Standard ACE DB")
    })
}

pub(in crate::extract) fn extract(
    file: Anywhere<'_>,
    reading: &mut Reading<'_>,
) -> io::Result<Outcome<'static>> {
    let coverage = match Pages::open(file)? {
        Some(mut pages) => tables(&mut pages, reading)?,
        None => Coverage::Encrypted,
    };
    Ok(Outcome {
        media_type: MEDIA_TYPE,
        coverage,
    })
}

fn tables(pages: &mut Pages<'_>, reading: &mut Reading<'_>) -> io::Result<Coverage> {
    pages.find_owners()?;
    let catalogue = Table::read(pages, CATALOGUE_PAGE)?;
    let mut listed = Vec::new();
    let mut is_whole = pages.is_whole();
    is_whole &= catalogue.each_row(pages, &mut |pages, row| {
        listed.extend(Listed::of(&catalogue, &row, pages, reading)?);
        Ok(listed.len() < MOST_TABLES)
    })?;
    let mut cells = 0;
    for Listed { name, page } in listed {
        match Table::read(pages, page) {
            // Pictures and colours of the program.
            Ok(table)
                if table
                    .columns
                    .iter()
                    .any(|column| column.name.starts_with(RESOURCES)) => {}
            Ok(table) => is_whole &= rows(&table, &name, pages, &mut cells, reading)?,
            Err(error) if reading.is_over() => return Err(error),
            Err(_) => is_whole = false,
        }
        if cells >= reading.limits().cells {
            return Ok(Coverage::Limited(Limit::Cells { read: cells }));
        }
    }
    Ok(if is_whole {
        Coverage::Whole
    } else {
        Coverage::Damaged
    })
}

/// Gives the rows of a table, then the files that are attached to them.
fn rows(
    table: &Table,
    name: &str,
    pages: &mut Pages<'_>,
    cells: &mut u64,
    reading: &mut Reading<'_>,
) -> io::Result<bool> {
    let place = format!("table « {name} »");
    let titles: Vec<&str> = table
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    reading.receiver.begin_table(Some(&place), 0);
    reading.receiver.row(&titles);
    let mut attached = Attached::of(table);
    let most = reading.limits().cells;
    let mut is_whole = table.each_row(pages, &mut |pages, row| {
        let shown: io::Result<Vec<String>> = table
            .columns
            .iter()
            .map(|column| column.shown(&row, pages, reading))
            .collect();
        let shown = shown?;
        *cells = cells.saturating_add(u64::try_from(shown.len()).unwrap_or(u64::MAX));
        if let Some(attached) = &mut attached {
            attached.note(&row, &shown);
        }
        let shown: Vec<&str> = shown.iter().map(String::as_str).collect();
        reading.receiver.row(&shown);
        Ok(*cells < most)
    })?;
    if let Some(attached) = attached {
        is_whole &= attached.give(pages, reading)?;
    }
    Ok(is_whole)
}

/// A table of the catalogue.
struct Listed {
    name: String,
    page: u32,
}

impl Listed {
    /// None for what is no table, and for what the program keeps for itself.
    fn of(
        catalogue: &Table,
        row: &Row,
        pages: &mut Pages<'_>,
        reading: &Reading<'_>,
    ) -> io::Result<Option<Self>> {
        const TABLE: &str = "1";
        const PAGE: i64 = 0x00ff_ffff;
        let mut cell = |name: &str| {
            let column = catalogue.columns.iter().find(|column| column.name == name);
            match column {
                Some(column) => column.shown(row, pages, reading),
                None => Ok(String::new()),
            }
        };
        let (name, kind, id) = (cell("Name")?, cell("Type")?, cell("Id")?);
        let page = id.parse::<i64>().ok().map(|id| id & PAGE);
        let Some(page) = page.and_then(|page| u32::try_from(page).ok()) else {
            return Ok(None);
        };
        let is_ours = name.starts_with("MSys");
        Ok((kind == TABLE && !is_ours && page > CATALOGUE_PAGE).then_some(Self { name, page }))
    }
}

#[cfg(test)]
mod tests;
