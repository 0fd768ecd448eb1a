//! Which paragraphs stand in tables, and which end a row: pages of properties of 512 bytes each ([MS-DOC] 2.9.177, PapxFkp).

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use super::pieces::Document;
use crate::extract::bytes::{read_up_to, u16_at, u32_at};

const PAGE: usize = 512;
/// The list of the pages of the longest documents is far below.
const MOST_LIST: u64 = 16 * 1024 * 1024;

/// Properties of paragraphs ([MS-DOC] 2.6.2).
const IN_TABLE: u16 = 0x2416;
const ENDS_ROW: u16 = 0x2417;
/// Two whose length is not written as for the others.
const TABLE_DEFINITION: u16 = 0xd608;

/// Places of the stream, in order.
#[derive(Default)]
pub(super) struct Paragraphs {
    in_table: Vec<Range<u32>>,
    ends_row: Vec<Range<u32>>,
}

impl Paragraphs {
    pub(super) fn read(
        table: &mut Document<'_>,
        (start, length): (usize, usize),
        document: &mut Document<'_>,
    ) -> io::Result<Self> {
        let wide = |size: usize| u64::try_from(size).unwrap_or(u64::MAX);
        table.seek(SeekFrom::Start(wide(start)))?;
        let list = read_up_to(table, wide(length).min(MOST_LIST))?;
        // One more place than pages, four bytes each; then four bytes a page.
        let count = list.len().saturating_sub(4) / 8;
        let mut paragraphs = Self::default();
        for rank in 0..count {
            let Some(number) = u32_at(&list, 4 * (count + 1) + 4 * rank) else {
                break;
            };
            let mut page = [0; PAGE];
            let place = u64::from(number & 0x003f_ffff) * wide(PAGE);
            if document.seek(SeekFrom::Start(place)).is_err()
                || document.read_exact(&mut page).is_err()
            {
                break;
            }
            paragraphs.add(&page);
        }
        paragraphs.in_table.sort_by_key(|range| range.start);
        paragraphs.ends_row.sort_by_key(|range| range.start);
        Ok(paragraphs)
    }

    pub(super) fn is_in_table(&self, place: u32) -> bool {
        holds(&self.in_table, place)
    }

    pub(super) fn ends_row(&self, place: u32) -> bool {
        holds(&self.ends_row, place)
    }

    fn add(&mut self, page: &[u8; PAGE]) {
        let count = usize::from(page[PAGE - 1]);
        for rank in 0..count {
            let place = |rank: usize| u32_at(page, 4 * rank);
            // One more place than paragraphs; then thirteen bytes each, the first of them half the place of its properties.
            let properties = page.get(4 * (count + 1) + 13 * rank).copied();
            let (Some(start), Some(end), Some(properties)) =
                (place(rank), place(rank + 1), properties)
            else {
                return;
            };
            let properties = properties_at(page, 2 * usize::from(properties)).unwrap_or_default();
            if is_set(properties, IN_TABLE) {
                self.in_table.push(start..end);
            }
            if is_set(properties, ENDS_ROW) {
                self.ends_row.push(start..end);
            }
        }
    }
}

fn holds(ranges: &[Range<u32>], place: u32) -> bool {
    let after = ranges.partition_point(|range| range.start <= place);
    let range = after.checked_sub(1).and_then(|before| ranges.get(before));
    range.is_some_and(|range| range.contains(&place))
}

/// The list of properties, behind the style of the paragraph.
fn properties_at(page: &[u8], at: usize) -> Option<&[u8]> {
    if at == 0 {
        return None;
    }
    let (start, length) = match *page.get(at)? {
        0 => (at + 2, 2 * usize::from(*page.get(at + 1)?)),
        half => (at + 1, 2 * usize::from(half) - 1),
    };
    page.get(start..start + length)?.get(2..)
}

/// Whether this property of one byte is in the list, and not zero.
fn is_set(mut list: &[u8], wanted: u16) -> bool {
    while let Some(property) = u16_at(list, 0) {
        let value = list.get(2..).unwrap_or_default();
        if property == wanted {
            return value.first().is_some_and(|value| *value != 0);
        }
        let length = match (property >> 13, property) {
            (_, TABLE_DEFINITION) => u16_at(value, 0).map(|length| usize::from(length) + 1),
            (0 | 1, _) => Some(1),
            (2 | 4 | 5, _) => Some(2),
            (3, _) => Some(4),
            (7, _) => Some(3),
            _ => value.first().map(|length| usize::from(*length) + 1),
        };
        let Some(rest) = length.and_then(|length| value.get(length..)) else {
            return false;
        };
        list = rest;
    }
    false
}
