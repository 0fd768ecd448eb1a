//! Are the disks that hold data encrypted? Each mounted volume is followed down to its partition.

use super::Sheet;
use crate::platform::System;

/// File systems that hold people's data.
const DATA: [&str; 8] = [
    "ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "jfs", "reiserfs",
];
/// Partitions that have to be readable before any key is given.
const BOOT: [&str; 3] = ["/boot", "/boot/efi", "/efi"];
/// Volumes upon volumes.
const MAX_DEPTH: usize = 8;

pub(super) fn check(system: &System, sheet: &mut Sheet) {
    let mounts = ["/proc/self/mounts", "/proc/mounts"];
    let Some(mounts) = mounts.iter().find_map(|path| system.read(path).ok()) else {
        return;
    };
    let encrypted: Vec<Option<bool>> = data_volumes(&mounts)
        .map(|device| is_encrypted(system, device))
        .collect();
    let source = "/sys/block/dm-*/dm/uuid: CRYPT-";
    if encrypted.contains(&Some(false)) {
        sheet.note("disk.encrypted", false, source);
    } else if !encrypted.is_empty() && encrypted.iter().all(|volume| *volume == Some(true)) {
        sheet.note("disk.encrypted", true, source);
    }
}

/// Devices of the volumes that hold data.
fn data_volumes(mounts: &str) -> impl Iterator<Item = &str> {
    mounts.lines().filter_map(|line| {
        let mut fields = line.split(' ');
        let (device, place, kind) = (fields.next()?, fields.next()?, fields.next()?);
        let holds_data = DATA.contains(&kind) && !BOOT.contains(&place);
        (holds_data && device.starts_with("/dev/") && !device.starts_with("/dev/loop"))
            .then_some(device)
    })
}

/// `None` when the device cannot be followed.
fn is_encrypted(system: &System, device: &str) -> Option<bool> {
    let name = device.strip_prefix("/dev/")?;
    let Some(mapped) = name.strip_prefix("mapper/") else {
        return block_is_encrypted(system, name, 0);
    };
    let blocks = system.list("/sys/block").ok()?;
    let block = blocks.iter().find(|block| {
        system
            .read_value(&format!("/sys/block/{block}/dm/name"))
            .as_deref()
            == Some(mapped)
    })?;
    block_is_encrypted(system, block, 0)
}

fn block_is_encrypted(system: &System, block: &str, depth: usize) -> Option<bool> {
    if depth > MAX_DEPTH {
        return None;
    }
    let uuid = system.read_value(&format!("/sys/block/{block}/dm/uuid"));
    if uuid.is_some_and(|uuid| uuid.starts_with("CRYPT-")) {
        return Some(true);
    }
    // A volume group or an array: what it lies on counts.
    let below = system
        .list(&format!("/sys/block/{block}/slaves"))
        .unwrap_or_default();
    if !below.is_empty() {
        let below: Option<Vec<bool>> = below
            .iter()
            .map(|block| block_is_encrypted(system, block, depth + 1))
            .collect();
        return below.map(|below| below.iter().all(|encrypted| *encrypted));
    }
    // A disk, or a partition of one. A virtual disk may be encrypted by its host, which it cannot know.
    let is_disk = ["sd", "nvme", "hd", "mmcblk"]
        .iter()
        .any(|kind| block.starts_with(kind));
    is_disk.then_some(false)
}
