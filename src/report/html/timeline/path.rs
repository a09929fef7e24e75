//! Many short spans as one line of a picture: an element for each would make thousands of them.

use std::fmt::Write;

/// The data of an SVG path made of horizontal strokes.
#[derive(Default)]
pub(super) struct Path(String);

impl Path {
    /// Strokes at a height, in the order in which they begin. What touches is drawn as one; what nobody could see is widened.
    pub(super) fn row(&mut self, y: f64, spans: impl Iterator<Item = (f64, f64)>) {
        let mut open: Option<(f64, f64)> = None;
        for (at, length) in spans {
            let end = at + length.max(super::NARROWEST);
            match &mut open {
                Some((_, until)) if at <= *until => *until = until.max(end),
                _ => {
                    self.stroke(y, open);
                    open = Some((at, end));
                }
            }
        }
        self.stroke(y, open);
    }

    fn stroke(&mut self, y: f64, span: Option<(f64, f64)>) {
        if let Some((from, to)) = span {
            // Writing into a String cannot fail.
            let _ = write!(self.0, "M{from:.1} {y:.1}H{to:.1}");
        }
    }

    pub(super) fn into_text(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_touches_is_one_stroke() {
        let mut path = Path::default();
        path.row(5.0, [(0.0, 2.0), (1.0, 3.0), (6.0, 0.1)].into_iter());
        path.row(9.0, std::iter::empty());
        assert_eq!(path.into_text(), "M0.0 5.0H4.0M6.0 5.0H6.6");
    }
}
