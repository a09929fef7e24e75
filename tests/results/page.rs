//! What a reader finds in `report.html`, with mouse, keyboard, screen reader and printer.

use std::fs;

use serde_json::json;

use crate::support::{Workplace, browser::Browser, requirements};

/// Breaks one promise, one recommendation, and leaves one promise unclear.
const FAULTS: [&str; 5] = ["run", "--fault", "expiry-access-twice", "--fault", "issue-cache-header-missing"];

fn failing() -> Workplace {
    let workplace = Workplace::new();
    workplace.run(&FAULTS).expect_code(1);
    workplace
}

#[test]
fn the_browser_has_nothing_to_complain_about() {
    let Some(browser) = Browser::here() else { return };
    for (arguments, code) in [(&["run"][..], 0), (&FAULTS, 1)] {
        let workplace = Workplace::new();
        workplace.run(arguments).expect_code(code);
        let opened = browser.open(&workplace.path("reports/report.html"));
        assert_eq!(opened.complaints, [""; 0]);
        let filter = opened.document.split("id=\"filter\"").nth(1).expect("there is a filter");
        let tag = filter.split('>').next().expect("it is a tag");
        assert!(!tag.contains("hidden"), "the page's policy keeps its own script out: {tag}");
    }
}

#[test]
fn a_failure_is_seen_without_a_click() {
    let Some(browser) = Browser::here() else { return };
    let workplace = failing();
    let seen = browser.ask(
        &workplace.path("reports/report.html"),
        "async () => {
            const first = document.querySelector('.failure.fail');
            const failure = [...document.querySelectorAll('.failure.fail')].find((it) => it.innerText.includes('EXPIRY-2'));
            const parts = [...failure.querySelectorAll('.expected dd, .answered dd, pre')];
            return {
                title: document.title,
                top: first.getBoundingClientRect().top < innerHeight,
                visible: parts.map((part) => part.checkVisibility({ contentVisibilityAuto: true, opacityProperty: true })),
                text: failure.innerText,
            };
        }",
    );
    assert_eq!(seen["title"], "Not conformant · stand-in");
    assert_eq!(seen["top"], true, "one has to scroll to the first failure");
    let visible = seen["visible"].as_array().expect("they are listed");
    assert!(visible.len() >= 4 && visible.iter().all(|visible| visible == true), "{seen}");
    let text = seen["text"].as_str().expect("it is text");
    for part in ["EXPIRY-2", "the call to be refused with 401", "the answer is 200", "GET http://", "‹access token #"]
    {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}

#[test]
fn the_matrix_is_narrowed_by_verdict_level_and_words() {
    let Some(browser) = Browser::here() else { return };
    let workplace = failing();
    let seen = browser.ask(
        &workplace.path("reports/report.html"),
        "async () => {
            const shown = () => [...document.querySelectorAll('tr[data-verdict]')].filter((row) => row.checkVisibility()).map((row) => row.id);
            const press = (word) => document.querySelector(`#filter button[data-word=\"${word}\"]`).click();
            const find = (words) => { document.getElementById('find').value = words; document.getElementById('find').dispatchEvent(new Event('input')); };
            const all = shown();
            press('fail'); const fail = shown(); const told = document.getElementById('shown').textContent;
            const areas = [...document.querySelectorAll('.area')].filter((area) => area.checkVisibility()).length;
            press('warn'); const failOrWarn = shown();
            press('must'); const failOrWarnMust = shown();
            press('fail'); press('warn'); press('must'); const again = shown();
            find('ott-2'); const found = shown();
            find('no such words'); const none = shown(); const noneTold = document.getElementById('shown').textContent;
            location.hash = '#ISSUE-1'; await new Promise((done) => setTimeout(done, 50));
            return { all, fail, told, areas, failOrWarn, failOrWarnMust, again, found, none, noneTold, led: shown().length };
        }",
    );
    let results = workplace.results();
    let (fail, warn) = (requirements(&results, "fail"), requirements(&results, "warn"));
    let listed = results["requirements"].as_array().expect("they are listed");
    let broken = |it: &&serde_json::Value| it["verdict"] == "fail" || it["verdict"] == "warn";
    let fail_or_warn: Vec<&serde_json::Value> = listed.iter().filter(broken).map(|it| &it["id"]).collect();
    let mut areas: Vec<&str> = fail.iter().filter_map(|id| id.split_once('-')).map(|(area, _)| area).collect();
    areas.dedup();
    assert!(fail.contains(&"EXPIRY-2".to_owned()) && warn.len() == 1, "the faults do what they are chosen for");
    let all = results["requirements"].as_array().expect("they are listed").len();
    assert_eq!(seen["all"].as_array().map(Vec::len), Some(all));
    assert_eq!(seen["fail"], json!(fail));
    assert_eq!(seen["told"], format!("{} of {all} shown", fail.len()));
    assert_eq!(seen["areas"], areas.len(), "areas without a row are still there");
    assert_eq!(seen["failOrWarn"], json!(fail_or_warn));
    assert_eq!(seen["failOrWarnMust"], json!(fail));
    assert_eq!(seen["again"], seen["all"]);
    let found = seen["found"].as_array().expect("they are listed");
    assert!(found.contains(&json!("OTT-2")) && found.len() < all / 2, "{found:?}");
    assert_eq!((&seen["none"], &seen["noneTold"]), (&json!([]), &json!(format!("0 of {all} shown"))));
    assert_eq!(seen["led"], all, "a link does not lead to what was narrowed away");
}

#[test]
fn links_lead_somewhere_and_open_what_is_there() {
    let Some(browser) = Browser::here() else { return };
    let workplace = failing();
    let seen = browser.ask(
        &workplace.path("reports/report.html"),
        "async () => {
            const links = [...document.querySelectorAll('a[href^=\"#\"]')];
            const dead = links.map((link) => link.hash.slice(1)).filter((id) => !document.getElementById(id));
            const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
            document.querySelector('.failure .foot a').click(); await new Promise((done) => setTimeout(done, 50));
            const target = document.getElementById(location.hash.slice(1));
            return {
                links: links.length, dead, double: ids.filter((id, at) => ids.indexOf(id) !== at),
                open: target.open, visible: target.querySelector('.steps').checkVisibility(),
                near: Math.abs(target.getBoundingClientRect().top) < innerHeight,
                outside: [...document.querySelectorAll('[src], [href]:not([href^=\"#\"])')].map((element) => element.outerHTML),
            };
        }",
    );
    assert!(seen["links"].as_u64() > Some(80), "{seen}");
    assert_eq!((&seen["dead"], &seen["double"]), (&json!([]), &json!([])));
    assert_eq!((&seen["open"], &seen["visible"], &seen["near"]), (&json!(true), &json!(true), &json!(true)));
    assert_eq!(seen["outside"], json!(["<link rel=\"icon\" href=\"data:,\">"]), "the page needs a network");
}

#[test]
fn a_screen_reader_and_a_keyboard_find_their_way() {
    let Some(browser) = Browser::here() else { return };
    let workplace = failing();
    let seen = browser.ask(
        &workplace.path("reports/report.html"),
        "async () => {
            const levels = [...document.querySelectorAll('h1, h2, h3, h4')].map((heading) => Number(heading.tagName[1]));
            const named = (element) => (element.getAttribute('aria-label') ?? element.textContent ?? '').trim() !== '';
            const controls = [...document.querySelectorAll('button, a, summary')];
            const input = document.getElementById('find');
            const button = document.querySelector('#filter button');
            button.focus({ focusVisible: true });
            return {
                language: document.documentElement.lang, mains: document.querySelectorAll('main').length,
                first: levels[0], jumps: levels.filter((level, at) => at > 0 && level > levels[at - 1] + 1).length,
                unnamed: controls.filter((control) => !named(control)).length,
                scopeless: document.querySelectorAll('th:not([scope])').length,
                untitled: [...document.querySelectorAll('svg[role=img]')].filter((picture) => !picture.querySelector('title')?.textContent).length,
                labelled: input.labels.length, pressed: button.getAttribute('aria-pressed'),
                ring: getComputedStyle(button).outlineStyle,
                mouseOnly: document.querySelectorAll('[onclick], [tabindex]:not([tabindex=\"0\"])').length,
            };
        }",
    );
    assert_eq!(
        seen,
        json!({
            "language": "en", "mains": 1, "first": 1, "jumps": 0, "unnamed": 0, "scopeless": 0, "untitled": 0, "labelled": 1,
            "pressed": "false", "ring": "solid", "mouseOnly": 0,
        })
    );
}

#[test]
fn on_paper_what_is_not_as_it_should_be_is_open() {
    let Some(browser) = Browser::here() else { return };
    let workplace = failing();
    let seen = browser.ask(
        &workplace.path("reports/report.html"),
        "async () => {
            const closed = () => document.querySelectorAll('details.requirement:not([open])').length;
            const open = () => [...document.querySelectorAll('details.requirement[open]')].map((it) => it.closest('tr').dataset.verdict).sort();
            const before = closed();
            dispatchEvent(new Event('beforeprint')); const during = open();
            dispatchEvent(new Event('afterprint'));
            return { before, during, after: closed() };
        }",
    );
    let results = workplace.results();
    let mut doubtful: Vec<&str> = ["fail", "inconclusive", "warn"]
        .into_iter()
        .flat_map(|verdict| requirements(&results, verdict).into_iter().map(move |_| verdict))
        .collect();
    doubtful.sort_unstable();
    assert_eq!((seen["before"].as_u64() > Some(70), &seen["during"]), (true, &json!(doubtful)), "{seen}");
    assert_eq!(seen["before"], seen["after"]);
    let printed = fs::read(browser.print(&workplace.path("reports/report.html"))).expect("it was printed");
    assert!(printed.starts_with(b"%PDF-") && printed.len() > 50_000, "{} bytes", printed.len());
}

#[test]
fn a_conformant_run_prints_on_eight_pages_and_a_certificate_on_one() {
    let Some(browser) = Browser::here() else { return };
    let workplace = Workplace::new();
    workplace.run(&["run"]).expect_code(0);
    let pages = |file: &str| {
        let printed = fs::read(browser.print(&workplace.path(file))).expect("it was printed");
        let text = String::from_utf8_lossy(&printed).into_owned();
        text.matches("/Type /Page\n").count()
    };
    let report = pages("reports/report.html");
    assert!((1..=8).contains(&report), "{report} pages");
    workplace.run(&["certify", "--new-key", "key.pem"]).expect_code(0);
    workplace.run(&["certify", "--key", "key.pem", "--by", "A. Person, QA"]).expect_code(0);
    assert_eq!(pages("reports/certificate.html"), 1);
    let sheet = browser.open(&workplace.path("reports/certificate.html"));
    assert_eq!(sheet.complaints, [""; 0]);
    for part in
        ["A. Person, QA", "Conformant", "no deployment was judged", "sha256:", "accepted by", "bo-conformance verify"]
    {
        assert!(sheet.document.contains(part), "{part} is not in {}", sheet.document);
    }
}

#[test]
fn everything_that_is_shown_is_found_and_an_exchange_is_copied_as_curl() {
    let Some(browser) = Browser::here() else { return };
    let workplace = Workplace::new();
    workplace.run(&["run", "--fault", "one-time-reusable", "--requirement", "OTT-2"]).expect_code(1);
    let seen = browser.ask(
        &workplace.path("reports/report.html"),
        "async () => {
            let copied = '';
            Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { copied = text; } } });
            const failure = document.querySelector('.failure.fail');
            const requests = failure.querySelectorAll('figure.request').length;
            failure.querySelector('button.copy').click(); await new Promise((done) => setTimeout(done, 50));
            const shown = () => [...document.querySelectorAll('.failure')].filter((it) => it.checkVisibility()).length;
            const find = (words) => { document.getElementById('find').value = words; document.getElementById('find').dispatchEvent(new Event('input')); };
            find('external/token/verify'); const found = shown();
            find('words that nothing has'); const none = shown();
            return { copied, requests, found, none, anchor: document.querySelector('.failure .foot a').hash };
        }",
    );
    let copied = seen["copied"].as_str().expect("it is text");
    assert!(copied.contains("curl -i -X 'POST' 'http://") && copied.contains("\"$ONE_TIME_TOKEN_"), "{copied}");
    assert!(seen["requests"].as_u64() >= Some(2), "the first verification belongs to the proof: {seen}");
    assert!(seen["found"].as_u64() >= Some(1), "{seen}");
    assert_eq!(seen["none"], 0);

    // Another run of the same scenario has the same anchor.
    workplace.run(&["run", "--fault", "one-time-reusable", "--requirement", "OTT-2", "OTT-1"]).expect_code(1);
    let page = fs::read_to_string(workplace.path("reports/report.html")).expect("it is written");
    let anchor = seen["anchor"].as_str().expect("it is a link").trim_start_matches('#');
    assert!(page.contains(&format!("id=\"{anchor}\"")), "{anchor} did not last");
}
