//! What waits for the collector: a folder of batches that survives crashes and power cuts.
//!
//! In: encoded batches, whose meaning the spool ignores. Out: the same, in order, until the collector has
//! acknowledged them. Called by `schedule` (append) and `transport` (read, acknowledge).
//!
//! One file per batch, `<sequence, 20 digits>.batch`, written under a temporary name, synced, renamed:
//!
//! | bytes | what |
//! |---|---|
//! | 4 | `BFSP` |
//! | 1 | format version, 1 |
//! | 8 | first 8 bytes of the SHA-256 of the rest |
//! | … | the batch |
//!
//! `acknowledged` holds the last acknowledged sequence, `id` the spool's identity (16 bytes, hexadecimal). Sequences
//! start at 1 and are never used twice under one identity.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use sha2::{Digest, Sha256};
use tokio::sync::Notify;

use crate::{platform, state::write_durably};

const MAGIC: &[u8; 5] = b"BFSP\x01";
const HEADER_BYTES: usize = MAGIC.len() + 8;

#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    #[error("la file d'attente {path} n'est pas utilisable : {source}")]
    Folder { path: PathBuf, source: io::Error },
    #[error("impossible d'écrire dans la file d'attente {path} : {source} (disque plein ?)")]
    Write { path: PathBuf, source: io::Error },
    /// What waits has reached the limit; room comes back when the collector acknowledges.
    #[error("la file d'attente est pleine : le collecteur n'a pas répondu depuis longtemps")]
    Full,
}

/// Shared by the thread that reports and the task that sends.
#[derive(Debug)]
pub struct Spool {
    folder: PathBuf,
    max_bytes: u64,
    state: Mutex<State>,
    appended: Notify,
    acknowledged: Notify,
}

#[derive(Debug)]
struct State {
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
    /// The file is damaged; it has been set aside as `.bad`, and its reports are lost.
    Damaged {
        sequence: u64,
    },
}

impl Spool {
    pub fn open(folder: &Path, max_bytes: u64) -> Result<Self, SpoolError> {
        let state = State::load(folder).map_err(|source| SpoolError::Folder {
            path: folder.to_owned(),
            source,
        })?;
        Ok(Self {
            folder: folder.to_owned(),
            max_bytes,
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

    /// Durable when this returns.
    pub fn append(&self, batch: &[u8]) -> Result<u64, SpoolError> {
        let mut state = self.state();
        let size = (HEADER_BYTES + batch.len()) as u64;
        // One batch always fits, or a small limit would stop everything for good.
        if state.waiting > 0 && state.waiting_bytes + size > self.max_bytes {
            return Err(SpoolError::Full);
        }
        let sequence = state.next;
        let path = batch_path(&self.folder, sequence);
        let mut bytes = Vec::with_capacity(HEADER_BYTES + batch.len());
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&checksum(batch));
        bytes.extend_from_slice(batch);
        write_durably(&path, &bytes).map_err(|source| SpoolError::Write { path, source })?;
        state.next += 1;
        state.waiting += 1;
        state.waiting_bytes += size;
        drop(state);
        self.appended.notify_one();
        Ok(sequence)
    }

    /// The first waiting batch above `sequence`.
    pub fn next_after(&self, sequence: u64) -> Result<Option<Entry>, SpoolError> {
        let unusable = |source| SpoolError::Folder {
            path: self.folder.clone(),
            source,
        };
        let following = batch_path(&self.folder, sequence + 1);
        let (sequence, path) = if following.exists() {
            (sequence + 1, following)
        } else {
            // Damaged batches leave holes.
            let found = batches(&self.folder).map_err(unusable)?;
            let Some(found) = found.into_iter().find(|(found, _)| *found > sequence) else {
                return Ok(None);
            };
            found
        };
        let bytes = fs::read(&path).map_err(unusable)?;
        if let Some(batch) = checked(&bytes) {
            return Ok(Some(Entry::Batch {
                sequence,
                bytes: batch.to_vec(),
            }));
        }
        fs::rename(&path, path.with_extension("bad")).map_err(unusable)?;
        let mut state = self.state();
        state.waiting = state.waiting.saturating_sub(1);
        state.waiting_bytes = state.waiting_bytes.saturating_sub(bytes.len() as u64);
        Ok(Some(Entry::Damaged { sequence }))
    }

    /// The collector has committed everything up to `sequence`: it can be deleted here.
    pub fn acknowledge(&self, sequence: u64) -> Result<(), SpoolError> {
        let mut state = self.state();
        // A collector cannot acknowledge what was never sent.
        let sequence = sequence.min(state.next - 1);
        if sequence <= state.acknowledged {
            return Ok(());
        }
        let path = self.folder.join("acknowledged");
        // First the mark, then the deletions: killed in between, the batches are deleted at the next opening.
        write_durably(&path, sequence.to_string().as_bytes())
            .map_err(|source| SpoolError::Write { path, source })?;
        state.acknowledged = sequence;
        state
            .delete_acknowledged(&self.folder)
            .map_err(|source| SpoolError::Folder {
                path: self.folder.clone(),
                source,
            })?;
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

    fn state(&self) -> MutexGuard<'_, State> {
        // Every change of the state is complete before anything can panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn load(folder: &Path) -> io::Result<Self> {
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
            id,
            acknowledged,
            next: 1,
            waiting: 0,
            waiting_bytes: 0,
        };
        state.delete_acknowledged(folder)?;
        let last = batches(folder)?.last().map_or(0, |(sequence, _)| *sequence);
        state.next = last.max(acknowledged) + 1;
        Ok(state)
    }

    fn delete_acknowledged(&mut self, folder: &Path) -> io::Result<()> {
        (self.waiting, self.waiting_bytes) = (0, 0);
        for (sequence, path) in batches(folder)? {
            if sequence <= self.acknowledged {
                fs::remove_file(&path)?;
            } else {
                self.waiting += 1;
                self.waiting_bytes += fs::metadata(&path)?.len();
            }
        }
        Ok(())
    }
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

fn checked(bytes: &[u8]) -> Option<&[u8]> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let (sum, batch) = rest.split_at_checked(8)?;
    (checksum(batch) == sum).then_some(batch)
}

fn checksum(batch: &[u8]) -> [u8; 8] {
    let mut sum = [0; 8];
    sum.copy_from_slice(&Sha256::digest(batch)[..8]);
    sum
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

#[cfg(test)]
mod tests {
    use super::*;

    const ROOMY: u64 = 1 << 20;

    fn open(folder: &Path) -> Spool {
        Spool::open(folder, ROOMY).unwrap()
    }

    fn batch(spool: &Spool, after: u64) -> Option<(u64, Vec<u8>)> {
        match spool.next_after(after).unwrap()? {
            Entry::Batch { sequence, bytes } => Some((sequence, bytes)),
            Entry::Damaged { sequence } => panic!("batch {sequence} is damaged"),
        }
    }

    #[test]
    fn gives_back_in_order_after_reopening() {
        let folder = tempfile::tempdir().unwrap();
        let spool = open(folder.path());
        spool.append(b"one").unwrap();
        spool.append(b"two").unwrap();
        let id = spool.id();
        drop(spool);

        let spool = open(folder.path());

        assert_eq!(spool.id(), id);
        assert_eq!(batch(&spool, 0), Some((1, b"one".to_vec())));
        assert_eq!(batch(&spool, 1), Some((2, b"two".to_vec())));
        assert_eq!(batch(&spool, 2), None);
        assert_eq!(spool.waiting().0, 2);
    }

    #[test]
    fn never_uses_a_sequence_twice() {
        let folder = tempfile::tempdir().unwrap();
        let spool = open(folder.path());
        spool.append(b"one").unwrap();
        spool.append(b"two").unwrap();
        spool.acknowledge(2).unwrap();
        drop(spool);

        let spool = open(folder.path());

        assert_eq!(spool.waiting(), (0, 0));
        assert_eq!(spool.append(b"three").unwrap(), 3);
    }

    #[test]
    fn killed_between_the_mark_and_the_deletion_it_deletes_at_the_next_opening() {
        let folder = tempfile::tempdir().unwrap();
        open(folder.path()).append(b"one").unwrap();
        fs::write(folder.path().join("acknowledged"), "1").unwrap();
        let spool = open(folder.path());
        assert_eq!(spool.waiting().0, 0);
        assert_eq!(spool.append(b"two").unwrap(), 2);
    }

    #[test]
    fn a_torn_write_is_not_a_batch() {
        let folder = tempfile::tempdir().unwrap();
        let spool = open(folder.path());
        spool.append(b"one").unwrap();
        fs::write(folder.path().join("00000000000000000002.tmp"), "BFS").unwrap();
        drop(spool);
        let spool = open(folder.path());
        assert_eq!(spool.append(b"two").unwrap(), 2);
        assert_eq!(batch(&spool, 1), Some((2, b"two".to_vec())));
    }

    #[test]
    fn a_damaged_batch_is_set_aside_and_told() {
        let folder = tempfile::tempdir().unwrap();
        let spool = open(folder.path());
        spool.append(b"one").unwrap();
        spool.append(b"two").unwrap();
        let path = batch_path(folder.path(), 1);
        let mut bytes = fs::read(&path).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(&path, bytes).unwrap();

        assert_eq!(
            spool.next_after(0).unwrap(),
            Some(Entry::Damaged { sequence: 1 })
        );
        assert_eq!(batch(&spool, 0), Some((2, b"two".to_vec())));
        assert!(path.with_extension("bad").exists());
    }

    #[test]
    fn a_full_spool_says_so_and_has_room_again_after_an_acknowledgement() {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::open(folder.path(), 64).unwrap();
        spool.append(&[0; 100]).unwrap();
        assert!(matches!(spool.append(b"more"), Err(SpoolError::Full)));
        spool.acknowledge(1).unwrap();
        spool.append(b"more").unwrap();
    }

    #[test]
    fn an_acknowledgement_of_what_was_never_sent_skips_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let spool = open(folder.path());
        spool.append(b"one").unwrap();
        spool.acknowledge(900).unwrap();
        assert_eq!(spool.append(b"two").unwrap(), 2);
    }

    #[test]
    fn a_lost_identity_starts_a_new_spool_with_the_same_batches() {
        let folder = tempfile::tempdir().unwrap();
        let spool = open(folder.path());
        spool.append(b"one").unwrap();
        let id = spool.id();
        drop(spool);
        fs::write(folder.path().join("id"), "").unwrap();
        let spool = open(folder.path());
        assert_ne!(spool.id(), id);
        assert_eq!(batch(&spool, 0), Some((1, b"one".to_vec())));
    }
}
