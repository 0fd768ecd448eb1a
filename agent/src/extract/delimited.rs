//! Tables in text: CSV with any usual delimiter, quoted fields, rows of any length.

use std::io;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::text::Text;
use super::{Coverage, Receiver};

/// Semicolons first: the delimiter of French exports.
const DELIMITERS: [u8; 4] = [b';', b'\t', b',', b'|'];

/// A longer record is no record (a quote that is never closed): the rest is then read as running text.
const MAX_RECORD_BYTES: usize = 1024 * 1024;
const MAX_FIELDS: usize = 16 * 1024;

/// How many records are compared to recognise a table.
const SAMPLED_RECORDS: usize = 50;

/// The delimiter of a table that begins with `head`, or `None` when this is no table.
pub(super) fn delimiter(head: &str, is_cut: bool) -> Option<u8> {
    DELIMITERS
        .into_iter()
        .find(|delimiter| is_table(head, *delimiter, is_cut))
}

pub(super) fn extract(
    mut text: Text<'_>,
    delimiter: u8,
    receiver: &mut dyn Receiver,
) -> io::Result<Coverage> {
    receiver.begin_table(None, 1);
    let mut records = Records::new(delimiter);
    while let Some(chunk) = text.next_chunk()? {
        if records.read(chunk, receiver).is_err() {
            receiver.begin_text(None);
            receiver.text(&records.unfinished);
            receiver.text(records.unread(chunk));
            return the_rest(text, receiver);
        }
    }
    records.finish(receiver);
    Ok(Coverage::Whole)
}

fn the_rest(mut text: Text<'_>, receiver: &mut dyn Receiver) -> io::Result<Coverage> {
    while let Some(chunk) = text.next_chunk()? {
        receiver.text(chunk);
    }
    Ok(Coverage::Whole)
}

/// Several records, nearly all with the same number of fields.
fn is_table(head: &str, delimiter: u8, is_cut: bool) -> bool {
    let mut widths = Vec::new();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(head.as_bytes());
    let mut record = csv::ByteRecord::new();
    while widths.len() <= SAMPLED_RECORDS
        && matches!(reader.read_byte_record(&mut record), Ok(true))
    {
        widths.push(record.len());
    }
    if is_cut && widths.len() > 2 {
        // The head may end in the middle of it.
        widths.pop();
    }
    let width = most_frequent(&widths);
    let alike = widths.iter().filter(|fields| **fields == width).count();
    if is_prose(head, delimiter) {
        return false;
    }
    // Two lines with one comma each prove little.
    let enough = if delimiter == b',' && width == 2 {
        4
    } else {
        2
    };
    width >= 2 && alike >= enough && alike * 10 >= widths.len() * 8
}

/// People write a space after a comma, programs do not; those that write SQL end their lines with a semicolon.
fn is_prose(head: &str, delimiter: u8) -> bool {
    if head.contains("INSERT INTO ") {
        return true;
    }
    let commas = head.matches(',').count();
    delimiter == b',' && head.matches(", ").count() * 2 > commas
}

fn most_frequent(widths: &[usize]) -> usize {
    let frequency = |width: usize| widths.iter().filter(|other| **other == width).count();
    widths
        .iter()
        .copied()
        .max_by_key(|width| (frequency(*width), *width))
        .unwrap_or(0)
}

/// A record does not end.
struct TooLong;

enum Step {
    /// A record ended and was given.
    Record,
    /// A buffer was full and has grown.
    Room,
    /// The chunk is read.
    Done,
}

struct Records {
    reader: Reader,
    /// The fields of the record being read, unquoted, one after another.
    fields: Vec<u8>,
    filled: usize,
    ends: Vec<usize>,
    ended: usize,
    /// The record being read, as written, in case it turns out to be none.
    unfinished: String,
    /// How many bytes of the last chunk were read.
    read: usize,
    after_carriage_return: bool,
}

impl Records {
    fn new(delimiter: u8) -> Self {
        Self {
            reader: ReaderBuilder::new().delimiter(delimiter).build(),
            fields: vec![0; 8 * 1024],
            filled: 0,
            ends: vec![0; 64],
            ended: 0,
            unfinished: String::new(),
            read: 0,
            after_carriage_return: false,
        }
    }

    fn read(&mut self, chunk: &str, receiver: &mut dyn Receiver) -> Result<(), TooLong> {
        self.read = 0;
        let mut record_start = 0;
        while self.read < chunk.len() {
            let step = self.step(chunk.as_bytes());
            let record = chunk.get(record_start..self.read).unwrap_or_default();
            if step.is_err() || self.unfinished.len() + record.len() > MAX_RECORD_BYTES {
                self.read = record_start;
                return Err(TooLong);
            }
            if let Ok(Step::Record) = step {
                self.give_blank_lines(record, receiver);
                self.give(receiver);
                self.unfinished.clear();
                record_start = self.read;
            }
        }
        let begun = chunk.get(record_start..).unwrap_or_default();
        self.unfinished.push_str(begun);
        Ok(())
    }

    /// The end of the file ends the last record.
    fn finish(&mut self, receiver: &mut dyn Receiver) {
        self.read = 0;
        loop {
            match self.step(&[]) {
                Ok(Step::Room) => {}
                Ok(Step::Record) => {
                    self.give_blank_lines("", receiver);
                    return self.give(receiver);
                }
                Ok(Step::Done) | Err(TooLong) => return,
            }
        }
    }

    fn step(&mut self, chunk: &[u8]) -> Result<Step, TooLong> {
        let input = chunk.get(self.read..).unwrap_or_default();
        let output = self.fields.get_mut(self.filled..).unwrap_or_default();
        let ends = self.ends.get_mut(self.ended..).unwrap_or_default();
        let (result, read, written, ended) = self.reader.read_record(input, output, ends);
        self.read += read;
        self.filled += written;
        self.ended += ended;
        match result {
            ReadRecordResult::OutputFull => grow(&mut self.fields, MAX_RECORD_BYTES, 0),
            ReadRecordResult::OutputEndsFull => grow(&mut self.ends, MAX_FIELDS, 0),
            ReadRecordResult::Record => Ok(Step::Record),
            ReadRecordResult::InputEmpty | ReadRecordResult::End => Ok(Step::Done),
        }
    }

    fn unread<'c>(&self, chunk: &'c str) -> &'c str {
        chunk.get(self.read..).unwrap_or_default()
    }

    /// The reader of records skips blank lines; a person counts them.
    fn give_blank_lines(&mut self, record: &str, receiver: &mut dyn Receiver) {
        let written = self.unfinished.chars().chain(record.chars());
        let blank_lines = written
            .take_while(|letter| matches!(letter, '\r' | '\n'))
            .filter(|letter| *letter == '\n')
            .count();
        for _ in usize::from(self.after_carriage_return)..blank_lines {
            receiver.row(&[]);
        }
        self.after_carriage_return = record.ends_with('\r');
    }

    fn give(&mut self, receiver: &mut dyn Receiver) {
        let ends = self.ends.get(..self.ended).unwrap_or_default();
        let starts = [0].iter().chain(ends);
        let cells: Vec<&str> = starts
            .zip(ends)
            .filter_map(|(start, end)| self.fields.get(*start..*end))
            // The delimiters are ASCII and the input is UTF-8: every field is.
            .map(|cell| std::str::from_utf8(cell).unwrap_or_default())
            .collect();
        receiver.row(&cells);
        self.filled = 0;
        self.ended = 0;
    }
}

fn grow<T: Clone>(buffer: &mut Vec<T>, max: usize, empty: T) -> Result<Step, TooLong> {
    if buffer.len() >= max {
        return Err(TooLong);
    }
    buffer.resize(buffer.len() * 2, empty);
    Ok(Step::Room)
}

#[cfg(test)]
mod tests {
    use super::super::chars::Encoding;
    use super::super::tests::Heard;
    use super::*;

    fn read(text: &str, delimiter: u8) -> Heard {
        let mut bytes = text.as_bytes();
        let mut heard = Heard::default();
        extract(Text::new(&mut bytes, Encoding::Utf8), delimiter, &mut heard).unwrap();
        heard
    }

    #[test]
    fn recognises_the_delimiter() {
        assert_eq!(delimiter("a;b,c\nd;e,f\n", false), Some(b';'));
        assert_eq!(delimiter("a\tb\nc\td\n", false), Some(b'\t'));
        assert_eq!(delimiter("nom,prenom,tel\nx,y,z\n", false), Some(b','));
        assert_eq!(delimiter("Bonjour, merci\nA bientôt, Zoé\n", false), None);
        assert_eq!(delimiter("seule;ligne\n", false), None);
        let log = "n° 1 refusé, clé fausse\n".repeat(8);
        assert_eq!(delimiter(&log, false), None);
        let dump = "INSERT INTO agent VALUES (1,'Durand','x');\n".repeat(8);
        assert_eq!(delimiter(&dump, false), None);
    }

    #[test]
    fn gives_quoted_fields_whole() {
        let heard = read("nom;note\r\nDurand;\"a;b\n\"\"c\"\"\"\r\n", b';');
        assert_eq!(
            heard.rows,
            [vec!["nom", "note"], vec!["Durand", "a;b\n\"c\""]]
        );
    }

    #[test]
    fn the_last_row_needs_no_line_break() {
        assert_eq!(read("a;b\nc;d", b';').rows.len(), 2);
    }

    #[test]
    fn blank_lines_keep_their_rank() {
        for line_break in ["\n", "\r\n"] {
            let text = ["a;b", "", "", "c;d", "e;f", ""].join(line_break);
            let heard = read(&text, b';');
            let ranks: Vec<usize> = heard.rows.iter().map(Vec::len).collect();
            assert_eq!(ranks, [2, 0, 0, 2, 2], "{line_break:?}");
        }
    }

    #[test]
    fn a_quote_never_closed_hides_nothing() {
        let line = "Durand;0612345678\n";
        let text = format!(
            "nom;tel\n\"{}",
            line.repeat(2 * MAX_RECORD_BYTES / line.len())
        );
        let heard = read(&text, b';');
        assert_eq!(heard.rows.len(), 1);
        assert_eq!(
            heard.text.matches("0612345678").count(),
            text.matches("0612345678").count()
        );
    }

    #[test]
    fn a_single_line_of_any_length_keeps_the_memory_bounded() {
        let text = format!("a;b\nc;d\n{}", "x;".repeat(4 * MAX_RECORD_BYTES));
        let heard = read(&text, b';');
        assert_eq!(heard.rows.len(), 2);
        assert!(heard.longest_text < 4 * MAX_RECORD_BYTES);
    }
}
