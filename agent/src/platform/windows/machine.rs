//! Which machine this is.

use std::ptr;

use super::registry;
use windows_sys::Win32::System::SystemInformation::{
    ComputerNamePhysicalDnsHostname, GetComputerNameExW, GetSystemFirmwareTable, RSMB,
};

/// What stands before the tables of SMBIOS: four bytes of versions, four of length.
const FIRMWARE_HEAD: usize = 8;

/// The tables of SMBIOS; empty when the firmware has none.
#[expect(unsafe_code, reason = "the standard library knows no firmware")]
pub(in crate::platform) fn firmware_tables() -> Vec<u8> {
    // SAFETY: asks for the size only.
    let size = unsafe { GetSystemFirmwareTable(RSMB, 0, ptr::null_mut(), 0) };
    let mut bytes = vec![0; usize::try_from(size).unwrap_or(0)];
    // SAFETY: the size is that of the buffer.
    let written = unsafe { GetSystemFirmwareTable(RSMB, 0, bytes.as_mut_ptr(), size) };
    // It may have grown meanwhile: then nothing was written.
    if written == 0 || written > size {
        return Vec::new();
    }
    bytes.split_off(FIRMWARE_HEAD.min(bytes.len()))
}

#[expect(unsafe_code, reason = "the standard library does not tell the name")]
pub fn host_name() -> String {
    // Longer than any name of a machine (63 characters).
    let mut name = [0_u16; 256];
    let mut length = 256;
    // SAFETY: the length is that of the buffer.
    let answer = unsafe {
        GetComputerNameExW(
            ComputerNamePhysicalDnsHostname,
            name.as_mut_ptr(),
            &raw mut length,
        )
    };
    let told = usize::try_from(length)
        .ok()
        .and_then(|length| name.get(..length));
    match (answer, told) {
        (0, _) | (_, None) => String::new(),
        (_, Some(name)) => String::from_utf16_lossy(name),
    }
}

/// "10.0.19045.4894": the build and its updates.
pub fn kernel_version() -> String {
    const CURRENT: &str = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion";
    let number = |name| registry::number(CURRENT, name);
    let text = |name| registry::text(CURRENT, name).unwrap_or_default();
    // Before Windows 10 the version is a text, and updates are not counted.
    let version = match number("CurrentMajorVersionNumber").zip(number("CurrentMinorVersionNumber"))
    {
        Some((major, minor)) => format!("{major}.{minor}"),
        None => text("CurrentVersion"),
    };
    let build = text("CurrentBuild");
    match number("UBR") {
        Some(updates) => format!("{version}.{build}.{updates}"),
        None => format!("{version}.{build}"),
    }
}
