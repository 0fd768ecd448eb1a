//! The collector's certificate authority and the operator's signing key: who the agents trust.
//!
//! In: the `pki` folder of the data folder, public keys, names. Out: certificates and signatures. Called by `cli`
//! (init, token), `enrol` (agents' certificates), `listener` (the server's certificate) and `ingest` (policies).
//!
//! Files, all mode 0600, written once and never replaced:
//! - `ca.key`, `ca.pem`: PKCS#8 and X.509 PEM, ECDSA P-256, twenty years;
//! - `operator.key`: the 32 bytes of an Ed25519 secret key, in hexadecimal.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use beffroi_proto::POLICY_SIGNATURE_CONTEXT;
use ed25519_dalek::{Signer, SigningKey};
use jiff::Timestamp;
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertificateSigningRequestParams, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, PublicKeyData, SanType,
    SerialNumber,
};
use rustls::{
    pki_types::{
        CertificateDer, CertificateSigningRequestDer, PrivateKeyDer, PrivatePkcs8KeyDer,
        pem::PemObject,
    },
    sign::CertifiedKey,
};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::{
    files,
    model::{MachineId, OrganisationId},
};

const DAY: Duration = Duration::from_secs(24 * 3600);
/// A year, as the design says; agents renew from half-life.
const AGENT_VALIDITY: Duration = Duration::from_secs(365 * 24 * 3600);
const SERVER_VALIDITY: Duration = Duration::from_secs(365 * 24 * 3600);
const CA_VALIDITY: Duration = Duration::from_secs(20 * 365 * 24 * 3600);

#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    #[error("impossible d'écrire {path} : {source}")]
    Write {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error(
        "impossible de lire {path} : {source} (le collecteur est-il initialisé ? beffroi-collector init)"
    )]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{path} est abîmé : {reason} ; restaurez-le depuis une sauvegarde")]
    Damaged { path: PathBuf, reason: String },
    #[error("demande de certificat illisible")]
    BadRequest,
    #[error("impossible de faire un certificat : {0}")]
    Certificate(#[from] rcgen::Error),
    #[error("impossible d'utiliser le certificat du serveur : {0}")]
    Tls(#[from] rustls::Error),
}

pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    ca_certificate: CertificateDer<'static>,
    /// SHA-256 of the CA's SubjectPublicKeyInfo: what tokens carry.
    pin: [u8; 32],
    operator: SigningKey,
}

impl Authority {
    /// Makes what is missing in `folder`; what is there stays. Killed midway, the next call completes it.
    pub fn create(folder: &Path, now: Timestamp) -> Result<Self, AuthorityError> {
        let (key_path, certificate_path, operator_path) = paths(folder);
        let write = |path: &Path, bytes: &[u8]| {
            files::write_private(path, bytes).map_err(|source| AuthorityError::Write {
                path: path.to_owned(),
                source,
            })
        };
        if !key_path.exists() {
            let key = KeyPair::generate()?;
            write(&key_path, key.serialize_pem().as_bytes())?;
        }
        if !certificate_path.exists() {
            let key = read_ca_key(&key_path)?;
            write(
                &certificate_path,
                ca_certificate(&key, now)?.pem().as_bytes(),
            )?;
        }
        if !operator_path.exists() {
            let secret = Zeroizing::new(rand::random::<[u8; 32]>());
            write(
                &operator_path,
                Zeroizing::new(hex::encode(secret.as_slice())).as_bytes(),
            )?;
        }
        Self::load(folder)
    }

    pub fn load(folder: &Path) -> Result<Self, AuthorityError> {
        let (key_path, certificate_path, operator_path) = paths(folder);
        let key = read_ca_key(&key_path)?;
        let pem = read(&certificate_path)?;
        let damaged = |reason: &dyn std::fmt::Display| AuthorityError::Damaged {
            path: certificate_path.clone(),
            reason: reason.to_string(),
        };
        let ca_certificate =
            CertificateDer::from_pem_slice(pem.as_bytes()).map_err(|error| damaged(&error))?;
        let pin = Sha256::digest(key.subject_public_key_info()).into();
        let issuer =
            Issuer::from_ca_cert_der(&ca_certificate, key).map_err(|error| damaged(&error))?;
        Ok(Self {
            issuer,
            ca_certificate,
            pin,
            operator: read_operator_key(&operator_path)?,
        })
    }

    pub fn pin(&self) -> [u8; 32] {
        self.pin
    }

    pub fn ca_certificate(&self) -> &CertificateDer<'static> {
        &self.ca_certificate
    }

    pub fn operator_public_key(&self) -> [u8; 32] {
        self.operator.verifying_key().to_bytes()
    }

    /// Signs an encoded policy, as `uplink.proto` says.
    pub fn sign_policy(&self, policy: &[u8]) -> Vec<u8> {
        let message = [POLICY_SIGNATURE_CONTEXT, policy].concat();
        self.operator.sign(&message).to_bytes().to_vec()
    }

    /// A certificate for the key of the request. Of the request only the public key is used: whatever names it
    /// asks for, the certificate bears those of the organisation and machine given here.
    pub fn agent_certificate(
        &self,
        request: &[u8],
        organisation: OrganisationId,
        machine: MachineId,
        now: Timestamp,
    ) -> Result<Vec<u8>, AuthorityError> {
        let request = parse_request(request)?;
        let mut params = leaf_params(ExtendedKeyUsagePurpose::ClientAuth, now, AGENT_VALIDITY);
        params
            .distinguished_name
            .push(DnType::CommonName, machine.to_string());
        let uri = agent_uri(organisation, machine);
        params.subject_alt_names = vec![SanType::URI(uri.try_into()?)];
        Ok(params
            .signed_by(&request.public_key, &self.issuer)?
            .der()
            .to_vec())
    }

    /// The server's certificate with a key of its own, kept in memory only, followed by the CA's so that an agent
    /// that knows nothing but the pin of its token can check it.
    pub fn server_certificate(
        &self,
        names: &[String],
        now: Timestamp,
    ) -> Result<Arc<CertifiedKey>, AuthorityError> {
        let key = KeyPair::generate()?;
        let mut params = leaf_params(ExtendedKeyUsagePurpose::ServerAuth, now, SERVER_VALIDITY);
        params
            .distinguished_name
            .push(DnType::CommonName, "Beffroi collector");
        params.subject_alt_names = CertificateParams::new(names)?.subject_alt_names;
        let certificate = params.signed_by(&key, &self.issuer)?;
        let chain = vec![certificate.der().clone(), self.ca_certificate.clone()];
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let signing_key = rustls::crypto::ring::sign::any_supported_type(&key)?;
        Ok(Arc::new(CertifiedKey::new(chain, signing_key)))
    }
}

/// SHA-256 of the public key that a certificate request carries; proves the request well-formed and self-signed.
pub fn request_key_hash(request: &[u8]) -> Result<[u8; 32], AuthorityError> {
    let request = parse_request(request)?;
    Ok(Sha256::digest(request.public_key.subject_public_key_info()).into())
}

/// The name in an agent's certificate, from which alone `ingest` learns whose agent is calling.
pub fn agent_uri(organisation: OrganisationId, machine: MachineId) -> String {
    format!("beffroi://{organisation}/{machine}")
}

/// Reads back what [`agent_uri`] wrote.
pub fn parse_agent_uri(uri: &str) -> Option<(OrganisationId, MachineId)> {
    let (organisation, machine) = uri.strip_prefix("beffroi://")?.split_once('/')?;
    Some((organisation.parse().ok()?, machine.parse().ok()?))
}

fn parse_request(request: &[u8]) -> Result<CertificateSigningRequestParams, AuthorityError> {
    CertificateSigningRequestParams::from_der(&CertificateSigningRequestDer::from(request))
        .map_err(|_| AuthorityError::BadRequest)
}

fn ca_certificate(key: &KeyPair, now: Timestamp) -> Result<Certificate, AuthorityError> {
    let mut params = CertificateParams::default();
    params
        .distinguished_name
        .push(DnType::CommonName, "Beffroi CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.serial_number = Some(random_serial());
    (params.not_before, params.not_after) = validity(now, CA_VALIDITY);
    Ok(params.self_signed(key)?)
}

fn leaf_params(
    usage: ExtendedKeyUsagePurpose,
    now: Timestamp,
    length: Duration,
) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![usage];
    params.use_authority_key_identifier_extension = true;
    params.serial_number = Some(random_serial());
    (params.not_before, params.not_after) = validity(now, length);
    params
}

/// Starts a day early, for machines whose clock is late.
fn validity(now: Timestamp, length: Duration) -> (time::OffsetDateTime, time::OffsetDateTime) {
    let now = time::OffsetDateTime::from_unix_timestamp(now.as_second())
        .unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
    (now - DAY, now + length)
}

/// 16 random bytes, positive as RFC 5280 section 4.1.2.2 wants.
fn random_serial() -> SerialNumber {
    let mut bytes = rand::random::<[u8; 16]>();
    bytes[0] &= 0x7f;
    SerialNumber::from_slice(&bytes)
}

fn paths(folder: &Path) -> (PathBuf, PathBuf, PathBuf) {
    (
        folder.join("ca.key"),
        folder.join("ca.pem"),
        folder.join("operator.key"),
    )
}

fn read(path: &Path) -> Result<Zeroizing<String>, AuthorityError> {
    std::fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(|source| AuthorityError::Read {
            path: path.to_owned(),
            source,
        })
}

fn read_ca_key(path: &Path) -> Result<KeyPair, AuthorityError> {
    KeyPair::from_pem(&read(path)?).map_err(|error| AuthorityError::Damaged {
        path: path.to_owned(),
        reason: error.to_string(),
    })
}

fn read_operator_key(path: &Path) -> Result<SigningKey, AuthorityError> {
    let mut secret = Zeroizing::new([0; 32]);
    hex::decode_to_slice(read(path)?.trim(), secret.as_mut_slice()).map_err(|error| {
        AuthorityError::Damaged {
            path: path.to_owned(),
            reason: error.to_string(),
        }
    })?;
    Ok(SigningKey::from_bytes(&secret))
}

#[cfg(test)]
mod tests {
    use super::*;
    use x509_parser::prelude::*;

    #[test]
    fn an_agent_cannot_choose_its_organisation() {
        let folder = tempfile::tempdir().unwrap();
        let authority = Authority::create(folder.path(), Timestamp::now()).unwrap();
        let key = KeyPair::generate().unwrap();
        let wanted = agent_uri(OrganisationId::generate(), MachineId::generate());
        let mut params = CertificateParams::new(vec!["collector".to_owned()]).unwrap();
        params
            .subject_alt_names
            .push(SanType::URI(wanted.try_into().unwrap()));
        let request = params.serialize_request(&key).unwrap();
        let (organisation, machine) = (OrganisationId::generate(), MachineId::generate());

        let der = authority
            .agent_certificate(request.der(), organisation, machine, Timestamp::now())
            .unwrap();

        let (_, certificate) = X509Certificate::from_der(&der).unwrap();
        let names = certificate.subject_alternative_name().unwrap().unwrap();
        let [GeneralName::URI(uri)] = names.value.general_names.as_slice() else {
            panic!("one URI, no other name: {:?}", names.value.general_names)
        };
        assert_eq!(parse_agent_uri(uri), Some((organisation, machine)));
        let usage = certificate.extended_key_usage().unwrap().unwrap().value;
        assert!(usage.client_auth && !usage.server_auth);
        assert!(!certificate.is_ca());
    }

    #[test]
    fn a_second_create_keeps_every_key() {
        let folder = tempfile::tempdir().unwrap();
        let first = Authority::create(folder.path(), Timestamp::now()).unwrap();
        let second = Authority::create(folder.path(), Timestamp::now()).unwrap();
        assert_eq!(first.pin(), second.pin());
        assert_eq!(first.operator_public_key(), second.operator_public_key());
        assert_eq!(first.ca_certificate(), second.ca_certificate());
    }

    #[test]
    fn a_damaged_key_is_named() {
        let folder = tempfile::tempdir().unwrap();
        Authority::create(folder.path(), Timestamp::now()).unwrap();
        std::fs::write(folder.path().join("operator.key"), "zz").unwrap();
        let message = Authority::load(folder.path()).err().unwrap().to_string();
        assert!(
            message.contains("operator.key") && message.contains("sauvegarde"),
            "{message}"
        );
    }

    #[test]
    fn rubbish_is_not_a_request() {
        assert!(matches!(
            request_key_hash(b"rubbish"),
            Err(AuthorityError::BadRequest)
        ));
    }
}
