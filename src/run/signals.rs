//! The signals that ask the program to stop. Who waits for one must still put right what it has changed.

use tokio::signal::unix::{SignalKind, signal as listen};

/// Waits for SIGINT or SIGTERM and gives its name. Where signals cannot be had it waits for ever: then they end the process.
pub(crate) async fn signal() -> &'static str {
    let (Ok(mut interrupt), Ok(mut terminate)) = (listen(SignalKind::interrupt()), listen(SignalKind::terminate()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => "SIGINT",
        _ = terminate.recv() => "SIGTERM",
    }
}
