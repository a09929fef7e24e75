//! A program of the operator that prints one secret: a one-time token or a password. Bounded in time and in what is read
//! of it; what it prints is never shown.

use std::{io, process::ExitStatus, process::Stdio, thread, time::Duration};

use steps::Secret;
use thiserror::Error;
use tokio::{
    io::{AsyncRead, AsyncReadExt, copy, sink},
    process::{Child, Command},
    runtime::Builder,
    time::timeout,
};

/// Longest time a program may take, on top of which a step may still have time for its request.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// Many times the longest token.
const MOST_OUTPUT: u64 = 64 * 1024;
const MOST_COMPLAINT: u64 = 4 * 1024;
/// What of a complaint fits into a message.
const SHOWN_COMPLAINT: usize = 300;

/// Why a program gave no secret.
#[derive(Debug, Error)]
pub(crate) enum ProgramError {
    /// It cannot be started.
    #[error("`{program}` cannot be started: {reason}; check the path and that it may be executed")]
    Start {
        /// Its name.
        program: String,
        /// Why.
        reason: io::Error,
    },
    /// It takes too long.
    #[error("`{program}` did not end within {} ms and was stopped", .patience.as_millis())]
    Slow {
        /// Its name.
        program: String,
        /// How long it had.
        patience: Duration,
    },
    /// It failed.
    #[error("`{program}` failed ({status}){complaint}")]
    Failed {
        /// Its name.
        program: String,
        /// How it ended.
        status: ExitStatus,
        /// What it wrote to stderr, shortened, after a colon; may be empty.
        complaint: String,
    },
    /// It printed nothing.
    #[error(
        "`{program}` printed nothing; it must print the secret as the first line of its standard output{complaint}"
    )]
    Silent {
        /// Its name.
        program: String,
        /// What it wrote to stderr, shortened, after a colon; may be empty.
        complaint: String,
    },
    /// It printed more than any token.
    #[error("`{program}` printed more than 64 KiB; it must print the secret and nothing else")]
    Flood {
        /// Its name.
        program: String,
    },
    /// It printed binary data.
    #[error("`{program}` printed something other than UTF-8 text")]
    NoText {
        /// Its name.
        program: String,
    },
}

/// What a program left behind.
struct Ended {
    status: ExitStatus,
    output: Vec<u8>,
    complaint: Vec<u8>,
}

/// Runs a program and takes the first line with something in it, without blanks around. The program is killed when
/// `patience` is over.
///
/// # Errors
/// When it cannot be started, fails, is too slow, or prints no secret.
pub(crate) async fn first_line(argv: &[String], patience: Duration) -> Result<Secret, ProgramError> {
    let name = argv.first().cloned().unwrap_or_default();
    let (output, complaint) = run(argv, patience, Stdio::piped(), &[]).await?;
    let line = output.lines().map(str::trim).find(|line| !line.is_empty());
    line.map(Secret::new).ok_or(ProgramError::Silent { program: name, complaint })
}

/// Runs a program without these environment variables and returns all that it prints. Its standard error goes to that of this
/// program and nowhere else: a script run with `set -x` repeats there what it prints. The program is killed when `patience` is over.
///
/// # Errors
/// When it cannot be started, fails, is too slow, or prints nothing.
pub(crate) async fn output(
    argv: &[String],
    patience: Duration,
    hidden_variables: &[String],
) -> Result<String, ProgramError> {
    let (output, complaint) = run(argv, patience, Stdio::inherit(), hidden_variables).await?;
    let program = argv.first().cloned().unwrap_or_default();
    if output.trim().is_empty() { Err(ProgramError::Silent { program, complaint }) } else { Ok(output) }
}

/// What a program printed, and what it wrote to standard error if that is a pipe, for a message.
async fn run(
    argv: &[String],
    patience: Duration,
    stderr: Stdio,
    hidden_variables: &[String],
) -> Result<(String, String), ProgramError> {
    let name = argv.first().cloned().unwrap_or_default();
    let start = |reason| ProgramError::Start { program: name.clone(), reason };
    let mut command = Command::new(&name);
    command.args(argv.iter().skip(1)).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(stderr).kill_on_drop(true);
    for variable in hidden_variables {
        command.env_remove(variable);
    }
    let child = command.spawn().map_err(start)?;
    match timeout(patience, end(child)).await {
        Ok(ended) => text(name.clone(), ended.map_err(start)?),
        Err(_) => Err(ProgramError::Slow { program: name, patience }),
    }
}

/// The same for callers that are not asynchronous, whether a runtime is running or not.
///
/// # Errors
/// As [`first_line`].
pub(crate) fn first_line_blocking(argv: &[String], patience: Duration) -> Result<Secret, ProgramError> {
    let start = |reason| ProgramError::Start { program: argv.first().cloned().unwrap_or_default(), reason };
    // On a thread of its own, as a runtime may not be entered twice.
    let run = || Builder::new_current_thread().enable_all().build().map(|rt| rt.block_on(first_line(argv, patience)));
    let mut ended = None;
    thread::scope(|scope| {
        scope.spawn(|| ended = Some(run()));
    });
    ended.unwrap_or_else(|| Err(io::Error::other("its thread did not start"))).map_err(start)?
}

async fn end(mut child: Child) -> io::Result<Ended> {
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let output = read_bounded(stdout, MOST_OUTPUT + 1);
    let complaint = read_bounded(stderr, MOST_COMPLAINT);
    let (output, complaint) = tokio::try_join!(output, complaint)?;
    Ok(Ended { status: child.wait().await?, output, complaint })
}

/// The beginning of a stream. The rest is thrown away, so that the program is not held up by a full pipe.
async fn read_bounded(stream: Option<impl AsyncRead + Unpin>, most: u64) -> io::Result<Vec<u8>> {
    let mut read = Vec::new();
    if let Some(mut stream) = stream {
        (&mut stream).take(most).read_to_end(&mut read).await?;
        copy(&mut stream, &mut sink()).await?;
    }
    Ok(read)
}

fn text(program: String, ended: Ended) -> Result<(String, String), ProgramError> {
    let Ended { status, output, complaint } = ended;
    if output.len() as u64 > MOST_OUTPUT {
        return Err(ProgramError::Flood { program });
    }
    let Ok(output) = String::from_utf8(output) else {
        return Err(ProgramError::NoText { program });
    };
    let complaint = shown(&String::from_utf8_lossy(&complaint), &output);
    if status.success() { Ok((output, complaint)) } else { Err(ProgramError::Failed { program, status, complaint }) }
}

/// A complaint as part of a message. A script run with `set -x` repeats on stderr what it prints: that is taken out.
fn shown(complaint: &str, output: &str) -> String {
    let printed = output.split_whitespace().filter(|word| !word.is_empty());
    let masked = printed.fold(complaint.to_owned(), |complaint, secret| complaint.replace(secret, "‹secret›"));
    let words: Vec<_> = masked.split_whitespace().collect();
    let line: String = words.join(" ").chars().filter(|c| !c.is_control()).take(SHOWN_COMPLAINT).collect();
    if line.is_empty() { line } else { format!(": {line}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn shell(script: &str) -> Result<String, String> {
        let argv = ["sh", "-c", script].map(ToOwned::to_owned);
        let secret = first_line(&argv, Duration::from_millis(700)).await;
        secret.map(|secret| secret.expose().to_owned()).map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn the_first_line_with_something_in_it_is_the_secret() {
        assert_eq!(shell("echo; echo '  tok.en== '; echo other").await, Ok("tok.en==".to_owned()));
    }

    #[tokio::test]
    async fn a_failure_shows_stderr_and_never_what_was_printed() {
        let error = shell("echo hunter2; echo \"no user, got hunter2\" >&2; exit 3").await;
        assert_eq!(error, Err("`sh` failed (exit status: 3): no user, got ‹secret›".to_owned()));
    }

    #[tokio::test]
    async fn silence_a_flood_and_garbage_are_told_apart() {
        let silent = "`sh` printed nothing; it must print the secret as the first line of its standard output";
        assert_eq!(shell("true").await, Err(silent.to_owned()));
        let flood = "`sh` printed more than 64 KiB; it must print the secret and nothing else";
        assert_eq!(shell("head -c 300000 /dev/zero | tr '\\0' a").await, Err(flood.to_owned()));
        let garbage = "`sh` printed something other than UTF-8 text";
        assert_eq!(shell("printf '\\377\\376'").await, Err(garbage.to_owned()));
    }

    #[tokio::test]
    async fn a_long_complaint_holds_nothing_up_and_is_shortened() {
        let error = shell("head -c 300000 /dev/zero | tr '\\0' x >&2; exit 1").await.expect_err("it exits with 1");
        assert_eq!(error, format!("`sh` failed (exit status: 1): {}", "x".repeat(SHOWN_COMPLAINT)));
    }

    #[tokio::test]
    async fn a_slow_program_is_killed() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let late = folder.path().join("late");
        let error =
            shell(&format!("exec 2>/dev/null; read -t 2 x < /dev/null; sleep 1; touch {}", late.display())).await;
        assert_eq!(error, Err("`sh` did not end within 700 ms and was stopped".to_owned()));
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert!(!late.exists(), "the program went on after it was given up");
    }

    #[tokio::test]
    async fn within_a_runtime_a_caller_may_block() {
        let argv = ["echo", "token"].map(ToOwned::to_owned);
        let secret = first_line_blocking(&argv, PATIENCE).expect("echo prints");
        assert_eq!(secret.expose(), "token");
    }

    #[tokio::test]
    async fn a_program_that_is_not_there_says_so() {
        let error =
            first_line(&["./no-such-program".to_owned()], PATIENCE).await.expect_err("there is none").to_string();
        assert!(error.starts_with("`./no-such-program` cannot be started: No such file"), "{error}");
    }
}
