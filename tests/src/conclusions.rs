//! Waits for the collector's jobs, by looking at what they have to leave behind.

use std::time::{Duration, Instant};

use beffroi_collector::{model::OrganisationId, store::Store};

/// Jobs take a second; a minute means that they are broken.
const LIMIT: Duration = Duration::from_secs(60);

/// Returns once the conclusions of an organisation are those of its latest reports.
pub async fn wait_for(store: &Store, organisation: OrganisationId) {
    let start = Instant::now();
    while store
        .stale_organisations()
        .await
        .expect("store")
        .contains(&organisation)
    {
        assert!(
            start.elapsed() < LIMIT,
            "the collector draws no conclusions"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
