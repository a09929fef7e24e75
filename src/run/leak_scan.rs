//! Redaction, proven: when a run has ended, everything that it wrote or is about to print is searched for every secret that it
//! has seen. Finds and tells; masks nothing, for what is found has already slipped past the masks.

use std::{
    collections::BTreeSet,
    fmt,
    fs::File,
    io::{self, Seek, SeekFrom},
    panic,
    path::Path,
    sync::Arc,
    thread::{self, JoinHandle},
};

use steps::{Mask, SecretKind, SecretRegister, SecretSearch};

use crate::{output::Output, report::Written, suite::embedded};

/// Most secrets of one file that are named.
const MOST: usize = 3;

/// A search through what a run wrote.
struct Redaction {
    search: SecretSearch,
    leaks: Vec<Leak>,
}

/// Something that must not be passed on, or that nobody could look into.
struct Leak {
    place: String,
    problem: String,
}

/// Where secrets stand, for those who must keep these files to themselves now.
struct Leaks(Vec<Leak>);

impl Redaction {
    /// A search for the secrets of a run. Words of the suite are no secrets: they are in every report.
    fn of(seen: &SecretRegister) -> Self {
        let own: Vec<&str> = embedded::texts().collect();
        Self { search: seen.search(&own), leaks: Vec::new() }
    }

    /// Looks into files.
    fn check_files(&mut self, written: &[Written]) {
        for Written { file, from } in written {
            let problem = match self.in_file(file, *from) {
                Ok(masks) => named(&masks),
                Err(reason) => Some(format!("cannot be searched: {reason}")),
            };
            self.note(file.display().to_string(), problem);
        }
    }

    /// Looks into a text that is about to be printed.
    fn check_text(&mut self, what: &str, text: &str) {
        let problem = named(&self.search.in_text(text));
        self.note(format!("{what}, not printed"), problem);
    }

    /// Which kinds of secrets were not all searched for, and why; `None` when all were.
    fn left_out(&self) -> Option<String> {
        // What the suite has made up is nobody's secret, and short on purpose.
        let left_out = self.search.left_out().iter().filter(|kind| **kind != SecretKind::MadeUpToken);
        let kinds: Vec<String> = left_out.map(|kind| format!("{kind}s")).collect();
        (!kinds.is_empty()).then(|| {
            format!(
                "some {} of this run are short, a word or a number, which ordinary text contains by chance: they are masked in \
                 what was sent and answered, but what was written was not searched for them",
                kinds.join(" and ")
            )
        })
    }

    fn in_file(&self, file: &Path, from: u64) -> io::Result<BTreeSet<Mask>> {
        let mut opened = File::open(file)?;
        opened.seek(SeekFrom::Start(from))?;
        self.search.in_reader(opened)
    }

    fn note(&mut self, place: String, problem: Option<String>) {
        self.leaks.extend(problem.map(|problem| Leak { place, problem }));
    }
}

/// A search that is made ready on another processor, for which writing reports leaves time.
pub(crate) struct LeakScan(JoinHandle<Redaction>);

impl LeakScan {
    /// Begins to make it ready.
    pub(crate) fn of(seen: &Arc<SecretRegister>) -> Self {
        let seen = Arc::clone(seen);
        Self(thread::spawn(move || Redaction::of(&seen)))
    }

    /// Searches what a run wrote and is about to say for every secret that it has seen. Says where one stands, and of which
    /// kinds not all were searched for. Returns every place with what stands there.
    pub(crate) fn finds(self, written: &[Written], said: &str, output: &Output) -> Vec<String> {
        let mut redaction = self.0.join().unwrap_or_else(|panic| panic::resume_unwind(panic));
        redaction.check_text("standard output", said);
        redaction.check_files(written);
        if let Some(left_out) = redaction.left_out() {
            output.note(&format!("note: {left_out}"));
        }
        let leaks = Leaks(redaction.leaks);
        if !leaks.0.is_empty() {
            output.note(&format!("error: {leaks}"));
        }
        leaks.0.iter().map(Leak::to_string).collect()
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

impl fmt::Display for Leaks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "a secret of this run is in what it wrote:")?;
        for leak in &self.0 {
            writeln!(f, "  {leak}")?;
        }
        f.write_str(
            "Nothing was deleted: pass none of these files on. What goes to a server and what it answers is masked, so look \
             for the secret in what the run was given: names of the target, of features and scenarios, texts of waivers",
        )
    }
}
