//! A process of our own program that works for us: started without anything of ours but three pipes. Opened files are
//! handed to it by duplicating them into it, for reading only; their number in that process goes over its input.

use std::fs::File;
use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::os::windows::io::{AsHandle, AsRawHandle, FromRawHandle};
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use windows_sys::Win32::Foundation::{DuplicateHandle, ERROR_NOT_ENOUGH_QUOTA};
use windows_sys::Win32::Storage::FileSystem::FILE_GENERIC_READ;
use windows_sys::Win32::System::Threading::GetCurrentProcess;

use super::process::{Pipes, Process};
use super::token::Lockdown;
use super::{done, priority};

/// Our side of a helper. It is killed when this is dropped.
#[derive(Debug)]
pub struct Helper {
    process: Process,
    requests: PipeWriter,
    answers: Receiver<Vec<u8>>,
    /// Answered and not taken yet.
    waiting: io::Cursor<Vec<u8>>,
    said: PipeReader,
    has_answered: bool,
}

/// The helper's side.
#[derive(Debug)]
pub struct Master {
    requests: File,
    answers: File,
}

/// What a helper left when it ended.
#[derive(Debug)]
pub struct Remains {
    /// It ran into its limit of processor time.
    pub used_its_time: bool,
    /// The beginning of what it said of its own end.
    pub last_words: String,
}

/// The words of an end are few.
const MAX_LAST_WORDS: u64 = 4096;
/// Read from the pipe at once, and so many of these may wait.
const ANSWER_BYTES: usize = 64 * 1024;
const ANSWERS_WAITING: usize = 4;

/// A helper without rights died, or said nothing, before it was given a file: on this machine the program does not start
/// so. Helpers then start with the rights of the agent, and say that their walls are missing.
static LOCKDOWN_FAILS: AtomicBool = AtomicBool::new(false);

impl Helper {
    /// Starts this same program with a verb.
    pub fn start(verb: &str) -> io::Result<Self> {
        let (process, pipes) = match LOCKDOWN_FAILS.load(Ordering::Relaxed) {
            true => Process::start(verb, None)?,
            false => start_without_rights(verb).or_else(|error| {
                tracing::warn!(
                    "le lecteur de fichiers démarre avec les droits de l'agent : {error}"
                );
                LOCKDOWN_FAILS.store(true, Ordering::Relaxed);
                Process::start(verb, None)
            })?,
        };
        let Pipes {
            input,
            output,
            error,
        } = pipes;
        let (sender, answers) = sync_channel(ANSWERS_WAITING);
        thread::Builder::new()
            .name("helper".to_owned())
            .spawn(move || pass_on(output, &sender))?;
        Ok(Self {
            process,
            requests: input,
            answers,
            waiting: io::Cursor::default(),
            said: error,
            has_answered: false,
        })
    }

    /// Hands over an opened file with a few words about it.
    #[expect(
        unsafe_code,
        reason = "no safe interface gives a file to another process"
    )]
    pub fn send(&mut self, words: &[u8], file: &File) -> io::Result<()> {
        let mut theirs = null_mut();
        // SAFETY: all handles are open; the new one belongs to the other process, which closes it.
        done(unsafe {
            DuplicateHandle(
                GetCurrentProcess(),
                file.as_raw_handle(),
                self.process.handle(),
                &raw mut theirs,
                FILE_GENERIC_READ,
                0,
                0,
            )
        })?;
        let number = u64::try_from(theirs.addr()).unwrap_or(0);
        let request = [words, &number.to_le_bytes()].concat();
        self.requests.write_all(&request)
    }

    /// Reads what the helper says; nothing within the time is an error of the kind [`io::ErrorKind::WouldBlock`].
    pub fn receive(&mut self, buffer: &mut [u8], within: Duration) -> io::Result<usize> {
        let taken = self.waiting.read(buffer)?;
        if taken > 0 {
            return Ok(taken);
        }
        match self.answers.recv_timeout(within) {
            Ok(answer) => {
                self.has_answered = true;
                self.waiting = io::Cursor::new(answer);
                self.waiting.read(buffer)
            }
            Err(RecvTimeoutError::Timeout) => Err(io::ErrorKind::WouldBlock.into()),
            Err(RecvTimeoutError::Disconnected) => Ok(0),
        }
    }

    /// Ends it whatever it does, and looks at what it left.
    pub fn end(mut self) -> Remains {
        let code = self.process.end();
        let mut last_words = Vec::new();
        let said = Read::by_ref(&mut self.said);
        let _ = said.take(MAX_LAST_WORDS).read_to_end(&mut last_words);
        Remains {
            used_its_time: code == ERROR_NOT_ENOUGH_QUOTA,
            last_words: String::from_utf8_lossy(&last_words).into_owned(),
        }
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        if !self.has_answered {
            LOCKDOWN_FAILS.store(true, Ordering::Relaxed);
        }
    }
}

fn start_without_rights(verb: &str) -> io::Result<(Process, Pipes)> {
    Process::start(verb, Some(&Lockdown::new()?))
}

/// A pipe cannot be waited for with an end: a thread waits without one. It ends with the helper, or with our side of it.
fn pass_on(mut output: PipeReader, answers: &SyncSender<Vec<u8>>) {
    loop {
        let mut answer = vec![0; ANSWER_BYTES];
        let read = match output.read(&mut answer) {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => return,
        };
        answer.truncate(read);
        if read == 0 || answers.send(answer).is_err() {
            return;
        }
    }
}

impl Master {
    /// Of the process that this one was started by, with [`Helper::start`].
    pub fn ours() -> io::Result<Self> {
        priority::follow();
        Ok(Self {
            requests: File::from(io::stdin().as_handle().try_clone_to_owned()?),
            answers: File::from(io::stdout().as_handle().try_clone_to_owned()?),
        })
    }

    /// The next file, once the words about it fill the buffer; none when there is no master any more.
    #[expect(
        unsafe_code,
        reason = "no safe interface takes a file from another process"
    )]
    pub fn receive(&mut self, words: &mut [u8]) -> io::Result<Option<File>> {
        let mut number = [0; 8];
        match self.requests.read_exact(words) {
            Err(error) if is_end(&error) => return Ok(None),
            read => read?,
        }
        self.requests.read_exact(&mut number)?;
        let handle =
            usize::try_from(u64::from_le_bytes(number)).map_err(|_| io::ErrorKind::InvalidData)?;
        // SAFETY: whoever started us duplicated it into this process for us to own.
        Ok(Some(unsafe {
            File::from_raw_handle(std::ptr::with_exposed_provenance_mut(handle))
        }))
    }
}

fn is_end(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::UnexpectedEof | io::ErrorKind::BrokenPipe
    )
}

impl Write for Master {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.answers.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.answers.flush()
    }
}
