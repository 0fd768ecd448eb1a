//! The content of one part of a mail, decoded, up to the next boundary.

use std::io::{self, Read};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::lines::Lines;

/// How the bytes of a part are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Transfer {
    #[default]
    Plain,
    Base64,
    QuotedPrintable,
}

/// The line between the parts of a multipart.
pub(super) struct Boundary(Vec<u8>);

/// What a boundary line announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Part,
    End,
}

impl Boundary {
    pub(super) fn new(name: &str) -> Self {
        Self([b"--", name.as_bytes()].concat())
    }

    pub(super) fn mark(&self, line: &[u8]) -> Option<Mark> {
        match line.trim_ascii_end().strip_prefix(self.0.as_slice())? {
            b"" => Some(Mark::Part),
            b"--" => Some(Mark::End),
            _ => None,
        }
    }
}

/// A reader over one part; what ends the part is left for the caller.
pub(super) struct Body<'l, 'r> {
    lines: &'l mut Lines<'r>,
    boundaries: &'l [Boundary],
    transfer: Transfer,
    decoded: Vec<u8>,
    given: usize,
    at_end: bool,
    base64: Base64,
    /// The line break of the last line belongs to the boundary when one follows.
    line_break: Vec<u8>,
}

impl<'l, 'r> Body<'l, 'r> {
    pub(super) fn new(
        lines: &'l mut Lines<'r>,
        boundaries: &'l [Boundary],
        transfer: Transfer,
    ) -> Self {
        Self {
            lines,
            boundaries,
            transfer,
            decoded: Vec::new(),
            given: 0,
            at_end: false,
            base64: Base64::default(),
            line_break: Vec::new(),
        }
    }

    fn decode_line(&mut self) -> io::Result<()> {
        self.decoded.clear();
        self.given = 0;
        let Some(line) = self.lines.next()? else {
            self.at_end = true;
            return Ok(());
        };
        let is_boundary = self
            .boundaries
            .iter()
            .any(|boundary| boundary.mark(line).is_some());
        let line = line.to_vec();
        if (is_boundary && self.lines.starts_line()) || self.lines.is_mbox_separator() {
            self.lines.hold();
            self.at_end = true;
            return Ok(());
        }
        match self.transfer {
            Transfer::Plain => self.plain(&line),
            Transfer::Base64 => self.base64.line(&line, &mut self.decoded),
            Transfer::QuotedPrintable => self.quoted_printable(&line),
        }
        Ok(())
    }

    fn plain(&mut self, line: &[u8]) {
        let (content, line_break) = split_line_break(line);
        self.decoded.append(&mut self.line_break);
        self.decoded.extend_from_slice(content);
        self.line_break = line_break.to_vec();
    }

    fn quoted_printable(&mut self, line: &[u8]) {
        let (content, line_break) = split_line_break(line);
        self.decoded.append(&mut self.line_break);
        let mut content = content;
        // An equal sign at the end joins this line with the next.
        match content.strip_suffix(b"=") {
            Some(joined) => content = joined,
            None => self.line_break = line_break.to_vec(),
        }
        decode_quoted(content, &mut self.decoded);
    }
}

impl Read for Body<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.decoded.len() && !self.at_end {
            self.decode_line()?;
        }
        let mut ready = self.decoded.get(self.given..).unwrap_or_default();
        let read = ready.read(buffer)?;
        self.given += read;
        Ok(read)
    }
}

/// Base64, digit by digit; what is no digit is passed over, as line breaks have to be.
#[derive(Default)]
pub(in crate::extract) struct Base64 {
    /// Those not yet given, and how many.
    bits: u32,
    count: u32,
}

impl Base64 {
    /// Appends the bytes of a line. Mail programs write whole groups of four digits in each.
    fn line(&mut self, line: &[u8], decoded: &mut Vec<u8>) {
        let before = decoded.len();
        let digits = line.trim_ascii_end();
        let is_whole = self.count == 0 && digits.len().is_multiple_of(4);
        if is_whole && STANDARD_NO_PAD.decode_vec(digits, decoded).is_ok() {
            return;
        }
        decoded.truncate(before);
        decoded.extend(line.iter().filter_map(|digit| self.push(*digit)));
    }

    /// The byte that the digit completes.
    pub(in crate::extract) fn push(&mut self, digit: u8) -> Option<u8> {
        self.bits = self.bits << 6 | u32::from(base64_digit(digit)?);
        self.count += 6;
        let left = self.count.checked_sub(8)?;
        let [.., byte] = (self.bits >> left).to_be_bytes();
        (self.bits, self.count) = (self.bits & ((1 << left) - 1), left);
        Some(byte)
    }
}

/// Decodes `=E9`.
pub(in crate::extract) fn decode_quoted(content: &[u8], decoded: &mut Vec<u8>) {
    decode_escaped(content, b'=', decoded);
}

/// Decodes the bytes written in hexadecimal behind a sign; the sign before anything else is kept.
pub(super) fn decode_escaped(content: &[u8], sign: u8, decoded: &mut Vec<u8>) {
    let mut rest = content;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        let hexadecimal = (*byte == sign)
            .then(|| after.split_at_checked(2))
            .flatten()
            .and_then(|(digits, after)| Some((hexadecimal_byte(digits)?, after)));
        match hexadecimal {
            Some((value, after)) => {
                decoded.push(value);
                rest = after;
            }
            None => decoded.push(*byte),
        }
    }
}

fn hexadecimal_byte(digits: &[u8]) -> Option<u8> {
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

pub(in crate::extract) fn base64_digit(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

fn split_line_break(line: &[u8]) -> (&[u8], &[u8]) {
    let content = line.strip_suffix(b"\n").unwrap_or(line);
    let content = content.strip_suffix(b"\r").unwrap_or(content);
    line.split_at(content.len())
}
