//! Where Windows has its folders. Asked of Windows: what the environment says of it is another matter for a service, and for who
//! may change it.

use std::ffi::OsString;
use std::os::windows::ffi::OsStringExt;
use std::path::PathBuf;
use std::ptr;

use windows_sys::Win32::Foundation::S_OK;
use windows_sys::Win32::System::Com::CoTaskMemFree;
use windows_sys::Win32::UI::Shell::{
    FOLDERID_ProgramData, FOLDERID_ProgramFiles, SHGetKnownFolderPath,
};
use windows_sys::core::GUID;

/// Ours, in the folder for the data of all accounts.
pub(super) fn data() -> PathBuf {
    ours(&FOLDERID_ProgramData, r"C:\ProgramData")
}

/// Ours, in the folder for programs of this processor.
pub(super) fn programs() -> PathBuf {
    ours(&FOLDERID_ProgramFiles, r"C:\Program Files")
}

#[expect(unsafe_code, reason = "the standard library does not know the folders")]
fn ours(folder: &GUID, otherwise: &str) -> PathBuf {
    let mut name = ptr::null_mut();
    // SAFETY: the identifier is a constant; the name is written on success, and freed below in any case.
    let answer = unsafe { SHGetKnownFolderPath(folder, 0, ptr::null_mut(), &raw mut name) };
    let mut found = PathBuf::from(otherwise);
    if answer == S_OK && !name.is_null() {
        // SAFETY: a string of Windows, which ends with a zero.
        let letters = (0..).take_while(|&place| unsafe { *name.add(place) } != 0);
        // SAFETY: so many letters stand before the zero.
        let name = unsafe { std::slice::from_raw_parts(name, letters.count()) };
        found = OsString::from_wide(name).into();
    }
    // SAFETY: what the call gave, or nothing.
    unsafe { CoTaskMemFree(name.cast()) };
    found.join("Beffroi")
}
