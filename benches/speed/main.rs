//! Measures the program against a floor: a bare hyper server and a bare reqwest client, interleaved with the program in the same
//! run. `benches/README.md` describes the method.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a bench is there to print")]

mod bare_client;
mod bare_server;
mod instructions;
mod load;
mod machine;
mod process;
mod record;
mod scale;
mod stand_in;
mod start;
mod workload;

use std::{net::SocketAddr, path::PathBuf};

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};

use record::Record;

/// Measures bo-conformance and prints a table; `--record` stores the raw data.
#[derive(Parser)]
struct Arguments {
    /// The part to measure; repeatable [default: all]
    #[arg(long, value_enum)]
    only: Vec<Section>,
    /// A folder for raw.json and table.md
    #[arg(long, value_name = "DIR")]
    record: Option<PathBuf>,
    /// Passed by cargo to every benchmark
    #[arg(long, hide = true)]
    bench: bool,
    #[command(subcommand)]
    role: Option<Role>,
}

/// A part of the measurements.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Section {
    /// Start-up, one scenario, the whole suite
    Start,
    /// Many scenarios on a bare server
    Scale,
    /// The stand-in under load
    StandIn,
    /// Instructions of the shortest paths
    Instructions,
}

/// The roles in which the benchmark starts itself, to measure whole processes.
#[derive(Subcommand)]
enum Role {
    /// A bare hyper server; prints its address
    Server {
        #[arg(long)]
        threads: usize,
    },
    /// A bare reqwest client that sends the requests of this many scenarios
    Client {
        #[arg(long)]
        server: SocketAddr,
        #[arg(long)]
        scenarios: usize,
    },
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    match arguments.role {
        Some(Role::Server { threads }) => bare_server::serve(threads),
        Some(Role::Client { server, scenarios }) => bare_client::run(server, scenarios),
        None => measure(&arguments),
    }
}

fn measure(arguments: &Arguments) -> Result<()> {
    let wanted = |section| arguments.only.is_empty() || arguments.only.contains(&section);
    let mut record = Record::new()?;
    if wanted(Section::Instructions) {
        instructions::measure(&mut record)?;
    }
    if wanted(Section::Start) {
        start::measure(&mut record)?;
    }
    if wanted(Section::Scale) {
        scale::measure(&mut record)?;
    }
    if wanted(Section::StandIn) {
        stand_in::measure(&mut record)?;
    }
    print!("\n{}", record.table());
    arguments.record.as_deref().map_or(Ok(()), |folder| record.write(folder))
}
