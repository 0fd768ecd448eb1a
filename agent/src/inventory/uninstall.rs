//! Windows: what programs write of themselves under `Uninstall`, for the machine (64 and 32 bits) and for each user whose
//! part of the registry is loaded.

use std::io;

use super::Installation;
use crate::platform::{Registry, System};

const MACHINE: [(&str, &str); 2] = [
    (
        r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall",
        "x86_64",
    ),
    (
        r"HKLM\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall",
        "x86",
    ),
];
const OF_A_USER: &str = r"Software\Microsoft\Windows\CurrentVersion\Uninstall";

pub(super) fn installed(system: &System) -> Option<io::Result<Vec<Installation>>> {
    let registry = system.registry();
    let [(machine, _), _] = MACHINE;
    if !system.is_windows() {
        return None;
    }
    if !registry.has(machine) {
        return Some(Err(io::Error::new(io::ErrorKind::NotFound, machine)));
    }
    let of_machine = MACHINE.map(|(folder, architecture)| (folder.to_owned(), architecture));
    let users = registry.keys("HKU").into_iter();
    let of_users = users.map(|user| (format!(r"HKU\{user}\{OF_A_USER}"), ""));
    let folders = of_machine.into_iter().chain(of_users);
    let programs = folders.flat_map(|(folder, architecture)| {
        let keys = registry.keys(&folder).into_iter();
        let programs = keys.filter_map(|key| program(registry, &format!(r"{folder}\{key}")));
        let programs = programs.map(|program| Installation {
            architecture: architecture.to_owned(),
            ..program
        });
        programs.collect::<Vec<_>>()
    });
    Some(Ok(programs.collect()))
}

/// A program that the system's own list would show; parts and updates of another are none.
fn program(registry: &Registry, key: &str) -> Option<Installation> {
    let text = |name| registry.text(key, name).filter(|text| !text.is_empty());
    let is_part = registry.number(key, "SystemComponent") == Some(1)
        || text("ParentKeyName").is_some()
        || text("ReleaseType").is_some_and(|kind| kind.ends_with("Update") || kind == "Hotfix");
    if is_part {
        return None;
    }
    Some(Installation {
        name: text("DisplayName")?,
        version: text("DisplayVersion").unwrap_or_default(),
        publisher: text("Publisher").unwrap_or_default(),
        source: "registry",
        architecture: String::new(),
        installed_on: text("InstallDate").and_then(date).unwrap_or_default(),
    })
}

/// "20240131"; some installers write the date as their country does, which nobody can know.
fn date(written: String) -> Option<String> {
    let day = jiff::civil::Date::strptime("%Y%m%d", written).ok()?;
    Some(day.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn programs(export: &str) -> Vec<Installation> {
        installed(&System::captured_registry(export))
            .unwrap()
            .unwrap()
    }

    #[test]
    fn programs_of_the_machine_and_of_users_are_listed() {
        let programs = programs(include_str!("../../tests/captured/windows-10/software.reg"));
        let named = |name: &str| {
            programs
                .iter()
                .find(|program| program.name == name)
                .unwrap()
        };
        let firefox = named("Mozilla Firefox ESR (x64 fr)");
        assert_eq!(firefox.version, "128.4.0");
        assert_eq!(
            (firefox.publisher.as_str(), firefox.architecture.as_str()),
            ("Mozilla", "x86_64")
        );
        let reader = named("Adobe Acrobat Reader DC - Français");
        assert_eq!(
            (reader.installed_on.as_str(), reader.architecture.as_str()),
            ("2023-02-14", "x86")
        );
        assert_eq!(named("Zoom Workplace").architecture, "");
        assert_eq!(programs.len(), 3, "{programs:?}");
    }

    #[test]
    fn a_machine_without_the_list_is_told() {
        let system = System::captured_registry("");
        assert!(installed(&system).unwrap().is_err());
        assert!(installed(&System::captured("/nowhere")).is_none());
    }
}
