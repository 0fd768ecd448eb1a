//! Who this agent is: its key, its certificate, and whom it trusts. Kept in one file of the state folder, so that it
//! is there whole or not at all.

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};
use zeroize::Zeroizing;

use crate::{
    platform,
    state::{StateError, StateFolder},
};

const FILE: &str = "identity.json";

#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    #[error(transparent)]
    State(#[from] StateError),
    #[error(
        "cette machine n'est pas enrôlée ; demandez un jeton à l'opérateur, puis : beffroi-agent enrol --collector ADRESSE --token JETON"
    )]
    NotEnrolled,
    #[error(
        "le fichier d'identité est abîmé ({0}) ; enrôlez de nouveau la machine avec un nouveau jeton"
    )]
    Damaged(String),
    #[error(
        "cette identité vient d'une autre machine (disque cloné ?) ; enrôlez celle-ci avec son propre jeton : beffroi-agent enrol --force …"
    )]
    OtherMachine,
}

/// Everything `enrol` obtained. No `Debug`: it holds the private key.
pub struct Identity {
    /// `host:port` of the collector.
    pub collector: String,
    pub organisation: [u8; 16],
    pub organisation_name: String,
    pub agent: String,
    pub ca_certificate: CertificateDer<'static>,
    pub certificate: CertificateDer<'static>,
    private_key: Zeroizing<Vec<u8>>,
    pub operator_public_key: [u8; 32],
    /// Key of the fingerprints of whole file contents.
    pub content_key: [u8; 32],
    /// SHA-256 of the machine's own id: tells a cloned disk from the machine it was cloned from.
    machine: [u8; 32],
}

/// What the enrolment answered, before it is an identity.
pub struct Enrolled {
    pub collector: String,
    pub organisation_name: String,
    pub ca_certificate: Vec<u8>,
    pub certificate: Vec<u8>,
    pub private_key: Zeroizing<Vec<u8>>,
    pub operator_public_key: Vec<u8>,
    pub content_key: Vec<u8>,
}

impl Identity {
    pub fn new(enrolled: Enrolled) -> Result<Self, IdentityError> {
        let (organisation, agent) = names(&enrolled.certificate)?;
        Ok(Self {
            collector: enrolled.collector,
            organisation,
            organisation_name: enrolled.organisation_name,
            agent,
            ca_certificate: enrolled.ca_certificate.into(),
            certificate: enrolled.certificate.into(),
            private_key: enrolled.private_key,
            operator_public_key: key(&enrolled.operator_public_key, "operator_public_key")?,
            content_key: key(&enrolled.content_key, "content_key")?,
            machine: machine_hash(),
        })
    }

    /// The identity of this machine, checked against it.
    pub fn load(state: &StateFolder) -> Result<Self, IdentityError> {
        let bytes = Zeroizing::new(state.read(FILE)?.ok_or(IdentityError::NotEnrolled)?);
        let stored: Stored = serde_json::from_slice(&bytes)
            .map_err(|error| IdentityError::Damaged(error.to_string()))?;
        let identity = stored.into_identity()?;
        if identity.machine != machine_hash() {
            return Err(IdentityError::OtherMachine);
        }
        Ok(identity)
    }

    pub fn exists(state: &StateFolder) -> bool {
        state.file(FILE).exists()
    }

    pub fn save(&self, state: &StateFolder) -> Result<(), IdentityError> {
        let stored = Zeroizing::new(
            serde_json::to_vec_pretty(&Stored::of(self))
                .map_err(|error| IdentityError::Damaged(error.to_string()))?,
        );
        Ok(state.write(FILE, &stored)?)
    }

    pub fn private_key(&self) -> PrivateKeyDer<'static> {
        PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.private_key.to_vec()))
    }

    /// The same agent with a fresh certificate and key.
    pub fn renewed(
        &self,
        certificate: Vec<u8>,
        private_key: Zeroizing<Vec<u8>>,
    ) -> Result<Self, IdentityError> {
        if names(&certificate)? != (self.organisation, self.agent.clone()) {
            return Err(IdentityError::Damaged(
                "the new certificate names another agent".to_owned(),
            ));
        }
        Ok(Self {
            collector: self.collector.clone(),
            organisation_name: self.organisation_name.clone(),
            agent: self.agent.clone(),
            ca_certificate: self.ca_certificate.clone(),
            certificate: certificate.into(),
            private_key,
            ..*self
        })
    }

    /// The same agent of a collector that has moved.
    pub fn moved(self, collector: String) -> Self {
        Self { collector, ..self }
    }

    /// From half-life on the certificate should be renewed.
    pub fn renewal_is_due(&self, now: Timestamp) -> bool {
        let Ok((_, certificate)) = X509Certificate::from_der(&self.certificate) else {
            return true;
        };
        let validity = certificate.validity();
        let middle = i64::midpoint(
            validity.not_before.timestamp(),
            validity.not_after.timestamp(),
        );
        now.as_second() >= middle
    }

    /// The end of the certificate, for `doctor`.
    pub fn expires_at(&self) -> Option<Timestamp> {
        let (_, certificate) = X509Certificate::from_der(&self.certificate).ok()?;
        Timestamp::from_second(certificate.validity().not_after.timestamp()).ok()
    }
}

/// The file's form: bytes in base64.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    collector: String,
    organisation_name: String,
    ca_certificate: String,
    certificate: String,
    private_key: Zeroizing<String>,
    operator_public_key: String,
    content_key: Zeroizing<String>,
    machine: String,
}

impl Stored {
    fn of(identity: &Identity) -> Self {
        Self {
            collector: identity.collector.clone(),
            organisation_name: identity.organisation_name.clone(),
            ca_certificate: STANDARD.encode(&identity.ca_certificate),
            certificate: STANDARD.encode(&identity.certificate),
            private_key: Zeroizing::new(STANDARD.encode(identity.private_key.as_slice())),
            operator_public_key: STANDARD.encode(identity.operator_public_key),
            content_key: Zeroizing::new(STANDARD.encode(identity.content_key)),
            machine: STANDARD.encode(identity.machine),
        }
    }

    fn into_identity(self) -> Result<Identity, IdentityError> {
        let bytes = |text: &str, what: &str| {
            STANDARD
                .decode(text)
                .map_err(|_| IdentityError::Damaged(what.to_owned()))
        };
        let mut identity = Identity::new(Enrolled {
            collector: self.collector,
            organisation_name: self.organisation_name,
            ca_certificate: bytes(&self.ca_certificate, "ca_certificate")?,
            certificate: bytes(&self.certificate, "certificate")?,
            private_key: Zeroizing::new(bytes(&self.private_key, "private_key")?),
            operator_public_key: bytes(&self.operator_public_key, "operator_public_key")?,
            content_key: bytes(&self.content_key, "content_key")?,
        })?;
        identity.machine = key(&bytes(&self.machine, "machine")?, "machine")?;
        Ok(identity)
    }
}

/// Organisation and agent, from the URI `beffroi://<organisation>/<agent>` in the certificate.
fn names(certificate: &[u8]) -> Result<([u8; 16], String), IdentityError> {
    let damaged = || IdentityError::Damaged("certificate".to_owned());
    let (_, certificate) = X509Certificate::from_der(certificate).map_err(|_| damaged())?;
    let names = certificate
        .subject_alternative_name()
        .map_err(|_| damaged())?
        .ok_or_else(damaged)?;
    let uri = names
        .value
        .general_names
        .iter()
        .find_map(|name| match name {
            GeneralName::URI(uri) => uri.strip_prefix("beffroi://"),
            _ => None,
        });
    let (organisation, agent) = uri
        .and_then(|uri| uri.split_once('/'))
        .ok_or_else(damaged)?;
    let organisation = uuid::Uuid::parse_str(organisation).map_err(|_| damaged())?;
    Ok((organisation.into_bytes(), agent.to_owned()))
}

fn key(bytes: &[u8], what: &str) -> Result<[u8; 32], IdentityError> {
    bytes
        .try_into()
        .map_err(|_| IdentityError::Damaged(what.to_owned()))
}

/// A machine without an id of its own (some containers) is not bound: its hash is that of nothing.
fn machine_hash() -> [u8; 32] {
    let id = platform::machine_id().unwrap_or_default();
    Sha256::digest(id.trim()).into()
}
