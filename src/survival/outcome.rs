//! From checks and the stream to results, in the format of a run.

use std::time::{Duration, Instant};

use anyhow::Result;
use jiff::Timestamp;
use steps::{Redactor, RunCost};

use super::{
    check::Checks,
    outage::{Outage, StreamCall, longest_gap, outages},
    watch::Watched,
};
use crate::{
    catalogue::Catalogue,
    results::{self, Observation, Profile, Results, TargetInfo, Waiver},
    suite::Suite,
    verdict::{VerdictInput, roll_up},
};

/// What was found, and what the results need beside it.
pub(crate) struct Survived {
    pub(crate) checks: Checks,
    /// The stream around a command; `None` between `begin` and `end`.
    pub(crate) watched: Option<Watched>,
    pub(crate) target: TargetInfo,
    /// The base URLs of the nodes.
    pub(crate) nodes: Vec<String>,
    pub(crate) profile: Profile,
    pub(crate) waivers: Vec<Waiver>,
    pub(crate) started_at: Timestamp,
    pub(crate) began: Instant,
    pub(crate) cost: RunCost,
}

/// The results.
///
/// # Errors
/// When the suite that is built in cannot be read.
pub(crate) fn outcome(survived: Survived, redactor: &Redactor) -> Result<Results> {
    let Survived { mut checks, watched, target, nodes, profile, waivers, started_at, began, cost } = survived;
    let suite = Suite::load(Catalogue::embedded()?, None)?;
    let catalogue = Catalogue::survival()?;
    let mut observations = Vec::new();
    match &watched {
        Some(watched) => {
            service(&mut checks, watched);
            observations.extend(self::observations(watched, &nodes, redactor));
        }
        None => checks.skip(
            "SURVIVE-8",
            "what a client sees during the restart",
            "nothing was sent meanwhile: use `survival run -- COMMAND`",
        ),
    }
    let scenarios = checks.scenarios(redactor);
    let rolled = roll_up(&VerdictInput {
        catalogue: &catalogue,
        scenarios: &scenarios,
        profile,
        waivers: &waivers,
        today: results::day(started_at),
    });
    Ok(Results {
        format: results::FORMAT.to_owned(),
        tool: results::Tool::this(),
        suite: results::SuiteInfo {
            digest: suite.digest,
            requirements: catalogue.iter().count(),
            scenarios: scenarios.len(),
            score: None,
        },
        target,
        profile,
        // A certificate is made of a run of the suite.
        selection: results::SelectionInfo {
            requirements: catalogue.iter().map(|entry| entry.id.to_string()).collect(),
            ..results::SelectionInfo::default()
        },
        started_at,
        duration_ms: millis(began.elapsed()),
        verdict: rolled.verdict,
        counts: rolled.counts,
        requirements: rolled.requirements,
        scenarios,
        observations,
        traffic: results::Traffic {
            requests: cost.requests,
            failed_logins: cost.failed_logins,
            peak_per_second: cost.peak_per_second,
            waited_ms: millis(cost.waited),
        },
        seed: None,
        concurrency: None,
        exploration: None,
        client: None,
        cluster: None,
        drift: None,
        waivers,
        leaks: Vec::new(),
        interrupted: None,
        settings_not_restored: Vec::new(),
    })
}

/// Judges SURVIVE-8.
fn service(checks: &mut Checks, watched: &Watched) {
    const SERVICE: &str = "SURVIVE-8";
    let name = "what a client sees during the restart";
    let wrong = watched.wrong();
    if wrong.is_empty() && watched.is_back {
        return checks.pass(SERVICE, name);
    }
    let was_wrong = !wrong.is_empty();
    for (text, count) in wrong {
        let expected = "no connection, 503 or a right answer";
        checks.fail(SERVICE, name, expected, format!("{text}, {count} of {} times", watched.calls.len()));
    }
    if !watched.is_back && !was_wrong {
        let reason = "the server did not answer steadily within `max_wait` after the command";
        checks.doubt(SERVICE, "the server comes back", reason);
    }
}

/// How long the outage was from a client's view, and that of each node called by itself.
fn observations(watched: &Watched, nodes: &[String], redactor: &Redactor) -> Vec<Observation> {
    let observation = |question: String, calls: &[StreamCall]| Observation {
        requirement: "SURVIVE-8".to_owned(),
        question,
        answer: redactor.mask(&service_gaps(calls, watched.began)),
        scenario: None,
    };
    let question = "When is the server unavailable to a client during the restart?".to_owned();
    let of_node = |(node, calls): (&String, &Vec<StreamCall>)| {
        observation(format!("When is the node {node} unavailable during the restart?"), calls)
    };
    let nodes = nodes.iter().zip(&watched.node_calls).map(of_node);
    [observation(question, &watched.calls)].into_iter().chain(nodes).collect()
}

fn service_gaps(calls: &[StreamCall], began: u64) -> String {
    let shown: Vec<String> = outages(calls).iter().map(|outage| shown(outage, began)).collect();
    let outages = if shown.is_empty() { "never".to_owned() } else { shown.join("; ") };
    let gap = longest_gap(calls).as_secs_f64();
    format!("{outages}; {} calls, longest time between two right answers {gap:.2} s", calls.len())
}

fn shown(outage: &Outage, began: u64) -> String {
    let clock = |moment: Duration| {
        let millis = i64::try_from(began.saturating_add(millis(moment))).unwrap_or(i64::MAX);
        Timestamp::from_millisecond(millis)
            .map_or_else(|_| "?".to_owned(), |it| it.strftime("%H:%M:%S%.3f").to_string())
    };
    let refusals = format!("first refusal {} UTC, last {} UTC", clock(outage.first), clock(outage.last));
    match outage.to {
        Some(to) => format!("for {:.2} s ({refusals})", (to - outage.from).as_secs_f64()),
        None => format!("to the end of the watch ({refusals})"),
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
