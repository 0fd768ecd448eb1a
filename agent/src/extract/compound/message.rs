//! One item of Outlook (`.msg`, `.oft`): a storage of properties, with a storage for each recipient and each attachment
//! ([MS-OXMSG]).
//!
//! A property is a stream whose name is its number and its type, `__substg1.0_0037001F`; those of eight bytes or less stand
//! together in a stream. Our own reader over `cfb`: `msg_parser` reads no contacts and holds attachments in memory.
//!
//! In: a storage. Out: what [`outlook`] gives of an item.

use std::io::{self, Read};
use std::rc::Rc;

use super::{Contents, Storage, document, embedded};
use crate::extract::Outcome;
use crate::extract::bytes::{read_up_to, u16_at};
use crate::extract::outlook::{
    self, BODIES, Item, Kind, LONGEST_TEXT, Names, Property, is_many, text_kind,
};
use crate::extract::reading::Reading;

const MEDIA_TYPE: &str = "application/vnd.ms-outlook";

/// The stream that every item, recipient and attachment has.
const PROPERTIES: &str = "__properties_version1.0";
const VALUE: &str = "__substg1.0_";
const RECIPIENT: &str = "__recip_version1.0_#";
const ATTACHMENT: &str = "__attach_version1.0_#";
const NAMES: &str = "__nameid_version1.0";

/// What an attachment holds: bytes, or a storage.
const CONTENT: &str = "__substg1.0_37010102";
const OBJECT: &str = "__substg1.0_3701000D";

/// Before the short properties of the file itself, of a message in a message, of a recipient or an attachment.
const OF_A_FILE: usize = 32;
const OF_A_MESSAGE: usize = 24;
const OF_A_PART: usize = 8;

pub(super) fn is_one(storage: &Storage<'_, '_>) -> bool {
    storage.has(PROPERTIES)
}

pub(super) fn extract(
    mut file: Storage<'_, '_>,
    reading: &mut Reading<'_>,
) -> io::Result<Outcome<'static>> {
    let mut named = file.inner(NAMES);
    let entries = value(&mut named, "__substg1.0_00030102", reading)?;
    let texts = value(&mut named, "__substg1.0_00040102", reading)?;
    let names = Rc::new(Names::of(&entries, &texts));
    message(file, OF_A_FILE, names, reading)
}

fn message(
    storage: Storage<'_, '_>,
    header: usize,
    names: Rc<Names>,
    reading: &mut Reading<'_>,
) -> io::Result<Outcome<'static>> {
    let mut message = Message {
        storage,
        header,
        names,
    };
    Ok(Outcome {
        media_type: MEDIA_TYPE,
        coverage: outlook::extract(&mut message, reading)?,
    })
}

struct Message<'c, 'f> {
    storage: Storage<'c, 'f>,
    /// How long the header of its properties is.
    header: usize,
    names: Rc<Names>,
}

impl Item for Message<'_, '_> {
    type Place = String;

    fn properties(&mut self, reading: &Reading<'_>) -> io::Result<Vec<Property>> {
        properties(&mut self.storage, self.header, reading)
    }

    fn recipients(&mut self, reading: &Reading<'_>) -> io::Result<Vec<Vec<Property>>> {
        let recipients = entries(&self.storage, RECIPIENT, reading)?;
        let read = recipients
            .iter()
            .map(|name| properties(&mut self.storage.inner(name), OF_A_PART, reading));
        read.collect()
    }

    fn names(&self) -> &Names {
        &self.names
    }

    fn open(&mut self, number: u16) -> io::Result<Option<(Kind, Box<dyn Read + '_>)>> {
        for (kind, written) in [
            (Kind::Wide, "001F"),
            (Kind::Narrow, "001E"),
            (Kind::Binary, "0102"),
        ] {
            let name = format!("{VALUE}{number:04X}{written}");
            if self.storage.has(&name) {
                return Ok(Some((kind, Box::new(self.storage.stream(&name)?))));
            }
        }
        Ok(None)
    }

    fn attachments(&mut self, reading: &Reading<'_>) -> io::Result<Vec<String>> {
        entries(&self.storage, ATTACHMENT, reading)
    }

    fn attachment(
        &mut self,
        rank: usize,
        place: &String,
        reading: &mut Reading<'_>,
    ) -> io::Result<()> {
        let mut attachment = self.storage.inner(place);
        let properties = properties(&mut attachment, OF_A_PART, reading)?;
        let name = outlook::attachment_name(&properties, rank);
        if attachment.has(CONTENT) {
            return reading.member(&name, &mut attachment.stream(CONTENT)?, None);
        }
        // Otherwise a storage; or nothing, where the file is somewhere else.
        let mut object = attachment.inner(OBJECT);
        if is_one(&object) {
            let names = Rc::clone(&self.names);
            return reading.part_as_member(&name, MEDIA_TYPE, |reading| {
                message(object, OF_A_MESSAGE, names, reading)
            });
        }
        let contents = Contents::of(&object, reading.limits().entries);
        if let Some(kind) = contents.kind {
            reading.part_as_member(&name, kind.media_type(), |reading| {
                document(kind, &mut object, reading)
            })?;
        }
        for inner in &contents.objects {
            embedded(inner, &name, object.compound, reading)?;
        }
        Ok(())
    }
}

/// The texts of a storage, and what stands in its stream of short values.
fn properties(
    storage: &mut Storage<'_, '_>,
    header: usize,
    reading: &Reading<'_>,
) -> io::Result<Vec<Property>> {
    let mut properties = Vec::new();
    for name in entries(storage, VALUE, reading)? {
        let tag = name.get(VALUE.len()..VALUE.len() + 8);
        let tag = tag.and_then(|tag| u32::from_str_radix(tag, 16).ok());
        let Some([a, b, c, d]) = tag.map(u32::to_be_bytes) else {
            continue;
        };
        let (number, kind) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
        // The lengths of the texts of a list have the name of the list itself.
        let is_list_of_lengths = is_many(kind) && name.len() == VALUE.len() + 8;
        let Some(kind) = text_kind(kind).filter(|_| !is_list_of_lengths) else {
            continue;
        };
        if BODIES.contains(&number) {
            continue;
        }
        match value(storage, &name, reading) {
            Ok(bytes) => properties.push(Property::text(number, kind, &bytes)),
            Err(error) if reading.is_over() => return Err(error),
            // One that is damaged says nothing of the others.
            Err(_) => continue,
        }
    }
    let fixed = value(storage, PROPERTIES, reading)?;
    let (fixed, _) = fixed.get(header..).unwrap_or_default().as_chunks::<16>();
    properties.extend(fixed.iter().filter_map(|property| {
        let (kind, number) = (u16_at(property, 0)?, u16_at(property, 2)?);
        Property::fixed(number, kind, *property.last_chunk()?)
    }));
    Ok(properties)
}

/// The first bytes of a stream, none where there is no such stream.
fn value(storage: &mut Storage<'_, '_>, name: &str, reading: &Reading<'_>) -> io::Result<Vec<u8>> {
    if !storage.has(name) {
        return Ok(Vec::new());
    }
    let mut stream = storage.stream(name)?;
    read_up_to(&mut reading.part(&mut stream), LONGEST_TEXT)
}

/// The names in a storage that begin so.
fn entries(
    storage: &Storage<'_, '_>,
    beginning: &str,
    reading: &Reading<'_>,
) -> io::Result<Vec<String>> {
    let most = usize::try_from(reading.limits().entries).unwrap_or(usize::MAX);
    let entries = storage.compound.read_storage(&storage.name)?;
    let named = entries.filter(|entry| entry.name().starts_with(beginning));
    Ok(named
        .take(most)
        .map(|entry| entry.name().to_owned())
        .collect())
}
