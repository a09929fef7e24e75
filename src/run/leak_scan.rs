//! The leak scan: when a run has ended, everything that it is about to write or print is searched for every secret that it has
//! seen. Publishing decides what becomes of a leak.

use std::{
    collections::BTreeSet,
    fmt,
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::Arc,
    thread::{self, JoinHandle},
};

use steps::{Mask, SecretKind, SecretRegister, SecretSearch};

use crate::{exit::ExitStatus, output::Output, suite::embedded};

/// Most secrets of one file that are named.
const MOST: usize = 3;

const ADVICE: &str = "No report with it was written, and earlier reports were removed. What goes to a server and what it answers is \
                      masked, so look for the secret in what the run was given: names of the target, of features and scenarios, \
                      texts of waivers";

/// A search through what a run wrote.
struct Redaction {
    search: SecretSearch,
    leaks: Vec<Leak>,
}

/// Something that must not be passed on, or that could not be searched.
struct Leak {
    place: String,
    problem: String,
}

impl Redaction {
    /// A search for the secrets of a run. Words of the suite are no secrets: they are in every report.
    fn of(seen: &SecretRegister) -> Self {
        let own: Vec<&str> = embedded::texts().collect();
        Self { search: seen.search(&own), leaks: Vec::new() }
    }

    /// Looks into files.
    fn check_files(&mut self, written: &[PathBuf]) {
        for file in written {
            let problem = match self.in_file(file) {
                Ok(masks) => named(&masks),
                Err(reason) => Some(format!("cannot be searched: {reason}")),
            };
            self.note(file.display().to_string(), problem);
        }
    }

    /// Searches a text that is about to be printed or written.
    fn check_text(&mut self, place: String, text: &[u8]) {
        let problem = match self.search.in_reader(text) {
            Ok(masks) => named(&masks),
            Err(reason) => Some(format!("cannot be searched: {reason}")),
        };
        self.note(place, problem);
    }

    /// Which secrets were not searched for, why, and what to do; `None` when all were.
    fn left_out(&self) -> Option<String> {
        // What the suite has made up is public, and short on purpose. The passwords of users are registered first.
        let name = |mask: &Mask| match mask {
            Mask { kind: SecretKind::Password, number: 1 } => Some("the password of `login`".to_owned()),
            Mask { kind: SecretKind::Password, number: 2 } => Some("the password of `second_user.login`".to_owned()),
            Mask { kind: SecretKind::MadeUpToken | SecretKind::Password, .. } => None,
            other => Some(format!("some {}s", other.kind)),
        };
        let names: BTreeSet<String> = self.search.left_out().iter().filter_map(name).collect();
        (!names.is_empty()).then(|| {
            let names: Vec<String> = names.into_iter().collect();
            format!(
                "the reports were not searched for {}: short, a word or a number, which ordinary text contains by chance; masked in \
                 requests and answers all the same. Give a test user a password of at least 8 letters and digits",
                names.join(" and ")
            )
        })
    }

    fn in_file(&self, file: &Path) -> io::Result<BTreeSet<Mask>> {
        self.search.in_reader(File::open(file)?)
    }

    fn note(&mut self, place: String, problem: Option<String>) {
        self.leaks.extend(problem.map(|problem| Leak { place, problem }));
    }
}

/// A search that is made ready on another processor, for which writing reports leaves time.
pub(crate) struct LeakScan {
    seen: Arc<SecretRegister>,
    ready: JoinHandle<Redaction>,
}

impl LeakScan {
    /// Begins to make it ready.
    pub(crate) fn of(seen: &Arc<SecretRegister>) -> Self {
        let for_thread = Arc::clone(seen);
        Self { seen: Arc::clone(seen), ready: thread::spawn(move || Redaction::of(&for_thread)) }
    }

    /// Whether none of the secrets is in this text.
    pub(crate) fn finds_nothing(self, place: String, text: &[u8]) -> bool {
        // A thread that panicked leaves nothing; then it is made ready here.
        let mut redaction = self.ready.join().unwrap_or_else(|_| Redaction::of(&self.seen));
        redaction.check_text(place, text);
        redaction.leaks.is_empty()
    }

    /// Searches what a run is about to write (by place) and to print, and the files that were written already, for every secret
    /// that the run has seen. Notes which secrets were not searched for.
    pub(crate) fn find(
        self,
        about_to_write: &[(String, &[u8])],
        written: &[PathBuf],
        to_print: &str,
        output: &Output,
    ) -> LeaksFound {
        // A thread that panicked leaves nothing; then it is made ready here.
        let mut redaction = self.ready.join().unwrap_or_else(|_| Redaction::of(&self.seen));
        redaction.check_text("standard output, not printed".to_owned(), to_print.as_bytes());
        for (place, bytes) in about_to_write {
            redaction.check_text(place.clone(), bytes);
        }
        redaction.check_files(written);
        if let Some(left_out) = redaction.left_out() {
            output.note(&format!("note: {left_out}"));
        }
        let Redaction { search, leaks } = redaction;
        LeaksFound { places: leaks.iter().map(Leak::to_string).collect(), search }
    }
}

/// The outcome of a search.
pub(crate) struct LeaksFound {
    /// Every place with the masks of what is there.
    pub(crate) places: Vec<String>,
    search: SecretSearch,
}

impl LeaksFound {
    /// The error of a command that found leaks, with what to do; `None` where it found none.
    pub(crate) fn error(&self) -> Option<anyhow::Error> {
        let places: String = self.places.iter().map(|place| format!("  {place}\n")).collect();
        (!places.is_empty()).then(|| {
            ExitStatus::NotJudged.because(format!("a secret of this run would be in what it writes:\n{places}{ADVICE}"))
        })
    }

    /// The text without the secrets, if they can be taken out.
    pub(crate) fn mask(&self, text: &[u8]) -> Option<String> {
        let masked = self.search.mask(std::str::from_utf8(text).ok()?);
        self.search.in_text(&masked).is_empty().then_some(masked)
    }
}

fn named(masks: &BTreeSet<Mask>) -> Option<String> {
    let mut named: Vec<String> = masks.iter().take(MOST).map(Mask::to_string).collect();
    if masks.len() > MOST {
        named.push(format!("and {} more", masks.len() - MOST));
    }
    (!named.is_empty()).then(|| named.join(", "))
}

impl fmt::Display for Leak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.problem)
    }
}
