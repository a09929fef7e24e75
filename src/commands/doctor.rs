//! `doctor`: looks at a target, says what it found, what can be judged there and what is missing. Changes nothing, save that
//! it puts back what an interrupted run has left changed.

use std::collections::HashSet;

use anyhow::Result;

use crate::{
    catalogue::{Catalogue, Need},
    config::Choice,
    doctor::{self, Cost, Examination, Lifetimes, Outlook, Report},
    exit::ExitStatus,
    output::Output,
    prepared::Prepared,
    suite::Suite,
    venue::Venue,
};

/// Arguments of `doctor`.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    choice: Choice,
}

/// Runs the command.
pub(crate) async fn run(args: Args, output: &Output) -> Result<ExitStatus> {
    let catalogue = Catalogue::embedded()?;
    let loaded = args.choice.load(&catalogue)?;
    let suite = Suite::load(catalogue, None)?;
    let prepared = Prepared::of(loaded, &[], &suite.catalogue)?;
    let needs: HashSet<Need> = Need::ALL.into_iter().collect();
    let examined = match doctor::examine(&prepared.venue, prepared.source.as_ref(), &needs).await {
        Ok(examined) => examined,
        Err(reason) => return Ok(stopped(&reason, output)),
    };
    tell(&prepared, examined, &suite, &needs, output).await
}

async fn tell(
    prepared: &Prepared,
    examined: Examination,
    suite: &Suite,
    needs: &HashSet<Need>,
    output: &Output,
) -> Result<ExitStatus> {
    let (venue, target) = (&prepared.venue, prepared.venue.target());
    let report = Report {
        name: &prepared.name,
        target,
        findings: &examined.findings,
        trial: examined.trial.as_ref(),
        is_stand_in: !venue.is_shared(),
    };
    output.result(&report.findings())?;
    let findings = match doctor::first_obstacle(examined, &prepared.name, target, needs) {
        Ok(findings) => findings,
        Err(obstacle) => return Ok(stopped(&obstacle.to_string(), output)),
    };
    if let Venue::Deployment(deployment) = venue {
        match deployment.make_good().await {
            Ok(done) => done.iter().for_each(|done| output.note(done)),
            Err(reason) => return Ok(stopped(&reason, output)),
        }
    }
    let login = findings.login.as_ref().and_then(|login| login.as_ref().ok());
    let outlook = Outlook::of(&suite.catalogue, venue, Lifetimes::of(target, login));
    let cost = venue.is_shared().then(|| Cost::of(suite, venue, outlook.longest_wait));
    output.result(&doctor::ahead(&outlook, cost.as_ref(), target))?;
    Ok(ExitStatus::Done)
}

fn stopped(reason: &str, output: &Output) -> ExitStatus {
    output.note(&format!("\nno run can start: {reason}"));
    ExitStatus::NotJudged
}
