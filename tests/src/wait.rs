//! Waits for what a program does in its own time, by looking at what it has to leave behind.

use std::time::{Duration, Instant};

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(50);

/// How long an agent may be about what it does: it gives way to whatever else the machine does.
pub const FOR_AN_AGENT: Duration = Duration::from_secs(300);

/// Returns once it is `so`; after `limit`, it never will be.
pub async fn until(what: &str, limit: Duration, so: impl AsyncFn() -> bool) {
    let start = Instant::now();
    while !so().await {
        assert!(start.elapsed() < limit, "never: {what}");
        tokio::time::sleep(PAUSE).await;
    }
}
