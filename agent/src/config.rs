//! The agent's configuration: one commented example file ([`EXAMPLE`]), one struct per subject, unknown keys refused.
//!
//! In: a TOML file that may be absent. Out: [`Config`]. The policy of the collector is laid over it by
//! [`crate::schedule`].

use std::path::{Path, PathBuf};
use std::time::Duration;

use beffroi_proto::package::ReleaseKey;
use jiff::civil::Time;
use serde::Deserialize;

use crate::{pace, platform, transport::Proxy, update};

/// The commented example, as `beffroi-agent config` prints it.
pub const EXAMPLE: &str = include_str!("../agent.example.toml");

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    pub agent: AgentSection,
    pub scan: ScanSection,
    pub inventory: InventorySection,
    pub spool: SpoolSection,
    pub network: NetworkSection,
    pub log: LogSection,
    pub update: UpdateSection,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AgentSection {
    pub state: PathBuf,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ScanSection {
    pub roots: Vec<PathBuf>,
    pub excluded: Vec<String>,
    pub include_private_folders: bool,
    pub max_file_bytes: u64,
    pub interval_hours: u32,
    pub patience_seconds: u32,
    pub processor_percent: u32,
    pub bytes_per_second: u64,
    pub hours_from: Option<Time>,
    pub hours_until: Option<Time>,
    pub on_battery: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InventorySection {
    pub interval_hours: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SpoolSection {
    pub max_bytes: u64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NetworkSection {
    pub proxy: Proxy,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogSection {
    pub max_bytes: u64,
    pub files: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UpdateSection {
    pub keys: Vec<ReleaseKey>,
    pub patience_seconds: u32,
    pub bytes_per_second: u32,
}

impl Default for UpdateSection {
    fn default() -> Self {
        Self {
            keys: Vec::new(),
            patience_seconds: 600,
            bytes_per_second: 512 * 1024,
        }
    }
}

impl UpdateSection {
    pub fn settings(&self) -> update::Settings {
        update::Settings {
            keys: self.keys.clone(),
            patience: Duration::from_secs(self.patience_seconds.into()),
            bytes_per_second: self.bytes_per_second.max(1).into(),
        }
    }
}

impl Default for LogSection {
    fn default() -> Self {
        Self {
            max_bytes: 1024 * 1024,
            files: 4,
        }
    }
}

impl Default for AgentSection {
    fn default() -> Self {
        Self {
            state: platform::default_state(),
        }
    }
}

impl Default for ScanSection {
    fn default() -> Self {
        Self {
            roots: Vec::new(),
            excluded: Vec::new(),
            include_private_folders: false,
            max_file_bytes: 512 * 1024 * 1024,
            interval_hours: 24,
            patience_seconds: 120,
            processor_percent: 10,
            bytes_per_second: 0,
            hours_from: None,
            hours_until: None,
            on_battery: false,
        }
    }
}

impl ScanSection {
    /// How long a file may keep its reader silent.
    pub fn patience(&self) -> Duration {
        Duration::from_secs(self.patience_seconds.into())
    }

    /// How hard a pass may work.
    pub fn pace(&self) -> pace::Limits {
        pace::Limits {
            processor_percent: Some(self.processor_percent),
            bytes_per_second: (self.bytes_per_second > 0).then_some(self.bytes_per_second),
            hours: self.hours_from.zip(self.hours_until),
            on_battery: self.on_battery,
        }
    }
}

impl Default for InventorySection {
    fn default() -> Self {
        Self { interval_hours: 24 }
    }
}

impl Default for SpoolSection {
    fn default() -> Self {
        Self {
            max_bytes: 256 * 1024 * 1024,
        }
    }
}

/// Why the configuration cannot be used; the message is for the technician, in French.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("impossible de lire la configuration {path} : {source}")]
    Unreadable {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("la configuration {path} est incorrecte :\n{source}")]
    Invalid {
        path: PathBuf,
        source: Box<toml::de::Error>,
    },
    #[error(
        "la configuration {path} demande d'analyser « {root} », qui n'est pas un chemin absolu"
    )]
    RelativeRoot { path: PathBuf, root: PathBuf },
    #[error(
        "la configuration {path} donne hours_from ou hours_until : il faut les deux, ou aucune"
    )]
    HalfOfTheHours { path: PathBuf },
    #[error("la configuration {path} donne processor_percent = {percent} : il faut entre 1 et 100")]
    Percent { path: PathBuf, percent: u32 },
}

impl Config {
    /// Reads `path`. Without a path the default location is read, where no file means the default values.
    pub fn load(path: Option<&Path>) -> Result<Self, ConfigError> {
        let (path, may_be_absent) = match path {
            Some(path) => (path.to_owned(), false),
            None => (platform::default_config(), true),
        };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if may_be_absent && error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(source) => {
                return Err(ConfigError::Unreadable { path, source });
            }
        };
        Self::parse(&path, &text)
    }

    fn parse(path: &Path, text: &str) -> Result<Self, ConfigError> {
        let config: Self = toml::from_str(text).map_err(|source| ConfigError::Invalid {
            path: path.to_owned(),
            source: Box::new(source),
        })?;
        if let Some(root) = config.scan.roots.iter().find(|root| !root.is_absolute()) {
            return Err(ConfigError::RelativeRoot {
                path: path.to_owned(),
                root: root.clone(),
            });
        }
        if config.scan.hours_from.is_some() != config.scan.hours_until.is_some() {
            return Err(ConfigError::HalfOfTheHours {
                path: path.to_owned(),
            });
        }
        if !(1..=100).contains(&config.scan.processor_percent) {
            return Err(ConfigError::Percent {
                path: path.to_owned(),
                percent: config.scan.processor_percent,
            });
        }
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_shows_the_defaults() {
        let uncommented: String = EXAMPLE
            .lines()
            .map(|line| {
                line.strip_prefix("# ")
                    .filter(|rest| rest.contains(" = "))
                    .unwrap_or(line)
            })
            .fold(String::new(), |mut text, line| {
                text.push_str(line);
                text.push('\n');
                text
            });
        let mut example = Config::parse(Path::new("example"), &uncommented).unwrap();
        assert_eq!(example.scan.roots, [PathBuf::from("/srv/partage")]);
        assert_eq!(example.scan.excluded, ["**/.git/**"]);
        assert!(example.scan.pace().hours.is_some());
        (example.scan.hours_from, example.scan.hours_until) = (None, None);
        example.scan.roots.clear();
        example.scan.excluded.clear();
        assert_eq!(example.update.keys.len(), 1);
        example.update.keys.clear();
        assert_eq!(example, Config::default());
    }

    #[test]
    fn refuses_an_unknown_key_and_names_it() {
        let error =
            Config::parse(Path::new("agent.toml"), "[scan]\nroot = ['/srv']\n").unwrap_err();
        let message = error.to_string();
        assert!(
            message.contains("agent.toml") && message.contains("root") && message.contains("roots"),
            "{message}"
        );
    }

    #[test]
    fn hours_and_shares_are_checked() {
        let parse = |text: &str| Config::parse(Path::new("agent.toml"), text);
        let night = parse("[scan]\nhours_from = '19:00'\nhours_until = '07:00'\n").unwrap();
        assert!(night.scan.pace().hours.is_some());
        let half = parse("[scan]\nhours_from = '19:00'\n").unwrap_err();
        assert!(matches!(half, ConfigError::HalfOfTheHours { .. }));
        let nothing = parse("[scan]\nprocessor_percent = 0\n").unwrap_err();
        assert!(matches!(nothing, ConfigError::Percent { .. }));
        let error = parse("[scan]\nhours_from = 'le soir'\n").unwrap_err();
        assert!(error.to_string().contains("hours_from"), "{error}");
    }

    #[test]
    fn refuses_a_relative_root() {
        let error =
            Config::parse(Path::new("agent.toml"), "[scan]\nroots = ['partage']\n").unwrap_err();
        assert!(matches!(error, ConfigError::RelativeRoot { .. }));
    }
}
