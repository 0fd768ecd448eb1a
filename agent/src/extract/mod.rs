//! From the bytes of one file to text that can be searched.
//!
//! In: a reader and limits. Out: segments (chunks of running text, rows of tables, members of containers) given to a
//! [`Receiver`], then an [`Outcome`] that says what the file is and how much of it was read. Called by `scan` alone.
//!
//! Nothing here sees a path, a rule or the rest of the agent: the format is told by the content, never by a file name.
//! Any bytes may come in; none may panic, hang or grow the memory, whatever their number.

mod chars;
mod delimited;
mod escaped;
mod head;
mod mail;
mod markup;
mod plain;
mod signature;
mod sniff;
mod text;

use std::io::{self, Read};

use chars::Encoding;
use head::Head;

/// Containers within containers are opened down to this depth.
const MAX_DEPTH: usize = 6;

/// What receives the segments of a file.
pub trait Receiver {
    /// A running text starts: a whole file, a page, a message.
    fn begin_text(&mut self, within: Option<&str>);
    /// The next characters of the text begun last, in chunks of any size.
    fn text(&mut self, chunk: &str);
    /// A table starts; `first_row` is the number that a person sees beside its first row.
    fn begin_table(&mut self, within: Option<&str>, first_row: u64);
    /// The next row of the table begun last.
    fn row(&mut self, cells: &[&str]);
    /// What follows belongs to a file inside this one, until [`Receiver::end_member`].
    fn begin_member(&mut self, name: &str);
    fn end_member(&mut self, outcome: &Outcome, size_bytes: u64);
}

/// What a file is, and how much of it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    pub media_type: &'static str,
    pub coverage: Coverage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coverage {
    /// Every character was given to the receiver.
    Whole,
    /// The content contradicts its own format from some place on; what precedes was read.
    Damaged,
    /// Containers nested deeper than anyone does by hand.
    TooDeep,
    Encrypted,
    /// The format is known (or not even that) but not read.
    Unsupported,
}

/// A file whose first bytes were looked at.
pub struct Opened<R> {
    reader: R,
    head: Head,
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Text(Encoding, TextFormat),
    Opaque {
        media_type: &'static str,
        encrypted: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TextFormat {
    Plain(&'static str),
    Delimited(u8),
    Escaped,
    Markup(markup::Dialect),
    Mail,
}

/// Looks at the first bytes to tell the format; nothing is extracted yet.
pub fn open<R: Read>(mut reader: R) -> io::Result<Opened<R>> {
    let mut head = Head::read(&mut reader)?;
    let format = recognise(&mut head);
    Ok(Opened {
        reader,
        head,
        format,
    })
}

impl<R: Read> Opened<R> {
    pub fn media_type(&self) -> &'static str {
        match self.format {
            Format::Opaque { media_type, .. } => media_type,
            Format::Text(_, format) => format.media_type(),
        }
    }

    /// Whether [`Opened::extract`] would read the whole file.
    pub fn is_supported(&self) -> bool {
        matches!(self.format, Format::Text(..))
    }

    /// Gives everything that the file says to `receiver`. An error is one of the reader.
    pub fn extract(self, receiver: &mut dyn Receiver) -> io::Result<Outcome> {
        self.extract_at(0, receiver)
    }

    fn extract_at(mut self, depth: usize, receiver: &mut dyn Receiver) -> io::Result<Outcome> {
        let media_type = self.media_type();
        let (encoding, format) = match self.format {
            Format::Text(encoding, format) => (encoding, format),
            Format::Opaque { encrypted, .. } => {
                let coverage = if encrypted {
                    Coverage::Encrypted
                } else {
                    Coverage::Unsupported
                };
                return Ok(Outcome {
                    media_type,
                    coverage,
                });
            }
        };
        let bytes: &mut dyn Read = &mut self.head.into_bytes().chain(&mut self.reader);
        let coverage = match format {
            TextFormat::Mail => mail::extract(bytes, depth, receiver)?,
            TextFormat::Plain(_) => plain::extract(text::Text::new(bytes, encoding), receiver)?,
            TextFormat::Escaped => escaped::extract(text::Text::new(bytes, encoding), receiver)?,
            TextFormat::Delimited(delimiter) => {
                delimited::extract(text::Text::new(bytes, encoding), delimiter, receiver)?
            }
            TextFormat::Markup(dialect) => {
                markup::extract(text::Text::new(bytes, encoding), dialect, receiver)?
            }
        };
        Ok(Outcome {
            media_type,
            coverage,
        })
    }
}

impl TextFormat {
    fn media_type(self) -> &'static str {
        match self {
            Self::Plain(media_type) => media_type,
            Self::Delimited(b'\t') => "text/tab-separated-values",
            Self::Delimited(_) => "text/csv",
            Self::Escaped => "application/json",
            Self::Markup(markup::Dialect::Html) => "text/html",
            Self::Markup(markup::Dialect::Xml) => "application/xml",
            Self::Mail => "message/rfc822",
        }
    }
}

fn recognise(head: &mut Head) -> Format {
    if let Some(signature) = signature::recognise(head.bytes()) {
        return Format::Opaque {
            media_type: signature.media_type,
            encrypted: signature.encrypted,
        };
    }
    let Some((encoding, mark)) = chars::guess(head.bytes()) else {
        return Format::Opaque {
            media_type: "application/octet-stream",
            encrypted: false,
        };
    };
    head.skip_mark(mark);
    let start = text::decode(head.bytes().get(mark..).unwrap_or_default(), encoding);
    Format::Text(encoding, sniff::text_format(&start, head.is_cut()))
}

#[cfg(test)]
mod tests;
