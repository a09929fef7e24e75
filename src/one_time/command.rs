//! One-time tokens that a program of the operator prints, one a call.

use std::time::Instant;

use futures::{FutureExt, future::BoxFuture};
use steps::{Minted, OneTimeTokens, SourceError};
use tokio::sync::Semaphore;

use super::{
    placeholder::LOGIN,
    printed_token::parse_token,
    program,
    spent_tokens::{SpentTokens, Use},
};

/// A program that prints a fresh one-time token.
pub(super) struct CommandSource {
    argv: Vec<String>,
    hidden_variables: Vec<String>,
    spent: SpentTokens,
    running: Semaphore,
}

/// Programs that run at one time. More of them would slow each other down, and tokens age while their program runs.
const AT_ONCE: usize = 2;

impl CommandSource {
    /// A program with its arguments. It does not get the hidden variables.
    pub(super) fn new(argv: Vec<String>, hidden_variables: Vec<String>, spent: SpentTokens) -> Self {
        Self { argv, hidden_variables, spent, running: Semaphore::new(AT_ONCE) }
    }

    async fn run(&self, login: &str) -> Result<Minted, SourceError> {
        let argv: Vec<_> = self.argv.iter().map(|word| word.replace(LOGIN, login)).collect();
        // The semaphore is never closed.
        let _permit = self.running.acquire().await;
        let begun = Instant::now();
        let no_token = |why: String| SourceError(format!("no one-time token of {login}: {why}"));
        let printed = program::output(&argv, program::PATIENCE, &self.hidden_variables).await;
        let printed = printed.map_err(|error| no_token(error.to_string()))?;
        let name = argv.first().map_or("", String::as_str);
        let token = parse_token(&printed).map_err(|flaw| no_token(format!("`{name}` printed {flaw}")))?;
        if self.spent.note(&token) == Use::Again {
            return Err(no_token(format!(
                "`{name}` printed a token that was used before; it must print a fresh one each time"
            )));
        }
        // The program may have made it as soon as it started.
        Ok(Minted { token, age: begun.elapsed() })
    }
}

impl OneTimeTokens for CommandSource {
    fn is_plentiful(&self) -> bool {
        true
    }

    fn mint<'a>(&'a self, login: &'a str) -> BoxFuture<'a, Result<Minted, SourceError>> {
        self.run(login).boxed()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn source(argv: &[&str]) -> CommandSource {
        let argv = argv.iter().map(ToString::to_string).collect();
        CommandSource::new(argv, vec!["PATH_OF_A_PASSWORD".to_owned(), "HOME".to_owned()], SpentTokens::default())
    }

    #[tokio::test]
    async fn the_login_reaches_the_program_as_one_word() {
        let count = source(&["sh", "-c", "echo $#-$1", "sh", "{login}"]).mint("a;c*").await.expect("sh prints");
        assert_eq!(count.token.expose(), "1-a;c*");
    }

    #[tokio::test]
    async fn a_hidden_variable_does_not_reach_the_program() {
        let minted = source(&["sh", "-c", "echo home-${HOME-none}"]).mint("trader1").await.expect("sh prints");
        assert_eq!(minted.token.expose(), "home-none");
    }

    #[tokio::test]
    async fn what_is_no_fresh_token_is_the_source_s_fault() {
        let json = source(&["echo", "{\"token\":\"abcdefgh1\"}"]).mint("trader1").await.expect_err("it is JSON");
        let expected = "no one-time token of trader1: `echo` printed JSON (`{\"token\":\"‹hidden›\"}`); it must be one token \
                        and nothing else";
        assert_eq!(json.to_string(), expected);
        let fixed = source(&["echo", "token-1"]);
        assert!(fixed.mint("trader1").await.is_ok());
        let again = fixed.mint("trader1").await.expect_err("it was used").to_string();
        assert!(again.contains("`echo` printed a token that was used before"), "{again}");
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
