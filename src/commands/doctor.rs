//! `doctor`: looks at a target, says what it found, what can be judged there and what is missing. Changes nothing, save that
//! it puts back what an interrupted run has left changed.

use std::{collections::HashSet, sync::Arc};

use anyhow::Result;

use crate::{
    backend::Backend,
    catalogue::{Catalogue, Need},
    config::OneTargetArgs,
    exit::ExitStatus,
    inspect::{self, Examination, KnownLifetimes, Outlook, Report},
    output::Output,
    run::{context::RunContext, forecast::Forecast, rehearsal::Rehearsal},
    suite::{Selection, Suite},
};

/// Scenarios at one time, as `run` has it.
const CONCURRENCY: usize = 8;

/// Arguments of `doctor`.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    target: OneTargetArgs,
}

/// Runs the command.
pub(crate) async fn run(args: Args, output: &Output) -> Result<ExitStatus> {
    let catalogue = Catalogue::embedded()?;
    let loaded = args.target.load(false, &catalogue)?;
    let suite = Arc::new(Suite::load(catalogue, None)?);
    let prepared = RunContext::of(loaded, &[])?;
    let needs: HashSet<Need> = Need::ALL.into_iter().collect();
    let examined = match inspect::examine(&prepared.backend, prepared.source.as_ref(), &needs, true).await {
        Ok(examined) => examined,
        Err(reason) => return Ok(stopped(&reason, output)),
    };
    tell(&prepared, examined, &suite, &needs, output).await
}

async fn tell(
    prepared: &RunContext,
    examined: Examination,
    suite: &Arc<Suite>,
    needs: &HashSet<Need>,
    output: &Output,
) -> Result<ExitStatus> {
    let (backend, target) = (&prepared.backend, prepared.backend.target());
    let report = Report {
        name: &prepared.name,
        target,
        findings: &examined.findings,
        trial: examined.trial.as_ref(),
        is_stand_in: !backend.is_shared(),
    };
    output.result(&report.findings())?;
    if let Backend::Deployment(deployment) = backend
        && !target.nodes.is_empty()
    {
        let nodes = steps::inspect::inspect_nodes(deployment.site()).await;
        output.result(&inspect::render_nodes(&nodes, target))?;
    }
    let findings = match inspect::first_obstacle(examined, &prepared.name, target, needs) {
        Ok(findings) => findings,
        Err(obstacle) => return Ok(stopped(&obstacle.to_string(), output)),
    };
    if let Backend::Deployment(deployment) = backend {
        match deployment.make_good().await {
            Ok(done) => done.iter().for_each(|done| output.note(done)),
            Err(reason) => return Ok(stopped(&reason, output)),
        }
    }
    let login = findings.login.as_ref().and_then(|login| login.as_ref().ok());
    let outlook = Outlook::of(&suite.catalogue, backend, KnownLifetimes::of(target, login));
    let cost = if backend.is_shared() {
        let rehearsal = Rehearsal::of(suite, &Selection::default(), target).await?;
        Some(Forecast::new(&rehearsal, target, Some(&findings), CONCURRENCY).cost(target))
    } else {
        None
    };
    output.result(&inspect::ahead(&outlook, cost.as_ref(), target))?;
    Ok(ExitStatus::Done)
}

fn stopped(reason: &str, output: &Output) -> ExitStatus {
    output.note(&format!("\nno run can start: {reason}"));
    ExitStatus::NotJudged
}
