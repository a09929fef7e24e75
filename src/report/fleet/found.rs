//! Finds the results below a folder, by target: the newest, the one before, and what is missing.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use crate::{
    report::renderer::Format,
    results::{self, ATTEMPT_FILE, Attempt, Results, Verdict},
};

/// Most levels of folders that are searched.
const DEEPEST: usize = 8;

/// A target of the fleet with its results.
pub(crate) struct FleetEntry {
    /// Its name.
    pub(crate) name: String,
    /// The state of its last run.
    pub(crate) state: TargetState,
    /// The results before, for comparison.
    pub(crate) previous: Option<Results>,
}

/// The state of a target's last run.
pub(crate) enum TargetState {
    /// Its results and their file.
    Judged(Box<Results>, PathBuf),
    /// No results, with the reason.
    NotJudged(String),
}

impl TargetState {
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
pub(crate) struct FoundResults {
    /// Newest first.
    results: BTreeMap<String, Vec<(Results, PathBuf)>>,
    attempts: BTreeMap<String, Attempt>,
    /// Unreadable files by path, with the reason.
    unreadable: BTreeMap<String, String>,
}

/// Reads all results and attempts below a folder.
pub(crate) fn find(folder: &Path) -> FoundResults {
    let mut found = FoundResults::default();
    found.search(folder, DEEPEST);
    for results in found.results.values_mut() {
        // Once a merged run exists, its shards are not runs of their own.
        if results.iter().any(|(results, _)| results.selection.shard.is_none()) {
            results.retain(|(results, _)| results.selection.shard.is_none());
        }
        results.sort_by_key(|(results, _)| std::cmp::Reverse(results.started_at));
    }
    found
}

impl FoundResults {
    fn search(&mut self, folder: &Path, deeper: usize) {
        let mut paths: Vec<PathBuf> =
            fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.sort();
        for path in paths {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            // A link could lead into a circle.
            if path.is_dir() && !path.is_symlink() && deeper > 0 {
                self.search(&path, deeper - 1);
            } else if name == Format::Json.file_name() {
                self.add_results(path);
            } else if name == ATTEMPT_FILE {
                self.add_attempt(&path);
            }
        }
    }

    fn add_results(&mut self, path: PathBuf) {
        match results::read(&path) {
            Ok(results) => self.results.entry(results.target.name.clone()).or_default().push((results, path)),
            Err(error) => {
                self.unreadable.insert(path.display().to_string(), error.to_string());
            }
        }
    }

    fn add_attempt(&mut self, path: &Path) {
        if let Some(attempt) = Attempt::read(path) {
            let known = self.attempts.entry(attempt.target.clone()).or_insert_with(|| attempt.clone());
            if known.started_at < attempt.started_at {
                *known = attempt;
            }
        }
    }

    /// Whether nothing was found.
    pub(crate) fn is_empty(&self) -> bool {
        self.results.is_empty() && self.attempts.is_empty() && self.unreadable.is_empty()
    }

    /// All targets, found or expected. Changes are relative to the results of another folder, or else to the earlier results
    /// below this one.
    pub(crate) fn targets(mut self, expected: &[String], mut previous: Option<Self>) -> Vec<FleetEntry> {
        let names: BTreeSet<String> =
            expected.iter().chain(self.results.keys()).chain(self.attempts.keys()).cloned().collect();
        let mut targets: Vec<FleetEntry> = names.into_iter().map(|name| self.target(name, previous.as_mut())).collect();
        for (path, reason) in self.unreadable {
            targets.push(FleetEntry { name: path, state: TargetState::NotJudged(reason), previous: None });
        }
        targets
    }

    fn target(&mut self, name: String, previous: Option<&mut Self>) -> FleetEntry {
        let mut own = self.results.remove(&name).unwrap_or_default().into_iter();
        let newest = own.next();
        let before = match previous {
            Some(previous) => previous.results.remove(&name).unwrap_or_default().into_iter().next(),
            None => own.next(),
        };
        let attempt = self.attempts.get(&name);
        let stale = |results: &Results| attempt.is_some_and(|attempt| results.started_at < attempt.started_at);
        let (state, before) = match newest {
            Some((results, path)) if !stale(&results) => (TargetState::Judged(Box::new(results), path), before),
            late => (
                TargetState::NotJudged(not_judged_reason(attempt, late.as_ref().map(|(results, _)| results))),
                late.or(before),
            ),
        };
        FleetEntry { name, state, previous: before.map(|(results, _)| results) }
    }
}

/// Why the last run has no results.
fn not_judged_reason(attempt: Option<&Attempt>, earlier: Option<&Results>) -> String {
    let why = match attempt.map(|attempt| (attempt, &attempt.ended)) {
        None => "it was not run, or its results are not here".to_owned(),
        Some((attempt, None)) => {
            format!("its run of {} ended before it could judge", attempt.started_at.strftime("%Y-%m-%d %H:%M UTC"))
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
