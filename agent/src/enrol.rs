//! How this machine becomes an agent: a one-time token and a certificate request against a certificate.
//!
//! In: the token's text, the collector's address. Out: an [`Identity`] in the state folder. The key is written before
//! the first call and the collector recognises it, so that the same command may be repeated after any failure.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use beffroi_proto::v1::{EnrolRequest, identity_client::IdentityClient};
use rcgen::{CertificateParams, KeyPair};
use sha2::{Digest, Sha256};
use tonic::{Code, Status};
use zeroize::Zeroizing;

use crate::{
    identity::{Enrolled, Identity, IdentityError},
    platform,
    state::{StateError, StateFolder},
    transport::{ConnectError, Proxy, Trust, connect, public_key_hash},
    update::own_version,
};

/// The key of an enrolment, or of a detachment, that is not finished.
pub(crate) const PENDING_KEY: &str = "enrolment.key";

#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    #[error(
        "cette machine est déjà enrôlée ; --force la ferait enrôler de nouveau, avec un nouveau jeton"
    )]
    AlreadyEnrolled,
    #[error(
        "le jeton est mal recopié ; il commence par « bfr1. » et compte 80 caractères, sans espace"
    )]
    MalformedToken,
    #[error("le collecteur ne connaît pas ce jeton ; demandez-en un nouveau à l'opérateur")]
    UnknownToken,
    #[error(
        "le jeton a expiré, ou il a déjà servi à toutes les machines pour lesquelles il a été fait ; demandez-en un nouveau à l'opérateur"
    )]
    SpentToken,
    #[error("le collecteur n'a pas pu répondre ({0}) ; recommencez plus tard avec le même jeton")]
    Unavailable(String),
    #[error("la réponse du collecteur est incohérente : {0}")]
    Incoherent(String),
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    State(#[from] StateError),
    #[error(transparent)]
    Identity(#[from] IdentityError),
    #[error("impossible de faire une clé : {0}")]
    Key(#[from] rcgen::Error),
}

#[derive(Debug, thiserror::Error)]
pub enum PendingKeyError {
    #[error(transparent)]
    State(#[from] StateError),
    #[error("impossible de faire une clé : {0}")]
    Key(#[from] rcgen::Error),
}

impl From<PendingKeyError> for EnrolError {
    fn from(error: PendingKeyError) -> Self {
        match error {
            PendingKeyError::State(error) => error.into(),
            PendingKeyError::Key(error) => error.into(),
        }
    }
}

/// What a token says; see `collector/src/token.rs` for its form.
pub struct Token {
    pin: [u8; 32],
    secret: Zeroizing<Vec<u8>>,
}

impl Token {
    pub fn parse(text: &str) -> Result<Self, EnrolError> {
        let malformed = || EnrolError::MalformedToken;
        let encoded = text.trim().strip_prefix("bfr1.").ok_or_else(malformed)?;
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(encoded).map_err(|_| malformed())?);
        let (pinned, rest) = bytes.split_first_chunk::<32>().ok_or_else(malformed)?;
        let (secret, checksum) = rest.split_first_chunk::<20>().ok_or_else(malformed)?;
        if Sha256::digest(&bytes[..52])[..4] != *checksum {
            return Err(malformed());
        }
        Ok(Self {
            pin: *pinned,
            secret: Zeroizing::new(secret.to_vec()),
        })
    }
}

/// Enrols this machine with the collector at `collector` (`host:port`). A `tag` replaces that of the token.
pub async fn enrol(
    state: &StateFolder,
    collector: &str,
    proxy: &Proxy,
    token: &Token,
    tag: &str,
    force: bool,
) -> Result<Identity, EnrolError> {
    if Identity::exists(state) && !force {
        return Err(EnrolError::AlreadyEnrolled);
    }
    let key = pending_key(state)?;
    let channel = connect(collector, proxy, Trust::Pin(token.pin), None).await?;
    let response = IdentityClient::new(channel)
        .enrol(EnrolRequest {
            token_secret: token.secret.to_vec(),
            certificate_request: certificate_request(&key)?,
            host_name: platform::host_name(),
            agent_version: own_version().to_owned(),
            tag: tag.to_owned(),
        })
        .await
        .map_err(|status| refusal(&status, collector))?
        .into_inner();
    if public_key_hash(&response.ca_certificate) != Some(token.pin) {
        return Err(EnrolError::Incoherent(
            "l'autorité n'est pas celle du jeton".to_owned(),
        ));
    }
    let identity = Identity::new(Enrolled {
        collector: collector.to_owned(),
        organisation_name: response.organisation_name,
        ca_certificate: response.ca_certificate,
        certificate: response.certificate,
        private_key: Zeroizing::new(key.serialize_der()),
        operator_public_key: response.operator_public_key,
        content_key: response.content_key,
    })?;
    identity.settle(state)?;
    state.remove(PENDING_KEY)?;
    Ok(identity)
}

/// Only the public key matters: the collector writes the names.
pub(crate) fn certificate_request(key: &KeyPair) -> Result<Vec<u8>, rcgen::Error> {
    Ok(CertificateParams::default()
        .serialize_request(key)?
        .der()
        .to_vec())
}

/// Made at the first attempt, the same at the next ones: the collector knows it again.
pub(crate) fn pending_key(state: &StateFolder) -> Result<KeyPair, PendingKeyError> {
    if let Some(pem) = state.read(PENDING_KEY)?.map(Zeroizing::new) {
        let key = std::str::from_utf8(&pem)
            .ok()
            .and_then(|pem| KeyPair::from_pem(pem).ok());
        // An unreadable one is replaced: at worst the token is spent, and the message says so.
        if let Some(key) = key {
            return Ok(key);
        }
    }
    let key = KeyPair::generate()?;
    state.write(PENDING_KEY, Zeroizing::new(key.serialize_pem()).as_bytes())?;
    Ok(key)
}

fn refusal(status: &Status, collector: &str) -> EnrolError {
    match status.code() {
        Code::Unauthenticated => EnrolError::UnknownToken,
        Code::PermissionDenied => EnrolError::SpentToken,
        Code::InvalidArgument | Code::Internal => {
            EnrolError::Incoherent(status.message().to_owned())
        }
        _ if std::error::Error::source(status).is_some() => {
            ConnectError::of(status, collector).into()
        }
        _ => EnrolError::Unavailable(status.message().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text() -> String {
        let mut bytes = vec![7; 32];
        bytes.extend([9; 20]);
        let checksum = Sha256::digest(&bytes);
        bytes.extend(&checksum[..4]);
        format!("bfr1.{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    #[test]
    fn reads_a_token() {
        let token = Token::parse(&format!(" {}\n", text())).unwrap();
        assert_eq!(
            (token.pin, token.secret.as_slice()),
            ([7; 32], &[9; 20][..])
        );
        assert_eq!(text().len(), 80);
    }

    #[test]
    fn tells_a_badly_copied_token() {
        let good = text();
        for wrong in [
            "",
            "bfr1.",
            &good[1..],
            &good[..79],
            &good.replacen('B', "C", 1),
            "bfr1.é",
        ] {
            assert!(
                matches!(Token::parse(wrong), Err(EnrolError::MalformedToken)),
                "{wrong}"
            );
        }
    }
}
