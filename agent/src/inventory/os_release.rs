//! Which system, which version: `/etc/os-release`, or `CurrentVersion` in the registry of Windows.

use crate::platform::{Registry, System};

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
        if system.is_windows() {
            return Self::of_windows(system.registry());
        }
        ["/etc/os-release", "/usr/lib/os-release"]
            .iter()
            .find_map(|path| system.read(path).ok())
            .map(|text| Self::parse(&text))
            .unwrap_or_default()
    }

    /// « 10-22h2 », « 7 »; servers are named by a year.
    fn of_windows(registry: &Registry) -> Self {
        const CURRENT: &str = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion";
        const FIRST_BUILD_OF_11: u32 = 22_000;
        let text = |name| registry.text(CURRENT, name).unwrap_or_default();
        let product = text("ProductName");
        // Before 20H2 the release had a name of its own.
        let release = [text("DisplayVersion"), text("ReleaseId")];
        let release = release.into_iter().find(|release| !release.is_empty());
        let mut words = product
            .split_whitespace()
            .skip_while(|word| *word != "Windows");
        if text("InstallationType").starts_with("Server") {
            let mut years = words.filter(|word| word.starts_with("20"));
            return Self {
                id: "windows-server".to_owned(),
                version: years.next().unwrap_or_default().to_owned(),
                name: product,
            };
        }
        let number = words.nth(1).unwrap_or_default();
        let build: u32 = text("CurrentBuild").parse().unwrap_or(0);
        // Windows 11 still calls itself 10 here.
        let (name, number) = if number == "10" && build >= FIRST_BUILD_OF_11 {
            (product.replace("Windows 10", "Windows 11"), "11")
        } else {
            (product.clone(), number)
        };
        let version = match release {
            Some(release) => format!("{number}-{}", release.to_lowercase()),
            None => number.to_owned(),
        };
        Self {
            id: "windows".to_owned(),
            name,
            version,
        }
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

    fn windows(values: &str) -> (String, String, String) {
        let key = r"[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion]";
        let release = OsRelease::of(&System::captured_registry(&format!("{key}\n{values}")));
        (release.id, release.name, release.version)
    }

    #[test]
    fn windows_is_told_by_its_build() {
        let told = |id: &str, name: &str, version: &str| {
            (id.to_owned(), name.to_owned(), version.to_owned())
        };
        assert_eq!(
            windows(
                "\"ProductName\"=\"Windows 10 Pro\"\n\"DisplayVersion\"=\"22H2\"\n\"CurrentBuild\"=\"19045\""
            ),
            told("windows", "Windows 10 Pro", "10-22h2")
        );
        assert_eq!(
            windows(
                "\"ProductName\"=\"Windows 10 Pro\"\n\"DisplayVersion\"=\"24H2\"\n\"CurrentBuild\"=\"26100\""
            ),
            told("windows", "Windows 11 Pro", "11-24h2")
        );
        assert_eq!(
            windows("\"ProductName\"=\"Windows 7 Professional\"\n\"CurrentBuild\"=\"7601\""),
            told("windows", "Windows 7 Professional", "7")
        );
        assert_eq!(
            windows(
                "\"ProductName\"=\"Windows Server 2019 Standard\"\n\"InstallationType\"=\"Server\"\n\"ReleaseId\"=\"1809\""
            ),
            told("windows-server", "Windows Server 2019 Standard", "2019")
        );
    }

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
