//! A newer program, in place of the one that was installed.
//!
//! In: packages that the collector offers, the release keys of the configuration. Out: a program of the state folder that the
//! service starts instead of the installed one. The installed one is never touched: it always starts first, looks at what it
//! may start instead, and is what remains when nothing else reports. Called by `transport` (offers), `run` and the verb of the
//! service.
//!
//! The collector holds no release key and so chooses only among programs that the operator has signed, newer than ours, for this
//! platform, and not tried before. [`store`] keeps programs and what became of them, [`start`] starts them.

mod start;
mod store;

use std::time::Duration;

use beffroi_proto::package::{self, Package, PackageError, ReleaseKey, Version};

pub use start::start_newer;
pub use store::{Incoming, News, Outcome, Updates};

/// How many times a new program may start without having reported. More than one, since computers are switched off.
const STARTS: u32 = 3;

/// Of the technician, in the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Who may sign what this machine runs; none: it stays with what was installed.
    pub keys: Vec<ReleaseKey>,
    /// How long a new program may take to report.
    pub patience: Duration,
    pub bytes_per_second: u64,
}

/// Why a package is not taken; the collector shows it.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error(transparent)]
    Package(#[from] PackageError),
    #[error("le paquet proposé ({0}) n'est pas celui qui est signé ({1})")]
    OtherPackage(String, Package),
    #[error("le paquet est pour {0}, ce poste est {1}")]
    OtherPlatform(String, String),
    #[error("le paquet ({0}) n'est pas plus récent que le programme de ce poste ({1})")]
    NotNewer(Version, Version),
    #[error("la version {0} a déjà été essayée sur ce poste, sans succès")]
    TriedBefore(Version),
    #[error("le paquet annonce {0} octets ; {max} au plus", max = package::MAX_BYTES)]
    TooLarge(u64),
    #[error("le collecteur envoie autre chose que les {0} octets annoncés")]
    OtherSize(u64),
    #[error("impossible de garder le paquet : {0}")]
    Disk(#[from] std::io::Error),
    #[error("impossible de garder le paquet : {0}")]
    State(#[from] crate::state::StateError),
}

/// What the collector offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub version: String,
    pub size_bytes: u64,
    pub signature: String,
}

/// The version of the program that runs. Kept as one mark, which a person finds in the program's file and the stories change
/// there, to have a newer program without building one.
pub fn own_version() -> &'static str {
    const MARK: &str = concat!("beffroi-agent@", env!("CARGO_PKG_VERSION"));
    let mark = std::hint::black_box(MARK);
    mark.split_once('@').map_or(mark, |(_, version)| version)
}

#[cfg(test)]
mod tests;
