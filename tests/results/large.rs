//! Runs with thousands of scenarios.

use std::fs;

use serde_json::{Value, json};

use crate::support::{self, Workplace, browser::Browser};

/// Saved results with this many scenarios: those of a run, repeated.
fn large(workplace: &Workplace, scenarios: usize) -> String {
    let mut results = workplace.results();
    let some = results["scenarios"].as_array().expect("they are listed").clone();
    let mut many: Vec<Value> = some.iter().cycle().take(scenarios).cloned().collect();
    for (position, scenario) in many.iter_mut().enumerate() {
        let id = format!("{}, again {position}", scenario["id"].as_str().expect("ids are text"));
        scenario["id"] = json!(id);
    }
    for requirement in results["requirements"].as_array_mut().expect("they are listed") {
        let own = many.iter().filter(|scenario| scenario["requirements"][0] == requirement["id"]);
        requirement["scenarios"] = own.map(|scenario| scenario["id"].clone()).collect();
    }
    results["scenarios"] = Value::Array(many);
    let name = format!("{scenarios}.json");
    fs::write(workplace.path(&name), results.to_string()).expect("it can be written");
    name
}

#[test]
fn a_browser_opens_two_thousand_scenarios_and_narrows_them_at_once() {
    let Some(browser) = Browser::here() else { return };
    let workplace = Workplace::new();
    workplace.run(&["run"]).expect_code(0);
    let file = large(&workplace, 2_000);
    workplace.run(&["report", "render", &file, "--reports", "large", "--format", "html"]).expect_code(0);
    let seen = browser.ask(
        &workplace.path("large/report.html"),
        "async () => {
            const began = performance.now();
            document.querySelector('#filter button').click();
            document.body.getBoundingClientRect();
            return { scenarios: document.querySelectorAll('details.scenario').length,
                bars: document.querySelectorAll('.timeline rect').length, narrowing: performance.now() - began };
        }",
    );
    assert_eq!((&seen["scenarios"], &seen["bars"]), (&json!(2_000), &json!(2_000)));
    assert!(seen["narrowing"].as_f64() < Some(1_000.0), "{seen}");
}

/// How long this report of so many scenarios is, in bytes.
fn length(workplace: &Workplace, format: &str, scenarios: usize) -> u64 {
    let file = large(workplace, scenarios);
    let folder = format!("{format}-{scenarios}");
    workplace.run(&["report", "render", &file, "--reports", &folder, "--format", format]).expect_code(0);
    let written = support::files_below(&workplace.path(&folder));
    fs::metadata(&written[0]).expect("it is there").len()
}

#[test]
fn reports_grow_with_their_scenarios_and_no_faster() {
    let workplace = Workplace::new();
    workplace.run(&["run"]).expect_code(0);
    for format in ["json", "html", "summary", "junit", "messages", "classic"] {
        let [few, more, most] = [400, 800, 1_600].map(|scenarios| length(&workplace, format, scenarios));
        // Growth is linear apart from a constant part; ids get longer by a digit.
        assert!(most - more <= (more - few) * 2 * 11 / 10, "{format}: {few}, {more}, {most} bytes");
    }
}
