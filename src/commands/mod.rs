//! The commands, one file each: its arguments and what it does. A command returns what to print and how to end; it neither
//! prints nor exits.

mod baseline;
mod certify;
mod client;
mod completions;
mod doctor;
mod explore;
mod init;
mod list;
mod man;
mod report;
mod restore;
mod run;
mod self_test;
mod standin;
mod survival;
mod upgrade_gate;
mod verify;
mod watch;

use anyhow::Result;
use clap::{Args as _, Subcommand};

use crate::{exit::ExitStatus, output::Output};

/// Arguments of every command.
#[derive(clap::Args)]
pub(crate) struct GlobalArgs {
    /// Whether output has colours
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: clap::ColorChoice,
}

/// What the program can do.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Run the contract against a server, or against the embedded stand-in, and write the reports
    #[command(after_help = run::HELP, after_long_help = run::EXAMPLES)]
    Run(run::Args),
    /// Write a configuration file with every key explained
    Init(init::Args),
    /// Look at a server: what can be judged there, what is missing, what a run will cost
    Doctor(doctor::Args),
    /// Walk at random over the contract's model, and show what no scenario imagined
    Explore(explore::Args),
    /// Judge what a restart or an upgrade leaves of tokens, and what a client sees meanwhile
    Survival(survival::Args),
    /// Judge an upgrade: the server before it, tokens and service meanwhile, the server after it, and what changed
    UpgradeGate(upgrade_gate::Args),
    /// Show requirements, scenarios or steps
    List(list::Args),
    /// Record what a server answers, and show what an upgrade changed
    Baseline(baseline::Args),
    /// Render the saved results of a run again
    Report(report::Args),
    /// Restore the lifetimes that an interrupted run has left changed
    Restore(restore::Args),
    /// Sign a certificate of a finished run, or make a key to sign with
    Certify(certify::Args),
    /// Check a certificate offline, with the public key of whoever signed it
    Verify(verify::Args),
    /// Run the suite against every seeded defect and show which requirement caught it
    SelfTest(self_test::Args),
    /// Serve the stand-in on a port, for people who develop clients
    Standin(standin::Args),
    /// Watch a target every day: a dozen requests a round, and metrics
    Watch(watch::Args),
    /// Start a client against the stand-in, and judge what it does when tokens expire and answers fail
    Client(client::Args),
    /// Print the completion script of a shell
    Completions(completions::Args),
    /// Write the manual pages
    Man(man::Args),
}

/// The name of the program, as users type it.
const PROGRAM: &str = env!("CARGO_PKG_NAME");

/// The command line without its values, for what is generated from it.
fn command_line() -> clap::Command {
    let about = env!("CARGO_PKG_DESCRIPTION");
    let program = clap::Command::new(PROGRAM).version(env!("CARGO_PKG_VERSION")).about(about);
    Command::augment_subcommands(GlobalArgs::augment_args(program))
}

impl Command {
    /// Carries the command out.
    pub(crate) async fn run(self, output: &Output) -> Result<ExitStatus> {
        match self {
            Self::Run(args) => run::run(args, output).await,
            Self::Init(args) => init::run(&args, output),
            Self::Doctor(args) => doctor::run(args, output).await,
            Self::Explore(args) => explore::run(args, output).await,
            Self::Survival(args) => survival::run(args, output).await,
            Self::UpgradeGate(args) => upgrade_gate::run(args, output).await,
            Self::List(args) => list::run(&args, output),
            Self::Baseline(args) => baseline::run(args, output).await,
            Self::Report(args) => report::run(&args, output),
            Self::Restore(args) => restore::run(args, output).await,
            Self::Certify(args) => certify::run(&args, output),
            Self::Verify(args) => verify::run(&args, output),
            Self::SelfTest(args) => self_test::run(args, output).await,
            Self::Standin(args) => standin::run(&args, output).await,
            Self::Watch(args) => watch::run(args, output).await,
            Self::Client(args) => client::run(args, output).await,
            Self::Completions(args) => completions::run(&args, output),
            Self::Man(args) => man::run(&args, output),
        }
    }
}
