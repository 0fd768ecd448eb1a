//! A process started without anything of ours but three pipes, and with the rights that we choose.

use std::ffi::c_void;
use std::io::{self, PipeReader, PipeWriter};
use std::os::windows::io::{AsHandle, AsRawHandle, FromRawHandle, OwnedHandle};
use std::path::{Path, PathBuf};
use std::ptr::{null, null_mut};

use windows_sys::Win32::Foundation::{HANDLE, HANDLE_FLAG_INHERIT, SetHandleInformation};
use windows_sys::Win32::System::Threading::{
    CREATE_SUSPENDED, CREATE_UNICODE_ENVIRONMENT, CreateProcessAsUserW, CreateProcessW,
    DETACHED_PROCESS, DeleteProcThreadAttributeList, EXTENDED_STARTUPINFO_PRESENT,
    GetExitCodeProcess, INFINITE, InitializeProcThreadAttributeList,
    PROC_THREAD_ATTRIBUTE_HANDLE_LIST, PROCESS_INFORMATION, ResumeThread, STARTF_USESTDHANDLES,
    STARTUPINFOEXW, SetThreadToken, TerminateProcess, UpdateProcThreadAttribute,
    WaitForSingleObject,
};

use super::token::Lockdown;
use super::{done, priority, wide};

/// Ended when it is dropped.
#[derive(Debug)]
pub(super) struct Process(OwnedHandle);

/// Our ends of its pipes.
pub(super) struct Pipes {
    pub(super) input: PipeWriter,
    pub(super) output: PipeReader,
    pub(super) error: PipeReader,
}

impl Process {
    /// Starts this same program with a verb. With a lockdown, it has its rights until it reverts to itself only.
    pub(super) fn start(verb: &str, lockdown: Option<&Lockdown>) -> io::Result<(Self, Pipes)> {
        let (their_input, input) = io::pipe()?;
        let (output, their_output) = io::pipe()?;
        let (error, their_error) = io::pipe()?;
        let inherited = [
            their_input.as_handle(),
            their_output.as_handle(),
            their_error.as_handle(),
        ]
        .map(|handle| handle.as_raw_handle());
        let process = create(verb, inherited, lockdown)?;
        Ok((
            process,
            Pipes {
                input,
                output,
                error,
            },
        ))
    }

    /// Ends it, if it has not ended; with which code.
    #[expect(unsafe_code, reason = "the standard library did not start it")]
    pub(super) fn end(&self) -> u32 {
        let mut code = 0;
        // SAFETY: the handle is that of the process that we started, with all rights.
        unsafe {
            TerminateProcess(self.0.as_raw_handle(), 1);
            WaitForSingleObject(self.0.as_raw_handle(), INFINITE);
            GetExitCodeProcess(self.0.as_raw_handle(), &raw mut code);
        }
        code
    }

    pub(super) fn handle(&self) -> HANDLE {
        self.0.as_raw_handle()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

#[expect(
    unsafe_code,
    reason = "the standard library starts no process with a token"
)]
fn create(verb: &str, inherited: [HANDLE; 3], lockdown: Option<&Lockdown>) -> io::Result<Process> {
    let program = std::env::current_exe()?;
    let folder = system_folder();
    let mut command = wide(format!("beffroi-agent {verb}"));
    let environment = environment(&folder);
    let (program, folder) = (wide(program), wide(folder));
    let handles = HandleList::new(&inherited)?;
    let mut startup = STARTUPINFOEXW::default();
    startup.StartupInfo.cb = u32::try_from(size_of::<STARTUPINFOEXW>()).unwrap_or(0);
    startup.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
    [
        startup.StartupInfo.hStdInput,
        startup.StartupInfo.hStdOutput,
        startup.StartupInfo.hStdError,
    ] = inherited;
    startup.lpAttributeList = handles.list();
    let flags = CREATE_SUSPENDED
        | CREATE_UNICODE_ENVIRONMENT
        | DETACHED_PROCESS
        | EXTENDED_STARTUPINFO_PRESENT
        | priority::of_helpers();
    let mut started = PROCESS_INFORMATION::default();
    // SAFETY: every text ends with a zero, the environment with two; all that is pointed to outlives the calls, and the
    // two handles given are owned once.
    unsafe {
        done(match lockdown {
            Some(lockdown) => CreateProcessAsUserW(
                lockdown.process.as_raw_handle(),
                program.as_ptr(),
                command.as_mut_ptr(),
                null(),
                null(),
                1,
                flags,
                environment.as_ptr().cast(),
                folder.as_ptr(),
                (&raw const startup).cast(),
                &raw mut started,
            ),
            None => CreateProcessW(
                program.as_ptr(),
                command.as_mut_ptr(),
                null(),
                null(),
                1,
                flags,
                environment.as_ptr().cast(),
                folder.as_ptr(),
                (&raw const startup).cast(),
                &raw mut started,
            ),
        })?;
        let process = Process(OwnedHandle::from_raw_handle(started.hProcess));
        let thread = OwnedHandle::from_raw_handle(started.hThread);
        if let Some(lockdown) = lockdown {
            let thread = thread.as_raw_handle();
            done(SetThreadToken(
                &raw const thread,
                lockdown.start.as_raw_handle(),
            ))?;
        }
        if ResumeThread(thread.as_raw_handle()) == u32::MAX {
            return Err(io::Error::last_os_error());
        }
        Ok(process)
    }
}

/// Windows itself does not work without knowing where it is.
fn environment(system_folder: &Path) -> Vec<u16> {
    let mut variable = std::ffi::OsString::from("SystemRoot=");
    variable.push(system_folder);
    let mut block = wide(variable);
    block.push(0);
    block
}

/// A working folder that nobody will want to remove.
fn system_folder() -> PathBuf {
    let folder = std::env::var_os("SystemRoot").map(PathBuf::from);
    folder
        .filter(|folder| folder.is_absolute())
        .unwrap_or_else(|| PathBuf::from(r"C:\Windows"))
}

/// The handles that a process inherits, and no others.
struct HandleList<'h> {
    /// In words, for its alignment; Windows keeps its own structure in it.
    buffer: Vec<usize>,
    _handles: &'h [HANDLE; 3],
}

impl<'h> HandleList<'h> {
    #[expect(unsafe_code, reason = "the standard library passes on every handle")]
    fn new(handles: &'h [HANDLE; 3]) -> io::Result<Self> {
        let mut bytes = 0;
        // SAFETY: without a buffer only the length is written.
        unsafe { InitializeProcThreadAttributeList(null_mut(), 1, 0, &raw mut bytes) };
        let mut list = Self {
            buffer: vec![0; bytes.div_ceil(size_of::<usize>())],
            _handles: handles,
        };
        let attribute = usize::try_from(PROC_THREAD_ATTRIBUTE_HANDLE_LIST).unwrap_or(0);
        // SAFETY: the buffer has the length that was asked for; the handles are open and outlive the list.
        unsafe {
            for handle in handles {
                done(SetHandleInformation(
                    *handle,
                    HANDLE_FLAG_INHERIT,
                    HANDLE_FLAG_INHERIT,
                ))?;
            }
            let place = list.buffer.as_mut_ptr().cast::<c_void>();
            done(InitializeProcThreadAttributeList(
                place,
                1,
                0,
                &raw mut bytes,
            ))?;
            done(UpdateProcThreadAttribute(
                place,
                0,
                attribute,
                handles.as_ptr().cast(),
                size_of_val(handles),
                null_mut(),
                null(),
            ))?;
        }
        Ok(list)
    }

    fn list(&self) -> *mut c_void {
        self.buffer.as_ptr().cast_mut().cast()
    }
}

impl Drop for HandleList<'_> {
    #[expect(unsafe_code, reason = "what Windows keeps in the buffer, it frees")]
    fn drop(&mut self) {
        // SAFETY: the list was initialised, and nothing uses it any more.
        unsafe { DeleteProcThreadAttributeList(self.list()) };
    }
}
