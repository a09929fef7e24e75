//! A step definition: the sentence that features use, and the function that carries it out. The table of all of them is in
//! `sentences/table.rs`.

use std::cell::Cell;

use cucumber::gherkin::StepType;
use futures::future::LocalBoxFuture;

use crate::{
    StepError, World,
    sentences::{CHECKS_THAT_SEND, OTHER_CALLS, patterns},
    step_parameter::StepParameter,
};

/// A sentence that features can use, with its function.
#[derive(Debug)]
pub struct StepDefinition {
    /// What the step does: prepare, act or check.
    pub keyword: StepType,
    /// The Cucumber Expression that steps are matched with, such as `{user} logs in {int} times`.
    pub expression: &'static str,
    pub(crate) code: StepCode,
}

/// What the table derives from a step's function.
#[derive(Debug)]
pub(crate) struct StepCode {
    /// The names of the function's parameters, in order.
    pub(crate) parameters: &'static [&'static str],
    /// Whether these texts can be its arguments.
    pub(crate) accepts: fn(&StepArguments) -> Result<(), String>,
    /// Calls it.
    pub(crate) run: for<'world> fn(&'world mut World, StepArguments) -> LocalBoxFuture<'world, Result<(), StepError>>,
}

/// The arguments of a step, as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct StepArguments(pub(crate) Vec<String>);

impl StepDefinition {
    /// The keyword and the sentence, as in a feature.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{} {}", keyword(self.keyword), self.expression)
    }

    /// Whether the step sends requests or uses tokens: every step that prepares or acts, and a few that check.
    #[must_use]
    pub fn sends(&self) -> bool {
        self.keyword != StepType::Then || CHECKS_THAT_SEND.contains(&self.expression)
    }

    /// An example of a sentence that is for features of users: the contract needs none of these.
    #[must_use]
    pub fn own_example(&self) -> Option<&'static str> {
        OTHER_CALLS.iter().find(|(expression, _)| *expression == self.expression).map(|(_, example)| *example)
    }

    /// A step that the definition matches, with the words that a similar text has.
    #[must_use]
    pub fn example(&self, like: &str) -> String {
        let mut rest = self.expression;
        let mut example = String::new();
        while let Some((before, after)) = rest.split_once('{')
            && let Some((name, after)) = after.split_once('}')
        {
            example.push_str(before);
            example.push_str(&word(name, like));
            rest = after;
        }
        example + rest
    }
}

impl PartialEq for StepDefinition {
    fn eq(&self, other: &Self) -> bool {
        (self.keyword, self.expression) == (other.keyword, other.expression)
    }
}

impl StepArguments {
    /// Reads them one after the other.
    pub(crate) fn reader(&self) -> ArgumentReader<'_> {
        ArgumentReader(Cell::new(&self.0))
    }
}

/// The arguments that are still to be read.
pub(crate) struct ArgumentReader<'a>(Cell<&'a [String]>);

impl ArgumentReader<'_> {
    /// Reads the next one.
    ///
    /// # Errors
    /// When there is none, or when it is none of its type.
    pub(crate) fn next<P: StepParameter>(&self) -> Result<P, String> {
        let (first, rest) = self.0.get().split_first().ok_or_else(|| format!("{{{}}} is missing", P::NAME))?;
        self.0.set(rest);
        P::parse(first)
    }
}

/// A word of this kind: the longest that the text has, or else the first.
fn word(kind: &str, text: &str) -> String {
    match kind {
        "int" => text.split(|c: char| !c.is_ascii_digit()).find(|digits| !digits.is_empty()).unwrap_or("2").to_owned(),
        "string" => format!("\"{}\"", text.split('"').nth(1).unwrap_or("…")),
        _ => {
            let words = patterns().into_iter().find(|(name, _)| *name == kind).map_or("", |(_, pattern)| pattern);
            let known = words.split('|').filter(|word| text.contains(word)).max_by_key(|word| word.len());
            known.or(words.split('|').next()).unwrap_or_default().to_owned()
        }
    }
}

/// The keyword of a step, `And` and `But` resolved.
#[must_use]
pub fn keyword(kind: StepType) -> &'static str {
    match kind {
        StepType::Given => "Given",
        StepType::When => "When",
        StepType::Then => "Then",
    }
}

/// Makes the table of steps. Each line has the keyword, the expression, and the function with the types of its arguments.
macro_rules! steps {
    ($($keyword:ident $expression:literal => $module:ident::$function:ident($($parameter:ty),*);)*) => {
        /// Every step that features can use.
        pub(crate) static STEPS: &[StepDefinition] = &[$(
            StepDefinition {
                keyword: StepType::$keyword,
                expression: $expression,
                code: StepCode {
                    parameters: &[$(<$parameter as StepParameter>::NAME),*],
                    accepts: |arguments| {
                        let arguments = arguments.reader();
                        let _ = &arguments;
                        $(arguments.next::<$parameter>()?;)*
                        Ok(())
                    },
                    run: |world, arguments| Box::pin(async move {
                        let arguments = arguments.reader();
                        let _ = &arguments;
                        $module::$function(world $(,
                            arguments.next::<$parameter>().map_err(StepError::inconclusive)?
                        )*).await
                    }),
                },
            },
        )*];
    };
}

pub(crate) use steps;
