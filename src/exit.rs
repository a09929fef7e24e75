//! The exit codes, which are public: scripts and CI jobs rely on them.

use std::process::ExitCode;

use crate::results::{Level, RequirementResult, RequirementVerdict, Results, Verdict};

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

impl ExitStatus {
    /// The number that a script sees.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Violated => 1,
            Self::Usage => 2,
            Self::NotJudged => 3,
        }
    }

    /// What the verdict of a run means to a script. With `require_complete`, a requirement that was skipped keeps a run from
    /// being conformant, and so does a lifetime that may have been left changed. A shard is told off only for what is in it: one that has nothing to judge has done its part.
    pub(crate) fn of(results: &Results, require_complete: bool) -> Self {
        match results.verdict {
            _ if results.interrupted.is_some() => Self::NotJudged,
            Verdict::Nonconformant => Self::Violated,
            Verdict::Inconclusive if !is_empty_shard(results) => Self::NotJudged,
            _ if !results.settings_not_restored.is_empty() => Self::NotJudged,
            _ if require_complete && results.skipped().next().is_some() => Self::NotJudged,
            Verdict::Inconclusive | Verdict::Conformant => Self::Done,
        }
    }
}

/// Whether this is a shard in which nothing was judged because there was nothing to judge, and not for any trouble.
pub(crate) fn is_empty_shard(results: &Results) -> bool {
    let in_doubt = |it: &RequirementResult| it.verdict == RequirementVerdict::Inconclusive && it.level == Level::Must;
    let shard = results.selection.shard.is_some() && results.verdict == Verdict::Inconclusive;
    shard && !results.requirements.iter().any(in_doubt)
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status.code())
    }
}
