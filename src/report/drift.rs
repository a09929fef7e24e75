//! What changed since a baseline, for every report: in one sentence, and word by word.

use similar::{ChangeTag, TextDiff};

use super::format::plural;
use crate::results::{Class, Difference, Drift};

/// A part of a value, and whether the other side lacks it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct DiffPiece {
    pub(super) text: String,
    pub(super) changed: bool,
}

/// The differences by class, counted.
pub(super) fn drift_sentence(drift: &Drift) -> String {
    let same = plural(drift.compared as u64, "situation");
    if drift.differences.is_empty() {
        return format!("compared with {}: no difference in {same}", drift.before);
    }
    let counts: Vec<String> =
        Class::ALL.iter().map(|class| format!("{} {class}", drift.in_class(*class).count())).collect();
    format!("compared with {}: {} differences in {same}", drift.before, counts.join(", "))
}

/// What is not compared, one sentence for each reason.
pub(super) fn not_compared(drift: &Drift) -> Vec<String> {
    let reasons = [
        (&drift.not_judged, "recorded, but not judged this time"),
        (&drift.not_recorded, "judged, but not recorded before"),
        (&drift.unstable, "not stable when recorded, so not compared"),
    ];
    let sentence = |(what, why): &(&Vec<String>, &str)| {
        let first = what.first()?;
        let more = if what.len() > 1 { format!(" and {} more", what.len() - 1) } else { String::new() };
        Some(format!("{} {why}: {first}{more}", what.len()))
    };
    reasons.iter().filter_map(sentence).collect()
}

/// Both values in parts.
pub(super) fn diff_sides(difference: &Difference) -> (Vec<DiffPiece>, Vec<DiffPiece>) {
    let (before, after) = (value(difference.before.as_ref()), value(difference.after.as_ref()));
    let diff = TextDiff::from_words(before, after);
    let (mut one, mut two) = (Vec::new(), Vec::new());
    for change in diff.iter_all_changes() {
        let piece = |changed| DiffPiece { text: change.value().to_owned(), changed };
        match change.tag() {
            ChangeTag::Equal => {
                one.push(piece(false));
                two.push(piece(false));
            }
            ChangeTag::Delete => one.push(piece(true)),
            ChangeTag::Insert => two.push(piece(true)),
        }
    }
    (one, two)
}

fn value(side: Option<&String>) -> &str {
    side.map_or("nothing", String::as_str)
}

/// The first requirements whose scenarios show the difference, and how many more there are.
pub(super) fn list_requirements(difference: &Difference) -> String {
    match difference.requirements.split_at_checked(6) {
        Some((first, rest)) if !rest.is_empty() => format!("{} and {} more", first.join(", "), rest.len()),
        _ => difference.requirements.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::sample;

    #[test]
    fn changed_words_are_marked() {
        let drift = sample::drift();
        let (before, after) = diff_sides(&drift.differences[1]);
        let changed = |pieces: &[DiffPiece]| -> String {
            pieces.iter().filter(|piece| piece.changed).map(|piece| piece.text.as_str()).collect()
        };
        assert_eq!((changed(&before).as_str(), changed(&after).as_str()), ("no-store", "private"));
    }

    #[test]
    fn differences_and_what_is_not_compared_are_counted() {
        let drift = sample::drift();
        assert_eq!(
            drift_sentence(&drift),
            "compared with baselines/staging: 1 breaking, 1 notable, 1 compatible differences in 87 situations"
        );
        assert_eq!(not_compared(&drift).len(), 3);
        let none = Drift { differences: Vec::new(), ..drift };
        assert_eq!(drift_sentence(&none), "compared with baselines/staging: no difference in 87 situations");
    }
}
