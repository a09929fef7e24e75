//! `init`: writes a configuration file with every key explained. On a terminal it asks for what no server can do without;
//! never for a password, which does not belong in the file.

use std::{
    fs::File,
    io::{self, BufRead, IsTerminal, Write},
    path::Path,
};

use anyhow::{Context, Result};
use steps::target::BaseUrl;

use crate::{
    config::{FILE_NAME, render_template},
    exit::ExitStatus,
    output::Output,
};

/// Arguments of `init`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Print the file instead of writing it
    #[arg(long)]
    stdout: bool,
}

/// A question, and the line of the template that its answer goes into.
struct Question {
    asks: &'static str,
    key: &'static str,
    default: &'static str,
}

const QUESTIONS: [Question; 3] = [
    Question {
        asks: "Where does the REST API begin? The address of the Swagger page will do",
        key: "base_url",
        default: "https://bo.example:8443/proftrading/rest",
    },
    Question { asks: "Which login may log in there?", key: "login", default: "qa-certifier" },
    Question { asks: "Which GET needs an access token?", key: "probe", default: "/accounts?limit=1" },
];

/// Runs the command.
pub(crate) fn run(args: &Args, output: &Output) -> Result<ExitStatus> {
    if !args.stdout && Path::new(FILE_NAME).exists() {
        anyhow::bail!(
            "{FILE_NAME} is there already and is left as it is; see a fresh one with `bo-conformance init --stdout`"
        );
    }
    let asked = io::stdin().is_terminal() && !args.stdout;
    let text =
        if asked { filled(&mut io::stdin().lock(), |question| output.note(question))? } else { render_template() };
    if args.stdout {
        output.result(&text)?;
        return Ok(ExitStatus::Done);
    }
    write(Path::new(FILE_NAME), &text)?;
    output.result(&format!(
        "{FILE_NAME} is written. Next: export BO_PASSWORD=…, then bo-conformance doctor --target staging\n"
    ))?;
    Ok(ExitStatus::Done)
}

/// A file that somebody else made in the meantime is not overwritten either.
fn write(path: &Path, text: &str) -> Result<()> {
    let cannot = || format!("{} cannot be written", path.display());
    let mut file = File::create_new(path).with_context(cannot)?;
    file.write_all(text.as_bytes()).with_context(cannot)
}

/// The template with the answers in it. An empty answer, and the end of the input, keep the default.
fn filled(answers: &mut impl BufRead, ask: impl Fn(&str)) -> Result<String> {
    let mut text = render_template();
    for question in &QUESTIONS {
        let answer = loop {
            ask(&format!("{} [{}]", question.asks, question.default));
            let mut line = String::new();
            answers.read_line(&mut line).context("the answer cannot be read")?;
            match question.accept(line.trim()) {
                Ok(answer) => break answer,
                Err(why) => ask(&why),
            }
        };
        text = with_value(&text, question.key, &answer);
    }
    Ok(text)
}

impl Question {
    fn accept(&self, answer: &str) -> Result<String, String> {
        match (self.key, answer) {
            (_, "") => Ok(self.default.to_owned()),
            ("base_url", url) => BaseUrl::parse(url).map(|url| url.to_string()).map_err(|error| error.to_string()),
            ("probe", path) if !path.starts_with('/') => {
                Err("a path below the base URL begins with a slash".to_owned())
            }
            _ => Ok(answer.to_owned()),
        }
    }
}

/// The text with a value in the first line that sets this key; a comment behind the value goes with it.
fn with_value(text: &str, key: &str, value: &str) -> String {
    let start = format!("{key} = ");
    let mut first = true;
    let lines = text.lines().map(|line| {
        if !line.starts_with(&start) || !std::mem::take(&mut first) {
            return line.to_owned();
        }
        // A string of JSON is one of TOML.
        format!("{start}{}", serde_json::Value::from(value))
    });
    lines.map(|line| line + "\n").collect()
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    fn answered(answers: &str) -> (toml::Table, Vec<String>) {
        let asked = RefCell::new(Vec::new());
        let text = filled(&mut answers.as_bytes(), |question| asked.borrow_mut().push(question.to_owned()));
        let parsed = text.expect("there are answers").parse().expect("it is TOML");
        (parsed, asked.into_inner())
    }

    #[test]
    fn answers_go_into_the_file() {
        let (file, asked) = answered("https://bo.test/rest/swagger-ui.html#\nme \"and\" you\n/whoami\n");
        let target = &file["targets"]["staging"];
        assert_eq!(target["base_url"].as_str(), Some("https://bo.test/rest"));
        assert_eq!(target["login"].as_str(), Some("me \"and\" you"));
        assert_eq!(target["probe"].as_str(), Some("/whoami"));
        assert_eq!(asked.len(), 3);
    }

    #[test]
    fn no_answer_keeps_what_stands_there() {
        let (file, _) = answered("\n");
        assert_eq!(file, render_template().parse().expect("the template is TOML"));
    }

    #[test]
    fn what_cannot_be_is_asked_again() {
        let (file, asked) = answered("bo.test\nhttps://bo.test\n\naccounts\n/accounts\n");
        assert_eq!(file["targets"]["staging"]["base_url"].as_str(), Some("https://bo.test"));
        assert_eq!(file["targets"]["staging"]["probe"].as_str(), Some("/accounts"));
        assert_eq!(asked.len(), 7, "{asked:?}");
    }
}
