//! xz as a stream of bytes. `lzma_rust2::XzReader` never comes back from some damage (a chunk that ends before it gives what
//! it announced); its decoder without a reader says when it cannot go on.

use std::io::{self, BufRead, BufReader, Read};

use lzma_rust2::{Action, Status, XzStream};

pub(super) struct Xz<R> {
    compressed: BufReader<R>,
    decoder: XzStream,
    is_at_end: bool,
}

impl<R: Read> Xz<R> {
    pub(super) fn new(compressed: R, most_dictionary_kib: u32) -> Self {
        Self {
            compressed: BufReader::new(compressed),
            decoder: XzStream::new_mem_limit(true, most_dictionary_kib),
            is_at_end: false,
        }
    }
}

impl<R: Read> Read for Xz<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !self.is_at_end && !buffer.is_empty() {
            let input = self.compressed.fill_buf()?;
            let action = if input.is_empty() {
                Action::Finish
            } else {
                Action::Run
            };
            let step = self.decoder.process(input, buffer, action)?;
            self.compressed.consume(step.bytes_consumed);
            self.is_at_end = step.status == Status::StreamEnd;
            if step.bytes_produced > 0 {
                return Ok(step.bytes_produced);
            }
            if step.bytes_consumed == 0 && !self.is_at_end {
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
        Ok(0)
    }
}
