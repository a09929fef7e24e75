use std::{collections::HashSet, time::Duration};

use standin::{ApiRequest, BASE_PATH, StandIn, StandInOptions, TokenLifetimes, Variations, variations};
use steps::{
    OperatorAnswer, OperatorRequest, Secret,
    target::{Dialect, Pointer},
};

use super::{Event, Server, TargetHealth, Watcher, WatcherOptions, server::TargetFacts};

/// The stand-in with a turned clock, and what can happen on the way to it.
struct Turned {
    server: StandIn,
    facts: TargetFacts,
    is_down: bool,
    slowness: Duration,
    certificate_end: Option<Duration>,
    /// The moments of failed logins.
    failed: Vec<Duration>,
    requests: u64,
}

const START: Duration = Duration::from_secs(1_800_000_000);

const DAY: Duration = Duration::from_secs(86_400);

impl Turned {
    fn new(lifetimes: TokenLifetimes, names: &[&str]) -> Self {
        let variations = Variations::from_names(names).expect("there are such variations");
        let server = StandIn::new(StandInOptions { lifetimes, variations, ..StandInOptions::default() });
        let user = server.users()[0].clone();
        let facts = TargetFacts {
            login: user.login.clone(),
            password: Secret::new(user.password),
            probe: Some(("/accounts".to_owned(), Pointer::parse("/0/owner").ok())),
            one_time_login: Some(user.login),
            dialect: Dialect::default(),
            margin: Duration::from_secs(2),
        };
        let (slowness, certificate_end) = (Duration::ZERO, None);
        Self { server, facts, is_down: false, slowness, certificate_end, failed: Vec::new(), requests: 0 }
    }

    fn wall(&self) -> Duration {
        START + self.server.clock().now()
    }
}

impl Server for Turned {
    fn facts(&self) -> &TargetFacts {
        &self.facts
    }

    fn now(&self) -> Duration {
        self.server.clock().now()
    }

    async fn send(&mut self, request: OperatorRequest) -> Result<OperatorAnswer, String> {
        self.requests += 1;
        if self.is_down {
            return Err("nothing accepts connections".to_owned());
        }
        let is_login = request.path == "/auth/token";
        let (path, query) =
            request.path.split_once('?').map_or((&*request.path, None), |(path, query)| (path, Some(query)));
        let asked = ApiRequest {
            method: request.method.to_owned(),
            path: format!("{BASE_PATH}{path}"),
            query: query.map(str::to_owned),
            headers: request.headers,
            body: request.body.map(|(_, bytes)| bytes).unwrap_or_default(),
        };
        let sent = self.now();
        let answer = self.server.handle(&asked);
        if is_login && answer.status != 200 {
            self.failed.push(self.wall());
        }
        let json = serde_json::from_slice(&answer.body).ok();
        let received = sent + self.slowness;
        Ok(OperatorAnswer { status: answer.status, headers: answer.headers, body: answer.body, json, sent, received })
    }

    async fn certificate_end(&mut self) -> Option<Duration> {
        self.certificate_end
    }

    async fn mint(&mut self, login: &str) -> Result<Secret, String> {
        self.server.mint(login).map(Secret::new).ok_or_else(|| "no such user".to_owned())
    }
}

fn lifetimes(access: u64, refresh: u64) -> TokenLifetimes {
    TokenLifetimes {
        access: Duration::from_secs(access),
        refresh: Duration::from_secs(refresh),
        ..TokenLifetimes::default()
    }
}

fn watcher() -> Watcher {
    let options = WatcherOptions {
        target: "staging \"1\"".to_owned(),
        base_url: "https://bo.example/rest".to_owned(),
        certificate_days: 14,
        waived: HashSet::new(),
    };
    Watcher::new(options, None, START)
}

/// Carries rounds out, with this time between them, and gives what each had to tell.
async fn rounds(watcher: &mut Watcher, server: &mut Turned, count: u32, every: Duration) -> Vec<Vec<Event>> {
    let mut told = Vec::new();
    for _ in 0..count {
        server.server.clock().advance(every);
        let wall = server.wall();
        told.push(watcher.round(server, wall).await);
    }
    told
}

const EVERY: Duration = Duration::from_secs(300);

#[tokio::test]
async fn thirty_days_on_a_correct_server_raise_no_alarm() {
    let mut server = Turned::new(lifetimes(900, 7200), &[]);
    let mut watcher = watcher();
    let count = 30 * 24 * 12;
    let told = rounds(&mut watcher, &mut server, count, EVERY).await;
    assert_eq!(told.concat(), []);
    assert_eq!(watcher.standing(), TargetHealth::Good);
    assert!(server.requests <= 13 * u64::from(count), "{} requests", server.requests);
    let hour = Duration::from_secs(3600);
    assert!(server.failed.windows(3).all(|three| three[2] - three[0] > hour), "more than two failed logins an hour");
    assert!(server.failed.len() > 30 * 23, "a wrong password is tried every hour");
}

#[tokio::test]
async fn no_conforming_variant_raises_an_alarm() {
    let mut alarms = Vec::new();
    for variant in variations::variants() {
        for access in [300, 1200] {
            let mut server = Turned::new(lifetimes(access, 1800), &[variant.name]);
            let told = rounds(&mut watcher(), &mut server, 40, EVERY).await;
            alarms.extend(told.concat().into_iter().map(|event| format!("{}: {event}", variant.name)));
        }
    }
    assert_eq!(alarms, Vec::<String>::new());
}

/// Something that happens to a server, and what its first report has in it.
type Incident = (&'static str, fn(&mut Turned), &'static str);

fn seed(server: &Turned, name: &str) {
    server.server.seed([name]).expect("there is this fault");
}

const INCIDENTS: [Incident; 20] = [
    ("it stops", |it| it.is_down = true, "the server does not answer"),
    ("it becomes slow", |it| it.slowness = Duration::from_secs(3), "takes 3.0 s"),
    ("its certificate is about to end", |it| it.certificate_end = Some(it.wall() + DAY * 3), "ends in"),
    ("the password is changed", |it| it.facts.password = Secret::new("other"), "the login is answered 401"),
    ("protected calls are open", |it| seed(it, "use-open-to-all"), "USE-3"),
    ("signatures are not checked", |it| seed(it, "use-signature-unchecked"), "USE-5"),
    ("refresh tokens open protected calls", |it| seed(it, "use-refresh-token-accepted"), "USE-6"),
    ("new tokens are not valid yet", |it| seed(it, "use-not-yet-valid"), "USE-1"),
    ("access tokens never end", |it| seed(it, "expiry-access-never"), "EXPIRY-2"),
    ("refresh tokens never end", |it| seed(it, "expiry-refresh-never"), "EXPIRY-4"),
    ("access tokens end early", |it| seed(it, "expiry-access-half"), "an access token of"),
    ("spent refresh tokens are accepted", |it| seed(it, "refresh-spent-accepted"), "a spent refresh token"),
    ("refreshed access tokens do not work", |it| seed(it, "refresh-dead-access-token"), "REFRESH-2"),
    ("one-time tokens are accepted twice", |it| seed(it, "one-time-reusable"), "OTT-2"),
    ("wrong passwords are accepted", |it| seed(it, "issue-wrong-password-accepted"), "ISSUE-6"),
    ("wrong passwords crash", |it| seed(it, "issue-wrong-password-500"), "ISSUE-6"),
    ("logins have no lifetime", |it| seed(it, "issue-access-lifetime-missing"), "the lifetime of access tokens"),
    ("logins may be cached", |it| seed(it, "issue-cache-header-missing"), "caching of logins"),
    ("the challenge is gone", |it| seed(it, "use-challenge-missing"), "without a token"),
    ("logins are web pages", |it| seed(it, "issue-content-type-html"), "a login"),
];

#[tokio::test]
async fn each_incident_is_told_within_two_rounds_of_its_showing() {
    let mut missed = Vec::new();
    for (name, happen, expected) in INCIDENTS {
        let mut server = Turned::new(lifetimes(4000, 10_000), &[]);
        server.certificate_end = Some(START + DAY * 300);
        let mut watcher = watcher();
        // A round an hour: each tries a wrong password, and tokens live for more than one.
        let every = Duration::from_secs(3601);
        assert_eq!(rounds(&mut watcher, &mut server, 14, every).await.concat(), [], "{name}: before");
        happen(&mut server);
        let rounds = rounds(&mut watcher, &mut server, 8, every).await;
        let first = rounds.iter().position(|events| events.iter().any(|event| event.to_string().contains(expected)));
        // What ends late shows when it should have ended, after two or three rounds here.
        let latest = if name.contains("end") { 6 } else { 1 };
        if first.is_none_or(|first| first > latest) || watcher.standing() == TargetHealth::Good {
            missed.push(format!("{name}: {first:?} {rounds:?}"));
        }
    }
    assert_eq!(missed, Vec::<String>::new());
}

#[tokio::test]
async fn a_lost_round_is_no_incident_and_the_end_of_one_is_told() {
    let mut server = Turned::new(lifetimes(900, 7200), &[]);
    let mut watcher = watcher();
    rounds(&mut watcher, &mut server, 3, EVERY).await;
    server.is_down = true;
    assert_eq!(rounds(&mut watcher, &mut server, 1, EVERY).await.concat(), []);
    assert_eq!(watcher.standing(), TargetHealth::Unanswered);
    server.is_down = false;
    assert_eq!(rounds(&mut watcher, &mut server, 3, EVERY).await.concat(), []);
    server.is_down = true;
    assert_eq!(rounds(&mut watcher, &mut server, 3, EVERY).await.concat().len(), 1, "it is told once");
    server.is_down = false;
    let told = rounds(&mut watcher, &mut server, 1, EVERY).await.concat();
    assert!(told.iter().any(|event| event.to_string() == "resolved: server"), "{told:?}");
    assert_eq!(watcher.standing(), TargetHealth::Good);
}

#[tokio::test]
async fn a_login_that_is_refused_is_tried_twice_an_hour() {
    let mut server = Turned::new(lifetimes(900, 7200), &[]);
    server.facts.password = Secret::new("other");
    rounds(&mut watcher(), &mut server, 5 * 12, EVERY).await;
    assert!((8..=10).contains(&server.failed.len()), "{} failed logins in five hours", server.failed.len());
}

#[tokio::test]
async fn the_metrics_have_one_line_for_each_series_and_a_type() {
    let mut server = Turned::new(lifetimes(900, 7200), &[]);
    let mut watcher = watcher();
    rounds(&mut watcher, &mut server, 3, EVERY).await;
    seed(&server, "use-open-to-all");
    rounds(&mut watcher, &mut server, 1, EVERY).await;
    let metrics = watcher.metrics();
    let line = |line: &str| metrics.lines().any(|found| found == line);
    assert!(line("# TYPE bo_conformance_watch_check_ok gauge"), "{metrics}");
    assert!(line(r#"bo_conformance_watch_check_ok{target="staging \"1\"",check="no_token"} 0"#), "{metrics}");
    assert!(line(r#"bo_conformance_watch_check_ok{target="staging \"1\"",check="login"} 1"#), "{metrics}");
    assert!(line(r#"bo_conformance_watch_rounds_total{target="staging \"1\""} 4"#), "{metrics}");
    let series = metrics.lines().filter(|line| !line.starts_with('#')).map(|line| line.rsplit_once(' ').map(|it| it.0));
    let series: Vec<_> = series.collect();
    assert_eq!(series.iter().collect::<HashSet<_>>().len(), series.len());
    let state = serde_json::to_string(&watcher.state()).expect("it is plain");
    assert!(!state.contains(server.facts.password.expose()) && !metrics.contains(server.facts.password.expose()));
}
