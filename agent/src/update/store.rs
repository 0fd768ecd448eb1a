//! The programs of the state folder, and what became of each: `update.json` and the folder `updates`.
//!
//! What is written here by one version is read by others, older ones too: a field is added, never changed. A power cut at
//! any moment leaves the ledger of before or of after; a file that it does not name is removed at the next occasion.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use beffroi_proto::package::{self, Package, Version};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Offer, Refusal, STARTS, Settings, own_version};
use crate::platform;
use crate::state::{StateError, StateFolder};

const LEDGER: &str = "update.json";
const FOLDER: &str = "updates";

#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Ledger {
    /// Has reported: starts instead of the installed program.
    pub(super) current: Option<Taken>,
    /// Has not reported yet.
    pub(super) trial: Option<Trial>,
    pub(super) rolled_back: Vec<RolledBack>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Taken {
    pub(super) version: Version,
    pub(super) signature: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Trial {
    #[serde(flatten)]
    pub(super) program: Taken,
    pub(super) starts: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RolledBack {
    pub(super) version: Version,
    pub(super) reason: String,
}

/// What to start.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Choice {
    Ourselves,
    Current(Taken),
    Trial(Trial),
}

/// What became of a version, for the collector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    pub version: Version,
    pub outcome: Outcome,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    OnTrial,
    Runs,
    RolledBack(String),
}

pub struct Updates {
    state: StateFolder,
    pub settings: Settings,
    pub(super) own_version: Version,
    /// One change of the ledger at a time.
    changing: Mutex<()>,
}

impl Updates {
    pub fn new(state: &StateFolder, settings: Settings) -> Self {
        Self {
            state: state.clone(),
            settings,
            own_version: Version::parse(own_version()).unwrap_or(Version::new(0, 0, 0)),
            changing: Mutex::default(),
        }
    }

    /// Which packages may be offered; empty: none.
    pub fn platform(&self) -> String {
        if platform::REPLACES_ITSELF && !self.settings.keys.is_empty() {
            package::platform()
        } else {
            String::new()
        }
    }

    /// What can be said of an offer before a byte of it has come; the signature is checked when all have.
    pub fn judge(&self, offer: &Offer) -> Result<Package, Refusal> {
        if offer.size_bytes > package::MAX_BYTES {
            return Err(Refusal::TooLarge(offer.size_bytes));
        }
        let package = Package::named_by(&offer.signature)?;
        if package.version.to_string() != offer.version {
            return Err(Refusal::OtherPackage(offer.version.clone(), package));
        }
        self.accepts(&package)?;
        Ok(package)
    }

    fn accepts(&self, package: &Package) -> Result<(), Refusal> {
        if package.platform != package::platform() {
            let ours = package::platform();
            return Err(Refusal::OtherPlatform(package.platform.clone(), ours));
        }
        if package.version <= self.own_version {
            let ours = self.own_version.clone();
            return Err(Refusal::NotNewer(package.version.clone(), ours));
        }
        let ledger = self.ledger()?;
        let version = &package.version;
        let was_tried = ledger
            .rolled_back
            .iter()
            .any(|past| past.version == *version);
        if was_tried {
            return Err(Refusal::TriedBefore(version.clone()));
        }
        Ok(())
    }

    /// Where the bytes of an offer go, after those that came before an interruption.
    pub fn incoming(&self, offer: &Offer) -> Result<Incoming, Refusal> {
        let folder = self.folder();
        platform::create_private_folder(&folder)?;
        let name = hex::encode(Sha256::digest(offer.signature.as_bytes()));
        let path = folder.join(format!("incoming-{name}"));
        self.remove_all_but(&path)?;
        let mut file = match OpenOptions::new().append(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                platform::create_private_file(&path)?
            }
            opened => opened?,
        };
        let mut held = file.metadata()?.len();
        if held > offer.size_bytes {
            file = platform::create_private_file(&path)?;
            held = 0;
        }
        Ok(Incoming {
            path,
            file,
            held,
            offer: offer.clone(),
        })
    }

    /// Puts a package that has come whole on trial from the next start on, if it is what a release key signed.
    pub fn take(&self, incoming: Incoming) -> Result<Package, Refusal> {
        let Incoming {
            path, file, offer, ..
        } = incoming;
        let taken = self.verified(&path, &file, &offer);
        drop(file);
        let package = match taken {
            Ok(package) => package,
            // What is wrong is fetched anew, should it be offered again.
            Err(refusal) => {
                let _ = fs::remove_file(&path);
                return Err(refusal);
            }
        };
        fs::rename(&path, self.program(&package.version))?;
        platform::sync_folder(&self.folder())?;
        self.change(|ledger| {
            ledger.trial = Some(Trial {
                program: Taken {
                    version: package.version.clone(),
                    signature: offer.signature,
                },
                starts: 0,
            });
        })?;
        Ok(package)
    }

    fn verified(
        &self,
        path: &std::path::Path,
        file: &File,
        offer: &Offer,
    ) -> Result<Package, Refusal> {
        file.sync_all()?;
        let bytes = File::open(path)?;
        let package = Package::verified(&offer.signature, &self.settings.keys, &bytes)?;
        self.accepts(&package)?;
        platform::make_executable(path)?;
        Ok(package)
    }

    /// What the service is to start: the newest that may.
    pub(super) fn choose(&self) -> Choice {
        // One that cannot be read says nothing: then the installed program works.
        let ledger = self.ledger().unwrap_or_default();
        // Without keys nothing is verified: the installed program it is, for as long.
        let may = platform::REPLACES_ITSELF && !self.settings.keys.is_empty();
        let newer = |version: &Version| may && *version > self.own_version;
        match (ledger.trial, ledger.current) {
            (Some(trial), _) if newer(&trial.program.version) => Choice::Trial(trial),
            (_, Some(current)) if newer(&current.version) => Choice::Current(current),
            _ => Choice::Ourselves,
        }
    }

    /// The version that the service starts instead of this one.
    pub fn starts(&self) -> Option<Version> {
        match self.choose() {
            Choice::Ourselves => None,
            Choice::Current(program) => Some(program.version),
            Choice::Trial(trial) => Some(trial.program.version),
        }
    }

    /// Checks again what lies on the disk: it is about to be run. Where it is.
    pub(super) fn ready(&self, program: &Taken) -> Result<PathBuf, Refusal> {
        let path = self.program(&program.version);
        let bytes = File::open(&path)?;
        let package = Package::verified(&program.signature, &self.settings.keys, bytes)?;
        if package.version != program.version {
            return Err(Refusal::OtherPackage(program.version.to_string(), package));
        }
        Ok(path)
    }

    /// Counts a start before it is made. None: it had its starts.
    pub(super) fn count_start(&self) -> Result<Option<u32>, StateError> {
        let mut count = None;
        self.change(|ledger| {
            let trial = ledger.trial.as_mut().filter(|trial| trial.starts < STARTS);
            count = trial.map(|trial| {
                trial.starts += 1;
                trial.starts
            });
        })?;
        Ok(count)
    }

    /// Whether this program is the one that has to report.
    pub fn is_on_trial(&self) -> bool {
        let trial = self.ledger().unwrap_or_default().trial;
        trial.is_some_and(|trial| trial.program.version == self.own_version)
    }

    pub(super) fn has_reported(&self, version: &Version) -> bool {
        let current = self.ledger().unwrap_or_default().current;
        current.is_some_and(|current| current.version == *version)
    }

    /// This program, on trial, has reported.
    pub fn confirm(&self) -> Result<(), StateError> {
        self.change(|ledger| {
            let ours = |trial: &mut Trial| trial.program.version == self.own_version;
            if let Some(trial) = ledger.trial.take_if(ours) {
                ledger.current = Some(trial.program);
            }
        })?;
        self.tidy();
        Ok(())
    }

    /// Never tried again.
    pub(super) fn roll_back(&self, version: &Version, reason: String) -> Result<(), StateError> {
        tracing::error!("la version {version} n'est pas gardée : {reason}");
        self.change(|ledger| {
            if ledger
                .trial
                .as_ref()
                .is_some_and(|trial| trial.program.version == *version)
            {
                ledger.trial = None;
            }
            if ledger
                .current
                .as_ref()
                .is_some_and(|current| current.version == *version)
            {
                ledger.current = None;
            }
            ledger.rolled_back.push(RolledBack {
                version: version.clone(),
                reason,
            });
        })?;
        self.tidy();
        Ok(())
    }

    /// What the collector should know, whether it was told before or not: it may have lost it.
    pub fn news(&self) -> Vec<News> {
        let ledger = self.ledger().unwrap_or_default();
        let news = |version, outcome| News { version, outcome };
        let mut all: Vec<News> = ledger
            .rolled_back
            .into_iter()
            .filter(|past| past.version > self.own_version)
            .map(|past| news(past.version, Outcome::RolledBack(past.reason)))
            .collect();
        if let Some(trial) = ledger.trial {
            all.push(news(trial.program.version, Outcome::OnTrial));
        }
        if let Some(current) = ledger
            .current
            .filter(|current| current.version == self.own_version)
        {
            all.push(news(current.version, Outcome::Runs));
        }
        all
    }

    fn ledger(&self) -> Result<Ledger, StateError> {
        let bytes = self.state.read(LEDGER)?.unwrap_or_default();
        // Torn by nothing that we know: the installed program works, and packages come again.
        Ok(serde_json::from_slice(&bytes).unwrap_or_default())
    }

    fn change(&self, change: impl FnOnce(&mut Ledger)) -> Result<(), StateError> {
        let _alone = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut ledger = self.ledger()?;
        change(&mut ledger);
        let bytes = serde_json::to_vec_pretty(&ledger).unwrap_or_default();
        self.state.write(LEDGER, &bytes)
    }

    fn folder(&self) -> PathBuf {
        self.state.file(FOLDER)
    }

    pub(super) fn program(&self, version: &Version) -> PathBuf {
        self.folder().join(format!("beffroi-agent-{version}"))
    }

    fn tidy(&self) {
        if let Err(error) = self.remove_all_but(&self.folder()) {
            tracing::debug!("d'anciens programmes restent : {error}");
        }
    }

    /// Leaves the programs that the ledger names, and one file more.
    fn remove_all_but(&self, kept: &std::path::Path) -> Result<(), Refusal> {
        let ledger = self.ledger()?;
        let trial = ledger.trial.map(|trial| trial.program);
        let programs = ledger.current.into_iter().chain(trial);
        let programs: Vec<PathBuf> = programs.map(|taken| self.program(&taken.version)).collect();
        for entry in fs::read_dir(self.folder())? {
            let path = entry?.path();
            if path != kept && !programs.contains(&path) {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }
}

/// A package on its way.
pub struct Incoming {
    path: PathBuf,
    file: File,
    held: u64,
    offer: Offer,
}

impl Incoming {
    /// How many bytes are there.
    pub fn held(&self) -> u64 {
        self.held
    }

    pub fn is_whole(&self) -> bool {
        self.held == self.offer.size_bytes
    }

    pub fn write(&mut self, piece: &[u8]) -> Result<(), Refusal> {
        let held = self.held.saturating_add(piece.len() as u64);
        if held > self.offer.size_bytes || piece.is_empty() {
            let _ = fs::remove_file(&self.path);
            return Err(Refusal::OtherSize(self.offer.size_bytes));
        }
        if let Err(error) = self.file.write_all(piece) {
            // On a full disk the reports need the room.
            let _ = fs::remove_file(&self.path);
            return Err(error.into());
        }
        self.held = held;
        Ok(())
    }
}
