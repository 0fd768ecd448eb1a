//! Programs that this one starts in its place.

use std::ffi::OsString;
use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use rustix::process::{Pid, Signal, kill_process, set_parent_process_death_signal};
use tokio::process::Child;

/// Whether a newer program can be started instead of the installed one.
pub const REPLACES_ITSELF: bool = true;

/// By the agent's account alone.
pub fn make_executable(program: &Path) -> io::Result<()> {
    fs::set_permissions(program, Permissions::from_mode(0o700))
}

/// Is that program from now on, for the service manager too; comes back only when that failed.
pub fn become_program(program: &Path, arguments: &[OsString]) -> io::Error {
    Command::new(program).args(arguments).exec()
}

/// As the service manager asks.
pub fn ask_to_stop(child: &Child) {
    let id = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
    if let Some(id) = id {
        // It fails only when the child has ended, which is what is asked.
        let _ = kill_process(id, Signal::TERM);
    }
}

/// Stops when the program that started this one is no longer there to watch it.
pub fn stop_with_parent() {
    if let Err(refusal) = set_parent_process_death_signal(Some(Signal::TERM)) {
        tracing::debug!("le noyau ne préviendra pas de la fin du lanceur : {refusal}");
    }
}
