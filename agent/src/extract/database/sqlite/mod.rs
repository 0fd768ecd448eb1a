//! SQLite: every table of a database, with the names of its columns.
//!
//! Our own reader of the file format (<https://sqlite.org/fileformat2.html>): the library opens files by their path, beside which
//! it looks for journals, and the worker may open nothing. What is still in a write-ahead log beside the file is not seen.

mod pages;
mod record;
mod schema;

use std::io;

use self::pages::Pages;
use self::record::{Record, Value};
use self::schema::Schema;
use crate::extract::limits::Limit;
use crate::extract::reading::Reading;
use crate::extract::source::Anywhere;
use crate::extract::{Coverage, Outcome};

const MEDIA_TYPE: &str = "application/vnd.sqlite3";
/// The table of tables.
const SCHEMA_PAGE: u32 = 1;
/// No honest database has more.
const MOST_TABLES: usize = 10_000;

pub(in crate::extract) fn extract(
    file: Anywhere<'_>,
    reading: &mut Reading<'_>,
) -> io::Result<Outcome<'static>> {
    let mut pages = Pages::open(file)?;
    let mut tables = Vec::new();
    let is_sound = pages.records(SCHEMA_PAGE, &mut |record, _| {
        tables.extend(Schema::of(&record));
        tables.len() < MOST_TABLES
    })?;
    let mut cells = 0;
    let mut is_whole = is_sound;
    for table in tables {
        let place = format!("table « {} »", table.name);
        reading.receiver.begin_table(Some(&place), 0);
        let titles: Vec<&str> = table.columns.iter().map(String::as_str).collect();
        reading.receiver.row(&titles);
        let most = reading.limits().cells;
        is_whole &= pages.records(table.page, &mut |record, row| {
            let shown = shown(&record, row, table.row_column);
            cells += u64::try_from(shown.len()).unwrap_or(u64::MAX);
            let shown: Vec<&str> = shown.iter().map(String::as_str).collect();
            reading.receiver.row(&shown);
            cells < most
        })?;
        if cells >= most {
            return Ok(outcome(Coverage::Limited(Limit::Cells { read: cells })));
        }
    }
    Ok(outcome(if is_whole {
        Coverage::Whole
    } else {
        Coverage::Damaged
    }))
}

/// The values as texts. A column that is the number of the row is not stored with the others.
fn shown(record: &Record, row: Option<i64>, row_column: Option<usize>) -> Vec<String> {
    let values = record.values.iter().enumerate();
    let texts = values.map(|(rank, value)| match value {
        Value::Nothing if row_column == Some(rank) => {
            row.map(|row| row.to_string()).unwrap_or_default()
        }
        Value::Nothing => String::new(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => text.clone(),
    });
    texts.collect()
}

fn outcome(coverage: Coverage) -> Outcome<'static> {
    Outcome {
        media_type: MEDIA_TYPE,
        coverage,
    }
}

#[cfg(test)]
mod tests;
