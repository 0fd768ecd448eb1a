//! One scanned file as a message.

use beffroi_proto::v1;
use beffroi_rules::detect::{Hidden, Tally};

use crate::{
    platform::Audience,
    scan::{ScannedFile, Verdict},
};

/// A clean file is only counted, and so is what lies in a folder that is left out as a whole.
pub(super) fn is_worth_naming(file: &ScannedFile) -> bool {
    let is_clean =
        file.verdict == Verdict::Read && file.tallies.is_empty() && file.hidden.is_empty();
    !is_clean && !file.is_below_excluded_folder
}

pub(super) fn message(file: &ScannedFile, root: String, pass_id: Vec<u8>) -> v1::File {
    v1::File {
        root,
        pass_id,
        path: file.path.clone(),
        size_bytes: file.size_bytes,
        modified_at: file.modified_at,
        media_type: file.media_type.clone().unwrap_or_default(),
        verdict: verdict(file.verdict).into(),
        reason: file.reason.map_or("", |reason| reason.as_str()).to_owned(),
        detail: file.detail.clone().unwrap_or_default(),
        tallies: file.tallies.iter().map(tally).collect(),
        content_fingerprint: file.fingerprint.map(Vec::from).unwrap_or_default(),
        readable_by: audience(file.readable_by),
        writable_by: audience(file.writable_by),
        hidden: file.hidden.iter().map(hidden).collect(),
    }
}

pub(super) fn verdict(verdict: Verdict) -> v1::Verdict {
    match verdict {
        Verdict::Read => v1::Verdict::Read,
        Verdict::PartlyRead => v1::Verdict::PartlyRead,
        Verdict::Unreadable => v1::Verdict::Unreadable,
        Verdict::Encrypted => v1::Verdict::Encrypted,
        Verdict::TooLarge => v1::Verdict::TooLarge,
        Verdict::Locked => v1::Verdict::Locked,
        Verdict::Excluded => v1::Verdict::Excluded,
        Verdict::Unsupported => v1::Verdict::Unsupported,
        Verdict::Vanished => v1::Verdict::Vanished,
    }
}

fn tally(tally: &Tally) -> v1::Tally {
    let samples = tally.samples.iter().map(|sample| v1::Sample {
        masked: sample.masked.clone(),
        place: sample.place.to_string(),
    });
    v1::Tally {
        kind: tally.kind.as_str().to_owned(),
        count: tally.count,
        distinct: tally.distinct,
        persons: tally.persons,
        high: tally.confidence.high,
        medium: tally.confidence.medium,
        low: tally.confidence.low,
        reasons: tally.reasons.clone(),
        samples: samples.collect(),
    }
}

fn hidden(hidden: &Hidden) -> v1::Hidden {
    v1::Hidden {
        kind: hidden.kind.as_str().to_owned(),
        allowance: hidden.allowance.to_vec(),
        count: hidden.count,
    }
}

fn audience(audience: Option<Audience>) -> String {
    audience.map_or("", Audience::as_str).to_owned()
}
