//! The metrics of a watch, in the text format of Prometheus.

use std::{fmt::Write, time::Duration};

use super::{checks::Check, incidents::Incidents};

/// The figures of a watch beside its checks.
#[derive(Debug, Default)]
pub(super) struct Figures {
    pub(super) rounds: u64,
    pub(super) requests: u64,
    pub(super) failed_logins: u64,
    /// Time since 1970.
    pub(super) last_round: Duration,
    /// Whether any request of the last round was answered.
    pub(super) is_up: bool,
    pub(super) middle_time: Option<Duration>,
    pub(super) access_lifetime: Option<Duration>,
    pub(super) refresh_lifetime: Option<Duration>,
    /// Time since 1970.
    pub(super) certificate_end: Option<Duration>,
}

const PREFIX: &str = "bo_conformance_watch_";

/// Renders the metrics of a target.
pub(super) fn render(target: &str, figures: &Figures, incidents: &Incidents, changes: usize) -> String {
    let label = format!("target=\"{}\"", escape(target));
    let mut text = String::new();
    let mut metric = |name: &str, kind: &str, help: &str, value: Option<f64>| {
        let Some(value) = value else { return };
        write_head(&mut text, name, kind, help);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{PREFIX}{name}{{{label}}} {value}");
    };
    let seconds = |time: Option<Duration>| time.map(|time| time.as_secs_f64());
    metric(
        "up",
        "gauge",
        "Whether any request of the last round was answered.",
        Some(f64::from(u8::from(figures.is_up))),
    );
    metric("last_round_timestamp_seconds", "gauge", "When the last round ended.", seconds(Some(figures.last_round)));
    metric("rounds_total", "counter", "Rounds so far.", Some(figures.rounds as f64));
    metric("requests_total", "counter", "Requests so far.", Some(figures.requests as f64));
    metric(
        "failed_logins_total",
        "counter",
        "Logins that failed so far, wrong passwords included.",
        Some(figures.failed_logins as f64),
    );
    metric("incidents_total", "counter", "Incidents so far.", Some(incidents.told as f64));
    metric("changes", "gauge", "Facts that differ from the baseline.", Some(changes as f64));
    metric(
        "request_duration_seconds",
        "gauge",
        "The middle time of a request in the last round.",
        seconds(figures.middle_time),
    );
    metric(
        "access_token_lifetime_seconds",
        "gauge",
        "The announced lifetime of access tokens.",
        seconds(figures.access_lifetime),
    );
    metric(
        "refresh_token_lifetime_seconds",
        "gauge",
        "The announced lifetime of refresh tokens.",
        seconds(figures.refresh_lifetime),
    );
    metric(
        "certificate_end_timestamp_seconds",
        "gauge",
        "When the first certificate of the server's chain ends.",
        seconds(figures.certificate_end),
    );
    write_head(&mut text, "check_ok", "gauge", "Whether a check passed when it was last judged.");
    for (check, is_ok) in incidents.states().filter_map(|(check, state)| state.is_ok.map(|is_ok| (check, is_ok))) {
        let (name, value) = (Check::name(check), u8::from(is_ok));
        let _ = writeln!(text, "{PREFIX}check_ok{{{label},check=\"{name}\"}} {value}");
    }
    text
}

fn write_head(text: &mut String, name: &str, kind: &str, help: &str) {
    let _ = write!(text, "# HELP {PREFIX}{name} {help}\n# TYPE {PREFIX}{name} {kind}\n");
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
