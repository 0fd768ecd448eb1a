//! The security descriptors of files, in their textual form.

use std::fs::Metadata;
use std::io;
use std::path::Path;
use std::ptr::{null, null_mut};

use windows_sys::Win32::Foundation::{ERROR_SUCCESS, LocalFree};
use windows_sys::Win32::Security::Authorization::{
    ConvertSecurityDescriptorToStringSecurityDescriptorW, GetNamedSecurityInfoW, SDDL_REVISION_1,
    SE_FILE_OBJECT,
};
use windows_sys::Win32::Security::{
    DACL_SECURITY_INFORMATION, OWNER_SECURITY_INFORMATION, PSECURITY_DESCRIPTOR,
};

use super::{done, names::verbatim, wide};
use crate::platform::{Audience, ntfs::sddl};

/// Who may read a file met below a root and who may write it, going by its own access list; a share may narrow it.
pub fn readers_and_writers(
    path: &Path,
    _metadata: &Metadata,
) -> (Option<Audience>, Option<Audience>) {
    let told = descriptor(path).ok();
    match told.and_then(|descriptor| sddl::readers_and_writers(&descriptor)) {
        Some((readers, writers)) => (Some(readers), Some(writers)),
        None => (None, None),
    }
}

#[expect(unsafe_code, reason = "the standard library knows no access lists")]
fn descriptor(path: &Path) -> io::Result<String> {
    const WANTED: u32 = OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION;
    let path = wide(verbatim(path));
    let mut descriptor: PSECURITY_DESCRIPTOR = null_mut();
    // SAFETY: the path ends with a zero; the only answer asked for is freed below.
    let error = unsafe {
        GetNamedSecurityInfoW(
            path.as_ptr(),
            SE_FILE_OBJECT,
            WANTED,
            null_mut(),
            null_mut(),
            null_mut(),
            null_mut(),
            &raw mut descriptor,
        )
    };
    if error != ERROR_SUCCESS {
        return Err(io::Error::from_raw_os_error(error.cast_signed()));
    }
    let (mut text, mut length) = (null_mut(), 0);
    // SAFETY: the descriptor is the one just given; the text is copied before both are freed, once.
    unsafe {
        let converted = done(ConvertSecurityDescriptorToStringSecurityDescriptorW(
            descriptor,
            SDDL_REVISION_1,
            WANTED,
            &raw mut text,
            &raw mut length,
        ));
        LocalFree(descriptor);
        converted?;
        let units = std::slice::from_raw_parts(text, usize::try_from(length).unwrap_or(0));
        let said = String::from_utf16_lossy(units);
        LocalFree(text.cast());
        Ok(said.trim_end_matches('\0').to_owned())
    }
}

/// A descriptor that Windows made from its text, for as long as it is needed.
pub(super) struct Descriptor(PSECURITY_DESCRIPTOR);

impl Descriptor {
    #[expect(unsafe_code, reason = "the standard library knows no access lists")]
    pub(super) fn parse(text: &str) -> io::Result<Self> {
        use windows_sys::Win32::Security::Authorization::ConvertStringSecurityDescriptorToSecurityDescriptorW;
        let text = wide(text);
        let mut descriptor = null_mut();
        // SAFETY: the text ends with a zero; what is given back is freed with this value.
        done(unsafe {
            ConvertStringSecurityDescriptorToSecurityDescriptorW(
                text.as_ptr(),
                SDDL_REVISION_1,
                &raw mut descriptor,
                null::<u32>().cast_mut(),
            )
        })?;
        Ok(Self(descriptor))
    }

    pub(super) fn as_ptr(&self) -> PSECURITY_DESCRIPTOR {
        self.0
    }
}

impl Drop for Descriptor {
    #[expect(unsafe_code, reason = "what Windows allocated, it frees")]
    fn drop(&mut self) {
        // SAFETY: it was given by Windows for us to free, and is freed once.
        unsafe { LocalFree(self.0) };
    }
}
