//! Blocks of RAR 5: numbers of seven bits a byte, and areas of extra records.

use std::io::{self, Read};

use super::{Block, Entry};
use crate::extract::chars::Encoding;
use crate::extract::source::Anywhere;
use crate::extract::text::decode;

const FILE: u64 = 2;
const LOCKS: u64 = 4;
const END: u64 = 5;

/// Flags of any block.
const HAS_EXTRA: u64 = 0x01;
const HAS_CONTENT: u64 = 0x02;
const CONTINUED: u64 = 0x18;
/// Flags of a file.
const FOLDER: u64 = 0x01;
const HAS_TIME: u64 = 0x02;
const HAS_SUM: u64 = 0x04;
/// The extra record of a file that is under a password.
const LOCK: u64 = 1;
/// Headers are smaller, says the format.
const MOST_HEADER_BYTES: u64 = 2 * 1024 * 1024;

/// The block at the place where the file stands; where its content begins, and the next one.
pub(super) fn block(file: &mut Anywhere<'_>, at: u64) -> io::Result<(Block, u64, u64)> {
    let mut sum = [0; 4];
    file.read_exact(&mut sum)?;
    let (size, digits) = number(file)?;
    if size == 0 || size > MOST_HEADER_BYTES {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut header = Vec::new();
    file.take(size).read_to_end(&mut header)?;
    let mut fields = header.as_slice();
    let (kind, _) = number(&mut fields)?;
    let (flags, _) = number(&mut fields)?;
    let mut field = |is_there: bool| match is_there {
        true => number(&mut fields).map(|(value, _)| value),
        false => Ok(0),
    };
    let extra_length = field(flags & HAS_EXTRA != 0)?;
    let content_length = field(flags & HAS_CONTENT != 0)?;
    let block = match kind {
        LOCKS => Block::Locked,
        END => Block::End,
        FILE => {
            let extra_length = usize::try_from(extra_length).unwrap_or(usize::MAX);
            let middle = fields.len().checked_sub(extra_length);
            let parts = middle.and_then(|middle| fields.split_at_checked(middle));
            let (fields, extra) = parts.ok_or(io::ErrorKind::InvalidData)?;
            let mut entry = entry(fields)?;
            entry.is_locked = is_locked(extra);
            entry.is_stored &= flags & CONTINUED == 0;
            Block::File(entry)
        }
        _ => Block::Other,
    };
    let content = at.saturating_add(4 + digits).saturating_add(size);
    Ok((block, content, content.saturating_add(content_length)))
}

fn entry(mut fields: &[u8]) -> io::Result<Entry> {
    let mut next = || number(&mut fields).map(|(value, _)| value);
    let flags = next()?;
    let size_bytes = next()?;
    let _attributes = next()?;
    for flag in [HAS_TIME, HAS_SUM] {
        if flags & flag != 0 {
            fields.read_exact(&mut [0; 4])?;
        }
    }
    let mut next = || number(&mut fields).map(|(value, _)| value);
    let compression = next()?;
    let _system = next()?;
    let name_length = usize::try_from(next()?).unwrap_or(usize::MAX);
    let name = fields
        .get(..name_length)
        .ok_or(io::ErrorKind::UnexpectedEof)?;
    Ok(Entry {
        name: decode(name, Encoding::Utf8).replace(char::is_control, ""),
        size_bytes,
        is_folder: flags & FOLDER != 0,
        is_locked: false,
        is_stored: compression >> 7 & 7 == 0,
    })
}

fn is_locked(mut extra: &[u8]) -> bool {
    while let Ok((size, _)) = number(&mut extra) {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let Some((mut record, rest)) = extra.split_at_checked(size) else {
            return false;
        };
        if matches!(number(&mut record), Ok((LOCK, _))) {
            return true;
        }
        extra = rest;
    }
    false
}

/// And how many bytes it fills.
fn number(bytes: &mut (impl Read + ?Sized)) -> io::Result<(u64, u64)> {
    let mut value = 0;
    for digits in 0..10 {
        let mut byte = [0];
        bytes.read_exact(&mut byte)?;
        let [byte] = byte;
        value |= u64::from(byte & 0x7f) << (7 * digits);
        if byte & 0x80 == 0 {
            return Ok((value, digits + 1));
        }
    }
    Err(io::ErrorKind::InvalidData.into())
}
