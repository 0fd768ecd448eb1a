//! Debian packages: `/var/lib/dpkg/status`, in stanzas of `Field: value`.

use std::io;

use super::Installation;
use crate::platform::System;

const STATUS: &str = "/var/lib/dpkg/status";

pub(super) fn installed(system: &System) -> Option<io::Result<Vec<Installation>>> {
    if !system.has(STATUS) {
        return None;
    }
    Some(system.read(STATUS).map(|text| {
        let mut packages = parse(&text);
        for package in &mut packages {
            package.installed_on = installed_on(system, package);
        }
        packages
    }))
}

fn parse(status: &str) -> Vec<Installation> {
    status.split("\n\n").filter_map(package).collect()
}

/// A package that is there; one that was removed keeps its stanza.
fn package(stanza: &str) -> Option<Installation> {
    let field = |wanted: &str| {
        stanza
            .lines()
            .find_map(|line| line.strip_prefix(wanted)?.strip_prefix(": "))
    };
    if !field("Status")?.ends_with(" installed") {
        return None;
    }
    Some(Installation {
        name: field("Package")?.to_owned(),
        version: field("Version").unwrap_or_default().to_owned(),
        publisher: field("Maintainer").map(organisation).unwrap_or_default(),
        source: "deb",
        architecture: field("Architecture").unwrap_or_default().to_owned(),
        installed_on: String::new(),
    })
}

/// Maintainers are often people: only the name of a team stays, without its address.
fn organisation(maintainer: &str) -> String {
    const TEAMS: [&str; 9] = [
        "team",
        "developers",
        "maintainers",
        "group",
        "project",
        "packagers",
        "inc",
        "gmbh",
        "sas",
    ];
    let name = maintainer.split('<').next().unwrap_or_default().trim();
    let folded = name.to_lowercase();
    let is_team = folded
        .split(|letter: char| !letter.is_alphanumeric())
        .any(|word| TEAMS.contains(&word));
    // One word is a company, two are somebody.
    if is_team || !name.contains(' ') {
        return name.to_owned();
    }
    String::new()
}

/// dpkg writes the list of a package's files when it installs it.
fn installed_on(system: &System, package: &Installation) -> String {
    let folder = "/var/lib/dpkg/info";
    let (name, architecture) = (&package.name, &package.architecture);
    system
        .modified(&format!("{folder}/{name}.list"))
        .or_else(|| system.modified(&format!("{folder}/{name}:{architecture}.list")))
        .map(|time| time.strftime("%F").to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_removed_package_is_not_installed() {
        let packages = parse(
            "Package: samba\nStatus: install ok installed\nVersion: 2:4.17.12\nArchitecture: amd64\n\
             Maintainer: Debian Samba Maintainers <pkg@exemple.fr>\nDescription: SMB\n Version: not this\n\n\
             Package: telnetd\nStatus: deinstall ok config-files\nVersion: 0.17\n",
        );
        assert_eq!(packages.len(), 1);
        let samba = packages.first().unwrap();
        assert_eq!(
            (samba.name.as_str(), samba.version.as_str()),
            ("samba", "2:4.17.12")
        );
        assert_eq!(samba.publisher, "Debian Samba Maintainers");
    }

    #[test]
    fn maintainers_who_are_people_are_not_named() {
        assert_eq!(organisation("Zoé Durand <zoe@exemple.fr>"), "");
        assert_eq!(
            organisation("Ubuntu Developers <u@exemple.fr>"),
            "Ubuntu Developers"
        );
        assert_eq!(organisation("Mozilla"), "Mozilla");
    }
}
