//! `standin`: the stand-in on a port, in real time, for people who develop clients.

mod cluster_args;
mod service_args;

use std::{
    future::pending,
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow};
use futures::future::{LocalBoxFuture, try_join_all};
use jiff::Timestamp;
use serde_json::Value;
use standin::{
    LandingPage, StandIn, StandInOptions, TokenLifetimes, User, Variation, Variations,
    balancer::{BalancePolicy, Balancer},
    external_link,
    persistence::{RESTART_FAULTS, RestartFault, saved_users},
    restartable::{Restartable, StateSink},
    serve::serve_with,
    service::{Control, LogSink, Service},
    tls::{self, TlsIdentity},
    variations,
};
use tokio::{net::TcpListener, sync::mpsc};

use self::{cluster_args::ClusterArgs, service_args::ServiceArgs};
use crate::{
    atomic_write, config::parse_duration, exit::ExitStatus, output::Output, read_limited::read_file, run::signals,
};

/// The most lines of the log that wait to be printed.
const WAITING_LINES: usize = 1_024;
/// Larger than any state: most of it are tokens, whose number is limited.
const LARGEST_STATE: u64 = 64 << 20;

/// Arguments of `standin`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Where to listen
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// A user as LOGIN:PASSWORD; may be given again [default: two users with made-up passwords, which are shown]
    #[arg(long, value_name = "LOGIN:PASSWORD")]
    user: Vec<String>,
    /// Seconds that an access token lives
    #[arg(long, value_name = "SECONDS", default_value = "300")]
    access_lifetime: u64,
    /// Seconds that a refresh token lives
    #[arg(long, value_name = "SECONDS", default_value = "3600")]
    refresh_lifetime: u64,
    /// Seconds that a one-time token lives
    #[arg(long, value_name = "SECONDS", default_value = "30")]
    ott_lifetime: u64,
    /// Where the external link of a user leads, with a fresh one-time token as `token` in its query [default: it shows the token]
    #[arg(long, value_name = "URL")]
    external_link: Option<LandingPage>,
    #[command(flatten)]
    cluster: ClusterArgs,
    /// Seed a defect or a conforming variation; may be given again
    #[arg(long, value_name = "NAME")]
    fault: Vec<String>,
    /// Show the defects and variations that can be seeded
    #[arg(long)]
    list_faults: bool,
    /// Keep the state in this file, and go on with it after a restart
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// What a restart does wrong; may be given again
    #[arg(long, value_name = "NAME", requires = "state", value_parser = restart_fault)]
    restart_fault: Vec<RestartFault>,
    /// Answer everything with 503 for so long after the start, as `500ms`
    #[arg(long, value_name = "DURATION", value_parser = parse_time)]
    starting: Option<Duration>,
    /// The status meanwhile
    #[arg(long, value_name = "STATUS", default_value = "503", requires = "starting", value_parser = clap::value_parser!(u16).range(200..600))]
    starting_status: u16,
    #[command(flatten)]
    service: ServiceArgs,
}

/// Runs the command.
pub(crate) async fn run(args: &Args, output: &Output) -> Result<ExitStatus> {
    if args.list_faults {
        output.result(&catalogue())?;
        return Ok(ExitStatus::Done);
    }
    let saved = args.state.as_deref().map(saved_state).transpose()?.flatten();
    let mut options = options(args)?;
    if let Some(saved) = saved.as_ref().filter(|_| args.user.is_empty()) {
        options.users = saved_users(saved);
    }
    let server = StandIn::in_real_time(options);
    if let Some(saved) = &saved {
        server.restore(saved, &args.restart_fault);
    }
    serve(args, server, output).await?;
    Ok(ExitStatus::Done)
}

async fn serve(args: &Args, server: StandIn, output: &Output) -> Result<()> {
    let listener = listen(args.listen, "--listen").await?;
    let control = match args.service.control()? {
        Some(address) => Some(listen(address, "--control").await?),
        None => None,
    };
    let identity = tls_identity(args)?;
    let scheme = if identity.is_some() { "https" } else { "http" };
    let origin = format!("{scheme}://{}", listener.local_addr()?);
    let control_origin =
        control.as_ref().map(|control| control.local_addr()).transpose()?.map(|at| format!("http://{at}"));
    introduce(args, &server, &origin, control_origin.as_deref(), output)?;
    let nodes = serve_nodes(args, &server, identity.as_ref(), output).await?;
    let (log, lines) = log_sink(args.service.is_logged());
    let service = Service::new(server.clone(), args.service.options(origin, control_origin), log);
    let starting = args.starting.map(|time| (Instant::now() + time, args.starting_status));
    let balanced = args.cluster.balanced().map(|node| service.node(node));
    let balancer = Balancer::new(balanced, args.cluster.policy().unwrap_or(BalancePolicy::Request));
    let api = Restartable::new(balancer, server, args.state.clone().map(state_sink), starting);
    let controlled = async {
        match control {
            Some(control) => serve_with(control, None, Control::new(service.clone()), pending::<()>()).await,
            None => pending().await,
        }
    };
    let ended = tokio::select! {
        _ = signals::signal() => Ok(()),
        ended = serve_with(listener, identity.map(|it| it.acceptor), api, pending::<()>()) => ended,
        ended = controlled => ended,
        ended = print_log(lines, output) => ended,
        ended = nodes => ended.map(drop),
    };
    ended.context("the stand-in ended")
}

/// Listens for every node with a port of its own, and names their addresses. They are served while the future is polled.
async fn serve_nodes(
    args: &Args,
    server: &StandIn,
    identity: Option<&TlsIdentity>,
    output: &Output,
) -> Result<LocalBoxFuture<'static, io::Result<Vec<()>>>> {
    let scheme = if identity.is_some() { "https" } else { "http" };
    let mut served = Vec::new();
    for node in args.cluster.served() {
        let listener = listen(SocketAddr::new(args.listen.ip(), 0), "--listen").await?;
        output.result(&format!("node {scheme}://{}{}\n", listener.local_addr()?, standin::BASE_PATH))?;
        served.push(serve_with(listener, identity.map(|it| it.acceptor.clone()), server.node(node), pending::<()>()));
    }
    Ok(Box::pin(async move {
        if served.is_empty() {
            return pending().await;
        }
        try_join_all(served).await
    }))
}

/// The state of an earlier process, if there is one.
fn saved_state(file: &Path) -> Result<Option<Value>> {
    if !file.exists() {
        return Ok(None);
    }
    let text = read_file(file, LARGEST_STATE)?;
    let saved = serde_json::from_slice(&text)
        .with_context(|| format!("{} is not the state of a stand-in; choose another --state", file.display()))?;
    Ok(Some(saved))
}

/// Writes the state; the next write makes good for one that fails.
fn state_sink(file: PathBuf) -> StateSink {
    Arc::new(move |state| {
        let _ = atomic_write::write_text(&file, &state.to_string());
    })
}

fn restart_fault(name: &str) -> Result<RestartFault, String> {
    let names = || RESTART_FAULTS.map(|(name, ..)| name).join(", ");
    RestartFault::from_name(name).ok_or_else(|| format!("must be one of {}", names()))
}

fn parse_time(text: &str) -> Result<Duration, String> {
    parse_duration(text).map_err(|error| error.to_string())
}

async fn listen(address: SocketAddr, flag: &str) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}; choose another {flag}"))
}

/// The certificate of the server, once that of its authority is written.
fn tls_identity(args: &Args) -> Result<Option<TlsIdentity>> {
    if !args.service.tls {
        return Ok(None);
    }
    let identity = tls::new_identity(args.listen.ip(), &args.service.tls_name)
        .map_err(|error| anyhow!("no certificate can be made: {error}; look at --tls-name"))?;
    let file = &args.service.tls_ca;
    atomic_write::write_text(file, &identity.authority)
        .with_context(|| format!("cannot write {}; choose another --tls-ca", file.display()))?;
    Ok(Some(identity))
}

/// Prints where everything is.
fn introduce(args: &Args, server: &StandIn, origin: &str, control: Option<&str>, output: &Output) -> Result<()> {
    output.result(&format!("listening {origin}{}\n", standin::BASE_PATH))?;
    for user in server.users() {
        if args.user.is_empty() {
            output.result(&format!("user {} with password {}\n", user.login, user.password))?;
        }
        output.result(&format!("external link {origin}{}{}\n", external_link::PATH, user.login))?;
    }
    output.result(&format!("page {origin}/\ndocument {origin}{}/openapi.json\n", standin::BASE_PATH))?;
    if args.service.tls {
        output.result(&format!("certificate authority {}\n", args.service.tls_ca.display()))?;
    }
    if let Some(control) = control {
        output.result(&format!("control {control}/\n"))?;
    }
    Ok(())
}

/// The lines of the log, and how many found no room.
struct LogLines {
    lines: mpsc::Receiver<String>,
    lost: Arc<AtomicU64>,
}

/// A log that does not slow the server down: what cannot be printed in time is counted.
fn log_sink(is_logged: bool) -> (Option<LogSink>, LogLines) {
    let (sender, lines) = mpsc::channel(WAITING_LINES);
    let lost = Arc::new(AtomicU64::new(0));
    let counted = lost.clone();
    let sink: LogSink = Arc::new(move |entry| {
        let line = format!("{} {entry}\n", Timestamp::now().strftime("%H:%M:%S%.3f"));
        if sender.try_send(line).is_err() {
            counted.fetch_add(1, Ordering::Relaxed);
        }
    });
    (is_logged.then_some(sink), LogLines { lines, lost })
}

async fn print_log(mut log: LogLines, output: &Output) -> io::Result<()> {
    while let Some(line) = log.lines.recv().await {
        output.result(&line)?;
        let lost = log.lost.swap(0, Ordering::Relaxed);
        if lost > 0 {
            output.result(&format!("… {lost} requests not shown\n"))?;
        }
    }
    // Nothing is logged.
    pending().await
}

fn options(args: &Args) -> Result<StandInOptions> {
    let names: Vec<&str> = args.fault.iter().map(String::as_str).collect();
    let lifetimes = TokenLifetimes {
        access: Duration::from_secs(args.access_lifetime),
        refresh: Duration::from_secs(args.refresh_lifetime),
        one_time: Duration::from_secs(args.ott_lifetime),
    };
    let landing = args.external_link.clone();
    let (variations, lag) = (Variations::from_names(&names)?, args.cluster.lag);
    let options = StandInOptions { lifetimes, variations, landing, lag, ..StandInOptions::default() };
    if args.user.is_empty() {
        return Ok(options);
    }
    let users = args.user.iter().map(|text| read_user(text)).collect::<Result<_>>()?;
    Ok(StandInOptions { users, ..options })
}

fn read_user(text: &str) -> Result<User> {
    let (login, password) = text.split_once(':').context("--user must be LOGIN:PASSWORD")?;
    Ok(User { login: login.to_owned(), password: password.to_owned() })
}

fn catalogue() -> String {
    let lines = |kind: &str, all: &[Variation]| -> String {
        let line = |one: &Variation| {
            let caught =
                if one.caught_by.is_empty() { String::new() } else { format!(" [{}]", one.caught_by.join(", ")) };
            format!("  {}{caught}\n      {}\n", one.name, one.summary)
        };
        format!("{kind}: {}\n{}", all.len(), all.iter().map(line).collect::<String>())
    };
    format!("{}\n{}", lines("Faults", variations::faults()), lines("Freedoms", variations::variants()))
}
