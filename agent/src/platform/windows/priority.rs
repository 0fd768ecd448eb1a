//! Leaving the machine to the people who work on it.

use std::sync::atomic::{AtomicBool, Ordering};

use windows_sys::Win32::System::Power::{GetSystemPowerStatus, SYSTEM_POWER_STATUS};
use windows_sys::Win32::System::Threading::{
    GetCurrentProcess, GetCurrentThread, GetPriorityClass, IDLE_PRIORITY_CLASS, SetThreadPriority,
    THREAD_MODE_BACKGROUND_BEGIN,
};

/// Helpers started from now on are to leave the machine to others too.
static IS_LOWERED: AtomicBool = AtomicBool::new(false);

/// The lowest priority for the calling thread, processor, disk and memory alike.
///
/// That of the process (`PROCESS_MODE_BACKGROUND_BEGIN`) would also hold its memory to 32 MB, by paging.
#[expect(unsafe_code, reason = "the standard library knows no priorities")]
pub fn lower_priority() {
    IS_LOWERED.store(true, Ordering::Relaxed);
    // SAFETY: it changes how the calling thread is scheduled, nothing else. A refusal costs comfort, not the scan.
    unsafe { SetThreadPriority(GetCurrentThread(), THREAD_MODE_BACKGROUND_BEGIN) };
}

/// Whether the machine works without mains. One that does not know does not.
#[expect(unsafe_code, reason = "the standard library knows no batteries")]
pub fn is_on_battery() -> bool {
    const ON_BATTERY: u8 = 0;
    let mut power = SYSTEM_POWER_STATUS::default();
    // SAFETY: a structure of ours to write into.
    let answer = unsafe { GetSystemPowerStatus(&raw mut power) };
    answer != 0 && power.ACLineStatus == ON_BATTERY
}

/// The flag with which a helper is started.
pub(super) fn of_helpers() -> u32 {
    match IS_LOWERED.load(Ordering::Relaxed) {
        true => IDLE_PRIORITY_CLASS,
        false => 0,
    }
}

/// In a helper: what the processor's priority alone does not say.
#[expect(unsafe_code, reason = "the standard library knows no priorities")]
pub(super) fn follow() {
    // SAFETY: asks about the process itself.
    if unsafe { GetPriorityClass(GetCurrentProcess()) } == IDLE_PRIORITY_CLASS {
        lower_priority();
    }
}
