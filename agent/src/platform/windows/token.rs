//! What a process is allowed to do: its account, and tokens that may do nothing.

use std::io;
use std::mem::offset_of;
use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle};
use std::ptr::{null, null_mut};

use windows_sys::Win32::Foundation::{HANDLE, LocalFree};
use windows_sys::Win32::Security::Authorization::ConvertSidToStringSidW;
use windows_sys::Win32::Security::{
    CreateRestrictedToken, CreateWellKnownSid, DISABLE_MAX_PRIVILEGE, DuplicateTokenEx,
    GetTokenInformation, SECURITY_MAX_SID_SIZE, SID_AND_ATTRIBUTES, SecurityImpersonation,
    SetTokenInformation, TOKEN_ADJUST_DEFAULT, TOKEN_ASSIGN_PRIMARY, TOKEN_DUPLICATE, TOKEN_GROUPS,
    TOKEN_IMPERSONATE, TOKEN_INFORMATION_CLASS, TOKEN_MANDATORY_LABEL, TOKEN_QUERY, TOKEN_USER,
    TokenGroups, TokenImpersonation, TokenIntegrityLevel, TokenUser, WinLowLabelSid,
};
use windows_sys::Win32::System::SystemServices::SE_GROUP_INTEGRITY;
use windows_sys::Win32::System::Threading::{GetCurrentProcess, OpenProcessToken};

use super::done;

/// The tokens of a process that is to have no rights once it has started.
pub(super) struct Lockdown {
    /// Of the process: none of its groups and not even its account opens anything, privileges are gone, and it may
    /// write to nothing that is not of low integrity.
    pub(super) process: OwnedHandle,
    /// Of its first thread until it reverts to the process's: loading a program takes the right to read it.
    pub(super) start: OwnedHandle,
}

impl Lockdown {
    #[expect(unsafe_code, reason = "the standard library knows no tokens")]
    pub(super) fn new() -> io::Result<Self> {
        let own =
            own_token(TOKEN_QUERY | TOKEN_DUPLICATE | TOKEN_ASSIGN_PRIMARY | TOKEN_ADJUST_DEFAULT)?;
        let (user, groups) = (told(&own, TokenUser)?, told(&own, TokenGroups)?);
        let disabled = all_sids(&user, &groups);
        let count = u32::try_from(disabled.len()).unwrap_or(0);
        let (mut process, mut start): (HANDLE, HANDLE) = (null_mut(), null_mut());
        // SAFETY: the SIDs point into `user` and `groups`, which outlive the calls; each handle given is owned once.
        unsafe {
            done(CreateRestrictedToken(
                own.as_raw_handle(),
                DISABLE_MAX_PRIVILEGE,
                count,
                disabled.as_ptr(),
                0,
                null(),
                0,
                null(),
                &raw mut process,
            ))?;
            let process = OwnedHandle::from_raw_handle(process);
            done(DuplicateTokenEx(
                own.as_raw_handle(),
                TOKEN_IMPERSONATE | TOKEN_QUERY | TOKEN_ADJUST_DEFAULT,
                null(),
                SecurityImpersonation,
                TokenImpersonation,
                &raw mut start,
            ))?;
            let start = OwnedHandle::from_raw_handle(start);
            // Nobody impersonates a token of higher integrity than the process's own.
            lower_integrity(&process)?;
            lower_integrity(&start)?;
            Ok(Self { process, start })
        }
    }
}

/// The account of this process, as the text of its SID.
#[expect(unsafe_code, reason = "the standard library knows no accounts")]
pub(super) fn own_account() -> io::Result<String> {
    let user = told(&own_token(TOKEN_QUERY)?, TokenUser)?;
    let mut text = null_mut();
    // SAFETY: Windows wrote a TOKEN_USER at the start of the buffer; the text ends with a zero and is freed once.
    unsafe {
        let sid = user.as_ptr().cast::<TOKEN_USER>().read().User.Sid;
        done(ConvertSidToStringSidW(sid, &raw mut text))?;
        let length = (0..).take_while(|at| *text.add(*at) != 0).count();
        let account = String::from_utf16_lossy(std::slice::from_raw_parts(text, length));
        LocalFree(text.cast());
        Ok(account)
    }
}

#[expect(unsafe_code, reason = "the standard library knows no tokens")]
fn own_token(access: u32) -> io::Result<OwnedHandle> {
    let mut token = null_mut();
    // SAFETY: the handle given is owned once.
    unsafe {
        done(OpenProcessToken(
            GetCurrentProcess(),
            access,
            &raw mut token,
        ))?;
        Ok(OwnedHandle::from_raw_handle(token))
    }
}

/// What a token says of itself, in words so that structures that begin with a pointer are aligned.
#[expect(unsafe_code, reason = "the standard library knows no tokens")]
fn told(token: &OwnedHandle, what: TOKEN_INFORMATION_CLASS) -> io::Result<Vec<usize>> {
    let mut needed = 0;
    // SAFETY: without a buffer only the length is written.
    unsafe { GetTokenInformation(token.as_raw_handle(), what, null_mut(), 0, &raw mut needed) };
    let words = usize::try_from(needed)
        .unwrap_or(0)
        .div_ceil(size_of::<usize>());
    let mut buffer = vec![0_usize; words];
    // SAFETY: the buffer has the length that was asked for.
    done(unsafe {
        GetTokenInformation(
            token.as_raw_handle(),
            what,
            buffer.as_mut_ptr().cast(),
            needed,
            &raw mut needed,
        )
    })?;
    Ok(buffer)
}

/// The account and every group, but the level of integrity, which is not one that can be disabled.
#[expect(unsafe_code, reason = "the list has no length that Rust knows")]
fn all_sids(user: &[usize], groups: &[usize]) -> Vec<SID_AND_ATTRIBUTES> {
    // SAFETY: Windows wrote a TOKEN_USER and a TOKEN_GROUPS, whose list has as many entries as it says.
    let (user, groups) = unsafe {
        let count = groups.as_ptr().cast::<TOKEN_GROUPS>().read().GroupCount;
        let first = groups
            .as_ptr()
            .byte_add(offset_of!(TOKEN_GROUPS, Groups))
            .cast::<SID_AND_ATTRIBUTES>();
        let count = usize::try_from(count).unwrap_or(0);
        (
            user.as_ptr().cast::<TOKEN_USER>().read().User,
            std::slice::from_raw_parts(first, count),
        )
    };
    let integrity = SE_GROUP_INTEGRITY.cast_unsigned();
    let is_group = |group: &&SID_AND_ATTRIBUTES| group.Attributes & integrity == 0;
    let groups = groups.iter().filter(is_group).copied();
    let sids = groups.chain([user]).map(|mut sid| {
        sid.Attributes = 0;
        sid
    });
    sids.collect()
}

#[expect(unsafe_code, reason = "the standard library knows no tokens")]
fn lower_integrity(token: &OwnedHandle) -> io::Result<()> {
    let mut sid = [0_u64; (SECURITY_MAX_SID_SIZE as usize).div_ceil(8)];
    let mut length = SECURITY_MAX_SID_SIZE;
    // SAFETY: the buffer has the length that is said, and outlives both calls.
    unsafe {
        done(CreateWellKnownSid(
            WinLowLabelSid,
            null_mut(),
            sid.as_mut_ptr().cast(),
            &raw mut length,
        ))?;
        let label = TOKEN_MANDATORY_LABEL {
            Label: SID_AND_ATTRIBUTES {
                Sid: sid.as_mut_ptr().cast(),
                Attributes: SE_GROUP_INTEGRITY.cast_unsigned(),
            },
        };
        let bytes = u32::try_from(size_of::<TOKEN_MANDATORY_LABEL>()).unwrap_or(0);
        done(SetTokenInformation(
            token.as_raw_handle(),
            TokenIntegrityLevel,
            (&raw const label).cast(),
            bytes + length,
        ))
    }
}
