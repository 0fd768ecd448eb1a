//! One file: opened, read once, judged.

use std::fs::File;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::AtomicBool;

use beffroi_rules::detect::{Allowed, Engine};

use super::detection::{Detection, Member, judge};
use super::intake::{Intake, Stop};
use super::verdict::{Reason, Verdict};
use super::walk::Found;
use super::{Options, ScannedFile};
use crate::extract::{self, Limits, Source};
use crate::platform::{self, Audience};

/// The verdict on a file and on its members. Whatever the file, there is one.
pub(super) fn read(
    found: &Found,
    options: &Options,
    engine: &Engine,
    cancelled: &AtomicBool,
) -> Vec<ScannedFile> {
    let mut file = ScannedFile::unseen(platform::path_text(&found.path), Verdict::Read, None)
        .with_metadata(&found.metadata);
    file.readable_by = Some(Audience::of_readers(&found.metadata).min(found.passers));
    file.writable_by = Some(Audience::of_writers(&found.metadata).min(found.passers));

    let opened = match platform::open_to_read(&found.path) {
        Ok(opened) => opened,
        Err(error) => {
            let (verdict, reason) = not_opened(&error);
            return vec![file.judged(verdict, reason)];
        }
    };
    // A defect in a format must cost one file, not the pass.
    let read = catch_unwind(AssertUnwindSafe(|| {
        let allowed = options.allowances.as_ref();
        let allowed = allowed.map(|allowances| allowances.at(&found.path));
        read_opened(
            opened,
            file.clone(),
            options,
            allowed.as_deref(),
            engine,
            cancelled,
        )
    }));
    read.unwrap_or_else(|_| vec![file.judged(Verdict::Unreadable, Reason::ExtractorCrashed)])
}

fn read_opened(
    opened: File,
    mut file: ScannedFile,
    options: &Options,
    allowed: Option<&Allowed>,
    engine: &Engine,
    cancelled: &AtomicBool,
) -> Vec<ScannedFile> {
    let key = options.content_key.as_ref();
    // A file that is too large is still looked at, to say what it is; one that grows meanwhile is cut.
    let max_bytes = options.max_file_bytes.max(file.size_bytes);
    let mut intake = Intake::new(opened, max_bytes, key, cancelled);
    let limits = Limits::default();
    let Ok(content) = extract::open(Source::Stream(&mut intake), file.size_bytes, limits) else {
        return vec![file.judged(Verdict::Unreadable, Reason::IoError)];
    };
    file.media_type = Some(content.media_type().to_owned());
    if content.is_supported() && file.size_bytes > options.max_file_bytes {
        return vec![file.judged(Verdict::TooLarge, Reason::TooLarge)];
    }

    let mut detection = Detection::new(engine, allowed);
    let outcome = content.extract(&mut detection);
    let (found, members) = detection.finish();
    (file.tallies, file.hidden) = (found.tallies, found.hidden);
    match outcome {
        Ok(outcome) => {
            (file.verdict, file.reason) = judge(outcome.coverage);
            file.detail = outcome.coverage.detail();
        }
        Err(_) => {
            let (verdict, reason) = stopped(intake.stop());
            file = file.judged(verdict, reason);
        }
    }
    file.fingerprint = intake.fingerprint();

    let members: Vec<ScannedFile> = members
        .into_iter()
        .map(|member| member.below(&file))
        .collect();
    [file].into_iter().chain(members).collect()
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

fn stopped(stop: Option<Stop>) -> (Verdict, Reason) {
    match stop {
        Some(Stop::OverLimit) => (Verdict::PartlyRead, Reason::TooLarge),
        // After a cancellation the pass is over and this verdict is not told.
        Some(Stop::Failed | Stop::Cancelled) | None => (Verdict::PartlyRead, Reason::IoError),
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
