//! What changed since a baseline: one block for each difference, worst first.

use super::{Page, Paint, Role};
use crate::{
    report::drift::{Piece, left_out, looked_at_by, sentence, sides},
    results::{Class, Difference, Drift, Results},
};

/// Most differences of one class that are told; the files have all of them.
const MOST: usize = 25;
/// How far the text of a block is indented.
const INDENT: usize = 6;

/// The page of a comparison alone; its last line counts everything.
pub(crate) fn drift(drift: &Drift, paint: Paint, width: usize) -> String {
    let mut page = Page::new(paint, width);
    blocks(&mut page, drift);
    page.into_text()
}

/// The part of a run's page.
pub(super) fn section(page: &mut Page, results: &Results) {
    if let Some(drift) = &results.drift {
        page.gap();
        blocks(page, drift);
    }
}

fn blocks(page: &mut Page, drift: &Drift) {
    for class in Class::ALL {
        let all: Vec<&Difference> = drift.of(class).collect();
        all.iter().take(MOST).for_each(|difference| block(page, difference));
        if all.len() > MOST {
            page.heading(&format!("and {} more {class} differences", all.len() - MOST));
        }
    }
    page.gap();
    for reason in left_out(drift) {
        page.labelled(0, (Role::Plain, ""), (Role::Quiet, &reason));
    }
    page.labelled(0, (Role::Plain, ""), (drift.worst().map_or(Role::Good, role), &sentence(drift)));
}

fn block(page: &mut Page, difference: &Difference) {
    page.gap();
    let mark = format!("{}  ", difference.class.to_string().to_uppercase());
    let what = format!("{}: {}", difference.what, difference.because);
    page.line(0, &[(role(difference.class), &mark), (Role::Strong, &what)]);
    if !difference.requirements.is_empty() {
        page.labelled(INDENT, (Role::Plain, ""), (Role::Strong, &looked_at_by(difference)));
    }
    let (before, after) = sides(difference);
    side(page, (Role::Bad, "- "), &before);
    side(page, (Role::Good, "+ "), &after);
    if let Some((first, more)) = difference.situations.split_first() {
        let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
        page.labelled(INDENT, (Role::Quiet, "in "), (Role::Quiet, &format!("{first}{more}")));
    }
}

fn side(page: &mut Page, mark: (Role, &str), pieces: &[Piece]) {
    let role = |piece: &Piece| if piece.changed { mark.0 } else { Role::Plain };
    let pieces: Vec<(Role, &str)> = pieces.iter().map(|piece| (role(piece), piece.text.as_str())).collect();
    page.line(INDENT, &[&[mark], pieces.as_slice()].concat());
}

fn role(class: Class) -> Role {
    match class {
        Class::Breaking => Role::Bad,
        Class::Notable => Role::Doubtful,
        Class::Compatible => Role::Good,
    }
}
