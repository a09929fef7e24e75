//! A page of documentation and the commands in it.

use std::{fs, path::Path};

use super::{ProgramRun, REPOSITORY, Workplace};

/// A page.
pub(crate) struct Document {
    pub(crate) text: String,
}

/// A fenced block.
pub(crate) struct Block<'a> {
    pub(crate) language: &'a str,
    pub(crate) text: &'a str,
}

/// A command: its words and expected exit code.
pub(crate) struct DocumentedCommand {
    pub(crate) words: Vec<String>,
    code: i32,
}

impl Document {
    /// Reads the page at this path of the repository.
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

    /// The text of all blocks in a language.
    pub(crate) fn text_in(&self, language: &str) -> String {
        self.blocks().filter(|block| block.language == language).map(|block| block.text).collect()
    }
}

impl Block<'_> {
    /// The commands that run the program, except those with one of these beginnings.
    pub(crate) fn commands(&self, except: &[&str]) -> Vec<DocumentedCommand> {
        let is_ours = |line: &&str| !line.is_empty() && !except.iter().any(|command| line.starts_with(command));
        self.text.lines().filter(is_ours).map(DocumentedCommand::parse).collect()
    }
}

impl DocumentedCommand {
    /// Parses a line. `cargo run --release --` runs the program before it is installed.
    fn parse(text: &str) -> Self {
        let (command, comment) = text.split_once('#').unwrap_or((text, ""));
        let starts = ["cargo run --release -- ", "bo-conformance "];
        let arguments = starts.iter().find_map(|start| command.strip_prefix(start));
        let arguments = arguments.unwrap_or_else(|| panic!("`{text}` does not run the program")).trim();
        let code = comment.trim().strip_prefix("exit ").map_or(0, |code| code.parse().expect("a code is a number"));
        Self { words: words(arguments), code }
    }

    /// Runs it, and checks the exit code.
    #[track_caller]
    pub(crate) fn run(&self, workplace: &Workplace) -> ProgramRun {
        let arguments: Vec<&str> = self.words.iter().map(String::as_str).collect();
        let run = workplace.run(&arguments);
        assert_eq!(run.code, Some(self.code), "{arguments:?}: {}", run.output());
        run
    }
}

/// Splits words as a shell does; the pages use double quotes only.
fn words(text: &str) -> Vec<String> {
    let quoted = text.split('"').enumerate();
    quoted
        .flat_map(|(position, part)| match position % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        })
        .collect()
}
