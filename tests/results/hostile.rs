//! Results full of text that would like to be more than text.

use std::fs;

use serde_json::{Value, json};

use crate::support::{Workplace, browser::Browser};

/// Ends scripts, styles, comments, attributes and tables, and steers terminals and the order of letters.
const HOSTILE: &str = "--></script></style></title></pre></svg><script>window.owned=1</script><img src=x onerror='owned=1'>\
                       \"'><b>]]>{{ 7*7 }}{% raw %}&lt;\u{0}\u{1b}[2J\u{202e}\u{2028}";

/// Words with a meaning to the program; all other texts in the results come from users or servers.
const FIXED: [&str; 9] =
    ["format", "profile", "verdict", "level", "startedAt", "digest", "measuredWith", "id", "requirement"];

fn poison(value: &mut Value, key: &str) {
    match value {
        Value::String(text) if !FIXED.contains(&key) => text.push_str(HOSTILE),
        Value::Array(items) if !["requirements", "scenarios"].contains(&key) || items.iter().all(Value::is_object) => {
            items.iter_mut().for_each(|item| poison(item, key));
        }
        Value::Object(fields) => fields.iter_mut().for_each(|(key, field)| poison(field, key)),
        _ => {}
    }
}

fn poisoned() -> Workplace {
    let workplace = Workplace::new();
    workplace
        .run(&["run", "--fault", "expiry-access-twice", "--requirement", "EXPIRY-2", "ISSUE-6", "ERROR-5"])
        .expect_code(1);
    let mut results = workplace.results();
    poison(&mut results, "");
    fs::write(workplace.path("poisoned.json"), results.to_string()).expect("it can be written");
    workplace.run(&["report", "render", "poisoned.json", "--reports", "poisoned"]).expect_code(0);
    workplace
}

#[test]
fn in_a_browser_it_stays_text() {
    let Some(browser) = Browser::here() else { return };
    let workplace = poisoned();
    let page = workplace.path("poisoned/report.html");
    assert_eq!(browser.open(&page).complaints, [""; 0]);
    let seen = browser.ask(
        &page,
        "async () => ({
            owned: window.owned ?? null, scripts: document.scripts.length, images: document.images.length,
            bold: [...document.querySelectorAll('b')].filter((b) => b.textContent.startsWith(']]>')).length,
            text: document.querySelector('.failure').textContent.includes('<img src=x onerror='),
            areas: document.querySelectorAll('main > .area').length,
        })",
    );
    let areas = 3;
    // The page's own two and the one that asks.
    assert_eq!(seen, json!({ "owned": null, "scripts": 3, "images": 0, "bold": 0, "text": true, "areas": areas }));
}

#[test]
fn in_every_file_nothing_of_it_steers() {
    let workplace = poisoned();
    for name in ["report.html", "summary.md", "junit.xml"] {
        let text = fs::read_to_string(workplace.path(&format!("poisoned/{name}"))).expect("it is there");
        let steering: Vec<char> = text.chars().filter(|it| it.is_control() && *it != '\n').collect();
        assert_eq!(steering, [], "{name}");
        assert!(!text.contains('\u{202e}'), "{name}");
        // A backslash escapes Markdown.
        assert!(!text.replace("\\<", "").contains("<img src=x"), "{name}");
    }
    for line in fs::read_to_string(workplace.path("poisoned/cucumber.ndjson")).expect("it is there").lines() {
        serde_json::from_str::<Value>(line).expect("each line is JSON");
    }
    let classic = fs::read_to_string(workplace.path("poisoned/cucumber.json")).expect("it is there");
    serde_json::from_str::<Value>(&classic).expect("it is JSON");
}
