//! One file: opened, read once by the worker, judged.

use std::fs::File;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

use beffroi_rules::detect::{Allowed, Engine};

use super::detection::{Detection, Member, judge};
use super::failures::Failures;
use super::fingerprint::fingerprint;
use super::known::Identity;
use super::verdict::{Reason, Verdict};
use super::walk::Found;
use super::{Options, Reader, ScannedFile};
use crate::extract::{Coverage, Outcome};
use crate::platform;
use crate::worker::{Answer, End, Loss, WorkerError};

/// What every file of a pass is read with.
pub(super) struct Means<'p> {
    pub(super) options: &'p Options,
    pub(super) engine: &'p Engine,
    pub(super) cancelled: &'p AtomicBool,
}

/// The verdict on a file and on its members. Whatever the file, there is one; an error is that of having no worker.
pub(super) fn read(
    found: &Found,
    means: &Means<'_>,
    reader: &mut Reader,
) -> Result<Vec<ScannedFile>, WorkerError> {
    let file = found.unread();
    let opened = match platform::open_to_read(&found.path) {
        Ok(opened) => opened,
        Err(error) => {
            let (verdict, reason) = not_opened(&error);
            return Ok(vec![file.judged(verdict, reason)]);
        }
    };
    if let Some(files) = recall_content(found, &opened, means, reader) {
        return Ok(files);
    }
    // A defect in the detection must cost one file, not the pass.
    let read = catch_unwind(AssertUnwindSafe(|| {
        let allowed = means.options.allowances.as_ref();
        let allowed = allowed.map(|allowances| allowances.at(&found.path));
        read_opened(&opened, file.clone(), allowed.as_deref(), means, reader)
    }));
    let files = read.unwrap_or_else(|_| {
        reader.worker.forget();
        Ok(vec![
            file.judged(Verdict::Unreadable, Reason::ExtractorCrashed),
        ])
    })?;
    let was_stopped = means.cancelled.load(Ordering::Relaxed);
    if let Some(known) = reader.known.as_mut().filter(|_| !was_stopped)
        && let Some(identity) = Identity::of(found, means.options)
    {
        known.learn(identity, found, &files);
    }
    Ok(files)
}

/// What an earlier pass said of the same file, unchanged.
pub(super) fn recall(
    found: &Found,
    options: &Options,
    reader: &mut Reader,
) -> Option<Vec<ScannedFile>> {
    let known = reader.known.as_mut()?;
    known.recall(Identity::of(found, options)?, found)
}

/// What was said of another file of the same content.
fn recall_content(
    found: &Found,
    opened: &File,
    means: &Means<'_>,
    reader: &mut Reader,
) -> Option<Vec<ScannedFile>> {
    let known = reader.known.as_mut()?;
    let key = means.options.content_key?;
    let identity = Identity::of(found, means.options)?;
    known.recall_content(identity, found, || {
        fingerprint(opened, found.metadata.len(), &key, means.cancelled)
    })
}

fn read_opened(
    opened: &File,
    mut file: ScannedFile,
    allowed: Option<&Allowed>,
    means: &Means<'_>,
    reader: &mut Reader,
) -> Result<Vec<ScannedFile>, WorkerError> {
    let size_bytes = file.size_bytes;
    let key = means.options.content_key.unwrap_or(reader.key);
    let digest = || fingerprint(opened, size_bytes, &key, means.cancelled);
    let known = reader.failures.find(size_bytes, digest).cloned();
    if let Some(known) = known.as_ref().filter(|known| known.segments == 0) {
        return Ok(vec![file.judged(Verdict::Unreadable, known.reason())]);
    }

    let mut detection = Detection::new(means.engine, allowed);
    let answer = reader.worker.read(
        opened,
        size_bytes,
        means.options.max_file_bytes,
        known.as_ref().map(|known| known.segments),
        means.cancelled,
        &mut detection,
    )?;
    (file.verdict, file.reason) = match &known {
        Some(known) => (Verdict::PartlyRead, Some(known.reason())),
        None => verdict(&answer),
    };
    if let (End::Lost(loss), None) = (answer.end, &known) {
        remember(
            &mut reader.failures,
            size_bytes,
            digest(),
            loss,
            answer.segments,
        );
    }
    if let End::Done(coverage) = answer.end {
        let media_type = answer.media_type.as_deref().unwrap_or_default();
        file.detail = Outcome {
            media_type,
            coverage,
        }
        .detail();
        let was_read = !matches!(coverage, Coverage::Encrypted | Coverage::Unsupported);
        let is_told = was_read && means.options.content_key.is_some();
        file.fingerprint = is_told.then(digest).flatten();
    }
    file.media_type = answer.media_type;

    let (content, members) = detection.finish(file.reason.unwrap_or(Reason::IoError));
    (file.tallies, file.hidden) = (content.tallies, content.hidden);
    let members: Vec<ScannedFile> = members
        .into_iter()
        .map(|member| member.below(&file))
        .collect();
    Ok([file].into_iter().chain(members).collect())
}

/// A content that is being written has no fingerprint, and is tried again.
fn remember(
    failures: &mut Failures,
    size_bytes: u64,
    fingerprint: Option<[u8; 32]>,
    loss: Loss,
    segments: u64,
) {
    if let Some(fingerprint) = fingerprint {
        failures.add(size_bytes, fingerprint, loss, segments);
    }
}

fn verdict(answer: &Answer) -> (Verdict, Option<Reason>) {
    let part = if answer.segments > 0 {
        Verdict::PartlyRead
    } else {
        Verdict::Unreadable
    };
    match answer.end {
        End::Done(coverage) => judge(coverage),
        End::TooLarge => (Verdict::TooLarge, Some(Reason::TooLarge)),
        End::OverLimit => (Verdict::PartlyRead, Some(Reason::TooLarge)),
        // After a cancellation the pass is over and this verdict is not told.
        End::SourceFailed | End::Cancelled | End::EnoughGiven => (part, Some(Reason::IoError)),
        End::Lost(Loss::Failed) => (part, Some(Reason::ExtractorCrashed)),
        End::Lost(Loss::TimedOut) => (part, Some(Reason::TimedOut)),
        End::Lost(Loss::Memory) => (part, Some(Reason::MemoryLimit)),
    }
}

fn not_opened(error: &io::Error) -> (Verdict, Reason) {
    if platform::is_lock(error) {
        return (Verdict::Locked, Reason::InUse);
    }
    match error.kind() {
        io::ErrorKind::NotFound => (Verdict::Vanished, Reason::Vanished),
        io::ErrorKind::PermissionDenied => (Verdict::Unreadable, Reason::PermissionDenied),
        _ => (Verdict::Unreadable, Reason::IoError),
    }
}

impl Found {
    /// What is known of it before it is read.
    pub(super) fn unread(&self) -> ScannedFile {
        let (readers, writers) = platform::readers_and_writers(&self.path, &self.metadata);
        ScannedFile {
            readable_by: readers.map(|audience| audience.min(self.passers)),
            writable_by: writers.map(|audience| audience.min(self.passers)),
            ..ScannedFile::unseen(platform::path_text(&self.path), Verdict::Read, None)
                .with_metadata(&self.metadata)
        }
    }
}

impl ScannedFile {
    fn judged(mut self, verdict: Verdict, reason: Reason) -> Self {
        self.verdict = verdict;
        self.reason = Some(reason);
        self
    }
}

impl Member {
    /// The file that it is, with the rights of the one that holds it.
    fn below(self, outer: &ScannedFile) -> ScannedFile {
        ScannedFile {
            path: format!("{}!{}", outer.path, self.name),
            size_bytes: self.size_bytes,
            modified_at: outer.modified_at,
            media_type: self.media_type,
            verdict: self.verdict,
            reason: self.reason,
            detail: self.detail,
            tallies: self.content.tallies,
            hidden: self.content.hidden,
            fingerprint: None,
            readable_by: outer.readable_by,
            writable_by: outer.writable_by,
            is_below_excluded_folder: false,
        }
    }
}
