//! `upgrade-gate` around real restarts of the stand-in.

use std::{fs, time::Duration};

use crate::survival::{Restarted, around};

const GATE: [&str; 4] = ["upgrade-gate", "--requirement", "ISSUE-1", "USE-1"];

#[test]
fn an_upgrade_that_keeps_everything_is_accepted_and_one_that_breaks_something_is_rejected_on_one_page() {
    let mut served = Restarted::start(&[]);
    let page =
        |served: &Restarted| fs::read_to_string(served.workplace.path("reports/upgrade.html")).expect("it is there");
    let (code, _) = around(&mut served, &GATE, Duration::from_millis(300), &[]);
    assert_eq!(code, 0, "{}", page(&served));
    for part in ["before", "during", "after"] {
        assert!(served.workplace.path("reports").join(part).join("results.json").is_file());
    }
    assert!(page(&served).contains("accepted"));

    let broken = ["--restart-fault", "users-swapped", "--fault", "issue-status-201"];
    let (code, _) = around(&mut served, &GATE, Duration::from_millis(300), &broken);
    assert_eq!(code, 1);
    for found in ["rejected", "SURVIVE-7", "after, ISSUE-1", "changed, breaking"] {
        assert!(page(&served).contains(found), "{found}: {}", page(&served));
    }
}
