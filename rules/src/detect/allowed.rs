//! What a town allows: findings that its DPO knows and does not want to be shown again, as the town's own account number or
//! its own e-mail domain.
//!
//! Comes in: the allowances in force where a file lies. Goes out: for a hit, the allowance that hides it; the hit is then
//! counted apart, never lost. A value is known by its keyed hash only, so that neither the policy nor the collector's
//! database holds it.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::found::Canonical;
use super::rule::{Detector, Form};

/// As the collector names an allowance.
pub type AllowanceId = [u8; 16];

/// What one allowance hides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    Everything,
    /// All values of a kind.
    Kind(String),
    /// All that one rule finds.
    Detector(String),
    /// The e-mail addresses of exactly this domain, which is public.
    EmailDomain(String),
    Value {
        kind: String,
        /// By [`ValueKey::hash`].
        hash: [u8; 32],
    },
}

/// The allowances in force somewhere, ready to be asked.
#[derive(Debug, Clone)]
pub struct Allowed {
    key: ValueKey,
    everything: Option<AllowanceId>,
    kinds: BTreeMap<String, AllowanceId>,
    detectors: BTreeMap<String, AllowanceId>,
    email_domains: BTreeMap<String, AllowanceId>,
    values: BTreeMap<String, HashMap<[u8; 32], AllowanceId>>,
}

/// The key of the hashes of allowed values: a town's own, so that two towns' hashes say nothing of each other.
#[derive(Clone)]
pub struct ValueKey(Zeroizing<[u8; 32]>);

impl Allowed {
    pub fn new(
        key: ValueKey,
        allowances: impl IntoIterator<Item = (AllowanceId, Subject)>,
    ) -> Self {
        let mut allowed = Self {
            key,
            everything: None,
            kinds: BTreeMap::new(),
            detectors: BTreeMap::new(),
            email_domains: BTreeMap::new(),
            values: BTreeMap::new(),
        };
        for (id, subject) in allowances {
            allowed.add(id, subject);
        }
        allowed
    }

    fn add(&mut self, id: AllowanceId, subject: Subject) {
        match subject {
            Subject::Everything => self.everything = Some(id),
            Subject::Kind(kind) => {
                self.kinds.insert(kind, id);
            }
            Subject::Detector(detector) => {
                self.detectors.insert(detector, id);
            }
            Subject::EmailDomain(domain) => {
                self.email_domains.insert(domain.to_lowercase(), id);
            }
            Subject::Value { kind, hash } => {
                self.values.entry(kind).or_default().insert(hash, id);
            }
        }
    }

    /// The allowance that hides a value, the most precise where several do.
    pub(super) fn hides(&self, detector: &Detector, value: &Canonical) -> Option<AllowanceId> {
        self.value(detector, value)
            .or_else(|| self.email_domain(detector, value))
            .or_else(|| self.detectors.get(&detector.id).copied())
            .or_else(|| self.kinds.get(detector.kind.as_str()).copied())
            .or(self.everything)
    }

    fn value(&self, detector: &Detector, value: &Canonical) -> Option<AllowanceId> {
        let of_kind = self.values.get(detector.kind.as_str())?;
        let hash = self.key.hash(detector.kind.as_str(), value);
        of_kind.get(&hash).copied()
    }

    fn email_domain(&self, detector: &Detector, value: &Canonical) -> Option<AllowanceId> {
        if self.email_domains.is_empty() || !matches!(detector.form, Form::Email) {
            return None;
        }
        self.email_domains.get(value.email_domain()?).copied()
    }
}

impl ValueKey {
    /// Derived from the key that the town's agents hold since their enrolment: nothing secret travels with a policy.
    pub fn of_town(content_key: &[u8; 32]) -> Self {
        const PURPOSE: &[u8] = b"beffroi allowed values v1";
        Self(Zeroizing::new(mac(content_key, &[PURPOSE])))
    }

    pub(super) fn hash(&self, kind: &str, value: &Canonical) -> [u8; 32] {
        mac(
            &self.0,
            &[kind.as_bytes(), b"\0", value.as_str().as_bytes()],
        )
    }
}

impl fmt::Debug for ValueKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ValueKey(•)")
    }
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC fills a shorter key with zeros; doing so here leaves no length to be refused.
    let mut block = Zeroizing::new([0; 64]);
    if let Some(head) = block.first_chunk_mut() {
        *head = *key;
    }
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_as_hmac_does() {
        let slice = Hmac::<Sha256>::new_from_slice(&[7; 32]).unwrap();
        let expected: [u8; 32] = slice.chain_update(b"ab").finalize().into_bytes().into();
        assert_eq!(mac(&[7; 32], &[b"a", b"b"]), expected);
    }

    #[test]
    fn two_towns_hash_the_same_value_differently_and_so_do_two_kinds() {
        let value = Canonical::new("185057800608491".to_owned());
        let (ours, theirs) = (ValueKey::of_town(&[1; 32]), ValueKey::of_town(&[2; 32]));
        assert_ne!(ours.hash("nir", &value), theirs.hash("nir", &value));
        assert_ne!(ours.hash("nir", &value), ours.hash("siret", &value));
    }

    #[test]
    fn nothing_secret_is_shown() {
        let shown = format!("{:?}", ValueKey::of_town(&[1; 32]));
        assert_eq!(shown, "ValueKey(•)");
    }
}
