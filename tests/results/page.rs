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
            const failure = document.querySelector('.failure.fail');
            const parts = [...failure.querySelectorAll('.expected dd, .answered dd, pre')];
            return {
                title: document.title,
                top: failure.getBoundingClientRect().top < innerHeight,
                visible: parts.map((part) => part.checkVisibility({ contentVisibilityAuto: true, opacityProperty: true })),
                text: failure.innerText,
            };
        }",
    );
    assert_eq!(seen["title"], "Not conformant · stand-in");
    assert_eq!(seen["top"], true, "one has to scroll to the first failure");
    assert_eq!(seen["visible"], json!([true, true, true, true]));
    let text = seen["text"].as_str().expect("it is text");
    for part in ["EXPIRY-2", "the call to be refused with 401", "the answer is 200", "GET http://", "‹access token #1›"]
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
    assert_eq!((fail.len(), warn.len()), (1, 1), "the faults do what they are chosen for");
    let all = results["requirements"].as_array().expect("they are listed").len();
    assert_eq!(seen["all"].as_array().map(Vec::len), Some(all));
    assert_eq!(seen["fail"], json!(fail));
    assert_eq!(seen["told"], format!("1 of {all} shown"));
    assert_eq!(seen["areas"], 1, "areas without a row are still there");
    assert_eq!(seen["failOrWarn"], json!([warn[0], fail[0]]));
    assert_eq!(seen["failOrWarnMust"], json!(fail));
    assert_eq!(seen["again"], seen["all"]);
    assert_eq!(seen["found"], json!(["OTT-2"]));
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
fn on_paper_every_requirement_is_open() {
    let Some(browser) = Browser::here() else { return };
    let workplace = failing();
    let seen = browser.ask(
        &workplace.path("reports/report.html"),
        "async () => {
            const closed = () => document.querySelectorAll('details.requirement:not([open])').length;
            const before = closed();
            dispatchEvent(new Event('beforeprint')); const during = closed();
            dispatchEvent(new Event('afterprint'));
            return { before, during, after: closed() };
        }",
    );
    assert_eq!((seen["before"].as_u64() > Some(70), &seen["during"]), (true, &json!(0)), "{seen}");
    assert_eq!(seen["before"], seen["after"]);
    let printed = fs::read(browser.print(&workplace.path("reports/report.html"))).expect("it was printed");
    assert!(printed.starts_with(b"%PDF-") && printed.len() > 50_000, "{} bytes", printed.len());
}
