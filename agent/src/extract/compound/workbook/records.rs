//! The records of a workbook: a kind, a length, some bytes; what does not fit in one continues in the next.

use std::io::{self, Read, Seek, SeekFrom};

use cfb::Stream;

use crate::extract::source::Anywhere;

pub(super) const CONTINUE: u16 = 0x003c;

pub(super) struct Record<'r> {
    pub kind: u16,
    pub data: &'r [u8],
}

pub(super) struct Records<'f> {
    stream: Stream<Anywhere<'f>>,
    data: Vec<u8>,
    /// The header of the next record, when it was looked at.
    next: Option<(u16, u16)>,
}

impl<'f> Records<'f> {
    pub(super) fn new(stream: Stream<Anywhere<'f>>) -> Self {
        Self {
            stream,
            data: Vec::new(),
            next: None,
        }
    }

    /// The next one, or none at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Record<'_>>> {
        let Some((kind, length)) = self.look()? else {
            return Ok(None);
        };
        self.next = None;
        self.data.resize(usize::from(length), 0);
        self.stream.read_exact(&mut self.data)?;
        Ok(Some(Record {
            kind,
            data: &self.data,
        }))
    }

    /// The bytes of a record that begins like this, in the parts into which it was cut; up to about `most` bytes.
    pub(super) fn continued(&mut self, head: Vec<u8>, most: usize) -> io::Result<Vec<Vec<u8>>> {
        let mut size = head.len();
        let mut parts = vec![head];
        while let Some((CONTINUE, _)) = self.look()? {
            if let Some(record) = self.next()?
                && size <= most
            {
                size += record.data.len();
                parts.push(record.data.to_vec());
            }
        }
        Ok(parts)
    }

    pub(super) fn go_to(&mut self, place: u32) -> io::Result<()> {
        self.next = None;
        self.stream.seek(SeekFrom::Start(u64::from(place)))?;
        Ok(())
    }

    fn look(&mut self) -> io::Result<Option<(u16, u16)>> {
        if self.next.is_none() {
            let mut header = [0; 4];
            self.next = match self.stream.read_exact(&mut header) {
                Ok(()) => {
                    let [a, b, c, d] = header;
                    Some((u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d])))
                }
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => None,
                Err(error) => return Err(error),
            };
        }
        Ok(self.next)
    }
}
