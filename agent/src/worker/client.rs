//! The agent's side: hands files over, listens, and does without a worker that fails.

use std::fs::File;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::frame::{Frame, HEADER_BYTES, MAX_FRAME_BYTES, Request};
use super::{FILES_PER_PROCESS, VERB, processor_seconds};
use crate::extract::{Coverage, Limits, Receiver};
use crate::platform::{Confinement, Helper, Remains};

/// How often somebody who wants to stop is listened to.
const BREATH: Duration = Duration::from_millis(200);
/// Waited for in all, beside the processor time: so many times the patience.
const PATIENCES: u32 = 10;
/// A worker says hello within this time even on an old machine that is busy.
const HELLO_PATIENCE: Duration = Duration::from_secs(60);

/// The worker could not be started, twice in a row.
#[derive(Debug, thiserror::Error)]
#[error("le lecteur de fichiers ne démarre pas : {0}")]
pub struct WorkerError(#[from] io::Error);

/// Reads files by a process of its own, started when needed.
pub struct Worker {
    patience: Duration,
    process: Option<Process>,
}

/// What was learnt of a file beside its segments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Unknown when not even the first bytes could be looked at.
    pub media_type: Option<String>,
    pub end: End,
    /// How many segments were given: the worker says the same ones again if it is asked again.
    pub segments: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Done(Coverage),
    /// It is larger than the limit, and was not read.
    TooLarge,
    /// It grew beyond the limit while it was read.
    OverLimit,
    /// The disk or the share failed.
    SourceFailed,
    Cancelled,
    /// All the segments that were asked for were given.
    EnoughGiven,
    Lost(Loss),
}

/// How a worker was lost over a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// It died, or answered nonsense.
    Failed,
    /// No answer in time, or too much processor time.
    TimedOut,
    Memory,
}

struct Process {
    helper: Helper,
    confinement: Confinement,
    files: u32,
    /// What was received and not understood yet.
    received: Vec<u8>,
    understood: usize,
}

impl Worker {
    /// `patience`: how long the worker may be silent over a file.
    pub fn new(patience: Duration) -> Self {
        Self {
            patience,
            process: None,
        }
    }

    /// Ends the worker: it is in the middle of something that nobody listens to any more.
    pub fn forget(&mut self) {
        self.process = None;
    }

    /// Which walls stand round the worker.
    pub fn confinement(&mut self) -> Result<Confinement, WorkerError> {
        Ok(self.process()?.confinement)
    }

    /// Reads a file; a larger one than `max_bytes` is only looked at. With `segments`, no more than these are given.
    pub fn read(
        &mut self,
        file: &File,
        size_bytes: u64,
        max_bytes: u64,
        segments: Option<u64>,
        cancelled: &AtomicBool,
        receiver: &mut dyn Receiver,
    ) -> Result<Answer, WorkerError> {
        let request = Request {
            size_bytes,
            max_bytes,
        };
        // One that died while it had nothing to do says nothing about this file.
        if self.process()?.ask(request, file).is_err() {
            self.process = None;
            self.process()?.ask(request, file)?;
        }
        let patience = self.patience;
        let Some(process) = &mut self.process else {
            return Err(io::Error::from(io::ErrorKind::NotConnected).into());
        };
        let mut listening = Listening {
            answer: Answer {
                media_type: None,
                end: End::Lost(Loss::Failed),
                segments: 0,
            },
            members: 0,
            depth: 0,
            wanted: segments.unwrap_or(u64::MAX),
            clock: Clock::new(patience, size_bytes),
        };
        let end = listening.until_the_end(process, cancelled, receiver);
        listening.answer.end = match end {
            Ok(end) => end,
            Err(Trouble::TimedOut) => self.lost(Some(Loss::TimedOut)),
            Err(Trouble::Nonsense) => self.lost(Some(Loss::Failed)),
            Err(Trouble::Gone) => self.lost(None),
        };
        if matches!(end, Ok(End::Cancelled | End::EnoughGiven)) {
            self.process = None;
        }
        Ok(listening.answer)
    }

    /// The worker that is there, or another.
    fn process(&mut self) -> Result<&mut Process, WorkerError> {
        let is_worn = |process: &Process| process.files >= FILES_PER_PROCESS;
        let process = match self.process.take() {
            Some(process) if !is_worn(&process) => process,
            // A start that fails by accident does not fail twice.
            _ => Process::start().or_else(|_| Process::start())?,
        };
        Ok(self.process.insert(process))
    }

    fn lost(&mut self, cause: Option<Loss>) -> End {
        let remains = self.process.take().map(|process| process.helper.end());
        let told = remains.map_or(Loss::Failed, |remains| Loss::told_by(&remains));
        End::Lost(cause.unwrap_or(told))
    }
}

impl Loss {
    fn told_by(remains: &Remains) -> Self {
        if remains.used_its_time {
            return Self::TimedOut;
        }
        // What Rust's standard library says before it aborts.
        if remains.last_words.contains("memory allocation of") {
            return Self::Memory;
        }
        Self::Failed
    }
}

impl Process {
    fn start() -> io::Result<Self> {
        let mut process = Self {
            helper: Helper::start(VERB)?,
            confinement: Confinement::default(),
            files: 0,
            received: Vec::new(),
            understood: 0,
        };
        let started = Instant::now();
        loop {
            let frame = Frame::decode(process.waiting());
            match frame.map_err(|_| io::ErrorKind::InvalidData)? {
                Some((Frame::Hello(confinement), length)) => {
                    process.confinement = confinement;
                    process.understood += length;
                    return Ok(process);
                }
                Some(_) => return Err(io::ErrorKind::InvalidData.into()),
                None if started.elapsed() > HELLO_PATIENCE => {
                    return Err(io::ErrorKind::TimedOut.into());
                }
                None => match process.receive() {
                    Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                    Err(error) if !is_silence(&error) => return Err(error),
                    _ => {}
                },
            }
        }
    }

    fn ask(&mut self, request: Request, file: &File) -> io::Result<()> {
        self.files += 1;
        self.helper.send(&request.encode(), file)
    }

    fn waiting(&self) -> &[u8] {
        self.received.get(self.understood..).unwrap_or_default()
    }

    /// Makes room, then waits a breath for more; how many bytes came, none when the worker is gone.
    fn receive(&mut self) -> io::Result<usize> {
        self.received.drain(..self.understood);
        self.understood = 0;
        let before = self.received.len();
        self.received.resize(before + RECEIVED_AT_ONCE_BYTES, 0);
        let room = self.received.get_mut(before..).unwrap_or_default();
        let received = self.helper.receive(room, BREATH);
        self.received
            .truncate(before + received.as_ref().copied().unwrap_or(0));
        received
    }
}

const RECEIVED_AT_ONCE_BYTES: usize = 128 * 1024;

fn is_silence(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted
    )
}

/// Why no end was heard.
enum Trouble {
    TimedOut,
    Nonsense,
    Gone,
}

/// Over one file.
struct Listening {
    answer: Answer,
    members: u64,
    depth: usize,
    wanted: u64,
    clock: Clock,
}

impl Listening {
    fn until_the_end(
        &mut self,
        process: &mut Process,
        cancelled: &AtomicBool,
        receiver: &mut dyn Receiver,
    ) -> Result<End, Trouble> {
        loop {
            if let Some(end) = self.understand(process, receiver)? {
                return Ok(end);
            }
            if cancelled.load(Ordering::Relaxed) {
                return Ok(End::Cancelled);
            }
            self.clock.start_waiting();
            match process.receive() {
                Ok(0) => return Err(Trouble::Gone),
                Ok(_) => self.clock.heard(),
                Err(error) if is_silence(&error) => self.clock.silence()?,
                Err(_) => return Err(Trouble::Gone),
            }
            if process.waiting().len() > HEADER_BYTES + MAX_FRAME_BYTES + RECEIVED_AT_ONCE_BYTES {
                return Err(Trouble::Nonsense);
            }
        }
    }

    /// Passes on the frames that have come; the end, when it is among them.
    fn understand(
        &mut self,
        process: &mut Process,
        receiver: &mut dyn Receiver,
    ) -> Result<Option<End>, Trouble> {
        loop {
            let frame = Frame::decode(process.waiting()).map_err(|_| Trouble::Nonsense)?;
            let Some((frame, length)) = frame else {
                return Ok(None);
            };
            let end = self.take(frame, receiver)?;
            process.understood += length;
            if end.is_some() {
                return Ok(end);
            }
        }
    }

    fn take(
        &mut self,
        frame: Frame<'_>,
        receiver: &mut dyn Receiver,
    ) -> Result<Option<End>, Trouble> {
        let segment = match frame {
            Frame::Opened { media_type } => {
                self.answer.media_type = Some(media_type.to_owned());
                return Ok(None);
            }
            Frame::Done(outcome) if self.depth == 0 => {
                // The family may know better than the first bytes.
                self.answer.media_type = Some(outcome.media_type.to_owned());
                return Ok(Some(End::Done(outcome.coverage)));
            }
            Frame::TooLarge => return Ok(Some(End::TooLarge)),
            Frame::OverLimit => return Ok(Some(End::OverLimit)),
            Frame::SourceFailed => return Ok(Some(End::SourceFailed)),
            Frame::Hello(_) | Frame::Panicked | Frame::Done(_) => return Err(Trouble::Nonsense),
            segment => segment,
        };
        self.answer.segments += 1;
        self.give(segment, receiver)?;
        Ok((self.answer.segments >= self.wanted).then_some(End::EnoughGiven))
    }

    fn give(&mut self, segment: Frame<'_>, receiver: &mut dyn Receiver) -> Result<(), Trouble> {
        match segment {
            Frame::BeginText { within } => receiver.begin_text(within),
            Frame::Text(text) => receiver.text(text),
            Frame::BeginTable { within, first_row } => receiver.begin_table(within, first_row),
            Frame::Row(cells) => receiver.row(&cells),
            Frame::BeginMember { name } => {
                self.members += 1;
                self.depth += 1;
                let limits = Limits::default();
                // Each costs memory here: more than the worker may give is no honest worker's.
                if self.members > limits.entries || self.depth > limits.depth + 1 {
                    return Err(Trouble::Nonsense);
                }
                receiver.begin_member(name);
            }
            Frame::EndMember {
                outcome,
                size_bytes,
            } => {
                self.depth = self.depth.checked_sub(1).ok_or(Trouble::Nonsense)?;
                receiver.end_member(&outcome, size_bytes);
            }
            _ => return Err(Trouble::Nonsense),
        }
        Ok(())
    }
}

/// How long the worker makes us wait. What we do ourselves between its answers does not count.
struct Clock {
    patience: Duration,
    silent: Duration,
    left: Duration,
    since: Instant,
}

impl Clock {
    fn new(patience: Duration, size_bytes: u64) -> Self {
        let processor = Duration::from_secs(processor_seconds(size_bytes));
        Self {
            patience,
            silent: Duration::ZERO,
            left: processor.saturating_add(patience.saturating_mul(PATIENCES)),
            since: Instant::now(),
        }
    }

    fn start_waiting(&mut self) {
        self.since = Instant::now();
    }

    fn heard(&mut self) {
        self.left = self.left.saturating_sub(self.since.elapsed());
        self.silent = Duration::ZERO;
    }

    fn silence(&mut self) -> Result<(), Trouble> {
        let waited = self.since.elapsed();
        self.left = self.left.saturating_sub(waited);
        self.silent += waited;
        if self.silent > self.patience || self.left.is_zero() {
            return Err(Trouble::TimedOut);
        }
        Ok(())
    }
}
