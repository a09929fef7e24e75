//! Whether runs may be merged at all: of one version, one suite, one target, under the same terms.

use super::{MergeError, Part, error::Side};
use crate::results::Results;

/// Something that all runs must have in common.
struct Common {
    what: &'static str,
    of: fn(&Results) -> String,
    advice: &'static str,
}

const COMMON: [Common; 6] = [
    Common {
        what: "target",
        of: |it| {
            let url = it.target.base_url.as_deref().unwrap_or("no address");
            format!("`{}` at {url}", it.target.name)
        },
        advice: "; `report fleet` shows several targets on one page",
    },
    Common {
        what: "version of the program",
        of: |it| it.tool.version.clone(),
        advice: "; repeat one of the runs with the other's version",
    },
    Common {
        what: "suite",
        of: |it| it.suite.digest.clone(),
        advice: "; use the same program and the same --features DIR for all of them",
    },
    Common {
        what: "`margin`",
        of: |it| format!("{} s", it.target.margin_seconds),
        advice: "; repeat one of the runs with the other's",
    },
    Common {
        what: "`max_wait`",
        of: |it| format!("{} s", it.target.max_wait_seconds),
        advice: "; repeat one of the runs with the other's",
    },
    Common {
        what: "`insecure_tls`",
        of: |it| it.target.insecure_tls.to_string(),
        advice: "; repeat the runs in which certificates were not checked",
    },
];

/// Holds all runs against the first, and its suite against that of this program.
pub(super) fn check(parts: &[Part], own: &str) -> Result<(), MergeError> {
    for [one, other] in parts.array_windows() {
        for Common { what, of, advice } in &COMMON {
            let side = |part: &Part| Box::new(Side { file: part.file.clone(), has: of(&part.results) });
            let (one, other) = (side(one), side(other));
            if one.has != other.has {
                return Err(MergeError::Differ { what, one, other, advice });
            }
        }
    }
    match parts.iter().find(|part| part.results.suite.digest != own) {
        Some(part) => Err(MergeError::OtherSuite {
            file: part.file.clone(),
            digest: part.results.suite.digest.clone(),
            own: own.to_owned(),
            version: part.results.tool.version.clone(),
        }),
        None => Ok(()),
    }
}
