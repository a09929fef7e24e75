//! Numbers and times for people.

/// A count with its noun.
pub(super) fn plural(count: u64, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{} {noun}{ending}", grouped(count))
}

/// With a comma at the thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Tenths of a second below a minute, whole seconds above.
pub(super) fn duration(milliseconds: u64) -> String {
    let tenths = (milliseconds + 50) / 100;
    if tenths < 600 {
        return format!("{}.{} s", tenths / 10, tenths % 10);
    }
    let seconds = (milliseconds + 500) / 1_000;
    format!("{} min {:02} s", seconds / 60, seconds % 60)
}

/// A time that is usually short: tenths of a millisecond only where they matter.
pub(super) fn short_duration(milliseconds: f64) -> String {
    match milliseconds {
        ms if ms < 9.95 => format!("{ms:.1} ms"),
        ms if ms < 999.5 => format!("{ms:.0} ms"),
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float is held to the bounds")]
        ms => duration(ms as u64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated_and_nouns_agree() {
        for (number, text) in [(0, "0"), (999, "999"), (1_932, "1,932"), (12_345_678, "12,345,678")] {
            assert_eq!(grouped(number), text);
        }
        assert_eq!((plural(1, "failed login"), plural(0, "request")), ("1 failed login".into(), "0 requests".into()));
    }

    #[test]
    fn short_times_have_finer_units() {
        for (milliseconds, text) in [
            (0, "0.0 s"),
            (49, "0.0 s"),
            (1_234, "1.2 s"),
            (59_949, "59.9 s"),
            (59_950, "1 min 00 s"),
            (125_400, "2 min 05 s"),
        ] {
            assert_eq!(duration(milliseconds), text);
        }
    }
}
