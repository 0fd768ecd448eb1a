//! Mails: one message (`.eml`) or many (mbox).
//!
//! Headers that name people and text bodies are read as parts of the file; attachments are members, told by their
//! content like any file. Everything is streamed: an attachment of any size passes through one line at a time.

mod body;
mod header;
mod lines;

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
        is_cut: false,
    };
    let mut message = 1_u64;
    mail.lines.skip_mbox_separator()?;
    loop {
        let within = mail.lines.is_mbox().then(|| format!("message {message}"));
        mail.message(within.as_deref(), reading)?;
        mail.boundaries.clear();
        if !mail.lines.skip_mbox_separator()? {
            break;
        }
        message += 1;
    }
    Ok(if mail.is_cut {
        Coverage::Damaged
    } else {
        Coverage::Whole
    })
}

struct Mail<'r> {
    lines: Lines<'r>,
    /// Of the multiparts that we are in, the innermost last.
    boundaries: Vec<Boundary>,
    /// How many attachments were met, to name those that have no name.
    attachments: usize,
    is_cut: bool,
}

impl Mail<'_> {
    /// Headers, then what they announce.
    fn message(&mut self, within: Option<&str>, reading: &mut Reading<'_>) -> io::Result<()> {
        let header = Header::read(&mut self.lines)?;
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
            return self.message(within, reading);
        }
        if content.is_text() {
            return self.text(content, within, reading);
        }
        self.attachment(content, reading)
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

    fn attachment(&mut self, content: &Content, reading: &mut Reading<'_>) -> io::Result<()> {
        self.attachments += 1;
        let unnamed = format!("pièce jointe {}", self.attachments);
        let name = content.name.as_deref().unwrap_or(&unnamed);
        let mut body = Body::new(&mut self.lines, &self.boundaries, content.transfer);
        reading.member(name, &mut body, None)
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
