//! From the model's policy and exceptions to the message that agents check and keep.

use beffroi_proto::v1::{
    Allowance as AllowanceMessage, AllowedValue, Policy as PolicyMessage, allowance::Subject,
};
use jiff::Timestamp;
use jiff::civil::Time;
use prost::Message;

use crate::model::{Allowance, AllowedSubject, OrganisationId, Policy};

/// Encoded, to be signed. Exceptions that are over are left out; the others end by the agent's clock.
pub(super) fn message(
    organisation: OrganisationId,
    policy: Policy,
    allowances: &[Allowance],
    now: Timestamp,
) -> Vec<u8> {
    let in_force = allowances
        .iter()
        .filter(|allowance| allowance.is_in_force(now));
    PolicyMessage {
        version: policy.version,
        organisation: organisation.0.into_bytes().to_vec(),
        roots: policy.roots,
        excluded_globs: policy.excluded_globs,
        include_private_folders: policy.include_private_folders,
        max_file_bytes: policy.max_file_bytes,
        scan_interval_hours: policy.scan_interval_hours,
        disabled_detectors: policy.disabled_detectors,
        allowances: in_force.map(allowance).collect(),
        processor_percent: policy.processor_percent,
        bytes_per_second: policy.bytes_per_second,
        hours_from: policy.hours_from.map_or_else(String::new, hour),
        hours_until: policy.hours_until.map_or_else(String::new, hour),
        on_battery: policy.on_battery,
        spool_max_bytes: policy.spool_max_bytes,
        collectors: policy.collectors,
    }
    .encode_to_vec()
}

fn hour(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

/// Neither reason nor author: agents need none.
fn allowance(allowance: &Allowance) -> AllowanceMessage {
    AllowanceMessage {
        id: allowance.id.0.into_bytes().to_vec(),
        path_glob: allowance.path.clone(),
        ends_at: allowance.ends_at.map_or(0, Timestamp::as_second),
        subject: Some(match &allowance.subject {
            AllowedSubject::Everything => Subject::Everything(true),
            AllowedSubject::Kind { kind } => Subject::Kind(kind.clone()),
            AllowedSubject::Detector { detector } => Subject::Detector(detector.clone()),
            AllowedSubject::EmailDomain { domain } => Subject::EmailDomain(domain.clone()),
            AllowedSubject::Value { kind, hash, .. } => Subject::Value(AllowedValue {
                kind: kind.clone(),
                hash: hash.to_vec(),
            }),
        }),
    }
}
