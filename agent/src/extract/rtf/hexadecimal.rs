//! Bytes that are written as digits, up to the end of their group.

use std::io::{self, BufRead, Read};

pub(super) struct Hexadecimal<'s, S> {
    source: &'s mut S,
    /// The first digit of a byte whose second one comes.
    high: Option<u8>,
}

impl<'s, S: BufRead> Hexadecimal<'s, S> {
    pub(super) fn new(source: &'s mut S) -> Self {
        Self { source, high: None }
    }
}

impl<S: BufRead> Read for Hexadecimal<'_, S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut places = buffer.iter_mut();
        let mut given = 0;
        let mut place = places.next();
        while let Some(byte) = place.as_deref_mut() {
            let digits = self.source.fill_buf()?;
            let Some(first) = digits.first().filter(|first| !b"{}\\".contains(first)) else {
                break;
            };
            let digit = char::from(*first).to_digit(16);
            self.source.consume(1);
            // Line breaks stand anywhere.
            let Some(digit) = digit.and_then(|digit| u8::try_from(digit).ok()) else {
                continue;
            };
            match self.high.take() {
                None => self.high = Some(digit),
                Some(high) => {
                    *byte = high << 4 | digit;
                    given += 1;
                    place = places.next();
                }
            }
        }
        Ok(given)
    }
}
