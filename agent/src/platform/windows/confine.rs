//! Where hostile bytes are read: a process that can compute, read what it was given, answer, and nothing else.
//!
//! It was started with a token that opens nothing ([`super::token::Lockdown`]) and gives up here what let it start. A job
//! limits its memory and its processor's time, and lets it start nothing. Not every Windows does all of that, and Wine
//! does little: each wall is tried before it is told.

use std::env;
use std::fs::File;
use std::hash::RandomState;
use std::io;
use std::net::UdpSocket;
use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle};
use std::process::{Command, Stdio};
use std::ptr::null;
use std::sync::OnceLock;

use windows_sys::Win32::Foundation::FILETIME;
use windows_sys::Win32::Security::RevertToSelf;
use windows_sys::Win32::System::JobObjects::{
    AssignProcessToJobObject, CreateJobObjectW, JOB_OBJECT_LIMIT_ACTIVE_PROCESS,
    JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION, JOB_OBJECT_LIMIT_PROCESS_MEMORY,
    JOB_OBJECT_LIMIT_PROCESS_TIME, JOBOBJECT_EXTENDED_LIMIT_INFORMATION,
    JobObjectExtendedLimitInformation, SetInformationJobObject,
};
use windows_sys::Win32::System::Threading::{GetCurrentProcess, GetProcessTimes};

use super::done;
use crate::platform::Confinement;

pub(in crate::platform) const WALLS: &[&str] = &[FILES, NETWORK, PROGRAMS, MEMORY];
pub(in crate::platform) const NECESSARY: &[&str] = &[FILES, NETWORK];

const FILES: &str = "fichiers";
const NETWORK: &str = "réseau";
const PROGRAMS: &str = "programmes";
const MEMORY: &str = "mémoire";

static JOB: OnceLock<Job> = OnceLock::new();

#[derive(Debug)]
struct Job {
    handle: OwnedHandle,
    memory_bytes: u64,
}

/// Confines this process for good. To be called before there is another thread.
pub fn confine(memory_bytes: u64) -> io::Result<Confinement> {
    let program = env::current_exe()?;
    // What is loaded when it is first needed must be loaded while that is allowed.
    drop(UdpSocket::bind("127.0.0.1:0"));
    let _ = RandomState::new();
    // Windows 7 refuses a process that is in a job already.
    if let Ok(job) = Job::around_us(memory_bytes) {
        let _ = JOB.set(job);
    }
    give_up_the_start()?;
    let memory = usize::try_from(memory_bytes).unwrap_or(usize::MAX);
    let starts = Command::new(&program)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    Ok(Confinement::default()
        .with(FILES, File::open(&program).is_err())
        .with(NETWORK, UdpSocket::bind("127.0.0.1:0").is_err())
        .with(PROGRAMS, starts.is_err())
        .with(MEMORY, Vec::<u8>::new().try_reserve_exact(memory).is_err()))
}

/// Ends the process when it uses more processor time than this from here on.
pub fn limit_processor(seconds: u64) -> io::Result<()> {
    match JOB.get() {
        Some(job) => job.limit(Some(used_ticks()?.saturating_add(ticks(seconds)))),
        None => Ok(()),
    }
}

#[expect(unsafe_code, reason = "the standard library knows no tokens")]
fn give_up_the_start() -> io::Result<()> {
    // SAFETY: the thread has the process's own rights from here on.
    done(unsafe { RevertToSelf() })
}

impl Job {
    #[expect(unsafe_code, reason = "the standard library knows no jobs")]
    fn around_us(memory_bytes: u64) -> io::Result<Self> {
        // SAFETY: the handle given is owned once; the process is this one.
        unsafe {
            let handle = CreateJobObjectW(null(), null());
            if handle.is_null() {
                return Err(io::Error::last_os_error());
            }
            let job = Self {
                handle: OwnedHandle::from_raw_handle(handle),
                memory_bytes,
            };
            job.limit(None)?;
            done(AssignProcessToJobObject(
                job.handle.as_raw_handle(),
                GetCurrentProcess(),
            ))?;
            Ok(job)
        }
    }

    /// `processor`: so many ticks of this process's time since its start.
    #[expect(unsafe_code, reason = "the standard library knows no jobs")]
    fn limit(&self, processor: Option<i64>) -> io::Result<()> {
        let mut limits = JOBOBJECT_EXTENDED_LIMIT_INFORMATION::default();
        limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_ACTIVE_PROCESS
            | JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION
            | JOB_OBJECT_LIMIT_PROCESS_MEMORY;
        limits.BasicLimitInformation.ActiveProcessLimit = 1;
        limits.ProcessMemoryLimit = usize::try_from(self.memory_bytes).unwrap_or(usize::MAX);
        if let Some(ticks) = processor {
            limits.BasicLimitInformation.LimitFlags |= JOB_OBJECT_LIMIT_PROCESS_TIME;
            limits.BasicLimitInformation.PerProcessUserTimeLimit = ticks;
        }
        let bytes = u32::try_from(size_of_val(&limits)).unwrap_or(0);
        // SAFETY: the structure is the one that the class names, with its length.
        done(unsafe {
            SetInformationJobObject(
                self.handle.as_raw_handle(),
                JobObjectExtendedLimitInformation,
                (&raw const limits).cast(),
                bytes,
            )
        })
    }
}

/// Of 100 nanoseconds.
fn ticks(seconds: u64) -> i64 {
    i64::try_from(seconds.saturating_mul(10_000_000)).unwrap_or(i64::MAX)
}

/// The processor time that this process spent on its own.
#[expect(
    unsafe_code,
    reason = "the standard library does not tell the processor's time"
)]
fn used_ticks() -> io::Result<i64> {
    let mut times = [FILETIME::default(); 4];
    let [started, ended, system, own] = &mut times;
    // SAFETY: four structures of ours to write into.
    done(unsafe { GetProcessTimes(GetCurrentProcess(), started, ended, system, own) })?;
    Ok(i64::from(own.dwHighDateTime) << 32 | i64::from(own.dwLowDateTime))
}
