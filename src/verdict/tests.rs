//! Each rule with a case that it decides and the nearest case that it does not decide.

use jiff::civil::{Date, date};

use super::roll_up::{RolledUp, VerdictInput, add_shard_notes, roll_up};
use crate::{
    catalogue::Catalogue,
    results::{Outcome, Profile, RequirementVerdict as Of, ScenarioResult, Verdict, Waiver, WaiverTerms},
};

const CATALOGUE: &str = r#"
[[requirement]]
id = "M-1"
level = "must"
area = "issue"
statement = "A promise."
source = "A page"
needs = []
also = { level = "should", statement = "A recommendation.", source = "An RFC" }

[[requirement]]
id = "M-2"
level = "must"
area = "issue"
statement = "Another promise."
source = "A page"
needs = ["ott"]

[[requirement]]
id = "S-1"
level = "should"
area = "use"
statement = "Good practice."
source = "An RFC"
needs = []

[[requirement]]
id = "O-1"
level = "observe"
area = "errors"
statement = "An open question."
source = "No page"
needs = []
"#;

/// The reason at M-1 when its recommendation is broken.
const BESIDE_BROKEN: &str = "what is recommended beside it is broken: A recommendation. (An RFC)";

/// A scenario from `ID @tag outcome`.
fn scenario(text: &str) -> ScenarioResult {
    let mut words: Vec<&str> = text.split(' ').collect();
    let (verdict, reason) = match words.pop() {
        Some("passed") => (Outcome::Passed, None),
        Some("failed") => (Outcome::Failed, Some("it is wrong")),
        Some("skipped") => (Outcome::Skipped, Some("no need")),
        Some("inconclusive") => (Outcome::Inconclusive, Some("no answer")),
        other => panic!("{other:?} is not an outcome"),
    };
    let (tags, requirements): (Vec<&str>, Vec<&str>) = words.into_iter().partition(|word| word.starts_with('@'));
    ScenarioResult {
        id: text.to_owned(),
        feature: "features/some.feature".to_owned(),
        line: 1,
        name: text.to_owned(),
        tags: tags.iter().map(|tag| tag.trim_start_matches('@').to_owned()).collect(),
        requirements: requirements.into_iter().map(str::to_owned).collect(),
        verdict,
        reason: reason.map(masked),
        started_ms: 0.0,
        duration_ms: 0.0,
        steps: Vec::new(),
        exchanges: Vec::new(),
    }
}

fn judge(scenarios: &[&str], profile: Profile, waivers: &[Waiver]) -> RolledUp {
    let scenarios: Vec<ScenarioResult> = scenarios.iter().map(|text| scenario(text)).collect();
    roll_up(&VerdictInput {
        catalogue: &Catalogue::parse("test", CATALOGUE).expect("the catalogue is right"),
        scenarios: &scenarios,
        profile,
        waivers,
        today: date(2027, 3, 31),
    })
}

/// Verdict and reason of the only requirement of these scenarios.
fn judge_one(scenarios: &[&str], profile: Profile) -> (Of, Option<String>) {
    let mut rolled = judge(scenarios, profile, &[]);
    assert_eq!(rolled.requirements.len(), 1, "{scenarios:?} are about one requirement");
    let requirement = rolled.requirements.remove(0);
    (requirement.verdict, requirement.reason)
}

fn waiver(requirement: &str, expires: Date) -> Waiver {
    let requirement = requirement.parse().expect("it is an id");
    let (reason, owner) = ("comes with 4.2".to_owned(), "auth team".to_owned());
    Waiver { requirement, terms: WaiverTerms { reason, owner, expires } }
}

#[test]
fn the_worst_scenario_decides_a_requirement() {
    for (scenarios, verdict) in [
        (&["M-1 passed", "M-1 passed"][..], Of::Pass),
        (&["M-1 passed", "M-1 failed", "M-1 inconclusive"], Of::Fail),
        (&["M-1 passed", "M-1 inconclusive", "M-1 skipped"], Of::Inconclusive),
        (&["M-1 passed", "M-1 skipped"], Of::Skip),
        (&["S-1 passed"], Of::Pass),
        (&["S-1 failed", "S-1 inconclusive"], Of::Warn),
        (&["O-1 passed"], Of::Observed),
        (&["O-1 passed", "O-1 failed"], Of::Inconclusive),
        (&["O-1 skipped"], Of::Skip),
    ] {
        assert_eq!(judge_one(scenarios, Profile::Documented).0, verdict, "{scenarios:?}");
    }
}

#[test]
fn the_hardened_profile_fails_broken_recommendations_only() {
    for (scenarios, documented, hardened) in [
        (&["S-1 failed"][..], Of::Warn, Of::Fail),
        (&["M-1 passed", "M-1 @should failed"], Of::Warn, Of::Fail),
        (&["S-1 passed"], Of::Pass, Of::Pass),
        (&["S-1 inconclusive"], Of::Inconclusive, Of::Inconclusive),
        (&["O-1 passed"], Of::Observed, Of::Observed),
    ] {
        assert_eq!(judge_one(scenarios, Profile::Documented).0, documented, "{scenarios:?}");
        assert_eq!(judge_one(scenarios, Profile::Hardened).0, hardened, "{scenarios:?}");
    }
}

#[test]
fn a_recommendation_beside_a_promise_never_replaces_it() {
    for (scenarios, verdict, reason) in [
        (&["M-1 passed", "M-1 @should failed"][..], Of::Warn, Some(BESIDE_BROKEN)),
        (&["M-1 failed", "M-1 @should passed"], Of::Fail, None),
        (&["M-1 failed", "M-1 @should failed"], Of::Fail, Some(BESIDE_BROKEN)),
        (
            &["M-1 inconclusive", "M-1 @should failed"],
            Of::Inconclusive,
            Some("no answer; what is recommended beside it is broken: A recommendation. (An RFC)"),
        ),
        (&["M-1 passed", "M-1 @should inconclusive"], Of::Pass, Some("not judged: no answer")),
        (&["M-1 passed", "M-1 @should skipped"], Of::Pass, Some("not tried: no need")),
        (&["M-1 @should failed"], Of::Warn, Some(BESIDE_BROKEN)),
        // Without an `also` in the catalogue the tag weakens nothing.
        (&["M-2 @should failed"], Of::Fail, None),
    ] {
        assert_eq!(judge_one(scenarios, Profile::Documented), (verdict, reason.map(str::to_owned)), "{scenarios:?}");
    }
}

#[test]
fn a_scenario_with_an_extra_need_may_be_skipped() {
    for (scenarios, verdict, reason) in [
        (&["M-2 passed", "M-2 @needs-time skipped"][..], Of::Pass, Some("not tried: no need")),
        (&["O-1 passed", "O-1 @needs-time skipped"], Of::Observed, Some("not tried: no need")),
        (&["M-2 inconclusive", "M-2 @needs-time skipped"], Of::Inconclusive, Some("no answer; not tried: no need")),
        (&["M-2 @needs-time skipped"], Of::Skip, Some("no need")),
        // The requirement itself needs `ott`, so that is not extra.
        (&["M-2 passed", "M-2 @needs-ott skipped"], Of::Skip, Some("no need")),
        (&["M-2 passed", "M-2 @needs-time failed"], Of::Fail, None),
        (&["M-2 passed", "M-2 @needs-time inconclusive"], Of::Inconclusive, Some("no answer")),
    ] {
        assert_eq!(judge_one(scenarios, Profile::Documented), (verdict, reason.map(str::to_owned)), "{scenarios:?}");
    }
}

#[test]
fn promises_decide_the_run() {
    for (scenarios, verdict) in [
        (&["M-1 passed", "O-1 passed"][..], Verdict::Conformant),
        (&["M-1 passed", "M-2 skipped"], Verdict::Conformant),
        (&["M-1 passed", "S-1 failed"], Verdict::Conformant),
        (&["M-1 passed", "S-1 inconclusive", "O-1 inconclusive"], Verdict::Conformant),
        (&["M-1 passed", "M-2 inconclusive"], Verdict::Inconclusive),
        (&["M-1 failed", "M-2 inconclusive"], Verdict::Nonconformant),
        (&["S-1 failed"], Verdict::Conformant),
        (&["O-1 passed"], Verdict::Inconclusive),
        (&["M-2 skipped"], Verdict::Inconclusive),
        (&[], Verdict::Inconclusive),
    ] {
        assert_eq!(judge(scenarios, Profile::Documented, &[]).verdict, verdict, "{scenarios:?}");
    }
    assert_eq!(judge(&["M-1 passed", "S-1 failed"], Profile::Hardened, &[]).verdict, Verdict::Nonconformant);
}

#[test]
fn a_waiver_covers_its_requirement_until_its_last_day() {
    let (last_day, day_before) = (date(2027, 3, 31), date(2027, 3, 30));
    for (waived, expires, verdict, reason) in [
        ("M-1", last_day, Verdict::Conformant, None),
        ("M-1", day_before, Verdict::Nonconformant, Some("its waiver by auth team expired on 2027-03-30")),
        ("M-2", last_day, Verdict::Nonconformant, None),
    ] {
        let rolled = judge(&["M-1 failed"], Profile::Documented, &[waiver(waived, expires)]);
        let [requirement] = rolled.requirements.as_slice() else { panic!("it is one") };
        assert_eq!((rolled.verdict, requirement.reason.as_deref()), (verdict, reason), "{waived} until {expires}");
        assert_eq!(requirement.waived.is_some(), verdict == Verdict::Conformant);
        assert_eq!(requirement.verdict, Of::Fail, "a waiver hides no failure");
        assert_eq!(rolled.counts.requirements.waived, usize::from(requirement.waived.is_some()));
    }
}

#[test]
fn a_waiver_is_unneeded_only_when_its_requirement_is_kept() {
    let waivers = [waiver("M-1", date(2027, 12, 31))];
    let unneeded = Some("its waiver by auth team is not needed");
    for (scenario, reason) in [
        ("M-1 passed", unneeded),
        ("M-1 failed", None),
        ("M-1 skipped", Some("no need")),
        ("M-1 inconclusive", Some("no answer")),
        ("M-2 passed", None),
    ] {
        let rolled = judge(&[scenario], Profile::Documented, &waivers);
        assert_eq!(rolled.requirements[0].reason.as_deref(), reason, "{scenario}");
    }
}

#[test]
fn requirements_are_counted_once_in_catalogue_order() {
    let scenarios = ["O-1 passed", "S-1 failed", "M-2 skipped", "M-1 passed", "M-1 passed", "M-1 @should inconclusive"];
    let rolled = judge(&scenarios, Profile::Documented, &[]);
    let ids: Vec<&str> = rolled.requirements.iter().map(|requirement| requirement.id.as_str()).collect();
    assert_eq!(ids, ["M-1", "M-2", "S-1", "O-1"]);
    assert_eq!(rolled.requirements[0].scenarios, ["M-1 passed", "M-1 passed", "M-1 @should inconclusive"]);
    let counts = rolled.counts;
    let by_verdict = counts.requirements;
    assert_eq!((by_verdict.pass, by_verdict.skip, by_verdict.warn, by_verdict.observed), (1, 1, 1, 1));
    assert_eq!((by_verdict.fail, by_verdict.inconclusive, by_verdict.waived), (0, 0, 0));
    let of_scenarios = counts.scenarios;
    assert_eq!((of_scenarios.passed, of_scenarios.failed), (3, 1));
    assert_eq!((of_scenarios.skipped, of_scenarios.inconclusive), (1, 1));
}

fn masked(text: &str) -> steps::Masked {
    steps::Redactor::default().mask(text)
}

#[test]
fn equal_reasons_are_joined_and_many_are_cut() {
    let rows: Vec<ScenarioResult> = (0..6)
        .map(|row| ScenarioResult {
            reason: Some(masked(&format!("reason {}", row / 2 * 2))),
            ..scenario("M-1 inconclusive")
        })
        .chain([ScenarioResult { reason: Some("reason 9".into()), ..scenario("M-1 inconclusive") }])
        .collect();
    let rolled = roll_up(&VerdictInput {
        catalogue: &Catalogue::parse("test", CATALOGUE).expect("the catalogue is right"),
        scenarios: &rows,
        profile: Profile::Documented,
        waivers: &[],
        today: date(2027, 3, 31),
    });
    assert_eq!(rolled.requirements[0].reason.as_deref(), Some("reason 0; reason 2; reason 4; and 1 more"));
}

#[test]
fn of_several_waivers_a_valid_one_covers_and_the_last_to_expire_is_named() {
    let (past, earlier) = (date(2027, 3, 1), date(2027, 2, 1));
    let expired = judge(&["M-1 failed"], Profile::Documented, &[waiver("M-1", earlier), waiver("M-1", past)]);
    let reason = expired.requirements[0].reason.as_deref();
    assert_eq!(reason, Some("its waiver by auth team expired on 2027-03-01"));
    let mixed = judge(&["M-1 failed"], Profile::Documented, &[waiver("M-1", earlier), waiver("M-1", date(2027, 4, 1))]);
    let covered = mixed.requirements[0].waived.as_ref().map(|terms| terms.expires);
    assert_eq!((mixed.verdict, covered), (Verdict::Conformant, Some(date(2027, 4, 1))));
}

#[test]
fn a_waiver_covers_a_broken_recommendation() {
    let waivers = [waiver("S-1", date(2027, 12, 31))];
    let hardened = judge(&["M-1 passed", "S-1 failed"], Profile::Hardened, &waivers);
    assert_eq!((hardened.verdict, hardened.counts.requirements.waived), (Verdict::Conformant, 1));
    let documented = judge(&["M-1 passed", "S-1 failed"], Profile::Documented, &waivers);
    assert!(documented.requirements[1].waived.is_some());
}

#[test]
fn a_shard_notes_the_scenarios_of_other_shards() {
    let mut rolled = judge(&["M-1 passed", "M-2 skipped"], Profile::Documented, &[]);
    add_shard_notes(&mut rolled.requirements, |id| if id == "M-1" { 1 } else { 3 });
    let reasons: Vec<Option<&str>> = rolled.requirements.iter().map(|it| it.reason.as_deref()).collect();
    assert_eq!(reasons, [None, Some("no need; only 1 of its 3 scenarios are in this shard")]);
}

#[test]
fn what_needs_a_waived_requirement_is_waived_with_it() {
    let waivers = [waiver("M-1", date(2027, 3, 31))];
    let judged = |reason: &str| {
        let mut scenarios = [scenario("M-1 failed"), scenario("M-2 inconclusive"), scenario("S-1 passed")];
        scenarios[1].reason = Some(masked(reason));
        let rolled = roll_up(&VerdictInput {
            catalogue: &Catalogue::parse("test", CATALOGUE).expect("the catalogue is right"),
            scenarios: &scenarios,
            profile: Profile::Documented,
            waivers: &waivers,
            today: date(2027, 3, 31),
        });
        (rolled.verdict, rolled.requirements[1].waived.is_some())
    };
    let needs = |id: &str| format!("a precondition does not hold: expected a token, but none (see {id})");
    assert_eq!(judged(&needs("M-1")), (Verdict::Conformant, true));
    assert_eq!(judged(&needs("S-1")), (Verdict::Inconclusive, false));
    assert_eq!(judged("no answer (see M-1)"), (Verdict::Inconclusive, false));
}
