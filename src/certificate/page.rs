//! Renders a certificate for people who rely on it.

use super::{
    key::PublicKey,
    test_result::{Certification, Certified},
    upgrade::Upgrade,
};
use crate::{results::ClusterInfo, sanitize::sanitize};

/// What is certified, one fact a line, and what weakens it.
pub(crate) fn render_certificate(certified: &Certified, key: &PublicKey) -> String {
    let it = &certified.predicate.certification;
    let address = match (&it.target.base_url, &it.client) {
        (Some(base_url), _) => base_url.clone(),
        (None, Some(client)) => client.to_string(),
        (None, None) => "the embedded stand-in".to_owned(),
    };
    let signatory = &it.signatory;
    let by = if signatory.by.is_empty() { String::new() } else { format!("{}, ", signatory.by.join(", ")) };
    let counts = &it.counts.requirements;
    let mut lines = vec![
        ("target", format!("{}, {address}", it.target.name)),
        (
            "verdict",
            format!(
                "{}, profile {}: {} pass, {} warn, {} waived, {} observed, {} not to be observed",
                it.verdict,
                it.profile,
                counts.pass,
                counts.warn,
                counts.waived,
                counts.observed,
                counts.skip + counts.inconclusive
            ),
        ),
        ("judged", format!("{:.0} by {} {}", it.started_at, it.tool.name, it.tool.version)),
        ("suite", it.suite.digest.clone()),
    ];
    lines.extend(certified.predicate.upgrade.iter().flat_map(upgraded));
    lines.extend(client_files(it).map(|(name, digest)| ("file", format!("{name} {digest}"))));
    lines.extend(it.cluster.iter().map(|cluster| ("nodes", cluster.summary())));
    lines.extend(it.cluster.iter().flat_map(ClusterInfo::deviations).map(|deviation| ("", deviation)));
    lines.extend(it.suite.score.as_ref().map(|score| ("score", score.to_string())));
    lines.extend(it.waivers.iter().map(|waived| {
        let waiver = &waived.waiver;
        ("waived", format!("{} until {} by {}: {}", waived.requirement, waiver.expires, waiver.owner, waiver.reason))
    }));
    let (user, host) = (&signatory.user, &signatory.host);
    lines.push(("signed", format!("{by}{user} on {host}, {:.0}", signatory.at)));
    lines.push(("key", key.id()));
    lines.extend(warnings(it).into_iter().map(|warning| ("WARNING", warning.to_owned())));
    lines.into_iter().map(|(name, text)| format!("  {name:<8} {}\n", sanitize(&text))).collect()
}

/// What was there before an upgrade, and what changed.
fn upgraded(it: &Upgrade) -> Vec<(&'static str, String)> {
    let mut lines = vec![
        ("before", format!("{}, judged {:.0} by {} {}", it.verdict, it.started_at, it.tool.name, it.tool.version)),
        ("changed", it.counted()),
    ];
    lines.extend(it.survived.iter().map(|survived| ("during", survived.summary())));
    lines.extend(it.agreed.iter().map(|agreed| ("agreed", agreed.clone())));
    lines
}

/// The files of a client with their digests.
pub(super) fn client_files(it: &Certification) -> impl Iterator<Item = (String, String)> {
    let files = it.client.iter().flat_map(|client| &client.files);
    files.map(|file| (file.name.to_string(), format!("sha256:{}", file.sha256)))
}

/// What weakens a certificate.
pub(super) fn warnings(it: &Certification) -> Vec<&'static str> {
    let embedded = "no deployment was judged: this is the embedded stand-in, which proves nothing about any server";
    let unchecked = "certificates were not checked: what answered could have been any server";
    [(!it.deployment && it.client.is_none()).then_some(embedded), it.target.insecure_tls.then_some(unchecked)]
        .into_iter()
        .flatten()
        .collect()
}
