//! The first bytes of a file: enough to tell its format, and given back to whoever reads it.

use std::io::{self, Cursor, Read};

/// Enough for an encoding and a delimiter to show; small beside any file worth the time.
const HEAD_BYTES: usize = 64 * 1024;

pub(super) struct Head {
    bytes: Vec<u8>,
    /// How many of them are a byte order mark.
    mark: usize,
}

impl Head {
    pub(super) fn read(reader: &mut impl Read) -> io::Result<Self> {
        let mut bytes = Vec::new();
        reader
            .take(u64::try_from(HEAD_BYTES).unwrap_or(u64::MAX))
            .read_to_end(&mut bytes)?;
        Ok(Self { bytes, mark: 0 })
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether the file goes on after the head.
    pub(super) fn is_cut(&self) -> bool {
        self.bytes.len() == HEAD_BYTES
    }

    pub(super) fn skip_mark(&mut self, mark: usize) {
        self.mark = mark.min(self.bytes.len());
    }

    /// All of them, mark included.
    pub(super) fn into_vec(self) -> Vec<u8> {
        self.bytes
    }

    /// The bytes to read again before the rest of the file.
    pub(super) fn into_bytes(self) -> Cursor<Vec<u8>> {
        let mut bytes = Cursor::new(self.bytes);
        bytes.set_position(u64::try_from(self.mark).unwrap_or(0));
        bytes
    }
}
