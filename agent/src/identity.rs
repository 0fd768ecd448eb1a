//! Who this agent is: its key, its certificate, and whom it trusts. Kept in one file of the state folder, so that it
//! is there whole or not at all.

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use serde::{Deserialize, Serialize};
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};
use zeroize::Zeroizing;

use crate::{
    marks::Marks,
    platform::System,
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
        "cette identité vient d'une autre machine (disque cloné ?) ; l'agent en demande une à lui quand il démarre (beffroi-agent run), ou enrôlez celle-ci avec son propre jeton : beffroi-agent enrol --force …"
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
    /// Of the machine that it was made on: tells a cloned disk from the machine it was cloned from.
    pub marks: Marks,
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
        let content_key = key(&enrolled.content_key, "content_key")?;
        Ok(Self {
            collector: enrolled.collector,
            organisation,
            organisation_name: enrolled.organisation_name,
            agent,
            ca_certificate: enrolled.ca_certificate.into(),
            certificate: enrolled.certificate.into(),
            private_key: enrolled.private_key,
            operator_public_key: key(&enrolled.operator_public_key, "operator_public_key")?,
            content_key,
            marks: Marks::of(&System::live(), &content_key),
        })
    }

    /// The identity of this machine, checked against it. Its marks are those of today: a new disk is not forgotten.
    pub fn load(state: &StateFolder) -> Result<Self, IdentityError> {
        let identity = Self::of_any_machine(state)?;
        let marks = Marks::of(&System::live(), &identity.content_key);
        if !identity.marks.may_be_one_machine(&marks) {
            return Err(IdentityError::OtherMachine);
        }
        let marks = marks.completed_by(&identity.marks);
        Ok(Self { marks, ..identity })
    }

    /// What stands in the file, were it of the machine that this disk was copied from.
    pub fn of_any_machine(state: &StateFolder) -> Result<Self, IdentityError> {
        let bytes = Zeroizing::new(state.read(FILE)?.ok_or(IdentityError::NotEnrolled)?);
        let stored: Stored = serde_json::from_slice(&bytes)
            .map_err(|error| IdentityError::Damaged(error.to_string()))?;
        stored.into_identity()
    }

    /// Takes the place of whoever was here: what another agent has left is set aside first, so that no report of one travels
    /// under the name of the other.
    pub fn settle(&self, state: &StateFolder) -> Result<(), IdentityError> {
        let is_here = Self::of_any_machine(state).is_ok_and(|here| here.agent == self.agent);
        if !is_here {
            state.set_aside()?;
        }
        self.save(state)
    }

    /// Writes down the marks of today if they are not those of the file: what is replaced one after the other must not add up.
    pub fn keep_marks(&self, state: &StateFolder) {
        let kept = Self::of_any_machine(state).and_then(|kept| {
            if kept.marks == self.marks {
                return Ok(());
            }
            self.save(state)
        });
        if let Err(error) = kept {
            // The next start will.
            tracing::warn!("les nouveaux repères de cette machine ne sont pas notés : {error}");
        }
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
        Ok(self.with(
            self.agent.clone(),
            certificate,
            private_key,
            self.marks.clone(),
        ))
    }

    /// Another agent of the same organisation, on this machine.
    pub fn detached(
        &self,
        certificate: Vec<u8>,
        private_key: Zeroizing<Vec<u8>>,
    ) -> Result<Self, IdentityError> {
        let (organisation, agent) = names(&certificate)?;
        if organisation != self.organisation || agent == self.agent {
            return Err(IdentityError::Damaged(
                "the new certificate does not name another agent of the organisation".to_owned(),
            ));
        }
        let marks = Marks::of(&System::live(), &self.content_key);
        Ok(self.with(agent, certificate, private_key, marks))
    }

    fn with(
        &self,
        agent: String,
        certificate: Vec<u8>,
        private_key: Zeroizing<Vec<u8>>,
        marks: Marks,
    ) -> Self {
        Self {
            collector: self.collector.clone(),
            organisation_name: self.organisation_name.clone(),
            agent,
            ca_certificate: self.ca_certificate.clone(),
            certificate: certificate.into(),
            private_key,
            marks,
            ..*self
        }
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
    marks: Marks,
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
            marks: identity.marks.clone(),
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
        identity.marks = self.marks;
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
