//! A process of our own program that works for us: started without anything of ours but one socket, over which opened
//! files are handed to it.

use std::fs::File;
use std::io::{self, IoSlice, IoSliceMut, Read, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, ReturnFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags,
};

/// Our side of a helper. It is killed when this is dropped.
#[derive(Debug)]
pub struct Helper {
    child: Child,
    socket: UnixStream,
}

/// The helper's side.
#[derive(Debug)]
pub struct Master(UnixStream);

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

impl Helper {
    /// Starts this same program with a verb. It inherits no environment and no file but its socket.
    pub fn start(verb: &str) -> io::Result<Self> {
        let (socket, theirs) = UnixStream::pair()?;
        // Not a path: the program may have been replaced on disk since it was started.
        let child = Command::new("/proc/self/exe")
            .arg0("beffroi-agent")
            .arg(verb)
            .env_clear()
            .current_dir("/")
            .stdin(OwnedFd::from(theirs))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        Ok(Self { child, socket })
    }

    /// Hands over an opened file with a few words about it.
    pub fn send(&mut self, words: &[u8], file: &File) -> io::Result<()> {
        let files = [file.as_fd()];
        let mut room = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut ancillary = SendAncillaryBuffer::new(&mut room);
        ancillary.push(SendAncillaryMessage::ScmRights(&files));
        let words = [IoSlice::new(words)];
        // Fewer bytes than any socket holds: all or nothing. A dead helper is an error, not a signal.
        rustix::net::sendmsg(&self.socket, &words, &mut ancillary, SendFlags::NOSIGNAL)?;
        Ok(())
    }

    /// Reads what the helper says; nothing within the time is an error of the kind [`io::ErrorKind::WouldBlock`].
    pub fn receive(&mut self, buffer: &mut [u8], within: Duration) -> io::Result<usize> {
        self.socket.set_read_timeout(Some(within))?;
        self.socket.read(buffer)
    }

    /// Ends it whatever it does, and looks at what it left.
    pub fn end(mut self) -> Remains {
        let _ = self.child.kill();
        let status = self.child.wait();
        let mut last_words = Vec::new();
        if let Some(said) = self.child.stderr.take() {
            let _ = said.take(MAX_LAST_WORDS).read_to_end(&mut last_words);
        }
        Remains {
            used_its_time: status.is_ok_and(|status| status.signal() == Some(libc::SIGXCPU)),
            last_words: String::from_utf8_lossy(&last_words).into_owned(),
        }
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Master {
    /// Of the process that this one was started by, with [`Helper::start`].
    ///
    /// To be called first: it closes every file that came through the agent from whoever started that.
    pub fn ours() -> io::Result<Self> {
        close_all_but_standard_streams()?;
        let socket = io::stdin().as_fd().try_clone_to_owned()?;
        Ok(Self(UnixStream::from(socket)))
    }

    /// The next file, once the words about it fill the buffer; none when there is no master any more.
    pub fn receive(&mut self, words: &mut [u8]) -> io::Result<Option<File>> {
        let mut room = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut ancillary = RecvAncillaryBuffer::new(&mut room);
        let expected = words.len();
        let received = rustix::net::recvmsg(
            &self.0,
            &mut [IoSliceMut::new(words)],
            &mut ancillary,
            RecvFlags::CMSG_CLOEXEC,
        )?;
        if received.bytes == 0 {
            return Ok(None);
        }
        let file = ancillary.drain().find_map(|message| match message {
            RecvAncillaryMessage::ScmRights(mut files) => files.next(),
            _ => None,
        });
        let is_whole = received.bytes == expected && !received.flags.contains(ReturnFlags::CTRUNC);
        let file = file.filter(|_| is_whole);
        file.map(|file| Some(File::from(file)))
            .ok_or_else(|| io::ErrorKind::InvalidData.into())
    }
}

#[expect(
    unsafe_code,
    reason = "no safe interface closes files that nobody in this program opened"
)]
fn close_all_but_standard_streams() -> io::Result<()> {
    const FIRST_OTHER: libc::c_uint = 3;
    // SAFETY: the process has just started and has opened nothing itself, so that no file that Rust knows is closed.
    let closed = unsafe { libc::syscall(libc::SYS_close_range, FIRST_OTHER, libc::c_uint::MAX, 0) };
    match io::Error::last_os_error() {
        _ if closed == 0 => Ok(()),
        // Linux before 5.9: what is left open is no more than the agent itself was given.
        error if error.raw_os_error() == Some(libc::ENOSYS) => Ok(()),
        error => Err(error),
    }
}

impl Write for Master {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
