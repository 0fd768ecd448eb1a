//! The only place that knows the operating system.

mod private;

pub use private::{create_private_file, create_private_folder, sync_folder};
