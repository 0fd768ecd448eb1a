//! From the bytes of one file to text that can be searched.
//!
//! In: a [`Source`] and [`Limits`]. Out: segments (chunks of running text, rows of tables, members of containers) given to
//! a [`Receiver`], then an [`Outcome`] that says what the file is and how much of it was read. Called by the worker.
//!
//! Nothing here sees a path, a rule or the rest of the agent: the format is told by the content, never by a file name.
//! Any bytes may come in; none may panic, hang or grow the memory, whatever their number. One folder or file a family.
//!
//! Families that read from start to end take characters ([`text::Text`]) or bytes; those that jump about take
//! [`source::Anywhere`]. A container gives its members to [`reading::Reading::member`]. An error that a family returns
//! means a damaged content: what is the disk's fault, or a limit, is told apart in `reading`.

mod aligned;
mod archive;
mod bytes;
mod cards;
mod chars;
mod cms;
mod compound;
mod database;
mod delimited;
mod dsn;
mod escaped;
mod head;
mod image;
mod limits;
mod mail;
mod markup;
mod object;
mod office;
mod outlook;
mod pdf;
mod plain;
mod reading;
mod rtf;
mod signature;
mod sniff;
mod source;
mod sql;
mod text;
mod unread;

use std::io::{self, BufReader, Read};

use archive::compressed::Method;
use chars::Encoding;
use head::Head;
use reading::Reading;
use source::{Budget, Bytes, Unheld};

pub use limits::{Limit, Limits};
pub use source::{ReadSeek, Source};

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
    fn end_member(&mut self, outcome: &Outcome<'_>, size_bytes: u64);
}

/// What a file is, and how much of it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome<'m> {
    pub media_type: &'m str,
    pub coverage: Coverage,
}

impl Outcome<'_> {
    /// How far the reading went or why there was none, in French, where that can be told.
    pub fn detail(&self) -> Option<String> {
        if self.coverage != Coverage::Unsupported {
            return self.coverage.detail();
        }
        let name = unread::name(self.media_type)?;
        Some(format!("format {name} : non lu"))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coverage {
    /// Every character was given to the receiver.
    Whole,
    /// The content contradicts its own format from some place on; what precedes was read.
    Damaged,
    /// Containers nested deeper than anyone does by hand.
    TooDeep,
    /// A limit ended the reading; what precedes was read.
    Limited(Limit),
    Encrypted,
    /// Pages that are pictures of text; the others were read.
    Scanned {
        pages: u64,
        of: u64,
    },
    /// A picture: what goes with it was read, what is in it was not.
    Picture,
    /// The format is known (or not even that) but not read.
    Unsupported,
}

impl Coverage {
    /// How far the reading went, in French, where that can be told.
    pub fn detail(&self) -> Option<String> {
        match self {
            Self::Limited(limit) => Some(limit.to_string()),
            Self::Scanned { pages, of } => Some(limits::scanned(*pages, *of)),
            Self::Picture => Some("image : seul ce qui l'accompagne a été lu".to_owned()),
            _ => None,
        }
    }
}

/// A file whose first bytes were looked at.
pub struct Opened<'s> {
    bytes: Bytes<'s>,
    head: Head,
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Text(Encoding, TextFormat),
    /// Read from any place.
    Structured(Structure),
    /// Read from start to end.
    Streamed(Stream),
    Opaque {
        media_type: &'static str,
        encrypted: bool,
    },
}

/// The families that jump about in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Structure {
    Pdf,
    /// An archive, or a document in one; what its first names say.
    Zip(&'static str),
    /// The container of old office documents; what the names of its first streams say.
    Compound(&'static str),
    Sqlite,
    Dbase,
    SevenZip,
    /// A mailbox of Outlook.
    Mailbox,
    /// What Outlook sends in place of a mail.
    Tnef,
    Rar,
    Image(image::Kind),
    Access,
}

/// The containers that are read from start to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stream {
    Compressed(Method),
    Tar,
    /// Signed or encrypted, as mails are.
    Cms,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TextFormat {
    Plain(&'static str),
    Delimited(u8),
    /// A table drawn with spaces.
    Aligned(aligned::Columns),
    Escaped,
    /// The declaration of payroll.
    Dsn,
    /// A dump of a database.
    Sql,
    Markup(markup::Dialect),
    Mail,
    /// Address books and calendars; the media type.
    Cards(&'static str),
    Rtf,
    /// A whole office document in XML; its media type.
    FlatOffice(&'static str),
}

/// Looks at the first bytes to tell the format; nothing is extracted yet. The size sets how much may come out of it.
pub fn open(source: Source<'_>, size_bytes: u64, limits: Limits) -> io::Result<Opened<'_>> {
    Opened::of(Bytes::outermost(source, Budget::new(limits, size_bytes)))
}

impl<'s> Opened<'s> {
    fn of(mut bytes: Bytes<'s>) -> io::Result<Self> {
        let mut head = Head::read(&mut bytes)?;
        let format = recognise(&mut head);
        Ok(Self {
            bytes,
            head,
            format,
        })
    }

    pub fn media_type(&self) -> &'static str {
        match self.format {
            Format::Opaque { media_type, .. } => media_type,
            Format::Structured(structure) => structure.media_type(),
            Format::Streamed(stream) => stream.media_type(),
            Format::Text(_, format) => format.media_type(),
        }
    }

    /// Whether [`Opened::extract`] would read more than the first bytes.
    pub fn is_supported(&self) -> bool {
        !matches!(self.format, Format::Opaque { .. })
    }

    /// Gives everything that the file says to `receiver`. An error is one of the source.
    pub fn extract(self, receiver: &mut dyn Receiver) -> io::Result<Outcome<'static>> {
        let mut reading = Reading::new(self.bytes.budget(), receiver);
        reading.outcome(self)
    }

    fn read(self, reading: &mut Reading<'_>) -> io::Result<Outcome<'static>> {
        let media_type = self.media_type();
        let coverage = match self.format {
            Format::Text(encoding, format) => {
                let mut bytes = self.head.into_bytes().chain(self.bytes);
                read_text(&mut bytes, encoding, format, reading)?
            }
            Format::Streamed(stream) => {
                let mut bytes = self.head.into_bytes().chain(self.bytes);
                match stream {
                    Stream::Compressed(method) => {
                        archive::compressed::extract(method, &mut bytes, reading)?
                    }
                    Stream::Tar => archive::tar::extract(&mut bytes, reading)?,
                    Stream::Cms => cms::extract(&mut bytes, reading)?,
                }
            }
            Format::Structured(structure) => {
                return read_structure(self, structure, reading);
            }
            Format::Opaque {
                encrypted: true, ..
            } => Coverage::Encrypted,
            Format::Opaque { .. } => Coverage::Unsupported,
        };
        Ok(Outcome {
            media_type,
            coverage,
        })
    }
}

fn read_structure(
    opened: Opened<'_>,
    structure: Structure,
    reading: &mut Reading<'_>,
) -> io::Result<Outcome<'static>> {
    let file = match opened.bytes.anywhere(opened.head.into_vec()) {
        Ok(file) => file,
        Err(Unheld::Io(error)) => return Err(error),
        Err(Unheld::TooLarge) => {
            return Ok(Outcome {
                media_type: structure.media_type(),
                coverage: Coverage::Limited(Limit::Held),
            });
        }
    };
    match structure {
        Structure::Pdf => pdf::extract(file, reading),
        Structure::SevenZip => archive::seven_zip::extract(file, reading),
        Structure::Zip(media_type) => archive::zip::extract(file, media_type, reading),
        Structure::Compound(media_type) => compound::extract(file, media_type, reading),
        Structure::Rar => archive::rar::extract(file, reading),
        Structure::Image(kind) => image::extract(file, kind, reading),
        Structure::Sqlite => database::sqlite::extract(file, reading),
        Structure::Mailbox => outlook::pst::extract(file, reading),
        Structure::Tnef => outlook::tnef::extract(file, reading),
        Structure::Access => database::access::extract(file, reading),
        Structure::Dbase => {
            let coverage = database::dbase::extract(&mut BufReader::new(file), reading)?;
            Ok(Outcome {
                media_type: structure.media_type(),
                coverage,
            })
        }
    }
}

impl Structure {
    /// As far as the first bytes tell; the family may know better in the end.
    fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Zip(media_type) | Self::Compound(media_type) => media_type,
            Self::Sqlite => "application/vnd.sqlite3",
            Self::Dbase => "application/x-dbf",
            Self::SevenZip => archive::seven_zip::MEDIA_TYPE,
            Self::Mailbox => outlook::pst::MEDIA_TYPE,
            Self::Tnef => outlook::tnef::MEDIA_TYPE,
            Self::Rar => archive::rar::MEDIA_TYPE,
            Self::Image(kind) => kind.media_type(),
            Self::Access => database::access::MEDIA_TYPE,
        }
    }
}

impl Stream {
    fn media_type(self) -> &'static str {
        match self {
            Self::Compressed(method) => method.media_type(),
            Self::Tar => archive::tar::MEDIA_TYPE,
            Self::Cms => cms::MEDIA_TYPE,
        }
    }
}

fn read_text(
    bytes: &mut dyn Read,
    encoding: Encoding,
    format: TextFormat,
    reading: &mut Reading<'_>,
) -> io::Result<Coverage> {
    match format {
        TextFormat::Mail => return mail::extract(bytes, reading),
        TextFormat::Rtf => return rtf::extract(bytes, reading),
        TextFormat::FlatOffice(_) => return office::open_document::extract_flat(bytes, reading),
        _ => {}
    }
    let text = text::Text::new(bytes, encoding);
    if let TextFormat::Cards(_) = format {
        return cards::extract(text, reading);
    }
    if let TextFormat::Markup(dialect) = format {
        return markup::extract(text, dialect, reading);
    }
    let receiver = &mut *reading.receiver;
    match format {
        TextFormat::Plain(_)
        | TextFormat::Mail
        | TextFormat::Cards(_)
        | TextFormat::Markup(_)
        | TextFormat::Rtf
        | TextFormat::FlatOffice(_) => plain::extract(text, receiver),
        TextFormat::Escaped => escaped::extract(text, receiver),
        TextFormat::Dsn => dsn::extract(text, receiver),
        TextFormat::Sql => sql::extract(text, receiver),
        TextFormat::Delimited(delimiter) => delimited::extract(text, delimiter, receiver),
        TextFormat::Aligned(columns) => aligned::extract(text, columns, receiver),
    }
}

impl TextFormat {
    fn media_type(self) -> &'static str {
        match self {
            Self::Plain(media_type) | Self::Cards(media_type) => media_type,
            Self::Delimited(b'\t') => "text/tab-separated-values",
            Self::Delimited(_) => "text/csv",
            Self::Aligned(_) => "text/plain",
            Self::Escaped => "application/json",
            Self::Dsn => "text/x-dsn",
            Self::Sql => "application/sql",
            Self::Markup(markup::Dialect::Html) => "text/html",
            Self::Markup(markup::Dialect::Xml) => "application/xml",
            Self::Mail => "message/rfc822",
            Self::Rtf => "application/rtf",
            Self::FlatOffice(media_type) => media_type,
        }
    }
}

fn recognise(head: &mut Head) -> Format {
    if head.bytes().starts_with(b"{\\rtf") {
        return Format::Text(Encoding::Undecided, TextFormat::Rtf);
    }
    if let Some(structure) = signature::structure(head.bytes()) {
        return Format::Structured(structure);
    }
    if let Some(stream) = signature::stream(head.bytes()) {
        return Format::Streamed(stream);
    }
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
