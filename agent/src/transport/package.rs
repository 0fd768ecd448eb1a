//! Fetches a package that the collector offers, and tells what became of it.
//!
//! In: offers. Out: the package, to [`crate::update`], which believes nothing of it before it is checked; words about it, to the
//! collector. At a background pace, beside the reports, from where an earlier stream broke off. Called by the transport.

use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};

use beffroi_proto::{
    package::PIECE_BYTES,
    v1::{
        AgentMessage, PackageRequest, UpdateOffer, UpdateOutcome, agent_message,
        update_outcome::State, uplink_client::UplinkClient,
    },
};
use tokio::sync::mpsc;
use tonic::{Status, transport::Channel};

use super::{ANSWER_LIMIT, Transport, TransportError, send};
use crate::update::{Incoming, News, Offer, Outcome, Refusal, Updates};

/// Room for a piece and its envelope.
const MAX_PIECE_BYTES: usize = PIECE_BYTES + 1024;

/// Why a package did not come.
enum Failure {
    /// Told to the collector.
    Refused(Refusal),
    /// It goes on with the next stream.
    Interrupted(Status),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Transport {
    /// After a welcome: what the collector may have lost, or never known.
    pub(super) async fn tell_of_updates(
        &self,
        outgoing: &mpsc::Sender<AgentMessage>,
    ) -> Result<(), TransportError> {
        for news in self.updates.iter().flat_map(|updates| updates.news()) {
            send(outgoing, message(news)).await?;
        }
        Ok(())
    }

    /// A report of this program was acknowledged: if that is what it had to show, it stays.
    pub(super) async fn confirm_update(
        &self,
        outgoing: &mpsc::Sender<AgentMessage>,
    ) -> Result<(), TransportError> {
        let Some(updates) = &self.updates else {
            return Ok(());
        };
        let on_trial = updates.is_on_trial();
        if !on_trial {
            return Ok(());
        }
        match updates.confirm() {
            Ok(()) => {
                tracing::info!("cette version a rapporté : elle est gardée");
                self.tell_of_updates(outgoing).await
            }
            // The next report tries again.
            Err(error) => {
                tracing::error!("{error}");
                Ok(())
            }
        }
    }

    /// One package at a time: what a stream before began to fetch comes to its end first, be it a cut one.
    pub(super) async fn answer_offer(
        &self,
        offer: UpdateOffer,
        channel: &Channel,
        outgoing: &mpsc::Sender<AgentMessage>,
    ) -> Result<(), TransportError> {
        let Some(updates) = &self.updates else {
            return Ok(());
        };
        let offer = Offer {
            version: offer.version,
            size_bytes: offer.size_bytes,
            signature: offer.signature,
        };
        match updates.judge(&offer) {
            Ok(_) => {}
            // The offer crossed the news of it, which say why.
            Err(Refusal::TriedBefore(_)) => return self.tell_of_updates(outgoing).await,
            Err(refusal) => return send(outgoing, refused(&offer, &refusal)).await,
        }
        let fetch = Fetch {
            updates: Arc::clone(updates),
            offer,
            channel: channel.clone(),
            outgoing: outgoing.clone(),
            updated: Arc::clone(&self.updated),
        };
        let mut fetching = self.fetching.lock().unwrap_or_else(PoisonError::into_inner);
        let before = fetching.take();
        *fetching = Some(tokio::spawn(async {
            if let Some(before) = before {
                let _ = before.await;
            }
            fetch.run().await;
        }));
        Ok(())
    }
}

struct Fetch {
    updates: Arc<Updates>,
    offer: Offer,
    channel: Channel,
    outgoing: mpsc::Sender<AgentMessage>,
    updated: Arc<tokio::sync::Notify>,
}

impl Fetch {
    async fn run(self) {
        let taken = self.updates.starts().map(|version| version.to_string());
        if taken.as_ref() == Some(&self.offer.version) {
            return;
        }
        let told = match self.fetch().await {
            Ok(()) => {
                // The service ends, and starts again as the new program; this says why, if it still gets through.
                let mut told = Ok(());
                for news in self.updates.news() {
                    told = send(&self.outgoing, message(news)).await;
                }
                self.updated.notify_one();
                told
            }
            Err(Failure::Refused(refusal)) => {
                tracing::error!("la version {} est refusée : {refusal}", self.offer.version);
                send(&self.outgoing, refused(&self.offer, &refusal)).await
            }
            Err(Failure::Interrupted(status)) => {
                tracing::info!(
                    "le paquet de la version {} viendra plus tard : {}",
                    self.offer.version,
                    status.message()
                );
                Ok(())
            }
        };
        if let Err(error) = told {
            tracing::debug!("{error}");
        }
    }

    async fn fetch(&self) -> Result<(), Failure> {
        let mut incoming = self.updates.incoming(&self.offer)?;
        if !incoming.is_whole() {
            self.fetch_into(&mut incoming).await?;
        }
        let updates = Arc::clone(&self.updates);
        let taken = tokio::task::spawn_blocking(move || updates.take(incoming)).await;
        let package =
            taken.map_err(|panic| Failure::Interrupted(Status::internal(panic.to_string())))??;
        tracing::info!("{package} est vérifié : il prend le relais");
        Ok(())
    }

    async fn fetch_into(&self, incoming: &mut Incoming) -> Result<(), Failure> {
        let package = self.updates.judge(&self.offer)?;
        let request = PackageRequest {
            version: self.offer.version.clone(),
            platform: package.platform,
            offset: incoming.held(),
        };
        let mut uplink =
            UplinkClient::new(self.channel.clone()).max_decoding_message_size(MAX_PIECE_BYTES);
        let answer = within_limit(uplink.fetch_package(request)).await?;
        let mut pieces = answer.into_inner();
        while !incoming.is_whole() {
            let piece = within_limit(pieces.message()).await?;
            let piece = piece.map(|piece| piece.bytes).unwrap_or_default();
            incoming.write(&piece)?;
            tokio::time::sleep(self.pause(piece.len())).await;
        }
        Ok(())
    }

    fn pause(&self, bytes: usize) -> Duration {
        let rate = self.updates.settings.bytes_per_second;
        Duration::from_micros((bytes as u64).saturating_mul(1_000_000) / rate.max(1))
    }
}

async fn within_limit<T>(answer: impl Future<Output = Result<T, Status>>) -> Result<T, Failure> {
    let silent = |_| Status::deadline_exceeded("le collecteur ne dit plus rien");
    tokio::time::timeout(ANSWER_LIMIT, answer)
        .await
        .map_err(silent)
        .flatten()
        .map_err(Failure::Interrupted)
}

fn message(news: News) -> agent_message::Body {
    let (state, reason) = match news.outcome {
        Outcome::OnTrial => (State::OnTrial, String::new()),
        Outcome::Runs => (State::Runs, String::new()),
        Outcome::RolledBack(reason) => (State::RolledBack, reason),
    };
    agent_message::Body::UpdateOutcome(UpdateOutcome {
        version: news.version.to_string(),
        state: state.into(),
        reason,
    })
}

fn refused(offer: &Offer, refusal: &Refusal) -> agent_message::Body {
    agent_message::Body::UpdateOutcome(UpdateOutcome {
        version: offer.version.clone(),
        state: State::Refused.into(),
        reason: refusal.to_string(),
    })
}
