//! The agents' door: TCP, then TLS by rustls, then gRPC. There is no plaintext way in.
//!
//! A client certificate is asked for and, when given, must come from our CA. An agent that has none yet may only
//! enrol; [`crate::ingest`] refuses it. One whose certificate has ended is let in to be told so, and may
//! renew it for a while ([`crate::ingest::Peer`]). Each handshake runs in a task of its own with a time limit, so that a silent
//! peer holds up nobody.

use std::{sync::Arc, time::Duration};

use arc_swap::ArcSwap;
use jiff::Timestamp;
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, RootCertStore, ServerConfig,
    SignatureScheme,
    client::danger::HandshakeSignatureValid,
    pki_types::{CertificateDer, UnixTime},
    server::{
        WebPkiClientVerifier,
        danger::{ClientCertVerified, ClientCertVerifier},
    },
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use tokio_stream::{Stream, wrappers::ReceiverStream};

use crate::{
    authority::{Authority, AuthorityError},
    ingest::Peer,
};

const HANDSHAKE_LIMIT: Duration = Duration::from_secs(10);
/// The server's certificate lives a year; a collector that runs for months makes a fresh one in time.
const CERTIFICATE_RENEWAL: Duration = Duration::from_secs(30 * 24 * 3600);
/// Handshakes under way or done but not yet taken by gRPC; more wait in the kernel's queue.
const PENDING_CONNECTIONS: usize = 256;

pub type AgentConnection = TlsStream<TcpStream>;

/// Accepts connections until the returned stream is dropped.
pub fn accept(
    listener: TcpListener,
    authority: Arc<Authority>,
    names: Vec<String>,
) -> Result<impl Stream<Item = std::io::Result<AgentConnection>>, AuthorityError> {
    let config = Arc::new(ArcSwap::new(server_config(&authority, &names)?));
    let (connections, incoming) = mpsc::channel(PENDING_CONNECTIONS);
    tokio::spawn(renew_certificate(
        authority,
        names,
        Arc::clone(&config),
        connections.clone(),
    ));
    tokio::spawn(async move {
        while !connections.is_closed() {
            match listener.accept().await {
                Ok((stream, _)) => {
                    let acceptor = TlsAcceptor::from(config.load_full());
                    tokio::spawn(handshake(acceptor, stream, connections.clone()));
                }
                Err(error) => {
                    // Out of file descriptors, for one: wait for some to close instead of spinning.
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            }
        }
    });
    Ok(ReceiverStream::new(incoming))
}

async fn handshake(
    acceptor: TlsAcceptor,
    stream: TcpStream,
    connections: mpsc::Sender<std::io::Result<AgentConnection>>,
) {
    let peer = stream.peer_addr().ok();
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(?peer, %error, "cannot set TCP_NODELAY");
    }
    match tokio::time::timeout(HANDSHAKE_LIMIT, acceptor.accept(stream)).await {
        Ok(Ok(tls)) => {
            // A closed channel means the collector is stopping; the agent will come back.
            let _ = connections.send(Ok(tls)).await;
        }
        Ok(Err(error)) => tracing::info!(?peer, %error, "TLS handshake refused"),
        Err(_) => tracing::info!(?peer, "TLS handshake too slow"),
    }
}

async fn renew_certificate(
    authority: Arc<Authority>,
    names: Vec<String>,
    config: Arc<ArcSwap<ServerConfig>>,
    connections: mpsc::Sender<std::io::Result<AgentConnection>>,
) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(CERTIFICATE_RENEWAL) => {}
            () = connections.closed() => return,
        }
        match server_config(&authority, &names) {
            Ok(fresh) => config.store(fresh),
            Err(error) => tracing::error!(%error, "cannot renew the server's certificate"),
        }
    }
}

fn server_config(
    authority: &Authority,
    names: &[String],
) -> Result<Arc<ServerConfig>, AuthorityError> {
    let mut roots = RootCertStore::empty();
    roots.add(authority.ca_certificate().clone())?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .allow_unauthenticated()
            .build()
            .map_err(|error| rustls::Error::General(error.to_string()))?;
    let certificate = authority.server_certificate(names, Timestamp::now())?;
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_client_cert_verifier(Arc::new(AtItsTime(verifier)))
        .with_cert_resolver(Arc::new(rustls::sign::SingleCertAndKey::from(certificate)));
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(Arc::new(config))
}

/// rustls's own verdict, but that a certificate which has ended is judged at its last moment: a word of gRPC tells the agent
/// what to do, where an alert of TLS may be lost with the connection.
#[derive(Debug)]
struct AtItsTime(Arc<dyn ClientCertVerifier>);

impl ClientCertVerifier for AtItsTime {
    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        let at = |time| self.0.verify_client_cert(end_entity, intermediates, time);
        match at(now) {
            Err(rustls::Error::InvalidCertificate(
                CertificateError::Expired | CertificateError::ExpiredContext { .. },
            )) => at(last_moment(end_entity).unwrap_or(now)),
            verdict => verdict,
        }
    }

    fn offer_client_auth(&self) -> bool {
        self.0.offer_client_auth()
    }

    fn client_auth_mandatory(&self) -> bool {
        self.0.client_auth_mandatory()
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.0.root_hint_subjects()
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0
            .verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0
            .verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

fn last_moment(certificate: &[u8]) -> Option<UnixTime> {
    let seconds = u64::try_from(Peer::certificate_end(certificate)?).ok()?;
    Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
}
