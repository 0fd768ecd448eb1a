//! The registry of this machine.

use windows_registry::{Key, LOCAL_MACHINE, USERS};

pub(in crate::platform) fn text(key: &str, name: &str) -> Option<String> {
    open(key)?.get_string(name).ok()
}

pub(in crate::platform) fn number(key: &str, name: &str) -> Option<u32> {
    open(key)?.get_u32(name).ok()
}

pub(in crate::platform) fn keys(key: &str) -> Vec<String> {
    let mut names: Vec<String> = match open(key) {
        Some(key) => key.keys().map(Iterator::collect).unwrap_or_default(),
        None => Vec::new(),
    };
    names.sort_unstable();
    names
}

pub(in crate::platform) fn has(key: &str) -> bool {
    open(key).is_some()
}

fn open(key: &str) -> Option<Key> {
    let (root, path) = key.split_once('\\').unwrap_or((key, ""));
    let root = match root {
        "HKLM" => LOCAL_MACHINE,
        "HKU" => USERS,
        _ => return None,
    };
    root.open(path).ok()
}
