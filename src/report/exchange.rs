//! One request and its answer as lines of text, like those of `curl -v`.

use steps::Masked;

use crate::results::{Failure, RecordedExchange, RecordedRequest, ScenarioResult};
use crate::sanitize::sanitize;

/// Most lines of one body.
const MOST_LINES: usize = 20;
/// Most characters of one line.
const MOST_CHARACTERS: usize = 2_000;
/// Most exchanges that are shown for one failure.
const MOST_EXCHANGES: usize = 6;

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

/// The exchanges that prove a failure, in order: the one it points to, what was sent before it of the same token, such as the login that
/// gave it out and its first use, and the rest of the race that it was sent in.
pub(super) fn proof_of_failure<'a>(scenario: &'a ScenarioResult, failure: &Failure) -> Vec<&'a RecordedExchange> {
    let all = &scenario.exchanges;
    let failing = failure.exchange.unwrap_or(all.len().saturating_sub(1));
    let Some(failed) = all.get(failing) else { return Vec::new() };
    let tokens: Vec<&str> = texts_of_request(&failed.request).flat_map(masked_tokens).collect();
    let proves = |(position, exchange): &(usize, &RecordedExchange)| {
        let of_race = failed.race && exchange.race && exchange.step == failed.step;
        *position == failing || of_race || *position < failing && concerns(exchange, &tokens)
    };
    let proof: Vec<usize> = all.iter().enumerate().filter(proves).map(|(position, _)| position).collect();
    let at = proof.iter().position(|position| *position == failing).unwrap_or_default();
    // The first one, and those nearest to the failure.
    let begin = (at + 1).saturating_sub(MOST_EXCHANGES - 1).max(1);
    let shown = proof.iter().take(1).chain(proof.iter().skip(begin).take(MOST_EXCHANGES - 1));
    shown.filter_map(|position| all.get(*position)).collect()
}

/// Whether an exchange mentions one of these masks.
fn concerns(exchange: &RecordedExchange, masks: &[&str]) -> bool {
    let answer = exchange.answer.iter();
    let answered = answer.flat_map(|it| it.headers.iter().map(|(_, value)| &**value).chain([&*it.body]));
    texts_of_request(&exchange.request).chain(answered).any(|text| masks.iter().any(|mask| text.contains(mask)))
}

fn texts_of_request(request: &RecordedRequest) -> impl Iterator<Item = &str> {
    let values = request.headers.iter().map(|(_, value)| &**value);
    values.chain([&*request.url]).chain(request.body.as_deref())
}

/// The masks of tokens in a text, such as `‹access token #3›`.
fn masked_tokens(text: &str) -> impl Iterator<Item = &str> {
    let begins = text.match_indices('‹').map(|(begin, _)| &text[begin..]);
    let masks = begins.filter_map(|rest| rest.find('›').map(|end| &rest[..end + '›'.len_utf8()]));
    masks.filter(|mask| mask.contains("token"))
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

    /// A scenario with exchanges that send these tokens, the last of which failed.
    fn failed_with(tokens: &[usize], race: bool) -> (ScenarioResult, Failure) {
        let mut scenario = sample::failing().scenarios[0].clone();
        let body = |number: &usize| Some(Redactor::default().mask(&format!("‹one-time token #{number}›")));
        let exchange = |number: &usize| {
            let mut exchange = RecordedExchange { race, ..sample::verification() };
            exchange.request.body = body(number);
            exchange
        };
        scenario.exchanges = tokens.iter().map(exchange).collect();
        let failure = scenario.steps.iter().find_map(|step| step.failure.clone()).expect("it failed");
        (scenario, Failure { exchange: Some(tokens.len() - 1), ..failure })
    }

    fn proof(tokens: &[usize], race: bool) -> Vec<String> {
        let (scenario, failure) = failed_with(tokens, race);
        let bodies = proof_of_failure(&scenario, &failure).into_iter().filter_map(|it| it.request.body.as_deref());
        bodies.map(str::to_owned).collect()
    }

    #[test]
    fn the_first_use_of_a_token_belongs_to_the_proof_that_the_second_was_accepted() {
        assert_eq!(proof(&[1, 2, 1], false), ["‹one-time token #1›", "‹one-time token #1›"]);
        assert_eq!(proof(&[1, 2, 3], false), ["‹one-time token #3›"]);
    }

    #[test]
    fn a_race_is_shown_whole_as_far_as_there_is_room() {
        assert_eq!(proof(&[1, 2, 3], true).len(), 3);
        let long = proof(&[9, 1, 1, 1, 1, 1, 1, 1, 1, 9], false);
        assert_eq!(long.len(), 2);
        assert_eq!(proof(&[9; 30], false).len(), MOST_EXCHANGES);
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
