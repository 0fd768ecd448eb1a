//! `winmail.dat`: an item of Outlook as it travels in a mail to those who have no Outlook, all of its attachments inside
//! ([MS-OXTNEF]).
//!
//! A list of attributes, some of which are lists of properties. Our own reader: `tnef` reads attachments only, `ytnef` is a
//! C library. The older attributes that say the same as a property are read too: other programs than Outlook write no others.
//!
//! In: the bytes of the file, in memory. Out: what [`super::extract`] gives of an item. A message that is attached to the
//! message, and an object of a program, are members that are told by their content like any file.

use std::io::{self, Cursor, Read};

use super::names::{Name, Names};
use super::{BODIES, Item, Kind, LONGEST_TEXT, Property, is_many, text_kind};
use crate::extract::bytes::{of_utf16, size_at, u16_at, u32_at};
use crate::extract::reading::Reading;
use crate::extract::source::Anywhere;
use crate::extract::{Coverage, Limit, Outcome};

pub(in crate::extract) const MEDIA_TYPE: &str = "application/vnd.ms-tnef";

const SIGNATURE: &[u8] = b"\x78\x9f\x3e\x22";
/// The signature, and a key that says nothing.
const HEADER: usize = 6;

/// Attributes ([MS-OXTNEF] 2.1.3.3).
const FROM: u32 = 0x0000_8000;
const SUBJECT: u32 = 0x0001_8004;
const BODY: u32 = 0x0002_800c;
const MESSAGE_PROPERTIES: u32 = 0x0006_9003;
const RECIPIENTS: u32 = 0x0006_9004;
/// The first of those of an attachment.
const ATTACHMENT: u32 = 0x0006_9002;
const ATTACHMENT_TITLE: u32 = 0x0001_8010;
const ATTACHMENT_DATA: u32 = 0x0006_800f;
const ATTACHMENT_PROPERTIES: u32 = 0x0006_9005;

/// Properties that the older attributes stand for, and those of an attachment.
const SENDER_NAME: u16 = 0x0042;
const SENDER_ADDRESS: u16 = 0x0065;
const SUBJECT_TEXT: u16 = 0x0037;
const BODY_TEXT: u16 = 0x1000;
const SHORT_NAME: u16 = 0x3704;
const CONTENT: u16 = 0x3701;

const NARROW: u16 = 0x001e;
const BINARY: u16 = 0x0102;
const OBJECT: u16 = 0x000d;
/// Before an object stands which sort it is.
const OBJECT_SORT: usize = 16;

/// Properties of one file; Outlook writes some hundred an item.
const MOST_PROPERTIES: usize = 100_000;

pub(in crate::extract) fn is_it(head: &[u8]) -> bool {
    head.starts_with(SIGNATURE)
}

pub(in crate::extract) fn extract(
    file: Anywhere<'_>,
    reading: &mut Reading<'_>,
) -> io::Result<Outcome<'static>> {
    let whole = file.into_whole(reading.limits().whole_bytes)?;
    let coverage = match &whole {
        Some((bytes, _room)) => {
            let mut item = Wrapped::of(bytes);
            match super::extract(&mut item, reading)? {
                Coverage::Whole if item.is_cut => Coverage::Damaged,
                coverage => coverage,
            }
        }
        None => Coverage::Limited(Limit::Whole),
    };
    Ok(Outcome {
        media_type: MEDIA_TYPE,
        coverage,
    })
}

/// A property; those of a list are as many of the same number.
#[derive(Clone, Copy)]
struct Raw<'b> {
    number: u16,
    kind: u16,
    value: &'b [u8],
}

#[derive(Default)]
struct Wrapped<'b> {
    message: Vec<Raw<'b>>,
    recipients: Vec<Vec<Raw<'b>>>,
    attachments: Vec<Vec<Raw<'b>>>,
    names: Names,
    properties: usize,
    is_cut: bool,
}

impl<'b> Wrapped<'b> {
    fn of(bytes: &'b [u8]) -> Self {
        let mut item = Self::default();
        let mut rest = bytes.get(HEADER..).unwrap_or_default();
        // A mail may have put a line break behind it.
        while !rest.iter().all(u8::is_ascii_whitespace) {
            let Some((attribute, value, after)) = attribute(rest) else {
                item.is_cut = true;
                break;
            };
            item.attribute(attribute, value);
            rest = after;
        }
        item
    }

    fn attribute(&mut self, attribute: u32, value: &'b [u8]) {
        let text = |number| Raw {
            number,
            kind: NARROW,
            value,
        };
        match attribute {
            FROM => self.message.extend(sender(value).into_iter().flatten()),
            SUBJECT => self.message.push(text(SUBJECT_TEXT)),
            BODY => self.message.push(text(BODY_TEXT)),
            MESSAGE_PROPERTIES => {
                let (properties, _) = self.list(value);
                self.message.extend(properties);
            }
            RECIPIENTS => self.recipients(value),
            ATTACHMENT => self.attachments.push(Vec::new()),
            ATTACHMENT_TITLE => self.attached([text(SHORT_NAME)]),
            ATTACHMENT_DATA => self.attached([Raw {
                number: CONTENT,
                kind: BINARY,
                value,
            }]),
            ATTACHMENT_PROPERTIES => {
                let (properties, _) = self.list(value);
                self.attached(properties);
            }
            _ => {}
        }
    }

    /// Of the attachment begun last.
    fn attached(&mut self, properties: impl IntoIterator<Item = Raw<'b>>) {
        if let Some(last) = self.attachments.last_mut() {
            last.extend(properties);
        }
    }

    fn recipients(&mut self, value: &'b [u8]) {
        let mut rest = value.get(4..).unwrap_or_default();
        while !rest.is_empty() && self.properties < MOST_PROPERTIES {
            let (recipient, after) = self.list(rest);
            self.recipients.push(recipient);
            rest = after;
        }
    }

    /// How many properties, and these; what follows them.
    fn list(&mut self, bytes: &'b [u8]) -> (Vec<Raw<'b>>, &'b [u8]) {
        let mut properties = Vec::new();
        let Some(count) = u32_at(bytes, 0) else {
            self.is_cut = true;
            return (properties, &[]);
        };
        let mut rest = bytes.get(4..).unwrap_or_default();
        for _ in 0..count {
            self.properties += 1;
            let after = (self.properties < MOST_PROPERTIES)
                .then(|| self.property(rest, &mut properties))
                .flatten();
            let Some(after) = after else {
                self.is_cut = true;
                return (properties, &[]);
            };
            rest = after;
        }
        // A list of nothing is counted too: a recipient may be one.
        self.properties += 1;
        (properties, rest)
    }

    /// Its type, its number, its name where the number has none of its own, then its values ([MS-OXTNEF] 2.1.3.4).
    fn property(&mut self, bytes: &'b [u8], properties: &mut Vec<Raw<'b>>) -> Option<&'b [u8]> {
        let (kind, mut number) = (u16_at(bytes, 0)?, u16_at(bytes, 2)?);
        let mut rest = bytes.get(4..)?;
        if number >= super::names::FIRST {
            let (name, after) = name(rest)?;
            number = self.names.number(name);
            rest = after;
        }
        let fixed = fixed_length(kind);
        let is_counted = is_many(kind) || fixed.is_none();
        let count = if is_counted {
            let count = u32_at(rest, 0)?;
            rest = rest.get(4..)?;
            count
        } else {
            1
        };
        for _ in 0..count {
            let length = match fixed {
                Some(length) => length,
                None => {
                    let length = size_at(rest, 0)?;
                    rest = rest.get(4..)?;
                    length
                }
            };
            let value = rest.get(..length)?;
            rest = rest.get(padded(length)..)?;
            self.properties += 1;
            if self.properties >= MOST_PROPERTIES {
                return None;
            }
            properties.push(Raw {
                number,
                kind,
                value,
            });
        }
        Some(rest)
    }
}

impl<'b> Item for Wrapped<'b> {
    type Place = Vec<Raw<'b>>;

    fn properties(&mut self, _: &Reading<'_>) -> io::Result<Vec<Property>> {
        Ok(read(&self.message))
    }

    fn recipients(&mut self, _: &Reading<'_>) -> io::Result<Vec<Vec<Property>>> {
        let recipients = self.recipients.iter();
        Ok(recipients.map(|recipient| read(recipient)).collect())
    }

    fn names(&self) -> &Names {
        &self.names
    }

    fn open(&mut self, number: u16) -> io::Result<Option<(Kind, Box<dyn Read + '_>)>> {
        let mut same = self.message.iter().filter(|raw| raw.number == number);
        Ok(same.find_map(|raw| {
            let kind = text_kind(raw.kind).or_else(|| (raw.kind == BINARY).then_some(Kind::Binary));
            // A zero ends each text.
            let text = match kind? {
                Kind::Wide => raw.value.strip_suffix(b"\0\0"),
                Kind::Narrow => raw.value.strip_suffix(b"\0"),
                Kind::Binary => None,
            };
            let value = Cursor::new(text.unwrap_or(raw.value));
            Some((kind?, Box::new(value) as Box<dyn Read>))
        }))
    }

    fn attachments(&mut self, _: &Reading<'_>) -> io::Result<Vec<Vec<Raw<'b>>>> {
        Ok(std::mem::take(&mut self.attachments))
    }

    fn attachment(
        &mut self,
        rank: usize,
        place: &Vec<Raw<'b>>,
        reading: &mut Reading<'_>,
    ) -> io::Result<()> {
        let name = super::attachment_name(&read(place), rank);
        let content = place
            .iter()
            .filter_map(|raw| match (raw.number, raw.kind) {
                (CONTENT, BINARY) => Some(raw.value),
                (CONTENT, OBJECT) => raw.value.get(OBJECT_SORT..),
                _ => None,
            })
            .max_by_key(|content| content.len());
        match content {
            Some(mut content) => reading.member(&name, &mut content, None),
            // The file is somewhere else.
            None => Ok(()),
        }
    }
}

fn read(properties: &[Raw<'_>]) -> Vec<Property> {
    let longest = usize::try_from(LONGEST_TEXT).unwrap_or(usize::MAX);
    let read = |raw: &Raw<'_>| match text_kind(raw.kind) {
        Some(_) if BODIES.contains(&raw.number) => None,
        Some(kind) => {
            let value = raw.value.get(..longest).unwrap_or(raw.value);
            Some(Property::text(raw.number, kind, value))
        }
        None => {
            let mut value = [0; 8];
            raw.value
                .take(8)
                .read_exact(value.get_mut(..raw.value.len().min(8))?)
                .ok()?;
            Property::fixed(raw.number, raw.kind, value)
        }
    };
    properties.iter().filter_map(read).collect()
}

/// Which one, what it holds, and what follows it: a level, the attribute, a length, as many bytes, a sum.
fn attribute(bytes: &[u8]) -> Option<(u32, &[u8], &[u8])> {
    const BEFORE: usize = 9;
    const SUM: usize = 2;
    let attribute = u32_at(bytes, 1)?;
    let length = size_at(bytes, 5)?;
    let (value, after) = bytes.get(BEFORE..)?.split_at_checked(length)?;
    Some((attribute, value, after.get(SUM..)?))
}

/// Whose property it is, then its number or its letters.
fn name(bytes: &[u8]) -> Option<(Name, &[u8])> {
    const WHOSE: usize = 16;
    let rest = bytes.get(WHOSE..)?;
    let what = u32_at(rest, 4)?;
    let after = rest.get(8..)?;
    if u32_at(rest, 0)? == 0 {
        return Some((Name::Known(what), after));
    }
    let length = usize::try_from(what).ok()?;
    let letters = of_utf16(after.get(..length)?);
    let name = Name::Given(letters.trim_matches('\0').to_owned());
    Some((name, after.get(padded(length)..)?))
}

/// How long a value is whose type says so.
fn fixed_length(kind: u16) -> Option<usize> {
    const ONE: u16 = 0x0fff;
    match kind & ONE {
        0x0002 | 0x000b | 0x0003 | 0x0004 | 0x000a => Some(4),
        0x0005 | 0x0006 | 0x0007 | 0x0014 | 0x0040 => Some(8),
        0x0048 => Some(16),
        0x0000 | 0x0001 => Some(0),
        _ => None,
    }
}

/// Everything begins at a multiple of four.
fn padded(length: usize) -> usize {
    length.saturating_add(3) & !3
}

/// Name and address, after four lengths ([MS-OXTNEF] 2.1.3.3.15): `SMTP:nom@exemple.fr`.
fn sender(value: &[u8]) -> Option<[Raw<'_>; 2]> {
    const BEFORE: usize = 8;
    let name_length = usize::from(u16_at(value, 4)?);
    let address_length = usize::from(u16_at(value, 6)?);
    let (name, rest) = value.get(BEFORE..)?.split_at_checked(name_length)?;
    let address = rest.get(..address_length)?;
    let address = address.strip_prefix(b"SMTP:").unwrap_or(address);
    Some(
        [(SENDER_NAME, name), (SENDER_ADDRESS, address)].map(|(number, value)| Raw {
            number,
            kind: NARROW,
            value: value.split(|byte| *byte == 0).next().unwrap_or_default(),
        }),
    )
}
