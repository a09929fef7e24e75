//! Waivers of the file.

use super::given::Given;
use crate::results::{Waiver, WaiverTerms};

#[test]
fn waivers_are_read_and_checked_with_the_catalogue() {
    let waiver = |requirement: &str, expires: &str| {
        Given::staging(&format!(
            "[[targets.staging.waivers]]\nrequirement = '{requirement}'\nreason = 'later'\nowner = 'auth'\n{expires}"
        ))
    };
    let good = waiver("REFRESH-9", "expires = 2027-03-31").resolve().expect("good").expect("a target");
    assert_eq!(
        good.waivers,
        [Waiver {
            requirement: "REFRESH-9".parse().expect("an id"),
            terms: WaiverTerms {
                reason: "later".to_owned(),
                owner: "auth".to_owned(),
                expires: jiff::civil::date(2027, 3, 31),
            },
        }]
    );
    let quoted = waiver("REFRESH-9", "expires = '2027-03-31'").problem();
    let expected = "bo.toml:10:11: `expires` must be a date without quotes, like 2027-03-31 (got a string)";
    assert!(quoted.starts_with(expected), "{quoted}");
    let unknown = waiver("refresh-99", "expires = 2027-03-31").problem();
    let expected = "bo.toml:7:15: unknown requirement `refresh-99`; did you mean `REFRESH-9`? `bo-conformance list` \
                    shows all\n  |\n7 | requirement = 'refresh-99'\n  |               ^^^^^^^^^^^^";
    assert_eq!(unknown, expected);
    let missing = waiver("REFRESH-9", "").problem();
    let expected = "bo.toml:6:1: a waiver of target `staging`: `expires` is missing; a waiver has requirement, reason, \
                    owner, expires, like `expires = 2027-03-31`";
    assert_eq!(missing, expected);
}
