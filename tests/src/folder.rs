//! A folder on disk, as a story looks at it from outside.

use std::{fs, path::Path, process::Command};

/// The bytes of every file below, one after the other.
pub fn read_folder(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            bytes.extend(read_folder(&path));
        } else {
            bytes.extend(fs::read(path).unwrap());
        }
    }
    bytes
}

/// Copies what is in `from` into `to`, rights and times too.
pub fn copy_folder(from: &Path, to: &Path) {
    let mut copy = Command::new("cp");
    copy.arg("-a").arg(from.join(".")).arg(to);
    assert!(copy.status().unwrap().success());
}
