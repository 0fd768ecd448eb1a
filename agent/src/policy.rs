//! What the operator tells the agents of a town: data, signed by the key that was fixed at enrolment.
//!
//! In: a signed policy from `transport`, or the one kept in the state folder. Out: a [`Policy`] that has been
//! checked whole, for `schedule`. A bad one is refused whole; the last good one stays.

use std::path::{Path, PathBuf};

use beffroi_proto::{
    POLICY_SIGNATURE_CONTEXT,
    v1::{self, Policy as PolicyMessage, SignedPolicy},
};
use beffroi_rules::detect::Subject;
use ed25519_dalek::{Signature, VerifyingKey};
use globset::Glob;
use jiff::Timestamp;
use jiff::civil::Time;
use prost::Message;

use crate::{
    identity::Identity,
    scan::{Allowance, matcher},
    state::{StateError, StateFolder},
    transport::split_address,
};

const FILE: &str = "policy.bin";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    pub version: u64,
    pub roots: Vec<PathBuf>,
    pub excluded: Vec<String>,
    /// None: the configuration's.
    pub include_private_folders: Option<bool>,
    /// None: the configuration's.
    pub max_file_bytes: Option<u64>,
    /// None: the configuration's.
    pub scan_interval_hours: Option<u32>,
    pub disabled_detectors: Vec<String>,
    pub allowances: Vec<Allowance>,
    pub pace: PaceWishes,
    /// None: the configuration's.
    pub spool_max_bytes: Option<u64>,
    /// Where the collector answers, before the address of the enrolment.
    pub collectors: Vec<String>,
}

/// What the operator says of how hard a pass may work; none: the configuration's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaceWishes {
    pub processor_percent: Option<u32>,
    pub bytes_per_second: Option<u64>,
    pub hours: Option<(Time, Time)>,
    pub on_battery: Option<bool>,
}

#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    #[error("la signature n'est pas celle de l'opérateur")]
    BadSignature,
    #[error("elle est illisible")]
    Unreadable,
    #[error("elle est destinée à une autre organisation")]
    OtherOrganisation,
    #[error("elle est plus ancienne (version {offered}) que celle en vigueur (version {held})")]
    Older { offered: u64, held: u64 },
    #[error("le dossier « {0} » n'est pas un chemin absolu")]
    RelativeRoot(String),
    #[error("« {0} » n'est pas une adresse de collecteur")]
    BadAddress(String),
    #[error("les heures « {0} » ne sont pas de la forme 19:00, ou il en manque une")]
    BadHours(String),
    #[error("une exception est illisible")]
    BadAllowance,
    #[error("l'exclusion « {0} » est incorrecte")]
    BadGlob(String),
    #[error(transparent)]
    State(#[from] StateError),
}

impl Policy {
    /// The policy in force, if any. One that no longer bears the operator's signature counts as none.
    pub fn load(state: &StateFolder, identity: &Identity) -> Result<Option<Self>, PolicyError> {
        let Some(bytes) = state.read(FILE)? else {
            return Ok(None);
        };
        let signed = SignedPolicy::decode(bytes.as_slice()).map_err(|_| PolicyError::Unreadable)?;
        Self::check(&signed, identity).map(Some)
    }

    /// Checks a policy offered by the collector and puts it in force.
    pub fn accept(
        signed: &SignedPolicy,
        held_version: u64,
        state: &StateFolder,
        identity: &Identity,
    ) -> Result<Self, PolicyError> {
        let policy = Self::check(signed, identity)?;
        if policy.version <= held_version {
            return Err(PolicyError::Older {
                offered: policy.version,
                held: held_version,
            });
        }
        state.write(FILE, &signed.encode_to_vec())?;
        Ok(policy)
    }

    fn check(signed: &SignedPolicy, identity: &Identity) -> Result<Self, PolicyError> {
        let key = VerifyingKey::from_bytes(&identity.operator_public_key)
            .map_err(|_| PolicyError::BadSignature)?;
        let signature =
            Signature::from_slice(&signed.signature).map_err(|_| PolicyError::BadSignature)?;
        key.verify_strict(
            &[POLICY_SIGNATURE_CONTEXT, &signed.policy].concat(),
            &signature,
        )
        .map_err(|_| PolicyError::BadSignature)?;
        let message =
            PolicyMessage::decode(signed.policy.as_slice()).map_err(|_| PolicyError::Unreadable)?;
        if message.organisation != identity.organisation {
            return Err(PolicyError::OtherOrganisation);
        }
        Self::parse(message)
    }

    fn parse(message: PolicyMessage) -> Result<Self, PolicyError> {
        if let Some(root) = message
            .roots
            .iter()
            .find(|root| !Path::new(root).is_absolute())
        {
            return Err(PolicyError::RelativeRoot(root.clone()));
        }
        if let Some(glob) = message
            .excluded_globs
            .iter()
            .find(|glob| Glob::new(glob).is_err())
        {
            return Err(PolicyError::BadGlob(glob.clone()));
        }
        let is_wrong = |address: &&String| split_address(address).is_err();
        if let Some(address) = message.collectors.iter().find(is_wrong) {
            return Err(PolicyError::BadAddress(address.clone()));
        }
        let pace = PaceWishes {
            processor_percent: (message.processor_percent > 0).then_some(message.processor_percent),
            bytes_per_second: (message.bytes_per_second > 0).then_some(message.bytes_per_second),
            hours: hours(&message.hours_from, &message.hours_until)?,
            on_battery: message.on_battery,
        };
        Ok(Self {
            pace,
            collectors: message.collectors,
            version: message.version,
            roots: message.roots.into_iter().map(PathBuf::from).collect(),
            excluded: message.excluded_globs,
            include_private_folders: message.include_private_folders,
            spool_max_bytes: (message.spool_max_bytes > 0).then_some(message.spool_max_bytes),
            max_file_bytes: (message.max_file_bytes > 0).then_some(message.max_file_bytes),
            scan_interval_hours: (message.scan_interval_hours > 0)
                .then_some(message.scan_interval_hours),
            disabled_detectors: message.disabled_detectors,
            allowances: message
                .allowances
                .into_iter()
                .filter_map(|allowance| read_allowance(allowance).transpose())
                .collect::<Result<_, _>>()?,
        })
    }
}

fn hours(from: &str, until: &str) -> Result<Option<(Time, Time)>, PolicyError> {
    if from.is_empty() && until.is_empty() {
        return Ok(None);
    }
    let time = |text: &str| text.parse::<Time>();
    let hours = time(from).and_then(|from| Ok((from, time(until)?)));
    hours
        .map(Some)
        .map_err(|_| PolicyError::BadHours(format!("{from}-{until}")))
}

/// None: one of a newer collector, which hides nothing here. Nobody but an explicit word may hide everything.
fn read_allowance(message: v1::Allowance) -> Result<Option<Allowance>, PolicyError> {
    use v1::allowance::Subject as Written;

    let id = message
        .id
        .try_into()
        .map_err(|_| PolicyError::BadAllowance)?;
    if matcher(&message.path_glob).is_err() {
        return Err(PolicyError::BadGlob(message.path_glob));
    }
    let path = (!message.path_glob.is_empty()).then_some(message.path_glob);
    let ends_at = match message.ends_at {
        0 => None,
        seconds => Some(Timestamp::from_second(seconds).map_err(|_| PolicyError::BadAllowance)?),
    };
    let subject = match message.subject {
        Some(Written::Everything(true)) if path.is_some() => Subject::Everything,
        Some(Written::Everything(_)) => return Err(PolicyError::BadAllowance),
        Some(Written::Kind(kind)) => Subject::Kind(kind),
        Some(Written::Detector(detector)) => Subject::Detector(detector),
        Some(Written::EmailDomain(domain)) => Subject::EmailDomain(domain),
        Some(Written::Value(value)) => Subject::Value {
            kind: value.kind,
            hash: value
                .hash
                .try_into()
                .map_err(|_| PolicyError::BadAllowance)?,
        },
        None => return Ok(None),
    };
    Ok(Some(Allowance {
        id,
        subject,
        path,
        ends_at,
    }))
}

#[cfg(test)]
mod tests {
    use v1::allowance::Subject as Written;

    use super::*;

    fn allowance(path: &str, subject: Option<Written>) -> v1::Allowance {
        v1::Allowance {
            id: vec![1; 16],
            path_glob: path.to_owned(),
            ends_at: 0,
            subject,
        }
    }

    #[test]
    fn a_subject_of_a_newer_collector_hides_nothing() {
        let read = read_allowance(allowance("**", None)).unwrap();
        assert_eq!(read, None);
    }

    #[test]
    fn hours_come_in_twos() {
        assert_eq!(hours("", "").unwrap(), None);
        let night = hours("19:00", "07:30").unwrap().unwrap();
        assert_eq!((night.0.hour(), night.1.minute()), (19, 30));
        for (from, until) in [
            ("19:00", ""),
            ("", "07:00"),
            ("le soir", "07:00"),
            ("25:00", "07:00"),
        ] {
            let refused = hours(from, until);
            assert!(
                matches!(refused, Err(PolicyError::BadHours(_))),
                "{from}-{until}"
            );
        }
    }

    #[test]
    fn nothing_hides_everything_everywhere() {
        let read = read_allowance(allowance("", Some(Written::Everything(true))));
        assert!(matches!(read, Err(PolicyError::BadAllowance)));
    }

    #[test]
    fn what_is_unreadable_is_refused() {
        let short_hash = v1::AllowedValue {
            kind: "iban".to_owned(),
            hash: vec![0; 31],
        };
        let bad_glob = allowance("a[", Some(Written::Kind("nir".to_owned())));
        for bad in [allowance("", Some(Written::Value(short_hash))), bad_glob] {
            assert!(read_allowance(bad).is_err());
        }
    }
}
