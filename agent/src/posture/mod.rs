//! How well the machine is kept: [`Fact`]s named by `rules/facts.toml`, each with its source and time.
//!
//! In: the files of a machine ([`System`]). Out: facts. Called by `schedule` and by the command line. What cannot be
//! read is absent, which means unknown: only a proof makes a fact, and never a missing right to look. The values that
//! programs take when nothing is written are part of the proof.

mod accounts;
mod backup;
mod disks;
mod firewall;
mod network;
mod nfs;
mod protection;
mod samba;
mod sessions;
mod ssh;
mod updates;

use beffroi_rules::facts::{Fact, FactValue};
use jiff::Timestamp;

use crate::inventory::{self, OsRelease};
use crate::platform::{self, System};

/// One subject: reads the machine, notes facts.
type Check = fn(&System, &mut Sheet);

const CHECKS: [Check; 12] = [
    system_itself,
    accounts::check,
    backup::check,
    disks::check,
    firewall::check,
    network::check,
    nfs::check,
    protection::check,
    samba::check,
    sessions::check,
    ssh::check,
    updates::check,
];

const CURRENT_VERSION: &str = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion";

/// The facts of the machine we run on, sorted by name.
pub fn collect(now: Timestamp) -> Vec<Fact> {
    let system = System::live();
    let mut facts = facts(&system, now);
    let source = match system.is_windows() {
        true => format!("{CURRENT_VERSION}: CurrentBuild, UBR"),
        false => "uname -r".to_owned(),
    };
    facts.push(Fact {
        name: "os.kernel".to_owned(),
        value: FactValue::Text(platform::kernel_version()),
        source,
        observed_at: Some(now),
    });
    facts.sort_by(|a, b| a.name.cmp(&b.name));
    facts
}

/// The facts that the files of a machine prove.
pub fn facts(system: &System, now: Timestamp) -> Vec<Fact> {
    let mut sheet = Sheet {
        now,
        facts: Vec::new(),
    };
    // The others take what is not there for a proof: on Windows their files are never there.
    let checks = match system.is_windows() {
        true => &CHECKS[..1],
        false => &CHECKS,
    };
    for check in checks {
        check(system, &mut sheet);
    }
    sheet.facts.sort_by(|a, b| a.name.cmp(&b.name));
    sheet.facts
}

/// Where checks write what they saw.
struct Sheet {
    now: Timestamp,
    facts: Vec<Fact>,
}

impl Sheet {
    fn note(&mut self, name: &str, value: impl Into<Value>, source: impl Into<String>) {
        let Value(value) = value.into();
        self.facts.push(Fact {
            name: name.to_owned(),
            value,
            source: source.into(),
            observed_at: Some(self.now),
        });
    }
}

/// What can be noted as the value of a fact.
struct Value(FactValue);

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self(FactValue::Boolean(value))
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self(FactValue::Integer(value))
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self(FactValue::Text(value.to_owned()))
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self(FactValue::Text(value))
    }
}

impl From<Vec<String>> for Value {
    fn from(value: Vec<String>) -> Self {
        Self(FactValue::List(value))
    }
}

fn system_itself(system: &System, sheet: &mut Sheet) {
    let release = OsRelease::of(system);
    let (family, source, keys, form) = match system.is_windows() {
        true => (
            "windows",
            CURRENT_VERSION,
            ("InstallationType", "CurrentBuild, DisplayVersion"),
            r"HKLM\HARDWARE\DESCRIPTION\System\BIOS",
        ),
        false => (
            "linux",
            "/etc/os-release",
            ("ID", "VERSION_ID"),
            "/sys/class/dmi/id, /proc/cpuinfo",
        ),
    };
    sheet.note("os.family", family, source);
    if !release.id.is_empty() {
        sheet.note("os.id", release.id, format!("{source}: {}", keys.0));
    }
    if !release.version.is_empty() {
        sheet.note(
            "os.version",
            release.version,
            format!("{source}: {}", keys.1),
        );
    }
    if let Some(chassis) = inventory::form(system) {
        sheet.note("machine.chassis", chassis, form);
    }
}

/// Lines of a configuration file without comments and blanks, with their number from 1.
fn settings(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(rank, line)| (rank + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with(['#', ';']))
}

/// Whether a service starts with the machine: systemd keeps a link in a folder of the target that wants it.
fn is_unit_wanted(system: &System, is_wanted: impl Fn(&str) -> bool) -> Option<String> {
    const UNITS: &str = "/etc/systemd/system";
    let folders = system.list(UNITS).ok()?;
    let folders = folders.iter().filter(|name| name.ends_with(".wants"));
    folders
        .filter_map(|folder| Some((folder, system.list(&format!("{UNITS}/{folder}")).ok()?)))
        .find_map(|(folder, units)| {
            let unit = units.iter().find(|unit| is_wanted(unit))?;
            Some(format!("{UNITS}/{folder}/{unit}"))
        })
}

#[cfg(test)]
mod tests;
