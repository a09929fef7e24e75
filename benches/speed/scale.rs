//! Runs many scenarios of 1.5 requests on a bare server, and a bare client with the same requests in the same round; then renders
//! every report of them again.

use std::{fs, net::SocketAddr, path::Path};

use anyhow::Result;

use crate::{
    process::{Serving, Subject},
    record::{Record, Timed, median},
    workload,
};

/// Numbers of scenarios, and rounds for each.
const CURVE: [(usize, usize); 3] = [(100, 15), (1_000, 9), (10_000, 3)];
const FILES: [&str; 6] = ["results.json", "report.html", "junit.xml", "cucumber.ndjson", "cucumber.json", "summary.md"];

/// Measures and adds rows.
pub(crate) fn measure(record: &mut Record) -> Result<()> {
    let home = tempfile::tempdir()?;
    let server = Serving::start(&Subject::bench("bare server", home.path(), &["server", "--threads", "1"])?)?;
    let one = prepared(home.path(), server.address, 1)?;
    for (scenarios, rounds) in CURVE {
        let ours = prepared(home.path(), server.address, scenarios)?;
        let address = server.address.to_string();
        let arguments = ["client", "--server", &address, "--scenarios", &scenarios.to_string()];
        let floor = Subject::bench(format!("bare client, {scenarios} scenarios"), home.path(), &arguments)?;
        let timed = record.in_turn(&[one.clone(), ours, floor.clone()], rounds)?;
        tell(record, scenarios, &timed);
        record.row(&floor.name, timed[2].shown(), timed[2].memory(), "1".to_owned());
        reports(record, &home.path().join(scenarios.to_string()), scenarios, rounds)?;
    }
    Ok(())
}

fn tell(record: &mut Record, scenarios: usize, timed: &[Timed]) {
    let (one, ours, floor) = (&timed[0], &timed[1], &timed[2]);
    let beyond = |(all, one): (&f64, &f64)| (all - one) * 1e3 / (scenarios - 1) as f64;
    let each = median(&ours.seconds.iter().zip(&one.seconds).map(beyond).collect::<Vec<_>>());
    record.raw(&format!("{scenarios} scenarios, each beyond start-up"), "", "ms", &[each]);
    let value = format!("{}; {each:.3} ms a scenario beyond the {:.1} ms of one", ours.shown(), one.median() * 1e3);
    record.row(&format!("{scenarios} scenarios"), value, ours.memory(), format!("{:.2}", ours.times(floor)));
}

/// Renders every report again, and records the sizes of the files.
fn reports(record: &mut Record, folder: &Path, scenarios: usize, rounds: usize) -> Result<()> {
    let arguments = ["report", "render", "reports/results.json", "--reports", "reports"];
    let name = format!("every report of {scenarios} scenarios: `report render`");
    let subject = Subject::program(name, folder, &arguments);
    let timed = record.in_turn(std::slice::from_ref(&subject), rounds)?;
    record.row(&subject.name, timed[0].shown(), timed[0].memory(), String::new());
    for name in FILES {
        let size = fs::metadata(folder.join("reports").join(name))?.len() as f64;
        record.raw(&format!("{name} of {scenarios} scenarios"), "", "bytes", &[size]);
        let each = format!("{:.0} kB; {:.0} bytes a scenario", size / 1024.0, size / scenarios as f64);
        record.row(&format!("{name} of {scenarios} scenarios"), each, String::new(), String::new());
    }
    Ok(())
}

fn prepared(home: &Path, server: SocketAddr, scenarios: usize) -> Result<Subject> {
    let folder = home.join(scenarios.to_string());
    workload::write(&folder, server, scenarios)?;
    let arguments = ["run", "--target", "bare", "--features", "features", "--tags", workload::TAGS];
    let arguments = [&arguments[..], &["--format", "json", "--format", "junit"]].concat();
    Ok(Subject::program(format!("{scenarios} scenarios"), &folder, &arguments))
}
