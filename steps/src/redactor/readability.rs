//! How readable masked answers are: real-looking pages of servers, gateways and frameworks, in which nothing is secret but what is
//! between `«` and `»`.

use std::collections::HashMap;

use super::Redactor;

const PAGES: &str = include_str!("ordinary_pages.txt");

/// How often each word is in a text.
fn words(text: &str) -> HashMap<&str, usize> {
    let mut counts = HashMap::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        *counts.entry(word).or_default() += 1;
    }
    counts
}

/// The text without what is between these marks.
fn outside(text: &str, open: char, close: char) -> String {
    let parts = text.split(open).enumerate();
    parts
        .map(|(at, part)| if at == 0 { part } else { part.split_once(close).map_or("", |(_, rest)| rest) })
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn at_most_two_percent_of_ordinary_words_are_masked() {
    let (mut all, mut lost, mut listed) = (0, 0, Vec::new());
    for page in PAGES.split("\n====\n") {
        let ordinary = outside(page, '«', '»');
        let masked = Redactor::default().mask_received(&page.replace(['«', '»'], ""), "");
        let shown = outside(&masked, '‹', '›');
        let (expected, shown) = (words(&ordinary), words(&shown));
        all += expected.values().sum::<usize>();
        for (word, count) in expected {
            let missing = count.saturating_sub(shown.get(word).copied().unwrap_or(0));
            lost += missing;
            listed.extend((missing > 0).then(|| format!("{word} ({})", &page[..page.floor_char_boundary(30)])));
        }
    }
    assert!(all > 2_000 && lost * 50 <= all, "{lost} of {all} words are masked: {listed:#?}");
}

#[test]
fn identifiers_beside_ordinary_words_are_masked() {
    for page in PAGES.split("\n====\n") {
        let masked = Redactor::default().mask_received(&page.replace(['«', '»'], ""), "");
        for identifier in
            page.split('«').skip(1).filter_map(|rest| rest.split_once('»')).map(|(identifier, _)| identifier)
        {
            assert!(!masked.contains(identifier), "{identifier} is shown");
        }
    }
}
