//! The nodes behind the base URL as lines for a terminal.

use std::fmt::Write;

use steps::{
    Target,
    inspect::{ClockSkew, NodeFindings, Trust},
};

use super::trust::{day, distrust};
use crate::sanitize::sanitize;

/// How far clocks may differ before it is worth a word, in seconds: the header that shows them has whole seconds.
const CLOSE: f64 = 2.5;

/// The nodes, one a line, and how far their clocks differ.
pub(crate) fn render_nodes(nodes: &[NodeFindings], target: &Target) -> String {
    let mut text = String::from("\n");
    for node in nodes {
        let parts = match &node.absent {
            Some(reason) => format!("takes no part: {reason}"),
            None => describe(node, target).join(", "),
        };
        // Writing into a String cannot fail.
        let _ = writeln!(text, "node              {}", sanitize(&format!("{}: {parts}", node.url)));
    }
    let clocks: Vec<f64> = nodes.iter().filter_map(|node| node.profile.skew).map(seconds).collect();
    let (earliest, latest) = clocks.iter().fold((f64::MAX, f64::MIN), |(low, high), at| (low.min(*at), high.max(*at)));
    if latest - earliest > CLOSE {
        let _ = writeln!(text, "nodes             their clocks differ by {:.0} s (see CLUSTER-5)", latest - earliest);
    }
    text
}

fn describe(node: &NodeFindings, target: &Target) -> Vec<String> {
    let mut parts = Vec::new();
    match &node.tls {
        Some(Ok(tls)) => {
            let until = tls.chain.first().map(|own| format!(", certificate until {}", day(own.not_after)));
            parts.push(format!("{}{}", tls.version, until.unwrap_or_default()));
            // A certificate for the balancer's name is as good as one for the node's own.
            let host = target.base_url.as_str();
            let is_balancers = matches!(&tls.trust, Trust::WrongName { presented, .. }
                if presented.iter().any(|name| host.contains(name.trim_start_matches("*."))));
            parts.extend(distrust(tls).filter(|_| !is_balancers));
        }
        Some(Err(error)) => parts.push(error.to_string()),
        None => parts.push("reachable".to_owned()),
    }
    parts.push(match node.profile.skew {
        None => "clock unknown".to_owned(),
        Some(skew) if skew.is_none() => "clock as here".to_owned(),
        Some(skew) => format!("clock {:.0} s {}", skew.by.as_secs_f64(), if skew.ahead { "ahead" } else { "behind" }),
    });
    parts.extend(node.profile.software.iter().map(|(name, value)| format!("{name}: {value}")));
    parts
}

fn seconds(skew: ClockSkew) -> f64 {
    let by = skew.by.as_secs_f64();
    if skew.ahead { by } else { -by }
}
