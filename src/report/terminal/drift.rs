//! What changed since a baseline: one block for each difference, worst first.

use super::{
    page::TextPage,
    paint::{Paint, Role},
};
use crate::{
    report::drift::{DiffPiece, diff_sides, drift_sentence, list_requirements, not_compared},
    results::{Class, Difference, Drift, Results},
};

/// Most differences of one class that are listed; the files have all.
const MOST: usize = 25;
/// How far the text of a block is indented.
const INDENT: usize = 6;

/// The text of a comparison; its last line counts the differences.
pub(crate) fn drift(drift: &Drift, paint: Paint, width: usize) -> String {
    let mut page = TextPage::new(paint, width);
    write_differences(&mut page, drift);
    page.into_text()
}

/// Writes the comparison of a run, if it has one.
pub(super) fn write_drift(page: &mut TextPage, results: &Results) {
    if let Some(drift) = &results.drift {
        page.gap();
        write_differences(page, drift);
    }
}

fn write_differences(page: &mut TextPage, drift: &Drift) {
    for class in Class::ALL {
        let all: Vec<&Difference> = drift.in_class(class).collect();
        all.iter().take(MOST).for_each(|difference| write_difference(page, difference));
        if all.len() > MOST {
            page.heading(&format!("and {} more {class} differences", all.len() - MOST));
        }
    }
    page.gap();
    for reason in not_compared(drift) {
        page.labelled(0, (Role::Plain, ""), (Role::Quiet, &reason));
    }
    page.labelled(0, (Role::Plain, ""), (drift.worst().map_or(Role::Good, class_role), &drift_sentence(drift)));
}

fn write_difference(page: &mut TextPage, difference: &Difference) {
    page.gap();
    let mark = format!("{}  ", difference.class.to_string().to_uppercase());
    let what = format!("{}: {}", difference.what, difference.because);
    page.line(0, &[(class_role(difference.class), &mark), (Role::Strong, &what)]);
    if !difference.requirements.is_empty() {
        page.labelled(INDENT, (Role::Plain, ""), (Role::Strong, &list_requirements(difference)));
    }
    let (before, after) = diff_sides(difference);
    write_side(page, (Role::Bad, "- "), &before);
    write_side(page, (Role::Good, "+ "), &after);
    if let Some((first, more)) = difference.situations.split_first() {
        let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
        page.labelled(INDENT, (Role::Quiet, "in "), (Role::Quiet, &format!("{first}{more}")));
    }
}

fn write_side(page: &mut TextPage, mark: (Role, &str), pieces: &[DiffPiece]) {
    let role = |piece: &DiffPiece| if piece.changed { mark.0 } else { Role::Plain };
    let pieces: Vec<(Role, &str)> = pieces.iter().map(|piece| (role(piece), piece.text.as_str())).collect();
    page.line(INDENT, &[&[mark], pieces.as_slice()].concat());
}

fn class_role(class: Class) -> Role {
    match class {
        Class::Breaking => Role::Bad,
        Class::Notable => Role::Doubtful,
        Class::Compatible => Role::Good,
    }
}
