use std::fs;

use super::*;

const KEY: [u8; 32] = [7; 32];

/// A machine as its kernel shows it: path and content.
fn linux(files: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    root
}

const PC: [(&str, &str); 12] = [
    (
        "sys/class/dmi/id/product_uuid",
        "4C4C4544-0042-3510-8054-B4C04F4A3333\n",
    ),
    ("sys/class/dmi/id/product_serial", "5CG1234XYZ\n"),
    ("sys/class/dmi/id/board_serial", "PGRSU00\n"),
    ("etc/machine-id", "0123456789abcdef0123456789abcdef\n"),
    ("sys/block/nvme0n1/device/serial", "S4EVNX0M1   \n"),
    ("sys/block/nvme0n1/removable", "0\n"),
    ("sys/block/sdb/device/wwid", "naa.usbkey\n"),
    ("sys/block/sdb/removable", "1\n"),
    ("sys/class/net/eth0/address", "8c:16:45:00:11:22\n"),
    ("sys/class/net/eth0/addr_assign_type", "0\n"),
    ("sys/class/net/eth0/device/vendor", "0x8086\n"),
    ("sys/class/net/lo/address", "00:00:00:00:00:00\n"),
];

#[test]
fn a_linux_machine_is_known_by_its_firmware_disks_cards_and_installation() {
    let root = linux(&PC);
    let facts = facts(&System::captured(root.path()));
    assert_eq!(
        facts,
        [
            ("system", "4c4c4544-0042-3510-8054-b4c04f4a3333"),
            ("serial", "5cg1234xyz"),
            ("board", "pgrsu00"),
            (INSTALLATION, "0123456789abcdef0123456789abcdef"),
            ("disk", "s4evnx0m1"),
            ("network", "8c:16:45:00:11:22"),
        ]
        .map(|(kind, value)| (kind, value.to_owned()))
    );
}

#[test]
fn what_many_machines_share_says_nothing() {
    let root = linux(&[
        (
            "sys/class/dmi/id/product_uuid",
            "03000200-0400-0500-0006-000700080009",
        ),
        ("sys/class/dmi/id/product_serial", "To be filled by O.E.M."),
        ("sys/class/dmi/id/board_serial", "Default string"),
        ("sys/block/sda/device/wwid", "t10.ATA QEMU HARDDISK QM00001"),
        ("sys/block/zram0/serial", "x"),
        ("sys/class/net/wlan0/address", "8c:16:45:00:11:23"),
        ("sys/class/net/wlan0/addr_assign_type", "1"),
        ("sys/class/net/wlan0/device/vendor", "0x8086"),
    ]);
    assert_eq!(facts(&System::captured(root.path())), []);
}

#[test]
fn a_windows_machine_is_known_by_its_disks_and_installation() {
    let export = r#"Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Cryptography]
"MachineGuid"="0FA3B6C2-1111-2222-3333-444455556666"

[HKEY_LOCAL_MACHINE\HARDWARE\DEVICEMAP\Scsi\Scsi Port 0\Scsi Bus 0\Target Id 0\Logical Unit Id 0]
"Identifier"="NVMe    SAMSUNG MZVLB256"
"Type"="DiskPeripheral"
"SerialNumber"="0025_388A_9150_1234."

[HKEY_LOCAL_MACHINE\HARDWARE\DEVICEMAP\Scsi\Scsi Port 1\Scsi Bus 0\Target Id 0\Logical Unit Id 0]
"Identifier"="HL-DT-ST DVDRAM"
"Type"="CdRomPeripheral"
"SerialNumber"="KZ1"
"#;
    let facts = facts(&System::captured_registry(export));
    assert_eq!(
        facts,
        [
            (INSTALLATION, "0fa3b6c2-1111-2222-3333-444455556666"),
            ("disk", "0025_388a_9150_1234.")
        ]
        .map(|(kind, value)| (kind, value.to_owned()))
    );
}

#[test]
fn a_mark_says_nothing_without_the_key_of_the_town() {
    let root = linux(&PC);
    let system = System::captured(root.path());
    let (ours, theirs) = (Marks::of(&system, &KEY), Marks::of(&system, &[8; 32]));
    assert_eq!(ours, Marks::of(&system, &KEY));
    assert!(!ours.may_be_one_machine(&theirs));
    let told = serde_json::to_string(&ours).unwrap();
    assert!(!told.contains("5cg1234xyz") && told.contains("serial"));
    assert!(
        ours.messages()
            .iter()
            .all(|mark| mark.fingerprint.len() == 32)
    );
    assert_eq!(serde_json::from_str::<Marks>(&told).unwrap(), ours);
}

#[test]
fn what_cannot_be_read_today_is_as_it_was() {
    let marks = |files: &[(&str, &str)]| Marks::of(&System::captured(linux(files).path()), &KEY);
    let ours = marks(&PC);
    let by_another_account = marks(&PC[3..]).completed_by(&ours);
    assert_eq!(by_another_account, ours);
    let mut repaired = PC;
    repaired[4].1 = "NEWDISK";
    assert_eq!(marks(&repaired).completed_by(&ours), marks(&repaired));
}

#[test]
fn a_copy_of_the_disk_is_another_machine_and_a_repaired_one_is_not() {
    let marks = |files: &[(&str, &str)]| Marks::of(&System::captured(linux(files).path()), &KEY);
    let ours = marks(&PC);
    let mut repaired = PC;
    repaired[4].1 = "NEWDISK";
    repaired[3].1 = "ffffffffffffffffffffffffffffffff";
    assert!(ours.may_be_one_machine(&marks(&repaired)));
    let copy = PC.map(|(path, content)| match path {
        "etc/machine-id" => (path, content),
        "sys/class/dmi/id/product_uuid" => (path, "5C4C4544-0042-3510-8054-B4C04F4A3333"),
        _ if content == "0\n" || content == "1\n" => (path, content),
        _ => (path, "another"),
    });
    assert!(!ours.may_be_one_machine(&marks(&copy)));
}
