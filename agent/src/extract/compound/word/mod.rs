//! Word 97 to 2003: the text in the order of its pieces, then notes, headers, comments and text boxes, which follow one another
//! in the same stream; Word 6 and 95 as one text.
//!
//! Deleted text of tracked changes is in the pieces like any other; the instructions of fields hold the targets of links.

mod authors;
mod paragraphs;
mod pieces;

use std::io;

use self::paragraphs::Paragraphs;
use self::pieces::{Letter, Piece};
use super::Storage;
use crate::extract::Coverage;
use crate::extract::bytes::{read_up_to, size_at, u16_at, u32_at};
use crate::extract::markup::strip::Mark;
use crate::extract::markup::tables::Tables;
use crate::extract::reading::Reading;

/// The longest header of the file that any Word writes.
const MOST_HEADER: u64 = 4096;
/// Word 97; earlier ones have another header.
const FIRST_OF_97: u16 = 0x00c1;

/// Lengths of the texts in characters, by their place in the header ([MS-DOC] 2.5.4).
const TEXTS: [(usize, &str); 7] = [
    (0x4c, ""),
    (0x50, "notes de bas de page"),
    (0x54, "en-têtes et pieds de page"),
    (0x5c, "commentaires"),
    (0x60, "notes de fin"),
    (0x64, "zones de texte"),
    (0x68, "zones de texte des en-têtes"),
];
/// Where the header says where the pieces and the pages of paragraph properties are described.
const PIECES: usize = 0x1a2;
const PARAGRAPHS: usize = 0x102;

pub(super) fn extract(
    storage: &mut Storage<'_, '_>,
    reading: &mut Reading<'_>,
) -> io::Result<Coverage> {
    let mut document = storage.stream("WordDocument")?;
    let header = read_up_to(&mut document, MOST_HEADER)?;
    let flags = u16_at(&header, 0x0a).ok_or(io::ErrorKind::InvalidData)?;
    if flags & 0x0100 != 0 {
        return Ok(Coverage::Encrypted);
    }
    let of_97 = u16_at(&header, 2).is_some_and(|version| version >= FIRST_OF_97);
    if !of_97 {
        let (start, end) = (u32_at(&header, 0x18), u32_at(&header, 0x1c));
        let (start, end) = start.zip(end).ok_or(io::ErrorKind::InvalidData)?;
        let whole = [Piece::of_bytes(start, end)];
        let texts = [(u32::MAX, "")];
        return give(
            &whole,
            &texts,
            &Paragraphs::default(),
            &mut document,
            reading,
        );
    }
    let table = if flags & 0x0200 == 0 {
        "0Table"
    } else {
        "1Table"
    };
    let mut table = storage.stream(table)?;
    let block = |at: usize| Some((size_at(&header, at)?, size_at(&header, at + 4)?));
    let pieces = match block(PIECES) {
        Some(block) => pieces::read(&mut table, block)?,
        None => return Ok(Coverage::Damaged),
    };
    let paragraphs = match block(PARAGRAPHS) {
        Some(block) => Paragraphs::read(&mut table, block, &mut document)?,
        None => Paragraphs::default(),
    };
    let texts = TEXTS.map(|(at, name)| (u32_at(&header, at).unwrap_or(0), name));
    let coverage = give(&pieces, &texts, &paragraphs, &mut document, reading)?;
    let authors = authors::read(&mut table, &block)?;
    if !authors.is_empty() {
        reading.receiver.begin_text(Some(authors::PLACE));
        reading.receiver.text(&authors);
    }
    Ok(coverage)
}

/// Gives the texts, each of so many characters, that the pieces make one after the other.
fn give(
    pieces: &[Piece],
    texts: &[(u32, &str)],
    paragraphs: &Paragraphs,
    document: &mut pieces::Document<'_>,
    reading: &mut Reading<'_>,
) -> io::Result<Coverage> {
    let mut texts = texts.iter().filter(|(length, _)| *length > 0);
    let Some((mut left, name)) = texts.next().copied() else {
        return Ok(Coverage::Whole);
    };
    let mut flow = Flow::new(name, paragraphs);
    let mut is_over = false;
    for piece in pieces {
        piece.letters(document, reading, &mut |letter, reading| {
            if is_over {
                return;
            }
            flow.letter(letter, reading);
            left = left.saturating_sub(1);
            if left == 0 {
                flow.finish(reading);
                match texts.next() {
                    Some((length, name)) => {
                        left = *length;
                        flow = Flow::new(name, paragraphs);
                    }
                    None => is_over = true,
                }
            }
        })?;
    }
    flow.finish(reading);
    Ok(Coverage::Whole)
}

/// Letters on their way to text and tables.
struct Flow<'p> {
    paragraphs: &'p Paragraphs,
    tables: Tables,
    text: String,
    begins_paragraph: bool,
    in_table: bool,
    in_row: bool,
    in_cell: bool,
}

/// Text is given in chunks of about this size.
const CHUNK: usize = 4096;

impl<'p> Flow<'p> {
    fn new(within: &str, paragraphs: &'p Paragraphs) -> Self {
        Self {
            paragraphs,
            tables: Tables::new((!within.is_empty()).then_some(within)),
            text: String::new(),
            begins_paragraph: true,
            in_table: false,
            in_row: false,
            in_cell: false,
        }
    }

    fn letter(&mut self, letter: Letter, reading: &mut Reading<'_>) {
        if std::mem::take(&mut self.begins_paragraph) {
            self.begin_paragraph(letter.place, reading);
        }
        match letter.value {
            '\u{7}' if self.in_table && self.paragraphs.ends_row(letter.place) => {
                self.give(reading);
                self.in_row = false;
                self.in_cell = false;
            }
            '\u{7}' if self.in_table => {
                self.begin_cell(reading);
                self.give(reading);
                self.in_cell = false;
            }
            '\u{7}' => self.text.push('\t'),
            '\r' | '\u{b}' | '\u{c}' | '\u{e}' => self.push('\n', reading),
            // The two halves of a field, and its end.
            '\u{13}'..='\u{15}' => self.push(' ', reading),
            '\u{1e}' => self.push('-', reading),
            // Pictures, marks of notes, hyphens that are not shown.
            letter if letter.is_control() && letter != '\t' => (),
            letter => self.push(letter, reading),
        }
        self.begins_paragraph = matches!(letter.value, '\r' | '\u{7}' | '\u{c}');
        if self.text.len() >= CHUNK {
            self.give(reading);
        }
    }

    fn begin_paragraph(&mut self, place: u32, reading: &mut Reading<'_>) {
        let in_table = self.paragraphs.is_in_table(place);
        if in_table != self.in_table {
            self.give(reading);
            let mark = if in_table {
                Mark::TableStart
            } else {
                Mark::TableEnd
            };
            self.tables.mark(mark, reading.receiver);
            self.in_table = in_table;
            (self.in_row, self.in_cell) = (false, false);
        }
    }

    fn push(&mut self, letter: char, reading: &mut Reading<'_>) {
        if self.in_table {
            self.begin_cell(reading);
        }
        self.text.push(letter);
    }

    fn begin_cell(&mut self, reading: &mut Reading<'_>) {
        for (is_begun, mark) in [
            (&mut self.in_row, Mark::Row),
            (&mut self.in_cell, Mark::Cell),
        ] {
            if !std::mem::replace(is_begun, true) {
                self.tables.mark(mark, reading.receiver);
            }
        }
    }

    fn give(&mut self, reading: &mut Reading<'_>) {
        if !self.text.is_empty() {
            self.tables.text(&self.text, reading.receiver);
            self.text.clear();
        }
    }

    fn finish(&mut self, reading: &mut Reading<'_>) {
        self.give(reading);
        self.tables.finish(reading.receiver);
    }
}
