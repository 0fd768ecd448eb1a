//! From the wire's types to the model's: nothing of `beffroi_proto` goes further in.
//!
//! What a well-behaved agent never sends is refused whole (INVALID_ARGUMENT), so that a batch is applied entirely or
//! not at all. A report that this version does not know is passed over: agents may be newer than their collector.

use beffroi_proto::{MAX_BATCH_BYTES, v1};
use jiff::Timestamp;
use prost::Message;
use tonic::Status;
use uuid::Uuid;

use crate::model::{
    AllowanceId, Change, Disk, Fact, FactValue, FileState, Hidden, Installation, MachineState,
    Mark, NetworkInterface, PassEnd, ReadableBy, Sample, SpoolId, Tally, Verdict, VerdictTotal,
};
use sha2::{Digest, Sha256};

pub(super) fn batch(bytes: &[u8]) -> Result<Vec<Change>, Status> {
    if bytes.len() > MAX_BATCH_BYTES {
        return Err(Status::invalid_argument("the batch is too large"));
    }
    let batch = v1::Batch::decode(bytes).map_err(|_| invalid("batch"))?;
    batch
        .reports
        .into_iter()
        .filter_map(|report| report.about)
        .map(change)
        .collect()
}

pub(super) fn spool_id(bytes: &[u8]) -> Result<SpoolId, Status> {
    Uuid::from_slice(bytes)
        .map(SpoolId)
        .map_err(|_| invalid("spool id"))
}

/// What tells the machine; more than that no machine has.
pub(super) fn marks(shown: &[v1::MachineMark]) -> Result<Vec<Mark>, Status> {
    const MOST: usize = 64;
    const LONGEST_KIND: usize = 32;
    if shown.len() > MOST {
        return Err(invalid("marks"));
    }
    let mark = |mark: &v1::MachineMark| {
        let is_one = mark.fingerprint.len() == 32 && mark.kind.len() <= LONGEST_KIND;
        is_one.then(|| Mark {
            kind: mark.kind.clone(),
            fingerprint: mark.fingerprint.clone(),
        })
    };
    let marks = shown.iter().map(mark).collect::<Option<_>>();
    marks.ok_or_else(|| invalid("marks"))
}

fn change(about: v1::report::About) -> Result<Change, Status> {
    use v1::report::About;
    Ok(match about {
        About::Machine(machine) => Change::Machine(machine_state(machine)?),
        About::Installations(list) => Change::Installations {
            installations: list.installations.into_iter().map(installation).collect(),
            unread_sources: list.unread_sources,
        },
        About::Facts(facts) => Change::Facts(
            facts
                .facts
                .into_iter()
                .filter_map(|f| fact(f).transpose())
                .collect::<Result<_, _>>()?,
        ),
        About::PassBegin(begin) => Change::PassBegin {
            root: begin.root,
            pass_id: pass_id(begin.pass_id)?,
            started_at: timestamp(begin.started_at)?,
        },
        About::File(file) => {
            let digest = digest(&file);
            Change::File {
                pass_id: pass_id(file.pass_id.clone())?,
                state: file_state(file)?,
                digest,
            }
        }
        About::PassEnd(end) => Change::PassEnd(PassEnd {
            root: end.root,
            pass_id: pass_id(end.pass_id)?,
            finished_at: timestamp(end.finished_at)?,
            complete: end.complete,
            stop_reason: end.stop_reason,
            totals: end
                .totals
                .into_iter()
                .map(total)
                .collect::<Result<_, _>>()?,
            reported_files: end.reported_files,
            reported_digest: end.reported_digest,
        }),
        About::SpoolLoss(loss) => Change::SpoolLoss {
            batches: loss.batches,
            detail: loss.detail,
            replaced: loss.replaced,
            telemetry: loss.telemetry,
        },
    })
}

/// What `PassEnd.reported_digest` sums, as `report.proto` says.
fn digest(file: &v1::File) -> u64 {
    let hash = Sha256::digest(file.encode_to_vec());
    hash.iter()
        .take(8)
        .fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

fn machine_state(machine: v1::Machine) -> Result<MachineState, Status> {
    Ok(MachineState {
        os_family: machine.os_family,
        os_name: machine.os_name,
        os_version: machine.os_version,
        kernel_version: machine.kernel_version,
        architecture: machine.architecture,
        manufacturer: machine.manufacturer,
        model: machine.model,
        serial_number: machine.serial_number,
        chassis: machine.chassis,
        cpu: machine.cpu,
        cpu_cores: machine.cpu_cores,
        memory_bytes: machine.memory_bytes,
        disks: machine.disks.into_iter().map(disk).collect(),
        networks: machine.networks.into_iter().map(network).collect(),
        boot_time: match machine.boot_time {
            0 => None,
            seconds => Some(timestamp(
                i64::try_from(seconds).map_err(|_| invalid("boot time"))?,
            )?),
        },
        host_name: machine.host_name,
    })
}

fn disk(disk: v1::Disk) -> Disk {
    Disk {
        mount_point: disk.mount_point,
        file_system: disk.file_system,
        size_bytes: disk.size_bytes,
        free_bytes: disk.free_bytes,
    }
}

fn network(network: v1::NetworkInterface) -> NetworkInterface {
    NetworkInterface {
        name: network.name,
        mac: network.mac,
        addresses: network.addresses,
    }
}

fn installation(installation: v1::Installation) -> Installation {
    Installation {
        name: installation.name,
        version: installation.version,
        publisher: installation.publisher,
        source: installation.source,
        architecture: installation.architecture,
        installed_on: installation.installed_on,
    }
}

/// None: a kind of value that this version does not know.
fn fact(fact: v1::Fact) -> Result<Option<Fact>, Status> {
    let Some(value) = fact.value else {
        return Ok(None);
    };
    let value = match value {
        v1::fact::Value::Boolean(value) => FactValue::Boolean(value),
        v1::fact::Value::Integer(value) => FactValue::Integer(value),
        v1::fact::Value::Text(value) => FactValue::Text(value),
        v1::fact::Value::List(list) => FactValue::List(list.items),
    };
    Ok(Some(Fact {
        name: fact.name,
        value,
        source: fact.source,
        observed_at: timestamp(fact.observed_at)?,
    }))
}

fn file_state(file: v1::File) -> Result<FileState, Status> {
    Ok(FileState {
        verdict: verdict(file.verdict())?,
        root: file.root,
        path: file.path,
        size_bytes: file.size_bytes,
        // A file may bear any date; one that no calendar has is no date.
        modified_at: Timestamp::from_second(file.modified_at).ok(),
        media_type: file.media_type,
        reason: file.reason,
        detail: file.detail,
        tallies: file.tallies.into_iter().map(tally).collect(),
        hidden: file
            .hidden
            .into_iter()
            .map(hidden)
            .collect::<Result<_, _>>()?,
        content_fingerprint: file.content_fingerprint,
        readable_by: readable_by(&file.readable_by)?,
        writable_by: readable_by(&file.writable_by)?,
    })
}

fn hidden(hidden: v1::Hidden) -> Result<Hidden, Status> {
    Ok(Hidden {
        kind: hidden.kind,
        allowance: Uuid::from_slice(&hidden.allowance)
            .map(AllowanceId)
            .map_err(|_| invalid("allowance"))?,
        count: hidden.count,
    })
}

fn tally(tally: v1::Tally) -> Tally {
    let sample = |sample: v1::Sample| Sample {
        masked: sample.masked,
        place: sample.place,
    };
    Tally {
        kind: tally.kind,
        count: tally.count,
        distinct: tally.distinct,
        persons: tally.persons,
        high: tally.high,
        medium: tally.medium,
        low: tally.low,
        reasons: tally.reasons,
        samples: tally.samples.into_iter().map(sample).collect(),
    }
}

fn total(total: v1::VerdictTotal) -> Result<VerdictTotal, Status> {
    Ok(VerdictTotal {
        verdict: verdict(total.verdict())?,
        reason: total.reason,
        files: total.files,
        size_bytes: total.size_bytes,
    })
}

fn verdict(verdict: v1::Verdict) -> Result<Verdict, Status> {
    Ok(match verdict {
        v1::Verdict::Unspecified => return Err(invalid("verdict")),
        v1::Verdict::Read => Verdict::Read,
        v1::Verdict::PartlyRead => Verdict::PartlyRead,
        v1::Verdict::Unreadable => Verdict::Unreadable,
        v1::Verdict::Encrypted => Verdict::Encrypted,
        v1::Verdict::TooLarge => Verdict::TooLarge,
        v1::Verdict::Locked => Verdict::Locked,
        v1::Verdict::Excluded => Verdict::Excluded,
        v1::Verdict::Unsupported => Verdict::Unsupported,
        v1::Verdict::Vanished => Verdict::Vanished,
    })
}

fn readable_by(text: &str) -> Result<Option<ReadableBy>, Status> {
    Ok(match text {
        "" => None,
        "owner" => Some(ReadableBy::Owner),
        "group" => Some(ReadableBy::Group),
        "everyone" => Some(ReadableBy::Everyone),
        _ => return Err(invalid("exposure")),
    })
}

fn pass_id(bytes: Vec<u8>) -> Result<Vec<u8>, Status> {
    if bytes.len() == 16 {
        Ok(bytes)
    } else {
        Err(invalid("pass id"))
    }
}

fn timestamp(seconds: i64) -> Result<Timestamp, Status> {
    Timestamp::from_second(seconds).map_err(|_| invalid("time"))
}

fn invalid(what: &str) -> Status {
    Status::invalid_argument(format!("unreadable {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(about: v1::report::About) -> Vec<u8> {
        v1::Batch {
            reports: vec![v1::Report { about: Some(about) }],
        }
        .encode_to_vec()
    }

    #[test]
    fn a_file_without_verdict_spoils_the_batch() {
        let file = v1::File {
            pass_id: vec![0; 16],
            ..Default::default()
        };
        assert!(batch(&encoded(v1::report::About::File(file))).is_err());
    }

    #[test]
    fn a_report_of_a_newer_agent_is_passed_over() {
        let bytes = v1::Batch {
            reports: vec![v1::Report { about: None }],
        }
        .encode_to_vec();
        assert_eq!(batch(&bytes).unwrap(), []);
    }

    #[test]
    fn rubbish_and_oversize_are_refused() {
        assert!(batch(&[0xff; 40]).is_err());
        assert!(batch(&vec![0; MAX_BATCH_BYTES + 1]).is_err());
        assert!(spool_id(&[1, 2, 3]).is_err());
    }

    #[test]
    fn a_date_beyond_the_calendar_is_no_date() {
        let file = v1::File {
            pass_id: vec![0; 16],
            verdict: v1::Verdict::Read.into(),
            modified_at: i64::MAX,
            ..Default::default()
        };
        let changes = batch(&encoded(v1::report::About::File(file))).unwrap();
        assert!(
            matches!(&changes[..], [Change::File { state, .. }] if state.modified_at.is_none())
        );
    }
}
