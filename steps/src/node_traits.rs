//! By what the nodes behind one base URL give themselves away: headers, balancers' cookies, clocks and certificates. State only; the
//! client fills it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use ring::digest::{SHA256, digest};

use crate::node_clocks::NodeClocks;

/// Headers in which a node or a balancer names a node.
const NODE_HEADERS: [&str; 20] = [
    "server",
    "via",
    "x-powered-by",
    "x-served-by",
    "x-server",
    "x-server-id",
    "x-server-name",
    "x-backend",
    "x-backend-server",
    "x-node",
    "x-node-id",
    "x-instance",
    "x-instance-id",
    "x-pod",
    "x-pod-name",
    "x-host",
    "x-hostname",
    "x-upstream",
    "x-upstream-addr",
    "x-application-context",
];
/// Beginnings of the names of cookies by which balancers keep a client at a node.
const NODE_COOKIES: [&str; 9] =
    ["route", "serverid", "srv", "bigipserver", "ingresscookie", "sticky", "server", "backend", "lb"];
/// A trait with more values than this is a number of the request and not of a node.
const MOST_NODES: usize = 32;

/// How many nodes gave themselves away behind the base URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenNodes {
    /// At least so many.
    pub count: usize,
    /// The header or cookie by which they were told apart; `None` for one.
    pub by: Option<String>,
}

/// Everything that answers and connections have shown.
#[derive(Debug, Default)]
pub(crate) struct NodeTraits(Mutex<Traits>);

#[derive(Debug, Default)]
struct Traits {
    /// By the trait: its values, and how often each was seen.
    values: BTreeMap<String, HashMap<String, u32>>,
    clocks: NodeClocks,
    cookie: Option<String>,
}

impl NodeTraits {
    /// Notes what an answer shows whose request was sent at this moment.
    pub(crate) fn see(&self, headers: &[(String, String)], sent: SystemTime) {
        let mut traits = self.traits();
        for (name, value) in headers {
            let name = name.to_ascii_lowercase();
            if NODE_HEADERS.contains(&name.as_str()) {
                traits.count(format!("the header {name}"), value);
            } else if name == "set-cookie" {
                traits.see_cookie(value);
            } else if name == "date"
                && let Ok(date) = httpdate::parse_http_date(value)
            {
                traits.clocks.see(date, sent, SystemTime::now());
            }
        }
    }

    /// Notes the certificate of a connection.
    pub(crate) fn see_certificate(&self, der: &[u8]) {
        let digest: String = digest(&SHA256, der).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        self.traits().count("the TLS certificate".to_owned(), &digest);
    }

    /// The last cookie by which a balancer keeps a client at a node, as a client sends it back.
    pub(crate) fn cookie(&self) -> Option<String> {
        self.traits().cookie.clone()
    }

    /// How many nodes gave themselves away. A value that was seen once is no node.
    pub(crate) fn seen(&self) -> SeenNodes {
        let traits = self.traits();
        let usable = traits.values.iter().filter(|(_, values)| values.len() <= MOST_NODES);
        let counted =
            usable.map(|(place, values)| (values.values().filter(|times| **times > 1).count(), place.clone()));
        let clocks = (traits.clocks.count(), "their clocks in the header date".to_owned());
        match counted.chain([clocks]).max_by_key(|(count, _)| *count) {
            Some((count, place)) if count > 1 => SeenNodes { count, by: Some(place) },
            _ => SeenNodes { count: 1, by: None },
        }
    }

    fn traits(&self) -> MutexGuard<'_, Traits> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Traits {
    fn see_cookie(&mut self, value: &str) {
        let pair = value.split(';').next().unwrap_or_default().trim();
        let (name, value) = pair.split_once('=').unwrap_or_default();
        let name = name.trim().to_ascii_lowercase();
        if NODE_COOKIES.iter().any(|known| name.starts_with(known)) {
            self.count(format!("the cookie {name}"), value);
            self.cookie = Some(pair.to_owned());
        } else if let Some((_, node)) = value.rsplit_once('.').filter(|_| name == "jsessionid") {
            self.count("the end of the cookie jsessionid".to_owned(), node);
        }
    }

    fn count(&mut self, place: String, value: &str) {
        let values = self.values.entry(place).or_default();
        // One more than the most tells that there are too many.
        if values.len() <= MOST_NODES {
            *values.entry(value.chars().take(200).collect()).or_default() += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(answers: impl IntoIterator<Item = (&'static str, String)>) -> SeenNodes {
        let log = NodeTraits::default();
        let now = SystemTime::now();
        answers.into_iter().for_each(|(name, value)| log.see(&[(name.to_owned(), value)], now));
        log.seen()
    }

    #[test]
    fn nodes_are_told_apart_by_what_balancers_and_software_show() {
        let turns = |name, texts: [&'static str; 2]| (0..6).map(move |turn| (name, texts[turn % 2].to_owned()));
        for (answers, by) in [
            (turns("X-Node", ["a", "b"]), "the header x-node"),
            (turns("Set-Cookie", ["SERVERID=a; Path=/", "SERVERID=b; Path=/"]), "the cookie serverid"),
            (turns("Set-Cookie", ["JSESSIONID=1.n1", "JSESSIONID=2.n2"]), "the end of the cookie jsessionid"),
        ] {
            assert_eq!(seen(answers), SeenNodes { count: 2, by: Some(by.to_owned()) });
        }
    }

    #[test]
    fn what_differs_in_every_answer_is_no_node() {
        let one = SeenNodes { count: 1, by: None };
        assert_eq!(seen((0..9).map(|turn| ("X-Served-By", format!("cache-{turn}")))), one);
        assert_eq!(seen((0..90).map(|turn| ("Via", format!("{}", turn % 40)))), one);
        assert_eq!(seen((0..9).map(|turn| ("X-Request-Id", format!("{}", turn % 2)))), one);
    }
}
