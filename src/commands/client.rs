//! `client`: starts a client of the API against the stand-in, lets tokens expire and answers fail, and judges what it sends.

use std::{path::PathBuf, time::Duration};

use anyhow::{Result, bail};

use crate::{
    catalogue::{Catalogue, RequirementId},
    client_test::ClientTest,
    exit::ExitStatus,
    output::Output,
    report::{self, Format},
    results::Profile,
};

/// Arguments of `client`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The program and its arguments, after `--`. It gets BO_BASE_URL, BO_LOGIN, BO_PASSWORD, BO_PROBE (a path below BO_BASE_URL) and
    /// BO_OTT, and is to keep calling the probe
    #[arg(last = true, value_name = "COMMAND", required_unless_present = "list")]
    command: Vec<String>,
    /// Show the requirements of clients and start nothing
    #[arg(long)]
    list: bool,
    /// Only these requirements
    #[arg(long, value_name = "ID", num_args = 1..)]
    requirement: Vec<String>,
    /// How strictly recommendations count
    #[arg(long, value_enum, default_value = "documented")]
    profile: Profile,
    /// Where the reports go
    #[arg(long, value_name = "DIR", default_value = "reports")]
    reports: PathBuf,
    /// Write only these reports
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Vec<Format>,
    /// Seconds that a short-lived access token lives
    #[arg(long, value_name = "SECONDS", default_value = "2", value_parser = clap::value_parser!(u64).range(1..=60))]
    access_lifetime: u64,
    /// Seconds that the client may take until its first call is answered
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = clap::value_parser!(u64).range(1..=600))]
    start_time: u64,
    /// Seconds after which the run ends, complete or not
    #[arg(long, value_name = "SECONDS", default_value = "120", value_parser = clap::value_parser!(u64).range(1..=3600))]
    time_limit: u64,
    /// End with 3 when a requirement had to be skipped
    #[arg(long)]
    require_complete: bool,
}

/// Runs the command.
pub(crate) async fn run(args: Args, output: &Output) -> Result<ExitStatus> {
    let catalogue = Catalogue::for_clients()?;
    let requirements = requirements(&args.requirement, &catalogue)?;
    if args.list {
        output.result(&list(&catalogue, &requirements))?;
        return Ok(ExitStatus::Done);
    }
    let folder = report::Folder::open(&args.reports)?;
    let test = ClientTest {
        command: args.command,
        profile: args.profile,
        requirements,
        lifetime: Duration::from_secs(args.access_lifetime),
        start_time: Duration::from_secs(args.start_time),
        time_limit: Duration::from_secs(args.time_limit),
    };
    let mut outcome = test.run(&catalogue).await?;
    let formats = if args.format.is_empty() { &Format::ALL[..] } else { &args.format };
    let plain = report::terminal(&outcome.results, &output.view().to_plain());
    outcome.report(&folder, formats, [], &plain, output)?;
    output.result(&report::terminal(&outcome.results, &output.view()))?;
    Ok(ExitStatus::of(&outcome.results, args.require_complete))
}

fn requirements(ids: &[String], catalogue: &Catalogue) -> Result<Vec<RequirementId>> {
    let find = |text: &String| match (catalogue.find(text), catalogue.nearest(text)) {
        (Some(id), _) => Ok(id),
        (None, Some(nearest)) => {
            bail!("--requirement {text}: no requirement of clients has this id; did you mean {nearest}?")
        }
        (None, None) => {
            bail!("--requirement {text}: no requirement of clients has this id; `client --list` shows them")
        }
    };
    ids.iter().map(find).collect()
}

fn list(catalogue: &Catalogue, only: &[RequirementId]) -> String {
    let shown = catalogue.iter().filter(|it| only.is_empty() || only.contains(&it.id));
    shown.map(|it| format!("{:<10} {:<7} {}\n", it.id, it.level, it.statement)).collect()
}
