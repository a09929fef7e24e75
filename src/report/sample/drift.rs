//! What changed since a baseline, made by hand.

use crate::results::{Class, Difference, Drift};

/// One difference of each class, and one thing that was left out for each reason.
pub(in crate::report) fn drift() -> Drift {
    let difference = |class, what: &str, (before, after): (&str, &str), because: &str| Difference {
        class,
        what: what.to_owned(),
        before: Some(before.to_owned()),
        after: Some(after.to_owned()),
        because: because.to_owned(),
        requirements: vec!["OTT-2".to_owned()],
        situations: vec!["OTT-2 is looked at › the one-time token is verified 2 times".to_owned()],
    };
    let new_field = difference(Class::Compatible, "body /more", ("", "text"), "a new field");
    Drift {
        before: "baselines/staging".to_owned(),
        differences: vec![
            difference(Class::Breaking, "status", ("200 | 401", "200"), "a status of another class"),
            difference(Class::Notable, "header cache-control", ("no-store", "private"), "a header that clients go by"),
            Difference { before: None, requirements: Vec::new(), ..new_field },
        ],
        compared: 87,
        not_judged: vec!["An expired token reveals nobody".to_owned()],
        not_recorded: vec!["A new scenario".to_owned()],
        unstable: vec!["server: software x-node".to_owned()],
    }
}
