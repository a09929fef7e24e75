//! The signals that ask the program to stop. Whoever waits for one must still restore what the program changed.

#[cfg(unix)]
use std::{fs, future::pending};

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal as listen};

/// Waits for Ctrl-C and returns its name. Where it cannot be received it waits for ever: then it ends the process.
#[cfg(not(unix))]
pub(crate) async fn signal() -> &'static str {
    match tokio::signal::ctrl_c().await {
        Ok(()) => "Ctrl-C",
        Err(_) => std::future::pending().await,
    }
}

/// Waits for SIGINT, SIGTERM, SIGQUIT or SIGHUP and returns its name. SIGHUP is not awaited where the program was started to ignore
/// it, as by `nohup`. Where signals cannot be received it waits for ever: then they end the process.
#[cfg(unix)]
pub(crate) async fn signal() -> &'static str {
    let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::quit()].map(listen);
    let [Ok(mut interrupt), Ok(mut terminate), Ok(mut quit)] = kinds else { return pending().await };
    let mut hangup = if ignores_hangup() { None } else { listen(SignalKind::hangup()).ok() };
    tokio::select! {
        _ = interrupt.recv() => "SIGINT",
        _ = terminate.recv() => "SIGTERM",
        _ = quit.recv() => "SIGQUIT",
        () = received(hangup.as_mut()) => "SIGHUP",
    }
}

#[cfg(unix)]
async fn received(signal: Option<&mut Signal>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => pending().await,
    }
}

/// Whether the program was started with SIGHUP ignored. Known on Linux only, and only before the signal is listened to.
#[cfg(unix)]
fn ignores_hangup() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}
