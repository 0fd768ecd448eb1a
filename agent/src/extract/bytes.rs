//! Numbers of the little-endian kind, at a place of some bytes or next in a stream, and texts of Windows.
//!
//! Called by the readers of Microsoft's formats, and of others that write numbers that way round.

use std::io::{self, Read};

use encoding_rs::WINDOWS_1252;

/// Names that a person sees are shorter.
const LONGEST_NAME: usize = 1024;

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let found = bytes.get(at..)?.first_chunk()?;
    Some(u16::from_le_bytes(*found))
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let found = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes(*found))
}

pub(super) fn f64_at(bytes: &[u8], at: usize) -> Option<f64> {
    let found = bytes.get(at..)?.first_chunk()?;
    Some(f64::from_le_bytes(*found))
}

/// A place or a length in a stream, where it fits in memory.
pub(super) fn size_at(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32_at(bytes, at)?).ok()
}

pub(super) fn read_u32(stream: &mut dyn Read) -> io::Result<u32> {
    let mut bytes = [0; 4];
    stream.read_exact(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

/// So many bytes, or those that are left.
pub(super) fn read_up_to(stream: &mut dyn Read, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    stream.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A text that a zero ends, in the code page of Windows for French.
pub(super) fn c_string(stream: &mut dyn Read) -> io::Result<String> {
    let mut text = Vec::new();
    while text.len() < LONGEST_NAME {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        match byte {
            [0] => return Ok(of_windows(&text)),
            [byte] => text.push(byte),
        }
    }
    Err(io::ErrorKind::InvalidData.into())
}

pub(super) fn of_windows(bytes: &[u8]) -> String {
    WINDOWS_1252
        .decode_without_bom_handling(bytes)
        .0
        .into_owned()
}

pub(super) fn of_utf16(bytes: &[u8]) -> String {
    let (pairs, _) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| u16::from_le_bytes(*pair));
    char::decode_utf16(units)
        .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}
