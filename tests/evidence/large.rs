//! Runs with thousands of scenarios.

use std::{
    fs,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{browser::Browser, program::Workplace};

/// Saved results with so many scenarios: those of a run, over and over.
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
    workplace.run(&["run"]).with(0);
    let file = large(&workplace, 2_000);
    workplace.run(&["report", "render", &file, "--reports", "large", "--format", "html"]).with(0);
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

#[test]
fn no_report_takes_more_than_its_share_for_more_scenarios() {
    let workplace = Workplace::new();
    workplace.run(&["run"]).with(0);
    for format in ["html", "summary", "junit", "messages", "classic"] {
        let took = |scenarios: usize| -> Duration {
            let file = large(&workplace, scenarios);
            let once = || {
                let began = Instant::now();
                workplace.run(&["report", "render", &file, "--reports", "large", "--format", format]).with(0);
                began.elapsed()
            };
            once().min(once())
        };
        let (few, many) = (took(400), took(3_200));
        // Eight times as many: a quadratic report would take 64 times as long.
        assert!(many < few * 24, "{format}: {few:?} for 400 scenarios, {many:?} for 3,200");
    }
}
