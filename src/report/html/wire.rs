//! An exchange as the report shows it: one line that tells what happened, and both messages.

use serde::Serialize;

use crate::{
    report::{
        exchange::{Line, Way, lines},
        figures::short,
    },
    results::Exchange,
};

/// Times below this, in milliseconds, are the pacer's own and no waiting.
const NO_WAIT: f64 = 1.0;

/// An exchange, ready to be shown.
#[derive(Serialize)]
pub(super) struct Wire<'a> {
    method: &'a str,
    url: &'a str,
    /// The status, or nothing where no answer came.
    status: String,
    trouble: Option<&'a str>,
    took: String,
    /// How long it waited for its turn, where it did.
    paced: Option<String>,
    sent: String,
    received: String,
}

impl<'a> Wire<'a> {
    pub(super) fn of(exchange: &'a Exchange) -> Self {
        let (sent, received): (Vec<Line>, Vec<Line>) =
            lines(exchange).into_iter().partition(|line| line.way == Way::Sent);
        let trouble = exchange.trouble.as_deref().filter(|_| exchange.answer.is_none());
        Self {
            method: &exchange.request.method,
            url: &exchange.request.url,
            status: exchange.answer.as_ref().map_or_else(|| "no answer".to_owned(), |answer| answer.status.to_string()),
            trouble,
            took: short(exchange.duration_ms),
            paced: (exchange.paced_ms >= NO_WAIT).then(|| short(exchange.paced_ms)),
            sent: joined(&sent),
            received: joined(&received),
        }
    }
}

fn joined(lines: &[Line]) -> String {
    lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n")
}
