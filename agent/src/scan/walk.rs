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
    /// Which folders we are in, from the root on.
    inside: Vec<FileId>,
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
#[derive(Clone)]
pub(super) struct Found {
    pub(super) path: PathBuf,
    pub(super) metadata: Metadata,
    /// Who can come as far as its folder.
    pub(super) passers: Audience,
}

impl<'o> Walk<'o> {
    pub(super) fn start(root: &Path, exclusions: &'o Exclusions) -> io::Result<Self> {
        let root_id = FileId::of(root)?;
        let above = root
            .ancestors()
            .skip(1)
            .filter_map(|folder| fs::metadata(folder).ok())
            .map(|metadata| platform::passers(&metadata))
            .min();
        Ok(Self {
            entries: WalkDir::new(platform::walked(root)?)
                .sort_by_file_name()
                .into_iter(),
            exclusions,
            root: root.to_owned(),
            root_id,
            passers: vec![above.unwrap_or(Audience::Everyone)],
            inside: Vec::new(),
            excluded: None,
            trouble: None,
        })
    }

    pub(super) fn next_step(&mut self) -> Option<Step> {
        loop {
            let step = match self.entries.next()? {
                Ok(entry) => self.judge(&entry),
                Err(error) => Some(self.unlisted(&error)),
            };
            if step.is_some() {
                return step;
            }
        }
    }

    /// Whether the root is still the folder that it was.
    pub(super) fn root_is_there(&self) -> bool {
        FileId::of(&self.root).is_ok_and(|id| id == self.root_id)
    }

    /// What was met on the way that leaves part of the root unknown.
    pub(super) fn trouble(&self) -> Option<Incomplete> {
        self.trouble
    }

    /// The step that an entry asks for, if any.
    fn judge(&mut self, entry: &DirEntry) -> Option<Step> {
        let depth = entry.depth();
        if self.excluded.is_some_and(|(folder, _)| depth <= folder) {
            self.excluded = None;
        }
        let metadata = match self.metadata(entry) {
            Ok(metadata) => metadata,
            Err(error) => return Some(self.failed(entry.path(), &error)),
        };
        if metadata.is_dir() {
            return self.enter(entry, &metadata);
        }
        let path = platform::named(entry.path());
        let reason = match self.excluded {
            Some((_, reason)) => Some(reason),
            None => self.exclusions.of_file(&path),
        };
        let judged = |verdict, reason| {
            let text = platform::path_text(&path);
            let file = ScannedFile::unseen(text, verdict, Some(reason)).with_metadata(&metadata);
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
        if platform::content_is_elsewhere(&metadata) {
            return Some(judged(Verdict::Excluded, Reason::OnlineOnly));
        }
        if !metadata.is_file() {
            return Some(judged(Verdict::Unsupported, Reason::SpecialFile));
        }
        Some(Step::Read(Found {
            passers: self.passers_of_parent(depth),
            path: path.into_owned(),
            metadata,
        }))
    }

    /// The root may be named through a link; nothing below it is followed.
    fn metadata(&self, entry: &DirEntry) -> io::Result<Metadata> {
        if entry.depth() == 0 {
            return fs::metadata(entry.path());
        }
        Ok(entry.metadata()?)
    }

    fn enter(&mut self, entry: &DirEntry, metadata: &Metadata) -> Option<Step> {
        let depth = entry.depth();
        let passers = self
            .passers_of_parent(depth)
            .min(platform::passers(metadata));
        self.passers.truncate(depth + 1);
        self.passers.push(passers);
        if platform::is_kernel_view(entry.path(), metadata, self.root_id) {
            self.entries.skip_current_dir();
            return None;
        }
        if self.is_a_loop(entry, metadata) {
            self.entries.skip_current_dir();
            let text = platform::path_text(&platform::named(entry.path()));
            let judged = ScannedFile::unseen(text, Verdict::Excluded, Some(Reason::Link));
            return Some(Step::Judged(Box::new(judged)));
        }
        if self.excluded.is_some() {
            return None;
        }
        let path = platform::named(entry.path());
        // A root was chosen by somebody: its own name excludes nothing.
        let reason = (depth > 0)
            .then(|| self.exclusions.of_folder(&path))
            .flatten();
        if let Some(reason) = reason {
            self.excluded = Some((depth, reason));
            return None;
        }
        Some(Step::Folder(path.into_owned()))
    }

    /// Whether we are in this folder already: a server shows what its links lead to as if it were there.
    fn is_a_loop(&mut self, entry: &DirEntry, metadata: &Metadata) -> bool {
        self.inside.truncate(entry.depth());
        let Ok(id) = FileId::of_entry(entry.path(), metadata) else {
            return false;
        };
        let is_a_loop = self.inside.contains(&id);
        self.inside.push(id);
        is_a_loop
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
            platform::path_text(&platform::named(path)),
            verdict,
            Some(reason),
        )))
    }
}
