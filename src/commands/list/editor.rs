//! Settings for editors: the sentences as step definitions, and the parameters with their values, in the form that the Cucumber extension of
//! VS Code reads.

use std::{fmt::Write, fs, path::Path};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::atomic_write;

const SETTINGS: &str = "settings.json";
const SENTENCES: &str = "bo-conformance-steps.js";

/// Writes both files below a folder, and names them.
///
/// # Errors
/// When a file cannot be written, or settings that are there are no JSON.
pub(super) fn write_settings(folder: &Path) -> Result<String> {
    let folder = folder.join(".vscode");
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let file = folder.join(SETTINGS);
    let settings = merged(&file)?;
    let sentences = folder.join(SENTENCES);
    for (file, text) in [(&file, &format!("{settings:#}\n")), (&sentences, &sentences_text())] {
        atomic_write::write_text(file, text).with_context(|| format!("{} cannot be written", file.display()))?;
    }
    Ok(format!(
        "{}: settings for the extension `cucumberopen.cucumber-official`\n{}: every sentence, for the extension only\n",
        file.display(),
        sentences.display()
    ))
}

/// The settings that are there, with those for features in place of earlier ones.
fn merged(file: &Path) -> Result<Value> {
    let mut settings = json!({});
    if file.exists() {
        let text = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
        settings = serde_json::from_str(&text).unwrap_or(Value::Null);
    }
    let Some(object) = settings.as_object_mut() else {
        bail!("{} is no JSON object without comments; move it, write the settings, and join both", file.display());
    };
    let types = steps::parameter_values().into_iter().map(|(name, values)| {
        let escaped: Vec<String> = values.iter().map(|value| regex_escaped(value)).collect();
        json!({ "name": name, "regexp": escaped.join("|") })
    });
    object.insert("cucumber.features".to_owned(), json!(["**/*.feature"]));
    object.insert("cucumber.glue".to_owned(), json!([format!(".vscode/{SENTENCES}")]));
    object.insert("cucumber.parameterTypes".to_owned(), types.collect());
    Ok(settings)
}

fn regex_escaped(text: &str) -> String {
    let escaped = |character: char| {
        if character.is_alphanumeric() || " '-_".contains(character) { vec![character] } else { vec!['\\', character] }
    };
    text.chars().flat_map(escaped).collect()
}

fn sentences_text() -> String {
    let mut text = "// The sentences of bo-conformance, for editors; nothing runs this file.\n".to_owned();
    for definition in steps::step_definitions() {
        let expression = Value::from(definition.expression);
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{}({expression}, () => {{}});", steps::keyword(definition.keyword));
    }
    text
}
