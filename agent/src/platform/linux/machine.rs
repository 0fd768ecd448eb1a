//! Which machine this is.

use std::{fs, io};

/// The machine's own id; made at installation of the system, the same on a clone that was not prepared.
pub fn machine_id() -> io::Result<String> {
    // The second is where D-Bus keeps it on systems without systemd.
    fs::read_to_string("/etc/machine-id")
        .or_else(|_| fs::read_to_string("/var/lib/dbus/machine-id"))
}

pub fn host_name() -> String {
    rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned()
}

pub fn kernel_version() -> String {
    rustix::system::uname()
        .release()
        .to_string_lossy()
        .into_owned()
}
