//! The file of what is known: a head that says under which rules it was learnt, then records, only ever appended.
//!
//! ```text
//! magic (8 bytes) │ basis (32 bytes) │ record, record, …
//! record: kind (1) │ key (8) │ size (8) │ content (8) │ outcome (4) │ length (4) │ check (4) │ `length` bytes
//! ```
//!
//! Numbers are little-endian. A record of the kind `DEFINITION` gives an outcome that many files share; the others name one
//! of those, or bring their own. `check` is the CRC-32 of all the rest: a process that was killed, or a power cut, leaves a
//! record that fails it, and what follows the first such record is cut away.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::platform;

const MAGIC: [u8; 8] = *b"beffkno1";
const HEAD_BYTES: u64 = 40;
const RECORD_BYTES: usize = 37;
/// What one file gives is far less: a few samples for each kind, and the members of an archive.
const MOST_OUTCOME_BYTES: u32 = 64 * 1024 * 1024;
/// Written at once; what a killed process learns twice.
const WAITING_BYTES: usize = 4 * 1024;
/// Smaller contents are read sooner than they are compared.
const LEAST_COMPARED_BYTES: u64 = 64 * 1024;

const DEFINITION: u8 = 0;
const SHARED: u8 = 1;
const OWN: u8 = 2;

/// Which content: its size, and the beginning of its fingerprint.
pub(super) type Content = (u64, u64);

/// Where an outcome is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Shared {
        rank: u32,
        /// Of the record, in the file.
        at: u64,
    },
    Own {
        at: u64,
        length: u32,
    },
}

/// What is known of one file.
pub(super) struct Entry<'o> {
    pub(super) key: u64,
    pub(super) content: Option<Content>,
    pub(super) outcome: &'o [u8],
    /// Many files end so.
    pub(super) is_common: bool,
}

pub(super) struct Log {
    file: File,
    /// Bytes that are in the file.
    written: u64,
    /// Records on their way to it.
    waiting: Vec<u8>,
    keys: FxHashMap<u64, Place>,
    contents: FxHashMap<Content, Place>,
    sizes: FxHashSet<u64>,
    shared: Vec<Vec<u8>>,
}

impl Log {
    /// What stands in the file, as far as it is sound; nothing when it is missing or was learnt under another basis.
    pub(super) fn open(path: &Path, basis: &[u8; 32]) -> io::Result<Self> {
        let file = match OpenOptions::new().read(true).write(true).open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                platform::create_private_file(path)?;
                OpenOptions::new().read(true).write(true).open(path)?
            }
            Err(error) => return Err(error),
        };
        let mut log = Self {
            file,
            written: 0,
            waiting: Vec::new(),
            keys: FxHashMap::default(),
            contents: FxHashMap::default(),
            sizes: FxHashSet::default(),
            shared: Vec::new(),
        };
        log.load(basis)?;
        Ok(log)
    }

    fn load(&mut self, basis: &[u8; 32]) -> io::Result<()> {
        let mut source = BufReader::with_capacity(1 << 20, self.file.try_clone()?);
        let head = [MAGIC.as_slice(), basis].concat();
        let mut found = Vec::new();
        (&mut source).take(HEAD_BYTES).read_to_end(&mut found)?;
        if found != head {
            self.file.set_len(0)?;
            self.file.rewind()?;
            self.file.write_all(&head)?;
            self.written = HEAD_BYTES;
            return Ok(());
        }
        self.written = HEAD_BYTES;
        let mut body = Vec::new();
        while let Some(record) = Record::read(&mut source, &mut body)? {
            self.learn(&record, &body);
            self.written += wide(RECORD_BYTES + body.len());
        }
        self.file.set_len(self.written)?;
        self.file.seek(SeekFrom::Start(self.written)).map(drop)
    }

    /// Takes in a record that stands at the end of what is written.
    fn learn(&mut self, record: &Record, body: &[u8]) {
        let at = self.written + wide(self.waiting.len());
        let place = match record.kind {
            DEFINITION => {
                self.shared.push(body.to_vec());
                return;
            }
            SHARED => Place::Shared {
                rank: record.outcome,
                at,
            },
            _ => Place::Own {
                at,
                length: record.length,
            },
        };
        self.keys.insert(record.key, place);
        if record.size >= LEAST_COMPARED_BYTES {
            self.contents.insert((record.size, record.content), place);
            self.sizes.insert(record.size);
        }
    }

    pub(super) fn of_key(&self, key: u64) -> Option<Place> {
        self.keys.get(&key).copied()
    }

    pub(super) fn of_content(&self, content: Content) -> Option<Place> {
        self.contents.get(&content).copied()
    }

    /// Whether it may know a content of this size.
    pub(super) fn has_size(&self, size: u64) -> bool {
        self.sizes.contains(&size)
    }

    pub(super) fn outcome(&mut self, place: Place) -> io::Result<Vec<u8>> {
        match place {
            Place::Shared { rank, .. } => {
                let rank = usize::try_from(rank).unwrap_or(usize::MAX);
                let shared = self.shared.get(rank);
                shared.cloned().ok_or(io::ErrorKind::InvalidData.into())
            }
            Place::Own { at, length } => {
                let mut bytes = vec![0; usize::try_from(length).unwrap_or_default()];
                self.read_at(at + wide(RECORD_BYTES), &mut bytes)?;
                Ok(bytes)
            }
        }
    }

    /// Which content the file at a place has, if it is one that is compared.
    pub(super) fn content(&mut self, place: Place, size: u64) -> io::Result<Option<Content>> {
        if size < LEAST_COMPARED_BYTES {
            return Ok(None);
        }
        let (Place::Shared { at, .. } | Place::Own { at, .. }) = place;
        let mut head = [0; RECORD_BYTES];
        self.read_at(at, &mut head)?;
        let (record, _) = Record::of(&head);
        Ok((record.size == size).then_some((record.size, record.content)))
    }

    fn read_at(&mut self, at: u64, bytes: &mut [u8]) -> io::Result<()> {
        if at + wide(bytes.len()) > self.written {
            self.write_waiting()?;
        }
        self.file.seek(SeekFrom::Start(at))?;
        let read = self.file.read_exact(bytes);
        self.file.seek(SeekFrom::Start(self.written))?;
        read
    }

    pub(super) fn add(&mut self, entry: &Entry<'_>) -> io::Result<()> {
        let (size, content) = entry.content.unwrap_or_default();
        let mut record = Record {
            kind: OWN,
            key: entry.key,
            size,
            content,
            outcome: 0,
            length: u32::try_from(entry.outcome.len()).unwrap_or(u32::MAX),
        };
        if record.length > MOST_OUTCOME_BYTES {
            return Ok(());
        }
        let mut body = entry.outcome;
        if entry.is_common {
            record.kind = SHARED;
            record.outcome = self.share(entry.outcome)?;
            record.length = 0;
            body = &[];
        }
        self.append(&record, body)
    }

    /// The rank of an outcome among those that are shared; there are some dozens.
    fn share(&mut self, outcome: &[u8]) -> io::Result<u32> {
        let known = self.shared.iter().position(|known| known == outcome);
        let rank = known.unwrap_or(self.shared.len());
        if known.is_none() {
            let record = Record {
                kind: DEFINITION,
                key: 0,
                size: 0,
                content: 0,
                outcome: 0,
                length: u32::try_from(outcome.len()).unwrap_or(u32::MAX),
            };
            self.append(&record, outcome)?;
        }
        Ok(u32::try_from(rank).unwrap_or(u32::MAX))
    }

    fn append(&mut self, record: &Record, body: &[u8]) -> io::Result<()> {
        self.learn(record, body);
        record.write(body, &mut self.waiting);
        if self.waiting.len() >= WAITING_BYTES {
            self.write_waiting()?;
        }
        Ok(())
    }

    fn write_waiting(&mut self) -> io::Result<()> {
        self.file.write_all(&self.waiting)?;
        self.written += wide(self.waiting.len());
        self.waiting.clear();
        Ok(())
    }

    /// Leaves it to the disk.
    pub(super) fn sync(&mut self) -> io::Result<()> {
        self.write_waiting()?;
        self.file.sync_all()
    }
}

struct Record {
    kind: u8,
    key: u64,
    size: u64,
    content: u64,
    /// The rank of a shared outcome.
    outcome: u32,
    /// Of the bytes that follow.
    length: u32,
}

impl Record {
    /// The next sound record, if any; its bytes replace what `body` held.
    fn read(source: &mut impl Read, body: &mut Vec<u8>) -> io::Result<Option<Self>> {
        let mut head = [0; RECORD_BYTES];
        body.clear();
        match source.read_exact(&mut head) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            read => read?,
        }
        let (record, check) = Self::of(&head);
        if record.length > MOST_OUTCOME_BYTES {
            return Ok(None);
        }
        let read = source.take(record.length.into()).read_to_end(body)?;
        let is_whole = wide(read) == u64::from(record.length);
        Ok((is_whole && record.check(body) == check).then_some(record))
    }

    /// With its check, which is not made yet.
    fn of(head: &[u8; RECORD_BYTES]) -> (Self, u32) {
        let mut fields = head.as_slice();
        let record = Self {
            kind: take::<1>(&mut fields)[0],
            key: u64::from_le_bytes(take(&mut fields)),
            size: u64::from_le_bytes(take(&mut fields)),
            content: u64::from_le_bytes(take(&mut fields)),
            outcome: u32::from_le_bytes(take(&mut fields)),
            length: u32::from_le_bytes(take(&mut fields)),
        };
        (record, u32::from_le_bytes(take(&mut fields)))
    }

    fn write(&self, body: &[u8], out: &mut Vec<u8>) {
        out.extend(self.fields());
        out.extend(self.check(body).to_le_bytes());
        out.extend(body);
    }

    fn fields(&self) -> [u8; RECORD_BYTES - 4] {
        let mut fields = [0; RECORD_BYTES - 4];
        let values: [&[u8]; 6] = [
            &[self.kind],
            &self.key.to_le_bytes(),
            &self.size.to_le_bytes(),
            &self.content.to_le_bytes(),
            &self.outcome.to_le_bytes(),
            &self.length.to_le_bytes(),
        ];
        for (field, byte) in fields.iter_mut().zip(values.into_iter().flatten()) {
            *field = *byte;
        }
        fields
    }

    fn check(&self, body: &[u8]) -> u32 {
        let mut check = crc32fast::Hasher::new();
        check.update(&self.fields());
        check.update(body);
        check.finalize()
    }
}

/// The first bytes, which are then passed over.
fn take<const N: usize>(fields: &mut &[u8]) -> [u8; N] {
    let (first, rest) = fields.split_first_chunk().unwrap_or((&[0; N], &[]));
    *fields = rest;
    *first
}

fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
