//! `certify`: a signed certificate of a finished run, or a key to sign with. Asks no server; what it refuses, it lists whole.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::{
    atomic_write,
    catalogue::Catalogue,
    certificate::{
        self, Envelope, Signer,
        key::{Algorithm, PrivateKey},
        new_key,
        survived::During,
        test_result::{self, Files},
        upgrade::{self, Runs},
    },
    exit::ExitStatus,
    hex::sha256,
    output::Output,
    read_limited::read_file,
    results::{self, Results},
    suite::Suite,
};

/// Arguments of `certify`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The results.json of the run
    #[arg(value_name = "RESULTS", default_value = "reports/results.json")]
    results: PathBuf,
    /// Certify an upgrade: the results.json of the run before it, and that of the run after it
    #[arg(long, value_names = ["BEFORE", "AFTER"], num_args = 2, conflicts_with = "results")]
    upgrade: Vec<PathBuf>,
    /// With --upgrade: the results.json of `survival` around it
    #[arg(long, value_name = "FILE", requires = "upgrade")]
    survival: Option<PathBuf>,
    /// By whom and why breaking differences of an upgrade are accepted
    #[arg(long, value_name = "TEXT", requires = "upgrade")]
    agreed: Option<String>,
    /// The private key to sign with, as PEM
    #[arg(long, value_name = "FILE", required_unless_present = "new_key")]
    key: Option<PathBuf>,
    /// The report that belongs to the results [default: report.html beside them]
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Where the certificate is written [default: certificate.json beside the results]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Who answers for the certificate, as it should stand in it; may be given again
    #[arg(long, value_name = "TEXT")]
    by: Vec<String>,
    /// Make a key instead: the private one in FILE, for its owner only, the public one in FILE.pub
    #[arg(long, value_name = "FILE", conflicts_with_all = ["results", "key", "report", "out", "by", "upgrade"])]
    new_key: Option<PathBuf>,
    /// What the new key signs with
    #[arg(long, value_enum, default_value = "ed25519", requires = "new_key")]
    algorithm: Algorithm,
}

/// Runs the command.
pub(crate) fn run(args: &Args, output: &Output) -> Result<ExitStatus> {
    match (&args.new_key, &args.key) {
        (Some(file), _) => make_key(file, args.algorithm, output),
        (None, Some(key)) => certify(args, key, output),
        // The command line asks for one of them.
        (None, None) => Ok(ExitStatus::Usage),
    }
}

fn make_key(file: &Path, algorithm: Algorithm, output: &Output) -> Result<ExitStatus> {
    let (beside, public) = new_key::make(file, algorithm)?;
    output.result(&format!(
        "{}: the private key; keep it to yourself\n{}: the public key {}; give it to whoever verifies\n",
        file.display(),
        beside.display(),
        public.id()
    ))?;
    Ok(ExitStatus::Done)
}

fn certify(args: &Args, key: &Path, output: &Output) -> Result<ExitStatus> {
    let key = PrivateKey::read(key)?;
    let run = Saved::read(args.upgrade.get(1).unwrap_or(&args.results))?;
    let before = args.upgrade.first().map(|file| Saved::read(file)).transpose()?;
    let during = args.survival.as_deref().map(Saved::read).transpose()?;
    let report_file = args.report.clone().unwrap_or_else(|| run.file.with_file_name(test_result::REPORT));
    let report = read_file(&report_file, results::LARGEST).context(
        "the report is certified with the results; name it with --report, or render it with `report render`",
    )?;
    let suite = Suite::load(Catalogue::embedded()?, None)?;
    let runs = before.as_ref().map(|before| Runs {
        before: &before.results,
        before_sha256: before.sha256(),
        agreed: args.agreed.clone(),
        during: during.as_ref().map(|during| During { results: &during.results, sha256: during.sha256() }),
    });
    let mut obstacles = certificate::obstacles(&run.results, &report, &suite);
    obstacles.extend(runs.iter().flat_map(|runs| upgrade::obstacles(runs, &run.results, &suite)));
    let mut reasons: Vec<String> = obstacles.iter().map(ToString::to_string).collect();
    reasons.extend([Some(&run), before.as_ref(), during.as_ref()].into_iter().flatten().filter_map(Saved::broken_seal));
    if !reasons.is_empty() {
        let listed: String = reasons.iter().map(|reason| format!("\n  {reason}")).collect();
        let file = run.file.display();
        return Err(ExitStatus::Violated.because(format_args!("{file} cannot be certified:{listed}")));
    }
    let files = Files { results_sha256: &run.sha256(), report_sha256: &sha256(&report) };
    let certified = test_result::of(&run.results, &files, runs.as_ref(), Signer::here(args.by.clone()));
    let envelope = Envelope::sign(&serde_json::to_vec(&certified)?, &key)?;
    let out = args.out.clone().unwrap_or_else(|| run.file.with_file_name("certificate.json"));
    let file = envelope.to_file();
    write(&out, &file)?;
    let beside = out.with_extension("html");
    let sheet_file = if beside == report_file { out.with_extension("page.html") } else { beside };
    write(&sheet_file, &certificate::render_sheet(&certified, &run.results, &key.public(), &sha256(file.as_bytes()))?)?;
    output.result(&format!("{}\n{}", out.display(), certificate::render_certificate(&certified, &key.public())))?;
    output.note(&format!("{}: the same on one page, to print and sign", sheet_file.display()));
    Ok(ExitStatus::Done)
}

fn write(file: &Path, text: &str) -> Result<()> {
    atomic_write::write_text(file, text).with_context(|| format!("{} cannot be written", file.display()))
}

/// The results of a run, and the file that they are in.
struct Saved<'a> {
    file: &'a Path,
    content: Vec<u8>,
    results: Results,
}

impl<'a> Saved<'a> {
    fn read(file: &'a Path) -> Result<Self> {
        let content = read_file(file, results::LARGEST)?;
        Ok(Self { file, results: results::read_from(file, &content)?, content })
    }

    /// Why it is unknown whether a run has written them so.
    fn broken_seal(&self) -> Option<String> {
        results::check_seal(self.file, &self.content).err().map(|reason| reason.to_string())
    }

    fn sha256(&self) -> String {
        sha256(&self.content)
    }
}
