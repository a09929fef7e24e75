//! The profile of a server from its answers: round trip, clock skew, names of software.

use std::time::{Duration, SystemTime};

use serde::Serialize;

use crate::{ExchangeRecord, Masked};

/// Headers in which servers name their software.
const SOFTWARE: [&str; 5] = ["server", "x-powered-by", "via", "x-application-context", "x-version"];
/// Characters of the longest software name kept.
const LONGEST_NAME: usize = 80;

/// What several answers show together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ServerProfile {
    /// The median time from sending a request to the last byte of its answer.
    pub round_trip: Option<Duration>,
    /// How far the server's clock is off; `None` when no answer carries a date.
    pub skew: Option<ClockSkew>,
    /// Headers that name the server's software, with their values.
    pub software: Vec<(Masked, Masked)>,
}

/// How far the server's clock is from this machine's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ClockSkew {
    /// The size of the difference.
    pub by: Duration,
    /// Whether the server's clock is ahead.
    pub ahead: bool,
}

impl ClockSkew {
    /// Whether the clocks agree within the precision of a header in whole seconds.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.by <= Duration::from_secs(2)
    }
}

impl ServerProfile {
    pub(super) fn from_exchanges(exchanges: &[ExchangeRecord]) -> Self {
        let last = exchanges.last();
        Self {
            round_trip: median(exchanges),
            skew: last.and_then(skew),
            software: last.map(software).unwrap_or_default(),
        }
    }
}

fn median(exchanges: &[ExchangeRecord]) -> Option<Duration> {
    let mut times: Vec<_> = exchanges.iter().filter(|exchange| exchange.answer.is_ok()).map(|e| e.took).collect();
    times.sort_unstable();
    times.get(times.len() / 2).copied()
}

/// The server wrote the answer between the sending of the request and its arrival; the middle is the best estimate.
fn skew(exchange: &ExchangeRecord) -> Option<ClockSkew> {
    let answer = exchange.answer.as_ref().ok()?;
    let (_, date) = answer.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("date"))?;
    let date = httpdate::parse_http_date(date).ok()?;
    let written = SystemTime::now() - exchange.sent.elapsed() + exchange.took / 2;
    Some(match date.duration_since(written) {
        Ok(by) => ClockSkew { by, ahead: true },
        Err(behind) => ClockSkew { by: behind.duration(), ahead: false },
    })
}

fn software(exchange: &ExchangeRecord) -> Vec<(Masked, Masked)> {
    let named = |(name, _): &&(Masked, Masked)| SOFTWARE.iter().any(|known| name.eq_ignore_ascii_case(known));
    let shown = |(name, value): &(Masked, Masked)| (name.clone(), value.first_chars(LONGEST_NAME));
    let headers = exchange.answer.as_ref().map(|answer| answer.headers.as_slice()).unwrap_or_default();
    headers.iter().filter(named).map(shown).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::{AnswerRecord, Redactor};

    fn answered(millis: u64, headers: &[(&'static str, &str)]) -> ExchangeRecord {
        let redactor = Redactor::default();
        let headers = headers.iter().map(|(name, value)| ((*name).into(), redactor.mask(value))).collect();
        ExchangeRecord {
            step: 0,
            sent: Instant::now(),
            took: Duration::from_millis(millis),
            paced: Duration::ZERO,
            race: false,
            method: "GET",
            url: Masked::default(),
            request_headers: Vec::new(),
            request_body: None,
            answer: Ok(AnswerRecord { status: 200, headers, body: Masked::default() }),
            judged: None,
        }
    }

    #[test]
    fn the_round_trip_is_the_median() {
        let exchanges = [answered(900, &[]), answered(20, &[]), answered(30, &[])];
        assert_eq!(ServerProfile::from_exchanges(&exchanges).round_trip, Some(Duration::from_millis(30)));
        let silent = ExchangeRecord { answer: Err("timeout".into()), ..answered(5, &[]) };
        assert_eq!(ServerProfile::from_exchanges(&[silent]), ServerProfile::default());
    }

    #[test]
    fn clock_skew_has_a_direction() {
        let date = |time: SystemTime| httpdate::fmt_http_date(time);
        let hour = Duration::from_secs(3600);
        let skew = |date: &str| ServerProfile::from_exchanges(&[answered(0, &[("Date", date)])]).skew;
        let ahead = skew(&date(SystemTime::now() + hour)).expect("it is dated");
        assert!(ahead.ahead && !ahead.is_none() && ahead.by.abs_diff(hour) <= Duration::from_secs(2), "{ahead:?}");
        let behind = skew(&date(SystemTime::now() - hour)).expect("it is dated");
        assert!(!behind.ahead && behind.by.abs_diff(hour) <= Duration::from_secs(2), "{behind:?}");
        assert!(skew(&date(SystemTime::now())).expect("it is dated").is_none());
        assert_eq!(skew("yesterday"), None);
    }

    #[test]
    fn software_names_are_cut_to_a_line() {
        let long = "x".repeat(500);
        let headers = [("Server", "nginx"), ("Content-Type", "text/html"), ("via", long.as_str())];
        let software = ServerProfile::from_exchanges(&[answered(0, &headers)]).software;
        assert_eq!(
            software,
            [("Server".into(), "nginx".into()), ("via".into(), Redactor::default().mask(&"x".repeat(LONGEST_NAME)))]
        );
    }
}
