//! bo-conformance: certifies the token API of a BO server. This file reads the command line and has the command carried out. It is
//! a library for the compiler's sake alone, which begins with it before what it needs is complete; nothing in it is for others.

mod atomic_write;
mod backend;
mod baseline;
mod catalogue;
mod certificate;
mod client_test;
mod commands;
mod config;
mod did_you_mean;
mod exit;
mod explore;
mod hex;
mod inspect;
mod merge;
#[cfg(test)]
mod mutation;
mod one_time;
mod output;
mod read_limited;
#[cfg(test)]
mod recipes;
mod report;
mod results;
mod run;
mod sanitize;
mod self_test;
mod suite;
mod survival;
mod user_keys;
mod verdict;
mod watch;

use std::process::ExitCode;

use clap::Parser;
use exit::ExitStatus;
use output::Output;

/// Certifies the token API of a TraderEvolution BackOffice server.
///
/// Without a target it runs against its own stand-in, so that anyone can try it.
#[derive(Parser)]
#[command(
    version,
    max_term_width = 100,
    after_help = "Exit codes: 0 conformant or done · 1 not conformant · 2 usage or configuration · 3 could not be judged"
)]
struct CommandLine {
    #[command(flatten)]
    global: commands::GlobalArgs,
    #[command(subcommand)]
    command: commands::Command,
}

/// Does what the command line says, and gives what the program ends with.
#[must_use]
pub fn main() -> ExitCode {
    let mut output = Output::standard();
    let command_line = match CommandLine::try_parse() {
        Ok(command_line) => command_line,
        Err(shown) => {
            let help = !shown.use_stderr();
            let _ = shown.print();
            return if help { ExitStatus::Done } else { ExitStatus::Usage }.into();
        }
    };
    output.choose_colour(command_line.global.color);
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            output.error(&format_args!("the system gives no event queue: {error}"));
            return ExitStatus::NotJudged.into();
        }
    };
    match runtime.block_on(command_line.command.run(&output)) {
        Ok(status) => status.into(),
        Err(error) => {
            output.error(&format_args!("{error:#}"));
            ExitStatus::from_error(&error).into()
        }
    }
}
