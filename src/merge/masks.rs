//! Masks are numbered anew in every run, so that the third token of one run and the third of another would look like the same
//! token. The numbers of each run go on where those of the one before it end.

use std::{collections::HashMap, sync::LazyLock};

use regex::{Captures, Regex};

use super::{MergeError, Part};

static MASK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("‹([a-z][a-z -]*) #([0-9]{1,9})›").expect("the pattern is right"));

/// Renumbers the masks of all runs but the first.
pub(super) fn renumber(parts: &mut [Part]) -> Result<(), MergeError> {
    let mut used: HashMap<String, u64> = HashMap::new();
    for part in parts {
        let broken = |error: serde_json::Error| MergeError::broken(&part.file, error);
        let text = serde_json::to_string(&part.results).map_err(broken)?;
        let before = used.clone();
        let renumbered = MASK.replace_all(&text, |mask: &Captures<'_>| {
            let kind = &mask[1];
            let number = mask[2].parse().unwrap_or(0) + before.get(kind).copied().unwrap_or(0);
            let most = used.entry(kind.to_owned()).or_insert(0);
            *most = (*most).max(number);
            format!("‹{kind} #{number}›")
        });
        if !before.is_empty() {
            part.results = serde_json::from_str(&renumbered).map_err(broken)?;
        }
    }
    Ok(())
}
