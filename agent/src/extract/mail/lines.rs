//! The lines of a mail, as bytes, with their line break.

use std::io::{self, BufRead, BufReader, Read};

/// A longer line comes in pieces; the standard allows 998 characters.
const MAX_LINE_BYTES: usize = 16 * 1024;

pub(super) struct Lines<'r> {
    bytes: BufReader<&'r mut dyn Read>,
    line: Vec<u8>,
    /// The current line is to be given again.
    is_held: bool,
    starts_line: bool,
    after_blank: bool,
    was_quoted: bool,
    is_mbox: bool,
}

/// A line that would separate messages was given a sign before it, and one more each time that it was stored.
fn unquote_from(line: &mut Vec<u8>) -> bool {
    let signs = line.iter().take_while(|byte| **byte == b'>').count();
    let is_quoted = signs > 0
        && line
            .get(signs..)
            .is_some_and(|rest| rest.starts_with(b"From "));
    if is_quoted {
        line.remove(0);
    }
    is_quoted
}

impl<'r> Lines<'r> {
    pub(super) fn new(bytes: &'r mut dyn Read) -> Self {
        Self {
            bytes: BufReader::new(bytes),
            line: Vec::new(),
            is_held: false,
            starts_line: true,
            after_blank: true,
            was_quoted: false,
            is_mbox: false,
        }
    }

    pub(super) fn is_mbox(&self) -> bool {
        self.is_mbox
    }

    /// The next line (or a piece of a very long one), or `None` at the end of the file.
    pub(super) fn next(&mut self) -> io::Result<Option<&[u8]>> {
        if self.is_held {
            self.is_held = false;
            return Ok(Some(&self.line));
        }
        let former_ended = self.line.is_empty() || self.line.ends_with(b"\n");
        self.after_blank = matches!(self.line.as_slice(), b"" | b"\n" | b"\r\n");
        self.starts_line = former_ended;
        self.line.clear();
        let limit = u64::try_from(MAX_LINE_BYTES).unwrap_or(u64::MAX);
        self.bytes
            .by_ref()
            .take(limit)
            .read_until(b'\n', &mut self.line)?;
        self.was_quoted = self.is_mbox && former_ended && unquote_from(&mut self.line);
        Ok((!self.line.is_empty()).then_some(self.line.as_slice()))
    }

    /// Gives the current line again.
    pub(super) fn hold(&mut self) {
        self.is_held = true;
    }

    /// Whether the current line is whole, not the rest of a long one.
    pub(super) fn starts_line(&self) -> bool {
        self.starts_line
    }

    /// Whether the current line announces the next message of an mbox.
    pub(super) fn is_mbox_separator(&self) -> bool {
        self.is_mbox && self.after_blank && !self.was_quoted && self.line.starts_with(b"From ")
    }

    /// Reads the line before a message of an mbox, if there is one.
    pub(super) fn skip_mbox_separator(&mut self) -> io::Result<bool> {
        let is_first = self.line.is_empty();
        let Some(line) = self.next()? else {
            return Ok(false);
        };
        let is_separator = line.starts_with(b"From ");
        if is_first {
            self.is_mbox = is_separator;
        }
        if !is_separator {
            self.hold();
        }
        Ok(is_separator)
    }
}
