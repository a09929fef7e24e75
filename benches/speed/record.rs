//! Records measurements: raw values for a file, and a table for people.

use std::{fmt::Write, fs, path::Path};

use anyhow::Result;
use serde_json::{Value, json};

use crate::{machine, process::Subject};

/// The measurements of one run of the benchmark.
pub(crate) struct Record {
    machine: Value,
    began: jiff::Timestamp,
    raw: Vec<Value>,
    rows: Vec<[String; 4]>,
}

impl Record {
    pub(crate) fn new() -> Result<Self> {
        Ok(Self { machine: machine::described(), began: jiff::Timestamp::now(), raw: Vec::new(), rows: Vec::new() })
    }

    /// Raw values of one command or one property of it.
    pub(crate) fn raw(&mut self, what: &str, command: &str, unit: &str, values: &[f64]) {
        self.raw.push(json!({ "what": what, "command": command, "unit": unit, "values": values }));
    }

    /// Adds a row: name, median with range, peak memory, and ratio to the floor.
    pub(crate) fn row(&mut self, what: &str, value: String, memory: String, ratio: String) {
        println!("{what}: {value} {memory} {ratio}");
        self.rows.push([what.to_owned(), value, memory, ratio]);
    }

    /// Alternates these commands for this many rounds and records their seconds; then runs each once more for its memory.
    pub(crate) fn in_turn(&mut self, subjects: &[Subject], rounds: usize) -> Result<Vec<Timed>> {
        let mut timed: Vec<Timed> = subjects.iter().map(|_| Timed::default()).collect();
        for round in 0..=rounds {
            for (subject, timed) in subjects.iter().zip(&mut timed) {
                let seconds = subject.seconds()?;
                // The first round only warms caches.
                if round > 0 {
                    timed.seconds.push(seconds);
                }
            }
        }
        for (subject, timed) in subjects.iter().zip(&mut timed) {
            timed.peak = subject.peak()?;
            self.raw(&subject.name, &subject.line(), "s", &timed.seconds);
            if let Some(peak) = timed.peak {
                self.raw(&format!("{}, peak memory", subject.name), &subject.line(), "kB", &[peak as f64]);
            }
        }
        Ok(timed)
    }

    /// The table, in Markdown.
    pub(crate) fn table(&self) -> String {
        let mut text =
            String::from("| what | median (least to most) | peak memory | beside the floor |\n|---|---|---|---|\n");
        for [what, value, memory, ratio] in &self.rows {
            // Writing into a String cannot fail.
            let _ = writeln!(text, "| {what} | {value} | {memory} | {ratio} |");
        }
        text
    }

    /// Writes raw.json and table.md.
    pub(crate) fn write(&self, folder: &Path) -> Result<()> {
        fs::create_dir_all(folder)?;
        let raw = json!({
            "began": self.began.to_string(),
            "command": "cargo bench --locked --bench speed -- --record DIR",
            "machine": self.machine,
            "measurements": self.raw,
        });
        // One measurement per line, so that two runs can be compared line by line.
        let text = raw.to_string().replace("{\"command\"", "\n{\"command\"");
        fs::write(folder.join("raw.json"), text.trim_start().to_owned() + "\n")?;
        fs::write(folder.join("table.md"), self.table())?;
        Ok(())
    }
}

/// The measurements of one command.
#[derive(Clone, Default)]
pub(crate) struct Timed {
    pub(crate) seconds: Vec<f64>,
    peak: Option<u64>,
}

impl Timed {
    pub(crate) fn median(&self) -> f64 {
        median(&self.seconds)
    }

    /// Median and range in milliseconds.
    pub(crate) fn shown(&self) -> String {
        spread(&self.seconds.iter().map(|seconds| seconds * 1e3).collect::<Vec<_>>(), "ms")
    }

    /// Peak memory in MB.
    pub(crate) fn memory(&self) -> String {
        self.peak.map(|peak| format!("{:.1} MB", peak as f64 / 1024.0)).unwrap_or_default()
    }

    /// The median of the ratios to another command, round by round.
    pub(crate) fn times(&self, other: &Self) -> f64 {
        median(&self.seconds.iter().zip(&other.seconds).map(|(one, other)| one / other).collect::<Vec<_>>())
    }
}

/// The median.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

/// `12.3 ms (11.9 to 14.0)`.
pub(crate) fn spread(values: &[f64], unit: &str) -> String {
    let (least, most) = values.iter().fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(*v), high.max(*v)));
    let digits = if median(values) < 100.0 { 1 } else { 0 };
    format!("{:.digits$} {unit} ({least:.digits$} to {most:.digits$})", median(values))
}
