//! Windows, from 7 on.

mod confine;
mod descriptor;
mod events;
mod files;
mod folders;
mod helper;
mod machine;
mod names;
mod priority;
mod private;
mod process;
mod program;
pub(super) mod registry;
mod secret;
mod service;
mod signals;
mod token;

pub(super) use confine::{NECESSARY, WALLS};
pub use confine::{confine, limit_processor};
pub use descriptor::readers_and_writers;
pub use events::{journal_reads_us, write_event};
pub use files::{
    FileId, content_is_elsewhere, is_kernel_view, is_lock, modified_at, open_to_read, passers,
};
pub use helper::{Helper, Master, Remains};
pub(super) use machine::firmware_tables;
pub use machine::{host_name, kernel_version};
pub use names::{named, path_text, walked};
pub use priority::{is_on_battery, lower_priority};
pub use private::{
    create_private_file, create_private_folder, default_config, default_state, sync_folder,
};
pub use program::{
    REPLACES_ITSELF, ask_to_stop, become_program, make_executable, stop_with_parent,
};
pub use secret::{protect, unprotect};
pub use service::{install_service, remove_program, remove_service, serve};
pub use signals::stop_signal;

use std::io;

/// What a function of Windows answers that says by zero that it failed.
fn done(answer: i32) -> io::Result<()> {
    match answer {
        0 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

/// A text as Windows takes it.
fn wide(text: impl AsRef<std::ffi::OsStr>) -> Vec<u16> {
    use std::os::windows::ffi::OsStrExt;
    text.as_ref().encode_wide().chain([0]).collect()
}
