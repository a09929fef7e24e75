//! A violation with the steps that show it, and both in words: as a scenario that can be kept beside the features.

use super::{
    input::Text,
    judge::Violation,
    operation::{Act, Call, Deviation, Field, Id, Kind, Operation, Pass, Setting, Step, Subject},
};

/// What was found.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) violation: Violation,
    /// The shortest sequence that shows it.
    pub(crate) steps: Vec<Step>,
    /// How often it was seen, of how many tries.
    pub(crate) seen: u32,
    pub(crate) tries: u32,
}

impl Finding {
    /// The kinds of its steps: what two findings have in common that differ in a seed only.
    pub(crate) fn shape(&self) -> String {
        let shape = |step: &Step| match &step.operation {
            Operation::Act(act) => act.class(),
            Operation::Together(acts) => format!("together {:?}", acts.first().map(|(_, act)| act.call)),
            Operation::Mint { .. } => "mint".to_owned(),
            Operation::Pass(_) => "pass".to_owned(),
        };
        self.steps.iter().map(shape).collect::<Vec<_>>().join(" · ")
    }

    /// How often it was seen, in words.
    pub(crate) fn frequency(&self) -> String {
        format!("seen in {} of {} tries", self.seen, self.tries)
    }

    /// The steps in words, in their order.
    pub(crate) fn lines(&self) -> Vec<String> {
        let names = Names(&self.steps);
        self.steps.iter().map(|step| names.step(step)).collect()
    }

    /// A scenario in Gherkin. Its steps are plain words; those that the vocabulary does not have are to be put in its words.
    pub(crate) fn scenario(&self, seed: u64) -> String {
        let id = self.violation.requirement;
        let lines = self.lines();
        let mut text =
            format!("# Found by `explore --seed {seed}`, {}.\nFeature: {id}, found by exploring\n\n", self.frequency());
        text.push_str(&format!("  @{id} @explored\n  Scenario: {}\n", title(&self.violation.text)));
        for (at, line) in lines.iter().enumerate() {
            let keyword = match at {
                _ if at + 1 == lines.len() => "When",
                0 => "Given",
                _ => "And",
            };
            text.push_str(&format!("    {keyword} {line}\n"));
        }
        text.push_str(&format!("    # What came: {}\n", self.violation.text));
        text
    }
}

fn title(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + chars.as_str())
}

/// Names for what steps make: pair 1, one-time token 2.
struct Names<'a>(&'a [Step]);

impl Names<'_> {
    fn ordinal(&self, id: Id, makes: impl Fn(&Step) -> bool) -> usize {
        1 + self.0.iter().filter(|step| step.id < id && makes(step)).count()
    }

    fn pair(&self, id: Id) -> String {
        let makes = |step: &Step| match &step.operation {
            Operation::Act(act) => matches!(act.call, Call::Login | Call::Refresh) && act.deviation.is_right(),
            Operation::Together(_) => true,
            _ => false,
        };
        format!("pair {}", self.ordinal(id, makes))
    }

    fn one_time(&self, id: Id) -> String {
        format!("one-time token {}", self.ordinal(id, |step| matches!(step.operation, Operation::Mint { .. })))
    }

    fn token(&self, id: Id, kind: Kind) -> String {
        match kind {
            Kind::Access => format!("the access token of {}", self.pair(id)),
            Kind::Refresh => format!("the refresh token of {}", self.pair(id)),
            Kind::OneTime => self.one_time(id),
        }
    }

    fn step(&self, step: &Step) -> String {
        match &step.operation {
            Operation::Act(act) => self.act(*act, step.id),
            Operation::Mint { user } => {
                format!("a fresh one-time token of user {} ({})", user + 1, self.one_time(step.id))
            }
            Operation::Pass(pass) => self.pass(*pass),
            Operation::Together(acts) => {
                let first = acts.first().map(|(_, act)| self.act(*act, step.id)).unwrap_or_default();
                let gap = acts.get(1).map_or(0, |(after, _)| *after);
                let apart =
                    if gap == 0 { "at once".to_owned() } else { format!("{} ms apart", f64::from(gap) / 1000.0) };
                format!("{} requests {apart}, the first: {first}", acts.len())
            }
        }
    }

    fn pass(&self, pass: Pass) -> String {
        match pass {
            Pass::For(time) => format!("{} seconds pass", time.as_secs_f64()),
            Pass::Before(id, kind) => format!("time passes until shortly before the end of {}", self.token(id, kind)),
            Pass::After(id, kind) => format!("time passes until shortly after the end of {}", self.token(id, kind)),
            Pass::Part(id, kind, part) => format!("{part} % of the life of {} pass", self.token(id, kind)),
        }
    }

    fn act(&self, act: Act, id: Id) -> String {
        let right = match (act.call, act.subject) {
            (Call::Login, Subject::User(user)) => format!("user {} logs in ({})", user + 1, self.pair(id)),
            (Call::Use, Subject::Pair(pair)) => format!("{} is used", self.token(pair, Kind::Access)),
            (Call::Refresh, Subject::Pair(pair)) => {
                format!("{} is presented for a new pair ({})", self.token(pair, Kind::Refresh), self.pair(id))
            }
            (Call::Verify, Subject::OneTime(one)) => format!("{} is verified", self.one_time(one)),
            (Call::Change, Subject::Setting { setting, value, pair }) => {
                format!("{} is set to {value} seconds with {}", lifetime(setting), self.token(pair, Kind::Access))
            }
            (Call::ReadSettings, _) => "the settings are read".to_owned(),
            _ => "a path that the API does not have is called".to_owned(),
        };
        match deviation(act.deviation, self) {
            Some(deviation) => format!("{right}, {deviation}"),
            None => right,
        }
    }
}

fn lifetime(setting: Setting) -> &'static str {
    match setting {
        Setting::Access => "the access lifetime",
        Setting::Refresh => "the refresh lifetime",
        Setting::OneTime => "the one-time lifetime",
    }
}

fn deviation(deviation: Deviation, names: &Names<'_>) -> Option<String> {
    let field = |field: Field| match field {
        Field::Login => "the login",
        Field::Password => "the password",
        Field::Token => "the token",
        Field::Value => "the value",
    };
    Some(match deviation {
        Deviation::None => return None,
        Deviation::Spelled(spelling) => format!("written otherwise ({})", words(&format!("{spelling:?}"))),
        Deviation::Text(which, Text::Others) => format!("with {} of another user", field(which)),
        Deviation::Text(which, Text::Forged(forgery)) => {
            format!("with {} in another format ({})", field(which), words(&format!("{forgery:?}")))
        }
        Deviation::Text(which, Text::Made { length, alphabet, whole, .. }) => {
            let length = if length == 0 { "its usual length".to_owned() } else { format!("{length} characters") };
            let part = if whole { "all" } else { "some" };
            format!("with {} made up: {length}, {part} of them {}", field(which), words(&format!("{alphabet:?}")))
        }
        Deviation::Text(which, Text::Spoilt { how, .. }) => {
            format!("with {} spoilt ({})", field(which), words(&format!("{how:?}")))
        }
        Deviation::Json(which, odd) => {
            format!("with {} as JSON of another kind ({})", field(which), words(&format!("{odd:?}")))
        }
        Deviation::Absent(which) => format!("without {}", field(which)),
        Deviation::Body(bad) => format!("with another body ({})", words(&format!("{bad:?}"))),
        Deviation::Method(method) => format!("with the method {method}"),
        Deviation::Place(place) => format!("in another place ({})", words(&format!("{place:?}"))),
        Deviation::Scheme(scheme) => format!("under another scheme ({})", words(&format!("{scheme:?}"))),
        Deviation::Path(path) => {
            format!("without a token, the path written otherwise ({})", words(&format!("{path:?}")))
        }
        Deviation::OtherKind(id, kind) => format!("with {} in its place", names.token(id, kind)),
        Deviation::Value(bad) => format!("with {} as the value", bad.json()),
        Deviation::Trusted(trusted) => {
            format!("without a token, but with what a proxy may be trusted for ({})", words(&format!("{trusted:?}")))
        }
        Deviation::Content(content) => format!("declared as other content ({})", words(&format!("{content:?}"))),
        Deviation::Unguarded(method) => format!("without a token and with the method {method}"),
        Deviation::Browser => "without what is needed, as a browser asks for a page".to_owned(),
        Deviation::Beside(extra) => format!("with something odd beside it ({})", words(&format!("{extra:?}"))),
        Deviation::Below => "to a path below the right one".to_owned(),
        Deviation::HalfBad => "beside a negative value of another lifetime".to_owned(),
    })
}

/// A name of a class in words.
fn words(name: &str) -> String {
    let mut words = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !words.is_empty() && words.ends_with(|c: char| c.is_ascii_lowercase()) {
            words.push(' ');
        }
        words.push(c.to_ascii_lowercase());
    }
    words
}
