//! Linux.

mod files;
mod helper;
mod journal;
mod machine;
mod priority;
mod private;
mod program;
mod sandbox;
mod service;
mod signals;

pub use files::{
    FileId, content_is_elsewhere, is_kernel_view, is_lock, modified_at, named, open_to_read,
    passers, path_text, readers_and_writers, walked,
};
pub use helper::{Helper, Master, Remains};
pub use journal::{journal_reads_us, write_event};
pub use machine::{host_name, kernel_version};
pub use priority::{is_on_battery, lower_priority};
pub use private::{
    create_private_file, create_private_folder, default_config, default_state, protect,
    sync_folder, unprotect,
};
pub use program::{
    REPLACES_ITSELF, ask_to_stop, become_program, make_executable, stop_with_parent,
};
pub(super) use sandbox::{NECESSARY, WALLS};
pub use sandbox::{confine, limit_processor};
pub use service::{install_service, remove_program, remove_service, serve};
pub use signals::stop_signal;
