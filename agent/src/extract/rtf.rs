//! RTF: text, tables, notes, headers, comments, targets of links, properties and what other programs put into it, without
//! what lays them out.
//!
//! Our own reader of the Rich Text Format specification 1.9.1: `rtf-parser` glues paragraphs together, ignores the code page and
//! panics on a wrong surrogate.
//!
//! In: bytes, from start to end. Out: segments. Groups nest without end in hostile files: only their states are kept, and not
//! more than [`MOST_GROUPS`].

mod hexadecimal;
mod words;

use std::io::{self, BufRead, BufReader, Read};

use encoding_rs::{Encoding, WINDOWS_1252};

use self::hexadecimal::Hexadecimal;
use self::words::{APART, READ_THOUGH_STARRED, SKIPPED};
use super::Coverage;
use super::markup::strip::Mark;
use super::markup::tables::Tables;
use super::object;
use super::reading::Reading;

/// Deeper groups are read with the state of the last.
const MOST_GROUPS: usize = 256;
const LONGEST_WORD: usize = 32;
/// Text is given in chunks of about this size.
const CHUNK: usize = 4096;
const LONGEST_CELL: usize = 256 * 1024;

pub(super) fn extract(bytes: &mut dyn Read, reading: &mut Reading<'_>) -> io::Result<Coverage> {
    let mut source = BufReader::new(bytes);
    let mut reader = Reader::new();
    while let Some(byte) = next(&mut source)? {
        match byte {
            b'{' => reader.open(),
            b'}' => {
                if reader.close(reading) {
                    break;
                }
            }
            b'\\' => reader.control(&mut source, reading)?,
            b'\r' | b'\n' => (),
            byte => reader.byte(byte, reading),
        }
    }
    let is_closed = reader.groups.is_empty() && reader.deeper == 0;
    reader.finish(reading);
    Ok(if is_closed {
        Coverage::Whole
    } else {
        Coverage::Damaged
    })
}

fn next(source: &mut impl BufRead) -> io::Result<Option<u8>> {
    let byte = source.fill_buf()?.first().copied();
    if byte.is_some() {
        source.consume(1);
    }
    Ok(byte)
}

fn look(source: &mut impl BufRead) -> io::Result<Option<u8>> {
    Ok(source.fill_buf()?.first().copied())
}

/// What holds until the end of a group.
#[derive(Clone, Copy)]
struct Group {
    is_skipped: bool,
    /// `\*` stood first: skipped unless its word is known.
    is_starred: bool,
    /// Bytes that stand for a letter that was written in Unicode before.
    fallback: usize,
    /// Its text stands apart.
    is_apart: bool,
    in_table: bool,
}

struct Reader {
    groups: Vec<Group>,
    /// Groups beyond those that are kept.
    deeper: usize,
    group: Group,
    encoding: &'static Encoding,
    /// Bytes of the code page, decoded together: a letter may take two.
    pending: Vec<u8>,
    text: String,
    /// Bytes still to be passed over.
    fallback_left: usize,
    high: Option<u16>,
    tables: Tables,
    in_row: bool,
    /// A table was begun and not ended.
    is_table_open: bool,
    /// Those of other programs that were given.
    objects: usize,
    /// What stands apart, and its texts; given at the end, so that it cuts no sentence.
    apart: Vec<(&'static str, String)>,
}

/// Texts that stand apart are kept up to this size.
const MOST_APART: usize = 4 * 1024 * 1024;

impl Reader {
    fn new() -> Self {
        Self {
            groups: Vec::new(),
            deeper: 0,
            group: Group {
                is_skipped: false,
                is_starred: false,
                fallback: 1,
                is_apart: false,
                in_table: false,
            },
            encoding: WINDOWS_1252,
            pending: Vec::new(),
            text: String::new(),
            fallback_left: 0,
            high: None,
            tables: Tables::new(None),
            in_row: false,
            is_table_open: false,
            objects: 0,
            apart: Vec::new(),
        }
    }

    fn open(&mut self) {
        self.decode();
        self.fallback_left = 0;
        if self.groups.len() < MOST_GROUPS {
            self.groups.push(self.group);
        } else {
            self.deeper += 1;
        }
    }

    /// Whether the document ends here.
    fn close(&mut self, reading: &mut Reading<'_>) -> bool {
        self.decode();
        self.fallback_left = 0;
        if self.deeper > 0 {
            self.deeper -= 1;
            return false;
        }
        let was_apart = self.group.is_apart;
        if let Some(group) = self.groups.pop() {
            if was_apart && !group.is_apart {
                self.put("\n");
            } else if !was_apart {
                self.give_if_long(reading);
            }
            self.group = group;
        }
        self.groups.is_empty()
    }

    fn control(&mut self, source: &mut impl BufRead, reading: &mut Reading<'_>) -> io::Result<()> {
        let Some(first) = next(source)? else {
            return Ok(());
        };
        if !first.is_ascii_alphabetic() {
            self.symbol(first, source, reading)?;
            return Ok(());
        }
        let mut word = String::from(char::from(first));
        while let Some(letter) = look(source)?.filter(u8::is_ascii_alphabetic) {
            source.consume(1);
            if word.len() < LONGEST_WORD {
                word.push(char::from(letter));
            }
        }
        let mut number = String::new();
        while let Some(digit) = look(source)?
            .filter(|byte| byte.is_ascii_digit() || (*byte == b'-' && number.is_empty()))
        {
            source.consume(1);
            if number.len() < LONGEST_WORD {
                number.push(char::from(digit));
            }
        }
        if look(source)? == Some(b' ') {
            source.consume(1);
        }
        let number = number.parse::<i64>().ok();
        if word == "bin" {
            let length = number.and_then(|length| u64::try_from(length).ok());
            io::copy(&mut source.take(length.unwrap_or(0)), &mut io::sink())?;
            return Ok(());
        }
        if word == "objdata" {
            return self.object(source, reading);
        }
        self.word(&word, number, reading);
        Ok(())
    }

    /// What another program put here is a member; the group holds nothing else.
    fn object(&mut self, source: &mut impl BufRead, reading: &mut Reading<'_>) -> io::Result<()> {
        if !std::mem::replace(&mut self.group.is_skipped, true) {
            self.objects += 1;
            let name = format!("objet incorporé {}", self.objects);
            object::embedded(&name, &mut Hexadecimal::new(source), reading)?;
        }
        Ok(())
    }

    fn symbol(
        &mut self,
        sign: u8,
        source: &mut impl BufRead,
        reading: &mut Reading<'_>,
    ) -> io::Result<()> {
        match sign {
            b'\'' => {
                let (Some(high), Some(low)) = (next(source)?, next(source)?) else {
                    return Ok(());
                };
                let digit = |byte: u8| char::from(byte).to_digit(16);
                let byte = digit(high).zip(digit(low));
                if let Some(byte) = byte.and_then(|(high, low)| u8::try_from(16 * high + low).ok())
                {
                    self.byte(byte, reading);
                }
            }
            b'*' => self.group.is_starred = true,
            b'~' => self.letter('\u{a0}'),
            b'_' => self.letter('-'),
            b'\r' | b'\n' => self.letter('\n'),
            b'\\' | b'{' | b'}' => self.byte(sign, reading),
            _ => (),
        }
        Ok(())
    }

    fn word(&mut self, word: &str, number: Option<i64>, reading: &mut Reading<'_>) {
        if std::mem::take(&mut self.group.is_starred) && !READ_THOUGH_STARRED.contains(&word) {
            self.group.is_skipped = true;
        }
        if SKIPPED.contains(&word) {
            self.decode();
            self.group.is_skipped = true;
        }
        match word {
            "ansicpg" => {
                let name = number.map(|page| format!("windows-{page}"));
                let known = name.and_then(|name| Encoding::for_label(name.as_bytes()));
                self.encoding = known.unwrap_or(self.encoding);
            }
            "uc" => {
                let bytes = number.and_then(|bytes| usize::try_from(bytes).ok());
                self.group.fallback = bytes.unwrap_or(1).min(16);
            }
            "u" => self.unicode(number),
            "par" | "line" | "sect" | "page" | "softline" => self.letter('\n'),
            "tab" => self.letter('\t'),
            "emdash" | "endash" => self.letter('-'),
            "lquote" | "rquote" => self.letter('\''),
            "ldblquote" | "rdblquote" => self.letter('"'),
            "enspace" | "emspace" | "qmspace" => self.letter(' '),
            "title" | "subject" | "author" | "operator" | "keywords" | "doccomm" | "company"
            | "manager" | "category"
                if self.group.is_apart =>
            {
                self.letter('\n');
            }
            "trowd" => self.begin_row(reading),
            "intbl" => self.group.in_table = true,
            "pard" => self.group.in_table = false,
            "cell" | "nestcell" => self.end_cell(reading),
            "row" | "nestrow" => self.end_row(reading),
            // A field's instruction, then its result.
            "fldinst" | "fldrslt" => self.letter(' '),
            _ => {
                if let Some((_, place)) = APART.iter().find(|(known, _)| *known == word) {
                    self.begin_apart(place);
                }
            }
        }
    }

    /// A letter in UTF-16, then bytes for programs that do not know it.
    fn unicode(&mut self, number: Option<i64>) {
        self.decode();
        let unit = number.and_then(|number| {
            u16::try_from(number)
                .or_else(|_| i16::try_from(number).map(i16::cast_unsigned))
                .ok()
        });
        if let Some(unit) = unit {
            let units = self.high.take().into_iter().chain([unit]);
            match char::decode_utf16(units).last() {
                Some(Ok(letter)) => self.letter(letter),
                _ => self.high = Some(unit),
            }
        }
        self.fallback_left = self.group.fallback;
    }

    fn byte(&mut self, byte: u8, reading: &mut Reading<'_>) {
        if self.fallback_left > 0 {
            self.fallback_left -= 1;
            return;
        }
        if !self.group.is_skipped {
            self.pending.push(byte);
            if self.pending.len() >= CHUNK {
                self.decode();
            }
            self.give_if_long(reading);
        }
    }

    fn letter(&mut self, letter: char) {
        self.decode();
        self.fallback_left = 0;
        if !self.group.is_skipped {
            self.put(letter.encode_utf8(&mut [0; 4]));
        }
    }

    fn decode(&mut self) {
        if !self.pending.is_empty() {
            let bytes = std::mem::take(&mut self.pending);
            let text = self.encoding.decode_without_bom_handling(&bytes).0;
            self.put(&text);
        }
    }

    fn put(&mut self, text: &str) {
        if !self.group.is_apart {
            self.text.push_str(text);
        } else if let Some((_, texts)) = self
            .apart
            .last_mut()
            .filter(|(_, texts)| texts.len() < MOST_APART)
        {
            texts.push_str(text);
        }
    }

    fn begin_apart(&mut self, place: &'static str) {
        self.decode();
        self.group.is_apart = true;
        match self.apart.iter().position(|(known, _)| *known == place) {
            Some(known) => {
                let last = self.apart.len() - 1;
                self.apart.swap(known, last);
            }
            None => self.apart.push((place, String::new())),
        }
    }

    /// What stands before a table is no part of its first cell.
    fn begin_row(&mut self, reading: &mut Reading<'_>) {
        self.decode();
        self.group.in_table = true;
        if !self.in_row && !self.group.is_apart && !self.text.trim().is_empty() {
            self.give(reading);
        }
    }

    fn end_cell(&mut self, reading: &mut Reading<'_>) {
        self.decode();
        if self.group.is_apart {
            self.put("\t");
            return;
        }
        let cell = std::mem::take(&mut self.text);
        if !self.in_row {
            // The first cell of the first row says that a table begins.
            if !self.is_table_open {
                self.tables.mark(Mark::TableStart, reading.receiver);
                self.is_table_open = true;
            }
            self.tables.mark(Mark::Row, reading.receiver);
            self.in_row = true;
        }
        self.tables.mark(Mark::Cell, reading.receiver);
        self.tables.text(&cell, reading.receiver);
    }

    fn end_row(&mut self, reading: &mut Reading<'_>) {
        self.decode();
        self.in_row = false;
        self.give_if_long(reading);
    }

    fn give_if_long(&mut self, reading: &mut Reading<'_>) {
        // What is longer was never a cell that a person wrote.
        let most = if self.group.in_table {
            LONGEST_CELL
        } else {
            CHUNK
        };
        if self.text.len() >= most && !self.group.is_apart {
            self.give(reading);
        }
    }

    /// Text outside of any table ends the table before it.
    fn give(&mut self, reading: &mut Reading<'_>) {
        if self.text.is_empty() {
            return;
        }
        if std::mem::take(&mut self.is_table_open) {
            self.tables.mark(Mark::TableEnd, reading.receiver);
            self.in_row = false;
        }
        self.tables.text(&self.text, reading.receiver);
        self.text.clear();
    }

    fn finish(&mut self, reading: &mut Reading<'_>) {
        self.group.is_apart = false;
        self.decode();
        self.give(reading);
        self.tables.finish(reading.receiver);
        self.apart.sort_by_key(|(place, _)| *place);
        for (place, texts) in &self.apart {
            if !texts.trim().is_empty() {
                reading.receiver.begin_text(Some(place));
                reading.receiver.text(texts);
            }
        }
    }
}

#[cfg(test)]
mod tests;
