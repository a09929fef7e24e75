//! Many targets: an engine that spreads them over processes, as a Kubernetes Indexed Job does, one process that judges several
//! at once, and the page of all of them.

use std::{
    collections::VecDeque,
    fmt::Write as _,
    fs,
    process::{Child, Command, Stdio},
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use crate::support::{
    Workplace,
    bo_server::{BoServer, LOGIN, PASSWORD},
    browser::Browser,
    files_below, requirements,
};
use serde_json::{Value, json};

/// Quick ones, and one that waits for an expiry where that is allowed.
const SELECTED: [&str; 5] = ["--requirement", "ISSUE-1", "ISSUE-7", "USE-1", "EXPIRY-1"];

/// A target of a configuration, with further lines.
fn target(name: &str, base_url: &str, more: &str) -> String {
    format!(
        "[targets.{name}]\nbase_url = \"{base_url}\"\nlogin = \"{LOGIN}\"\npassword = {{ env = \"FIRST_PASSWORD\" }}\n\
         probe = \"/whoami\"\nprobe_login = \"/user/name\"\nrequests_per_second = 0\n{more}\n"
    )
}

/// No waiting.
const QUICK: &str = "max_wait = \"1s\"";
/// Lifetimes are shortened, and an expiry is waited for.
const PATIENT: &str = "max_wait = \"12s\"\nallow_settings_change = true\n\
                       short_lifetimes = { access = \"5s\", refresh = \"9s\", ott = \"5s\" }";

fn workplace(configuration: &str) -> Workplace {
    Workplace::new().with_file("bo-conformance.toml", configuration).with_variable("FIRST_PASSWORD", PASSWORD)
}

/// The current lifetimes of a server.
fn lifetimes(server: &BoServer) -> Value {
    server.statistics()["lifetimes"].clone()
}

fn wait_for(what: &str, there: impl Fn() -> bool) {
    let began = Instant::now();
    while !there() {
        assert!(began.elapsed() < Duration::from_secs(30), "{what} did not come");
        thread::sleep(Duration::from_millis(5));
    }
}

fn spawn(workplace: &Workplace, arguments: &[&str]) -> Child {
    let mut command = workplace.command(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it is built")
}

fn signal(run: &Child, signal: &str) {
    Command::new("kill").args([signal, &run.id().to_string()]).status().expect("there is a kill");
}

/// One pod of an Indexed Job: only the index selects the target.
fn pod(workplace: &Workplace, index: usize) -> Child {
    let index = index.to_string();
    let mut command =
        workplace.command(&[&["run", "--reports", "results", "--journal", "journal"], &SELECTED[..]].concat());
    command.env("BO_CONFORMANCE_TARGET_INDEX", index).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("it is built")
}

#[test]
fn an_indexed_job_of_twenty_targets_with_one_killed_and_repeated_makes_a_whole_page() {
    const KILLED: usize = 13;
    let (good, broken, patient) = (
        BoServer::start(&[]),
        BoServer::start(&["--defect", "unknown-login-accepted"]),
        BoServer::start(&["--access-lifetime", "300", "--refresh-lifetime", "600"]),
    );
    let configuration: String = (0..20).fold(String::new(), |mut text, index| {
        let (server, more) = match index {
            5 | 11 => (&broken, QUICK),
            KILLED => (&patient, PATIENT),
            _ => (&good, QUICK),
        };
        let _ = writeln!(text, "{}", target(&format!("t{index:02}"), &server.base_url, more));
        text
    });
    let workplace = workplace(&configuration);
    let before = lifetimes(&patient);

    let queue: Mutex<VecDeque<usize>> = Mutex::new((0..20).collect());
    let codes: Mutex<Vec<Option<i32>>> = Mutex::new(vec![None; 20]);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let next = queue.lock().expect("no thread panics with it").pop_front();
                    let Some(index) = next else { break };
                    let mut run = pod(&workplace, index);
                    if index == KILLED {
                        let journal = workplace.path("journal/.bo-conformance-t13.settings.json");
                        wait_for("the journal", || journal.is_file());
                        wait_for("the change", || lifetimes(&patient) != before);
                        signal(&run, "-KILL");
                    }
                    let code = run.wait().expect("it ends").code();
                    codes.lock().expect("no thread panics with it")[index] = code;
                }
            });
        }
    });
    let codes = codes.into_inner().expect("no thread panicked");
    for (index, code) in codes.iter().enumerate() {
        let expected = match index {
            5 | 11 => Some(1),
            KILLED => None,
            _ => Some(0),
        };
        assert_eq!(*code, expected, "target {index}");
    }
    assert_ne!(lifetimes(&patient), before, "nothing was left to put back, so nothing is shown");

    // The page of what there is names the one that is missing.
    let page = ["report", "fleet", "results", "--config", "bo-conformance.toml"];
    let ended = workplace.run(&page).expect_code(1);
    let summary = "20 targets: 2 not conformant, 1 not judged, 17 conformant";
    assert_eq!(ended.stdout, format!("results/fleet.html\n{summary}\n"));
    let text = fs::read_to_string(workplace.path("results/fleet.html")).expect("it is written");
    assert!(text.contains("ended before it could judge"), "the killed run is not reported");

    // The engine repeats the pod: it puts back what the killed one left, and judges.
    assert_eq!(pod(&workplace, KILLED).wait().expect("it ends").code(), Some(0));
    assert_eq!(lifetimes(&patient), before);
    assert_eq!(files_below(&workplace.path("journal")), Vec::<std::path::PathBuf>::new());

    let ended = workplace.run(&page).expect_code(1);
    assert!(ended.stdout.ends_with("20 targets: 2 not conformant, 18 conformant\n"), "{}", ended.stdout);
    looked_at(&workplace);
}

/// Looks at the page with a browser, if there is one.
fn looked_at(workplace: &Workplace) {
    let Some(browser) = Browser::here() else { return };
    let page = workplace.path("results/fleet.html");
    assert_eq!(browser.open(&page).complaints, [""; 0]);
    let seen = browser.ask(
        &page,
        "async () => {
            const texts = (all) => [...document.querySelectorAll(all)].map((one) => one.textContent.trim());
            const rows = () => [...document.querySelectorAll('tr[data-verdict]')].filter((row) => !row.hidden);
            const all = rows().length;
            const links = [...document.querySelectorAll('.fleet a')].map((link) => link.getAttribute('href'));
            document.querySelector('#filter button').click();
            const narrowed = rows().map((row) => row.querySelector('th').textContent.trim());
            document.querySelector('#filter button').click();
            document.getElementById('find').value = 't07';
            document.getElementById('find').dispatchEvent(new Event('input'));
            return { headline: texts('h1'), columns: texts('.matrix thead span').slice(1), lines: texts('.matrix tbody th'),
                dots: texts('.matrix .dot.fail').length, all, links, narrowed, found: rows().length,
                bold: getComputedStyle(document.querySelector('.matrix thead th > span')).writingMode };
        }",
    );
    assert_eq!(seen["headline"], json!(["2 of 20 not conformant"]));
    assert_eq!(seen["lines"], json!(["t05", "t11"]));
    assert!(seen["columns"].as_array().is_some_and(|columns| columns.contains(&json!("ISSUE-7"))), "{seen}");
    assert!(seen["dots"].as_u64() >= Some(2), "{seen}");
    assert_eq!((&seen["all"], &seen["narrowed"], &seen["found"]), (&json!(20), &json!(["t05", "t11"]), &json!(1)));
    assert_eq!(seen["bold"], "vertical-rl", "the style of the page is not let in");
    let links: Vec<&str> = seen["links"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    assert_eq!(links.len(), 20);
    for link in links {
        assert!(workplace.path(&format!("results/{link}")).is_file(), "{link} leads nowhere");
    }
}

#[test]
fn one_run_judges_all_targets_and_trouble_with_some_leaves_the_others_alone() {
    let (good, broken) = (BoServer::start(&[]), BoServer::start(&["--defect", "unknown-login-accepted"]));
    let no_password = target("locked", &good.base_url, QUICK).replace("FIRST_PASSWORD", "NOBODY_SET_THIS");
    let configuration = [
        target("broken", &broken.base_url, QUICK),
        target("dead", "http://127.0.0.1:9/rest", QUICK),
        target("good", &good.base_url, QUICK),
        no_password,
    ];
    let workplace = workplace(&configuration.concat());
    let ended = workplace.run(&[&["run", "--all-targets"], &SELECTED[..]].concat()).expect_code(1);
    let line = |name: &str| ended.stdout.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
    assert!(line("good: ").starts_with("good: conformant · A part only: "), "{}", ended.stdout);
    assert!(line("broken: ").starts_with("broken: not conformant · A part only: "), "{}", ended.stdout);
    assert!(line("dead: ").starts_with("dead: not judged · nothing accepts connections"), "{}", ended.stdout);
    assert!(line("locked: ").contains("NOBODY_SET_THIS with the password is not set"), "{}", ended.stdout);
    assert_eq!(ended.verdict_line(), "4 targets: 1 conformant, 1 not conformant, 1 not judged, 1 configured wrongly");
    for name in ["dead", "locked"] {
        assert!(ended.stderr.contains(&format!("{name}: error: ")), "{}", ended.stderr);
        assert!(!workplace.path(&format!("reports/{name}/results.json")).exists());
    }
    let results = fs::read_to_string(workplace.path("reports/broken/results.json")).expect("it is there");
    assert!(requirements(&serde_json::from_str(&results).expect("JSON"), "fail").contains(&"ISSUE-7".to_owned()));
    let ended = workplace.run(&["report", "fleet", "reports"]).expect_code(1);
    assert!(ended.stdout.ends_with("4 targets: 1 not conformant, 2 not judged, 1 conformant\n"), "{}", ended.stdout);

    // Without the violation, what the caller must mend comes before what could not be reached.
    let some = |names: &[&'static str]| [&["run", "--target"], names, &["--reports", "some"], &SELECTED[..]].concat();
    workplace.run(&some(&["good", "dead", "locked"])).expect_code(2);
    workplace.run(&some(&["good", "dead"])).expect_code(3);
    workplace.run(&[&["run", "--target", "good", "--target", "good"], &SELECTED[..]].concat()).expect_code(0);
    assert!(workplace.path("reports/results.json").exists(), "one target alone is a run as ever");
}

#[test]
fn targets_are_chosen_by_name_or_by_index_and_slips_are_told_before_anything_is_asked() {
    let dead = |name: &str| target(name, "http://127.0.0.1:9/rest", QUICK);
    let workplace = workplace(&(dead("beta") + &dead("alpha")));
    let run = |arguments: &[&str], code: i32| {
        let ended = workplace.run(arguments).expect_code(code);
        ended.stderr.clone() + &ended.stdout
    };
    assert!(run(&["run", "--target-index", "0"], 3).contains("alpha: not judged"));
    assert!(run(&["run", "--target-index", "1"], 3).contains("beta: not judged"));
    let beyond =
        "error: --target-index: unknown target 2 in bo-conformance.toml; its 2 targets are numbered from 0, by name\n";
    assert_eq!(run(&["run", "--target-index", "2"], 2), beyond);
    assert!(run(&["run", "--target", "alpha", "gamma"], 2).contains("unknown target `gamma` in bo-conformance.toml"));
    let several = run(&["run", "--all-targets", "--base-url", "http://127.0.0.1:9/rest"], 2);
    assert!(several.starts_with("error: --base-url: one base URL cannot serve 2 targets; "), "{several}");
    assert!(run(&["run", "--all-targets", "--target", "alpha"], 2).contains("cannot be used with"));
    assert!(run(&["run", "--all-targets", "--config", "none.toml"], 2).contains("cannot find the configuration file"));
}

#[test]
fn one_signal_ends_all_runs_and_everything_is_put_back() {
    let servers: Vec<BoServer> =
        (0..2).map(|_| BoServer::start(&["--access-lifetime", "300", "--refresh-lifetime", "600"])).collect();
    let names = ["one", "two", "three"];
    let configuration: String =
        names.iter().enumerate().map(|(at, name)| target(name, &servers[at % 2].base_url, PATIENT)).collect();
    let before: Vec<Value> = servers.iter().map(lifetimes).collect();
    let workplace = workplace(&configuration);
    let arguments = ["run", "--target", "one", "two", "three", "--at-once", "2", "--requirement", "EXPIRY-1"];
    let run = spawn(&workplace, &arguments);
    for (server, before) in servers.iter().zip(&before) {
        wait_for("the change", || lifetimes(server) != *before);
    }
    signal(&run, "-INT");
    let ended = run.wait_with_output().expect("it ends");
    let (stdout, stderr) = (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    assert_eq!(ended.status.code(), Some(3), "{stdout}{stderr}");
    assert_eq!(servers.iter().map(lifetimes).collect::<Vec<_>>(), before, "{stdout}{stderr}");
    for name in ["one", "two"] {
        assert!(stderr.contains(&format!("{name}: interrupted by SIGINT")), "{stderr}");
    }
    assert!(stdout.contains("three: not begun\n"), "{stdout}");
    assert!(stdout.ends_with("3 targets: 3 not judged\n"), "{stdout}");
}

#[test]
fn the_page_tells_what_changed_what_ends_and_what_is_missing() {
    let configuration =
        target("alpha", "http://127.0.0.1:9/rest", "") + &target("gamma", "http://127.0.0.1:9/rest", "");
    let workplace = workplace(&configuration);
    workplace.run(&["run", "--stand-in", "--requirement", "OTT-2", "--reports", "now/a"]).expect_code(0);
    let results = fs::read_to_string(workplace.path("now/a/results.json")).expect("it is there");
    let results: Value = serde_json::from_str(&results).expect("it is JSON");
    let save = |file: &str, alter: &dyn Fn(&mut Value)| {
        let mut results = results.clone();
        results["target"]["name"] = json!("alpha");
        results["target"]["server"] = json!({ "software": [], "tls": { "version": "TLSv1.3", "cipher": "C",
            "certificate": { "subject": "CN=alpha", "issuer": "CN=CA", "names": [], "expires": "2027-05-01" } } });
        results["waivers"] =
            json!([{ "requirement": "OTT-2", "reason": "soon", "owner": "auth team", "expires": "2027-03-31" }]);
        alter(&mut results);
        let path = workplace.path(file);
        fs::create_dir_all(path.parent().expect("it has one")).expect("folders can be made");
        fs::write(path, results.to_string()).expect("it can be written");
    };
    save("now/a/results.json", &|_| {});
    save("before/a/results.json", &|it| {
        it["startedAt"] = json!("2026-01-01T00:00:00Z");
        it["verdict"] = json!("nonconformant");
        it["requirements"][0]["verdict"] = json!("fail");
    });
    fs::create_dir_all(workplace.path("now/b")).expect("folders can be made");
    fs::write(workplace.path("now/b/results.json"), "{\"format\":").expect("it can be written");

    let page = |more: &[&str], code: i32| {
        workplace.run(&[&["report", "fleet", "now", "--out", "page.html"], more].concat()).expect_code(code);
        fs::read_to_string(workplace.path("page.html")).expect("it is written")
    };
    let text = page(&["--previous", "before", "--config", "bo-conformance.toml", "--today", "2027-04-20"], 3);
    for part in [
        "2 of 3 not judged",
        "not conformant → conformant",
        ": fail → pass",
        "2027-03-31 <span class=\"badge fail\">20 days ago</span>",
        "2027-05-01 <span class=\"badge warn\">in 11 days</span>",
        "TLS certificate of CN=alpha",
        "it was not run, or its results are not here",
        "is not a bo-conformance/results/v1 file: ",
        "href=\"now/a/report.html\"",
    ] {
        assert!(text.contains(part), "{part} is not on the page");
    }
    assert!(!text.contains("http-equiv=\"refresh\"") && !text.contains("<link rel=\"stylesheet\""));
    let early = page(&["--today", "2026-11-24"], 3);
    assert!(
        !early.contains("About to expire") && !early.contains("Changed since"),
        "nothing is due, nothing was before"
    );
    // With a history in one folder, the newest results are compared with those before them.
    save("now/older/results.json", &|it| it["startedAt"] = json!("2026-01-01T00:00:00Z"));
    assert!(page(&[], 3).contains("Changed since the run before"));
    workplace.run(&["report", "fleet", "nowhere"]).expect_code(2);
    workplace.run(&["report", "fleet", "before", "--today", "soon"]).expect_code(2);
}
