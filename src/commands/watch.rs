//! `watch`: a canary for every day. Carries rounds out until a signal comes, prints what is news, and publishes metrics.

use std::{
    collections::HashSet,
    net::SocketAddr,
    path::PathBuf,
    time::{Duration, SystemTime},
};

use anyhow::{Context, Result, bail};
use jiff::Timestamp;

use crate::{
    atomic_write,
    catalogue::Catalogue,
    config::{OneTargetArgs, ResolvedTarget, parse_duration},
    exit::ExitStatus,
    output::Output,
    run::signals,
    watch::{Event, MetricsPort, SavedState, TargetHealth, WatchedTarget, Watcher, WatcherOptions},
};

/// Arguments of `watch`.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    target: OneTargetArgs,
    /// The time between rounds; they come a tenth earlier or later
    #[arg(long, value_name = "DURATION", default_value = "5m", value_parser = duration)]
    every: Duration,
    /// End after so many rounds: exit 1 when something is wrong then, 3 when it could not be judged [default: go on]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    rounds: Option<u64>,
    /// Keep the baseline and the times of failed logins in this file
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Take the server as it is now for the baseline
    #[arg(long, requires = "state")]
    accept: bool,
    /// Write metrics for Prometheus to this file after each round
    #[arg(long, value_name = "FILE")]
    metrics: Option<PathBuf>,
    /// Serve metrics for Prometheus at this address, below /metrics
    #[arg(long, value_name = "ADDRESS")]
    metrics_listen: Option<SocketAddr>,
    /// Report a certificate that ends within so many days
    #[arg(long, value_name = "N", default_value = "14")]
    certificate_days: u32,
}

fn duration(text: &str) -> Result<Duration, String> {
    parse_duration(text).map_err(|error| error.to_string())
}

/// Runs the command.
pub(crate) async fn run(args: Args, output: &Output) -> Result<ExitStatus> {
    let loaded = args.target.load(false, &Catalogue::embedded()?)?;
    let Some(target) = loaded.target else {
        bail!("name the target to watch with --target or --base-url");
    };
    let (name, base_url) = (target.name.clone(), target.target.base_url.to_string());
    let saved = args.state.as_deref().map(|file| SavedState::read(file, &base_url)).transpose()?.flatten();
    let saved = if args.accept { saved.map(SavedState::without_baseline) } else { saved };
    let options = WatcherOptions {
        target: name.clone(),
        base_url,
        certificate_days: args.certificate_days,
        waived: waived(&target),
    };
    let watcher = Watcher::new(options, saved.as_ref(), since_1970());
    let server = WatchedTarget::new(target, loaded.journal).await?;
    let port = match args.metrics_listen {
        Some(address) => Some(open_port(address).await?),
        None => None,
    };
    output.result(&format!("watching {name} every {} s\n", args.every.as_secs_f64()))?;
    if let Some(port) = &port {
        output.result(&format!("metrics http://{}/metrics\n", port.address))?;
    }
    watch(&args, &name, watcher, server, port.as_ref(), output).await
}

async fn open_port(address: SocketAddr) -> Result<MetricsPort> {
    MetricsPort::open(address)
        .await
        .with_context(|| format!("cannot listen on {address}; choose another --metrics-listen"))
}

/// Requirements whose waivers have not expired.
fn waived(target: &ResolvedTarget) -> HashSet<String> {
    let today = crate::results::day(Timestamp::now());
    let valid = target.waivers.iter().filter(|waiver| waiver.terms.expires >= today);
    valid.map(|waiver| waiver.requirement.to_string()).collect()
}

async fn watch(
    args: &Args,
    name: &str,
    mut watcher: Watcher,
    mut server: WatchedTarget,
    port: Option<&MetricsPort>,
    output: &Output,
) -> Result<ExitStatus> {
    let stop = signals::signal();
    futures::pin_mut!(stop);
    let started = tokio::time::Instant::now();
    let mut rounds = 0;
    loop {
        let round = async {
            server.renew().await?;
            Ok::<_, anyhow::Error>(watcher.round(&mut server, since_1970()).await)
        };
        let events = tokio::select! {
            events = round => events?,
            _ = &mut stop => return Ok(ExitStatus::Done),
        };
        rounds += 1;
        publish(args, name, &watcher, &events, port, output)?;
        if rounds == 1 || args.rounds == Some(rounds) {
            output.result(&format!("{} {name}: {}\n", now(), watcher.summary()))?;
        }
        if args.rounds == Some(rounds) {
            return Ok(exit_status(watcher.standing()));
        }
        tokio::select! {
            () = tokio::time::sleep_until(started + start_of_round(args.every, rounds)) => {}
            _ = &mut stop => return Ok(ExitStatus::Done),
        }
    }
}

/// When a round begins: in turn on time, a tenth early and a tenth late, so that lifetimes as long as the time between rounds are
/// met on both sides of their ends.
fn start_of_round(every: Duration, round: u64) -> Duration {
    let round = u32::try_from(round).unwrap_or(u32::MAX);
    let on_time = every.saturating_mul(round);
    match round % 3 {
        1 => on_time.saturating_sub(every / 10),
        2 => on_time.saturating_add(every / 10),
        _ => on_time,
    }
}

fn publish(
    args: &Args,
    name: &str,
    watcher: &Watcher,
    events: &[Event],
    port: Option<&MetricsPort>,
    output: &Output,
) -> Result<()> {
    for event in events {
        output.result(&format!("{} {name}: {event}\n", now()))?;
    }
    if let Some(file) = &args.state {
        watcher.state().write(file)?;
    }
    let metrics = watcher.metrics();
    if let Some(file) = &args.metrics {
        atomic_write::write_text(file, &metrics)
            .with_context(|| format!("cannot write {}; choose another --metrics", file.display()))?;
    }
    if let Some(port) = port {
        port.publish(metrics);
    }
    Ok(())
}

fn exit_status(standing: TargetHealth) -> ExitStatus {
    match standing {
        TargetHealth::Good => ExitStatus::Done,
        TargetHealth::Unanswered => ExitStatus::NotJudged,
        TargetHealth::Wrong => ExitStatus::Violated,
    }
}

fn now() -> String {
    Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn since_1970() -> Duration {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}
