//! A collector that keeps every message an agent sends, as it came out of TLS, and acknowledges it.
//!
//! The authority and the door are the collector's own; only what lies behind is replaced.

use std::sync::{Arc, Mutex};

use beffroi_collector::{
    authority::Authority,
    listener,
    model::{MachineId, OrganisationId},
    token,
};
use beffroi_proto::v1::{
    Ack, AgentMessage, CollectorMessage, DetachRequest, DetachResponse, EnrolRequest,
    EnrolResponse, PackagePiece, PackageRequest, RenewRequest, RenewResponse, Welcome,
    agent_message, collector_message,
    identity_server::{Identity, IdentityServer},
    uplink_server::{Uplink, UplinkServer},
};
use jiff::Timestamp;
use prost::Message;
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::mpsc};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming, codec::CompressionEncoding, transport::Server};

pub struct Recorder {
    _folder: TempDir,
    address: String,
    token: String,
    bytes: Arc<Mutex<Vec<u8>>>,
}

impl Recorder {
    pub async fn start() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let authority =
            Arc::new(Authority::create(folder.path(), Timestamp::now()).expect("an authority"));
        let (token, _) = token::generate(authority.pin());
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let names = vec!["127.0.0.1".to_owned()];
        let connections =
            listener::accept(listener, Arc::clone(&authority), names).expect("a door");
        let bytes = Arc::default();
        let behind = Behind {
            authority,
            bytes: Arc::clone(&bytes),
        };
        tokio::spawn(
            Server::builder()
                .add_service(
                    UplinkServer::new(behind.clone())
                        .accept_compressed(CompressionEncoding::Zstd)
                        .max_decoding_message_size(usize::MAX),
                )
                .add_service(IdentityServer::new(behind))
                .serve_with_incoming(connections),
        );
        Self {
            _folder: folder,
            address,
            token: token.to_string(),
            bytes,
        }
    }

    pub fn address(&self) -> String {
        self.address.clone()
    }

    pub fn token(&self) -> &str {
        &self.token
    }

    /// Every message received so far.
    pub fn recorded(&self) -> Vec<u8> {
        self.bytes.lock().expect("no panic while recording").clone()
    }
}

#[derive(Clone)]
struct Behind {
    authority: Arc<Authority>,
    bytes: Arc<Mutex<Vec<u8>>>,
}

impl Behind {
    fn record(&self, message: &impl Message) {
        self.bytes
            .lock()
            .expect("no panic while recording")
            .extend(message.encode_to_vec());
    }
}

#[tonic::async_trait]
impl Identity for Behind {
    async fn enrol(
        &self,
        request: Request<EnrolRequest>,
    ) -> Result<Response<EnrolResponse>, Status> {
        let request = request.into_inner();
        self.record(&request);
        let certificate = self
            .authority
            .agent_certificate(
                &request.certificate_request,
                OrganisationId::generate(),
                MachineId::generate(),
                Timestamp::now(),
            )
            .map_err(|error| Status::internal(error.to_string()))?;
        Ok(Response::new(EnrolResponse {
            certificate,
            ca_certificate: self.authority.ca_certificate().to_vec(),
            operator_public_key: self.authority.operator_public_key().to_vec(),
            content_key: vec![7; 32],
            organisation_name: "Commune enregistrée".to_owned(),
        }))
    }

    async fn renew(&self, _: Request<RenewRequest>) -> Result<Response<RenewResponse>, Status> {
        Err(Status::unimplemented(
            "a fresh certificate needs no renewal",
        ))
    }

    async fn detach(&self, _: Request<DetachRequest>) -> Result<Response<DetachResponse>, Status> {
        Err(Status::unimplemented("nobody copies a disk here"))
    }
}

#[tonic::async_trait]
impl Uplink for Behind {
    type DeliverStream = ReceiverStream<Result<CollectorMessage, Status>>;

    async fn deliver(
        &self,
        request: Request<Streaming<AgentMessage>>,
    ) -> Result<Response<Self::DeliverStream>, Status> {
        let (answers, outgoing) = mpsc::channel(16);
        let behind = self.clone();
        tokio::spawn(async move {
            let mut incoming = request.into_inner();
            while let Ok(Some(message)) = incoming.message().await {
                behind.record(&message);
                let body = match message.body {
                    Some(agent_message::Body::Hello(_)) => {
                        collector_message::Body::Welcome(Welcome {
                            last_digest: Vec::new(),
                            last_sequence: 0,
                            collector_time: Timestamp::now().as_millisecond(),
                            organisation_name: String::new(),
                        })
                    }
                    Some(agent_message::Body::Batch(batch)) => collector_message::Body::Ack(Ack {
                        sequence: batch.sequence,
                    }),
                    _ => continue,
                };
                if answers
                    .send(Ok(CollectorMessage { body: Some(body) }))
                    .await
                    .is_err()
                {
                    return;
                }
            }
        });
        Ok(Response::new(ReceiverStream::new(outgoing)))
    }

    type FetchPackageStream = ReceiverStream<Result<PackagePiece, Status>>;

    async fn fetch_package(
        &self,
        _: Request<PackageRequest>,
    ) -> Result<Response<Self::FetchPackageStream>, Status> {
        Err(Status::not_found("nothing is offered"))
    }
}
