//! Who changed the document and who commented it: two lists of names.

use std::io::{self, Seek, SeekFrom};

use super::pieces::Document;
use crate::extract::bytes::{of_utf16, read_up_to, u16_at};

pub(super) const PLACE: &str = "auteurs des modifications et des commentaires";

/// Where the header says where they are ([MS-DOC] 2.5.6: SttbfRMark, GrpXstAtnOwners).
const OF_CHANGES: usize = 0x232;
const OF_COMMENTS: usize = 0x1ba;
const MOST_BYTES: u64 = 1024 * 1024;

/// One name a line. `block` tells the start and the length of what the header names at a place.
pub(super) fn read(
    table: &mut Document<'_>,
    block: &dyn Fn(usize) -> Option<(usize, usize)>,
) -> io::Result<String> {
    let mut names = Vec::new();
    for (list, header) in [(OF_CHANGES, CHANGES_HEADER), (OF_COMMENTS, 0)] {
        let Some((start, length)) = block(list).filter(|(_, length)| *length > header) else {
            continue;
        };
        let wide = |size: usize| u64::try_from(size).unwrap_or(u64::MAX);
        table.seek(SeekFrom::Start(wide(start)))?;
        let bytes = read_up_to(table, wide(length).min(MOST_BYTES))?;
        names.extend(strings(bytes.get(header..).unwrap_or_default()));
    }
    names.dedup();
    Ok(names.iter().map(|name| format!("{name}\n")).collect())
}

/// That the names are in UTF-16, how many they are, and that nothing stands between them.
const CHANGES_HEADER: usize = 6;

/// Texts behind their lengths, one after another.
fn strings(mut bytes: &[u8]) -> Vec<String> {
    let mut strings = Vec::new();
    while let Some(letters) = u16_at(bytes, 0) {
        let end = 2 + 2 * usize::from(letters);
        let Some(name) = bytes.get(2..end) else {
            break;
        };
        strings.push(of_utf16(name));
        bytes = bytes.get(end..).unwrap_or_default();
    }
    strings
}
