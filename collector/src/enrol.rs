//! How a machine becomes an agent, and stays one: the `Identity` service of `identity.proto`.
//!
//! In: a token and a certificate request, or a valid certificate and a new request. Out: a certificate that names
//! organisation and machine. (A certificate that has just ended will do.) Errors are sentences in English for the agent's log; the agent turns the code into
//! what its technician should do.

use std::{sync::Arc, time::Duration};

use beffroi_proto::TOO_MANY_COPIES;
use beffroi_proto::v1::{
    DetachRequest, DetachResponse, EnrolRequest, EnrolResponse, RenewRequest, RenewResponse,
    identity_server::Identity,
};
use jiff::Timestamp;
use tonic::{Request, Response, Status};

use crate::{
    authority::{Authority, AuthorityError, request_key_hash},
    config::Agents,
    ingest::Peer,
    store::{DetachError, DetachLimit, Detaching, Newcomer, RedeemError, Store},
    token,
};

pub struct Enrolment {
    store: Store,
    authority: Arc<Authority>,
    /// How long after its end a certificate may be renewed.
    grace: Duration,
    /// How many copies of machines a town takes in within [`COPIES_COUNT_FOR`].
    most_copies: u64,
}

const COPIES_COUNT_FOR: Duration = Duration::from_secs(30 * 24 * 3600);

impl Enrolment {
    pub fn new(store: Store, authority: Arc<Authority>, config: &Agents) -> Self {
        Self {
            store,
            authority,
            grace: config.renewal_grace(),
            most_copies: config.copies_per_month.into(),
        }
    }
}

#[tonic::async_trait]
impl Identity for Enrolment {
    async fn enrol(
        &self,
        request: Request<EnrolRequest>,
    ) -> Result<Response<EnrolResponse>, Status> {
        let request = request.into_inner();
        let now = Timestamp::now();
        let tag = shortened(request.tag.trim());
        let public_key_hash = request_key_hash(&request.certificate_request).map_err(refusal)?;
        let redeemed = self
            .store
            .redeem_token(
                token::secret_hash(&request.token_secret),
                Newcomer {
                    public_key_hash,
                    host_name: &shortened(&request.host_name),
                    tag: (!tag.is_empty()).then_some(tag.as_str()),
                    agent_version: &shortened(&request.agent_version),
                },
                now,
            )
            .await
            .map_err(token_refusal)?;
        let organisation = redeemed.organisation;
        let certificate = self
            .authority
            .agent_certificate(
                &request.certificate_request,
                organisation.id,
                redeemed.machine,
                now,
            )
            .map_err(refusal)?;
        tracing::info!(organisation = %organisation.id, machine = %redeemed.machine, "agent enrolled");
        Ok(Response::new(EnrolResponse {
            certificate,
            ca_certificate: self.authority.ca_certificate().to_vec(),
            operator_public_key: self.authority.operator_public_key().to_vec(),
            content_key: redeemed.content_key.to_vec(),
            organisation_name: organisation.name,
        }))
    }

    async fn renew(
        &self,
        request: Request<RenewRequest>,
    ) -> Result<Response<RenewResponse>, Status> {
        let peer = Peer::that_may_renew(&request, &self.store, self.grace).await?;
        let certificate = self
            .authority
            .agent_certificate(
                &request.into_inner().certificate_request,
                peer.organisation,
                peer.machine,
                Timestamp::now(),
            )
            .map_err(refusal)?;
        tracing::info!(organisation = %peer.organisation, machine = %peer.machine, "certificate renewed");
        Ok(Response::new(RenewResponse { certificate }))
    }

    async fn detach(
        &self,
        request: Request<DetachRequest>,
    ) -> Result<Response<DetachResponse>, Status> {
        let peer = Peer::that_may_renew(&request, &self.store, self.grace).await?;
        let request = request.into_inner();
        let now = Timestamp::now();
        let limit = DetachLimit {
            most: self.most_copies,
            since: now - COPIES_COUNT_FOR,
        };
        let detaching = Detaching {
            public_key_hash: request_key_hash(&request.certificate_request).map_err(refusal)?,
            host_name: &shortened(&request.host_name),
            agent_version: &shortened(&request.agent_version),
        };
        let machine = self
            .store
            .of(peer.organisation)
            .detach(peer.machine, detaching, limit, now)
            .await
            .map_err(detach_refusal)?;
        let certificate = self
            .authority
            .agent_certificate(
                &request.certificate_request,
                peer.organisation,
                machine,
                now,
            )
            .map_err(refusal)?;
        tracing::warn!(organisation = %peer.organisation, origin = %peer.machine, %machine, "copy of a machine detached");
        Ok(Response::new(DetachResponse { certificate }))
    }
}

fn detach_refusal(error: DetachError) -> Status {
    match error {
        DetachError::TooMany => Status::resource_exhausted(TOO_MANY_COPIES),
        DetachError::Store(error) => {
            tracing::error!(%error, "cannot detach a copy");
            Status::unavailable("the collector's store does not answer")
        }
    }
}

/// What a stranger names itself is kept short: it is stored before anybody vouches for it.
fn shortened(text: &str) -> String {
    text.chars().take(255).collect()
}

fn token_refusal(error: RedeemError) -> Status {
    match error {
        RedeemError::Unknown => Status::unauthenticated("unknown token"),
        RedeemError::Expired => Status::permission_denied("the token has expired"),
        RedeemError::Spent => Status::permission_denied(
            "the token was already used by as many machines as it was made for",
        ),
        RedeemError::Store(error) => {
            tracing::error!(%error, "cannot redeem a token");
            Status::unavailable("the collector's store does not answer")
        }
    }
}

fn refusal(error: AuthorityError) -> Status {
    match error {
        AuthorityError::BadRequest => Status::invalid_argument("unreadable certificate request"),
        error => {
            tracing::error!(%error, "cannot make a certificate");
            Status::internal("the collector cannot make a certificate")
        }
    }
}
