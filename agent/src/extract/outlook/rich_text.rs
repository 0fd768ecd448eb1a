//! Rich text as Outlook compresses it ([MS-OXRTFCP]): letters, and references to the last 4 096 ones.
//!
//! Each pair of bytes gives 17 letters at most, and nothing but the last 4 096 is held: a hostile text costs its own length.

use std::io::{self, BufRead, BufReader, Read};

const RING: usize = 4096;
/// Sizes, a mark and a checksum stand before the text.
const HEADER: usize = 16;
const UNCOMPRESSED: [u8; 4] = *b"MELA";

/// What every text may refer to from its first letter on.
const DICTIONARY: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

/// The letters of a compressed text.
pub(super) struct RichText<R> {
    compressed: BufReader<R>,
    state: State,
    ring: Box<[u8; RING]>,
    /// Where the next letter goes.
    end: usize,
    /// Up to here in the ring, letters were given.
    given: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    AtStart,
    Uncompressed,
    Compressed,
    AtEnd,
}

impl<R: Read> RichText<R> {
    pub(super) fn new(compressed: R) -> Self {
        let mut ring = Box::new([b' '; RING]);
        for (place, letter) in ring.iter_mut().zip(DICTIONARY) {
            *place = *letter;
        }
        Self {
            compressed: BufReader::new(compressed),
            state: State::AtStart,
            ring,
            end: DICTIONARY.len(),
            given: DICTIONARY.len(),
        }
    }

    fn start(&mut self) -> io::Result<()> {
        let mut header = [0; HEADER];
        self.compressed.read_exact(&mut header)?;
        self.state = if header.get(8..12) == Some(&UNCOMPRESSED) {
            State::Uncompressed
        } else {
            State::Compressed
        };
        Ok(())
    }

    /// Eight letters or references, or less at the end.
    fn run(&mut self) -> io::Result<()> {
        let Some(flags) = self.next()? else {
            self.state = State::AtEnd;
            return Ok(());
        };
        for bit in 0..8 {
            let Some(first) = self.next()? else {
                self.state = State::AtEnd;
                return Ok(());
            };
            if flags >> bit & 1 == 0 {
                self.push(first);
                continue;
            }
            let Some(second) = self.next()? else {
                self.state = State::AtEnd;
                return Ok(());
            };
            let reference = u16::from_be_bytes([first, second]);
            let (place, length) = (usize::from(reference >> 4), usize::from(reference & 15) + 2);
            // A reference to where the next letter goes is the end.
            if place == self.end {
                self.state = State::AtEnd;
                return Ok(());
            }
            for letter in place..place + length {
                let letter = self.ring.get(letter % RING).copied().unwrap_or(b' ');
                self.push(letter);
            }
        }
        Ok(())
    }

    fn next(&mut self) -> io::Result<Option<u8>> {
        let byte = self.compressed.fill_buf()?.first().copied();
        if byte.is_some() {
            self.compressed.consume(1);
        }
        Ok(byte)
    }

    fn push(&mut self, letter: u8) {
        if let Some(place) = self.ring.get_mut(self.end) {
            *place = letter;
        }
        self.end = (self.end + 1) % RING;
    }
}

impl<R: Read> Read for RichText<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.state == State::AtStart {
            self.start()?;
        }
        if self.state == State::Uncompressed {
            return self.compressed.read(buffer);
        }
        while self.given == self.end && self.state == State::Compressed {
            self.run()?;
        }
        let last = if self.given <= self.end {
            self.end
        } else {
            RING
        };
        let mut ready = self.ring.get(self.given..last).unwrap_or_default();
        let read = ready.read(buffer)?;
        self.given = (self.given + read) % RING;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(compressed: &[u8]) -> Vec<u8> {
        let mut letters = Vec::new();
        RichText::new(compressed).read_to_end(&mut letters).unwrap();
        letters
    }

    /// The examples of [MS-OXRTFCP] 3.1 and 3.2.
    #[test]
    fn reads_the_examples_of_the_specification() {
        let first = b"\x2d\0\0\0\x2b\0\0\0LZFu\xf1\xc5\xc7\xa7\x03\0\x0a\0rcpg125\x42\x32\x0a\xf3 hel\x09\0\x20bw\x05\xb0ld}\x0a\x80\x0f\xa0";
        assert_eq!(
            letters(first),
            b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
        );
        let second = b"\x1a\0\0\0\x1c\0\0\0LZFu\xe2\xd4KQA\0\x04 WXYZ\x0dn}\x01\x0e\xb0";
        assert_eq!(letters(second), b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}");
    }

    #[test]
    fn what_is_not_compressed_is_read_as_it_is() {
        assert_eq!(
            letters(b"\x10\0\0\0\x04\0\0\0MELA\0\0\0\0{\\rtf}"),
            b"{\\rtf}"
        );
    }

    #[test]
    fn a_cut_text_has_an_end() {
        let whole = b"\x1a\0\0\0\x1c\0\0\0LZFu\xe2\xd4KQA\0\x04 WXYZ\x0dn}\x01\x0e\xb0";
        for length in 16..whole.len() {
            letters(&whole[..length]);
        }
    }
}
