//! The records of a part of a binary workbook ([MS-XLSB] 2.1.4), and what they hold.

use std::io::{self, ErrorKind, Read};

use crate::extract::bytes::{of_utf16, size_at, u32_at};

/// No record that is read here is longer; a cell holds 32,767 letters.
const MOST_BYTES: u64 = 4 * 1024 * 1024;

/// Gives every record, its number and content, to `visit`.
pub(super) fn walk(
    bytes: &mut dyn Read,
    visit: &mut dyn FnMut(u32, &[u8]) -> io::Result<()>,
) -> io::Result<()> {
    let mut content = Vec::new();
    while let Some(kind) = number(bytes, 2)? {
        let length = u64::from(number(bytes, 4)?.ok_or(ErrorKind::UnexpectedEof)?);
        content.clear();
        bytes
            .take(length.min(MOST_BYTES))
            .read_to_end(&mut content)?;
        let rest = length.saturating_sub(MOST_BYTES);
        io::copy(&mut bytes.take(rest), &mut io::sink())?;
        if content.len() < usize::try_from(length.min(MOST_BYTES)).unwrap_or(usize::MAX) {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        visit(kind, &content)?;
    }
    Ok(())
}

/// Seven bits a byte, the lowest first; none at the end of the part.
fn number(bytes: &mut dyn Read, most_bytes: u32) -> io::Result<Option<u32>> {
    let mut number = 0;
    for rank in 0..most_bytes {
        let mut byte = [0];
        match bytes.read_exact(&mut byte) {
            Err(error) if rank == 0 && error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
            read => read?,
        }
        let [byte] = byte;
        number |= u32::from(byte & 0x7f) << (7 * rank);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Ok(Some(number))
}

/// A text behind its number of letters ([MS-XLSB] 2.5.166), and what follows it; one that is missing is empty.
pub(super) fn text(bytes: &[u8]) -> Option<(String, &[u8])> {
    let rest = bytes.get(4..)?;
    if u32_at(bytes, 0) == Some(u32::MAX) {
        return Some((String::new(), rest));
    }
    let length = size_at(bytes, 0)?.checked_mul(2)?;
    let (letters, rest) = rest.split_at_checked(length)?;
    Some((of_utf16(letters), rest))
}

/// A text with fonts, behind a byte that announces them ([MS-XLSB] 2.5.122).
pub(super) fn rich_text(bytes: &[u8]) -> Option<String> {
    text(bytes.get(1..)?).map(|(text, _)| text)
}
