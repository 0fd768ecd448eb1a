//! One file being read, with the files inside it: where the segments go, what may still be used, how deep we are.
//!
//! Containers give their members to [`Reading::member`]; what becomes of a member is told there, once for all families.

use std::io::{self, Read};
use std::rc::Rc;

use super::limits::Limits;
use super::source::{Budget, Bytes, Source};
use super::{Coverage, Opened, Outcome, Receiver};

pub(super) struct Reading<'r> {
    pub(super) receiver: &'r mut dyn Receiver,
    budget: Rc<Budget>,
    depth: usize,
}

impl<'r> Reading<'r> {
    pub(super) fn new(budget: Rc<Budget>, receiver: &'r mut dyn Receiver) -> Self {
        Self {
            receiver,
            budget,
            depth: 0,
        }
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.budget.limits
    }

    /// The coverage of what was being read when a limit of the whole file was reached.
    fn limited(&self) -> Option<Coverage> {
        self.budget.reached().map(Coverage::Limited)
    }

    /// Nothing more can be read, of anything.
    pub(super) fn is_over(&self) -> bool {
        self.budget.has_failed() || self.budget.reached().is_some()
    }

    /// Counts what came out by another way than [`Self::part`]; an error when it is too much.
    pub(super) fn expand(&self, bytes: usize) -> io::Result<()> {
        self.budget.take_expansion(bytes)
    }

    /// Counts what comes out of a container, a member or a part of an office document.
    pub(super) fn part<'s>(&self, part: &'s mut dyn Read) -> Bytes<'s> {
        Bytes::inner(Source::Stream(part), Rc::clone(&self.budget))
    }

    /// Reads a file inside this one. Without a size, it is read to its end to know it.
    ///
    /// An error is one of the disk, or a limit that ends the reading of the whole file; a member that is damaged has an
    /// outcome that says so.
    pub(super) fn member(
        &mut self,
        name: &str,
        bytes: &mut dyn Read,
        size_bytes: Option<u64>,
    ) -> io::Result<()> {
        self.budget.take_entry()?;
        let mut counted = Counted { bytes, given: 0 };
        self.receiver.begin_member(name);
        let outcome = self.inner_outcome(&mut counted)?;
        if size_bytes.is_none() {
            // What nobody reads is counted too; it may be a bomb. What is broken there was not to be read anyway.
            let rest = io::copy(&mut self.part(&mut counted), &mut io::sink());
            rest.map_or_else(
                |error| {
                    if self.budget.has_failed() {
                        Err(error)
                    } else {
                        Ok(0)
                    }
                },
                Ok,
            )?;
        }
        let size_bytes = size_bytes.unwrap_or(counted.given);
        self.receiver.end_member(&outcome, size_bytes);
        if self.budget.reached().is_some() {
            return Err(io::Error::other("limit"));
        }
        Ok(())
    }

    /// A document inside this one that is no file of its own; `read` reads it. An error is as in [`Self::member`].
    pub(super) fn part_as_member(
        &mut self,
        name: &str,
        media_type: &'static str,
        read: impl FnOnce(&mut Self) -> io::Result<Outcome<'static>>,
    ) -> io::Result<()> {
        self.budget.take_entry()?;
        self.receiver.begin_member(name);
        self.depth += 1;
        let read = if self.depth > self.limits().depth {
            Ok(Outcome {
                media_type,
                coverage: Coverage::TooDeep,
            })
        } else {
            read(self)
        };
        self.depth -= 1;
        let outcome = match read {
            Err(error) if self.is_over() => return Err(error),
            read => read.unwrap_or(Outcome {
                media_type,
                coverage: Coverage::Damaged,
            }),
        };
        self.receiver.end_member(&outcome, 0);
        Ok(())
    }

    /// Tells the places of what `read` gives below one: a message of a mailbox.
    pub(super) fn within<T>(&mut self, place: &str, read: impl FnOnce(&mut Reading<'_>) -> T) -> T {
        let mut receiver = Within {
            receiver: &mut *self.receiver,
            place,
            open: 0,
        };
        let mut reading = Reading {
            receiver: &mut receiver,
            budget: Rc::clone(&self.budget),
            depth: self.depth,
        };
        read(&mut reading)
    }

    /// A file inside this one that is not read: it is locked, or of no use.
    pub(super) fn unread_member(
        &mut self,
        name: &str,
        outcome: &Outcome<'_>,
        size_bytes: u64,
    ) -> io::Result<()> {
        self.budget.take_entry()?;
        self.receiver.begin_member(name);
        self.receiver.end_member(outcome, size_bytes);
        Ok(())
    }

    /// Reads what was opened; an error is one of the disk.
    pub(super) fn outcome(&mut self, opened: Opened<'_>) -> io::Result<Outcome<'static>> {
        let media_type = opened.media_type();
        let outcome = if self.depth > self.limits().depth {
            Ok(Outcome {
                media_type,
                coverage: Coverage::TooDeep,
            })
        } else {
            opened.read(self)
        };
        // The families need not know a limit or a broken disk from a broken content.
        match (outcome, self.budget.reached()) {
            (Err(error), _) if self.budget.has_failed() => Err(error),
            (Ok(_), _) if self.budget.has_failed() => Err(io::Error::other("disk")),
            (Ok(outcome), Some(limit)) => Ok(Outcome {
                coverage: Coverage::Limited(limit),
                ..outcome
            }),
            (Err(_), Some(limit)) => Ok(Outcome {
                media_type,
                coverage: Coverage::Limited(limit),
            }),
            (Ok(outcome), None) => Ok(outcome),
            (Err(_), None) => Ok(Outcome {
                media_type,
                coverage: Coverage::Damaged,
            }),
        }
    }

    fn inner_outcome(&mut self, bytes: &mut dyn Read) -> io::Result<Outcome<'static>> {
        self.depth += 1;
        let outcome = match Opened::of(self.part(bytes)) {
            Ok(opened) => self.outcome(opened),
            Err(error) if self.budget.has_failed() => Err(error),
            // Not even its first bytes came out.
            Err(_) => Ok(Outcome {
                media_type: "application/octet-stream",
                coverage: self.limited().unwrap_or(Coverage::Damaged),
            }),
        };
        self.depth -= 1;
        outcome
    }
}

/// Puts a place before every other.
struct Within<'r> {
    receiver: &'r mut dyn Receiver,
    place: &'r str,
    /// Members that are open: their own places are told by their names.
    open: usize,
}

impl Within<'_> {
    fn place(&self, within: Option<&str>) -> Option<String> {
        match within {
            _ if self.open > 0 => within.map(str::to_owned),
            Some(within) => Some(format!("{} › {within}", self.place)),
            None => Some(self.place.to_owned()),
        }
    }
}

impl Receiver for Within<'_> {
    fn begin_text(&mut self, within: Option<&str>) {
        let place = self.place(within);
        self.receiver.begin_text(place.as_deref());
    }

    fn text(&mut self, chunk: &str) {
        self.receiver.text(chunk);
    }

    fn begin_table(&mut self, within: Option<&str>, first_row: u64) {
        let place = self.place(within);
        self.receiver.begin_table(place.as_deref(), first_row);
    }

    fn row(&mut self, cells: &[&str]) {
        self.receiver.row(cells);
    }

    fn begin_member(&mut self, name: &str) {
        let name = self.place(Some(name));
        self.receiver
            .begin_member(name.as_deref().unwrap_or_default());
        self.open += 1;
    }

    fn end_member(&mut self, outcome: &Outcome<'_>, size_bytes: u64) {
        self.open = self.open.saturating_sub(1);
        self.receiver.end_member(outcome, size_bytes);
    }
}

/// Counts what is read.
pub(super) struct Counted<'b> {
    pub(super) bytes: &'b mut dyn Read,
    pub(super) given: u64,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.read(buffer)?;
        let count = u64::try_from(read).unwrap_or(u64::MAX);
        self.given = self.given.saturating_add(count);
        Ok(read)
    }
}
