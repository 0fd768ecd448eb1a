//! Mails: one message (`.eml`) or many (mbox, the folders of Thunderbird, where deleted messages stay until it is compacted).
//!
//! Headers that name people and text bodies are read as parts of the file; attachments are members, told by their
//! content like any file. Everything is streamed: an attachment of any size passes through one line at a time.

pub(super) mod body;
pub(super) mod header;
mod lines;

use std::collections::BTreeMap;
use std::io::{self, Read};

use self::body::{Body, Boundary, Mark};
use self::header::{Content, Header};
use self::lines::Lines;
use super::Coverage;
use super::chars::Encoding;
use super::markup::{Dialect, Markup};
use super::reading::Reading;
use super::text::Text;

/// Multiparts within multiparts; mail programs nest three or four.
const MAX_BOUNDARIES: usize = 16;

pub(super) fn extract(bytes: &mut dyn Read, reading: &mut Reading<'_>) -> io::Result<Coverage> {
    let mut mail = Mail {
        lines: Lines::new(bytes),
        boundaries: Vec::new(),
        attachments: 0,
        names: BTreeMap::new(),
        is_cut: false,
    };
    let mut number = 1_u64;
    mail.lines.skip_mbox_separator()?;
    loop {
        let header = Header::read(&mut mail.lines)?;
        let within = mail.lines.is_mbox().then(|| place(number, &header));
        mail.message(&header, within.as_deref(), reading)?;
        mail.boundaries.clear();
        mail.attachments = 0;
        mail.names.clear();
        if !mail.lines.skip_mbox_separator()? {
            break;
        }
        number += 1;
    }
    Ok(if mail.is_cut {
        Coverage::Damaged
    } else {
        Coverage::Whole
    })
}

/// Of a message among others.
fn place(number: u64, header: &Header) -> String {
    let deleted = if header.is_deleted() {
        " (supprimé)"
    } else {
        ""
    };
    format!("message {number}{deleted}")
}

struct Mail<'r> {
    lines: Lines<'r>,
    /// Of the multiparts that we are in, the innermost last.
    boundaries: Vec<Boundary>,
    /// How many attachments the message had so far, to name those that have no name.
    attachments: usize,
    /// How many of them bear a name: two may bear the same.
    names: BTreeMap<String, usize>,
    is_cut: bool,
}

impl Mail<'_> {
    /// What the header says, then what it announces.
    fn message(
        &mut self,
        header: &Header,
        within: Option<&str>,
        reading: &mut Reading<'_>,
    ) -> io::Result<()> {
        reading.receiver.begin_text(within.or(Some("en-têtes")));
        reading.receiver.text(&header.people());
        self.entity(&header.content(), within, reading)
    }

    fn entity(
        &mut self,
        content: &Content,
        within: Option<&str>,
        reading: &mut Reading<'_>,
    ) -> io::Result<()> {
        if let Some(boundary) = &content.boundary
            && self.boundaries.len() < MAX_BOUNDARIES
        {
            return self.multipart(boundary, within, reading);
        }
        if content.is_message {
            let header = Header::read(&mut self.lines)?;
            return self.message(&header, within, reading);
        }
        if content.is_text() {
            return self.text(content, within, reading);
        }
        self.attachment(content, within, reading)
    }

    fn multipart(
        &mut self,
        boundary: &str,
        within: Option<&str>,
        reading: &mut Reading<'_>,
    ) -> io::Result<()> {
        self.boundaries.push(Boundary::new(boundary));
        let depth = self.boundaries.len();
        // What precedes the first part is a note for programs that know no multipart.
        self.skip_body()?;
        loop {
            let Some(line) = self.lines.next()? else {
                // The end of the file before the end of the message.
                self.is_cut = true;
                return Ok(());
            };
            match self.boundaries.last().and_then(|ours| ours.mark(line)) {
                Some(Mark::Part) => {}
                Some(Mark::End) => {
                    self.boundaries.pop();
                    return self.skip_body();
                }
                None => {
                    // An outer part ends: this one was never closed.
                    self.lines.hold();
                    self.boundaries.pop();
                    self.is_cut = true;
                    return Ok(());
                }
            }
            let header = Header::read(&mut self.lines)?;
            self.entity(&header.content(), within, reading)?;
            self.boundaries.truncate(depth);
            self.skip_body()?;
        }
    }

    fn text(
        &mut self,
        content: &Content,
        within: Option<&str>,
        reading: &mut Reading<'_>,
    ) -> io::Result<()> {
        let within = within.or(Some("message"));
        let encoding = content.charset.map_or(Encoding::Undecided, encoding);
        let mut body = Body::new(&mut self.lines, &self.boundaries, content.transfer);
        let mut text = Text::new(&mut body, encoding);
        if content.is_html() {
            let mut markup = Markup::new(Dialect::Html, within);
            while let Some(chunk) = text.next_chunk()? {
                markup.read(chunk, reading.receiver);
            }
            markup.finish(reading.receiver);
            return Ok(());
        }
        reading.receiver.begin_text(within);
        while let Some(chunk) = text.next_chunk()? {
            reading.receiver.text(chunk);
        }
        Ok(())
    }

    fn attachment(
        &mut self,
        content: &Content,
        within: Option<&str>,
        reading: &mut Reading<'_>,
    ) -> io::Result<()> {
        let name = self.attachment_name(content.name.as_deref(), within);
        let mut body = Body::new(&mut self.lines, &self.boundaries, content.transfer);
        reading.member(&name, &mut body, None)
    }

    /// A name that no other attachment of the file has.
    fn attachment_name(&mut self, given: Option<&str>, within: Option<&str>) -> String {
        self.attachments += 1;
        let own = match given {
            Some(given) => {
                let bearers = self.names.entry(given.to_owned()).or_default();
                *bearers += 1;
                match *bearers {
                    1 => given.to_owned(),
                    bearers => format!("{given} ({bearers})"),
                }
            }
            None => self.attachments.to_string(),
        };
        match (given, within) {
            (Some(_), None) => own,
            (Some(_), Some(message)) => format!("{message} › pièce jointe « {own} »"),
            (None, None) => format!("pièce jointe {own}"),
            (None, Some(message)) => format!("{message} › pièce jointe {own}"),
        }
    }

    /// Skips to the next boundary, message or end.
    fn skip_body(&mut self) -> io::Result<()> {
        let mut body = Body::new(&mut self.lines, &self.boundaries, body::Transfer::Plain);
        io::copy(&mut body, &mut io::sink())?;
        Ok(())
    }
}

/// Of the head of a mail that another format keeps as a text: the fields about people, a line each.
pub(super) fn people(header: &str) -> String {
    Header::parse(header).people()
}

fn encoding(charset: &'static encoding_rs::Encoding) -> Encoding {
    if charset == encoding_rs::UTF_8 {
        return Encoding::Utf8;
    }
    Encoding::Other(charset)
}

#[cfg(test)]
mod tests;
