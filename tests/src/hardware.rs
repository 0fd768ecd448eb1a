//! A machine's hardware and installation, as the agent reads them: for stories with several machines on one.
//!
//! The program runs in a mount namespace of its own (`unshare`), where `/sys/class` and `/etc/machine-id` are those of another
//! machine. To mount wants root, or a user namespace where the kernel gives them away.

use std::{fs, os::unix::fs::MetadataExt, path::Path};

use tempfile::TempDir;

const MOUNT: &str = "mount --bind \"$0\"/class /sys/class && mount --bind \"$0\"/machine-id /etc/machine-id && exec \"$@\"";

pub struct Hardware {
    folder: TempDir,
}

impl Hardware {
    /// A PC with this serial number on everything, and this installation of a system.
    pub fn new(serial: u8, installation: u8) -> Self {
        let hardware = Self {
            folder: TempDir::new().expect("a temporary folder"),
        };
        let uuid = format!("4c4c4544-0042-3510-8054-b4c04f4a33{serial:02x}");
        hardware.set("class/dmi/id/product_uuid", &uuid);
        hardware.set("class/dmi/id/product_serial", &format!("5CG12345{serial}"));
        hardware.set("class/dmi/id/board_serial", &format!("PGRSU0{serial}"));
        hardware.set(
            "class/net/eth0/address",
            &format!("8c:16:45:00:11:{serial:02x}"),
        );
        hardware.set("class/net/eth0/addr_assign_type", "0");
        hardware.set("class/net/eth0/device/vendor", "0x8086");
        hardware.set("machine-id", &format!("{installation:032x}"));
        hardware
    }

    /// The board, the card… is another one from now on.
    pub fn set(&self, path: &str, value: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, format!("{value}\n")).expect("a file");
    }

    /// What a program is wrapped in to run on this machine. It becomes the program: what is killed is that.
    pub fn wrapper(&self) -> Vec<&str> {
        let folder = self.folder.path().to_str().expect("UTF-8");
        let is_root = fs::metadata(Path::new("/proc/self")).is_ok_and(|own| own.uid() == 0);
        let mut wrapper = vec!["unshare", "--mount"];
        if !is_root {
            wrapper.push("--map-root-user");
        }
        wrapper.extend(["sh", "-c", MOUNT, folder]);
        wrapper
    }
}
