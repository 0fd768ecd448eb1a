//! Leaving the machine to the people who work on it.

/// The lowest priority for the calling thread, processor and disk alike: the kernel derives the one from the other as
/// long as nobody sets it apart.
#[cfg(target_os = "linux")]
pub fn lower_priority() {
    const LOWEST: i32 = 19;
    // A refusal costs comfort, not the scan.
    let _ = rustix::process::setpriority_process(None, LOWEST);
}
