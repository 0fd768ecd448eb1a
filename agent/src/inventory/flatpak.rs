//! Flatpaks of the whole machine: one folder per application below `/var/lib/flatpak/app`.

use std::io;

use super::Installation;
use crate::platform::System;

const FOLDER: &str = "/var/lib/flatpak/app";

pub(super) fn installed(system: &System) -> Option<io::Result<Vec<Installation>>> {
    match system.list(FOLDER) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => Some(Err(error)),
        Ok(ids) => Some(Ok(ids.iter().map(|id| package(system, id)).collect())),
    }
}

fn package(system: &System, id: &str) -> Installation {
    let metainfo = format!("{FOLDER}/{id}/current/active/files/share/metainfo/{id}.metainfo.xml");
    let metainfo = system.read(&metainfo).unwrap_or_default();
    Installation {
        name: id.to_owned(),
        version: latest_version(&metainfo).unwrap_or_default(),
        source: "flatpak",
        ..Installation::default()
    }
}

/// The first release listed is the one installed.
fn latest_version(metainfo: &str) -> Option<String> {
    let (_, release) = metainfo.split_once("<release ")?;
    let (_, version) = release.split_once("version=\"")?;
    Some(version.split_once('"')?.0.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_that_of_the_first_release() {
        let metainfo =
            "<releases><release date=\"x\" version=\"7.6.2\"/><release version=\"7.6.1\"/>";
        assert_eq!(latest_version(metainfo).as_deref(), Some("7.6.2"));
        assert_eq!(latest_version("<component/>"), None);
    }
}
