//! Annotations that GitHub Actions shows at the scenario that failed, as workflow commands in the log of a job.

use super::{
    causes::{CauseGroup, group_by_cause},
    class::{FailureClass, RequirementIndex},
};
use crate::{results::Results, sanitize::sanitize};

/// Most annotations of one kind that GitHub shows for a step.
const MOST: usize = 10;
/// Most characters of one message.
const LONGEST: usize = 1_000;

/// The workflow commands for the failures of a run, one line for each cause: errors for violations, warnings for recommendations.
pub(crate) fn github_annotations(results: &Results) -> Vec<String> {
    let index = RequirementIndex::new(results);
    let kinds = [(FailureClass::Violation, "error"), (FailureClass::Warning, "warning")];
    let annotate = |(class, command): (FailureClass, &'static str)| {
        let groups = group_by_cause(results, &index, class);
        groups.into_iter().take(MOST).map(|group| annotation(command, &group)).collect::<Vec<_>>()
    };
    kinds.into_iter().flat_map(annotate).collect()
}

fn annotation(command: &str, group: &CauseGroup<'_>) -> String {
    let file = property(&group.first.feature);
    let title = property(&group.requirements().join(" "));
    let more = match group.others.len() {
        0 => String::new(),
        more => format!(" (and {more} more with this cause)"),
    };
    let reason = group.first.reason.as_deref().unwrap_or_default();
    let message = format!("{}: {reason}{more}", group.first.name);
    format!("::{command} file={file},line={},title={title}::{}", group.first.line, data(&message))
}

/// A message of a command. Server text in it ends no line and begins no other command.
fn data(text: &str) -> String {
    let text: String = sanitize(text).chars().take(LONGEST).collect();
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use steps::Redactor;

    use super::*;
    use crate::results::sample;

    #[test]
    fn each_cause_is_one_annotation_at_its_scenario() {
        let mut results = sample::failing();
        let first = results.scenarios[0].clone();
        results.scenarios.splice(0..1, vec![first; 3]);
        let annotations = github_annotations(&results);
        assert_eq!(annotations.len(), 2, "{annotations:?}");
        let begins = "::error file=features/one-time/single-use.feature,line=33,title=OTT-2::OTT-2 is looked at: ";
        assert!(annotations[0].starts_with(begins), "{annotations:?}");
        assert!(annotations[0].ends_with(" (and 2 more with this cause)"), "{annotations:?}");
        assert!(annotations[1].starts_with("::warning file=features/use/access-token.feature,line=70,title=USE-9::"));
    }

    #[test]
    fn text_of_a_server_gives_no_command() {
        let mut results = sample::failing();
        results.scenarios[0].reason = Some(Redactor::default().mask("100 %\n::add-mask::x\r::error::y"));
        let annotations = github_annotations(&results);
        assert!(annotations.iter().all(|line| !line.contains(['\n', '\r'])), "{annotations:?}");
        assert!(annotations[0].contains(r"100 %25\n::add-mask::x\r::error::y"), "{annotations:?}");
    }
}
