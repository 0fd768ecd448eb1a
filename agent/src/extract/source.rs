//! The bytes of a file, or of a file inside it: read from start to end, or anywhere where a format needs it.
//!
//! What fails is told apart: the disk (the whole file is in trouble), a limit, or a content that contradicts its format.

use std::cell::{Cell, RefCell};
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::rc::Rc;

use super::limits::{Limit, Limits};

/// Read from any place.
pub trait ReadSeek: Read + Seek {}

impl<T: Read + Seek + ?Sized> ReadSeek for T {}

/// Where the bytes come from.
pub enum Source<'s> {
    /// A file on a disk.
    File(&'s mut dyn ReadSeek),
    /// Bytes that come once, from the first to the last.
    Stream(&'s mut dyn Read),
}

/// What a file and everything inside it may still use, and what went wrong.
#[derive(Debug)]
pub(super) struct Budget {
    expansion: Cell<u64>,
    entries: Cell<u64>,
    held: Cell<u64>,
    pub(super) limits: Limits,
    /// The limit that was reached.
    reached: RefCell<Option<Limit>>,
    /// The outermost reader failed.
    has_failed: Cell<bool>,
}

impl Budget {
    pub(super) fn new(limits: Limits, size_bytes: u64) -> Rc<Self> {
        Rc::new(Self {
            expansion: Cell::new(limits.expansion_of(size_bytes)),
            entries: Cell::new(0),
            held: Cell::new(limits.held_bytes),
            limits,
            reached: RefCell::new(None),
            has_failed: Cell::new(false),
        })
    }

    /// The limit of the whole file that was reached: nothing more is to be read.
    pub(super) fn reached(&self) -> Option<Limit> {
        *self.reached.borrow()
    }

    pub(super) fn has_failed(&self) -> bool {
        self.has_failed.get()
    }

    /// One more file inside; an error when there are too many.
    pub(super) fn take_entry(&self) -> io::Result<()> {
        let read = self.entries.get();
        if read >= self.limits.entries {
            return Err(self.stop(Limit::Entries { read }));
        }
        self.entries.set(read + 1);
        Ok(())
    }

    /// Bytes that came out of a container; an error when they are too many.
    pub(super) fn take_expansion(&self, bytes: usize) -> io::Result<()> {
        let left = self.expansion.get().checked_sub(wide(bytes));
        let left = left.ok_or_else(|| self.stop(Limit::Expansion))?;
        self.expansion.set(left);
        Ok(())
    }

    fn stop(&self, limit: Limit) -> io::Error {
        self.reached.borrow_mut().get_or_insert(limit);
        io::Error::other("limit")
    }
}

/// A [`Source`] that counts and watches.
pub(super) struct Bytes<'s> {
    source: Source<'s>,
    budget: Rc<Budget>,
    /// The file itself, not one inside it.
    is_outermost: bool,
}

/// The bytes of a file, read anywhere.
pub(super) enum Anywhere<'s> {
    File(Bytes<'s>),
    Held(Held),
    /// Some bytes are others than those that are there.
    Patched {
        file: Box<Self>,
        place: u64,
        bytes: Vec<u8>,
    },
}

/// A member in memory.
pub(super) struct Held {
    bytes: Cursor<Vec<u8>>,
    room: Room,
}

/// What a member takes in memory, given back with it.
pub(super) struct Room {
    bytes: u64,
    budget: Rc<Budget>,
}

impl<'s> Bytes<'s> {
    pub(super) fn outermost(source: Source<'s>, budget: Rc<Budget>) -> Self {
        Self {
            source,
            budget,
            is_outermost: true,
        }
    }

    pub(super) fn inner(source: Source<'s>, budget: Rc<Budget>) -> Self {
        Self {
            is_outermost: false,
            ..Self::outermost(source, budget)
        }
    }

    /// The same bytes from any place; those of a member, whose first ones were read into `head`, are held in memory.
    pub(super) fn budget(&self) -> Rc<Budget> {
        Rc::clone(&self.budget)
    }

    pub(super) fn anywhere(mut self, head: Vec<u8>) -> Result<Anywhere<'s>, Unheld> {
        if let Source::File(file) = &mut self.source {
            file.seek(SeekFrom::Start(0))?;
            return Ok(Anywhere::File(self));
        }
        let budget = Rc::clone(&self.budget);
        let room = budget.held.get();
        let mut bytes = head;
        let wanted = room.saturating_add(1).saturating_sub(wide(bytes.len()));
        (&mut self).take(wanted).read_to_end(&mut bytes)?;
        let left = room
            .checked_sub(wide(bytes.len()))
            .ok_or(Unheld::TooLarge)?;
        budget.held.set(left);
        let room = Room {
            bytes: wide(bytes.len()),
            budget,
        };
        Ok(Anywhere::Held(Held {
            bytes: Cursor::new(bytes),
            room,
        }))
    }
}

impl Anywhere<'_> {
    /// The same file with these bytes at a place.
    pub(super) fn with(self, place: u64, bytes: Vec<u8>) -> Self {
        Self::Patched {
            file: Box::new(self),
            place,
            bytes,
        }
    }

    /// All the bytes in memory, and the room that they take there; none when they are too many.
    pub(super) fn into_whole(self, max_bytes: u64) -> io::Result<Option<(Vec<u8>, Option<Room>)>> {
        let mut file = match self {
            Self::Held(held) => return Ok(Some((held.bytes.into_inner(), Some(held.room)))),
            Self::File(file) => file,
            Self::Patched { file, .. } => return file.into_whole(max_bytes),
        };
        let size_bytes = file.seek(SeekFrom::End(0))?;
        file.seek(SeekFrom::Start(0))?;
        let Ok(size) = usize::try_from(size_bytes.min(max_bytes)) else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(size.saturating_add(1))?;
        // A file may grow while it is read.
        file.take(max_bytes.saturating_add(1))
            .read_to_end(&mut bytes)?;
        Ok((wide(bytes.len()) <= max_bytes).then_some((bytes, None)))
    }
}

/// Why a file cannot be read from any place.
pub(super) enum Unheld {
    TooLarge,
    Io(io::Error),
}

impl From<io::Error> for Unheld {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Read for Bytes<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = match &mut self.source {
            Source::File(file) => file.read(buffer),
            Source::Stream(stream) => stream.read(buffer),
        };
        let read = read.inspect_err(|error| {
            let is_serious = error.kind() != io::ErrorKind::Interrupted;
            if self.is_outermost && is_serious {
                self.budget.has_failed.set(true);
            }
        })?;
        if !self.is_outermost {
            self.budget.take_expansion(read)?;
        }
        Ok(read)
    }
}

impl Seek for Bytes<'_> {
    fn seek(&mut self, place: SeekFrom) -> io::Result<u64> {
        match &mut self.source {
            Source::File(file) => file.seek(place),
            Source::Stream(_) => Err(io::ErrorKind::NotSeekable.into()),
        }
    }
}

impl Read for Anywhere<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(bytes) => bytes.read(buffer),
            Self::Held(held) => held.bytes.read(buffer),
            Self::Patched { file, place, bytes } => {
                let start = file.stream_position()?;
                let read = file.read(buffer)?;
                let places = (*place..).zip(bytes.iter());
                for (place, byte) in places {
                    let at = place.checked_sub(start).map(usize::try_from);
                    if let Some(Ok(at)) = at
                        && let Some(there) =
                            buffer.get_mut(..read).and_then(|read| read.get_mut(at))
                    {
                        *there = *byte;
                    }
                }
                Ok(read)
            }
        }
    }
}

impl Seek for Anywhere<'_> {
    fn seek(&mut self, place: SeekFrom) -> io::Result<u64> {
        match self {
            Self::File(bytes) => bytes.seek(place),
            Self::Held(held) => held.bytes.seek(place),
            Self::Patched { file, .. } => file.seek(place),
        }
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let room = self.budget.held.get();
        self.budget.held.set(room.saturating_add(self.bytes));
    }
}

fn wide(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
