//! What somebody probably meant.

/// The candidate that the word is most likely a slip of, if any is near enough.
pub(super) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = word.to_lowercase().replace('-', "_");
    candidates
        .into_iter()
        .map(|candidate| (distance(&plain, &candidate.to_lowercase().replace('-', "_")), candidate))
        .filter(|(distance, candidate)| *distance <= slips_allowed(candidate))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Half a sentence that names the nearest candidate, or else all of them.
pub(super) fn advice<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    let candidates: Vec<_> = candidates.into_iter().collect();
    match nearest(word, candidates.iter().copied()) {
        Some(near) => format!("; did you mean `{near}`?"),
        None => format!("; known are {}", candidates.join(", ")),
    }
}

/// Slips of the finger, and 0 for a word that is the beginning of the candidate, as in `requests`.
fn distance(word: &str, candidate: &str) -> usize {
    let begins = word.len() >= 4 && candidate.starts_with(word);
    if begins { 0 } else { strsim::damerau_levenshtein(word, candidate) }
}

fn slips_allowed(candidate: &str) -> usize {
    (candidate.chars().count() / 3).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [&str; 4] = ["login", "base_url", "requests_per_second", "burst"];

    #[test]
    fn slips_are_recognised_and_strangers_are_not() {
        assert_eq!(nearest("logn", KEYS), Some("login"));
        assert_eq!(nearest("baseUrl", KEYS), Some("base_url"));
        assert_eq!(nearest("base-url", KEYS), Some("base_url"));
        assert_eq!(nearest("requests", KEYS), Some("requests_per_second"));
        assert_eq!(nearest("colour", KEYS), None);
    }

    #[test]
    fn without_a_near_one_all_are_named() {
        assert_eq!(advice("colour", ["a", "b"]), "; known are a, b");
        assert_eq!(advice("bust", KEYS), "; did you mean `burst`?");
    }
}
