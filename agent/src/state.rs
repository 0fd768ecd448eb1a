//! The agent's state folder: made private, used by one agent at a time, written whole or not at all.
//!
//! ```text
//! identity.json   who this agent is, with its private key        (identity)
//! enrolment.key   the key of an enrolment that is not finished   (enrol)
//! policy.bin      the last policy accepted, with its signature   (policy)
//! schedule.json   when each job was last completed               (schedule)
//! failures.json   which contents no reader survived              (scan)
//! known/          what the last passes said of each file         (scan)
//! spool/          what waits for the collector                   (spool)
//! log/            what the agent said of its work                 (log)
//! set-aside/      what another agent has left here (state)
//! lock            held by `run`
//! ```

use std::{
    fmt,
    fs::{self, File, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::platform;

/// What belongs to one agent, beside its identity. The policy is the town's.
const OF_ONE_AGENT: [&str; 4] = ["spool", "known", "schedule.json", "failures.json"];
const SET_ASIDE: &str = "set-aside";

#[derive(Debug, thiserror::Error)]
pub enum StateError {
    #[error("le dossier d'état {path} n'est pas utilisable : {}", Obstacle(.source))]
    Folder { path: PathBuf, source: io::Error },
    #[error("impossible d'écrire {path} : {}", Obstacle(.source))]
    Write { path: PathBuf, source: io::Error },
    #[error("impossible de lire {path} : {source}")]
    Read { path: PathBuf, source: io::Error },
    #[error("un autre beffroi-agent travaille déjà avec {path} ; arrêtez-le d'abord")]
    Busy { path: PathBuf },
}

/// Why the disk refuses, with what to do about it, in French.
pub(crate) struct Obstacle<'a>(pub(crate) &'a io::Error);

impl Obstacle<'_> {
    /// There is no room; once there is, everything goes on.
    pub(crate) fn is_full_disk(&self) -> bool {
        use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
        matches!(self.0.kind(), StorageFull | QuotaExceeded | FileTooLarge)
    }
}

impl fmt::Display for Obstacle<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let advice = match self.0.kind() {
            _ if self.is_full_disk() => {
                "le disque est plein : libérez de la place, l'agent reprendra"
            }
            io::ErrorKind::ReadOnlyFilesystem => {
                "le disque est en lecture seule : remontez-le en écriture (une panne du disque ?), l'agent reprendra"
            }
            _ => {
                "lancez la commande avec le compte du service (root), ou indiquez un autre dossier dans [agent] state"
            }
        };
        write!(formatter, "{} ; {advice}", self.0)
    }
}

#[derive(Debug, Clone)]
pub struct StateFolder {
    path: PathBuf,
}

/// Held as long as the agent runs.
#[derive(Debug)]
pub struct RunLock(
    #[expect(dead_code, reason = "the lock lives as long as the file is open")] File,
);

impl StateFolder {
    /// Makes the folder when missing, and makes sure that it can be written.
    pub fn open(path: &Path) -> Result<Self, StateError> {
        let folder = Self {
            path: path.to_owned(),
        };
        let unusable = |source| StateError::Folder {
            path: path.to_owned(),
            source,
        };
        platform::create_private_folder(path).map_err(unusable)?;
        let probe = folder.file("probe");
        fs::write(&probe, b"")
            .and_then(|()| fs::remove_file(&probe))
            .map_err(unusable)?;
        Ok(folder)
    }

    /// The same without touching the disk, for verbs that only look.
    pub fn at(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// None when there is no such file.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>, StateError> {
        let path = self.file(name);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(StateError::Read { path, source }),
        }
    }

    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), StateError> {
        let path = self.file(name);
        write_durably(&path, bytes).map_err(|source| StateError::Write { path, source })
    }

    pub fn remove(&self, name: &str) -> Result<(), StateError> {
        let path = self.file(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(StateError::Write {
                path,
                source: error,
            }),
            _ => Ok(()),
        }
    }

    /// Moves away what belongs to the agent that was here, the spool among it. Done again after a power cut, it goes on. What was
    /// set aside before is gone then.
    pub fn set_aside(&self) -> Result<(), StateError> {
        let aside = self.file(SET_ASIDE);
        let failed = |source| StateError::Write {
            path: aside.clone(),
            source,
        };
        platform::create_private_folder(&aside).map_err(failed)?;
        for name in OF_ONE_AGENT {
            let (from, to) = (self.file(name), aside.join(name));
            if !from.exists() {
                continue;
            }
            let removed = if to.is_dir() {
                fs::remove_dir_all(&to)
            } else {
                fs::remove_file(&to)
            };
            match removed {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
                _ => fs::rename(&from, &to).map_err(failed)?,
            }
        }
        platform::sync_folder(&aside)
            .and_then(|()| platform::sync_folder(&self.path))
            .map_err(failed)
    }

    pub fn lock(&self) -> Result<RunLock, StateError> {
        let path = self.file("lock");
        let file = platform::create_private_file(&path).map_err(|source| StateError::Write {
            path: path.clone(),
            source,
        })?;
        match file.try_lock() {
            Ok(()) => Ok(RunLock(file)),
            Err(TryLockError::WouldBlock) => Err(StateError::Busy {
                path: self.path.clone(),
            }),
            Err(TryLockError::Error(source)) => Err(StateError::Write { path, source }),
        }
    }
}

/// Writes beside the target, syncs, renames, syncs the folder: after a power cut there is the old file or the new
/// one. The file can be read by the agent's account only.
pub(crate) fn write_durably(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = path.with_extension("tmp");
    let mut file = platform::create_private_file(&temporary)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    drop(file);
    if let Err(error) = written.and_then(|()| fs::rename(&temporary, path)) {
        // A half-written file on a full disk only takes room.
        let _ = fs::remove_file(&temporary);
        return Err(error);
    }
    platform::sync_folder(path.parent().unwrap_or(Path::new(".")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_agent_runs_on_a_state_folder() {
        let folder = tempfile::tempdir().unwrap();
        let state = StateFolder::open(folder.path()).unwrap();
        let held = state.lock().unwrap();
        assert!(matches!(state.lock(), Err(StateError::Busy { .. })));
        drop(held);
        state.lock().unwrap();
    }

    #[test]
    fn a_folder_that_is_a_file_is_refused_with_a_hint() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let message = StateFolder::open(file.path()).unwrap_err().to_string();
        assert!(message.contains("[agent] state"), "{message}");
    }

    #[test]
    fn what_another_agent_has_left_is_set_aside_once_and_again() {
        let folder = tempfile::tempdir().unwrap();
        let state = StateFolder::open(folder.path()).unwrap();
        for content in [b"1", b"2"] {
            fs::create_dir(state.file("spool")).unwrap();
            state.write("spool/id", content).unwrap();
            state.write("schedule.json", content).unwrap();
            state.write("policy.bin", content).unwrap();
            state.set_aside().unwrap();
            assert!(!state.file("spool").exists() && !state.file("schedule.json").exists());
            assert!(state.file("policy.bin").exists());
            let aside = state.read("set-aside/spool/id").unwrap();
            assert_eq!(aside.as_deref(), Some(content.as_slice()));
        }
        state.set_aside().unwrap();
        assert!(state.file("set-aside/spool").exists());
    }

    #[test]
    fn a_write_leaves_no_temporary_file() {
        let folder = tempfile::tempdir().unwrap();
        let state = StateFolder::open(folder.path()).unwrap();
        state.write("a.json", b"1").unwrap();
        state.write("a.json", b"2").unwrap();
        assert_eq!(state.read("a.json").unwrap().unwrap(), b"2");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
