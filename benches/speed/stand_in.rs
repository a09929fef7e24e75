//! The stand-in under load, and a bare hyper server with the same structure: an accept loop and a runtime per processor.

use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    thread,
};

use anyhow::{Context, Result};
use standin::{StandIn, StandInOptions, User};

use crate::{
    load::{self, CONNECTIONS, MeasuredCall},
    process::{Serving, Subject},
    record::{Record, median, spread},
    workload::{LOGIN, PASSWORD},
};

const ROUNDS: usize = 7;
/// Requests per round; fewer one-time tokens than the stand-in stores.
const REQUESTS: usize = 24_000;
const MANY: usize = 1_000_000;

/// Measures and adds rows.
pub(crate) fn measure(record: &mut Record) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let threads = thread::available_parallelism().map_or(1, usize::from).to_string();
    let bare = Serving::start(&Subject::bench("bare server", folder.path(), &["server", "--threads", &threads])?)?;
    let ours = Serving::start(&stand_in(folder.path()))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (minting, minted_at) = serve_here()?;
    for (name, servers) in [
        ("`POST /auth/token`", [ours.address, bare.address]),
        ("`GET /auth/token/refresh`", [ours.address, bare.address]),
        ("`POST /external/token/verify`", [minted_at, bare.address]),
    ] {
        let mut rates = [Vec::new(), Vec::new()];
        for _ in 0..ROUNDS {
            for (rates, server) in rates.iter_mut().zip(servers) {
                rates.push(runtime.block_on(load::rate(server, &call(name, &minting)?, REQUESTS))?);
            }
        }
        tell(record, name, &rates);
    }
    runtime.block_on(memory(record, &ours))
}

fn call(name: &str, minting: &StandIn) -> Result<MeasuredCall> {
    Ok(match name {
        "`POST /auth/token`" => MeasuredCall::Issue,
        "`GET /auth/token/refresh`" => MeasuredCall::Refresh,
        _ => {
            let mint = |_| minting.mint(LOGIN).context("the stand-in does not know the user");
            MeasuredCall::Verify((0..REQUESTS).map(mint).collect::<Result<_>>()?)
        }
    })
}

fn tell(record: &mut Record, name: &str, [ours, bare]: &[Vec<f64>; 2]) {
    let ratio = median(&ours.iter().zip(bare).map(|(ours, bare)| ours / bare).collect::<Vec<_>>());
    record.raw(&format!("{name}, stand-in"), "", "requests/s", ours);
    record.raw(&format!("{name}, bare hyper"), "", "requests/s", bare);
    let thousands = |rates: &[f64]| rates.iter().map(|rate| rate / 1e3).collect::<Vec<_>>();
    let what = format!("stand-in, {name}, {CONNECTIONS} connections");
    record.row(&what, spread(&thousands(ours), "thousand requests/s"), String::new(), format!("{ratio:.2}"));
    let what = format!("bare hyper, {name}");
    record.row(&what, spread(&thousands(bare), "thousand requests/s"), String::new(), "1".to_owned());
}

async fn memory(record: &mut Record, ours: &Serving) -> Result<()> {
    let mut resident = Vec::new();
    for _ in 0..10 {
        load::rate(ours.address, &MeasuredCall::Issue, MANY / 10).await?;
        resident.push(ours.resident()? as f64 / 1024.0);
    }
    record.raw("stand-in, memory after every 100,000 logins of a million", "", "MB", &resident);
    let value = format!("{:.1} MB after 100,000, {:.1} after 500,000", resident[0], resident[4]);
    record.row("stand-in, memory after a million logins", value, format!("{:.1} MB", resident[9]), String::new());
    Ok(())
}

fn stand_in(folder: &Path) -> Subject {
    let user = format!("{LOGIN}:{PASSWORD}");
    Subject::program("stand-in", folder, &["standin", "--listen", "127.0.0.1:0", "--user", &user])
}

/// Serves the stand-in in this process, to mint one-time tokens: no call of the API issues them.
fn serve_here() -> Result<(StandIn, SocketAddr)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let user = User { login: LOGIN.to_owned(), password: PASSWORD.to_owned() };
    let server = StandIn::in_real_time(StandInOptions { users: vec![user], ..StandInOptions::default() });
    let served = server.clone();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    thread::spawn(move || {
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            standin::serve::serve(listener, served, std::future::pending::<()>()).await
        })
    });
    Ok((server, address))
}
