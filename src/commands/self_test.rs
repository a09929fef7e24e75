//! `self-test`: runs the suite against every seeded defect and every conforming variation, and prints which requirement caught
//! which.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result, bail};

use crate::{
    catalogue::Catalogue,
    exit::ExitStatus,
    output::Output,
    report,
    run::progress::Countdown,
    self_test::{Bench, Matrix, REVIEWED_UPGRADES, TestSubject, UpgradeRow, differences, lints},
    suite::{REVIEWED, Suite},
};

/// Arguments of `self-test`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Show one defect or variation in full, as `run` would
    #[arg(long, value_name = "NAME")]
    fault: Option<String>,
    /// Write the matrix into a file, and what each would change as an upgrade into upgrade.matrix beside it, to be reviewed and
    /// kept as features/self-test.matrix
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
    if let Some(name) = &args.fault {
        return one(&bench, name, output).await;
    }
    let subjects = TestSubject::all();
    let countdown = Countdown::on_terminal(subjects.len());
    let (rows, upgrades) = bench.rows(&bench.plain().await?, &subjects, &|| countdown.done())?;
    let matrix = Matrix { suite: digest, rows };
    if let Some(file) = &args.write {
        write(file, &matrix.to_string())?;
        write(&file.with_file_name("upgrade.matrix"), &UpgradeRow::text(&upgrades))?;
    }
    let status = judge(&matrix, args.all, args.write.is_none(), output)?;
    let changed = if args.write.is_some() { Vec::new() } else { changed(&upgrades) };
    tell(&changed, "features/upgrade.matrix", output);
    Ok(if changed.is_empty() { status } else { ExitStatus::Violated })
}

fn write(file: &Path, text: &str) -> Result<()> {
    fs::write(file, text).with_context(|| format!("{} cannot be written", file.display()))
}

fn changed(upgrades: &[UpgradeRow]) -> Vec<String> {
    differences(REVIEWED_UPGRADES, &UpgradeRow::text(upgrades))
}

/// What is not as it was reviewed.
fn tell(differences: &[String], file: &str, output: &Output) {
    if differences.is_empty() {
        return;
    }
    output.note(&format!("what was measured differs from what was reviewed ({file}):"));
    differences.iter().for_each(|line| output.note(line));
    output
        .note("review the lines and take them over with `bo-conformance self-test --write features/self-test.matrix`");
}

async fn one(bench: &Bench, name: &str, output: &Output) -> Result<ExitStatus> {
    let Some(subject) = TestSubject::all().into_iter().find(|subject| subject.variation.name == name) else {
        let unknown = standin::Variations::from_names(&[name]).err();
        bail!("{}", unknown.map(|error| error.to_string()).unwrap_or_default());
    };
    let results = bench.judge(subject).await?;
    let row = crate::self_test::VariationRow::read(subject, &results);
    output.result(&report::terminal(&results, &output.view()))?;
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
    tell(&differences, "features/self-test.matrix", output);
    output.result(&format!("{}\n", matrix.score()))?;
    Ok(if holds && differences.is_empty() { ExitStatus::Done } else { ExitStatus::Violated })
}
