//! The rules: one for each requirement of clients, over the evidence of a run. What a client did not show is never kept.

mod backing_off;
mod credentials;
mod program;
mod refreshing;
mod renewing;

use super::{
    evidence::{Call, Evidence, PhaseRun},
    phase::Phase,
};
use crate::catalogue::RequirementId;

/// What a rule finds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Finding {
    Kept,
    Broken {
        /// What the client did; without a secret.
        what: String,
        /// Positions of the calls that show it.
        calls: Vec<usize>,
    },
    /// A client of this kind does not do what the requirement is about.
    NotShown(&'static str),
    /// The run did not come to it.
    NotReached(&'static str),
}

/// A requirement, and how it is judged.
pub(super) struct Rule {
    pub(super) id: &'static str,
    /// Whether it judges the recommendation beside the requirement.
    pub(super) is_beside: bool,
    /// The phase that it is about; [`Phase::Between`] for all.
    pub(super) phase: Phase,
    pub(super) judge: fn(&Evidence) -> Finding,
}

/// Every rule, in the order of the catalogue.
pub(super) const RULES: [Rule; 36] = [
    rule("CLIENT-1", Phase::Start, credentials::login_form),
    rule("CLIENT-2", Phase::Between, credentials::bearer),
    rule("CLIENT-3", Phase::Between, credentials::no_secret_in_url),
    rule("CLIENT-4", Phase::Expiry, credentials::refresh_form),
    rule("CLIENT-5", Phase::Between, credentials::refresh_token_kept),
    rule("CLIENT-6", Phase::Between, credentials::password_kept),
    rule("CLIENT-7", Phase::Redirect, credentials::nothing_elsewhere),
    rule("CLIENT-8", Phase::Expiry, refreshing::refreshes),
    rule("CLIENT-9", Phase::Expiry, refreshing::in_time),
    rule("CLIENT-10", Phase::Expiry, refreshing::one_at_a_time),
    rule("CLIENT-11", Phase::Expiry, refreshing::new_access_token),
    rule("CLIENT-12", Phase::Expiry, refreshing::new_refresh_token),
    rule("CLIENT-13", Phase::Quiet, refreshing::not_too_often),
    rule("CLIENT-14", Phase::Quiet, refreshing::one_login),
    rule("CLIENT-15", Phase::OneRefusal, renewing::after_one_refusal),
    rule("CLIENT-16", Phase::Ended, renewing::after_early_end),
    rule("CLIENT-17", Phase::Ended, renewing::refused_token_dropped),
    rule("CLIENT-18", Phase::TooMany, backing_off::from_429),
    rule("CLIENT-19", Phase::Unavailable, backing_off::from_503),
    rule("CLIENT-20", Phase::Unavailable, backing_off::session_kept),
    rule("CLIENT-21", Phase::RefreshUnavailable, backing_off::refresh_503),
    rule("CLIENT-22", Phase::RefreshUnavailable, backing_off::refresh_again),
    rule("CLIENT-23", Phase::RefreshRefused, renewing::one_login_after_refusal),
    rule("CLIENT-24", Phase::RefreshRefused, renewing::refusal_not_repeated),
    rule("CLIENT-25", Phase::LoginRefused, renewing::login_not_repeated),
    rule("CLIENT-26", Phase::Lost, renewing::after_lost_answer),
    rule("CLIENT-27", Phase::Lost, renewing::lost_not_repeated),
    rule("CLIENT-28", Phase::AlwaysRefused, backing_off::from_refusals),
    beside("CLIENT-28", Phase::AlwaysRefused, backing_off::stops),
    rule("CLIENT-29", Phase::Outage, backing_off::in_outage),
    beside("CLIENT-29", Phase::Outage, backing_off::slows_down),
    rule("CLIENT-30", Phase::Between, program::keeps_running),
    rule("CLIENT-31", Phase::Between, program::names_itself),
    rule("CLIENT-32", Phase::Between, program::prints_no_secret),
    rule("CLIENT-33", Phase::Between, credentials::one_time_once),
    rule("CLIENT-34", Phase::Between, credentials::one_time_in_body),
];

const fn rule(id: &'static str, phase: Phase, judge: fn(&Evidence) -> Finding) -> Rule {
    Rule { id, is_beside: false, phase, judge }
}

const fn beside(id: &'static str, phase: Phase, judge: fn(&Evidence) -> Finding) -> Rule {
    Rule { id, is_beside: true, phase, judge }
}

/// The phases that these requirements need; all where none is named.
pub(super) fn phases_for(requirements: &[RequirementId]) -> Vec<Phase> {
    let named: Vec<Phase> =
        RULES.iter().filter(|rule| is_selected(rule, requirements)).map(|rule| rule.phase).collect();
    if requirements.is_empty() || named.contains(&Phase::Between) {
        return Phase::ALL.to_vec();
    }
    let last = named.iter().copied().max();
    let is_needed = |phase: &Phase| match phase {
        Phase::Start => true,
        Phase::Quiet => last.is_some_and(Phase::has_long_lifetime),
        Phase::TooMany | Phase::Outage => named.contains(phase) || named.contains(&Phase::Unavailable),
        Phase::Expiry => named.contains(phase) || named.contains(&Phase::Quiet),
        phase => named.contains(phase),
    };
    Phase::ALL.into_iter().filter(is_needed).collect()
}

/// Whether the rule is one for these requirements.
pub(super) fn is_selected(rule: &Rule, requirements: &[RequirementId]) -> bool {
    requirements.is_empty() || requirements.iter().any(|id| id.as_str() == rule.id)
}

impl Finding {
    fn broken(what: impl Into<String>, calls: impl IntoIterator<Item = usize>) -> Self {
        Self::Broken { what: what.into(), calls: calls.into_iter().collect() }
    }

    /// Kept, unless there are more calls than allowed.
    fn at_most(allowed: usize, calls: Vec<usize>, what: impl FnOnce(usize) -> String) -> Self {
        if calls.len() <= allowed { Self::Kept } else { Self::broken(what(calls.len()), calls) }
    }
}

/// The phase, if its failure met a request.
fn failed_phase(evidence: &Evidence, phase: Phase) -> Result<(&PhaseRun, std::time::Duration), Finding> {
    let run = evidence.phase(phase).ok_or(Finding::NotReached("the run did not come to this phase"))?;
    let failed_at =
        run.progress.failed_at.ok_or(Finding::NotReached("the client sent no request that this phase fails"))?;
    Ok((run, failed_at))
}

/// Calls of a phase after its failure, with their positions.
fn after_failure<'a>(evidence: &'a Evidence, run: &PhaseRun) -> impl Iterator<Item = (usize, &'a Call)> + Clone {
    let failed_at = run.progress.failed_at.unwrap_or(run.ended);
    evidence.in_phase(run.phase).filter(move |(_, call)| call.at > failed_at)
}

#[cfg(test)]
mod tests;
