//! The sentences as a list to read: what each looks like, and where it is written down in the code.

use cucumber::gherkin::StepType;

use crate::{
    collection::{self, Noted},
    sentences,
};

/// A sentence that features can use.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sentence {
    /// `Given`, `When` or `Then`.
    pub keyword: &'static str,
    /// What it looks like, with its kinds of words in braces.
    pub text: String,
    /// The pattern that steps are matched with.
    pub pattern: String,
    /// Source file.
    pub file: &'static str,
    /// Line in it.
    pub line: u32,
}

/// Every sentence, by keyword and text.
#[must_use]
pub fn vocabulary() -> Vec<Sentence> {
    let mut all: Vec<_> = collection::noted().iter().map(Sentence::of).collect();
    all.sort();
    all
}

/// The keyword that a step stands under, `And` and `But` resolved.
#[must_use]
pub fn keyword(kind: StepType) -> &'static str {
    match kind {
        StepType::Given => "Given",
        StepType::When => "When",
        StepType::Then => "Then",
    }
}

impl Sentence {
    fn of(noted: &Noted) -> Self {
        let pattern = (noted.pattern)().as_str().to_owned();
        Self {
            keyword: keyword(noted.kind),
            text: readable(&pattern),
            pattern,
            file: noted.location.path,
            line: noted.location.line,
        }
    }
}

/// Turns the pattern back into the sentence that it was made from.
fn readable(pattern: &str) -> String {
    let mut text = pattern.trim_start_matches('^').trim_end_matches('$').to_owned();
    for (name, regex) in sentences::words() {
        text = text.replace(&format!("({regex})"), &format!("{{{name}}}"));
    }
    without_strings(&text)
        .replace(r"((?:-?\d+)|(?:\d+))", "{int}")
        .replace("(?:the|every)", "the/every")
        .replace('\\', "")
}

/// A text in either kind of quotes is a long pattern with numbered groups.
fn without_strings(pattern: &str) -> String {
    const BEGIN: &str = r#"(?:"(?P<__"#;
    const END: &str = r"[^'\\]*)*)')";
    let mut left = pattern;
    let mut text = String::new();
    while let Some((before, rest)) = left.split_once(BEGIN)
        && let Some((_, after)) = rest.split_once(END)
    {
        text.push_str(before);
        text.push_str("{string}");
        left = after;
    }
    text + left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_read_like_sentences() {
        let texts: Vec<String> = vocabulary().into_iter().map(|sentence| sentence.text).collect();
        assert!(
            texts.iter().any(|text| text == "the access token is used in the query string as {string}"),
            "{texts:?}"
        );
        assert!(texts.iter().any(|text| text == "the/every call is refused with 401"), "{texts:?}");
        let marks = |text: &&String| text.contains(['(', ')', '\\', '|', '?', '[']);
        assert_eq!(texts.iter().find(marks), None);
    }
}
