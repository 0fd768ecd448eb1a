//! What is signed, encrypted or compressed as mails are (`smime.p7m`, `facture.pdf.p7m`): Cryptographic Message Syntax,
//! RFC 5652 and 3274.
//!
//! What is signed can be read by anybody, and is the only member: a part of a mail, or a document. What is encrypted is told
//! as such. A signature that stands beside what it signs (`.p7s`) holds nothing to read. Signatures are not checked.
//!
//! Our own reader, which follows the few elements that lead to the content: mail programs write lengths that are only
//! known at the end (BER), of which the crate `cms` reads none, and the content may be larger than the memory.

use std::io::{self, Read};

use flate2::read::ZlibDecoder;

use super::Coverage;
use super::reading::{Counted, Reading};

pub(super) const MEDIA_TYPE: &str = "application/pkcs7-mime";

/// As in other containers that do not name what they hold.
const UNNAMED: &str = "contenu";

const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const OBJECT: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
/// Octets in pieces.
const PIECES: u8 = 0x24;
const EXPLICIT: u8 = 0xa0;
const END: u8 = 0;

/// Longer ones name nothing that is looked for.
const LONGEST_OBJECT: usize = 32;
/// Elements of unknown length within such elements, where nothing is read.
const MOST_OPEN: usize = 32;

/// What the content may be, and how it is named.
const KINDS: &[(&[u8], Kind)] = &[
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", Kind::Signed),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03", Kind::Encrypted),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x04", Kind::Encrypted),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x06", Kind::Encrypted),
    (
        b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17",
        Kind::Encrypted,
    ),
    (
        b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x09",
        Kind::Compressed,
    ),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Signed,
    Encrypted,
    Compressed,
}

impl Kind {
    fn of(object: &[u8]) -> Option<Self> {
        let found = KINDS.iter().find(|(name, _)| *name == object);
        found.map(|(_, kind)| *kind)
    }
}

pub(super) fn is_it(mut head: &[u8]) -> bool {
    kind(&mut head).is_ok()
}

pub(super) fn extract(bytes: &mut dyn Read, reading: &mut Reading<'_>) -> io::Result<Coverage> {
    let kind = kind(bytes)?;
    if kind == Kind::Encrypted {
        return Ok(Coverage::Encrypted);
    }
    expect(bytes, EXPLICIT)?;
    expect(bytes, SEQUENCE)?;
    let version = expect(bytes, INTEGER)?;
    skip(bytes, version)?;
    // How it was digested or compressed.
    let (_, algorithms) = element(bytes)?;
    skip(bytes, algorithms)?;
    let content = expect(bytes, SEQUENCE)?;
    let name = object(bytes)?;
    // Nothing follows the name where the content stands elsewhere.
    if content == Length::Known(wide(name.len()) + 2) {
        return Ok(Coverage::Whole);
    }
    match element(bytes)? {
        (END, Length::Known(0)) => return Ok(Coverage::Whole),
        (EXPLICIT, _) => {}
        _ => return Err(invalid()),
    }
    let mut octets = Octets::open(bytes)?;
    match kind {
        Kind::Compressed => {
            reading.member(UNNAMED, &mut ZlibDecoder::new(&mut octets), None)?;
        }
        _ => reading.member(UNNAMED, &mut octets, None)?,
    }
    Ok(if octets.is_whole() || kind == Kind::Compressed {
        Coverage::Whole
    } else {
        Coverage::Damaged
    })
}

/// The first element says what the whole is.
fn kind(bytes: &mut dyn Read) -> io::Result<Kind> {
    expect(bytes, SEQUENCE)?;
    Kind::of(&object(bytes)?).ok_or_else(invalid)
}

/// How long an element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Length {
    Known(u64),
    /// Up to the mark that ends it.
    Open,
}

/// What comes next (X.690, section 8.1).
fn element(bytes: &mut dyn Read) -> io::Result<(u8, Length)> {
    let (tag, first) = (byte(bytes)?, byte(bytes)?);
    let length = match first {
        0x80 => Length::Open,
        0x81..=0x88 => {
            let mut length = 0;
            for _ in 0x80..first {
                length = length << 8 | u64::from(byte(bytes)?);
            }
            Length::Known(length)
        }
        0..0x80 => Length::Known(u64::from(first)),
        _ => return Err(invalid()),
    };
    Ok((tag, length))
}

fn expect(bytes: &mut dyn Read, tag: u8) -> io::Result<Length> {
    let (found, length) = element(bytes)?;
    if found == tag {
        Ok(length)
    } else {
        Err(invalid())
    }
}

fn object(bytes: &mut dyn Read) -> io::Result<Vec<u8>> {
    let Length::Known(length) = expect(bytes, OBJECT)? else {
        return Err(invalid());
    };
    let length = usize::try_from(length).ok();
    let length = length.filter(|length| *length <= LONGEST_OBJECT);
    let mut name = vec![0; length.ok_or_else(invalid)?];
    bytes.read_exact(&mut name)?;
    Ok(name)
}

/// Passes over the rest of an element.
fn skip(bytes: &mut dyn Read, length: Length) -> io::Result<()> {
    let mut open = 0;
    let mut next = length;
    loop {
        match next {
            Length::Known(length) => {
                let passed = io::copy(&mut bytes.take(length), &mut io::sink())?;
                if passed < length {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
            }
            Length::Open if open < MOST_OPEN => open += 1,
            Length::Open => return Err(invalid()),
        }
        loop {
            if open == 0 {
                return Ok(());
            }
            let (tag, length) = element(bytes)?;
            if (tag, length) != (END, Length::Known(0)) {
                next = length;
                break;
            }
            open -= 1;
        }
    }
}

fn byte(bytes: &mut dyn Read) -> io::Result<u8> {
    let mut byte = [0];
    bytes.read_exact(&mut byte)?;
    let [byte] = byte;
    Ok(byte)
}

fn invalid() -> io::Error {
    io::ErrorKind::InvalidData.into()
}

fn wide(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// The content, in one piece or in many.
struct Octets<'b> {
    bytes: &'b mut dyn Read,
    /// Of the piece being read.
    left: u64,
    /// What the pieces that follow it take all together; none when it is the last.
    pieces: Option<Length>,
}

impl<'b> Octets<'b> {
    fn open(bytes: &'b mut dyn Read) -> io::Result<Self> {
        let (left, pieces) = match element(bytes)? {
            (OCTETS, Length::Known(left)) => (left, None),
            (PIECES, length) => (0, Some(length)),
            _ => return Err(invalid()),
        };
        Ok(Self {
            bytes,
            left,
            pieces,
        })
    }

    /// Nothing that was announced is missing.
    fn is_whole(&self) -> bool {
        self.left == 0 && matches!(self.pieces, None | Some(Length::Known(0)))
    }

    fn next_piece(&mut self) -> io::Result<()> {
        let mut counted = Counted {
            bytes: self.bytes,
            given: 0,
        };
        let (tag, length) = element(&mut counted)?;
        let head = counted.given;
        let Length::Known(length) = length else {
            return Err(invalid());
        };
        match (tag, self.pieces) {
            (END, Some(Length::Open)) if length == 0 => self.pieces = None,
            (OCTETS, Some(Length::Open)) => self.left = length,
            (OCTETS, Some(Length::Known(all))) => {
                self.left = length;
                let taken = length.checked_add(head);
                let rest = taken.and_then(|taken| all.checked_sub(taken));
                self.pieces = Some(Length::Known(rest.ok_or_else(invalid)?));
            }
            _ => return Err(invalid()),
        }
        Ok(())
    }
}

impl Read for Octets<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.left == 0 {
            if matches!(self.pieces, None | Some(Length::Known(0))) {
                return Ok(0);
            }
            self.next_piece()?;
        }
        let read = self.bytes.take(self.left).read(buffer)?;
        if read == 0 && !buffer.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left = self.left.saturating_sub(wide(read));
        Ok(read)
    }
}

#[cfg(test)]
mod tests;
