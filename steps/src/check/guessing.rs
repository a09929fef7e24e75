//! How many bits change from one token to the next. The estimate finds counters, shared bodies and short random parts; it cannot
//! find a bad random source behind a good hash.

use std::collections::BTreeSet;

/// Bits of change in a set of tokens, summed over positions: a position that uses its alphabet counts in full, one that hardly
/// changes counts for the values seen.
pub(crate) fn bits_of_change(tokens: &[&str]) -> f64 {
    let Some(shortest) = tokens.iter().map(|token| token.len()).min() else {
        return 0.0;
    };
    let alphabet = alphabet_size(tokens);
    (0..shortest).map(|at| bits_at(tokens, at, alphabet)).sum()
}

fn bits_at(tokens: &[&str], at: usize, alphabet: f64) -> f64 {
    let values: BTreeSet<u8> = tokens.iter().map(|token| token.as_bytes()[at]).collect();
    let shown = values.len() as f64;
    // Evenly drawn, n tokens show A·(1−(1−1/A)^n) of A values on average.
    let expected = alphabet * (1.0 - (1.0 - 1.0 / alphabet).powf(tokens.len() as f64));
    if shown >= expected / 2.0 { alphabet.log2() } else { shown.log2() }
}

/// Size of the smallest alphabet that contains all tokens: 10 for digits, 16 for hexadecimal, 64 for base64.
fn alphabet_size(tokens: &[&str]) -> f64 {
    let all = |class: fn(char) -> bool| tokens.iter().all(|token| token.chars().all(|c| class(c) || c == '-'));
    if all(|c| c.is_ascii_digit()) {
        10.0
    } else if all(|c| c.is_ascii_hexdigit()) {
        16.0
    } else if all(|c| c.is_ascii_digit() || c.is_ascii_lowercase())
        || all(|c| c.is_ascii_digit() || c.is_ascii_uppercase())
    {
        32.0
    } else {
        64.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake;

    fn bits(tokens: &[String]) -> f64 {
        bits_of_change(&tokens.iter().map(String::as_str).collect::<Vec<_>>())
    }

    #[test]
    fn random_tokens_have_their_full_size() {
        let tokens: Vec<String> = (0..16).map(|_| fake::text(43)).collect();
        assert!(bits(&tokens) > 230.0, "{}", bits(&tokens));
    }

    #[test]
    fn counters_and_shared_bodies_count_little() {
        let counters: Vec<String> = (0..16).map(|n| format!("{:040}", 1_000_000 + n)).collect();
        assert!(bits(&counters) < 16.0, "{}", bits(&counters));
        let shared: Vec<String> = (0..16).map(|_| format!("{}{}", "session".repeat(9), fake::text(8))).collect();
        assert!(bits(&shared) < 64.0, "{}", bits(&shared));
    }
}
