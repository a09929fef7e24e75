//! The selection that comes to the same scenarios as those of all runs together.

use super::Part;
use crate::results::Selection;

/// One selection for all; complete when one of them was. Shards have been found complete before.
pub(super) fn of_all(parts: &[Part]) -> Selection {
    let mut all: Vec<Selection> = Vec::new();
    for part in parts {
        let Selection { tags, requirements, .. } = part.results.selection.clone();
        let complete = tags.is_none() && requirements.is_empty();
        let one = Selection { tags, requirements, shard: None, complete };
        if !all.contains(&one) {
            all.push(one);
        }
    }
    match all.iter().find(|one| one.complete) {
        Some(complete) => complete.clone(),
        None => all.into_iter().reduce(either).unwrap_or_default(),
    }
}

/// Of the same tags by requirements, otherwise as an expression: a requirement is a tag of its scenarios.
fn either(one: Selection, other: Selection) -> Selection {
    let narrow = !one.requirements.is_empty() && !other.requirements.is_empty();
    if one.tags == other.tags && narrow {
        let mut requirements = one.requirements;
        let more = other.requirements.into_iter().filter(|id| !requirements.contains(id)).collect::<Vec<_>>();
        requirements.extend(more);
        return Selection { requirements, ..other_of(one.tags) };
    }
    other_of(Some(format!("{} or {}", expression(&one), expression(&other))))
}

fn other_of(tags: Option<String>) -> Selection {
    Selection { tags, ..Selection::default() }
}

fn expression(selection: &Selection) -> String {
    let tags = selection.tags.iter().map(|tags| format!("({tags})"));
    let ids: Vec<String> = selection.requirements.iter().map(|id| format!("@{id}")).collect();
    let ids = (!ids.is_empty()).then(|| format!("({})", ids.join(" or ")));
    format!("({})", tags.chain(ids).collect::<Vec<_>>().join(" and "))
}
