//! Objects of other programs inside a document, as bytes: as the packager of Windows wraps a file, and as documents of before
//! compound files hold them ([MS-OLEDS]). RTF holds the latter to this day.
//!
//! In: a stream. Out: a member. What is not well-formed is no object, and gives nothing.

use std::io::{self, Read};

use super::bytes::{c_string, read_u32, read_up_to};
use super::reading::Reading;

/// The name of the program that wrapped the object; its file as a person chose it, otherwise.
const PACKAGER: &[u8] = b"Package\0";
const EMBEDDED: u32 = 2;
/// Names of programs are shorter.
const LONGEST_NAME: u32 = 1024;

/// [MS-OLEDS] 2.3.6: a length, then what the packager wrote.
pub(super) fn native(
    name: &str,
    stream: &mut dyn Read,
    reading: &mut Reading<'_>,
) -> io::Result<()> {
    match read_u32(stream) {
        Ok(_) => package(name, stream, reading),
        Err(_) => Ok(()),
    }
}

/// [MS-OLEDS] 2.2.5: which program's it is, then its data. A link to a file elsewhere holds nothing of it.
pub(super) fn embedded(
    name: &str,
    stream: &mut dyn Read,
    reading: &mut Reading<'_>,
) -> io::Result<()> {
    let (Ok(_), Ok(EMBEDDED)) = (read_u32(stream), read_u32(stream)) else {
        return Ok(());
    };
    let (Ok(program), Ok(_), Ok(_)) = (counted(stream), counted(stream), counted(stream)) else {
        return Ok(());
    };
    let Ok(length) = read_u32(stream) else {
        return Ok(());
    };
    let mut data = stream.take(u64::from(length));
    if program == PACKAGER {
        return package(name, &mut data, reading);
    }
    reading.member(name, &mut data, None)
}

/// The packager's own header: names as the desktop shows them, then the file.
fn package(name: &str, stream: &mut dyn Read, reading: &mut Reading<'_>) -> io::Result<()> {
    let (Ok(_), Ok(label), Ok(_), Ok(_)) = (
        stream.read_exact(&mut [0; 2]),
        c_string(stream),
        c_string(stream),
        stream.read_exact(&mut [0; 8]),
    ) else {
        return Ok(());
    };
    let (Ok(_), Ok(length)) = (c_string(stream), read_u32(stream)) else {
        return Ok(());
    };
    let name = if label.is_empty() { name } else { &label };
    reading.member(name, &mut stream.take(u64::from(length)), None)
}

/// A name behind its length.
fn counted(stream: &mut dyn Read) -> io::Result<Vec<u8>> {
    let length = read_u32(stream)?;
    if length > LONGEST_NAME {
        return Err(io::ErrorKind::InvalidData.into());
    }
    read_up_to(stream, u64::from(length))
}
