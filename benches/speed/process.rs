//! Measures whole processes: from start to exit on a monotonic clock, and their peak memory.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Instant,
};

use anyhow::{Context, Result, bail, ensure};

use crate::workload::PASSWORD;

/// The measured program, as built by cargo.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_bo-conformance");

/// A measured command.
#[derive(Clone)]
pub(crate) struct Subject {
    pub(crate) name: String,
    program: PathBuf,
    arguments: Vec<String>,
    folder: PathBuf,
}

impl Subject {
    /// The program with these arguments, in this folder.
    pub(crate) fn program(name: impl Into<String>, folder: &Path, arguments: &[&str]) -> Self {
        Self::new(name.into(), PROGRAM.into(), folder, arguments)
    }

    /// This benchmark in one of its roles.
    pub(crate) fn bench(name: impl Into<String>, folder: &Path, arguments: &[&str]) -> Result<Self> {
        Ok(Self::new(name.into(), std::env::current_exe()?, folder, arguments))
    }

    fn new(name: String, program: PathBuf, folder: &Path, arguments: &[&str]) -> Self {
        let arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
        Self { name, program, arguments, folder: folder.to_owned() }
    }

    /// The command line, for display.
    pub(crate) fn line(&self) -> String {
        let program = self.program.file_name().unwrap_or_default().to_string_lossy();
        // Cargo appends a digest to the name of a benchmark.
        let program = if program.starts_with("speed-") { "speed".into() } else { program };
        std::iter::once(program.into_owned()).chain(self.arguments.iter().cloned()).collect::<Vec<_>>().join(" ")
    }

    /// Runs it once and returns the seconds.
    pub(crate) fn seconds(&self) -> Result<f64> {
        let mut command = self.within(&self.program);
        command.args(&self.arguments).stderr(Stdio::piped());
        let began = Instant::now();
        let ended = command.spawn().and_then(Child::wait_with_output)?;
        let took = began.elapsed().as_secs_f64();
        ensure!(ended.status.success(), "{}: {}", self.line(), String::from_utf8_lossy(&ended.stderr));
        Ok(took)
    }

    /// Runs it once and returns its peak memory in kB; `None` without GNU time.
    pub(crate) fn peak(&self) -> Result<Option<u64>> {
        let noted = self.folder.join("peak");
        let mut command = self.within(Path::new("time"));
        command.args(["-f", "%M", "-o"]).arg(&noted).arg(&self.program).args(&self.arguments).stderr(Stdio::null());
        match command.status() {
            Ok(status) => ensure!(status.success(), "{}: {status}", self.line()),
            Err(_) => return Ok(None),
        }
        Ok(fs::read_to_string(noted)?.trim().parse().ok())
    }

    /// Another program in the same folder and environment.
    pub(crate) fn within(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.folder).env("BO_PASSWORD", PASSWORD).env_remove("GITHUB_STEP_SUMMARY");
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command
    }

    /// Program and arguments.
    pub(crate) fn words(&self) -> impl Iterator<Item = std::ffi::OsString> {
        std::iter::once(self.program.clone().into()).chain(self.arguments.iter().map(Into::into))
    }
}

/// A server in its own process, killed when dropped.
pub(crate) struct Serving {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Serving {
    /// Starts it and waits until it prints its address.
    pub(crate) fn start(subject: &Subject) -> Result<Self> {
        let mut command = subject.within(&subject.program);
        let mut child = command.args(&subject.arguments).stdout(Stdio::piped()).spawn()?;
        let mut said = String::new();
        let mut out = BufReader::new(child.stdout.take().context("the output is piped")?);
        out.read_line(&mut said)?;
        // Kept open, because the server may print more.
        child.stdout = Some(out.into_inner());
        let Some(address) = address_in(&said) else {
            bail!("{} prints `{said}` instead of an address", subject.line())
        };
        Ok(Self { child, address })
    }

    /// Its memory in kB.
    pub(crate) fn resident(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line =
            status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("the kernel reports no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn address_in(said: &str) -> Option<SocketAddr> {
    let from = said.find("127.0.0.1")?;
    said[from..].split(|c: char| c == '/' || c.is_whitespace()).next()?.parse().ok()
}
