//! Where Exif and XMP stand in a HEIC or AVIF: items that a table of boxes names (ISO/IEC 14496-12, sections 8.11.3 and
//! 8.11.6; 23008-12, annex A).

use std::io::{self, Read, Seek, SeekFrom};

use super::blocks::read_at;
use super::{Block, BlockKind};
use crate::extract::source::Anywhere;

const MOST_BOXES: usize = 1_000;
const MOST_META_BYTES: u64 = 1024 * 1024;

pub(super) fn blocks(file: &mut Anywhere<'_>) -> io::Result<Vec<Block>> {
    let Some(meta) = meta(file)? else {
        return Ok(Vec::new());
    };
    // A version comes before the boxes inside.
    let inside = meta.get(4..).unwrap_or_default();
    let items = child(inside, b"iinf").map(items).unwrap_or_default();
    let places = child(inside, b"iloc").and_then(places).unwrap_or_default();
    let mut blocks = Vec::new();
    for (id, is_exif) in items {
        let Some((_, start, length)) = places.iter().find(|(known, _, _)| *known == id) else {
            continue;
        };
        if !is_exif {
            blocks.push(Block {
                kind: BlockKind::Xmp,
                start: *start,
                length: *length,
            });
            continue;
        }
        // How far behind this number the TIFF begins.
        let behind = u64::from(u32::from_be_bytes(read_at(file, *start)?));
        blocks.push(Block {
            kind: BlockKind::Exif,
            start: start.saturating_add(4).saturating_add(behind),
            length: *length,
        });
    }
    Ok(blocks)
}

/// The content of the box at the top that describes the others.
fn meta(file: &mut Anywhere<'_>) -> io::Result<Option<Vec<u8>>> {
    let end = file.seek(SeekFrom::End(0))?;
    let mut at = 0_u64;
    for _ in 0..MOST_BOXES {
        if at >= end {
            break;
        }
        let [a, b, c, d, kind @ ..]: [u8; 8] = read_at(file, at)?;
        let (head, length) = match u32::from_be_bytes([a, b, c, d]) {
            0 => (8, end.saturating_sub(at)),
            1 => (16, u64::from_be_bytes(read_at(file, at + 8)?)),
            length => (8, u64::from(length)),
        };
        if length < head {
            return Err(io::ErrorKind::InvalidData.into());
        }
        if &kind == b"meta" {
            file.seek(SeekFrom::Start(at + head))?;
            let mut content = Vec::new();
            file.take((length - head).min(MOST_META_BYTES))
                .read_to_end(&mut content)?;
            return Ok(Some(content));
        }
        at = at.saturating_add(length);
    }
    Ok(None)
}

/// The content of the first box of this name.
fn child<'b>(mut boxes: &'b [u8], name: &[u8; 4]) -> Option<&'b [u8]> {
    while let Some((kind, content, rest)) = next_box(boxes) {
        if kind == name {
            return Some(content);
        }
        boxes = rest;
    }
    None
}

fn next_box(boxes: &[u8]) -> Option<(&[u8; 4], &[u8], &[u8])> {
    let (length, rest) = boxes.split_first_chunk::<4>()?;
    let (kind, rest) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (content, rest) = rest.split_at_checked(length.checked_sub(8)?)?;
    Some((kind, content, rest))
}

/// The items that are Exif (true) or XMP.
fn items(content: &[u8]) -> Vec<(u32, bool)> {
    let mut fields = Fields(content);
    let version = fields.number(1).unwrap_or(0);
    fields.number(3);
    fields.number(if version == 0 { 2 } else { 4 });
    let mut items = Vec::new();
    let mut boxes = fields.0;
    while let Some((kind, content, rest)) = next_box(boxes) {
        if kind == b"infe" {
            items.extend(item(content));
        }
        boxes = rest;
    }
    items
}

fn item(content: &[u8]) -> Option<(u32, bool)> {
    let mut fields = Fields(content);
    let version = fields.number(1)?;
    fields.number(3)?;
    let id = fields.number(if version == 2 { 2 } else { 4 })?;
    fields.number(2)?;
    let id = u32::try_from(id).ok()?;
    let (kind, rest) = fields.0.split_first_chunk::<4>()?;
    match kind {
        b"Exif" => Some((id, true)),
        b"mime" => {
            let mut names = rest.split(|byte| *byte == 0).skip(1);
            (names.next() == Some(b"application/rdf+xml")).then_some((id, false))
        }
        _ => None,
    }
}

/// Of every item that stands in one piece in the file: its number, start and length.
fn places(content: &[u8]) -> Option<Vec<(u32, u64, u64)>> {
    let mut fields = Fields(content);
    let version = fields.number(1)?;
    fields.number(3)?;
    let sizes = usize::try_from(fields.number(2)?).ok()?;
    let [offset_size, length_size] = [sizes >> 12, (sizes >> 8) & 15];
    let [base_size, index_size] = [(sizes >> 4) & 15, sizes & 15];
    let wide = if version < 2 { 2 } else { 4 };
    let count = fields.number(wide)?;
    let mut places = Vec::new();
    for _ in 0..count {
        let id = u32::try_from(fields.number(wide)?).ok()?;
        let method = if version == 0 { 0 } else { fields.number(2)? };
        fields.number(2)?;
        let base = fields.number(base_size)?;
        let extents = fields.number(2)?;
        for rank in 0..extents {
            if version > 0 {
                fields.number(index_size)?;
            }
            let offset = fields.number(offset_size)?;
            let length = fields.number(length_size)?;
            if rank == 0 && method & 15 == 0 {
                places.push((id, base.saturating_add(offset), length));
            }
        }
    }
    Some(places)
}

/// Numbers of any length, one after the other, the highest byte first.
struct Fields<'f>(&'f [u8]);

impl Fields<'_> {
    fn number(&mut self, length: usize) -> Option<u64> {
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        let number = bytes
            .iter()
            .fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
        Some(number)
    }
}
