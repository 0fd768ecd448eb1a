//! PDF: what its pages say, page by page, then what surrounds them (form, annotations, bookmarks,
//! properties, attached files).
//!
//! Objects are read by `hayro-syntax`, fonts by `hayro-font`: of the readers tried they neither panicked nor hung, at the
//! lowest cost. Its interpreter (`hayro-interpret`) draws: it follows paths, colours and pictures, cannot be stopped, and
//! does not tell how wide a glyph is. `content` follows the text operators only, within the file's budget.
//!
//! Text comes in the order in which the program that made the file wrote it, not in that of the eye: a table cell is
//! written as a whole, so that a number cut over its lines stays one (`cut`). Tables are found by where things stand
//! (`tables`) and given as rows. A file under an empty password is one
//! that anybody opens; it is read.

mod attachments;
mod content;
mod cut;
mod fonts;
mod form;
mod layout;
mod notes;
mod outline;
mod properties;
mod streams;
mod strings;
mod tables;

use std::io;

use hayro_syntax::page::Page;
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use self::attachments::Attachments;
use self::content::Interpreter;
use self::form::Fields;
use self::layout::Sheet;
use self::tables::Titles;
use crate::extract::reading::Reading;
use crate::extract::source::Anywhere;
use crate::extract::{Coverage, Limit, Outcome};

/// A file begins with this, after what a printer or a careless program may put before.
pub(super) fn is_at_start_of(head: &[u8]) -> bool {
    const MARK: &[u8] = b"%PDF-";
    const PRINTER_JOB: &[u8] = b"\x1b%-12345X";
    let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let is_blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0;
    let blanks = start.iter().take_while(|byte| is_blank(byte)).count();
    let start = start.get(blanks..).unwrap_or_default();
    let job = start.get(..1024).unwrap_or(start);
    start.starts_with(MARK)
        || start.starts_with(PRINTER_JOB) && job.windows(MARK.len()).any(|part| part == MARK)
}

pub(super) fn extract(
    file: Anywhere<'_>,
    reading: &mut Reading<'_>,
) -> io::Result<Outcome<'static>> {
    let Some((bytes, _room)) = file.into_whole(reading.limits().whole_bytes)? else {
        return Ok(outcome(Coverage::Limited(Limit::Whole)));
    };
    let is_cut = !has_end(&bytes);
    let coverage = match Pdf::new(bytes) {
        Ok(pdf) => match document(&pdf, reading)? {
            Coverage::Whole if is_cut => Coverage::Damaged,
            coverage => coverage,
        },
        Err(LoadPdfError::Decryption(DecryptionError::MissingIDEntry)) => Coverage::Damaged,
        Err(LoadPdfError::Decryption(_)) => Coverage::Encrypted,
        Err(LoadPdfError::Invalid) => Coverage::Damaged,
    };
    Ok(outcome(coverage))
}

/// The reader finds its way in a file that was cut; that it was has to be told all the same.
fn has_end(bytes: &[u8]) -> bool {
    let tail = bytes.len().saturating_sub(4096);
    let tail = bytes.get(tail..).unwrap_or(bytes);
    [b"startxref".as_slice(), b"%%EOF"]
        .iter()
        .any(|mark| tail.windows(mark.len()).any(|part| part == *mark))
}

fn document(pdf: &Pdf, reading: &mut Reading<'_>) -> io::Result<Coverage> {
    properties::extract(pdf, reading)?;
    outline::extract(pdf, reading);
    let mut pages = Pages {
        interpreter: Interpreter::new(),
        fields: Fields::default(),
        attachments: Attachments::default(),
        titles: None,
        scanned: 0,
        is_damaged: false,
    };
    let count = wide(pdf.pages().len());
    let allowed = reading.limits().pages;
    for (rank, page) in pdf.pages().iter().enumerate() {
        let number = wide(rank) + 1;
        if number > allowed {
            break;
        }
        pages.read(page, number, reading)?;
    }
    pages.fields.without_page(pdf, reading)?;
    pages.attachments.of_document(pdf);
    pages.attachments.extract(reading)?;
    Ok(if count > allowed {
        Coverage::Limited(Limit::Pages {
            read: allowed,
            of: count,
        })
    } else if pages.is_damaged || count == 0 {
        Coverage::Damaged
    } else if pages.scanned > 0 {
        Coverage::Scanned {
            pages: pages.scanned,
            of: count,
        }
    } else {
        Coverage::Whole
    })
}

/// The pages read so far, and what they leave for later.
struct Pages<'p> {
    interpreter: Interpreter<'p>,
    fields: Fields,
    attachments: Attachments<'p>,
    /// Of the table that the page before ended with.
    titles: Option<Titles>,
    /// Pages that are a picture and nothing else.
    scanned: u64,
    is_damaged: bool,
}

impl<'p> Pages<'p> {
    fn read(
        &mut self,
        page: &'p Page<'p>,
        number: u64,
        reading: &mut Reading<'_>,
    ) -> io::Result<()> {
        let place = format!("page {number}");
        let (width, height) = page.base_dimensions();
        let mut sheet = Sheet::new(f64::from(width) * f64::from(height));
        self.is_damaged |= !self.interpreter.page(page, &mut sheet, reading)?;
        self.scanned += u64::from(sheet.is_picture());
        let (tables, text) = sheet.contents(&mut self.titles);
        if !text.is_empty() {
            reading.receiver.begin_text(Some(&place));
            reading.receiver.text(&text);
        }
        for (rank, table) in tables.iter().enumerate() {
            let place = format!("{place}, tableau {}", rank + 1);
            // The titles of the page before are none of its rows.
            let first_row = u64::from(!table.is_continued);
            reading.receiver.begin_table(Some(&place), first_row);
            for row in &table.rows {
                let cells: Vec<&str> = row.iter().map(String::as_str).collect();
                reading.receiver.row(&cells);
            }
        }
        let fields = self.fields.of_page(page, &mut self.interpreter, reading)?;
        give(&format!("{place}, formulaire"), &fields, reading);
        let notes = notes::of_page(page, &mut self.interpreter, reading)?;
        give(&format!("{place}, annotations"), &notes, reading);
        self.attachments.of_page(page);
        Ok(())
    }
}

fn give(place: &str, lines: &str, reading: &mut Reading<'_>) {
    if !lines.trim().is_empty() {
        reading.receiver.begin_text(Some(place));
        reading.receiver.text(lines);
    }
}

fn outcome(coverage: Coverage) -> Outcome<'static> {
    Outcome {
        media_type: "application/pdf",
        coverage,
    }
}

fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
