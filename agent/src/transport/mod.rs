//! Carries the spool to the collector, and the collector's wishes back.
//!
//! In: the spool. Out: acknowledgements to the spool; policies and requests to `schedule`, through channels. One
//! stream at a time, opened again after a pause that grows from half a second to five minutes, at each address of the
//! collector in turn. Called by the `run`
//! verb; [`connect`] also by `enrol`.

mod detach;
mod package;
mod position;
mod proxy;
mod renewal;
mod tls;

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use beffroi_proto::v1::{
    AgentMessage, Batch, CollectorMessage, Hello, PolicyOutcome, Report, SequencedBatch,
    SignedPolicy, SpoolLoss, Welcome, agent_message, collector_message, report, request,
    uplink_client::UplinkClient,
};
use beffroi_proto::{CERTIFICATE_HAS_ENDED, CERTIFICATE_OF_ANOTHER_MACHINE, TOO_MANY_COPIES};
use jiff::Timestamp;
use prost::Message;
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::JoinHandle;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status, Streaming, codec::CompressionEncoding, transport::Channel};

use crate::{
    enrol::PendingKeyError,
    identity::{Identity, IdentityError},
    policy::Policy,
    spool::{Entry, Spool, SpoolError},
    state::StateFolder,
    update::{Updates, own_version},
};

pub use detach::detach;
pub use proxy::Proxy;
pub use renewal::Renewal;
pub use tls::ConnectError;
pub(crate) use tls::{Trust, connect, public_key_hash, split_address};

const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// Batches sent and not yet acknowledged.
const WINDOW: u64 = 16;
const ANSWER_LIMIT: Duration = Duration::from_secs(30);
/// A clock that is off by more is told to the technician.
pub const CLOCK_TOLERANCE_SECONDS: i64 = 300;

/// What the transport needs from the rest of the agent.
pub struct Transport {
    pub state: StateFolder,
    pub identity: Mutex<Arc<Identity>>,
    pub spool: Arc<Spool>,
    pub rules_version: String,
    /// The policy in force; `schedule` watches it.
    pub policy: watch::Sender<Option<Policy>>,
    /// Roots to scan again at once; empty means all.
    pub rescans: mpsc::UnboundedSender<String>,
    pub proxy: Proxy,
    pub renewal: Mutex<Renewal>,
    /// None: nobody would start a newer program, so that none is asked for.
    pub updates: Option<Arc<Updates>>,
    /// Told when a newer program is there: the service is to start again.
    pub updated: Arc<Notify>,
    /// The package that is being fetched.
    pub fetching: Mutex<Option<JoinHandle<()>>>,
    /// Of this run of the program: a second machine with the same certificate has another.
    pub run_id: [u8; 16],
}

/// Why a stream ended.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(
        "l'opérateur a révoqué cet agent ; s'il doit revenir, enrôlez-le avec un nouveau jeton"
    )]
    Revoked,
    /// The collector knows the machine of this certificate by other marks, or is speaking with it now.
    #[error("le certificat de cet agent est celui d'une autre machine (disque cloné ?)")]
    AnotherMachine,
    #[error(
        "le collecteur a déjà admis beaucoup de copies d'une machine : faites vérifier la page « Rapprochements », ou enrôlez cette machine avec son propre jeton"
    )]
    TooManyCopies,
    #[error(transparent)]
    CertificateEnded(ConnectError),
    #[error("la liaison avec le collecteur est coupée ({0}) ; la file d'attente garde tout")]
    Lost(String),
    #[error(transparent)]
    Spool(#[from] SpoolError),
    #[error(transparent)]
    Identity(#[from] IdentityError),
    #[error("impossible de faire une clé : {0}")]
    Key(#[from] rcgen::Error),
    #[error(transparent)]
    PendingKey(#[from] PendingKeyError),
}

impl Transport {
    /// Delivers for ever, or until `attempts` connections in a row have failed, or the certificate is another machine's.
    pub async fn run(&self, attempts: Option<usize>) -> TransportError {
        let mut failures = 0;
        let mut pause = FIRST_PAUSE;
        let mut told = HashSet::new();
        loop {
            let mut welcomed = false;
            let collectors = self.collectors();
            let Some(collector) = collectors.get(failures % collectors.len().max(1)) else {
                continue;
            };
            let error = match self.deliver(collector, &mut welcomed).await {
                Ok(()) => continue,
                Err(TransportError::CertificateEnded(_)) if self.ask_for_renewal() => continue,
                Err(error) => error,
            };
            if welcomed {
                (failures, pause) = (0, FIRST_PAUSE);
                told.clear();
            }
            failures += 1;
            let is_elsewhere = matches!(error, TransportError::AnotherMachine);
            if is_elsewhere || attempts.is_some_and(|attempts| failures >= attempts) {
                return error;
            }
            let message = error.to_string();
            if !told.contains(&message) {
                tracing::warn!("{message}");
                told.insert(message);
            }
            // Between half and the whole, so that a thousand agents do not come back at the same second.
            tokio::time::sleep(pause.mul_f64(0.5 + rand::random::<f64>() / 2.0)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// One stream, from its opening to its end. `Ok` when it must be opened again at once.
    async fn deliver(&self, collector: &str, welcomed: &mut bool) -> Result<(), TransportError> {
        let identity = self.identity();
        let trust = Trust::Certificate(identity.ca_certificate.clone());
        let channel = connect(collector, &self.proxy, trust, Some(&identity)).await?;
        if self.renewal_begins(&identity) {
            return self.renew(collector, &identity, channel).await;
        }
        let (outgoing, messages) = mpsc::channel(32);
        send(&outgoing, agent_message::Body::Hello(self.hello())).await?;
        let lost = |status: Status| refusal(&status, collector);
        let mut incoming = UplinkClient::new(channel.clone())
            .send_compressed(CompressionEncoding::Zstd)
            .max_decoding_message_size(beffroi_proto::MAX_BATCH_BYTES)
            .deliver(ReceiverStream::new(messages))
            .await
            .map_err(lost)?
            .into_inner();
        let welcome = welcome(&mut incoming).await.map_err(lost)?;
        *welcomed = true;
        tell_clock_offset(&welcome);
        if !self.agree_on_position(&welcome)? {
            return Ok(());
        }
        self.tell_of_updates(&outgoing).await?;
        let mut sent = self.spool.last_acknowledged();
        loop {
            sent = self.fill_window(sent, &outgoing).await?;
            tokio::select! {
                message = incoming.message() => match message.map_err(lost)? {
                    Some(message) => self.receive(message, &identity, &channel, &outgoing).await?,
                    None => return Err(TransportError::Lost("le collecteur s'arrête".to_owned())),
                },
                () = self.spool.wait_for_append() => {}
            }
        }
    }

    /// Sends what waits, as far as the window allows; gives the last sequence sent.
    async fn fill_window(
        &self,
        mut sent: u64,
        outgoing: &mpsc::Sender<AgentMessage>,
    ) -> Result<u64, TransportError> {
        let mut damaged = Vec::new();
        while sent.saturating_sub(self.spool.last_acknowledged()) < WINDOW {
            match self.spool.next_after(sent)? {
                None => break,
                Some(Entry::Batch { sequence, bytes }) => {
                    let batch = SequencedBatch {
                        sequence,
                        batch: bytes,
                    };
                    send(outgoing, agent_message::Body::Batch(batch)).await?;
                    sent = sequence;
                }
                Some(Entry::Damaged { sequence }) => damaged.push(sequence),
            }
        }
        if !damaged.is_empty() {
            self.report_loss(&damaged)?;
        }
        Ok(sent)
    }

    async fn receive(
        &self,
        message: CollectorMessage,
        identity: &Identity,
        channel: &Channel,
        outgoing: &mpsc::Sender<AgentMessage>,
    ) -> Result<(), TransportError> {
        match message.body {
            Some(collector_message::Body::Ack(ack)) => {
                self.spool.acknowledge(ack.sequence)?;
                self.confirm_update(outgoing).await?;
            }
            Some(collector_message::Body::UpdateOffer(offer)) => {
                self.answer_offer(offer, channel, outgoing).await?;
            }
            Some(collector_message::Body::Policy(signed)) => {
                let outcome = self.take_policy(&signed, identity);
                send(outgoing, agent_message::Body::PolicyOutcome(outcome)).await?;
            }
            Some(collector_message::Body::Request(wish)) => match wish.what {
                Some(request::What::ScanNow(scan)) => self.rescan(scan.root),
                // A wish of a newer collector.
                None => {}
            },
            Some(collector_message::Body::Presence(presence)) => {
                send(outgoing, agent_message::Body::Presence(presence)).await?;
            }
            Some(collector_message::Body::Welcome(_)) | None => {}
        }
        Ok(())
    }

    fn take_policy(&self, signed: &SignedPolicy, identity: &Identity) -> PolicyOutcome {
        let held = self
            .policy
            .borrow()
            .as_ref()
            .map_or(0, |policy| policy.version);
        match Policy::accept(signed, held, &self.state, identity) {
            Ok(policy) => {
                let version = policy.version;
                tracing::info!(version, "nouvelle politique en vigueur");
                self.policy.send_replace(Some(policy));
                PolicyOutcome {
                    version,
                    accepted: true,
                    reason: String::new(),
                }
            }
            Err(error) => {
                tracing::warn!("la politique du collecteur est refusée : {error}");
                PolicyOutcome {
                    version: held,
                    accepted: false,
                    reason: error.to_string(),
                }
            }
        }
    }

    fn report_loss(&self, sequences: &[u64]) -> Result<(), TransportError> {
        tracing::error!(
            ?sequences,
            "des lots de la file d'attente sont abîmés : l'agent refait une analyse complète"
        );
        let loss = SpoolLoss {
            batches: sequences.len() as u64,
            detail: format!("lots illisibles : {sequences:?}"),
            ..SpoolLoss::default()
        };
        let report = Report {
            about: Some(report::About::SpoolLoss(loss)),
        };
        let reports = vec![report];
        self.spool
            .append_notice(&Batch { reports }.encode_to_vec())?;
        self.rescan(String::new());
        Ok(())
    }

    /// Where the collector may answer, the likeliest first.
    fn collectors(&self) -> Vec<String> {
        collectors(&self.identity(), self.policy.borrow().as_ref())
    }

    fn hello(&self) -> Hello {
        Hello {
            spool_id: self.spool.id().to_vec(),
            agent_version: own_version().to_owned(),
            rules_version: self.rules_version.clone(),
            policy_version: self
                .policy
                .borrow()
                .as_ref()
                .map_or(0, |policy| policy.version),
            agent_time: Timestamp::now().as_millisecond(),
            platform: self
                .updates
                .as_ref()
                .map_or_else(String::new, |updates| updates.platform()),
            marks: self.identity().marks.messages(),
            run_id: self.run_id.to_vec(),
        }
    }

    fn identity(&self) -> Arc<Identity> {
        Arc::clone(&self.identity.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn rescan(&self, root: String) {
        // Nobody listens when the agent is stopping; the next start scans anyway.
        let _ = self.rescans.send(root);
    }
}

/// Where the collector may answer: as the policy says, then where the agent was enrolled.
pub fn collectors(identity: &Identity, policy: Option<&Policy>) -> Vec<String> {
    let mut all = policy.map_or_else(Vec::new, |policy| policy.collectors.clone());
    if !all.contains(&identity.collector) {
        all.push(identity.collector.clone());
    }
    all
}

/// Says Hello and nothing more, for `doctor` and `move`; gives the collector's time.
pub async fn greet(
    identity: &Identity,
    collector: &str,
    proxy: &Proxy,
    rules_version: &str,
) -> Result<Timestamp, TransportError> {
    let trust = Trust::Certificate(identity.ca_certificate.clone());
    let channel = connect(collector, proxy, trust, Some(identity)).await?;
    let hello = Hello {
        // A spool that never holds anything.
        spool_id: vec![0; 16],
        agent_version: own_version().to_owned(),
        rules_version: rules_version.to_owned(),
        policy_version: u64::MAX,
        agent_time: Timestamp::now().as_millisecond(),
        platform: String::new(),
        marks: identity.marks.messages(),
        run_id: Vec::new(),
    };
    let (outgoing, messages) = mpsc::channel(1);
    send(&outgoing, agent_message::Body::Hello(hello)).await?;
    let lost = |status: Status| refusal(&status, collector);
    let mut incoming = UplinkClient::new(channel)
        .deliver(ReceiverStream::new(messages))
        .await
        .map_err(lost)?
        .into_inner();
    let welcome = welcome(&mut incoming).await.map_err(lost)?;
    Timestamp::from_millisecond(welcome.collector_time)
        .map_err(|_| TransportError::Lost("l'heure du collecteur est illisible".to_owned()))
}

async fn welcome(incoming: &mut Streaming<CollectorMessage>) -> Result<Welcome, Status> {
    let answer = tokio::time::timeout(ANSWER_LIMIT, incoming.message())
        .await
        .map_err(|_| Status::deadline_exceeded("no Welcome"))??;
    match answer.and_then(|message| message.body) {
        Some(collector_message::Body::Welcome(welcome)) => Ok(welcome),
        _ => Err(Status::failed_precondition(
            "the first answer must be Welcome",
        )),
    }
}

async fn send(
    outgoing: &mpsc::Sender<AgentMessage>,
    body: agent_message::Body,
) -> Result<(), TransportError> {
    outgoing
        .send(AgentMessage { body: Some(body) })
        .await
        .map_err(|_| TransportError::Lost("le flux est fermé".to_owned()))
}

/// In TLS 1.3 the collector's verdict on our certificate arrives after the handshake, as an error of the stream.
fn refusal(status: &Status, collector: &str) -> TransportError {
    match status.code() {
        Code::PermissionDenied => TransportError::Revoked,
        Code::Aborted if status.message() == CERTIFICATE_OF_ANOTHER_MACHINE => {
            TransportError::AnotherMachine
        }
        Code::ResourceExhausted if status.message() == TOO_MANY_COPIES => {
            TransportError::TooManyCopies
        }
        Code::Unauthenticated => {
            let error = ConnectError::CertificateRefused {
                collector: collector.to_owned(),
                reason: status.message().to_owned(),
            };
            if status.message() == CERTIFICATE_HAS_ENDED {
                TransportError::CertificateEnded(error)
            } else {
                TransportError::Connect(error)
            }
        }
        _ if std::error::Error::source(status).is_some() => {
            match ConnectError::of(status, collector) {
                ConnectError::Unreachable { reason, .. } => TransportError::Lost(reason),
                refused => refused.into(),
            }
        }
        _ => TransportError::Lost(status.message().to_owned()),
    }
}

fn tell_clock_offset(welcome: &Welcome) {
    let offset = (Timestamp::now().as_millisecond() - welcome.collector_time) / 1000;
    if offset.abs() <= CLOCK_TOLERANCE_SECONDS {
        return;
    }
    let direction = if offset > 0 { "avance" } else { "retarde" };
    let minutes = offset.abs() / 60;
    tracing::warn!(
        "l'horloge de cette machine {direction} de {} h {} min sur celle du collecteur : mettez-la à l'heure \
         (l'agent continue, les dates du collecteur font foi)",
        minutes / 60,
        minutes % 60
    );
}
