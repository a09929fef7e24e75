//! A watch over one target: what it remembers from round to round, bounded, and what of a round is news.

use std::{
    collections::{HashSet, VecDeque},
    time::Duration,
};

use super::{
    checks::{Check, CheckOutcome},
    facts::ServerFacts,
    incidents::{Event, Incidents, TargetHealth},
    login_budget::LoginBudget,
    metrics::{self, Figures},
    round::{KeptTokens, Round, RoundFindings},
    server::Server,
    state_file::SavedState,
};

/// The rounds from which the usual speed is learned.
const LEARNED_ROUNDS: usize = 12;

/// How many times slower than usual a round must be to be reported, and by how much at least.
const SLOW_FACTOR: u32 = 5;
const SLOW_LEAST: Duration = Duration::from_secs(1);

const DAY: Duration = Duration::from_secs(86_400);

/// What a watch is given.
pub(crate) struct WatcherOptions {
    /// The name of the target.
    pub(crate) target: String,
    /// Its base URL.
    pub(crate) base_url: String,
    /// Days before the end of a certificate at which that is reported.
    pub(crate) certificate_days: u32,
    /// Requirements whose violations are known and accepted.
    pub(crate) waived: HashSet<String>,
}

/// A watch over one target.
pub(crate) struct Watcher {
    options: WatcherOptions,
    kept: KeptTokens,
    budget: LoginBudget,
    facts: ServerFacts,
    incidents: Incidents,
    figures: Figures,
    /// The middle times of the first rounds.
    usual: VecDeque<Duration>,
}

impl Watcher {
    /// A watch that goes on from a saved state. Without one, the hour to the first wrong password begins now, at this time since
    /// 1970: what restarts again and again must not fail a login each time.
    pub(crate) fn new(options: WatcherOptions, saved: Option<&SavedState>, wall: Duration) -> Self {
        Self {
            options,
            kept: KeptTokens::default(),
            budget: saved.map_or_else(|| LoginBudget::new(vec![wall]), SavedState::login_budget),
            facts: saved.map(SavedState::facts).unwrap_or_default(),
            incidents: Incidents::default(),
            figures: Figures::default(),
            usual: VecDeque::new(),
        }
    }

    /// Carries a round out, at this time since 1970, and gives what is news.
    pub(crate) async fn round(&mut self, server: &mut impl Server, wall: Duration) -> Vec<Event> {
        self.incidents.begin_round();
        let certificate_end = server.certificate_end().await;
        let findings = Round::new(server, &mut self.kept, &mut self.budget, wall).run().await;
        self.count(&findings, certificate_end, wall);
        let mut outcomes = with_server(findings.outcomes, findings.requests, findings.times.len());
        outcomes.extend(certificate_end.map(|end| (Check::Certificate, self.judge_certificate(end, wall))));
        outcomes.extend(self.judge_speed(&findings.times).map(|outcome| (Check::Speed, outcome)));
        let waived = |check: Check, outcome: &CheckOutcome| {
            matches!(outcome, CheckOutcome::Failed(_)) && self.options.waived.contains(check.names().1)
        };
        let outcomes: Vec<_> = outcomes.into_iter().filter(|(check, outcome)| !waived(*check, outcome)).collect();
        let mut events: Vec<Event> =
            outcomes.into_iter().filter_map(|(check, outcome)| self.incidents.record(check, outcome)).collect();
        let changes = findings.facts.iter().filter_map(|(fact, value)| self.facts.observe(fact, value));
        events.extend(changes.map(Event::Changed));
        events
    }

    fn count(&mut self, findings: &RoundFindings, certificate_end: Option<Duration>, wall: Duration) {
        let figures = &mut self.figures;
        figures.rounds += 1;
        figures.requests += findings.requests;
        figures.failed_logins += findings.failed_logins;
        figures.last_round = wall;
        figures.is_up = !findings.times.is_empty();
        figures.middle_time = middle(&findings.times);
        figures.access_lifetime = findings.access_lifetime.or(figures.access_lifetime);
        figures.refresh_lifetime = findings.refresh_lifetime.or(figures.refresh_lifetime);
        figures.certificate_end = certificate_end.or(figures.certificate_end);
    }

    fn judge_certificate(&self, end: Duration, wall: Duration) -> CheckOutcome {
        let left = end.saturating_sub(wall);
        if left > DAY * self.options.certificate_days {
            return CheckOutcome::Passed;
        }
        CheckOutcome::Failed(match left.as_secs() / DAY.as_secs() {
            0 => "the server's certificate ends within a day, or has ended".to_owned(),
            days => format!("the server's certificate ends in {days} days"),
        })
    }

    /// Slow rounds are reported like missing answers: once two in succession are slow.
    fn judge_speed(&mut self, times: &[Duration]) -> Option<CheckOutcome> {
        let middle_time = middle(times)?;
        if self.usual.len() < LEARNED_ROUNDS {
            self.usual.push_back(middle_time);
            return None;
        }
        let usual = middle(self.usual.make_contiguous())?;
        let is_slow = middle_time > usual * SLOW_FACTOR && middle_time > usual + SLOW_LEAST;
        Some(if is_slow {
            let (now, usual) = (middle_time.as_secs_f64(), usual.as_secs_f64());
            CheckOutcome::Unanswered(format!("a request takes {now:.1} s, and usually {usual:.1} s"))
        } else {
            CheckOutcome::Passed
        })
    }

    /// The state of the target after the last round.
    pub(crate) fn standing(&self) -> TargetHealth {
        let changed = if self.facts.changed() > 0 { TargetHealth::Wrong } else { TargetHealth::Good };
        self.incidents.standing().max(changed)
    }

    /// What is saved for the next start.
    pub(crate) fn state(&self) -> SavedState {
        SavedState::new(&self.options.base_url, &self.facts, &self.budget)
    }

    /// The metrics, in the text format of Prometheus.
    pub(crate) fn metrics(&self) -> String {
        metrics::render(&self.options.target, &self.figures, &self.incidents, self.facts.changed())
    }

    /// One line about the last round.
    pub(crate) fn summary(&self) -> String {
        let passing = self.incidents.states().filter(|(_, state)| state.is_ok == Some(true)).count();
        let (failing, changed) = (self.incidents.in_force(), self.facts.changed());
        let requests = self.figures.requests;
        format!("{passing} checks pass, {failing} fail, {changed} changes; {requests} requests so far")
    }
}

/// Outcomes with that of the server itself, which replaces all others where it answered nothing.
fn with_server(mut outcomes: Vec<(Check, CheckOutcome)>, requests: u64, answers: usize) -> Vec<(Check, CheckOutcome)> {
    if answers > 0 {
        outcomes.push((Check::Server, CheckOutcome::Passed));
        return outcomes;
    }
    let mut reasons = outcomes.into_iter().filter_map(|(_, outcome)| match outcome {
        CheckOutcome::Unanswered(reason) => Some(reason),
        _ => None,
    });
    let reason = reasons.next_back().unwrap_or_else(|| "no request was answered".to_owned());
    let silence = CheckOutcome::Unanswered(format!("the server does not answer: {reason}"));
    if requests == 0 { Vec::new() } else { vec![(Check::Server, silence)] }
}

/// The middle of some times, the upper one of two.
fn middle(times: &[Duration]) -> Option<Duration> {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied()
}
