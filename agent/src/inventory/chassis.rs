//! Who made the machine and what form it has, from SMBIOS (`/sys/class/dmi/id`).

use crate::platform::System;

/// What makers leave in the fields that they forget; kept, it would make one machine of a hundred.
const PLACEHOLDERS: [&str; 12] = [
    "default string",
    "to be filled by o.e.m.",
    "to be filled by o.e.m",
    "system serial number",
    "system product name",
    "system manufacturer",
    "system version",
    "not specified",
    "not applicable",
    "none",
    "0",
    "0123456789",
];

/// Words in the maker's or the model's name of virtual machines.
const VIRTUAL: [&str; 9] = [
    "qemu",
    "kvm",
    "vmware",
    "virtualbox",
    "innotek",
    "virtual machine",
    "xen",
    "bochs",
    "openstack",
];

pub(super) fn vendor(system: &System) -> String {
    of_windows(system, "SystemManufacturer").unwrap_or_else(|| dmi(system, "sys_vendor"))
}

pub(super) fn model(system: &System) -> String {
    of_windows(system, "SystemProductName").unwrap_or_else(|| dmi(system, "product_name"))
}

/// Only root may read it.
pub(super) fn serial_number(system: &System) -> String {
    dmi(system, "product_serial")
}

/// desktop, laptop, server or virtual.
pub fn form(system: &System) -> Option<&'static str> {
    let maker = format!("{} {}", vendor(system), model(system)).to_lowercase();
    if VIRTUAL.iter().any(|word| maker.contains(word)) || has_hypervisor(system) {
        return Some("virtual");
    }
    match dmi(system, "chassis_type").parse::<u8>().ok()? {
        3..=7 | 13 | 15 | 16 | 24 | 34..=36 => Some("desktop"),
        8..=11 | 14 | 30..=32 => Some("laptop"),
        17 | 23 | 25 | 28 | 29 => Some("server"),
        _ => None,
    }
}

/// The processor says when it is not alone; small hypervisors have no SMBIOS.
fn has_hypervisor(system: &System) -> bool {
    let Ok(cpus) = system.read("/proc/cpuinfo") else {
        return false;
    };
    let flags = cpus.lines().find_map(|line| line.strip_prefix("flags"));
    flags.is_some_and(|flags| flags.split_whitespace().any(|flag| flag == "hypervisor"))
}

/// The kernel of Windows copies the two from SMBIOS, and neither the serial number nor the form.
fn of_windows(system: &System, name: &str) -> Option<String> {
    let value = system
        .registry()
        .text(r"HKLM\HARDWARE\DESCRIPTION\System\BIOS", name)?;
    Some(said(value))
}

fn dmi(system: &System, field: &str) -> String {
    let value = system
        .read_value(&format!("/sys/class/dmi/id/{field}"))
        .unwrap_or_default();
    said(value)
}

/// What the maker said; empty for what stands in its place.
pub(crate) fn said(value: String) -> String {
    if PLACEHOLDERS.contains(&value.to_lowercase().as_str()) {
        return String::new();
    }
    value
}
