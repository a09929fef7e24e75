//! `verify`: whether a certificate holds, offline, with the public key of whoever signed it.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use jiff::{Timestamp, civil::Date};
use steps::target::BaseUrl;

use crate::{
    catalogue::Catalogue,
    certificate::{self, Given, Verification, key::PublicKey, survived, test_result, upgrade},
    exit::ExitStatus,
    output::Output,
    read_limited::read_file,
    results,
    sanitize::sanitize,
    suite::Suite,
};

/// Larger than any certificate.
const LARGEST: u64 = 4 << 20;

/// Arguments of `verify`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The certificate
    #[arg(value_name = "CERTIFICATE", default_value = "reports/certificate.json")]
    certificate: PathBuf,
    /// The public key of whoever signed it, as PEM
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// The results that it certifies [default: results.json beside the certificate]
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,
    /// The report that it certifies [default: report.html beside the certificate]
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// The results of the run before an upgrade, where one is certified [default: before/results.json beside the certificate]
    #[arg(long, value_name = "FILE")]
    before: Option<PathBuf>,
    /// The results of `survival` during an upgrade, where they are certified [default: during/results.json beside the certificate]
    #[arg(long, value_name = "FILE")]
    survival: Option<PathBuf>,
    /// The day that waivers must still hold on, as 2027-03-31 [default: today]
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// The server that the certificate must be of: where its REST API begins
    #[arg(long = "for", value_name = "URL", value_parser = BaseUrl::parse)]
    server: Option<BaseUrl>,
    /// Accept a certificate of the embedded stand-in, too
    #[arg(long, conflicts_with = "server")]
    allow_stand_in: bool,
}

/// Runs the command.
pub(crate) fn run(args: &Args, output: &Output) -> Result<ExitStatus> {
    let Some(key) = &args.key else {
        bail!(
            "a certificate proves nothing without the public key of whoever should have signed it; get it from them, not from \
             where the certificate came from, and give it with --key FILE.pub"
        );
    };
    let beside = |given: &Option<PathBuf>, name| given.clone().unwrap_or_else(|| args.certificate.with_file_name(name));
    let key = PublicKey::read(key)?;
    let content = read_file(&args.certificate, LARGEST)?;
    let results = read_file(&beside(&args.results, test_result::RESULTS), results::LARGEST)?;
    let report = read_file(&beside(&args.report, test_result::REPORT), results::LARGEST)?;
    let suite = Suite::load(Catalogue::embedded()?, None)?;
    let on = args.on.unwrap_or_else(|| results::day(Timestamp::now()));
    let before = given_or_expected(args, args.before.as_ref(), upgrade::BEFORE)?;
    let during = given_or_expected(args, args.survival.as_ref(), survived::DURING)?;
    let given = Given {
        certificate: &content,
        key: &key,
        results: &results,
        report: &report,
        before: before.as_deref(),
        during: during.as_deref(),
        on,
        server: args.server.as_ref().map(BaseUrl::as_str),
        allow_stand_in: args.allow_stand_in,
    };
    let verification = certificate::verify(&given, &suite);
    output.result(&said(&args.certificate, &verification, &given))?;
    Ok(status(&verification))
}

/// Further results, where they are given or lie where they are expected.
fn given_or_expected(args: &Args, given: Option<&PathBuf>, name: &str) -> Result<Option<Vec<u8>>> {
    let expected = args.certificate.with_file_name(name);
    let file = given.or(expected.is_file().then_some(&expected));
    file.map(|file| Ok(read_file(file, results::LARGEST)?)).transpose()
}

/// What holds, or what does not, one line each.
fn said(file: &Path, verification: &Verification, given: &Given<'_>) -> String {
    let Verification { findings, certified, unchecked } = verification;
    let verdict = match (findings.is_empty(), unchecked) {
        (false, _) => "does not hold",
        (true, Some(_)) => "cannot be verified whole",
        (true, None) => "holds",
    };
    let lines = findings.iter().chain(unchecked).map(|line| format!("  {}\n", sanitize(line)));
    let told =
        certified.as_ref().filter(|_| findings.is_empty()).map(|it| certificate::render_certificate(it, given.key));
    format!("{} {verdict}\n{}{}", file.display(), lines.collect::<String>(), told.unwrap_or_default())
}

/// What the outcome means to a script.
fn status(verification: &Verification) -> ExitStatus {
    match (verification.findings.is_empty(), &verification.unchecked) {
        (false, _) => ExitStatus::Violated,
        (true, Some(_)) => ExitStatus::NotJudged,
        (true, None) => ExitStatus::Done,
    }
}
