//! What waits for the collector: a folder of batches that survives crashes and power cuts.
//!
//! In: encoded batches, whose meaning the spool ignores. Out: the same, in order, until the collector has
//! acknowledged them. Called by `schedule` (append, revise) and `transport` (read, acknowledge).
//!
//! One file per batch, `<sequence, 20 digits>.batch`, sealed by `seal` under the key in `key`, written under a
//! temporary name, synced, renamed. `acknowledged` holds the last acknowledged sequence, `id` the spool's identity (16
//! bytes, hexadecimal). Sequences start at 1 and are never used twice under one identity.

mod seal;
#[cfg(test)]
mod tests;

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

use self::seal::Seal;
use crate::{
    platform,
    state::{Obstacle, write_durably},
};

#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    #[error("la file d'attente {path} n'est pas utilisable : {}", Obstacle(.source))]
    Folder { path: PathBuf, source: io::Error },
    #[error(
        "impossible d'écrire dans la file d'attente {path} : {} ; ce qui y est déjà n'est pas perdu", Obstacle(.source)
    )]
    Write { path: PathBuf, source: io::Error },
    /// What waits has reached the limit; room comes back when the collector acknowledges.
    #[error("la file d'attente est pleine : le collecteur n'a pas répondu depuis longtemps")]
    Full,
}

/// Shared by the thread that reports and the task that sends.
#[derive(Debug)]
pub struct Spool {
    folder: PathBuf,
    seal: Seal,
    state: Mutex<State>,
    appended: Notify,
    acknowledged: Notify,
}

#[derive(Debug)]
struct State {
    max_bytes: u64,
    id: [u8; 16],
    acknowledged: u64,
    next: u64,
    waiting: u64,
    waiting_bytes: u64,
}

/// A batch read back.
#[derive(Debug, PartialEq, Eq)]
pub enum Entry {
    Batch {
        sequence: u64,
        bytes: Vec<u8>,
    },
    /// The file is damaged; it is gone, and its reports are lost.
    Damaged {
        sequence: u64,
    },
}

impl Spool {
    pub fn open(folder: &Path, max_bytes: u64) -> Result<Self, SpoolError> {
        let unusable = |source| SpoolError::Folder {
            path: folder.to_owned(),
            source,
        };
        let state = State::load(folder, max_bytes).map_err(unusable)?;
        Ok(Self {
            folder: folder.to_owned(),
            seal: Seal::open(&folder.join("key")).map_err(unusable)?,
            state: Mutex::new(state),
            appended: Notify::new(),
            acknowledged: Notify::new(),
        })
    }

    pub fn id(&self) -> [u8; 16] {
        self.state().id
    }

    pub fn last_acknowledged(&self) -> u64 {
        self.state().acknowledged
    }

    /// The highest sequence given so far.
    pub fn last_appended(&self) -> u64 {
        self.state().next - 1
    }

    /// Batches and bytes that wait.
    pub fn waiting(&self) -> (u64, u64) {
        let state = self.state();
        (state.waiting, state.waiting_bytes)
    }

    /// What may wait from now on.
    pub fn limit(&self, max_bytes: u64) {
        self.state().max_bytes = max_bytes;
    }

    /// Durable when this returns.
    pub fn append(&self, batch: &[u8]) -> Result<u64, SpoolError> {
        let state = self.state();
        if state.has_room(batch) {
            self.write(state, batch)
        } else {
            Err(SpoolError::Full)
        }
    }

    pub fn has_room(&self, batch: &[u8]) -> bool {
        self.state().has_room(batch)
    }

    /// The same above the limit: for the few words that say what was lost.
    pub fn append_notice(&self, batch: &[u8]) -> Result<u64, SpoolError> {
        self.write(self.state(), batch)
    }

    fn write(&self, mut state: MutexGuard<'_, State>, batch: &[u8]) -> Result<u64, SpoolError> {
        let sequence = state.next;
        let path = batch_path(&self.folder, sequence);
        let sealed = self.seal.seal(sequence, batch);
        sealed
            .and_then(|bytes| write_durably(&path, &bytes))
            .map_err(|source| SpoolError::Write { path, source })?;
        state.next += 1;
        state.waiting += 1;
        state.waiting_bytes += Seal::size(batch);
        drop(state);
        self.appended.notify_one();
        Ok(sequence)
    }

    /// The first waiting batch above `sequence`.
    pub fn next_after(&self, sequence: u64) -> Result<Option<Entry>, SpoolError> {
        let unusable = |source| self.unusable(source);
        // Held to the end: what is read here is revised elsewhere.
        let mut state = self.state();
        let following = batch_path(&self.folder, sequence + 1);
        let (sequence, path) = if following.exists() {
            (sequence + 1, following)
        } else {
            // What was damaged or replaced leaves holes.
            let found = batches(&self.folder).map_err(unusable)?;
            let Some(found) = found.into_iter().find(|(found, _)| *found > sequence) else {
                return Ok(None);
            };
            found
        };
        let bytes = fs::read(&path).map_err(unusable)?;
        let size = bytes.len() as u64;
        if let Some(bytes) = self.seal.open_batch(sequence, &bytes) {
            return Ok(Some(Entry::Batch { sequence, bytes }));
        }
        fs::remove_file(&path).map_err(unusable)?;
        state.forget(size);
        Ok(Some(Entry::Damaged { sequence }))
    }

    /// Shows every waiting batch to `change`, the newest first, which gives what becomes of it: `None` leaves it, an
    /// empty one goes. A batch may only lose what newer ones say too: it may have been delivered as it was.
    pub fn revise(
        &self,
        change: &mut dyn FnMut(&[u8]) -> Option<Vec<u8>>,
    ) -> Result<(), SpoolError> {
        let mut waiting = batches(&self.folder).map_err(|source| self.unusable(source))?;
        while let Some((sequence, path)) = waiting.pop() {
            // Between two batches others may deliver and append.
            let mut state = self.state();
            let bytes = match fs::read(&path) {
                Ok(bytes) => bytes,
                // Delivered in the meantime.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(source) => return Err(self.unusable(source)),
            };
            let size = bytes.len() as u64;
            // A damaged one is told when its turn to travel comes.
            let revised = self.seal.open_batch(sequence, &bytes);
            let Some(revised) = revised.and_then(|batch| change(&batch)) else {
                continue;
            };
            // The last one stays, were it empty: the next sequence is known by it.
            if revised.is_empty() && sequence + 1 < state.next {
                fs::remove_file(&path).map_err(|source| self.unusable(source))?;
                state.forget(size);
            } else {
                let sealed = self.seal.seal(sequence, &revised);
                sealed
                    .and_then(|bytes| write_durably(&path, &bytes))
                    .map_err(|source| SpoolError::Write { path, source })?;
                state.waiting_bytes =
                    state.waiting_bytes.saturating_sub(size) + Seal::size(&revised);
            }
        }
        Ok(())
    }

    /// The collector has committed everything up to `sequence`: it can be deleted here.
    pub fn acknowledge(&self, sequence: u64) -> Result<(), SpoolError> {
        let mut state = self.state();
        // A collector cannot acknowledge what was never sent.
        let sequence = sequence.min(state.next - 1);
        if sequence <= state.acknowledged {
            return Ok(());
        }
        // First the mark, then the deletions: killed in between, the batches are deleted at the next opening.
        let mark = self.folder.join("acknowledged");
        let write = || write_durably(&mark, sequence.to_string().as_bytes());
        if write().is_err() {
            // On a full disk, what was delivered makes room for the mark. The last one stays, as in `revise`.
            let last = state.next - 1;
            self.delete_until(sequence.min(last - 1))?;
            write().map_err(|source| SpoolError::Write {
                path: mark.clone(),
                source,
            })?;
        }
        state.acknowledged = sequence;
        self.delete_until(sequence)?;
        state
            .count(&self.folder)
            .map_err(|source| self.unusable(source))?;
        drop(state);
        self.acknowledged.notify_waiters();
        Ok(())
    }

    /// A new identity for the same batches: the folder was restored from an old copy, and its sequences would be
    /// taken for batches that the collector already has.
    pub fn renew_id(&self) -> Result<[u8; 16], SpoolError> {
        let mut state = self.state();
        state.id = new_id(&self.folder).map_err(|source| SpoolError::Write {
            path: self.folder.clone(),
            source,
        })?;
        Ok(state.id)
    }

    /// Returns once something was appended since the last call.
    pub async fn wait_for_append(&self) {
        self.appended.notified().await;
    }

    /// Returns once everything that waits has been acknowledged.
    pub async fn wait_until_empty(&self) {
        loop {
            let acknowledged = self.acknowledged.notified();
            tokio::pin!(acknowledged);
            // Registered before looking, so that an acknowledgement in between is not missed.
            acknowledged.as_mut().enable();
            if self.waiting().0 == 0 {
                return;
            }
            acknowledged.await;
        }
    }

    fn delete_until(&self, sequence: u64) -> Result<(), SpoolError> {
        delete_until(&self.folder, sequence).map_err(|source| self.unusable(source))
    }

    fn unusable(&self, source: io::Error) -> SpoolError {
        SpoolError::Folder {
            path: self.folder.clone(),
            source,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every change of the state is complete before anything can panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn load(folder: &Path, max_bytes: u64) -> io::Result<Self> {
        platform::create_private_folder(folder)?;
        let id = match fs::read_to_string(folder.join("id")) {
            Ok(text) => parse_id(&text).map_or_else(|| new_id(folder), Ok)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => new_id(folder)?,
            Err(error) => return Err(error),
        };
        let acknowledged = match fs::read_to_string(folder.join("acknowledged")) {
            // Unreadable counts as nothing acknowledged: the collector knows better and says so in Welcome.
            Ok(text) => text.trim().parse().unwrap_or(0),
            Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
            Err(error) => return Err(error),
        };
        let mut state = Self {
            max_bytes,
            id,
            acknowledged,
            next: 1,
            waiting: 0,
            waiting_bytes: 0,
        };
        delete_until(folder, acknowledged)?;
        state.count(folder)?;
        let last = batches(folder)?.last().map_or(0, |(sequence, _)| *sequence);
        state.next = last.max(acknowledged) + 1;
        Ok(state)
    }

    fn count(&mut self, folder: &Path) -> io::Result<()> {
        (self.waiting, self.waiting_bytes) = (0, 0);
        for (_, path) in batches(folder)? {
            self.waiting += 1;
            self.waiting_bytes += fs::metadata(&path)?.len();
        }
        Ok(())
    }

    /// One batch always fits, or a small limit would stop everything for good.
    fn has_room(&self, batch: &[u8]) -> bool {
        self.waiting == 0 || self.waiting_bytes + Seal::size(batch) <= self.max_bytes
    }

    /// One batch less, of this size.
    fn forget(&mut self, size: u64) {
        self.waiting = self.waiting.saturating_sub(1);
        self.waiting_bytes = self.waiting_bytes.saturating_sub(size);
    }
}

fn delete_until(folder: &Path, sequence: u64) -> io::Result<()> {
    for (found, path) in batches(folder)? {
        if found <= sequence {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

fn batch_path(folder: &Path, sequence: u64) -> PathBuf {
    folder.join(format!("{sequence:020}.batch"))
}

/// The batches on disk, in order.
fn batches(folder: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_batch = path
            .extension()
            .is_some_and(|extension| extension == "batch");
        let sequence = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .and_then(|stem| stem.parse().ok());
        if let (true, Some(sequence)) = (is_batch, sequence) {
            found.push((sequence, path));
        }
    }
    found.sort_unstable();
    Ok(found)
}

fn new_id(folder: &Path) -> io::Result<[u8; 16]> {
    let id = rand::random();
    write_durably(&folder.join("id"), hex::encode(id).as_bytes())?;
    Ok(id)
}

fn parse_id(text: &str) -> Option<[u8; 16]> {
    let mut id = [0; 16];
    hex::decode_to_slice(text.trim(), &mut id).ok()?;
    Some(id)
}
