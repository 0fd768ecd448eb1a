//! Snaps: `/snap/<name>/current/meta/snap.yaml`.

use std::io;

use super::Installation;
use crate::platform::System;

pub(super) fn installed(system: &System) -> Option<io::Result<Vec<Installation>>> {
    let names = match system.list("/snap") {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        Err(error) => return Some(Err(error)),
        Ok(names) => names,
    };
    let metadata = names.iter().filter_map(|name| {
        system
            .read(&format!("/snap/{name}/current/meta/snap.yaml"))
            .ok()
    });
    Some(Ok(metadata.filter_map(|text| package(&text)).collect()))
}

fn package(metadata: &str) -> Option<Installation> {
    let value = |key: &str| {
        let line = metadata
            .lines()
            .find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
        Some(line.trim().trim_matches(['"', '\'']).to_owned())
    };
    Some(Installation {
        name: value("name")?,
        version: value("version").unwrap_or_default(),
        source: "snap",
        ..Installation::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_metadata_of_a_snap() {
        let package = package("name: firefox\nversion: '131.0.2-1'\nsummary: x\n").unwrap();
        assert_eq!(
            (package.name.as_str(), package.version.as_str()),
            ("firefox", "131.0.2-1")
        );
    }
}
