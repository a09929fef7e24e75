//! Lengths of time as people write them: a number and a unit, `90s`, `1.5s`, `2m`, `500ms`, `1h`.

use std::time::Duration;

use thiserror::Error;

/// Longer than any lifetime that somebody would wait out.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Why a text is no length of time.
#[derive(Debug, Error, PartialEq, Eq)]
pub(crate) enum DurationError {
    /// A number alone.
    #[error("has no unit; write \"{0}s\" for seconds, or \"{0}ms\" for milliseconds")]
    NoUnit(String),
    /// Something else.
    #[error("`{0}` is no length of time; write a number and ms, s, m or h, like \"1.5s\" or \"2m\"")]
    Malformed(String),
    /// Zero or less.
    #[error("must be longer than nothing, and `{0}` is not")]
    NotPositive(String),
    /// Nobody waits that long.
    #[error("must be at most 24h, and `{0}` is longer")]
    TooLong(String),
}

/// Reads a length of time, longer than nothing and at most a day.
pub(super) fn parse(text: &str) -> Result<Duration, DurationError> {
    let text = text.trim();
    let malformed = || DurationError::Malformed(text.to_owned());
    let unit_at = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(unit_at);
    let number = number.trim();
    let seconds = match unit {
        "" if is_decimal(number) => return Err(DurationError::NoUnit(number.to_owned())),
        "ms" => 0.001,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return Err(malformed()),
    };
    if !is_decimal(number) {
        return Err(malformed());
    }
    let seconds = number.parse::<f64>().map_err(|_| malformed())? * seconds;
    if seconds <= 0.0 {
        return Err(DurationError::NotPositive(text.to_owned()));
    }
    match Duration::try_from_secs_f64(seconds) {
        Ok(time) if time.is_zero() => Err(DurationError::NotPositive(text.to_owned())),
        Ok(time) if time <= LONGEST => Ok(time),
        _ => Err(DurationError::TooLong(text.to_owned())),
    }
}

/// Without exponents and the words that `f64` would accept besides.
fn is_decimal(number: &str) -> bool {
    let digits = number.strip_prefix('-').unwrap_or(number);
    digits.starts_with(|c: char| c.is_ascii_digit()) && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        parse(text).expect_err("this is no length of time").to_string()
    }

    #[test]
    fn numbers_with_a_unit_are_read() {
        for (text, millis) in [("500ms", 500), ("1.5s", 1_500), ("90 s", 90_000), ("2m", 120_000), ("24h", 86_400_000)]
        {
            assert_eq!(parse(text), Ok(Duration::from_millis(millis)), "{text}");
        }
    }

    #[test]
    fn each_refusal_says_what_to_write() {
        assert_eq!(problem("90"), "has no unit; write \"90s\" for seconds, or \"90ms\" for milliseconds");
        for text in ["soon", "1.2.3s", "5 days", "s", "1e3s", ""] {
            let expected =
                format!("`{text}` is no length of time; write a number and ms, s, m or h, like \"1.5s\" or \"2m\"");
            assert_eq!(problem(text), expected);
        }
        assert_eq!(problem("0s"), "must be longer than nothing, and `0s` is not");
        assert_eq!(problem("-2m"), "must be longer than nothing, and `-2m` is not");
        assert_eq!(problem("25h"), "must be at most 24h, and `25h` is longer");
    }
}
