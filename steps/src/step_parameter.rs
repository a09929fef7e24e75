//! The types that arguments of steps have, read from their text. Kinds of words are in `sentences/words.rs`.

use std::str::FromStr;

/// A type of a step's argument.
pub(crate) trait StepParameter: Sized {
    /// Its name in expressions.
    const NAME: &'static str;

    /// Reads an argument.
    ///
    /// # Errors
    /// Quotes the text and names what was expected.
    fn parse(text: &str) -> Result<Self, String>;
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl StepParameter for $number {
            const NAME: &'static str = "int";

            fn parse(text: &str) -> Result<Self, String> {
                Self::from_str(text).map_err(|_| format!("`{text}` is not a number from {} to {}", Self::MIN, Self::MAX))
            }
        }
    )*};
}

numbers!(u16, u32, usize);

impl StepParameter for String {
    const NAME: &'static str = "string";

    fn parse(text: &str) -> Result<Self, String> {
        Ok(text.replace("\\\"", "\"").replace("\\'", "'"))
    }
}
