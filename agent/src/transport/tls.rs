//! TLS to the collector: only the operator's own authority counts, never the system's list.
//!
//! Before enrolment the authority is known by the hash in the token; afterwards by its certificate. A clock that is
//! late must not cut a machine off: a certificate "not yet valid" is judged at its first moment instead, which gives
//! an attacker nothing, since it had to be signed by the operator's authority all the same. The collector tells the
//! offset, and the agent reports it.

use std::{fmt, sync::Arc, time::Duration};

use hyper_util::rt::TokioIo;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::CryptoProvider,
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use sha2::{Digest, Sha256};
use tokio_rustls::TlsConnector;
use tonic::transport::{Channel, Endpoint, Uri};
use tower::service_fn;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::proxy::{Proxy, ProxyError};
use crate::identity::Identity;

const CONNECT_LIMIT: Duration = Duration::from_secs(20);
const KEEPALIVE: Duration = Duration::from_secs(60);

/// How the collector's authority is known.
#[derive(Clone)]
pub(crate) enum Trust {
    /// By the SHA-256 of its public key, from a token.
    Pin([u8; 32]),
    Certificate(CertificateDer<'static>),
}

/// A gRPC channel over TLS to `collector` (`host:port`), through the proxy on the way, as `identity` when there is one.
pub(crate) async fn connect(
    collector: &str,
    proxy: &Proxy,
    trust: Trust,
    identity: Option<&Identity>,
) -> Result<Channel, ConnectError> {
    let (host, _) = split_address(collector)?;
    let name = ServerName::try_from(host.to_owned())
        .map_err(|_| ConnectError::Address(collector.to_owned()))?;
    let connector = TlsConnector::from(Arc::new(client_config(trust, identity)?));
    let (address, proxy) = (collector.to_owned(), proxy.clone());
    let endpoint = Endpoint::from_shared(format!("https://{collector}"))
        .map_err(|_| ConnectError::Address(collector.to_owned()))?
        .connect_timeout(CONNECT_LIMIT)
        .http2_keep_alive_interval(KEEPALIVE)
        .keep_alive_while_idle(true);
    endpoint
        .connect_with_connector(service_fn(move |_: Uri| {
            let (connector, name) = (connector.clone(), name.clone());
            let (address, proxy) = (address.clone(), proxy.clone());
            async move {
                let stream = proxy.connect(&address).await?;
                stream.set_nodelay(true)?;
                Ok::<_, std::io::Error>(TokioIo::new(connector.connect(name, stream).await?))
            }
        }))
        .await
        .map_err(|error| ConnectError::of(&error, collector))
}

/// Why there is no connection, by what the technician should do; the sentences are for them.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error(
        "« {0} » n'est pas une adresse de collecteur ; attendu : nom:port, par exemple collecteur.opsn.fr:7443"
    )]
    Address(String),
    #[error(
        "le collecteur {collector} ne répond pas ({reason}) ; vérifiez qu'il est démarré, son adresse et le pare-feu"
    )]
    Unreachable { collector: String, reason: String },
    #[error(
        "ce qui répond à {collector} n'est pas le collecteur attendu ({reason}) ; vérifiez l'adresse, ou demandez un nouveau jeton à l'opérateur"
    )]
    NotOurCollector { collector: String, reason: String },
    #[error(
        "d'après l'horloge de cette machine, le certificat du collecteur {0} est expiré ; mettez la machine à l'heure"
    )]
    ClockAhead(String),
    #[error(
        "le collecteur {collector} refuse le certificat de cet agent ({reason}) ; enrôlez de nouveau la machine avec un nouveau jeton"
    )]
    CertificateRefused { collector: String, reason: String },
    #[error("{0}")]
    Proxy(String),
    #[error("la configuration TLS est inutilisable : {0}")]
    Tls(rustls::Error),
}

impl ConnectError {
    /// Sorts a transport error by the rustls error at its root.
    pub(crate) fn of(error: &(dyn std::error::Error + 'static), collector: &str) -> Self {
        let collector = collector.to_owned();
        if let Some(proxy) = cause::<ProxyError>(error) {
            return Self::Proxy(proxy.to_string());
        }
        match cause::<rustls::Error>(error) {
            Some(rustls::Error::InvalidCertificate(
                CertificateError::Expired | CertificateError::ExpiredContext { .. },
            )) => Self::ClockAhead(collector),
            Some(rustls::Error::AlertReceived(alert)) => Self::CertificateRefused {
                collector,
                reason: format!("{alert:?}"),
            },
            Some(error) => Self::NotOurCollector {
                collector,
                reason: error.to_string(),
            },
            None => Self::Unreachable {
                collector,
                reason: deepest(error),
            },
        }
    }
}

/// The first error of this type among the causes.
fn cause<'a, E: std::error::Error + 'static>(
    error: &'a (dyn std::error::Error + 'static),
) -> Option<&'a E> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        // An io::Error's own source() skips the error it wraps.
        let wrapped = error
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref);
        cause = match wrapped {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

fn deepest(error: &(dyn std::error::Error + 'static)) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

/// Host and port; the host of an IPv6 address without its brackets.
pub(crate) fn split_address(address: &str) -> Result<(&str, u16), ConnectError> {
    let invalid = || ConnectError::Address(address.to_owned());
    let (host, port) = address.rsplit_once(':').ok_or_else(invalid)?;
    let host = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host);
    let port = port.parse().map_err(|_| invalid())?;
    if host.is_empty() || host.contains('/') {
        Err(invalid())
    } else {
        Ok((host, port))
    }
}

fn client_config(trust: Trust, identity: Option<&Identity>) -> Result<ClientConfig, ConnectError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(ConnectError::Tls)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(CollectorVerifier { trust, provider }));
    let mut config = match identity {
        Some(identity) => builder
            .with_client_auth_cert(vec![identity.certificate.clone()], identity.private_key())
            .map_err(ConnectError::Tls)?,
        None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(config)
}

/// Accepts what chains to the operator's authority and nothing else. "Dangerous" in rustls's words because it is
/// ours; the checks themselves are rustls's.
struct CollectorVerifier {
    trust: Trust,
    provider: Arc<CryptoProvider>,
}

impl CollectorVerifier {
    fn authority(&self, presented: &[CertificateDer<'_>]) -> Option<CertificateDer<'static>> {
        match &self.trust {
            Trust::Certificate(certificate) => Some(certificate.clone()),
            Trust::Pin(pin) => presented
                .iter()
                .find(|certificate| public_key_hash(certificate) == Some(*pin))
                .map(|certificate| certificate.clone().into_owned()),
        }
    }
}

impl ServerCertVerifier for CollectorVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let authority = self
            .authority(intermediates)
            .ok_or(rustls::Error::InvalidCertificate(
                CertificateError::UnknownIssuer,
            ))?;
        let mut roots = RootCertStore::empty();
        roots.add(authority)?;
        let verifier = WebPkiServerVerifier::builder_with_provider(
            Arc::new(roots),
            Arc::clone(&self.provider),
        )
        .build()
        .map_err(|error| rustls::Error::General(error.to_string()))?;
        let at = |time| {
            verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, time)
        };
        match at(now) {
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. },
            )) => at(first_moment(end_entity).unwrap_or(now)),
            verdict => verdict,
        }
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        // The collector speaks TLS 1.3 only.
        Err(rustls::Error::PeerIncompatible(
            rustls::PeerIncompatible::Tls12NotOfferedOrEnabled,
        ))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

impl fmt::Debug for CollectorVerifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CollectorVerifier")
    }
}

/// SHA-256 of the SubjectPublicKeyInfo.
pub(crate) fn public_key_hash(certificate: &[u8]) -> Option<[u8; 32]> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    Some(Sha256::digest(certificate.public_key().raw).into())
}

fn first_moment(certificate: &[u8]) -> Option<UnixTime> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    let seconds = u64::try_from(certificate.validity().not_before.timestamp()).ok()?;
    Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_host_and_a_port() {
        assert_eq!(
            split_address("collecteur.opsn.fr:7443").unwrap(),
            ("collecteur.opsn.fr", 7443)
        );
        assert_eq!(split_address("[::1]:7443").unwrap(), ("::1", 7443));
        for wrong in [
            "collecteur",
            "https://collecteur:7443/x:1",
            ":7443",
            "a:port",
            "a:70000",
        ] {
            assert!(split_address(wrong).is_err(), "{wrong}");
        }
    }
}
