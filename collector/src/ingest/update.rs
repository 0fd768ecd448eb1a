//! Offers newer programs to agents, hands them over, and takes in what became of them.

use std::{io, pin::Pin};

use beffroi_proto::{
    package::PIECE_BYTES,
    v1::{
        Hello, PackagePiece, PackageRequest, UpdateOffer, UpdateOutcome, collector_message,
        update_outcome::State,
    },
};
use jiff::Timestamp;
use tokio::{fs::File, io::AsyncReadExt, sync::mpsc};
use tokio_stream::{Stream, wrappers::ReceiverStream};
use tonic::{Request, Response, Status};

use super::{Ingest, Session, peer::Peer, unavailable};
use crate::{
    model::{Package, Upgrade, UpgradeState},
    rollout::Rollout,
    store::StoreError,
};

/// Pieces that may wait for the network.
const WAITING_PIECES: usize = 4;
/// What an agent may say of a version; the rest is cut.
const MAX_REASON_CHARS: usize = 500;
/// A version and a platform are short.
const MAX_WORD_BYTES: usize = 128;

pub(super) type PieceStream = Pin<Box<dyn Stream<Item = Result<PackagePiece, Status>> + Send>>;

impl Ingest {
    pub(super) async fn hand_over(
        &self,
        request: Request<PackageRequest>,
    ) -> Result<Response<PieceStream>, Status> {
        Peer::of_active_agent(&request, &self.store).await?;
        let wanted = request.into_inner();
        let package = match self.store.package(&wanted.version, &wanted.platform).await {
            Err(StoreError::NotFound) => return Err(Status::not_found("no such package")),
            found => found.map_err(unavailable)?,
        };
        if wanted.offset > package.size_bytes {
            return Err(Status::not_found("the offset is beyond the end"));
        }
        let file = self
            .packages
            .open(&package.version, &package.platform, wanted.offset)
            .map_err(|error| lost(&package, &error))?;
        let (pieces, answers) = mpsc::channel(WAITING_PIECES);
        tokio::spawn(send_all(File::from_std(file), pieces));
        Ok(Response::new(Box::pin(ReceiverStream::new(answers))))
    }
}

/// Until the end, or until the agent is gone.
async fn send_all(mut file: File, pieces: mpsc::Sender<Result<PackagePiece, Status>>) {
    loop {
        let mut bytes = vec![0; PIECE_BYTES];
        let piece = match file.read(&mut bytes).await {
            Ok(0) => return,
            Ok(read) => {
                bytes.truncate(read);
                Ok(PackagePiece { bytes })
            }
            Err(error) => Err(Status::unavailable(error.to_string())),
        };
        let was_last = piece.is_err();
        if pieces.send(piece).await.is_err() || was_last {
            return;
        }
    }
}

fn lost(package: &Package, error: &io::Error) -> Status {
    let Package {
        version, platform, ..
    } = package;
    tracing::error!(%error, version, platform, "a package of the store has no file");
    Status::not_found("the package is not there")
}

impl Session {
    /// Offers what the machine's ring is offered, a version once in a stream: `offered` is the one that was.
    pub(super) async fn offer_update(
        &self,
        hello: &Hello,
        offered: &mut Option<String>,
    ) -> Result<(), Status> {
        let store = self.store();
        let Some(offer) = store.update_offer().await.map_err(unavailable)? else {
            return Ok(());
        };
        if offered.as_ref() == Some(&offer.version) || hello.agent_version == offer.version {
            return Ok(());
        }
        let machines = store.machines().await.map_err(unavailable)?;
        let upgrades = store.upgrades(&offer.version).await.map_err(unavailable)?;
        let rollout = Rollout::new(&offer, &machines, &upgrades);
        let ours = machines
            .iter()
            .find(|machine| machine.id == self.peer.machine);
        if !ours.is_some_and(|machine| rollout.is_offered_to(machine)) {
            return Ok(());
        }
        *offered = Some(offer.version.clone());
        let reason = match self.store.package(&offer.version, &hello.platform).await {
            Ok(package) => {
                let offer = UpdateOffer {
                    version: package.version,
                    size_bytes: package.size_bytes,
                    signature: package.signature,
                };
                return self.send(collector_message::Body::UpdateOffer(offer)).await;
            }
            Err(StoreError::NotFound) if hello.platform.is_empty() => {
                "cet agent ne prend pas de mise à jour (pas de clé dans sa configuration, lancé à la main, ou Windows)".to_owned()
            }
            Err(StoreError::NotFound) => {
                format!("aucun paquet de cette version pour {}", hello.platform)
            }
            Err(error) => return Err(unavailable(error)),
        };
        self.note(offer.version, UpgradeState::Refused, reason)
            .await
    }

    pub(super) async fn take_outcome(&self, outcome: UpdateOutcome) -> Result<(), Status> {
        let state = match outcome.state() {
            State::Refused => UpgradeState::Refused,
            State::OnTrial => UpgradeState::OnTrial,
            State::Runs => UpgradeState::Runs,
            State::RolledBack => UpgradeState::RolledBack,
            // Of a newer agent.
            State::Unknown => return Ok(()),
        };
        if outcome.version.len() > MAX_WORD_BYTES {
            return Err(Status::invalid_argument("no version is that long"));
        }
        let reason = outcome.reason.chars().take(MAX_REASON_CHARS).collect();
        self.note(outcome.version, state, reason).await
    }

    async fn note(
        &self,
        version: String,
        state: UpgradeState,
        reason: String,
    ) -> Result<(), Status> {
        tracing::info!(machine = %self.peer.machine, version, ?state, reason, "update");
        let upgrade = Upgrade {
            machine: self.peer.machine,
            version,
            state,
            reason,
            at: Timestamp::now(),
        };
        self.store()
            .note_upgrade(&upgrade)
            .await
            .map_err(unavailable)
    }
}
