//! `certificate.html`: one page to print and sign by hand, made from a certificate and the results that it certifies. The signed document
//! is the certificate itself.

use serde::Serialize;

use super::{
    key::PublicKey,
    page::{client_files, warnings},
    test_result::{Certified, REPORT, RESULTS},
};
use crate::{
    report::render_page,
    results::{ClusterInfo, MatrixCell, Results, Verdict},
};

const TEMPLATE: &str = include_str!("sheet.html");
/// The requirement whose scenarios are races.
const RACES: &str = "OTT-3";
/// Most waivers that the page lists; more would not fit.
const MOST_WAIVERS: usize = 6;
/// Most nodes whose findings the page lists.
const MOST_NODES: usize = 5;

#[derive(Serialize)]
struct Sheet<'a> {
    target: &'a str,
    kind: &'static str,
    verdict: &'static str,
    profile: String,
    warnings: Vec<&'static str>,
    facts: Vec<SheetFact>,
    tool: String,
    certificate_sha256: &'a str,
}

#[derive(Serialize)]
struct SheetFact {
    name: &'static str,
    text: String,
    digest: bool,
}

/// Renders the page of a certificate whose file has this SHA-256.
///
/// # Errors
/// When the template is wrong; a test renders it.
pub(crate) fn render_sheet(
    certified: &Certified,
    results: &Results,
    key: &PublicKey,
    certificate_sha256: &str,
) -> std::io::Result<String> {
    let it = &certified.predicate.certification;
    let sheet = Sheet {
        target: &it.target.name,
        kind: if it.client.is_some() { "client of the token API" } else { "token API" },
        verdict: match it.verdict {
            Verdict::Conformant => "Conformant",
            Verdict::Nonconformant => "Not conformant",
            Verdict::Inconclusive => "Inconclusive",
        },
        profile: it.profile.to_string(),
        warnings: warnings(it),
        facts: facts(certified, results, key),
        tool: format!("{} {}", it.signatory.tool.name, it.signatory.tool.version),
        certificate_sha256,
    };
    render_page(TEMPLATE, sheet)
}

fn facts(certified: &Certified, results: &Results, key: &PublicKey) -> Vec<SheetFact> {
    let it = &certified.predicate.certification;
    let fact = |name, text: String| SheetFact { name, text, digest: false };
    let digest = |name, text: String| SheetFact { name, text, digest: true };
    let signatory = &it.signatory;
    let by = if signatory.by.is_empty() { String::new() } else { format!("{}; ", signatory.by.join(", ")) };
    let subject = match (&it.target.base_url, &it.client) {
        (Some(base_url), _) => fact("Server", base_url.clone()),
        (None, Some(client)) => fact("Client", client.to_string()),
        (None, None) => fact("Server", "the embedded stand-in; no deployment".to_owned()),
    };
    let counts = &it.counts.requirements;
    let mut facts = vec![
        subject,
        fact("Judged", format!("{:.0} by {} {}", it.started_at, it.tool.name, it.tool.version)),
        fact(
            "Requirements",
            format!(
                "{} pass, {} fail, {} warn, {} waived, {} observed, {} skipped, {} inconclusive",
                counts.pass, counts.fail, counts.warn, counts.waived, counts.observed, counts.skip, counts.inconclusive
            ),
        ),
    ];
    facts.extend(client_files(it).map(|(name, sha256)| digest("File", format!("{name} {sha256}"))));
    facts.extend(it.suite.score.as_ref().map(|score| fact("Kill score", score.to_string())));
    facts.extend(race_bounds(results).into_iter().map(|bound| fact("Races", bound)));
    facts.extend(waivers(certified).into_iter().map(|waiver| fact("Waiver", waiver)));
    facts.extend(it.cluster.iter().flat_map(nodes).map(|line| fact("Nodes", line)));
    if let Some(upgrade) = &certified.predicate.upgrade {
        facts.push(fact("Upgrade", upgrade.counted()));
        facts.extend(upgrade.survived.iter().map(|survived| fact("Meanwhile", survived.summary())));
    }
    facts.push(fact("Signed", format!("{by}{} on {}, {:.0}", signatory.user, signatory.host, signatory.at)));
    facts.push(digest("Key", key.id()));
    facts.push(digest("Suite", it.suite.digest.clone()));
    for name in [RESULTS, REPORT] {
        facts.extend(certified.sha256_of(name).map(|sha256| digest(name, format!("sha256:{sha256}"))));
    }
    facts
}

/// The nodes, and what each kept of what another promised. Most clusters have few nodes, so that this fits.
fn nodes(cluster: &ClusterInfo) -> Vec<String> {
    let rows = cluster.nodes.iter().zip(cluster.matrix()).enumerate().take(MOST_NODES);
    let rows = rows.map(|(place, (node, row))| {
        let cell = |(place, cell): (usize, &MatrixCell)| format!("node {}: {}", place + 1, cell.text);
        let cells: Vec<String> = row.iter().enumerate().map(cell).collect();
        format!("after node {} ({}) {}", place + 1, node.url, cells.join(", "))
    });
    [cluster.summary()].into_iter().chain(rows).collect()
}

/// What the races of a run can exclude, in the words of the run.
fn race_bounds(results: &Results) -> Vec<String> {
    let of_race = |ids: &[String]| ids.iter().any(|id| id == RACES);
    let scenarios = results.scenarios.iter().filter(|scenario| of_race(&scenario.requirements));
    let notes = scenarios.flat_map(|scenario| scenario.steps.iter().filter_map(|step| step.note.as_deref()));
    let reasons = results.requirements.iter().filter(|it| it.id == RACES).filter_map(|it| it.reason.as_deref());
    let observed = results.observations.iter().filter(|it| it.requirement == RACES).map(|it| &*it.answer);
    let mut bounds: Vec<String> = notes.chain(reasons).chain(observed).map(str::to_owned).collect();
    bounds.dedup();
    bounds.truncate(3);
    bounds
}

fn waivers(certified: &Certified) -> Vec<String> {
    let all = &certified.predicate.certification.waivers;
    let line = |waived: &super::test_result::Waived| {
        let waiver = &waived.waiver;
        format!("{} until {}, {}: {}", waived.requirement, waiver.expires, waiver.owner, waiver.reason)
    };
    let mut lines: Vec<String> = all.iter().take(MOST_WAIVERS).map(line).collect();
    if all.is_empty() {
        lines.push("none".to_owned());
    } else if all.len() > MOST_WAIVERS {
        lines.push(format!("and {} more, in certificate.json", all.len() - MOST_WAIVERS));
    }
    lines
}
