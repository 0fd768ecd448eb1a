//! The only place that knows the operating system.

mod files;
mod machine;
mod private;

pub use files::{
    Audience, FileId, is_lock, is_pseudo_file_system, modified_at, open_to_read, path_text,
};
pub use machine::{host_name, machine_id};
pub use private::{create_private_file, create_private_folder, sync_folder};
