//! The verdict as a heading and a sentence, and what weakens it. Every report for people begins with them.

use crate::results::{RequirementResult, RequirementVerdict, Results, Verdict, WaiverTerms};

use super::format::plural;

/// Most ids that a sentence lists; the rest are counted.
const MOST_IDS: usize = 8;

/// The verdict of a run as a heading, which names a partial run as such.
pub(super) fn heading(results: &Results) -> String {
    let part = if results.selection.complete { "" } else { "A part only: " };
    format!("{part}{}", verdict_heading(results.verdict))
}

/// The part of the suite that was run; `None` for the whole.
pub(super) fn part_only(results: &Results) -> Option<String> {
    (!results.selection.complete).then(|| selection_text(results))
}

/// The verdict as a heading.
pub(super) fn verdict_heading(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Conformant => "Conformant",
        Verdict::Nonconformant => "Not conformant",
        Verdict::Inconclusive => "Inconclusive",
    }
}

/// The reason of the verdict.
pub(crate) fn because(results: &Results) -> String {
    let all = plural(results.requirements.len() as u64, "requirement");
    let broken = list_ids(results, |it| it.verdict == RequirementVerdict::Fail && it.waived.is_none());
    if let Some(signal) = &results.interrupted {
        return interrupted(results, signal, &broken);
    }
    let subject = results.subject();
    let unclear = list_ids(results, |it| it.verdict == RequirementVerdict::Inconclusive);
    match results.verdict {
        Verdict::Nonconformant => format!("Of {all}, {subject} breaks {broken}."),
        Verdict::Inconclusive if unclear.is_empty() => format!("Of {all}, none could be judged."),
        Verdict::Inconclusive => format!("Of {all}, it is unclear whether {subject} keeps {unclear}."),
        Verdict::Conformant => conformant(results, &all),
    }
}

/// The reason of the verdict, which names a partial run as such.
pub(crate) fn because_in_part(results: &Results) -> String {
    let part = part_only(results).map(|part| format!("A part only: {part}. ")).unwrap_or_default();
    format!("{part}{}", because(results))
}

fn interrupted(results: &Results, signal: &str, broken: &str) -> String {
    let (open, all) = (results.counts.scenarios.inconclusive, results.scenarios.len());
    let so_far =
        if broken.is_empty() { String::new() } else { format!(" So far, {} breaks {broken}.", results.subject()) };
    let advice = if results.client.is_some() { "run it again" } else { "go on with --resume" };
    format!("The run was interrupted by {signal} before {open} of {all} scenarios were judged; {advice}.{so_far}")
}

fn conformant(results: &Results, all: &str) -> String {
    let (counts, subject) = (&results.counts.requirements, results.subject());
    let waived = if counts.waived > 0 { " that is not waived" } else { "" };
    let skipped = match counts.skip {
        0 => String::new(),
        skipped => format!(" {skipped} could not be tested on this target."),
    };
    format!("Of {all}, {subject} breaks none{waived}.{skipped}")
}

/// Everything that weakens the judgement.
pub(super) fn warnings(results: &Results) -> Vec<String> {
    let target = &results.target;
    let waived = list_ids(results, |requirement| requirement.waived.is_some());
    let warnings = [
        target
            .insecure_tls
            .then(|| "Certificates were not checked: what answered could have been any server.".to_owned()),
        part_only(results).map(|part| format!("Only a part of the suite was run: {part}.")),
        (target.base_url.is_none() && results.client.is_none())
            .then(|| "This was the embedded stand-in; no deployment was judged.".to_owned()),
        (!waived.is_empty()).then(|| format!("Known deviations are waived: {waived}.")),
    ];
    let not_restored = results.settings_not_restored.iter().map(ToString::to_string);
    not_restored.chain(warnings.into_iter().flatten()).collect()
}

fn selection_text(results: &Results) -> String {
    let tags = results.selection.tags.iter().map(|tags| format!("tags {tags}"));
    let ids = results.selection.requirements.iter().map(|id| format!("requirement {id}"));
    let shard = results.selection.shard.iter().map(|shard| format!("only shard {} of {}", shard.number, shard.of));
    let failed = results.selection.scenarios.len() as u64;
    let failed = (failed > 0).then(|| format!("{} that failed in an earlier run", plural(failed, "scenario")));
    tags.chain(ids).chain(failed).chain(shard).collect::<Vec<_>>().join(", ")
}

fn list_ids(results: &Results, which: impl Fn(&RequirementResult) -> bool) -> String {
    let ids: Vec<&str> = results.requirements.iter().filter(|it| which(it)).map(|it| it.id.as_str()).collect();
    match ids.split_at_checked(MOST_IDS) {
        Some((first, rest)) if !rest.is_empty() => format!("{} and {} more", first.join(", "), rest.len()),
        _ => ids.join(", "),
    }
}

/// The terms of a waiver in one line.
pub(super) fn waiver_line(terms: &WaiverTerms) -> String {
    format!("{}: {}, until {}", terms.owner, terms.reason, terms.expires)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::sample;

    #[test]
    fn the_sentence_gives_the_reason_of_the_verdict() {
        assert_eq!(because(&sample::passing()), "Of 2 requirements, the server breaks none.");
        assert_eq!(because(&sample::failing()), "Of 4 requirements, the server breaks OTT-2.");
        let unclear = "Of 3 requirements, it is unclear whether the server keeps ISSUE-6.";
        assert_eq!(because(&sample::inconclusive()), unclear);
    }

    #[test]
    fn a_good_verdict_counts_skipped_and_waived_requirements() {
        let mut results = sample::failing();
        results.verdict = Verdict::Conformant;
        results.counts.requirements.skip = 3;
        let expected =
            "Of 4 requirements, the server breaks none that is not waived. 3 could not be tested on this target.";
        assert_eq!(because(&results), expected);
    }

    #[test]
    fn many_ids_are_counted() {
        let mut results = sample::failing();
        let broken = results.requirements[2].clone();
        results.requirements = vec![broken; 10];
        assert!(
            because(&results).ends_with("breaks OTT-2, OTT-2, OTT-2, OTT-2, OTT-2, OTT-2, OTT-2, OTT-2 and 2 more.")
        );
    }

    #[test]
    fn a_lifetime_left_changed_comes_first_with_the_command_that_restores_it() {
        let mut results = sample::failing();
        results.settings_not_restored.push(sample::not_restored());
        let expected = "The access lifetime of the server is not known to be restored (it was 300 s): 503 Service \
                        Unavailable; run `bo-conformance restore --target staging`.";
        assert_eq!(warnings(&results).first().map(String::as_str), Some(expected));
    }

    #[test]
    fn everything_that_weakens_a_verdict_is_listed() {
        let listed = warnings(&sample::failing());
        assert_eq!(listed.len(), 3, "{listed:?}");
        assert!(listed[0].starts_with("Certificates were not checked"));
        assert_eq!(
            listed[1],
            "Only a part of the suite was run: tags not @alone, requirement OTT-2, only shard 2 of 3."
        );
        assert_eq!(listed[2], "Known deviations are waived: REFRESH-8.");
        assert_eq!(warnings(&sample::passing()), ["This was the embedded stand-in; no deployment was judged."]);
        assert_eq!(warnings(&sample::inconclusive()), [""; 0]);
    }
}
