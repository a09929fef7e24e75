//! Where fresh one-time tokens come from: a command, a file, or a page that the operator's external link opens. No
//! documented call makes one, so nothing here speaks to the server under judgement.

mod command;
mod file;
mod listen;
mod page;
mod placeholder;
mod printed_token;
pub(crate) mod program;
mod spent_tokens;
mod token_inbox;
mod visit;

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use steps::{OneTimeTokens, SourceError, target::OneTimeUsers};

use self::{
    command::CommandSource, file::FileSource, listen::PageSource, placeholder::LOGIN, spent_tokens::SpentTokens,
};
pub(crate) use spent_tokens::spent_file;
pub(crate) use token_inbox::{ClickNeed, OnNeed};

/// Where fresh one-time tokens come from, as it is configured.
#[derive(Clone, Debug)]
pub(crate) struct OneTimeSource {
    /// How a token is had.
    pub(crate) way: Way,
    /// Whose tokens.
    pub(crate) users: OneTimeUsers,
    /// Environment variables with passwords, which a command does not get.
    pub(crate) hidden_variables: Vec<String>,
    /// Where the tokens that were used are remembered.
    pub(crate) spent: Option<PathBuf>,
}

/// How a one-time token is had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// A program that prints one.
    Command {
        /// The program and its arguments; `{login}` in them is replaced.
        argv: Vec<String>,
    },
    /// A file of tokens, one a line.
    File {
        /// The file; `{login}` in it is replaced.
        path: PathBuf,
    },
    /// A page that an external link of BackOffice points at.
    Listen {
        /// Where it is served.
        address: SocketAddr,
    },
}

impl Way {
    /// Whether it can be asked for the token of one user and of another.
    #[must_use]
    pub(crate) fn tells_users_apart(&self) -> bool {
        match self {
            Self::Command { argv } => argv.iter().any(|word| word.contains(LOGIN)),
            Self::File { path } => path.to_string_lossy().contains(LOGIN),
            Self::Listen { .. } => true,
        }
    }
}

/// Makes a source ready. `on_need` is called whenever somebody has to click; only the page asks for that. A source that is only tried
/// does not remember what it gave.
///
/// # Errors
/// When the page cannot be served at its address.
pub(crate) fn open(
    source: OneTimeSource,
    on_need: OnNeed,
    is_trial: bool,
) -> Result<Arc<dyn OneTimeTokens>, SourceError> {
    let OneTimeSource { way, users, hidden_variables, spent } = source;
    let spent = SpentTokens::read(spent.as_deref(), !is_trial);
    Ok(match way {
        Way::Command { argv } => Arc::new(CommandSource::new(argv, hidden_variables, spent)),
        Way::File { path } => Arc::new(FileSource::new(path, users.lifetime, spent)),
        Way::Listen { address } => Arc::new(PageSource::open(address, users, on_need)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_tells_users_apart_by_their_login() {
        let command = |words: &[&str]| Way::Command { argv: words.iter().map(ToString::to_string).collect() };
        assert!(command(&["./mint", "--user={login}"]).tells_users_apart());
        assert!(!command(&["./mint"]).tells_users_apart());
        assert!(Way::File { path: "tokens-{login}.txt".into() }.tells_users_apart());
        assert!(!Way::File { path: "tokens.txt".into() }.tells_users_apart());
    }
}
