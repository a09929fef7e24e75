//! One request and its answer as lines of text, the way `curl -v` has taught people to read them.

use steps::Masked;

use crate::{
    results::{Exchange, Failure, Scenario},
    sanitize::sanitize,
};

/// Most lines of one body.
const MOST_LINES: usize = 20;
/// Most characters of one line.
const MOST_CHARACTERS: usize = 2_000;

/// Which way a line went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// From the client to the server.
    Sent,
    /// From the server to the client.
    Received,
}

/// A line of an exchange.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) way: Way,
    pub(super) text: String,
}

impl Way {
    /// What a line of this way begins with.
    pub(super) fn mark(self) -> &'static str {
        match self {
            Self::Sent => ">",
            Self::Received => "<",
        }
    }
}

/// The exchange that a failure is about: the one it points to, else the last before it.
pub(super) fn of_failure<'a>(scenario: &'a Scenario, failure: &Failure) -> Option<&'a Exchange> {
    match failure.exchange {
        Some(position) => scenario.exchanges.get(position),
        None => scenario.exchanges.last(),
    }
}

/// The exchange, bodies cut where they are long.
pub(super) fn lines(exchange: &Exchange) -> Vec<Line> {
    let request = &exchange.request;
    let mut lines = vec![sent(&format!("{} {}", request.method, request.url))];
    lines.extend(headers(&request.headers).map(|header| sent(&header)));
    lines.extend(body(request.body.as_deref().unwrap_or_default()).map(|line| sent(&line)));
    match &exchange.answer {
        Some(answer) => {
            lines.push(received(&format!("{} after {:.1} ms", answer.status, exchange.duration_ms)));
            lines.extend(headers(&answer.headers).map(|header| received(&header)));
            lines.extend(body(&answer.body).map(|line| received(&line)));
        }
        None => {
            let trouble = exchange.trouble.as_deref().unwrap_or("no answer");
            lines.push(received(&format!("{trouble} after {:.1} ms", exchange.duration_ms)));
        }
    }
    lines
}

fn headers(headers: &[(Masked, Masked)]) -> impl Iterator<Item = String> {
    headers.iter().map(|(name, value)| format!("{name}: {value}"))
}

/// An empty line and the body; nothing when there is none.
fn body(text: &str) -> impl Iterator<Item = String> {
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

fn sent(text: &str) -> Line {
    Line { way: Way::Sent, text: sanitize(text).into_owned() }
}

fn received(text: &str) -> Line {
    Line { way: Way::Received, text: sanitize(text).into_owned() }
}

#[cfg(test)]
mod tests {
    use steps::Redactor;

    use super::*;
    use crate::report::sample;

    fn shown(exchange: &Exchange) -> Vec<String> {
        lines(exchange).iter().map(|line| format!("{} {}", line.way.mark(), line.text).trim_end().to_owned()).collect()
    }

    #[test]
    fn a_request_and_its_answer_read_from_top_to_bottom() {
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
    fn an_answer_that_never_came_says_why() {
        let exchange = Exchange { answer: None, trouble: Some("connection reset".into()), ..sample::verification() };
        assert_eq!(shown(&exchange).last().map(String::as_str), Some("< connection reset after 0.8 ms"));
    }

    #[test]
    fn long_bodies_are_cut_and_say_so() {
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
