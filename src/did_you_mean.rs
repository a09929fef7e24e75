//! Finds the known word that a mistyped one most likely means. The only place that measures how far words are apart.

/// The candidate closest to `word`, if it is close enough to be a slip. Case and `-` for `_` do not count, and the beginning
/// of a candidate (`requests`) is as close as the whole.
pub(crate) fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = normalize(word);
    candidates
        .into_iter()
        .map(|candidate| (distance(&word, &normalize(candidate)), candidate))
        .filter(|(distance, candidate)| *distance <= allowed_distance(candidate))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The end of a message: `; did you mean …?` with the closest candidate, else `; known are …` with all of them.
pub(crate) fn suggestion<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    let candidates: Vec<_> = candidates.into_iter().collect();
    match did_you_mean(word, candidates.iter().copied()) {
        Some(near) => format!("; did you mean `{near}`?"),
        None => format!("; known are {}", candidates.join(", ")),
    }
}

fn normalize(word: &str) -> String {
    word.to_lowercase().replace('-', "_")
}

fn distance(word: &str, candidate: &str) -> usize {
    let is_beginning = word.len() >= 4 && candidate.starts_with(word);
    if is_beginning { 0 } else { strsim::damerau_levenshtein(word, candidate) }
}

fn allowed_distance(candidate: &str) -> usize {
    (candidate.chars().count() / 3).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [&str; 4] = ["login", "base_url", "requests_per_second", "burst"];

    #[test]
    fn slips_and_beginnings_find_the_word_and_other_words_do_not() {
        assert_eq!(did_you_mean("logn", KEYS), Some("login"));
        assert_eq!(did_you_mean("baseUrl", KEYS), Some("base_url"));
        assert_eq!(did_you_mean("base-url", KEYS), Some("base_url"));
        assert_eq!(did_you_mean("requests", KEYS), Some("requests_per_second"));
        assert_eq!(did_you_mean("colour", KEYS), None);
    }

    #[test]
    fn a_suggestion_names_the_closest_word_or_else_all() {
        assert_eq!(suggestion("colour", ["a", "b"]), "; known are a, b");
        assert_eq!(suggestion("bust", KEYS), "; did you mean `burst`?");
    }
}
