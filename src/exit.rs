//! The exit codes, which are public: scripts and CI jobs rely on them.

use std::{fmt::Display, process::ExitCode};

use thiserror::Error;

use crate::{
    merge::MergeError,
    results::{Level, RequirementResult, RequirementVerdict, Results, Verdict},
    suite::SelectionError,
};

/// Why a command ends with a status of its own choice.
#[derive(Debug, Error)]
#[error("{reason}")]
struct StatusError {
    status: ExitStatus,
    reason: String,
}

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

    /// An error that ends a command with this status.
    pub(crate) fn because(self, reason: impl Display) -> anyhow::Error {
        StatusError { status: self, reason: reason.to_string() }.into()
    }

    /// The status of a command that failed: something is wrong with what it was given, unless the error has a status of its own, or there
    /// was only nothing to judge, or nothing to judge by.
    pub(crate) fn from_error(error: &anyhow::Error) -> Self {
        if let Some(ended) = error.downcast_ref::<StatusError>() {
            return ended.status;
        }
        let nothing_selected = matches!(error.downcast_ref(), Some(SelectionError::Nothing(_)));
        let unmergeable = matches!(error.downcast_ref(), Some(MergeError::Missing { .. } | MergeError::Leaked { .. }));
        if nothing_selected || unmergeable { Self::NotJudged } else { Self::Usage }
    }

    /// What the verdict of a run means to a script. With `require_complete`, a requirement that was skipped keeps a run from
    /// being conformant, and so does a lifetime that may have been left changed. A shard counts only for what is in it: one that has nothing to judge has done its part.
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

#[cfg(test)]
mod tests {
    use anyhow::Context as _;

    use super::*;
    use crate::{
        catalogue::Catalogue,
        suite::{Selection, Suite},
    };

    #[test]
    fn an_error_keeps_its_status_through_what_is_added_to_it() {
        let silent = ExitStatus::NotJudged.because("the server is silent");
        assert_eq!(ExitStatus::from_error(&silent), ExitStatus::NotJudged);
        let added = Err::<(), _>(ExitStatus::Violated.because("it is incomplete")).context("certificate");
        assert_eq!(added.as_ref().map_err(ExitStatus::from_error), Err(ExitStatus::Violated));
        assert_eq!(added.map_err(|error| format!("{error:#}")), Err("certificate: it is incomplete".to_owned()));
        assert_eq!(ExitStatus::from_error(&anyhow::anyhow!("another error")), ExitStatus::Usage);
    }

    #[test]
    fn an_empty_selection_is_not_judged_and_a_wrong_one_is_wrong_usage() {
        let suite = Suite::load(Catalogue::embedded().expect("it is right"), None).expect("it is right");
        let status = |tags: &str| {
            let error = Selection::parse(&suite, Some(tags), &[]).expect_err("nothing is selected");
            ExitStatus::from_error(&error.into())
        };
        assert_eq!((status("@no-such-tag"), status("@a and")), (ExitStatus::NotJudged, ExitStatus::Usage));
    }
}
