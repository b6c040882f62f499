//! The signals that end the program.

/// Waits until somebody wants the program to end: Ctrl-C or SIGTERM.
#[cfg(unix)]
pub async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        }
        Err(error) => {
            log::warn!(target: "vestnik", "SIGTERM can't be heard and will end the bot at once: {error}");
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}

/// Waits until somebody wants the program to end: Ctrl-C.
#[cfg(not(unix))]
pub async fn told_to_stop() {
    let _ = tokio::signal::ctrl_c().await;
}
