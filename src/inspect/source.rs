//! Whether one-time tokens can be had, found out without using up any that a run could need.

use std::{fmt, net::SocketAddr, sync::Arc};

use steps::SourceError;

use crate::one_time::{self, OneTimeSource, Way};

/// Tokens of a file that are counted.
const MOST_COUNTED: usize = 1000;

/// What became of trying a source.
pub(crate) type Trial = Result<Supply, SourceError>;

/// What a source has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Supply {
    /// A program gives a token whenever it is asked.
    Fresh,
    /// A file has this many for each user.
    Stock(Vec<(String, usize)>),
    /// Somebody has to click, on a link that leads there.
    Clicks(SocketAddr),
}

impl fmt::Display for Supply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fresh => f.write_str("the command gives them"),
            Self::Stock(stock) => {
                let counts: Vec<_> = stock.iter().map(|(login, count)| format!("{count} of {login}")).collect();
                write!(f, "the file has {}; none was used", counts.join(", "))
            }
            Self::Clicks(address) => write!(f, "a run will ask for clicks on an external link to http://{address}/"),
        }
    }
}

/// Tries a source. A command is asked for one token of each user. A file is read by a reader of its own, which remembers
/// nothing, so that no token counts as used. A page cannot be tried without a click.
pub(super) async fn attempt(source: &OneTimeSource) -> Trial {
    let users: Vec<&String> = std::iter::once(&source.users.login).chain(source.users.second_login.as_ref()).collect();
    if let Way::Listen { address } = source.way {
        return Ok(Supply::Clicks(address));
    }
    let opened = one_time::open(source.clone(), Arc::new(|_| {}), true)?;
    let mut stock = Vec::new();
    for login in users {
        opened.mint(login).await?;
        let mut count = 1;
        while matches!(source.way, Way::File { .. }) && count < MOST_COUNTED && opened.mint(login).await.is_ok() {
            count += 1;
        }
        stock.push((login.clone(), count));
    }
    Ok(if matches!(source.way, Way::Command { .. }) { Supply::Fresh } else { Supply::Stock(stock) })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use steps::target::OneTimeUsers;

    use super::*;

    fn source(way: Way) -> OneTimeSource {
        let users = OneTimeUsers { login: "a".to_owned(), second_login: Some("b".to_owned()), lifetime: None };
        OneTimeSource { way, users, hidden_variables: Vec::new(), spent: None }
    }

    #[tokio::test]
    async fn tokens_of_a_file_are_counted_for_each_user() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::write(folder.path().join("a"), "one\ntwo\n# three\nthree\n").expect("a file");
        fs::write(folder.path().join("b"), "four").expect("a file");
        let path = folder.path().join("{login}");
        let supply = attempt(&source(Way::File { path })).await.expect("there are tokens");
        assert_eq!(supply, Supply::Stock(vec![("a".to_owned(), 3), ("b".to_owned(), 1)]));
        assert_eq!(supply.to_string(), "the file has 3 of a, 1 of b; none was used");
    }

    #[tokio::test]
    async fn a_command_has_to_give_a_token_of_each_user() {
        let command = |script: &str| Way::Command {
            argv: ["sh", "-c", script, "sh", "{login}"].iter().map(ToString::to_string).collect(),
        };
        assert_eq!(attempt(&source(command("echo $1"))).await.expect("it prints"), Supply::Fresh);
        let error = attempt(&source(command("test $1 = a && echo x"))).await.expect_err("the second has none");
        assert_eq!(error.to_string(), "no one-time token of b: `sh` failed (exit status: 1)");
    }
}
