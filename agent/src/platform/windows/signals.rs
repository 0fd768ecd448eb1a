//! How Windows asks the agent to stop.

use std::io;

use super::service::STOP;
use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_shutdown};

/// Returns when the service manager, a person at the terminal, or the end of the session asks for the end.
pub async fn stop_signal() -> io::Result<()> {
    let (mut interrupt, mut ending) = (ctrl_c()?, ctrl_break()?);
    let (mut close, mut shutdown) = (ctrl_close()?, ctrl_shutdown()?);
    tokio::select! {
        () = STOP.notified() => {}
        _ = interrupt.recv() => {}
        _ = ending.recv() => {}
        _ = close.recv() => {}
        _ = shutdown.recv() => {}
    }
    Ok(())
}
