//! Files inside an XML document, written as text: the attachments of the flows of public accounting (PES: `<Fichier>`, and
//! the budget in `<DocumentBudgetaire>`) are base64, mostly of a compressed file.
//!
//! An element whose text begins as such a file does is a member, told by its content; programs name these elements in as many
//! ways as there are formats. What follows the last digit is read on as markup.

use std::io::{self, Read};

use super::Markup;
use crate::extract::mail::body::{Base64, base64_digit};
use crate::extract::reading::Reading;
use crate::extract::text::Text;

/// How base64 of gzip, zip, PDF and an old office document begins.
const BEGINNINGS: [&str; 4] = ["H4sI", "UEsDB", "JVBERi0", "0M8R4KGx"];
/// A file begins in the line of its element or in the next; what is blank for longer is not waited for.
const MOST_BLANK: usize = 256;

pub(super) fn extract(
    text: Text<'_>,
    markup: &mut Markup,
    reading: &mut Reading<'_>,
) -> io::Result<()> {
    let mut source = Chunks {
        text,
        held: String::new(),
        read: 0,
    };
    let mut files = 0;
    while source.hold_more()? {
        loop {
            let rest = source.rest();
            let found = Found::first(rest);
            let (Found::At(end) | Found::MayBegin(end)) = found;
            markup.read(rest.get(..end).unwrap_or(rest), reading.receiver);
            source.read += end;
            if let Found::MayBegin(_) = found {
                break;
            }
            files += 1;
            let mut file = Decoded::new(&mut source);
            reading.member(&format!("pièce jointe {files}"), &mut file, None)?;
            // Lines are those of the document.
            let lines = file.line_breaks;
            (0..lines).for_each(|_| markup.read("\n", reading.receiver));
        }
    }
    markup.read(source.rest(), reading.receiver);
    Ok(())
}

/// Characters of which the last ones may wait for those that follow.
struct Chunks<'t> {
    text: Text<'t>,
    held: String,
    /// How many of them were read.
    read: usize,
}

impl Chunks<'_> {
    fn rest(&self) -> &str {
        self.held.get(self.read..).unwrap_or_default()
    }

    /// Whether there was more.
    fn hold_more(&mut self) -> io::Result<bool> {
        let Some(chunk) = self.text.next_chunk()? else {
            return Ok(false);
        };
        self.held.drain(..self.read);
        self.read = 0;
        self.held.push_str(chunk);
        Ok(true)
    }
}

/// Where a file begins in a text.
enum Found {
    At(usize),
    /// Not before this place, and what follows it may be one.
    MayBegin(usize),
}

impl Found {
    fn first(text: &str) -> Self {
        for (place, _) in text.match_indices('>') {
            let after = text.get(place + 1..).unwrap_or_default();
            let content = after.trim_start();
            let mut beginnings = BEGINNINGS.iter();
            if beginnings.any(|beginning| content.starts_with(beginning)) {
                return Self::At(text.len() - content.len());
            }
            let mut beginnings = BEGINNINGS.iter();
            let may_begin = beginnings.any(|beginning| beginning.starts_with(content));
            if may_begin && after.len() < MOST_BLANK {
                return Self::MayBegin(place);
            }
        }
        Self::MayBegin(text.len())
    }
}

/// The bytes that the next digits stand for.
struct Decoded<'c, 't> {
    source: &'c mut Chunks<'t>,
    base64: Base64,
    decoded: Vec<u8>,
    given: usize,
    line_breaks: u64,
    at_end: bool,
}

impl<'c, 't> Decoded<'c, 't> {
    fn new(source: &'c mut Chunks<'t>) -> Self {
        Self {
            source,
            base64: Base64::default(),
            decoded: Vec::new(),
            given: 0,
            line_breaks: 0,
            at_end: false,
        }
    }

    fn decode(&mut self) -> io::Result<()> {
        self.decoded.clear();
        self.given = 0;
        if self.source.rest().is_empty() && !self.source.hold_more()? {
            self.at_end = true;
            return Ok(());
        }
        let mut read = 0;
        for byte in self.source.rest().bytes() {
            let is_of_it =
                base64_digit(byte).is_some() || byte == b'=' || byte.is_ascii_whitespace();
            if !is_of_it {
                self.at_end = true;
                break;
            }
            read += 1;
            self.line_breaks += u64::from(byte == b'\n');
            self.decoded.extend(self.base64.push(byte));
        }
        self.source.read += read;
        Ok(())
    }
}

impl Read for Decoded<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.decoded.len() && !self.at_end {
            self.decode()?;
        }
        let mut ready = self.decoded.get(self.given..).unwrap_or_default();
        let read = ready.read(buffer)?;
        self.given += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests;
