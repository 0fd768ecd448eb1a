//! Who is calling, by the certificate of the connection.

use std::time::Duration;

use beffroi_proto::CERTIFICATE_HAS_ENDED;
use jiff::Timestamp;
use rustls::pki_types::CertificateDer;
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;
use tonic::{Request, Status, transport::server::Connected};
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

use crate::{
    authority::parse_agent_uri,
    model::{MachineId, OrganisationId},
    store::Store,
};

type ConnectInfo = <TlsStream<TcpStream> as Connected>::ConnectInfo;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Peer {
    pub organisation: OrganisationId,
    pub machine: MachineId,
}

impl Peer {
    /// The agent behind the connection, provided that it is not revoked and that its certificate has not ended. TLS has
    /// already checked that our CA signed it.
    pub(crate) async fn of_active_agent<T>(
        request: &Request<T>,
        store: &Store,
    ) -> Result<Self, Status> {
        let certificate = certificate_of(request)?;
        let end = Self::certificate_end(&certificate).unwrap_or_default();
        if end < Timestamp::now().as_second() {
            return Err(Status::unauthenticated(CERTIFICATE_HAS_ENDED));
        }
        Self::named(&certificate, store).await
    }

    /// The same, but that the certificate may have ended, no longer ago than `grace`.
    pub(crate) async fn that_may_renew<T>(
        request: &Request<T>,
        store: &Store,
        grace: Duration,
    ) -> Result<Self, Status> {
        let certificate = certificate_of(request)?;
        let end = Self::certificate_end(&certificate).unwrap_or_default();
        let grace = i64::try_from(grace.as_secs()).unwrap_or(i64::MAX);
        if end.saturating_add(grace) < Timestamp::now().as_second() {
            return Err(Status::unauthenticated(
                "the certificate has ended too long ago",
            ));
        }
        Self::named(&certificate, store).await
    }

    async fn named(certificate: &[u8], store: &Store) -> Result<Self, Status> {
        let peer = Self::named_in(certificate)
            .ok_or_else(|| Status::unauthenticated("the certificate is not an agent's"))?;
        peer.check(store).await?;
        Ok(peer)
    }

    /// Whether it may still report: a person may have said no since it came.
    pub(super) async fn check(self, store: &Store) -> Result<(), Status> {
        match store
            .of(self.organisation)
            .agent_is_active(self.machine)
            .await
        {
            Ok(true) => Ok(()),
            Ok(false) => Err(Status::permission_denied("this agent has been revoked")),
            Err(error) => {
                tracing::error!(%error, "cannot look up an agent");
                Err(Status::unavailable("the collector's store does not answer"))
            }
        }
    }

    /// In Unix seconds.
    pub(crate) fn certificate_end(certificate: &[u8]) -> Option<i64> {
        let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
        Some(certificate.validity().not_after.timestamp())
    }

    fn named_in(certificate: &[u8]) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
        let names = certificate.subject_alternative_name().ok()??;
        let [GeneralName::URI(uri)] = names.value.general_names.as_slice() else {
            return None;
        };
        let (organisation, machine) = parse_agent_uri(uri)?;
        Some(Self {
            organisation,
            machine,
        })
    }
}

fn certificate_of<T>(request: &Request<T>) -> Result<CertificateDer<'static>, Status> {
    request
        .extensions()
        .get::<ConnectInfo>()
        .and_then(ConnectInfo::peer_certs)
        .and_then(|chain| chain.first().cloned())
        .ok_or_else(|| Status::unauthenticated("a client certificate is needed"))
}
