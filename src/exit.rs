//! The exit codes, which are public: scripts and CI jobs rely on them.

use std::process::ExitCode;

/// How the program ends, the same for all commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExitStatus {
    /// 0: conformant, or done.
    Done,
    /// 1: not conformant, or changed, or invalid.
    Violated,
    /// 2: the command line, the configuration or the features are wrong.
    Usage,
    /// 3: could not be judged: unreachable, throttled, interrupted, or nothing was selected.
    NotJudged,
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(match status {
            ExitStatus::Done => 0,
            ExitStatus::Violated => 1,
            ExitStatus::Usage => 2,
            ExitStatus::NotJudged => 3,
        })
    }
}
