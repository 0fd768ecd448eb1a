//! The collector's configuration: one commented example file ([`EXAMPLE`]), one struct per subject, unknown keys
//! refused. In: `collector.toml` of the data folder. Out: [`Config`], read by the verbs of `cli`.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::Deserialize;

/// The commented example, which `init` lays in the data folder.
pub const EXAMPLE: &str = include_str!("../collector.example.toml");

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    pub agents: Agents,
    pub web: Web,
    pub store: StoreSection,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Agents {
    pub listen: SocketAddr,
    pub names: Vec<String>,
    /// How long after the end of its certificate an agent may still ask for a new one, and for nothing else.
    pub renewal_grace_days: u32,
    /// How many copies of machines (cloned disks, golden images) a town takes in within thirty days.
    pub copies_per_month: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Web {
    pub listen: SocketAddr,
    pub certificate: Option<PathBuf>,
    pub key: Option<PathBuf>,
    pub behind_proxy: bool,
}

/// The URL may hold a password: it is never shown.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StoreSection {
    pub url: String,
}

impl std::fmt::Debug for StoreSection {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(if self.url.is_empty() {
            "SQLite"
        } else {
            "url set"
        })
    }
}

impl Default for Agents {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([0, 0, 0, 0], 7443)),
            names: vec!["localhost".to_owned()],
            renewal_grace_days: 180,
            copies_per_month: 200,
        }
    }
}

impl Default for Web {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            certificate: None,
            key: None,
            behind_proxy: false,
        }
    }
}

/// Why the configuration cannot be used; the message is for the operator, in French.
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
    #[error("[web] demande « certificate » et « key » ensemble, ou aucun des deux")]
    HalfTls,
    #[error(
        "les pages seraient servies en clair sur {0} : indiquez certificate et key dans [web], écoutez sur 127.0.0.1, \
         ou confirmez par behind_proxy = true qu'un proxy TLS est placé devant"
    )]
    PlainText(SocketAddr),
}

impl Config {
    /// Reads `collector.toml` in the data folder; no file means the default values.
    pub fn load(data: &Path) -> Result<Self, ConfigError> {
        let path = data.join("collector.toml");
        match std::fs::read_to_string(&path) {
            Ok(text) => Self::read(&path, &text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(ConfigError::Unreadable { path, source }),
        }
    }

    /// What `text` would mean as a configuration; `path` is shown in errors.
    pub fn read(path: &Path, text: &str) -> Result<Self, ConfigError> {
        let config = Self::parse(path, text)?;
        config.web.check()?;
        Ok(config)
    }

    /// Where the store is, as `Store::open` wants it.
    pub fn store_url(&self, data: &Path) -> String {
        if self.store.url.is_empty() {
            format!("sqlite://{}", data.join("beffroi.db").display())
        } else {
            self.store.url.clone()
        }
    }

    fn parse(path: &Path, text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|source| ConfigError::Invalid {
            path: path.to_owned(),
            source: Box::new(source),
        })
    }
}

impl Agents {
    pub fn renewal_grace(&self) -> Duration {
        Duration::from_secs(u64::from(self.renewal_grace_days) * 24 * 3600)
    }
}

impl Web {
    /// Whether browsers see https, by our own TLS or by the proxy's.
    pub fn https(&self) -> bool {
        self.certificate.is_some() || self.behind_proxy
    }

    fn check(&self) -> Result<(), ConfigError> {
        if self.certificate.is_some() != self.key.is_some() {
            return Err(ConfigError::HalfTls);
        }
        if !self.https() && !self.listen.ip().is_loopback() {
            return Err(ConfigError::PlainText(self.listen));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, ConfigError> {
        Config::read(Path::new("collector.toml"), text)
    }

    #[test]
    fn the_example_changes_nothing() {
        assert_eq!(parse(EXAMPLE).unwrap(), Config::default());
    }

    #[test]
    fn refuses_an_unknown_key_and_names_the_known_ones() {
        let message = parse("[agents]\nlisten_on = '0.0.0.0:1'")
            .unwrap_err()
            .to_string();
        assert!(
            message.contains("listen_on") && message.contains("`listen`"),
            "{message}"
        );
    }

    #[test]
    fn refuses_pages_in_clear_beyond_loopback() {
        assert!(matches!(
            parse("[web]\nlisten = '0.0.0.0:80'"),
            Err(ConfigError::PlainText(_))
        ));
        assert!(parse("[web]\nlisten = '0.0.0.0:80'\nbehind_proxy = true").is_ok());
        assert!(matches!(
            parse("[web]\nkey = '/k'"),
            Err(ConfigError::HalfTls)
        ));
    }

    #[test]
    fn never_shows_the_database_password() {
        let config = parse("[store]\nurl = 'postgres://u:secret@h/d'").unwrap();
        assert!(!format!("{config:?}").contains("secret"));
    }
}
