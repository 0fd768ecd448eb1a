//! Outlook: messages, contacts, appointments, tasks and notes, whatever file holds them.
//!
//! An item is a set of numbered properties ([MS-OXPROPS]), with recipients and attachments that are sets of properties too.
//! Three containers hold items: a compound file holds one (`.msg`, [`super::compound`]), so does what travels in a mail
//! (`winmail.dat`, [`tnef`]), a mailbox holds folders of them ([`pst`]). Each says by [`Item`] where its properties are; what they mean is told here, once for both.
//!
//! Every property that is a text is read, under the name that Outlook gives it where one is known: contacts alone have some
//! eighty. The body is kept up to three times; the form that says most is read, once: HTML has the targets of links, plain
//! text is next, rich text is left where the others are missing.

mod labels;
mod names;
mod properties;
pub(super) mod pst;
mod rich_text;
pub(super) mod tnef;

use std::io::{self, Read};

use self::rich_text::RichText;
use super::chars::{self, Encoding};
use super::head::Head;
use super::markup::{self, Dialect};
use super::reading::Reading;
use super::text::Text;
use super::{Coverage, plain, rtf};

pub(super) use self::names::Names;
pub(super) use self::properties::{Kind, LONGEST_TEXT, Property, is_many, text_kind};

/// A message or another item, in a container.
pub(super) trait Item {
    /// Where an attachment stands.
    type Place;

    /// Its properties that are short; long texts are cut.
    fn properties(&mut self, reading: &Reading<'_>) -> io::Result<Vec<Property>>;
    /// Those of each recipient.
    fn recipients(&mut self, reading: &Reading<'_>) -> io::Result<Vec<Vec<Property>>>;
    /// What the properties are called that each file numbers its own way.
    fn names(&self) -> &Names;
    /// A property from its first byte to its last.
    fn open(&mut self, number: u16) -> io::Result<Option<(Kind, Box<dyn Read + '_>)>>;
    fn attachments(&mut self, reading: &Reading<'_>) -> io::Result<Vec<Self::Place>>;
    /// Gives what is attached as a member; `rank` counts from zero.
    fn attachment(
        &mut self,
        rank: usize,
        place: &Self::Place,
        reading: &mut Reading<'_>,
    ) -> io::Result<()>;
}

const PLAIN_BODY: u16 = 0x1000;
const RICH_BODY: u16 = 0x1009;
const HTML_BODY: u16 = 0x1013;
/// Read as bodies, not with the other properties.
pub(super) const BODIES: [u16; 3] = [PLAIN_BODY, RICH_BODY, HTML_BODY];

/// Reads all that an item says. What is damaged in one place says nothing of the others.
pub(super) fn extract(item: &mut impl Item, reading: &mut Reading<'_>) -> io::Result<Coverage> {
    let mut is_whole = head(item, reading).or_else(|error| damaged(error, reading))?;
    is_whole &= body(item, reading).or_else(|error| damaged(error, reading))?;
    let attachments = match item.attachments(reading) {
        Ok(attachments) => attachments,
        Err(error) => {
            is_whole = damaged(error, reading)?;
            Vec::new()
        }
    };
    for (rank, place) in attachments.iter().enumerate() {
        let read = item.attachment(rank, place, reading).map(|()| true);
        is_whole &= read.or_else(|error| damaged(error, reading))?;
    }
    Ok(if is_whole {
        Coverage::Whole
    } else {
        Coverage::Damaged
    })
}

/// That something was not whole; an error where nothing more can be read.
fn damaged(error: io::Error, reading: &Reading<'_>) -> io::Result<bool> {
    if reading.is_over() {
        return Err(error);
    }
    Ok(false)
}

fn head(item: &mut impl Item, reading: &mut Reading<'_>) -> io::Result<bool> {
    let properties = item.properties(reading)?;
    let recipients = item.recipients(reading);
    let is_whole = recipients.is_ok();
    let lines = properties::lines(
        &properties,
        &recipients.or_else(|error| damaged(error, reading).map(|_| Vec::new()))?,
        item.names(),
    );
    if !lines.is_empty() {
        reading.receiver.begin_text(Some("en-têtes"));
        reading.receiver.text(&lines);
    }
    Ok(is_whole)
}

fn body(item: &mut impl Item, reading: &mut Reading<'_>) -> io::Result<bool> {
    for number in [HTML_BODY, PLAIN_BODY, RICH_BODY] {
        let Some((kind, mut value)) = item.open(number)? else {
            continue;
        };
        let mut part = reading.part(&mut value);
        let head = Head::read(&mut part)?;
        if head.bytes().is_empty() {
            continue;
        }
        let coverage = reading.within("message", |reading| match number {
            RICH_BODY => {
                let compressed = head.into_bytes().chain(part);
                rtf::extract(&mut RichText::new(compressed), reading)
            }
            _ => text(number, kind, head, part, reading),
        })?;
        return Ok(coverage == Coverage::Whole);
    }
    Ok(true)
}

fn text(
    number: u16,
    kind: Kind,
    mut head: Head,
    rest: impl Read,
    reading: &mut Reading<'_>,
) -> io::Result<Coverage> {
    let encoding = match kind {
        Kind::Wide => Encoding::Other(encoding_rs::UTF_16LE),
        Kind::Narrow | Kind::Binary => {
            let (encoding, mark) = chars::guess(head.bytes()).unwrap_or((Encoding::Undecided, 0));
            head.skip_mark(mark);
            encoding
        }
    };
    let mut bytes = head.into_bytes().chain(rest);
    let text = Text::new(&mut bytes, encoding);
    if number == HTML_BODY {
        return markup::extract(text, Dialect::Html, reading);
    }
    plain::extract(text, reading.receiver)
}

/// What an attachment is called; `rank` counts from zero.
pub(super) fn attachment_name(properties: &[Property], rank: usize) -> String {
    const LONG_NAME: u16 = 0x3707;
    const SHORT_NAME: u16 = 0x3704;
    const SHOWN_NAME: u16 = 0x3001;
    let names = [LONG_NAME, SHORT_NAME, SHOWN_NAME];
    let mut names = names
        .iter()
        .filter_map(|number| properties::text_of(properties, *number));
    names
        .next()
        .map_or_else(|| format!("pièce jointe {}", rank + 1), str::to_owned)
}

#[cfg(test)]
mod tests;
