//! Who is calling, by the certificate of the connection.

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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    pub organisation: OrganisationId,
    pub machine: MachineId,
}

impl Peer {
    /// The agent behind the connection, provided that it is not revoked. TLS has already checked that our CA signed
    /// its certificate.
    pub(crate) async fn of_active_agent<T>(
        request: &Request<T>,
        store: &Store,
    ) -> Result<Self, Status> {
        let certificate = request
            .extensions()
            .get::<ConnectInfo>()
            .and_then(ConnectInfo::peer_certs)
            .and_then(|chain| chain.first().cloned())
            .ok_or_else(|| Status::unauthenticated("a client certificate is needed"))?;
        let peer = Self::named_in(&certificate)
            .ok_or_else(|| Status::unauthenticated("the certificate is not an agent's"))?;
        match store
            .of(peer.organisation)
            .agent_is_active(peer.machine)
            .await
        {
            Ok(true) => Ok(peer),
            Ok(false) => Err(Status::permission_denied("this agent has been revoked")),
            Err(error) => {
                tracing::error!(%error, "cannot look up an agent");
                Err(Status::unavailable("the collector's store does not answer"))
            }
        }
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
