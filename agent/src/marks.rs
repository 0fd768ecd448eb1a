//! What tells this machine from another: facts of its hardware and of its installation, as keyed fingerprints.
//!
//! In: the machine, through `platform`, and the key of the town. Out: [`Marks`], compared at the start with those of the
//! identity and by the collector with those of the last connection (`beffroi_proto::marks` judges for both). The facts
//! themselves are neither kept nor sent by this module. Called by `identity`.

use beffroi_proto::{
    marks::{INSTALLATION, Likeness},
    v1::MachineMark,
};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::{
    inventory::said,
    platform::{Smbios, System},
};

/// UUIDs that makers or hypervisors give to more than one machine.
const SHARED_UUIDS: [&str; 3] = [
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "03000200-0400-0500-0006-000700080009",
];
/// How QEMU names disks to which nobody gave a serial number.
const SHARED_DISKS: &str = "QM0000";
/// Disks that are none: parts of others, in memory, or changed like books.
const NO_DISKS: [&str; 7] = ["loop", "ram", "zram", "dm-", "md", "sr", "fd"];

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Marks(Vec<Mark>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mark {
    kind: String,
    #[serde(with = "hex")]
    fingerprint: [u8; 32],
}

impl Marks {
    /// Those of `system` under the key of its town.
    pub fn of(system: &System, content_key: &[u8; 32]) -> Self {
        let Some(key) = mac(content_key, &[b"beffroi machine marks v1"]) else {
            return Self::default();
        };
        let mut marks: Vec<Mark> = facts(system)
            .into_iter()
            .filter_map(|(kind, value)| {
                Some(Mark {
                    fingerprint: mac(&key, &[kind.as_bytes(), b"\0", value.as_bytes()])?,
                    kind: kind.to_owned(),
                })
            })
            .collect();
        marks.sort_unstable();
        marks.dedup();
        Self(marks)
    }

    /// What cannot be read today (other rights, a card that is off) is as it was.
    pub fn completed_by(mut self, before: &Self) -> Self {
        let is_known = |mark: &&Mark| self.0.iter().any(|known| known.kind == mark.kind);
        let missing: Vec<Mark> = before
            .0
            .iter()
            .filter(|mark| !is_known(mark))
            .cloned()
            .collect();
        self.0.extend(missing);
        self.0.sort_unstable();
        self
    }

    /// Whether both may be of one machine.
    pub fn may_be_one_machine(&self, other: &Self) -> bool {
        Likeness::of(self.pairs(), other.pairs()).may_be_one_machine()
    }

    pub fn messages(&self) -> Vec<MachineMark> {
        let message = |mark: &Mark| MachineMark {
            kind: mark.kind.clone(),
            fingerprint: mark.fingerprint.to_vec(),
        };
        self.0.iter().map(message).collect()
    }

    fn pairs(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0
            .iter()
            .map(|mark| (mark.kind.as_str(), mark.fingerprint.as_slice()))
    }
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> Option<[u8; 32]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    for part in parts {
        mac.update(part);
    }
    Some(mac.finalize().into_bytes().into())
}

/// Kind and value; what is unknown, or the same on many machines, is left out.
fn facts(system: &System) -> Vec<(&'static str, String)> {
    let mut facts = if system.is_windows() {
        of_windows(system)
    } else {
        of_linux(system)
    };
    facts.retain_mut(|(kind, value)| {
        *value = said(value.trim().to_lowercase());
        let is_shared = SHARED_UUIDS.contains(&value.as_str())
            || (*kind == "disk" && value.contains(&SHARED_DISKS.to_lowercase()));
        !value.is_empty() && !is_shared
    });
    facts
}

fn of_linux(system: &System) -> Vec<(&'static str, String)> {
    let dmi = |field: &str| system.read_value(&format!("/sys/class/dmi/id/{field}"));
    // The second is where D-Bus keeps it on systems without systemd.
    let installation = system
        .read_value("/etc/machine-id")
        .or_else(|| system.read_value("/var/lib/dbus/machine-id"));
    let single = [
        ("system", dmi("product_uuid")),
        ("serial", dmi("product_serial")),
        ("board", dmi("board_serial")),
        (INSTALLATION, installation),
    ];
    let single = single
        .into_iter()
        .filter_map(|(kind, value)| Some((kind, value?)));
    let disks = disks(system).into_iter().map(|serial| ("disk", serial));
    let cards = network_cards(system)
        .into_iter()
        .map(|address| ("network", address));
    single.chain(disks).chain(cards).collect()
}

/// Serial numbers of the disks that stay in the machine.
fn disks(system: &System) -> Vec<String> {
    // NVMe and memory cards, disks of virtual machines, SATA and SAS.
    const PLACES: [&str; 4] = ["device/serial", "serial", "device/wwid", "wwid"];
    let names = system.list("/sys/block").unwrap_or_default();
    names
        .iter()
        .filter(|name| !NO_DISKS.iter().any(|prefix| name.starts_with(prefix)))
        .filter_map(|name| {
            let value = |place: &str| system.read_value(&format!("/sys/block/{name}/{place}"));
            if value("removable").as_deref() == Some("1") {
                return None;
            }
            PLACES
                .iter()
                .find_map(|place| value(place).filter(|serial| !serial.is_empty()))
        })
        .collect()
}

/// Addresses that the makers gave to cards of metal; bridges, tunnels and containers have none.
fn network_cards(system: &System) -> Vec<String> {
    let names = system.list("/sys/class/net").unwrap_or_default();
    names
        .iter()
        .filter_map(|name| {
            let place = |what: &str| format!("/sys/class/net/{name}/{what}");
            // NET_ADDR_PERM of the kernel; others are made up at each start.
            let is_permanent =
                system.read_value(&place("addr_assign_type")).as_deref() == Some("0");
            let is_card = is_permanent && system.has(&place("device"));
            is_card.then(|| system.read_value(&place("address")))?
        })
        .collect()
}

fn of_windows(system: &System) -> Vec<(&'static str, String)> {
    let Smbios {
        system_uuid,
        system_serial,
        board_serial,
    } = system.smbios();
    // Made at installation; the same on a clone that was not prepared (sysprep).
    let installation = system
        .registry()
        .text(r"HKLM\SOFTWARE\Microsoft\Cryptography", "MachineGuid");
    let single = [
        ("system", system_uuid),
        ("serial", system_serial),
        ("board", board_serial),
        (INSTALLATION, installation),
    ];
    let single = single
        .into_iter()
        .filter_map(|(kind, value)| Some((kind, value?)));
    let disks = windows_disks(system)
        .into_iter()
        .map(|serial| ("disk", serial));
    single.chain(disks).collect()
}

/// `HKLM\HARDWARE\DEVICEMAP\Scsi\<port>\<bus>\<target>\<unit>`: where the kernel notes what it found at the start (since
/// Windows 8 with the serial number); NVMe and SATA are there too. Disks on USB are not.
fn windows_disks(system: &System) -> Vec<String> {
    let registry = system.registry();
    let mut keys = vec![r"HKLM\HARDWARE\DEVICEMAP\Scsi".to_owned()];
    for _level in ["port", "bus", "target", "unit"] {
        keys = keys
            .iter()
            .flat_map(|key| {
                let below = registry.keys(key).into_iter();
                below.map(move |name| format!(r"{key}\{name}"))
            })
            .collect();
    }
    let is_disk = |key: &&String| registry.text(key, "Type").as_deref() == Some("DiskPeripheral");
    keys.iter()
        .filter(is_disk)
        .filter_map(|key| registry.text(key, "SerialNumber"))
        .collect()
}

#[cfg(test)]
mod tests;
