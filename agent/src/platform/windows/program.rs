//! Programs that this one would start in its place: none. A program of Windows cannot become another one, and the service
//! manager knows a service by its process. Packages are therefore not asked for; GPO, Intune or GLPI deploy the MSI.

use std::ffi::OsString;
use std::io;
use std::path::Path;

use tokio::process::Child;

/// Whether a newer program can be started instead of the installed one.
pub const REPLACES_ITSELF: bool = false;

/// Nothing to do: whatever is called `.exe` can be started.
pub fn make_executable(_program: &Path) -> io::Result<()> {
    Ok(())
}

/// Always the reason why not.
pub fn become_program(_program: &Path, _arguments: &[OsString]) -> io::Error {
    io::ErrorKind::Unsupported.into()
}

/// Windows has no such word for a process; it ends with the one that started it.
pub fn ask_to_stop(_child: &Child) {}

pub fn stop_with_parent() {}
