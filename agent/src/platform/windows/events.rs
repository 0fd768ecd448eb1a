//! Where the system keeps what programs say: the event log, under Applications.

use std::ptr;

use tracing::Level;
use windows_registry::LOCAL_MACHINE;
use windows_sys::Win32::System::EventLog::{
    DeregisterEventSource, EVENTLOG_ERROR_TYPE, EVENTLOG_INFORMATION_TYPE, EVENTLOG_WARNING_TYPE,
    RegisterEventSourceW, ReportEventW,
};

use super::wide;

const SOURCE: &str = "Beffroi";
const KEY: &str = r"SYSTEM\CurrentControlSet\Services\EventLog\Application\Beffroi";
/// Every Windows has it, and its messages 1 to 1000 are what they are given.
const MESSAGES: &str = r"%SystemRoot%\System32\EventCreate.exe";
const MESSAGE: u32 = 1;

/// No journal reads standard error here.
pub fn journal_reads_us() -> bool {
    false
}

/// What cannot be written is not: a log must stop nothing.
#[expect(unsafe_code, reason = "the standard library knows no event log")]
pub fn write_event(level: Level, text: &str) {
    let kind = match level {
        Level::ERROR => EVENTLOG_ERROR_TYPE,
        Level::WARN => EVENTLOG_WARNING_TYPE,
        _ => EVENTLOG_INFORMATION_TYPE,
    };
    let (source, text) = (wide(SOURCE), wide(text));
    let texts = [text.as_ptr()];
    // SAFETY: both texts end with a zero and outlive the calls; the handle is closed once.
    unsafe {
        let log = RegisterEventSourceW(ptr::null(), source.as_ptr());
        if log.is_null() {
            return;
        }
        ReportEventW(
            log,
            kind,
            0,
            MESSAGE,
            ptr::null_mut(),
            1,
            0,
            texts.as_ptr(),
            ptr::null(),
        );
        DeregisterEventSource(log);
    }
}

/// Without it the events are there, under a sentence that says that their text is missing.
pub(super) fn register_events() -> windows_registry::Result<()> {
    let key = LOCAL_MACHINE.create(KEY)?;
    key.set_expand_string("EventMessageFile", MESSAGES)?;
    key.set_u32("TypesSupported", 7)
}

pub(super) fn forget_events() {
    // Not there: nothing to forget.
    let _ = LOCAL_MACHINE.remove_tree(KEY);
}
