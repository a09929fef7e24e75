//! One request and its answer as lines of text, like those of `curl -v`.

use steps::Masked;

use crate::results::{Failure, RecordedExchange, ScenarioResult};
use crate::sanitize::sanitize;

/// Most lines of one body.
const MOST_LINES: usize = 20;
/// Most characters of one line.
const MOST_CHARACTERS: usize = 2_000;

/// The direction of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// From the client to the server.
    Sent,
    /// From the server to the client.
    Received,
}

/// A line of an exchange.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct WireLine {
    pub(super) direction: Direction,
    pub(super) text: String,
}

impl Direction {
    /// The mark at the beginning of a line.
    pub(super) fn mark(self) -> &'static str {
        match self {
            Self::Sent => ">",
            Self::Received => "<",
        }
    }
}

impl WireLine {
    /// The text behind its mark.
    pub(super) fn marked(&self) -> String {
        format!("{} {}", self.direction.mark(), self.text).trim_end().to_owned()
    }
}

/// The exchange of a failure: the one it points to, else the last one.
pub(super) fn exchange_of_failure<'a>(scenario: &'a ScenarioResult, failure: &Failure) -> Option<&'a RecordedExchange> {
    match failure.exchange {
        Some(position) => scenario.exchanges.get(position),
        None => scenario.exchanges.last(),
    }
}

/// The lines of an exchange; long bodies are cut.
pub(super) fn wire_lines(exchange: &RecordedExchange) -> Vec<WireLine> {
    let request = &exchange.request;
    let mut lines = vec![sent(&format!("{} {}", request.method, request.url))];
    lines.extend(header_lines(&request.headers).map(|header| sent(&header)));
    lines.extend(body_lines(request.body.as_deref().unwrap_or_default()).map(|line| sent(&line)));
    match &exchange.answer {
        Some(answer) => {
            lines.push(received(&format!("{} after {:.1} ms", answer.status, exchange.duration_ms)));
            lines.extend(header_lines(&answer.headers).map(|header| received(&header)));
            lines.extend(body_lines(&answer.body).map(|line| received(&line)));
        }
        None => {
            let trouble = exchange.trouble.as_deref().unwrap_or("no answer");
            lines.push(received(&format!("{trouble} after {:.1} ms", exchange.duration_ms)));
        }
    }
    lines
}

/// The exchange of a failure as text, every line with its mark.
pub(super) fn failure_transcript(scenario: &ScenarioResult, failure: &Failure) -> Vec<String> {
    let lines = exchange_of_failure(scenario, failure).map(wire_lines).unwrap_or_default();
    lines.iter().map(WireLine::marked).collect()
}

fn header_lines(headers: &[(Masked, Masked)]) -> impl Iterator<Item = String> {
    headers.iter().map(|(name, value)| format!("{name}: {value}"))
}

/// An empty line and the body; nothing when there is none.
fn body_lines(text: &str) -> impl Iterator<Item = String> {
    let before = (!text.is_empty()).then(String::new);
    let more = text.lines().count().saturating_sub(MOST_LINES);
    let after = (more > 0).then(|| format!("… {more} more lines"));
    before.into_iter().chain(text.lines().take(MOST_LINES).map(cut)).chain(after)
}

fn cut(line: &str) -> String {
    let more = line.chars().count().saturating_sub(MOST_CHARACTERS);
    if more == 0 {
        return line.to_owned();
    }
    let kept: String = line.chars().take(MOST_CHARACTERS).collect();
    format!("{kept} … {more} more characters")
}

fn sent(text: &str) -> WireLine {
    WireLine { direction: Direction::Sent, text: sanitize(text).into_owned() }
}

fn received(text: &str) -> WireLine {
    WireLine { direction: Direction::Received, text: sanitize(text).into_owned() }
}

#[cfg(test)]
mod tests {
    use steps::Redactor;

    use super::*;
    use crate::results::sample;

    fn shown(exchange: &RecordedExchange) -> Vec<String> {
        wire_lines(exchange).iter().map(WireLine::marked).collect()
    }

    #[test]
    fn a_request_and_its_answer_are_listed_in_order() {
        assert_eq!(
            shown(&sample::verification()),
            [
                "> POST http://127.0.0.1:4711/external/token/verify",
                "> content-type: application/json",
                ">",
                "> {\"token\":\"‹one-time token #1›\"}",
                "< 200 after 0.8 ms",
                "< content-type: application/json",
                "<",
                "< {\"login\":\"trader1\"}",
            ]
        );
    }

    #[test]
    fn a_missing_answer_has_a_reason() {
        let exchange =
            RecordedExchange { answer: None, trouble: Some("connection reset".into()), ..sample::verification() };
        assert_eq!(shown(&exchange).last().map(String::as_str), Some("< connection reset after 0.8 ms"));
    }

    #[test]
    fn long_bodies_are_cut_with_a_remark() {
        let mut exchange = sample::verification();
        exchange.request.body = Some(Redactor::default().mask(&"x".repeat(2_003)));
        if let Some(answer) = &mut exchange.answer {
            answer.body = Redactor::default().mask(&"line\n".repeat(23));
        }
        let shown = shown(&exchange);
        assert_eq!(shown.last().map(String::as_str), Some("< … 3 more lines"));
        assert_eq!(shown.iter().filter(|line| *line == "< line").count(), 20);
        assert!(shown.iter().any(|line| line.ends_with("x … 3 more characters")), "{shown:?}");
    }
}
