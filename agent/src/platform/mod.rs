//! The only place that knows the operating system.

#[cfg(not(target_os = "linux"))]
compile_error!("the agent knows Linux only, so far");

mod files;
mod helper;
mod machine;
mod priority;
mod private;
mod sandbox;
mod signals;
mod system;

pub use files::{
    Audience, FileId, is_lock, is_pseudo_file_system, modified_at, open_to_read, path_text,
};
pub use helper::{Helper, Master, Remains};
pub use machine::{host_name, kernel_version, machine_id};
pub use priority::{is_on_battery, lower_priority};
pub use private::{create_private_file, create_private_folder, sync_folder};
pub use sandbox::{Confinement, confine, limit_processor};
pub use signals::stop_signal;
pub use system::System;
