//! `explore`: random walks over the contract's model, on a target or on the stand-in, and what they found.

use std::{
    num::NonZeroUsize,
    path::PathBuf,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result};
use standin::Variations;

use crate::{
    backend::Backend,
    catalogue::{Catalogue, Need},
    config::OneTargetArgs,
    exit::ExitStatus,
    explore::{Budget, Exploration, Finding, Local, Remote, explore, is_promised},
    inspect,
    output::Output,
    results::ExplorationInfo,
    run::context::RunContext,
    run::signals,
};

/// Arguments of `explore`.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    target: OneTargetArgs,
    /// How many requests are sent
    #[arg(long, value_name = "N", default_value = "5000")]
    requests: u64,
    /// What decides the walk: the same seed gives the same [default: another one each time, which is shown]
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// How many actors take turns, at most
    #[arg(long, value_name = "N", default_value = "3")]
    actors: NonZeroUsize,
    /// After how many different findings it ends
    #[arg(long, value_name = "N", default_value = "20")]
    findings: usize,
    /// A folder that gets each finding as a feature
    #[arg(long, value_name = "DIR")]
    write: Option<PathBuf>,
    /// Seed a defect or a variation into the embedded stand-in, to see whether it is found
    #[arg(long, value_name = "NAME", conflicts_with = "target")]
    fault: Vec<String>,
}

/// Runs the command.
pub(crate) async fn run(args: Args, output: &Output) -> Result<ExitStatus> {
    let catalogue = Catalogue::embedded()?;
    let loaded = args.target.load(!args.fault.is_empty(), &catalogue)?;
    let seed = args.seed.unwrap_or_else(seed_of_now);
    // The stand-in is walked only: its walks meet every class of input in no time.
    let survey = if loaded.target.is_some() { args.requests * 6 / 10 } else { 0 };
    let budget = Budget {
        survey,
        requests: args.requests - survey,
        seed,
        actors: args.actors.get(),
        time: None,
        findings: args.findings,
    };
    let exploration = if loaded.target.is_none() {
        let names: Vec<&str> = args.fault.iter().map(String::as_str).collect();
        explore(&mut Local::new(Variations::from_names(&names)?), budget).await
    } else {
        on_target(RunContext::of(loaded, &args.fault)?, budget, output).await?
    };
    write(&exploration, args.write.as_deref())?;
    output.result(&told(&exploration))?;
    Ok(status(&exploration))
}

fn seed_of_now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    u64::from(now.subsec_nanos()) ^ (now.as_secs() << 20)
}

async fn on_target(context: RunContext, budget: Budget, output: &Output) -> Result<Exploration> {
    let stopped = |reason: &str| ExitStatus::NotJudged.because(reason);
    let backend = &context.backend;
    let needs = [Need::Probe].into_iter().filter(|need| backend.offers(*need)).collect();
    let examined = inspect::examine(backend, None, &needs, false).await.map_err(|reason| stopped(&reason))?;
    inspect::first_obstacle(examined, &context.name, backend.target(), &needs)
        .map_err(|obstacle| stopped(&obstacle.to_string()))?;
    if let Backend::Deployment(deployment) = backend {
        let done = deployment.make_good().await.map_err(|reason| stopped(&reason))?;
        done.iter().for_each(|done| output.note(done));
    }
    let stop = signals::signal();
    futures::pin_mut!(stop);
    backend.begin().await;
    let lease = backend.open(&[]).await.map_err(|reason| stopped(&reason))?;
    let mut remote = Remote::new(lease.site.clone(), false, budget.seed);
    let explored = tokio::select! {
        explored = explore(&mut remote, budget) => Ok(explored),
        signal = &mut stop => {
            output.note(&format!("interrupted by {signal}: lifetimes are restored …"));
            Err(stopped(&format!("interrupted by {signal}: what was explored is not reported")))
        }
    };
    backend.take_back(lease);
    let left = backend.end().await;
    left.iter().for_each(|reason| output.note(&format!("warning: {reason}")));
    if left.is_empty() { explored } else { Err(stopped("lifetimes may be left changed")) }
}

fn write(exploration: &Exploration, folder: Option<&std::path::Path>) -> Result<()> {
    let Some(folder) = folder else { return Ok(()) };
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make {}; choose another --write", folder.display()))?;
    for (at, finding) in exploration.findings.iter().enumerate() {
        let name = format!("{}-{}.feature", finding.violation.requirement.to_lowercase(), at + 1);
        let file = folder.join(name);
        std::fs::write(&file, finding.scenario(exploration.info.seed))
            .with_context(|| format!("cannot write {}; choose another --write", file.display()))?;
    }
    Ok(())
}

fn told(exploration: &Exploration) -> String {
    let ExplorationInfo { seed, operations, requests, transitions, input_classes, unanswered, .. } = &exploration.info;
    let mut text = String::new();
    for (requirement, question, answer) in &exploration.behaviour.observations {
        text.push_str(&format!("{requirement} {question} {answer}\n"));
    }
    for finding in &exploration.findings {
        text.push_str(&format!("\n{}\n{}", headline(finding), finding.scenario(*seed)));
    }
    text.push_str(&format!(
        "\n{operations} operations, {requests} requests, seed {seed}: {transitions} transitions of the model, {input_classes} classes of input"
    ));
    if *unanswered > 0 {
        text.push_str(&format!(", {unanswered} without an answer"));
    }
    let found = exploration.findings.len();
    text.push_str(&match found {
        0 => "; nothing found\n".to_owned(),
        1 => "; 1 finding\n".to_owned(),
        _ => format!("; {found} findings\n"),
    });
    text
}

fn headline(finding: &Finding) -> String {
    let level = if is_promised(finding.violation.requirement) { "violation" } else { "warning" };
    format!("{} {level}: {} ({})", finding.violation.requirement, finding.violation.text, finding.frequency())
}

fn status(exploration: &Exploration) -> ExitStatus {
    if exploration.findings.iter().any(|finding| is_promised(finding.violation.requirement)) {
        return ExitStatus::Violated;
    }
    let ExplorationInfo { operations, unanswered, .. } = exploration.info;
    let silent = operations == 0 || unanswered * 2 > operations;
    if silent { ExitStatus::NotJudged } else { ExitStatus::Done }
}
