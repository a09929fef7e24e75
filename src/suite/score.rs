//! How well the suite detects defects, by the matrix of the self-test that was reviewed with it.

use thiserror::Error;

use crate::results::SuiteScore;

/// The reviewed matrix: its first line names the suite, every other line one variation of the stand-in.
pub(crate) const REVIEWED: &str = include_str!("../../features/self-test.matrix");

/// Why a matrix cannot be read.
#[derive(Debug, PartialEq, Eq, Error)]
pub(crate) enum MatrixError {
    /// The first line does not name a suite.
    #[error("features/self-test.matrix:1: the first line must be `suite sha256:…`")]
    NoSuite,
    /// A line has no known kind; counted from 1.
    #[error(
        "features/self-test.matrix:{0}: not a line of the matrix; write it again with `bo-conformance self-test --write`"
    )]
    Line(usize),
}

/// Reads the score from a matrix; `digest` is that of the present suite. Only the first and last words of a line matter.
///
/// # Errors
/// Names the line that cannot be read.
pub(crate) fn read_score(matrix: &str, digest: &str) -> Result<SuiteScore, MatrixError> {
    let mut lines = matrix.lines();
    let measured_with = lines.next().and_then(|line| line.strip_prefix("suite ")).ok_or(MatrixError::NoSuite)?;
    let rows = lines.enumerate().map(|(position, line)| {
        let holds = !line.contains(" | MISSED ") && !line.contains(" | BLAMED ");
        match line.split(' ').next() {
            Some("fault") => Ok((false, holds)),
            Some("freedom") => Ok((true, holds)),
            _ => Err(MatrixError::Line(position + 2)),
        }
    });
    Ok(count_score(measured_with, digest, rows.collect::<Result<Vec<_>, _>>()?))
}

/// Counts rows, each given as whether the variation conforms and whether the suite judged it rightly.
pub(crate) fn count_score(
    measured_with: &str,
    digest: &str,
    rows: impl IntoIterator<Item = (bool, bool)>,
) -> SuiteScore {
    let current = measured_with == digest;
    let mut score =
        SuiteScore { faults: 0, caught: 0, freedoms: 0, blamed: 0, measured_with: measured_with.to_owned(), current };
    for (conforms, holds) in rows {
        if conforms {
            score.freedoms += 1;
            score.blamed += usize::from(!holds);
        } else {
            score.faults += 1;
            score.caught += usize::from(holds);
        }
    }
    score
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_by_kind() {
        let matrix = "suite sha256:1\nfault a | caught X-1\nfault b | MISSED X-2\nfreedom c\nfreedom d | BLAMED X-1\n";
        let score = read_score(matrix, "sha256:2").expect("it can be read");
        assert_eq!((score.faults, score.caught, score.freedoms, score.blamed), (2, 1, 2, 1));
        assert!(!score.current);
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named() {
        assert_eq!(read_score("fault a\n", ""), Err(MatrixError::NoSuite));
        assert_eq!(read_score("suite x\nfault a\nother b\n", ""), Err(MatrixError::Line(3)));
    }
}
