//! How the operating system asks the agent to stop.

use std::io;

use tokio::signal::unix::{SignalKind, signal};

/// Returns when the service manager or a person at the terminal asks for the end.
pub async fn stop_signal() -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}
