//! One pass over a folder: every file gets exactly one verdict, and what it holds is counted, masked.
//!
//! In: a root, [`Options`], the engine of `rules`. Out: an [`Event`] for each folder entered and each file seen, then a
//! [`PassSummary`]. Called by the command line and by `schedule`.
//!
//! walk → skip? → known? → open → extract (by the worker) → detect → verdict. Files are read, never written nor locked;
//! symbolic links are not followed; views of the kernel (`/proc`…) are not files. The order is that of the names; where
//! earlier passes are remembered, what has not changed since is told first, then the rest is read, the newest first. A
//! matched value lives in the memory of the engine only.

mod allowance;
mod detection;
mod exclusion;
mod failures;
mod file;
mod fingerprint;
mod known;
mod order;
mod verdict;
mod walk;

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use beffroi_rules::detect::{Engine, Hidden, Tally};

use order::{MOST_WAITING, Next, Order};
use serde::{Deserialize, Serialize};

use crate::platform::{self, Audience};
use crate::worker::Worker;
use walk::Walk;

pub(crate) use allowance::matcher;
pub use allowance::{Allowance, Allowances};
pub use exclusion::Exclusions;
pub use failures::Failures;
pub use known::{Basis, Known};
pub use verdict::{Reason, Verdict};

/// Above this size, unless told otherwise, a file is not read.
pub const DEFAULT_MAX_FILE_BYTES: u64 = 512 * 1024 * 1024;

/// What a pass reads and what it leaves alone.
pub struct Options {
    pub exclusions: Exclusions,
    /// A larger file that could be read is not.
    pub max_file_bytes: u64,
    /// The organisation's key for fingerprints of contents; without it files have none.
    pub content_key: Option<[u8; 32]>,
    /// What the town does not want to be shown again; none: everything is shown.
    pub allowances: Option<Allowances>,
}

/// What reads the files, kept from one pass to the next.
pub struct Reader {
    worker: Worker,
    failures: Failures,
    known: Option<Known>,
    /// For the fingerprints of failures where the organisation's key is not known: they are then not kept.
    key: [u8; 32],
}

/// What a pass tells while it runs.
pub enum Event<'a> {
    Folder(&'a Path),
    File {
        file: ScannedFile,
        /// Now; or it is told again, or was not opened.
        was_read: bool,
    },
}

/// The verdict on one file, and what was found in it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ScannedFile {
    /// Absolute; members of a container as `outer!member`.
    pub path: String,
    pub size_bytes: u64,
    /// Unix seconds.
    pub modified_at: i64,
    /// Unknown when the file was not opened.
    pub media_type: Option<String>,
    pub verdict: Verdict,
    pub reason: Option<Reason>,
    /// How far the reading went, in French, when the reason does not tell.
    pub detail: Option<String>,
    pub tallies: Vec<Tally>,
    /// What exceptions hide; in no tally.
    pub hidden: Vec<Hidden>,
    /// HMAC-SHA-256 of the content, when it was read whole.
    pub fingerprint: Option<[u8; 32]>,
    pub readable_by: Option<Audience>,
    pub writable_by: Option<Audience>,
    /// It is excluded because a folder above it is: counted, but not worth naming.
    pub is_below_excluded_folder: bool,
}

/// How a pass went.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PassSummary {
    /// Why part of the root was not seen; what was not seen is then unknown, not gone.
    pub incomplete: Option<Incomplete>,
    pub totals: BTreeMap<(Verdict, Option<Reason>), Total>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Total {
    pub files: u64,
    pub size_bytes: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Incomplete {
    Cancelled,
    /// The root is not there, or went away (a share that was unmounted).
    RootUnavailable,
    /// A folder below could not be listed because of its disk or its server.
    FolderUnreadable,
}

/// Scans everything below `root`, an absolute path. `observer` may refuse an event (a full disk, a closed pipe): the
/// pass then ends with that error.
pub fn pass(
    root: &Path,
    options: &Options,
    engine: &Engine,
    cancelled: &AtomicBool,
    reader: &mut Reader,
    observer: &mut dyn FnMut(Event<'_>) -> anyhow::Result<()>,
) -> anyhow::Result<PassSummary> {
    let means = file::Means {
        options,
        engine,
        cancelled,
    };
    let mut summary = PassSummary::default();
    let Ok(walk) = Walk::start(root, &options.exclusions) else {
        return Ok(summary.because(Incomplete::RootUnavailable));
    };
    let most_waiting = reader.known.as_ref().map_or(1, |_| MOST_WAITING);
    let mut order = Order::new(walk, most_waiting);
    while let Some(next) = order.next(|found| file::recall(found, options, reader)) {
        let (files, was_read) = match next {
            Next::Folder(path) => {
                observer(Event::Folder(&path))?;
                continue;
            }
            Next::Told(files) => (files, false),
            Next::Read(found) => {
                let files = file::read(&found, &means, reader)?;
                if files.iter().any(ScannedFile::is_held) && order.try_again(&found) {
                    continue;
                }
                (files, true)
            }
            Next::ReadAgain(found) => (file::read(&found, &means, reader)?, true),
        };
        if cancelled.load(Ordering::Relaxed) {
            return Ok(summary.because(Incomplete::Cancelled));
        }
        // When the whole root goes away, each of its files is not one more that somebody deleted.
        if files.iter().any(ScannedFile::hints_at_a_lost_root) && !order.walk.root_is_there() {
            return Ok(summary.because(Incomplete::RootUnavailable));
        }
        for file in files {
            summary.count(&file);
            observer(Event::File { file, was_read })?;
        }
    }
    if !order.walk.root_is_there() {
        return Ok(summary.because(Incomplete::RootUnavailable));
    }
    summary.incomplete = order.walk.trouble();
    Ok(summary)
}

impl Reader {
    /// `patience`: how long a file may keep the worker silent. `failures`: what earlier readers did not survive.
    pub fn new(patience: Duration, failures: Failures) -> Self {
        Self {
            worker: Worker::new(patience),
            failures,
            known: None,
            key: rand::random(),
        }
    }

    /// What the next pass may take for granted, and adds to.
    pub fn remember(&mut self, known: Option<Known>) {
        self.known = known;
    }

    /// With what the pass added.
    pub fn take_known(&mut self) -> Option<Known> {
        self.known.take()
    }

    pub fn failures(&mut self) -> &mut Failures {
        &mut self.failures
    }
}

impl PassSummary {
    pub fn is_complete(&self) -> bool {
        self.incomplete.is_none()
    }

    pub fn files(&self, verdict: Verdict) -> u64 {
        let matching = self.totals.iter().filter(|((of, _), _)| *of == verdict);
        matching.map(|(_, total)| total.files).sum()
    }

    /// Adds what another pass counted.
    pub fn add(&mut self, other: &Self) {
        self.incomplete = self.incomplete.or(other.incomplete);
        for (key, total) in &other.totals {
            let sum = self.totals.entry(*key).or_default();
            sum.files += total.files;
            sum.size_bytes += total.size_bytes;
        }
    }

    fn because(mut self, reason: Incomplete) -> Self {
        self.incomplete = Some(reason);
        self
    }

    fn count(&mut self, file: &ScannedFile) {
        let total = self.totals.entry((file.verdict, file.reason)).or_default();
        total.files += 1;
        total.size_bytes = total.size_bytes.saturating_add(file.size_bytes);
    }
}

impl ScannedFile {
    /// A file that nothing is known of yet but its name.
    fn unseen(path: String, verdict: Verdict, reason: Option<Reason>) -> Self {
        Self {
            path,
            size_bytes: 0,
            modified_at: 0,
            media_type: None,
            verdict,
            reason,
            detail: None,
            tallies: Vec::new(),
            hidden: Vec::new(),
            fingerprint: None,
            readable_by: None,
            writable_by: None,
            is_below_excluded_folder: false,
        }
    }

    fn with_metadata(mut self, metadata: &Metadata) -> Self {
        self.size_bytes = metadata.len();
        self.modified_at = platform::modified_at(metadata);
        self
    }

    /// How many values exceptions hide.
    pub fn hidden_values(&self) -> u64 {
        self.hidden.iter().map(|hidden| hidden.count).sum()
    }

    /// By another program; a member of an archive is never.
    fn is_held(&self) -> bool {
        self.verdict == Verdict::Locked
    }

    fn hints_at_a_lost_root(&self) -> bool {
        self.verdict == Verdict::Vanished || self.reason == Some(Reason::IoError)
    }
}

impl Incomplete {
    pub const ALL: [Self; 3] = [
        Self::Cancelled,
        Self::RootUnavailable,
        Self::FolderUnreadable,
    ];

    /// The id of the glossary.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::RootUnavailable => "root_unavailable",
            Self::FolderUnreadable => "folder_unreadable",
        }
    }
}
