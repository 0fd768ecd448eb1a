//! What earlier passes over a root learnt: a file that has not changed since is not opened again.
//!
//! A file is the same when its volume, number, size and time of modification are, whatever its name; what became of it is
//! told again under its present name and rights. A content that was met under another number is read once for its
//! fingerprint and no more. All that could change an outcome is in the [`Basis`]: under another one everything is forgotten.
//!
//! Two files a root, in a private folder: `NAME.whole`, of the last complete pass, and `NAME.part`, of the one that goes on.
//! The second takes the place of the first when the pass is complete; after an interruption both are asked, so that a pass
//! goes on where it stopped. Masked samples and keyed fingerprints are all they hold of a file's content. Called by `scan`.

mod log;

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use self::log::{Content, Entry, Log, Place};
use super::verdict::{Reason, Verdict};
use super::walk::Found;
use super::{Allowances, Options, ScannedFile};
use crate::platform::{self, FileId};
use crate::worker::EXTRACTOR_VERSION;

/// Times on a FAT disk are that coarse: what was modified as lately may be modified again without showing it.
const COARSEST_TIME: Duration = Duration::from_secs(2);

/// Everything beside a file that decides what is said of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Basis([u8; 32]);

impl Basis {
    /// `rules`: what tells one set of rules from another.
    pub fn new(rules: &str, options: &Options) -> Self {
        let exceptions = options.allowances.as_ref().map(Allowances::described);
        let described = format!(
            "{} {EXTRACTOR_VERSION} {rules} {exceptions:?} {}",
            crate::update::own_version(),
            options.max_file_bytes
        );
        let mut digest = Sha256::new();
        digest.update(described);
        digest.update(options.content_key.unwrap_or_default());
        Self(digest.finalize().into())
    }
}

pub struct Known {
    whole: Log,
    part: Log,
    whole_path: PathBuf,
    part_path: PathBuf,
    /// What many files share, understood once.
    common: FxHashMap<(Source, u32), ScannedFile>,
    /// When the pass began.
    now: SystemTime,
    /// The disk refused something: what was learnt is kept no further.
    failure: Option<io::Error>,
}

/// Which of the two files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Source {
    Whole,
    Part,
}

/// A file as it is now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Identity(u64);

impl Identity {
    pub(super) fn of(found: &Found, options: &Options) -> Option<Self> {
        let modified = found.metadata.modified().ok()?;
        let mut hasher = DefaultHasher::new();
        FileId::of_entry(&found.path, &found.metadata)
            .ok()?
            .hash(&mut hasher);
        found.metadata.len().hash(&mut hasher);
        modified.hash(&mut hasher);
        if let Some(allowances) = &options.allowances {
            allowances
                .places_of(&found.path)
                .for_each(|place| place.hash(&mut hasher));
        }
        Some(Self(hasher.finish()))
    }
}

impl Known {
    /// What is known of a root; `folder` is made when it is missing.
    pub fn open(folder: &Path, root: &Path, basis: Basis, now: Timestamp) -> io::Result<Self> {
        platform::create_private_folder(folder)?;
        let digest = Sha256::digest(platform::path_text(root).as_bytes());
        let name = hex::encode(digest.get(..8).unwrap_or_default());
        let whole_path = folder.join(format!("{name}.whole"));
        let part_path = folder.join(format!("{name}.part"));
        Ok(Self {
            whole: Log::open(&whole_path, &basis.0)?,
            part: Log::open(&part_path, &basis.0)?,
            whole_path,
            part_path,
            common: FxHashMap::default(),
            now: now.into(),
            failure: None,
        })
    }

    /// What was said of a file, when it has not changed since.
    pub(super) fn recall(&mut self, identity: Identity, found: &Found) -> Option<Vec<ScannedFile>> {
        let kept = match self.part.of_key(identity.0) {
            Some(place) => (Source::Part, place),
            None => (Source::Whole, self.whole.of_key(identity.0)?),
        };
        let (outcome, files) = self.told_again(kept, found)?;
        if let (Source::Whole, place) = kept {
            let content = self.whole.content(place, found.metadata.len()).ok()?;
            self.keep(identity, content, &files, &outcome);
        }
        Some(files)
    }

    /// What was said of the same content elsewhere. `fingerprint` reads the whole file; it is asked only when some known
    /// file has that size.
    pub(super) fn recall_content(
        &mut self,
        identity: Identity,
        found: &Found,
        fingerprint: impl FnOnce() -> Option<[u8; 32]>,
    ) -> Option<Vec<ScannedFile>> {
        let size = found.metadata.len();
        if !self.part.has_size(size) && !self.whole.has_size(size) {
            return None;
        }
        let content = content(size, &fingerprint()?);
        let kept = match self.part.of_content(content) {
            Some(place) => (Source::Part, place),
            None => (Source::Whole, self.whole.of_content(content)?),
        };
        let (outcome, files) = self.told_again(kept, found)?;
        if self.is_settled(found) {
            self.keep(identity, Some(content), &files, &outcome);
        }
        Some(files)
    }

    /// What is kept at a place, as bytes and under the name and the rights that the file has now.
    fn told_again(
        &mut self,
        (source, place): (Source, Place),
        found: &Found,
    ) -> Option<(Vec<u8>, Vec<ScannedFile>)> {
        let log = match source {
            Source::Part => &mut self.part,
            Source::Whole => &mut self.whole,
        };
        let outcome = log.outcome(place).ok()?;
        let files = match place {
            Place::Own { .. } => serde_json::from_slice(&outcome).ok()?,
            Place::Shared { rank, .. } => match self.common.get(&(source, rank)) {
                Some(common) => vec![common.clone()],
                None => {
                    let files: Vec<ScannedFile> = serde_json::from_slice(&outcome).ok()?;
                    let common = files.first()?.clone();
                    self.common.insert((source, rank), common);
                    files
                }
            },
        };
        Some((outcome, renewed(files, found)))
    }

    /// Remembers what was said of a file, unless it may be said otherwise of the same file next time.
    pub(super) fn learn(&mut self, identity: Identity, found: &Found, files: &[ScannedFile]) {
        let Some(outer) = files.first() else { return };
        if is_passing(outer.reason) || !self.is_settled(found) {
            return;
        }
        let content = outer
            .fingerprint
            .map(|fingerprint| content(found.metadata.len(), &fingerprint));
        if let Some(outcome) = remembered(files) {
            self.keep(identity, content, files, &outcome);
        }
    }

    /// Whether another modification would show.
    fn is_settled(&self, found: &Found) -> bool {
        let modified = found.metadata.modified();
        modified.is_ok_and(|modified| {
            let age = self.now.duration_since(modified);
            age.is_ok_and(|age| age > COARSEST_TIME)
        })
    }

    fn keep(
        &mut self,
        identity: Identity,
        content: Option<Content>,
        files: &[ScannedFile],
        outcome: &[u8],
    ) {
        if self.failure.is_some() {
            return;
        }
        let kept = self.part.add(&Entry {
            key: identity.0,
            content,
            outcome,
            is_common: is_common(files),
        });
        self.failure = kept.err();
    }

    /// The pass is over: what it learnt takes the place of what was known, if it saw everything. An error is the disk's;
    /// the next pass then reads more than it needed to.
    pub fn end(mut self, is_complete: bool) -> io::Result<()> {
        if let Some(error) = self.failure {
            return Err(error);
        }
        self.part.sync()?;
        if is_complete {
            // Windows renames no file that is open.
            drop((self.part, self.whole));
            fs::rename(&self.part_path, &self.whole_path)?;
        }
        Ok(())
    }
}

/// The bytes that are kept: names of members without that of the file, which may change.
fn remembered(files: &[ScannedFile]) -> Option<Vec<u8>> {
    let outer = &files.first()?.path;
    let is_common = is_common(files);
    let kept: Option<Vec<ScannedFile>> = files
        .iter()
        .map(|file| {
            let path = file.path.strip_prefix(outer.as_str())?.to_owned();
            let mut file = ScannedFile {
                path,
                ..file.clone()
            };
            if is_common {
                (file.size_bytes, file.modified_at) = (0, 0);
                (file.readable_by, file.writable_by) = (None, None);
                file.fingerprint = None;
            }
            Some(file)
        })
        .collect();
    serde_json::to_vec(&kept?).ok()
}

/// The same under the name and the rights that the file has now.
fn renewed(mut files: Vec<ScannedFile>, found: &Found) -> Vec<ScannedFile> {
    let now = found.unread();
    for (rank, file) in files.iter_mut().enumerate() {
        file.path.insert_str(0, &now.path);
        file.modified_at = now.modified_at;
        (file.readable_by, file.writable_by) = (now.readable_by, now.writable_by);
        if rank == 0 {
            file.size_bytes = now.size_bytes;
        }
    }
    files
}

/// Nothing is said of it that is not said of thousands.
fn is_common(files: &[ScannedFile]) -> bool {
    let [file] = files else { return false };
    file.tallies.is_empty()
        && file.hidden.is_empty()
        && file.detail.is_none()
        && matches!(file.verdict, Verdict::Read | Verdict::Unsupported)
}

/// A trouble of the moment.
fn is_passing(reason: Option<Reason>) -> bool {
    matches!(
        reason,
        Some(Reason::IoError | Reason::Vanished | Reason::InUse | Reason::PermissionDenied)
    )
}

fn content(size: u64, fingerprint: &[u8; 32]) -> Content {
    let first = fingerprint.first_chunk().copied().unwrap_or_default();
    (size, u64::from_le_bytes(first))
}

#[cfg(test)]
mod tests;
