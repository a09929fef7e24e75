//! Fuzzing in the usual tests: valid texts, altered at random for half a second, or as long as `BO_FUZZ_SECONDS` asks for. A reader may
//! refuse what it gets; it may not panic or hang.

use std::{
    env,
    time::{Duration, Instant},
};

/// Milliseconds of each test; `BO_FUZZ_SECONDS` asks for more.
const USUAL: u64 = 500;
/// The longest time that one text may take: far above what any takes.
const LONGEST: Duration = Duration::from_secs(20);

/// Fragments that readers trip over.
const FRAGMENTS: [&str; 20] = [
    "\0",
    "\u{feff}",
    "\r\n",
    "\"",
    "'",
    "\\",
    "{",
    "}",
    "[",
    "]",
    "null",
    "-1",
    "1e400",
    "99999999999999999999",
    "\u{202e}",
    "|",
    "#",
    "=",
    "\"\"\"",
    "\\u0000",
];

/// Gives altered texts to a reader until the time is over.
pub(crate) fn read_altered(texts: &[&str], read: impl Fn(&str)) {
    let seconds = env::var("BO_FUZZ_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    let end = Instant::now() + seconds.map_or(Duration::from_millis(USUAL), Duration::from_secs);
    let mut random = Random(0x5eed);
    while Instant::now() < end {
        let text = altered(texts[random.below(texts.len())], &mut random);
        let began = Instant::now();
        read(&text);
        assert!(began.elapsed() < LONGEST, "a text of {} bytes took {:?}: {text}", text.len(), began.elapsed());
    }
}

/// A text with some places removed, repeated, exchanged, or replaced by a fragment.
fn altered(text: &str, random: &mut Random) -> String {
    let mut text = text.to_owned();
    for _ in 0..=random.below(4) {
        let from = text.floor_char_boundary(random.below(text.len() + 1));
        let to = text.floor_char_boundary((from + random.below(40)).min(text.len())).max(from);
        let piece = text[from..to].to_owned();
        match random.below(5) {
            0 => text.replace_range(from..to, ""),
            1 => text.insert_str(to, &piece),
            2 => text.insert_str(from, &FRAGMENTS[random.below(FRAGMENTS.len())].repeat([1, 3, 400][random.below(3)])),
            3 => text.replace_range(from..to, FRAGMENTS[random.below(FRAGMENTS.len())]),
            _ => text.truncate(to),
        }
    }
    text
}

struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}
