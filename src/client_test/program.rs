//! The program under test as a process: started in a process group of its own, with its output read and bounded, and ended with
//! everything that it has started.

use std::{
    collections::VecDeque,
    fs, io,
    process::{ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt},
    process::{Child, Command},
    time::{sleep, timeout},
};

use super::server::{LOGIN, TestServer};

/// The path of the call that the program is to make.
pub(super) const PROBE: &str = "/accounts?limit=1";
/// The variable that marks the processes of a run.
const MARK: &str = "BO_CONFORMANCE_CLIENT_RUN";
/// Most bytes that are kept of the beginning of an output, and of its end.
const MOST_OUTPUT: usize = 1 << 19;
/// Most characters of the last words of a program. Words are kept whole: half a secret would not be masked.
const LAST_WORDS: usize = 300;
/// How often what is left of a program is killed: its processes may start new ones meanwhile.
const MOST_KILLS: usize = 20;
/// How long the program has to end after SIGTERM.
const GRACE: Duration = Duration::from_millis(300);

/// How the program is started.
pub(super) struct ProgramSetup {
    command: Vec<String>,
    base_url: String,
    mark: String,
}

/// A running program.
pub(super) struct Program {
    child: Child,
    group: Option<u32>,
    mark: String,
    output: Captured,
    errors: Captured,
}

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Ends>>);

/// The beginning and the end of an output.
#[derive(Default)]
struct Ends {
    first: Vec<u8>,
    last: VecDeque<u8>,
}

impl ProgramSetup {
    /// For a command that is not empty.
    pub(super) fn new(command: &[String], base_url: String) -> Self {
        let mark = format!("{}-{base_url}", std::process::id());
        Self { command: command.to_vec(), base_url, mark }
    }

    /// The program's name, as it was given.
    pub(super) fn name(&self) -> &str {
        self.command.first().map_or("", String::as_str)
    }

    /// Starts it.
    ///
    /// # Errors
    /// When the system cannot start it.
    pub(super) fn start(&self, server: &TestServer) -> io::Result<Program> {
        let mut command = Command::new(self.name());
        command
            .args(self.command.iter().skip(1))
            .env("BO_BASE_URL", &self.base_url)
            .env("BO_LOGIN", LOGIN)
            .env("BO_PASSWORD", server.password())
            .env("BO_PROBE", PROBE)
            .env("BO_OTT", server.mint())
            .env(MARK, &self.mark)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(0);
        let mut child = command.spawn()?;
        let (output, errors) = (Captured::default(), Captured::default());
        read(child.stdout.take(), output.clone());
        read(child.stderr.take(), errors.clone());
        Ok(Program { group: child.id(), child, mark: self.mark.clone(), output, errors })
    }
}

/// Reads a stream to its end; of a long one the middle is dropped, so that the program never waits for a full pipe.
fn read(stream: Option<impl AsyncRead + Unpin + Send + 'static>, into: Captured) {
    let Some(mut stream) = stream else { return };
    drop(tokio::spawn(async move {
        let mut chunk = vec![0; 8192];
        while let Ok(count @ 1..) = stream.read(&mut chunk).await {
            into.add(chunk.get(..count).unwrap_or_default());
        }
    }));
}

impl Captured {
    fn add(&self, bytes: &[u8]) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = MOST_OUTPUT.saturating_sub(kept.first.len()).min(bytes.len());
        let (first, last) = bytes.split_at(room);
        kept.first.extend_from_slice(first);
        kept.last.extend(last);
        let excess = kept.last.len().saturating_sub(MOST_OUTPUT);
        drop(kept.last.drain(..excess));
    }

    fn text(&self) -> String {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (older, newer) = kept.last.as_slices();
        String::from_utf8_lossy(&[&kept.first, older, newer].concat()).into_owned()
    }
}

impl Program {
    /// How it ended by itself, if it has.
    pub(super) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Whether it has ended and left nothing behind that runs: a program may start the client and end.
    pub(super) fn is_gone(&mut self) -> bool {
        self.ended().is_some() && marked_processes(&self.mark).is_empty()
    }

    /// What it printed so far, on both streams.
    pub(super) fn printed(&self) -> String {
        format!("{}\n{}", self.output.text(), self.errors.text())
    }

    /// The last words on its standard error, in one line.
    pub(super) fn last_words(&self) -> String {
        let text = self.errors.text();
        let mut length = 0;
        let fits = |word: &&str| {
            length += word.len() + 1;
            length <= LAST_WORDS
        };
        let mut words: Vec<&str> = text.split_whitespace().rev().take_while(fits).collect();
        words.reverse();
        words.join(" ")
    }

    /// Ends it and everything that it has started: first on request, then by force.
    pub(super) async fn end(mut self) -> String {
        if self.ended().is_none() {
            self.signal("-TERM").await;
            // A program that does not end is killed below.
            timeout(GRACE, self.child.wait()).await.ok();
        }
        self.signal("-KILL").await;
        timeout(GRACE, self.child.wait()).await.ok();
        for _ in 0..MOST_KILLS {
            let left = marked_processes(&self.mark);
            if left.is_empty() {
                break;
            }
            for process in left {
                kill("-KILL", &process).await;
            }
        }
        // What the pipes still hold.
        sleep(Duration::from_millis(20)).await;
        self.printed()
    }

    async fn signal(&self, signal: &str) {
        if let Some(group) = self.group {
            kill(signal, &format!("-{group}")).await;
        }
    }
}

/// Sends a signal to a process or, with a minus before it, to a group. Whether there still is one does not matter.
async fn kill(signal: &str, process: &str) {
    // Every shell has a `kill` of its own; the program of that name is not installed everywhere.
    let mut command = Command::new("sh");
    let command = command.args(["-c", r#"kill "$0" "$1""#, signal, process]).stderr(Stdio::null()).status();
    timeout(Duration::from_secs(2), command).await.ok();
}

/// Processes that have left the group, by the variable that they inherited. Known on Linux only.
fn marked_processes(mark: &str) -> Vec<String> {
    let mark = format!("{MARK}={mark}").into_bytes();
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let is_marked = |process: &fs::DirEntry| {
        let variables = fs::read(process.path().join("environ")).unwrap_or_default();
        variables.split(|byte| *byte == 0).any(|variable| variable == mark)
    };
    let number = |process: fs::DirEntry| process.file_name().into_string().ok();
    let is_number = |name: &String| name.bytes().all(|byte| byte.is_ascii_digit());
    processes.filter(is_marked).filter_map(number).filter(is_number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_and_the_end_of_a_long_output_are_kept() {
        let captured = Captured::default();
        captured.add(b"first");
        for _ in 0..40 {
            captured.add(&[b'.'; 100_000]);
        }
        captured.add(b"last");
        let text = captured.text();
        assert!(text.starts_with("first.") && text.ends_with(".last"), "the ends are missing");
        assert_eq!(text.len(), 2 * MOST_OUTPUT);
    }
}
