//! Waits for the collector's jobs, by looking at what they have to leave behind.

use std::time::Duration;

use beffroi_collector::{model::OrganisationId, store::Store};

use crate::wait;

/// Jobs take a second; a minute means that they are broken.
const LIMIT: Duration = Duration::from_secs(60);

/// Returns once the conclusions of an organisation are those of its latest reports.
pub async fn wait_for(store: &Store, organisation: OrganisationId) {
    wait::until("the collector draws its conclusions", LIMIT, async || {
        let stale = store.stale_organisations().await.expect("store");
        !stale.contains(&organisation)
    })
    .await;
}
