//! Takes in what agents report: the `Uplink` service of `uplink.proto`.
//!
//! In: batches over mutual TLS. Out: [`crate::model::Change`]s to the store, and an acknowledgement **after the
//! commit**. A batch that was already applied is acknowledged again and changes nothing. Whose agent is calling is
//! read from its certificate, never from a message.

mod parse;
mod peer;
mod policy;
mod presence;
mod update;

use std::{error::Error, pin::Pin, sync::Arc, time::Duration};

use beffroi_proto::CERTIFICATE_OF_ANOTHER_MACHINE;
use beffroi_proto::v1::{
    Ack, AgentMessage, CollectorMessage, Hello, PackageRequest, Presence, Request as AgentRequest,
    ScanNow, SequencedBatch, SignedPolicy, Welcome, agent_message, collector_message, request,
    uplink_server::Uplink,
};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio::{
    sync::mpsc,
    time::{Instant, interval_at},
};
use tokio_stream::{Stream, wrappers::ReceiverStream};
use tonic::{Request, Response, Status, Streaming};

use self::presence::{Connected, PATIENCE, Place, Question};
use crate::{
    authority::Authority,
    marks,
    model::{Applied, Position, SpoolId},
    packages::Packages,
    store::{OrganisationStore, Store, StoreError},
};

use self::update::PieceStream;
pub use peer::Peer;

/// Messages to one agent that may wait for the network.
const OUTGOING_MESSAGES: usize = 32;
/// How often a connected agent's policy is compared with the one in force, which another program may have changed.
const POLICY_LOOK: Duration = Duration::from_secs(20);
/// How often one is looked at whose ring may have opened: each look reads all machines of the town.
const UPDATE_LOOK: Duration = Duration::from_secs(300);

pub struct Ingest {
    store: Store,
    authority: Arc<Authority>,
    /// Told after each commit, so that `jobs` draws the conclusions.
    committed: Arc<tokio::sync::Notify>,
    packages: Packages,
    connected: Arc<Connected>,
}

impl Ingest {
    pub fn new(
        store: Store,
        authority: Arc<Authority>,
        committed: Arc<tokio::sync::Notify>,
        packages: Packages,
    ) -> Self {
        Self {
            store,
            authority,
            committed,
            packages,
            connected: Arc::default(),
        }
    }
}

type Outgoing = Result<CollectorMessage, Status>;

#[tonic::async_trait]
impl Uplink for Ingest {
    type DeliverStream = Pin<Box<dyn Stream<Item = Outgoing> + Send>>;

    async fn deliver(
        &self,
        request: Request<Streaming<AgentMessage>>,
    ) -> Result<Response<Self::DeliverStream>, Status> {
        let peer = Peer::of_active_agent(&request, &self.store).await?;
        let (outgoing, answers) = mpsc::channel(OUTGOING_MESSAGES);
        let session = Session {
            peer,
            store: self.store.clone(),
            authority: Arc::clone(&self.authority),
            committed: Arc::clone(&self.committed),
            connected: Arc::clone(&self.connected),
            outgoing,
        };
        tokio::spawn(session.run(request.into_inner()));
        Ok(Response::new(Box::pin(ReceiverStream::new(answers))))
    }

    type FetchPackageStream = PieceStream;

    async fn fetch_package(
        &self,
        request: Request<PackageRequest>,
    ) -> Result<Response<PieceStream>, Status> {
        self.hand_over(request).await
    }
}

/// One agent's stream, from Hello to its end.
struct Session {
    peer: Peer,
    store: Store,
    authority: Arc<Authority>,
    committed: Arc<tokio::sync::Notify>,
    connected: Arc<Connected>,
    outgoing: mpsc::Sender<Outgoing>,
}

impl Session {
    async fn run(self, incoming: Streaming<AgentMessage>) {
        let Err(status) = self.serve(incoming).await else {
            return;
        };
        tracing::info!(organisation = %self.peer.organisation, machine = %self.peer.machine, %status, "stream refused");
        // Fails only when the agent is already gone.
        let _ = self.outgoing.send(Err(status)).await;
    }

    async fn serve(&self, mut incoming: Streaming<AgentMessage>) -> Result<(), Status> {
        let Some(agent_message::Body::Hello(hello)) = next_body(&mut incoming).await? else {
            return Err(Status::failed_precondition(
                "the first message must be Hello",
            ));
        };
        let spool = parse::spool_id(&hello.spool_id)?;
        let mut place = self.recognise(&hello).await?;
        let mut asked: Vec<(Vec<u8>, Question)> = Vec::new();
        let mut policy_version = self.welcome(&hello, spool).await?;
        let mut offered = None;
        self.offer_update(&hello, &mut offered).await?;
        let mut update_looks = interval_at(Instant::now() + UPDATE_LOOK, UPDATE_LOOK);
        let mut looks = interval_at(Instant::now() + POLICY_LOOK, POLICY_LOOK);
        loop {
            let body = tokio::select! {
                body = next_body(&mut incoming) => body?,
                question = question(&mut place) => {
                    // Another stream of this agent has taken over.
                    let Some(question) = question else { return Ok(()) };
                    let presence = Presence { question: rand::random::<[u8; 16]>().to_vec() };
                    asked.push((presence.question.clone(), question));
                    self.send(collector_message::Body::Presence(presence)).await?;
                    continue;
                }
                _ = looks.tick() => {
                    self.peer.check(&self.store).await?;
                    asked.retain(|(_, question)| !question.is_closed());
                    policy_version = self.send_policy_after(policy_version).await?;
                    continue;
                }
                _ = update_looks.tick() => {
                    self.offer_update(&hello, &mut offered).await?;
                    continue;
                }
            };
            let Some(body) = body else {
                return Ok(());
            };
            match body {
                agent_message::Body::Batch(_) if place.is_none() => {
                    return Err(Status::failed_precondition(
                        "a stream that does not name its run reports nothing",
                    ));
                }
                agent_message::Body::Batch(batch) => self.commit(spool, batch).await?,
                agent_message::Body::Presence(presence) => {
                    let ours = asked.iter().position(|(id, _)| *id == presence.question);
                    if let Some(ours) = ours {
                        // Whoever asked may have lost patience.
                        let _ = asked.swap_remove(ours).1.send(());
                    }
                }
                agent_message::Body::PolicyOutcome(outcome) if outcome.accepted => {
                    tracing::info!(machine = %self.peer.machine, version = outcome.version, "policy accepted");
                }
                agent_message::Body::PolicyOutcome(outcome) => {
                    tracing::warn!(machine = %self.peer.machine, version = outcome.version, "policy refused");
                }
                agent_message::Body::UpdateOutcome(outcome) => self.take_outcome(outcome).await?,
                agent_message::Body::Hello(_) => {
                    return Err(Status::failed_precondition("Hello was already said"));
                }
            }
        }
    }

    /// Makes sure that this is the machine of its certificate, and the only one: reports of two never mix.
    async fn recognise(&self, hello: &Hello) -> Result<Option<Place>, Status> {
        let another = |how: &'static str| {
            tracing::warn!(organisation = %self.peer.organisation, machine = %self.peer.machine, how, "certificate of another machine");
            Status::aborted(CERTIFICATE_OF_ANOTHER_MACHINE)
        };
        let shown = parse::marks(&hello.marks)?;
        let is_bound = self
            .store()
            .bind_marks(self.peer.machine, &shown, marks::may_be_one_machine)
            .await
            .map_err(unavailable)?;
        if !is_bound {
            return Err(another("marks"));
        }
        if hello.run_id.is_empty() {
            return Ok(None);
        }
        let place = self
            .connected
            .take(self.peer, &hello.run_id, PATIENCE)
            .await;
        place.map(Some).map_err(|_| another("connected"))
    }

    /// Gives the version of the policy that the agent has then.
    async fn welcome(&self, hello: &Hello, spool: SpoolId) -> Result<u64, Status> {
        let now = Timestamp::now();
        let store = self.store();
        let offset = hello.agent_time.saturating_sub(now.as_millisecond()) / 1000;
        store
            .machine_seen(
                self.peer.machine,
                &hello.agent_version,
                &hello.rules_version,
                offset,
                now,
            )
            .await
            .map_err(unavailable)?;
        let last = store
            .last_position(self.peer.machine, spool)
            .await
            .map_err(unavailable)?;
        let organisation = self
            .store
            .organisation(self.peer.organisation)
            .await
            .map_err(unavailable)?;
        self.send(collector_message::Body::Welcome(Welcome {
            last_sequence: last.sequence,
            collector_time: now.as_millisecond(),
            organisation_name: organisation.name,
            last_digest: last.digest.map(Vec::from).unwrap_or_default(),
        }))
        .await?;
        self.send_policy_after(hello.policy_version).await
    }

    /// Sends the policy in force if the agent's is older; gives the version that the agent then has.
    async fn send_policy_after(&self, held: u64) -> Result<u64, Status> {
        let store = self.store();
        let policy = store.policy().await.map_err(unavailable)?;
        if policy.version <= held {
            return Ok(held);
        }
        let version = policy.version;
        let allowances = store.allowances().await.map_err(unavailable)?;
        let policy = policy::message(
            self.peer.organisation,
            policy,
            &allowances,
            Timestamp::now(),
        );
        let signed = SignedPolicy {
            signature: self.authority.sign_policy(&policy),
            policy,
        };
        self.send(collector_message::Body::Policy(signed)).await?;
        Ok(version)
    }

    async fn commit(&self, spool: SpoolId, batch: SequencedBatch) -> Result<(), Status> {
        let changes = parse::batch(&batch.batch)?;
        let position = Position {
            sequence: batch.sequence,
            digest: Some(Sha256::digest(&batch.batch).into()),
        };
        let applied = self
            .store()
            .apply_batch(
                self.peer.machine,
                spool,
                position,
                &changes,
                Timestamp::now(),
            )
            .await
            .map_err(unavailable)?;
        self.send(collector_message::Body::Ack(Ack {
            sequence: batch.sequence,
        }))
        .await?;
        let Applied::Committed { resend } = applied else {
            return Ok(());
        };
        self.committed.notify_one();
        for root in resend {
            tracing::warn!(machine = %self.peer.machine, "sums of a pass differ: asking for it again");
            let reason = "sums of the last pass differ".to_owned();
            self.send(collector_message::Body::Request(AgentRequest {
                what: Some(request::What::ScanNow(ScanNow { root, reason })),
            }))
            .await?;
        }
        Ok(())
    }

    fn store(&self) -> OrganisationStore<'_> {
        self.store.of(self.peer.organisation)
    }

    async fn send(&self, body: collector_message::Body) -> Result<(), Status> {
        self.outgoing
            .send(Ok(CollectorMessage { body: Some(body) }))
            .await
            .map_err(|_| Status::cancelled("the agent is gone"))
    }
}

/// Never, for a stream that holds no place.
async fn question(place: &mut Option<Place>) -> Option<Question> {
    match place {
        Some(place) => place.questions.recv().await,
        None => std::future::pending().await,
    }
}

/// The next message that has a body this version knows; a newer agent may say more. None: the agent is gone, by a
/// farewell or by a cable that was pulled, which is all the same since it keeps what was not acknowledged.
async fn next_body(
    incoming: &mut Streaming<AgentMessage>,
) -> Result<Option<agent_message::Body>, Status> {
    loop {
        match incoming.message().await {
            Ok(Some(AgentMessage { body: Some(body) })) => return Ok(Some(body)),
            Ok(Some(_)) => {}
            Ok(None) => return Ok(None),
            Err(status) if status.source().is_some() => {
                tracing::debug!(%status, "an agent is gone");
                return Ok(None);
            }
            Err(status) => return Err(status),
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the form that map_err wants")]
fn unavailable(error: StoreError) -> Status {
    tracing::error!(%error, "the store failed");
    Status::unavailable("the collector's store does not answer")
}
