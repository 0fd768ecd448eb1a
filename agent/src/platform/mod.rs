//! The only place that knows the operating system.
//!
//! `linux` and `windows` offer the same things under the same names; what stands beside them is the same on both.

#[cfg(not(any(target_os = "linux", windows)))]
compile_error!("the agent knows Linux and Windows only");

mod audience;
mod confinement;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(any(windows, test))]
mod ntfs;
mod registry;
mod smbios;
mod system;
#[cfg(windows)]
mod windows;

#[cfg(target_os = "linux")]
use linux as own;
#[cfg(windows)]
use windows as own;

pub use audience::Audience;
pub use confinement::Confinement;
pub use own::{
    FileId, Helper, Master, REPLACES_ITSELF, Remains, ask_to_stop, become_program, confine,
    content_is_elsewhere, create_private_file, create_private_folder, default_config,
    default_state, host_name, install_service, is_kernel_view, is_lock, is_on_battery,
    journal_reads_us, kernel_version, limit_processor, lower_priority, make_executable,
    modified_at, named, open_to_read, passers, path_text, protect, readers_and_writers,
    remove_program, remove_service, serve, stop_signal, stop_with_parent, sync_folder, unprotect,
    walked, write_event,
};
pub use registry::Registry;
pub use smbios::Smbios;
pub use system::System;
