//! A page of documentation as its reader follows it: from top to bottom, the commands run as they stand.

use std::{fs, path::Path};

use super::{Ended, REPOSITORY, Workplace};

/// A page.
pub(crate) struct Document {
    pub(crate) text: String,
}

/// A fenced block.
pub(crate) struct Block<'a> {
    pub(crate) language: &'a str,
    pub(crate) text: &'a str,
}

/// A command: its words, and how it ends.
pub(crate) struct Line {
    pub(crate) words: Vec<String>,
    code: i32,
}

impl Document {
    /// The page at this path of the repository.
    pub(crate) fn read(path: &str) -> Self {
        Self { text: fs::read_to_string(Path::new(REPOSITORY).join(path)).expect("the page is there") }
    }

    /// Every fenced block, in order.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = Block<'_>> {
        let fenced = self.text.split("```").enumerate().filter(|(position, _)| position % 2 == 1);
        fenced.map(|(_, block)| {
            let (language, text) = block.split_once('\n').expect("a block has lines");
            Block { language, text }
        })
    }

    /// What is in the blocks of a language.
    pub(crate) fn all(&self, language: &str) -> String {
        self.blocks().filter(|block| block.language == language).map(|block| block.text).collect()
    }
}

impl Block<'_> {
    /// The commands that run the program, unless they begin like one of these.
    pub(crate) fn commands(&self, but: &[&str]) -> Vec<Line> {
        let is_ours = |line: &&str| !line.is_empty() && !but.iter().any(|command| line.starts_with(command));
        self.text.lines().filter(is_ours).map(Line::read).collect()
    }
}

impl Line {
    /// `cargo run --release --` is how one runs the program before it is installed.
    fn read(text: &str) -> Self {
        let (command, comment) = text.split_once('#').unwrap_or((text, ""));
        let starts = ["cargo run --release -- ", "bo-conformance "];
        let arguments = starts.iter().find_map(|start| command.strip_prefix(start));
        let arguments = arguments.unwrap_or_else(|| panic!("`{text}` does not run the program")).trim();
        let code = comment.trim().strip_prefix("exit ").map_or(0, |code| code.parse().expect("a code is a number"));
        Self { words: words(arguments), code }
    }

    /// Runs it, and checks that it ends as the page says.
    #[track_caller]
    pub(crate) fn run(&self, workplace: &Workplace) -> Ended {
        let arguments: Vec<&str> = self.words.iter().map(String::as_str).collect();
        let ended = workplace.run(&arguments);
        assert_eq!(ended.code, Some(self.code), "{arguments:?}: {}\n{}", ended.stdout, ended.stderr);
        ended
    }
}

/// Words as a shell reads them, double quotes being all that the pages use.
fn words(text: &str) -> Vec<String> {
    let quoted = text.split('"').enumerate();
    quoted
        .flat_map(|(position, part)| match position % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        })
        .collect()
}
