//! One-time tokens that a program of the operator prints, one a call.

use std::time::{Duration, Instant};

use futures::{FutureExt, future::BoxFuture};
use steps::{Minted, OneTimeTokens, SourceError};
use tokio::sync::Semaphore;

use super::{LOGIN, program};

/// A program that prints a fresh one-time token.
pub(super) struct CommandSource {
    argv: Vec<String>,
    patience: Duration,
    running: Semaphore,
}

/// Programs that run at one time. More of them would slow each other down, and tokens age while their program runs.
const AT_ONCE: usize = 2;

impl CommandSource {
    pub(super) fn new(argv: Vec<String>) -> Self {
        Self { argv, patience: program::PATIENCE, running: Semaphore::new(AT_ONCE) }
    }

    async fn run(&self, login: &str) -> Result<Minted, SourceError> {
        let argv: Vec<_> = self.argv.iter().map(|word| word.replace(LOGIN, login)).collect();
        // The semaphore is never closed.
        let _permit = self.running.acquire().await;
        let begun = Instant::now();
        let token = program::first_line(&argv, self.patience).await;
        let token = token.map_err(|error| SourceError(format!("no one-time token of {login}: {error}")))?;
        // The program may have made it as soon as it started.
        Ok(Minted { token, age: begun.elapsed() })
    }
}

impl OneTimeTokens for CommandSource {
    fn mint<'a>(&'a self, login: &'a str) -> BoxFuture<'a, Result<Minted, SourceError>> {
        self.run(login).boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(argv: &[&str]) -> CommandSource {
        CommandSource::new(argv.iter().map(ToString::to_string).collect())
    }

    #[tokio::test]
    async fn the_login_reaches_the_program_as_one_word() {
        let minted = source(&["echo", "ott-of-{login}"]).mint("a b;c").await.expect("echo prints");
        assert_eq!(minted.token.expose(), "ott-of-a b;c");
    }

    #[tokio::test]
    async fn a_token_is_at_most_as_old_as_its_program() {
        let minted = source(&["sh", "-c", "echo token; sleep 0.2"]).mint("trader1").await.expect("sh prints");
        assert!(minted.age >= Duration::from_millis(200), "{:?}", minted.age);
    }

    #[tokio::test]
    async fn a_failure_names_the_user() {
        let error = source(&["sh", "-c", "exit 2"]).mint("trader1").await.expect_err("it exits with 2");
        assert_eq!(error.to_string(), "no one-time token of trader1: `sh` failed (exit status: 2)");
    }
}
