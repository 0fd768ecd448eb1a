//! `/etc/os-release`: which distribution, which version.

use crate::platform::System;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OsRelease {
    /// "debian"
    pub id: String,
    /// "Debian GNU/Linux 12 (bookworm)"
    pub name: String,
    /// "12"
    pub version: String,
}

impl OsRelease {
    /// Empty where the machine does not say.
    pub fn of(system: &System) -> Self {
        ["/etc/os-release", "/usr/lib/os-release"]
            .iter()
            .find_map(|path| system.read(path).ok())
            .map(|text| Self::parse(&text))
            .unwrap_or_default()
    }

    fn parse(text: &str) -> Self {
        let value = |wanted: &str| {
            let mut pairs = text.lines().filter_map(|line| line.split_once('='));
            let (_, value) = pairs.find(|(key, _)| key.trim() == wanted)?;
            Some(value.trim().trim_matches(['"', '\'']).to_owned())
        };
        Self {
            id: value("ID").unwrap_or_default(),
            name: value("PRETTY_NAME").unwrap_or_default(),
            version: value("VERSION_ID").unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_quoted_and_bare_values() {
        let release = OsRelease::parse(
            "PRETTY_NAME=\"Ubuntu 24.04.1 LTS\"\nVERSION_ID=\"24.04\"\nID=ubuntu\nID_LIKE=debian\n",
        );
        assert_eq!(release.id, "ubuntu");
        assert_eq!(release.version, "24.04");
        assert_eq!(release.name, "Ubuntu 24.04.1 LTS");
    }
}
