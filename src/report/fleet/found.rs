//! The results below a folder, by target: the newest of each, the ones before, and what is missing.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use crate::{
    report::Format,
    results::{self, ATTEMPT_FILE, Attempt, Results, Verdict},
};

/// Deepest folder that results are looked for in.
const DEEPEST: usize = 8;

/// A target and what is known of it.
pub(crate) struct Target {
    pub(crate) name: String,
    pub(crate) state: State,
    /// The results before, which changes are told against.
    pub(crate) previous: Option<Results>,
}

/// What there is of a target.
pub(crate) enum State {
    /// The results of its last run, and where they are.
    Judged(Box<Results>, PathBuf),
    /// Its last run has left no results.
    NotJudged(String),
}

impl State {
    /// The verdict, where there is one.
    pub(crate) fn verdict(&self) -> Option<Verdict> {
        self.results().map(|results| results.verdict)
    }

    /// The results, where there are some.
    pub(crate) fn results(&self) -> Option<&Results> {
        if let Self::Judged(results, _) = self { Some(results) } else { None }
    }
}

/// Everything below a folder.
#[derive(Default)]
pub(crate) struct Found {
    /// Newest first.
    results: BTreeMap<String, Vec<(Results, PathBuf)>>,
    attempts: BTreeMap<String, Attempt>,
    /// Files that cannot be read, by path, with the reason.
    unreadable: BTreeMap<String, String>,
}

/// Reads all results and attempts below a folder.
pub(crate) fn find(folder: &Path) -> Found {
    let mut found = Found::default();
    found.look_into(folder, DEEPEST);
    for results in found.results.values_mut() {
        // Where the shards of a run have been merged, they are no runs of their own.
        if results.iter().any(|(results, _)| results.selection.shard.is_none()) {
            results.retain(|(results, _)| results.selection.shard.is_none());
        }
        results.sort_by_key(|(results, _)| std::cmp::Reverse(results.started_at));
    }
    found
}

impl Found {
    fn look_into(&mut self, folder: &Path, deeper: usize) {
        let mut paths: Vec<PathBuf> =
            fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.sort();
        for path in paths {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            // A link could lead round in a circle.
            if path.is_dir() && !path.is_symlink() && deeper > 0 {
                self.look_into(&path, deeper - 1);
            } else if name == Format::Json.file_name() {
                self.take_results(path);
            } else if name == ATTEMPT_FILE {
                self.take_attempt(&path);
            }
        }
    }

    fn take_results(&mut self, path: PathBuf) {
        match results::read(&path) {
            Ok(results) => self.results.entry(results.target.name.clone()).or_default().push((results, path)),
            Err(error) => {
                self.unreadable.insert(path.display().to_string(), error.to_string());
            }
        }
    }

    fn take_attempt(&mut self, path: &Path) {
        if let Some(attempt) = Attempt::read(path) {
            let known = self.attempts.entry(attempt.target.clone()).or_insert_with(|| attempt.clone());
            if known.started_at < attempt.started_at {
                *known = attempt;
            }
        }
    }

    /// Whether there is nothing at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.results.is_empty() && self.attempts.is_empty() && self.unreadable.is_empty()
    }

    /// All targets: those found, and those expected. Changes are told against the results of another folder, or else
    /// against the ones before below this one.
    pub(crate) fn targets(mut self, expected: &[String], mut previous: Option<Self>) -> Vec<Target> {
        let names: BTreeSet<String> =
            expected.iter().chain(self.results.keys()).chain(self.attempts.keys()).cloned().collect();
        let mut targets: Vec<Target> = names.into_iter().map(|name| self.target(name, previous.as_mut())).collect();
        for (path, reason) in self.unreadable {
            targets.push(Target { name: path, state: State::NotJudged(reason), previous: None });
        }
        targets
    }

    fn target(&mut self, name: String, previous: Option<&mut Self>) -> Target {
        let mut own = self.results.remove(&name).unwrap_or_default().into_iter();
        let newest = own.next();
        let before = match previous {
            Some(previous) => previous.results.remove(&name).unwrap_or_default().into_iter().next(),
            None => own.next(),
        };
        let attempt = self.attempts.get(&name);
        let stale = |results: &Results| attempt.is_some_and(|attempt| results.started_at < attempt.started_at);
        let (state, before) = match newest {
            Some((results, path)) if !stale(&results) => (State::Judged(Box::new(results), path), before),
            late => (State::NotJudged(unjudged(attempt, late.as_ref().map(|(results, _)| results))), late.or(before)),
        };
        Target { name, state, previous: before.map(|(results, _)| results) }
    }
}

/// Why there are no results of the last run.
fn unjudged(attempt: Option<&Attempt>, earlier: Option<&Results>) -> String {
    let why = match attempt.map(|attempt| (attempt, &attempt.ended)) {
        None => "it was not run, or its results are not here".to_owned(),
        Some((attempt, None)) => {
            format!(
                "its run of {} was ended before it could say anything",
                attempt.started_at.strftime("%Y-%m-%d %H:%M UTC")
            )
        }
        Some((_, Some(ended))) => ended.reason.clone().unwrap_or_else(|| format!("its run ended with {}", ended.code)),
    };
    match earlier {
        Some(earlier) => {
            format!("{why}; last judged on {}: {}", earlier.started_at.strftime("%Y-%m-%d"), earlier.verdict)
        }
        None => why,
    }
}
