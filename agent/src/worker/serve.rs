//! The worker's side: confines itself, then reads the files it is handed, one after the other, until nobody hands any.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::frame::{Frame, MAX_FRAME_BYTES, MAX_NAME_BYTES, Request};
use super::{MEMORY_BYTES, processor_seconds};
use crate::extract::{self, Limits, Outcome, Receiver, Source};
use crate::platform::{self, Master};

/// Gathered before it is sent: few system calls, little memory.
const SENT_AT_ONCE_BYTES: usize = 64 * 1024;
/// Texts are cut into frames of this size.
const TEXT_BYTES: usize = 128 * 1024;

/// Reads for the process that started this one. Returns when that one is gone.
pub fn serve() -> io::Result<()> {
    let master = Master::ours()?;
    let confinement = platform::confine(MEMORY_BYTES)?;
    let mut sender = Sender::new(master);
    sender.send(&Frame::Hello(confinement));
    sender.flush()?;

    let mut words = [0; Request::BYTES];
    while let Some(file) = sender.master.receive(&mut words)? {
        let request = Request::decode(&words);
        platform::limit_processor(processor_seconds(request.size_bytes))?;
        let read = catch_unwind(AssertUnwindSafe(|| read(file, request, &mut sender)));
        let is_sound = read.is_ok();
        if let Ok(Some(stop)) = read {
            sender.send(&stop);
        }
        if !is_sound {
            sender.send(&Frame::Panicked);
        }
        sender.flush()?;
        if !is_sound {
            break;
        }
    }
    Ok(())
}

/// Gives the segments of a file, and its outcome; or the frame that says why there is none.
fn read(mut file: File, request: Request, sender: &mut Sender) -> Option<Frame<'static>> {
    // The place in a file is shared with the agent, who may have read it for its fingerprint.
    if file.rewind().is_err() {
        return Some(Frame::SourceFailed);
    }
    let mut watched = Watched::new(file, request.max_bytes.max(request.size_bytes));
    let source = Source::File(&mut watched);
    let Ok(opened) = extract::open(source, request.size_bytes, Limits::default()) else {
        return Some(Frame::SourceFailed);
    };
    let media_type = opened.media_type();
    sender.send(&Frame::Opened { media_type });
    if opened.is_supported() && request.size_bytes > request.max_bytes {
        return Some(Frame::TooLarge);
    }
    let outcome = opened.extract(sender);
    match outcome {
        Ok(outcome) => {
            sender.send(&Frame::Done(outcome));
            None
        }
        Err(_) if watched.is_over => Some(Frame::OverLimit),
        Err(_) => Some(Frame::SourceFailed),
    }
}

/// A file that does not grow beyond a limit while it is read.
struct Watched {
    file: File,
    place: u64,
    max_bytes: u64,
    is_over: bool,
}

impl Watched {
    fn new(file: File, max_bytes: u64) -> Self {
        Self {
            file,
            place: 0,
            max_bytes,
            is_over: false,
        }
    }
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.place = self
            .place
            .saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
        // A damaged file leads beyond its end: there is nothing there, and it did not grow.
        if read > 0 && self.place > self.max_bytes {
            self.is_over = true;
            return Err(io::Error::other("the file grew"));
        }
        Ok(read)
    }
}

impl Seek for Watched {
    fn seek(&mut self, place: SeekFrom) -> io::Result<u64> {
        self.place = self.file.seek(place)?;
        Ok(self.place)
    }
}

/// Turns segments into frames.
struct Sender {
    master: Master,
    waiting: Vec<u8>,
    /// The agent is gone, or no frame could be made: nothing more is said.
    failure: Option<io::Error>,
}

impl Sender {
    fn new(master: Master) -> Self {
        Self {
            master,
            waiting: Vec::with_capacity(2 * SENT_AT_ONCE_BYTES),
            failure: None,
        }
    }

    fn send(&mut self, frame: &Frame<'_>) {
        if frame.encode(&mut self.waiting).is_err() {
            self.failure
                .get_or_insert_with(|| io::ErrorKind::InvalidData.into());
        }
        if self.waiting.len() >= SENT_AT_ONCE_BYTES {
            self.pass_on();
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pass_on();
        self.failure.take().map_or(Ok(()), Err)
    }

    fn pass_on(&mut self) {
        if self.failure.is_none() {
            self.failure = self.master.write_all(&self.waiting).err();
        }
        self.waiting.clear();
    }
}

impl Receiver for Sender {
    fn begin_text(&mut self, within: Option<&str>) {
        let within = within.map(|name| beginning(name, MAX_NAME_BYTES));
        self.send(&Frame::BeginText { within });
    }

    fn text(&mut self, chunk: &str) {
        let mut rest = chunk;
        while !rest.is_empty() {
            let piece = beginning(rest, TEXT_BYTES);
            self.send(&Frame::Text(piece));
            rest = rest.get(piece.len()..).unwrap_or_default();
        }
    }

    fn begin_table(&mut self, within: Option<&str>, first_row: u64) {
        let within = within.map(|name| beginning(name, MAX_NAME_BYTES));
        self.send(&Frame::BeginTable { within, first_row });
    }

    fn row(&mut self, cells: &[&str]) {
        let bytes: usize = cells.iter().map(|cell| cell.len() + 4).sum();
        if bytes <= MAX_FRAME_BYTES {
            self.send(&Frame::Row(cells.to_vec()));
            return;
        }
        // A row that fills megabytes is no row that anybody reads across.
        self.begin_text(None);
        for cell in cells {
            self.text(cell);
            self.text("\n");
        }
    }

    fn begin_member(&mut self, name: &str) {
        let name = beginning(name, MAX_NAME_BYTES);
        self.send(&Frame::BeginMember { name });
    }

    fn end_member(&mut self, outcome: &Outcome<'_>, size_bytes: u64) {
        let outcome = *outcome;
        self.send(&Frame::EndMember {
            outcome,
            size_bytes,
        });
    }
}

/// As many of the first characters as fit.
fn beginning(text: &str, max_bytes: usize) -> &str {
    let end = text.floor_char_boundary(max_bytes);
    text.get(..end).unwrap_or_default()
}
