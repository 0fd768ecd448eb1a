//! An item, or what belongs to one, as a mailbox keeps it: a node with properties, and nodes inside for what is long
//! ([MS-PST] 2.4.5, 2.4.6).

use std::io::{self, Cursor, Read};

use super::file::{Mailbox, damaged};
use super::heap::{Heap, Record, is_in_heap};
use super::node::{Bytes, Node};
use crate::extract::Outcome;
use crate::extract::bytes::u32_at;
use crate::extract::outlook::properties::{Value, is_many};
use crate::extract::outlook::{
    self, BODIES, Item, Kind, LONGEST_TEXT, Names, Property, attachment_name, text_kind,
};
use crate::extract::reading::Reading;

const ATTACHMENT: u32 = 0x05;
/// The table of the recipients of a message.
const RECIPIENTS: u32 = 0x692;

const BINARY: u16 = 0x0102;
const OBJECT: u16 = 0x000d;
const TIME: u16 = 0x0040;
const CONTENT: u16 = 0x3701;
const METHOD: u16 = 0x3705;
/// The attachment is a message.
const EMBEDDED: u32 = 5;

pub(super) struct Stored<'m, 'f> {
    mailbox: &'m mut Mailbox<'f>,
    node: Node,
    heap: Heap,
    records: Vec<Record>,
    properties: Vec<Property>,
    names: &'m Names,
}

impl<'m, 'f> Stored<'m, 'f> {
    pub(super) fn new(
        mailbox: &'m mut Mailbox<'f>,
        node: Node,
        names: &'m Names,
        reading: &Reading<'_>,
    ) -> io::Result<Self> {
        let mut heap = Heap::open(mailbox, node.blocks.clone())?;
        let records = heap.records(mailbox)?;
        let mut stored = Self {
            mailbox,
            node,
            heap,
            records: Vec::new(),
            properties: Vec::new(),
            names,
        };
        stored.properties = stored.read(&records, reading)?;
        stored.records = records;
        Ok(stored)
    }

    /// Its properties, until [`Item::properties`] takes them.
    pub(super) fn known(&self) -> &[Property] {
        &self.properties
    }

    /// The first bytes of a property, none where it is not there.
    pub(super) fn value(&mut self, number: u16, reading: &Reading<'_>) -> io::Result<Vec<u8>> {
        match self.record(number, BINARY) {
            Some(record) => self.bytes(record.value, reading),
            None => Ok(Vec::new()),
        }
    }

    fn record(&self, number: u16, kind: u16) -> Option<Record> {
        let mut same = self.records.iter();
        let same = same.find(|record| (record.number, record.kind) == (number, kind));
        same.copied()
    }

    /// What is short of these. One that is damaged says nothing of the others.
    fn read(&mut self, records: &[Record], reading: &Reading<'_>) -> io::Result<Vec<Property>> {
        let mut properties = Vec::new();
        for record in records {
            let text = text_kind(record.kind).filter(|_| !BODIES.contains(&record.number));
            let fixed = match record.kind {
                _ if text.is_some() => None,
                TIME => Some(self.heap.value(self.mailbox, record.value)),
                _ => Some(Ok(record.value.to_le_bytes().to_vec())),
            };
            if let Some(Ok(mut bytes)) = fixed {
                bytes.resize(8, 0);
                let value = bytes.first_chunk().copied().unwrap_or_default();
                properties.extend(Property::fixed(record.number, record.kind, value));
            }
            let Some(kind) = text else {
                continue;
            };
            match self.bytes(record.value, reading) {
                Ok(bytes) if is_many(record.kind) => {
                    let texts = many(&bytes);
                    properties.extend(texts.map(|text| Property::text(record.number, kind, text)));
                }
                Ok(bytes) => properties.push(Property::text(record.number, kind, &bytes)),
                Err(error) if reading.is_over() => return Err(error),
                Err(_) => {}
            }
        }
        Ok(properties)
    }

    fn bytes(&mut self, place: u32, reading: &Reading<'_>) -> io::Result<Vec<u8>> {
        let bytes = if is_in_heap(place) {
            self.heap.value(self.mailbox, place)?
        } else {
            let entry = self.node.inner(place).ok_or_else(damaged)?;
            let node = Node::open(self.mailbox, &entry)?;
            let mut bytes = Vec::new();
            let stream = Bytes::new(self.mailbox, node.blocks);
            stream.take(LONGEST_TEXT).read_to_end(&mut bytes)?;
            bytes
        };
        reading.expand(bytes.len())?;
        Ok(bytes)
    }

    fn stream(&mut self, place: u32) -> io::Result<Box<dyn Read + '_>> {
        if is_in_heap(place) {
            return Ok(Box::new(Cursor::new(self.heap.value(self.mailbox, place)?)));
        }
        let entry = self.node.inner(place).ok_or_else(damaged)?;
        let node = Node::open(self.mailbox, &entry)?;
        Ok(Box::new(Bytes::new(self.mailbox, node.blocks)))
    }

    /// What is attached here.
    fn content(mut self, name: &str, reading: &mut Reading<'_>) -> io::Result<()> {
        if let Some(record) = self.record(CONTENT, BINARY) {
            return reading.member(name, &mut *self.stream(record.value)?, None);
        }
        // Otherwise a node inside; or nothing, where the file is somewhere else.
        let Some(record) = self.record(CONTENT, OBJECT) else {
            return Ok(());
        };
        let object = self.heap.value(self.mailbox, record.value)?;
        let number = u32_at(&object, 0).ok_or_else(damaged)?;
        let entry = self.node.inner(number).ok_or_else(damaged)?;
        let is_message = self.properties.iter().any(|property| {
            property.number == METHOD && matches!(property.value, Value::Number(EMBEDDED))
        });
        let Self { mailbox, names, .. } = self;
        let node = Node::open(mailbox, &entry)?;
        if !is_message {
            return reading.member(name, &mut Bytes::new(mailbox, node.blocks), None);
        }
        let media_type = "application/vnd.ms-outlook";
        reading.part_as_member(name, media_type, |reading| {
            let mut message = Stored::new(mailbox, node, names, reading)?;
            Ok(Outcome {
                media_type,
                coverage: outlook::extract(&mut message, reading)?,
            })
        })
    }
}

impl Item for Stored<'_, '_> {
    type Place = super::NodeEntry;

    fn properties(&mut self, _: &Reading<'_>) -> io::Result<Vec<Property>> {
        Ok(std::mem::take(&mut self.properties))
    }

    fn recipients(&mut self, reading: &Reading<'_>) -> io::Result<Vec<Vec<Property>>> {
        let Some(entry) = self.node.inner(RECIPIENTS) else {
            return Ok(Vec::new());
        };
        let node = Node::open(self.mailbox, &entry)?;
        let mut heap = Heap::open(self.mailbox, node.blocks.clone())?;
        let rows = heap.rows(self.mailbox, |mailbox, number| {
            let entry = node.inner(number).ok_or_else(damaged)?;
            Ok(Node::open(mailbox, &entry)?.blocks)
        })?;
        let mut table = Stored {
            mailbox: &mut *self.mailbox,
            node,
            heap,
            records: Vec::new(),
            properties: Vec::new(),
            names: self.names,
        };
        rows.iter().map(|row| table.read(row, reading)).collect()
    }

    fn names(&self) -> &Names {
        self.names
    }

    fn open(&mut self, number: u16) -> io::Result<Option<(Kind, Box<dyn Read + '_>)>> {
        for (kind, written) in [
            (Kind::Wide, 0x001f),
            (Kind::Narrow, 0x001e),
            (Kind::Binary, BINARY),
        ] {
            if let Some(record) = self.record(number, written) {
                return Ok(Some((kind, self.stream(record.value)?)));
            }
        }
        Ok(None)
    }

    fn attachments(&mut self, _: &Reading<'_>) -> io::Result<Vec<super::NodeEntry>> {
        Ok(self.node.inner_of_kind(ATTACHMENT).collect())
    }

    fn attachment(
        &mut self,
        rank: usize,
        entry: &super::NodeEntry,
        reading: &mut Reading<'_>,
    ) -> io::Result<()> {
        let node = Node::open(self.mailbox, entry)?;
        let attachment = Stored::new(self.mailbox, node, self.names, reading)?;
        let name = attachment_name(attachment.known(), rank);
        attachment.content(&name, reading)
    }
}

/// The texts of a list: how many they are, where each begins, and all of them.
fn many(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let place = |rank: usize| usize::try_from(u32_at(bytes, 4 + 4 * rank)?).ok();
    let count = u32_at(bytes, 0).and_then(|count| usize::try_from(count).ok());
    let count = count.unwrap_or(0).min(bytes.len() / 4);
    (0..count).filter_map(move |rank| {
        let end = if rank + 1 == count {
            bytes.len()
        } else {
            place(rank + 1)?
        };
        bytes.get(place(rank)?..end)
    })
}
