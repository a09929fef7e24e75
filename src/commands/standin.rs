//! `standin`: the stand-in on a port, in real time, for people who develop clients.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, Result};
use standin::{
    LandingPage, StandIn, StandInOptions, TokenLifetimes, User, Variation, Variations, external_link, variations,
};

use crate::{exit::ExitStatus, output::Output};

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
    /// Seed a defect or a conforming variation; may be given again
    #[arg(long, value_name = "NAME")]
    fault: Vec<String>,
    /// Show the defects and variations that can be seeded
    #[arg(long)]
    list_faults: bool,
}

/// Runs the command.
pub(crate) async fn run(args: &Args, output: &Output) -> Result<ExitStatus> {
    if args.list_faults {
        output.result(&catalogue())?;
        return Ok(ExitStatus::Done);
    }
    let server = StandIn::in_real_time(options(args)?);
    serve(args, server, output).await?;
    Ok(ExitStatus::Done)
}

async fn serve(args: &Args, server: StandIn, output: &Output) -> Result<()> {
    let listener = tokio::net::TcpListener::bind(args.listen)
        .await
        .with_context(|| format!("cannot listen on {}; choose another --listen", args.listen))?;
    let address = listener.local_addr()?;
    output.result(&format!("listening http://{address}{}\n", standin::BASE_PATH))?;
    for user in server.users() {
        if args.user.is_empty() {
            output.result(&format!("user {} with password {}\n", user.login, user.password))?;
        }
        output.result(&format!("external link http://{address}{}{}\n", external_link::PATH, user.login))?;
    }
    let interrupted = async {
        // Without a signal handler the stand-in still ends with its process.
        let _ = tokio::signal::ctrl_c().await;
    };
    standin::serve::serve(listener, server, interrupted).await.context("the stand-in ended")
}

fn options(args: &Args) -> Result<StandInOptions> {
    let names: Vec<&str> = args.fault.iter().map(String::as_str).collect();
    let lifetimes = TokenLifetimes {
        access: Duration::from_secs(args.access_lifetime),
        refresh: Duration::from_secs(args.refresh_lifetime),
        one_time: Duration::from_secs(args.ott_lifetime),
    };
    let landing = args.external_link.clone();
    let options =
        StandInOptions { lifetimes, variations: Variations::from_names(&names)?, landing, ..StandInOptions::default() };
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
