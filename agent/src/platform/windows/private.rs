//! Files and folders that only the agent's account may open, and where they are unless somebody says otherwise.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use windows_sys::Win32::Foundation::ERROR_ALREADY_EXISTS;
use windows_sys::Win32::Security::{
    DACL_SECURITY_INFORMATION, OWNER_SECURITY_INFORMATION, PROTECTED_DACL_SECURITY_INFORMATION,
    SECURITY_ATTRIBUTES, SetFileSecurityW,
};
use windows_sys::Win32::Storage::FileSystem::CreateDirectoryW;

use super::descriptor::Descriptor;
use super::{done, folders, token, wide};

pub fn default_config() -> PathBuf {
    folders::data().join("agent.toml")
}

pub fn default_state() -> PathBuf {
    folders::data().join("agent")
}

/// For the system and the administrators, what is made in it included; where they are not who runs the agent (a person
/// who tries it), for that account too.
///
/// One that is there already is made so: any account may make a folder in `C:\ProgramData` before us.
pub fn create_private_folder(path: &Path) -> io::Result<()> {
    const OFFICIAL: &str = "O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)";
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    make(
        path,
        &Descriptor::parse(OFFICIAL)?,
        OWNER_SECURITY_INFORMATION,
    )
    .or_else(|_| {
        let own = format!(
            "D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;{})",
            token::own_account()?
        );
        make(path, &Descriptor::parse(&own)?, 0)
    })
}

#[expect(
    unsafe_code,
    reason = "the standard library makes no folder with an access list"
)]
fn make(path: &Path, descriptor: &Descriptor, and: u32) -> io::Result<()> {
    let attributes = SECURITY_ATTRIBUTES {
        nLength: u32::try_from(size_of::<SECURITY_ATTRIBUTES>()).unwrap_or(0),
        lpSecurityDescriptor: descriptor.as_ptr(),
        bInheritHandle: 0,
    };
    let name = wide(std::path::absolute(path)?);
    // SAFETY: the path ends with a zero, and the attributes outlive the call.
    let made = done(unsafe { CreateDirectoryW(name.as_ptr(), &raw const attributes) });
    match made {
        Err(error) if error.raw_os_error() == Some(ERROR_ALREADY_EXISTS.cast_signed()) => {}
        made => return made,
    }
    if !fs::metadata(path)?.is_dir() {
        return Err(io::ErrorKind::NotADirectory.into());
    }
    let wanted = DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION | and;
    // SAFETY: as above.
    done(unsafe { SetFileSecurityW(name.as_ptr(), wanted, descriptor.as_ptr()) })
}

/// Made or emptied, for writing; it has the access list of its private folder.
pub fn create_private_file(path: &Path) -> io::Result<File> {
    File::create(path)
}

/// NTFS keeps a journal of names: what is renamed is there after a power cut, under the one name or the other.
pub fn sync_folder(_path: &Path) -> io::Result<()> {
    Ok(())
}
