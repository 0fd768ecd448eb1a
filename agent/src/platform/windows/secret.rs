//! Secrets under the Data Protection API: a disk read elsewhere does not give them away.

use std::io;
use std::ptr;

use windows_sys::Win32::Foundation::{ERROR_INVALID_DATA, LocalFree};
use windows_sys::Win32::Security::Cryptography::{
    CRYPT_INTEGER_BLOB, CRYPTPROTECT_LOCAL_MACHINE, CRYPTPROTECT_UI_FORBIDDEN, CryptProtectData,
    CryptUnprotectData,
};
use zeroize::{Zeroize, Zeroizing};

use super::done;

/// A secret as it is kept. Bound to the machine, not to an account: an administrator enrols, the system runs the service. Who
/// may read the file is said by the access list of its folder.
#[expect(unsafe_code, reason = "the standard library keeps no secrets")]
pub fn protect(secret: &[u8]) -> io::Result<Vec<u8>> {
    let input = blob(secret)?;
    let mut output = EMPTY;
    // SAFETY: the input lives through the call; what may be null is.
    done(unsafe {
        CryptProtectData(
            &raw const input,
            ptr::null(),
            ptr::null(),
            ptr::null(),
            ptr::null(),
            CRYPTPROTECT_LOCAL_MACHINE | CRYPTPROTECT_UI_FORBIDDEN,
            &raw mut output,
        )
    })?;
    Ok(taken(output).to_vec())
}

/// What cannot be one of ours is `InvalidData`.
#[expect(unsafe_code, reason = "the standard library keeps no secrets")]
pub fn unprotect(kept: &[u8]) -> io::Result<Zeroizing<Vec<u8>>> {
    let input = blob(kept)?;
    let mut output = EMPTY;
    // SAFETY: as above.
    let answer = done(unsafe {
        CryptUnprotectData(
            &raw const input,
            ptr::null_mut(),
            ptr::null(),
            ptr::null(),
            ptr::null(),
            CRYPTPROTECT_UI_FORBIDDEN,
            &raw mut output,
        )
    });
    match answer {
        Ok(()) => Ok(taken(output)),
        Err(error) if error.raw_os_error() == Some(ERROR_INVALID_DATA.cast_signed()) => {
            Err(io::ErrorKind::InvalidData.into())
        }
        Err(error) => Err(error),
    }
}

const EMPTY: CRYPT_INTEGER_BLOB = CRYPT_INTEGER_BLOB {
    cbData: 0,
    pbData: ptr::null_mut(),
};

fn blob(bytes: &[u8]) -> io::Result<CRYPT_INTEGER_BLOB> {
    Ok(CRYPT_INTEGER_BLOB {
        cbData: u32::try_from(bytes.len()).map_err(|_| io::ErrorKind::InvalidInput)?,
        // Only read from: the type is that of both ways.
        pbData: bytes.as_ptr().cast_mut(),
    })
}

/// Copies what Windows allocated, and gives that back to it, wiped.
#[expect(unsafe_code, reason = "Windows allocated it")]
fn taken(output: CRYPT_INTEGER_BLOB) -> Zeroizing<Vec<u8>> {
    if output.pbData.is_null() {
        return Zeroizing::default();
    }
    let length = usize::try_from(output.cbData).unwrap_or(0);
    // SAFETY: Windows says that so many bytes are there, and nobody else knows of them.
    let bytes = unsafe { std::slice::from_raw_parts_mut(output.pbData, length) };
    let copy = Zeroizing::new(bytes.to_vec());
    bytes.zeroize();
    // SAFETY: allocated by Windows for the caller to free so; not used after.
    unsafe { LocalFree(output.pbData.cast()) };
    copy
}
