//! Work that nobody waits for: drawing conclusions from what agents have reported.
//!
//! In: the organisations whose knowledge is stale, by the store's word. Out: their conclusions, back to the store.
//! A crash between the two loses nothing: the organisation stays stale.

use std::{sync::Arc, time::Duration};

use beffroi_rules::pack::Pack;
use jiff::{Timestamp, tz::TimeZone};
use tokio::sync::Notify;

use crate::{
    knowledge,
    model::OrganisationId,
    store::{Store, StoreError},
};

/// Reports come in bursts: one conclusion per burst is enough.
const GATHERING: Duration = Duration::from_millis(300);
/// Some rules read the date (end of support): conclusions age even when nothing is reported.
const REVIEW: Duration = Duration::from_secs(6 * 3600);

#[derive(Debug, thiserror::Error)]
pub enum JobError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("drawing conclusions failed: {0}")]
    Conclusions(tokio::task::JoinError),
}

/// Runs until dropped.
pub async fn run(store: Store, pack: Arc<Pack>, committed: Arc<Notify>) {
    let mut review = tokio::time::interval(REVIEW);
    loop {
        let all = tokio::select! {
            () = committed.notified() => false,
            _ = review.tick() => true,
        };
        tokio::time::sleep(GATHERING).await;
        if let Err(error) = conclude(&store, &pack, all).await {
            tracing::error!(%error, "conclusions could not be drawn");
        }
    }
}

async fn conclude(store: &Store, pack: &Arc<Pack>, all: bool) -> Result<(), JobError> {
    let organisations = if all {
        store
            .organisations()
            .await?
            .into_iter()
            .map(|organisation| organisation.id)
            .collect()
    } else {
        store.stale_organisations().await?
    };
    for organisation in organisations {
        conclude_one(store, pack, organisation).await?;
    }
    Ok(())
}

async fn conclude_one(
    store: &Store,
    pack: &Arc<Pack>,
    organisation: OrganisationId,
) -> Result<(), JobError> {
    let now = Timestamp::now();
    let store = store.of(organisation);
    let (snapshot, mark) = store.snapshot().await?;
    let pack = Arc::clone(pack);
    let today = now.to_zoned(TimeZone::UTC).date();
    let conclusions =
        tokio::task::spawn_blocking(move || knowledge::conclude(&snapshot, &pack, today))
            .await
            .map_err(JobError::Conclusions)?;
    store.save_conclusions(&conclusions, mark, now).await?;
    Ok(())
}
