//! What this machine is and what is installed on it.
//!
//! In: the machine, through `platform` and `sysinfo`. Out: a [`Machine`] and its [`Installations`]. Called by `schedule`
//! and by the command line. A source that cannot be read is named, so that a partial list is never taken for a whole one.

mod chassis;
mod dpkg;
mod flatpak;
mod os_release;
mod rpm;
mod snap;
mod uninstall;

use sysinfo::{CpuRefreshKind, Disks, MemoryRefreshKind, Networks, RefreshKind};

use crate::platform::{self, System};
pub use chassis::form;
pub(crate) use chassis::said;
pub use os_release::OsRelease;

/// The machine itself. Empty where unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Machine {
    pub host_name: String,
    /// linux, windows.
    pub os_family: &'static str,
    pub os_name: String,
    pub os_version: String,
    pub kernel_version: String,
    pub architecture: &'static str,
    pub manufacturer: String,
    pub model: String,
    pub serial_number: String,
    /// desktop, laptop, server, virtual.
    pub chassis: &'static str,
    pub cpu: String,
    pub cpu_cores: u32,
    pub memory_bytes: u64,
    pub disks: Vec<Disk>,
    pub networks: Vec<NetworkInterface>,
    /// Unix seconds, by the machine's own clock.
    pub boot_time: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Disk {
    pub mount_point: String,
    pub file_system: String,
    pub size_bytes: u64,
    pub free_bytes: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NetworkInterface {
    pub name: String,
    pub mac: String,
    pub addresses: Vec<String>,
}

/// All software of the machine, sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Installations {
    pub installations: Vec<Installation>,
    /// "rpm: …"; the list is then known to be partial.
    pub unread_sources: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Installation {
    pub name: String,
    pub version: String,
    pub publisher: String,
    /// deb, rpm, flatpak, snap, registry.
    pub source: &'static str,
    pub architecture: String,
    /// ISO 8601, or empty.
    pub installed_on: String,
}

/// Where software is listed; `None` when the machine does not have such a list.
type Source = fn(&System) -> Option<std::io::Result<Vec<Installation>>>;

const SOURCES: [(&str, Source); 5] = [
    ("deb", dpkg::installed),
    ("rpm", rpm::installed),
    ("snap", snap::installed),
    ("flatpak", flatpak::installed),
    ("registry", uninstall::installed),
];

/// The machine we run on and its software.
pub fn collect() -> (Machine, Installations) {
    let system = System::live();
    (machine(&system), installations(&system))
}

/// What is installed, from every list that the machine has.
pub fn installations(system: &System) -> Installations {
    let mut all = Installations::default();
    for (name, source) in SOURCES {
        match source(system) {
            None => {}
            Some(Ok(installed)) => all.installations.extend(installed),
            Some(Err(error)) => all.unread_sources.push(format!("{name}: {error}")),
        }
    }
    all.installations.sort_unstable();
    all.installations.dedup();
    all
}

/// The hardware facts of the machine we run on; what files tell comes from `system`.
fn machine(system: &System) -> Machine {
    let release = OsRelease::of(system);
    let wanted = RefreshKind::nothing()
        .with_cpu(CpuRefreshKind::nothing())
        .with_memory(MemoryRefreshKind::nothing().with_ram());
    let hardware = sysinfo::System::new_with_specifics(wanted).ok();
    let cpus = hardware
        .as_ref()
        .map_or(&[][..], |hardware| hardware.cpus());
    Machine {
        host_name: platform::host_name(),
        os_family: std::env::consts::OS,
        os_name: release.name,
        os_version: release.version,
        kernel_version: platform::kernel_version(),
        architecture: std::env::consts::ARCH,
        manufacturer: chassis::vendor(system),
        model: chassis::model(system),
        serial_number: chassis::serial_number(system),
        chassis: form(system).unwrap_or_default(),
        cpu: cpus.first().map_or("", |cpu| cpu.brand()).trim().to_owned(),
        cpu_cores: u32::try_from(cpus.len()).unwrap_or(u32::MAX),
        memory_bytes: hardware.as_ref().map_or(0, sysinfo::System::total_memory),
        disks: disks(),
        networks: networks(),
        boot_time: sysinfo::System::boot_time().unwrap_or(0),
    }
}

fn disks() -> Vec<Disk> {
    let Ok(disks) = Disks::new_with_refreshed_list() else {
        return Vec::new();
    };
    let disks = disks.iter().map(|disk| Disk {
        mount_point: platform::path_text(disk.mount_point()),
        file_system: disk.file_system().to_string_lossy().into_owned(),
        size_bytes: disk.total_space(),
        free_bytes: disk.available_space(),
    });
    let mut disks: Vec<Disk> = disks.collect();
    disks.sort_unstable();
    disks
}

fn networks() -> Vec<NetworkInterface> {
    let Ok(networks) = Networks::new_with_refreshed_list() else {
        return Vec::new();
    };
    let interfaces = networks
        .iter()
        .filter(|(name, _)| name.to_str() != Some("lo"));
    let mut interfaces: Vec<NetworkInterface> = interfaces
        .map(|(name, interface)| {
            let addresses = interface.ip_networks().iter();
            let mut addresses: Vec<String> =
                addresses.map(|network| network.addr.to_string()).collect();
            addresses.sort_unstable();
            NetworkInterface {
                name: name.to_string_lossy().into_owned(),
                mac: interface.mac_address().to_string(),
                addresses,
            }
        })
        .collect();
    interfaces.sort_unstable();
    interfaces
}
