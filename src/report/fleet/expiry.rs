//! What will end soon or has ended: certificates of servers, and waivers.

use jiff::civil::Date;
use serde::Serialize;

use super::Target;
use crate::results::Results;

/// Something that ends.
#[derive(Serialize)]
pub(super) struct Expiry<'a> {
    expires: String,
    name: &'a str,
    what: String,
    class: &'static str,
    when: String,
}

/// Everything that has ended, or ends within so many days; the earliest first.
pub(super) fn within(targets: &[Target], today: Date, days: i64) -> Vec<Expiry<'_>> {
    let judged = targets.iter().filter_map(|target| Some((target.name.as_str(), target.state.results()?)));
    let mut all: Vec<Expiry<'_>> = judged
        .flat_map(|(name, results)| ends(results).into_iter().map(move |(expires, what)| (name, expires, what)))
        .filter_map(|(name, expires, what)| {
            let left = today.until(expires.parse::<Date>().ok()?).ok()?.get_days().into();
            let class = if left < 0 { "fail" } else { "warn" };
            (left <= days).then(|| Expiry { expires, name, what, class, when: when(left) })
        })
        .collect();
    all.sort_by(|one, other| (&one.expires, one.name).cmp(&(&other.expires, other.name)));
    all
}

fn when(left: i64) -> String {
    match left {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        left if left < 0 => format!("{} days ago", -left),
        left => format!("in {left} days"),
    }
}

fn ends(results: &Results) -> Vec<(String, String)> {
    let certificate = results.target.server.as_ref().and_then(|server| server.tls.as_ref()?.certificate.as_ref());
    let certificate = certificate.map(|it| (it.expires.clone(), format!("TLS certificate of {}", it.subject)));
    let waivers = results.waivers.iter().map(|it| {
        let what = format!("waiver of {} by {}: {}", it.requirement, it.waiver.owner, it.waiver.reason);
        (it.waiver.expires.clone(), what)
    });
    certificate.into_iter().chain(waivers).collect()
}
