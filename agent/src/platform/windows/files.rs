//! Files of others, read without leaving a trace: never written, in nobody's way, access time kept where that is allowed.

use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::os::windows::fs::{MetadataExt, OpenOptionsExt};
use std::os::windows::io::AsRawHandle;
use std::path::Path;

use windows_sys::Win32::Foundation::{ERROR_LOCK_VIOLATION, ERROR_SHARING_VIOLATION, FILETIME};
use windows_sys::Win32::Storage::FileSystem::{
    BY_HANDLE_FILE_INFORMATION, FILE_FLAG_BACKUP_SEMANTICS, FILE_FLAG_OPEN_NO_RECALL,
    FILE_FLAG_SEQUENTIAL_SCAN, FILE_GENERIC_READ, FILE_SHARE_DELETE, FILE_SHARE_READ,
    FILE_SHARE_WRITE, FILE_WRITE_ATTRIBUTES, GetFileInformationByHandle, SetFileTime,
};

use super::names::verbatim;
use crate::platform::Audience;
use crate::platform::ntfs::attributes;

/// Which file it is, whatever its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FileId {
    volume: u32,
    number: u64,
}

impl FileId {
    /// Links are followed.
    #[expect(
        unsafe_code,
        reason = "the standard library does not tell the number yet"
    )]
    pub fn of(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new()
            .access_mode(0)
            .share_mode(EVERYTHING_SHARED)
            .custom_flags(FILE_FLAG_BACKUP_SEMANTICS)
            .open(path)?;
        let mut told = BY_HANDLE_FILE_INFORMATION::default();
        // SAFETY: the handle is open, and the answer is written into a structure of ours.
        super::done(unsafe { GetFileInformationByHandle(file.as_raw_handle(), &raw mut told) })?;
        Ok(Self {
            volume: told.dwVolumeSerialNumber,
            number: u64::from(told.nFileIndexHigh) << 32 | u64::from(told.nFileIndexLow),
        })
    }

    /// That of what was met below a root; a folder that is listed does not tell it.
    pub fn of_entry(path: &Path, _metadata: &Metadata) -> io::Result<Self> {
        Self::of(&verbatim(path))
    }
}

/// Others may go on reading, writing, renaming and deleting what we read.
const EVERYTHING_SHARED: u32 = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

/// Anybody with an account passes through folders to what is below them (`SeChangeNotifyPrivilege`).
pub fn passers(_folder: &Metadata) -> Audience {
    Audience::Everyone
}

/// Unix seconds.
pub fn modified_at(metadata: &Metadata) -> i64 {
    const BETWEEN_1601_AND_1970_SECONDS: i64 = 11_644_473_600;
    let seconds = i64::try_from(metadata.last_write_time() / 10_000_000).unwrap_or(0);
    seconds - BETWEEN_1601_AND_1970_SECONDS
}

/// Opens a file met below a root for reading.
pub fn open_to_read(path: &Path) -> io::Result<File> {
    let path = verbatim(path);
    let open = |access| {
        OpenOptions::new()
            .access_mode(access)
            .share_mode(EVERYTHING_SHARED)
            .custom_flags(FILE_FLAG_SEQUENTIAL_SCAN | FILE_FLAG_OPEN_NO_RECALL)
            .open(&path)
    };
    // Only who may change the attributes may ask for the access time to be kept.
    match open(FILE_GENERIC_READ | FILE_WRITE_ATTRIBUTES) {
        Ok(file) => {
            keep_access_time(&file);
            Ok(file)
        }
        Err(error) if is_lock(&error) || error.kind() == io::ErrorKind::NotFound => Err(error),
        Err(_) => open(FILE_GENERIC_READ),
    }
}

#[expect(
    unsafe_code,
    reason = "the standard library cannot leave a time as it is"
)]
fn keep_access_time(file: &File) {
    // « Do not change it for what is done through this handle » ([MS-FSCC] 2.4.7).
    let unchanged = FILETIME {
        dwLowDateTime: u32::MAX,
        dwHighDateTime: u32::MAX,
    };
    // SAFETY: the handle is open, and the times are read only. A refusal costs an access time.
    unsafe {
        SetFileTime(
            file.as_raw_handle(),
            std::ptr::null(),
            &raw const unchanged,
            std::ptr::null(),
        );
    }
}

/// Whether another program holds the file in a way that forbids reading it.
pub fn is_lock(error: &io::Error) -> bool {
    let code = error
        .raw_os_error()
        .and_then(|code| u32::try_from(code).ok());
    matches!(code, Some(ERROR_SHARING_VIOLATION | ERROR_LOCK_VIOLATION))
}

/// There are none here.
pub fn is_kernel_view(_folder: &Path, _metadata: &Metadata, _root: FileId) -> bool {
    false
}

/// Whether reading the file would fetch it from another machine first.
pub fn content_is_elsewhere(metadata: &Metadata) -> bool {
    attributes::content_is_elsewhere(metadata.file_attributes())
}
