//! Blocks of RAR 1.5 to 4: a head of seven bytes, then what its type says.

use std::io::{self, Read};

use super::{Block, Entry};
use crate::extract::chars::Encoding;
use crate::extract::source::Anywhere;
use crate::extract::text::decode;

const MAIN: u8 = 0x73;
const FILE: u8 = 0x74;
const END: u8 = 0x7b;
const STORED: u8 = 0x30;

/// Flags of the main block, of files, and of any block.
const HEADERS_LOCKED: u16 = 0x0080;
const CONTINUED: u16 = 0x0003;
const LOCKED: u16 = 0x0004;
const FOLDER: u16 = 0x00e0;
const LARGE: u16 = 0x0100;
const UNICODE: u16 = 0x0200;
const HAS_CONTENT: u16 = 0x8000;

/// The block at the place where the file stands; where its content begins, and the next one.
pub(super) fn block(file: &mut Anywhere<'_>, at: u64) -> io::Result<(Block, u64, u64)> {
    let mut head = [0; 7];
    file.read_exact(&mut head)?;
    let [_, _, kind, flags @ .., size_low, size_high] = head;
    let [low, high] = flags;
    let flags = u16::from_le_bytes([low, high]);
    let size = u16::from_le_bytes([size_low, size_high]);
    let mut rest = Vec::new();
    let rest_length = size.checked_sub(7).ok_or(io::ErrorKind::InvalidData)?;
    file.take(u64::from(rest_length)).read_to_end(&mut rest)?;
    let mut fields = Fields(&rest);
    let mut content_length = 0;
    if kind == FILE || flags & HAS_CONTENT != 0 {
        content_length = fields.number(4).ok_or(io::ErrorKind::UnexpectedEof)?;
    }
    let block = match kind {
        MAIN if flags & HEADERS_LOCKED != 0 => Block::Locked,
        FILE => {
            let (entry, high) = entry(&mut fields, flags).ok_or(io::ErrorKind::UnexpectedEof)?;
            content_length |= high << 32;
            Block::File(entry)
        }
        END => Block::End,
        _ => Block::Other,
    };
    let content = at.saturating_add(u64::from(size));
    Ok((block, content, content.saturating_add(content_length)))
}

/// And the high half of the length of its content.
fn entry(fields: &mut Fields<'_>, flags: u16) -> Option<(Entry, u64)> {
    let mut size_bytes = fields.number(4)?;
    // The system, a sum, a time and a version.
    fields.skip(1 + 4 + 4 + 1)?;
    let method = fields.number(1)?;
    let name_length = usize::try_from(fields.number(2)?).ok()?;
    fields.skip(4)?;
    let mut high = 0;
    if flags & LARGE != 0 {
        high = fields.number(4)?;
        size_bytes |= fields.number(4)? << 32;
    }
    let name = fields.0.get(..name_length)?;
    let entry = Entry {
        name: name_of(name, flags & UNICODE != 0),
        size_bytes,
        is_folder: flags & FOLDER == FOLDER,
        is_locked: flags & LOCKED != 0,
        is_stored: method == u64::from(STORED) && flags & CONTINUED == 0,
    };
    Some((entry, high))
}

/// Behind a name in a code page and a zero stands the same one in Unicode, unless the first one is UTF-8 itself.
fn name_of(name: &[u8], has_unicode: bool) -> String {
    let mut halves = name.splitn(2, |byte| *byte == 0);
    let plain = halves.next().unwrap_or_default();
    let packed = halves
        .next()
        .filter(|packed| has_unicode && !packed.is_empty());
    let name = match packed {
        Some(packed) => unpacked(plain, packed),
        None => decode(plain, Encoding::Undecided),
    };
    name.replace('\\', "/").replace(char::is_control, "")
}

/// Two bits a letter, four letters a byte of flags: a byte, a byte under the common high one, a pair, or a run of letters of
/// the plain name.
fn unpacked(plain: &[u8], packed: &[u8]) -> String {
    let mut units: Vec<u16> = Vec::new();
    let mut bytes = packed.iter().copied();
    let high = u16::from(bytes.next().unwrap_or(0)) << 8;
    'bytes: while let Some(flags) = bytes.next() {
        for turn in [6, 4, 2, 0] {
            let Some(byte) = bytes.next() else {
                break 'bytes;
            };
            let low = u16::from(byte);
            match flags >> turn & 3 {
                0 => units.push(low),
                1 => units.push(high | low),
                2 => units.push(low | u16::from(bytes.next().unwrap_or(0)) << 8),
                _ => {
                    let correction = (byte & 0x80 != 0).then(|| bytes.next().unwrap_or(0));
                    let count = usize::from(byte & 0x7f) + 2;
                    let letters = plain.get(units.len()..).unwrap_or_default();
                    let letters = letters.iter().take(count);
                    units.extend(letters.map(|letter| match correction {
                        Some(correction) => high | u16::from(letter.wrapping_add(correction)),
                        None => u16::from(*letter),
                    }));
                }
            }
        }
    }
    String::from_utf16_lossy(&units)
}

/// Numbers of any length, one after the other, the lowest byte first.
struct Fields<'f>(&'f [u8]);

impl Fields<'_> {
    fn number(&mut self, length: usize) -> Option<u64> {
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        let number = bytes
            .iter()
            .rev()
            .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        Some(number)
    }

    fn skip(&mut self, length: usize) -> Option<()> {
        self.0 = self.0.get(length..)?;
        Some(())
    }
}
