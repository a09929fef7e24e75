//! `self-test`: runs the suite against every seeded defect and every conforming variation, and prints which requirement caught
//! which.

use std::{fs, path::PathBuf, sync::Arc};

use anyhow::{Context, Result, bail};

use crate::{
    catalogue::Catalogue,
    exit::ExitStatus,
    output::Output,
    progress::Countdown,
    report,
    runner::quiet,
    self_test::{Bench, Matrix, REVIEWED, Subject, lints},
    suite::Suite,
};

/// Arguments of `self-test`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Show one defect or variation in full, as `run` would
    #[arg(long, value_name = "NAME")]
    fault: Option<String>,
    /// Write the matrix into a file, to be reviewed and kept as features/self-test.matrix
    #[arg(long, value_name = "FILE", conflicts_with = "fault")]
    write: Option<PathBuf>,
    /// Show every line of the matrix, not only what needs a look
    #[arg(long)]
    all: bool,
}

/// Runs the command.
pub(crate) async fn run(args: Args, output: &Output) -> Result<ExitStatus> {
    let suite = Arc::new(Suite::load(Catalogue::embedded()?, None)?);
    let problems = lints::problems(&suite);
    if !problems.is_empty() {
        problems.iter().for_each(|problem| output.note(problem));
        return Ok(ExitStatus::Violated);
    }
    let digest = suite.digest.clone();
    let bench = Bench::new(suite)?;
    quiet::install();
    if let Some(name) = &args.fault {
        return one(&bench, name, output).await;
    }
    let subjects = Subject::all();
    let countdown = Countdown::on_terminal(subjects.len());
    let rows = bench.rows(&subjects, &|| countdown.done())?;
    let matrix = Matrix { suite: digest, rows };
    if let Some(file) = &args.write {
        fs::write(file, matrix.to_string()).with_context(|| format!("{} cannot be written", file.display()))?;
    }
    judge(&matrix, args.all, args.write.is_none(), output)
}

async fn one(bench: &Bench, name: &str, output: &Output) -> Result<ExitStatus> {
    let Some(subject) = Subject::all().into_iter().find(|subject| subject.variation.name == name) else {
        let unknown = standin::Variations::named(&[name]).err();
        bail!("{}", unknown.map(|error| error.to_string()).unwrap_or_default());
    };
    let results = bench.judge(subject).await?;
    let row = crate::self_test::Row::read(subject, &results);
    output.result(&report::terminal(&results, output.paint(), output.width()))?;
    output.result(&format!("\n{}\n{row}\n", subject.variation.summary))?;
    Ok(if row.holds() { ExitStatus::Done } else { ExitStatus::Violated })
}

fn judge(matrix: &Matrix, all: bool, compare: bool, output: &Output) -> Result<ExitStatus> {
    let mut holds = true;
    for row in &matrix.rows {
        holds &= row.holds();
        if all || !row.holds() || (!row.conforms && !row.echo.is_empty()) {
            output.result(&format!("{row}\n"))?;
        }
    }
    let differences = if compare { matrix.differences(REVIEWED) } else { Vec::new() };
    if !differences.is_empty() {
        output.note("the matrix differs from the reviewed one (features/self-test.matrix):");
        differences.iter().for_each(|line| output.note(line));
        output.note(
            "review the lines and take them over with `bo-conformance self-test --write features/self-test.matrix`",
        );
    }
    output.result(&format!("{}\n", matrix.score().to_results(&matrix.suite)))?;
    Ok(if holds && differences.is_empty() { ExitStatus::Done } else { ExitStatus::Violated })
}
