//! The only place that knows the operating system.

mod machine;
mod private;

pub use machine::{host_name, machine_id};
pub use private::{create_private_file, create_private_folder, sync_folder};
