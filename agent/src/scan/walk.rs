//! What is below a root, in the order of the names.
//!
//! Folders that are left alone are still listed, so that the files not read are counted; nothing in them is opened.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::exclusion::Exclusions;
use super::verdict::{Reason, Verdict};
use super::{Incomplete, ScannedFile};
use crate::platform::{self, Audience, FileId};

pub(super) struct Walk<'o> {
    entries: walkdir::IntoIter,
    exclusions: &'o Exclusions,
    root: PathBuf,
    root_id: FileId,
    /// Who can come as far as the folder of each depth; the first is what stands above the root.
    passers: Vec<Audience>,
    /// The folder left alone that we are in: its depth, and why.
    excluded: Option<(usize, Reason)>,
    trouble: Option<Incomplete>,
}

pub(super) enum Step {
    Folder(PathBuf),
    /// The verdict needs no reading.
    Judged(Box<ScannedFile>),
    Read(Found),
}

/// A regular file to read.
pub(super) struct Found {
    pub(super) path: PathBuf,
    pub(super) metadata: Metadata,
    /// Who can come as far as its folder.
    pub(super) passers: Audience,
}

impl<'o> Walk<'o> {
    pub(super) fn start(root: &Path, exclusions: &'o Exclusions) -> io::Result<Self> {
        let root_id = FileId::of(&fs::metadata(root)?);
        let above = root
            .ancestors()
            .skip(1)
            .filter_map(|folder| fs::metadata(folder).ok())
            .map(|metadata| Audience::of_passers(&metadata))
            .min();
        Ok(Self {
            entries: WalkDir::new(root).sort_by_file_name().into_iter(),
            exclusions,
            root: root.to_owned(),
            root_id,
            passers: vec![above.unwrap_or(Audience::Everyone)],
            excluded: None,
            trouble: None,
        })
    }

    pub(super) fn next_step(&mut self) -> Option<Step> {
        loop {
            let step = match self.entries.next()? {
                Ok(entry) => self.judge(entry),
                Err(error) => Some(self.unlisted(&error)),
            };
            if step.is_some() {
                return step;
            }
        }
    }

    /// Whether the root is still the folder that it was.
    pub(super) fn root_is_there(&self) -> bool {
        fs::metadata(&self.root).is_ok_and(|metadata| FileId::of(&metadata) == self.root_id)
    }

    /// What was met on the way that leaves part of the root unknown.
    pub(super) fn trouble(&self) -> Option<Incomplete> {
        self.trouble
    }

    /// The step that an entry asks for, if any.
    fn judge(&mut self, entry: DirEntry) -> Option<Step> {
        let depth = entry.depth();
        if self.excluded.is_some_and(|(folder, _)| depth <= folder) {
            self.excluded = None;
        }
        let metadata = match self.metadata(&entry) {
            Ok(metadata) => metadata,
            Err(error) => return Some(self.failed(entry.path(), &error)),
        };
        if metadata.is_dir() {
            return self.enter(entry, &metadata);
        }
        let reason = match self.excluded {
            Some((_, reason)) => Some(reason),
            None => self.exclusions.of_file(entry.path()),
        };
        let judged = |verdict, reason| {
            let path = platform::path_text(entry.path());
            let file = ScannedFile::unseen(path, verdict, Some(reason)).with_metadata(&metadata);
            Step::Judged(Box::new(ScannedFile {
                is_below_excluded_folder: self.excluded.is_some(),
                ..file
            }))
        };
        if let Some(reason) = reason {
            return Some(judged(Verdict::Excluded, reason));
        }
        if metadata.is_symlink() {
            return Some(judged(Verdict::Excluded, Reason::Link));
        }
        if !metadata.is_file() {
            return Some(judged(Verdict::Unsupported, Reason::SpecialFile));
        }
        Some(Step::Read(Found {
            passers: self.passers_of_parent(depth),
            path: entry.into_path(),
            metadata,
        }))
    }

    /// The root may be named through a link; nothing below it is followed.
    fn metadata(&self, entry: &DirEntry) -> io::Result<Metadata> {
        if entry.depth() == 0 {
            return fs::metadata(entry.path());
        }
        fs::symlink_metadata(entry.path())
    }

    fn enter(&mut self, entry: DirEntry, metadata: &Metadata) -> Option<Step> {
        let depth = entry.depth();
        let passers = self
            .passers_of_parent(depth)
            .min(Audience::of_passers(metadata));
        self.passers.truncate(depth + 1);
        self.passers.push(passers);
        if self.is_elsewhere(metadata) && platform::is_pseudo_file_system(entry.path()) {
            self.entries.skip_current_dir();
            return None;
        }
        if self.excluded.is_some() {
            return None;
        }
        // A root was chosen by somebody: its own name excludes nothing.
        let reason = (depth > 0)
            .then(|| self.exclusions.of_folder(entry.path()))
            .flatten();
        if let Some(reason) = reason {
            self.excluded = Some((depth, reason));
            return None;
        }
        Some(Step::Folder(entry.into_path()))
    }

    /// Asking for the kind of a file system costs a call; only another volume, or the root, can be of another kind.
    fn is_elsewhere(&self, metadata: &Metadata) -> bool {
        let id = FileId::of(metadata);
        id == self.root_id || !id.is_on_volume_of(self.root_id)
    }

    fn passers_of_parent(&self, depth: usize) -> Audience {
        self.passers.get(depth).copied().unwrap_or(Audience::Owner)
    }

    fn unlisted(&mut self, error: &walkdir::Error) -> Step {
        let path = error.path().unwrap_or(&self.root).to_owned();
        match error.io_error() {
            Some(error) => self.failed(&path, error),
            None => self.failed(&path, &io::Error::other("unlisted")),
        }
    }

    /// A folder that cannot be listed, or an entry that cannot be looked at.
    fn failed(&mut self, path: &Path, error: &io::Error) -> Step {
        let (verdict, reason) = match error.kind() {
            io::ErrorKind::NotFound => (Verdict::Vanished, Reason::Vanished),
            io::ErrorKind::PermissionDenied => (Verdict::Unreadable, Reason::PermissionDenied),
            _ => {
                // A disk or a server in trouble: what is below may come back.
                self.trouble = Some(Incomplete::FolderUnreadable);
                (Verdict::Unreadable, Reason::IoError)
            }
        };
        Step::Judged(Box::new(ScannedFile::unseen(
            platform::path_text(path),
            verdict,
            Some(reason),
        )))
    }
}
