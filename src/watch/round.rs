//! One round: about a dozen requests. First the tokens of earlier rounds, then a login, right and wrong uses of its tokens, and a
//! verification. A round stops at the second request without an answer.

use std::time::Duration;

use serde_json::{Value, json};
use steps::{OperatorAnswer, OperatorRequest, Secret};

use super::{
    checks::{Check, CheckOutcome},
    facts::describe_answer,
    login_budget::LoginBudget,
    server::{Server, TargetFacts, header, is_success, seconds_at, text_at, verified_login},
};

/// Seconds by which an end may be rounded.
const ROUNDING: Duration = Duration::from_secs(2);

/// Requests without an answer that end a round.
const MOST_UNANSWERED: u32 = 2;

/// A token, and when it ends as announced.
struct KeptToken {
    token: Secret,
    end: Option<Duration>,
}

/// Whether a token lives at a moment.
#[derive(PartialEq, Eq)]
enum TokenLife {
    Alive,
    Ended,
    /// Too near to its end to be judged, or its end was not announced.
    Unsure,
}

impl KeptToken {
    /// Whether a refusal now may be for its end.
    fn may_have_ended(&self, now: Duration) -> bool {
        self.end.is_some() && self.life(now, Duration::ZERO) != TokenLife::Alive
    }

    fn life(&self, now: Duration, margin: Duration) -> TokenLife {
        match self.end {
            Some(end) if now + margin + ROUNDING < end => TokenLife::Alive,
            Some(end) if now > end + margin + ROUNDING => TokenLife::Ended,
            _ => TokenLife::Unsure,
        }
    }
}

/// Tokens that the next rounds use.
#[derive(Default)]
pub(super) struct KeptTokens {
    /// For the next refresh.
    refresh: Option<KeptToken>,
    /// Exchanged in the last round.
    spent: Option<Secret>,
    /// Used in each round until it has ended.
    access: Option<KeptToken>,
    /// Whether a login followed on that one.
    is_access_outdated: bool,
    /// Presented once it has ended.
    unused_refresh: Option<KeptToken>,
    /// How many rounds have altered a token.
    alterations: usize,
}

/// A pair of tokens with their announced ends.
struct KeptPair {
    access: KeptToken,
    refresh: KeptToken,
}

/// What a round found.
#[derive(Default)]
pub(super) struct RoundFindings {
    pub(super) outcomes: Vec<(Check, CheckOutcome)>,
    pub(super) facts: Vec<(&'static str, String)>,
    /// How long each request took.
    pub(super) times: Vec<Duration>,
    pub(super) requests: u64,
    pub(super) failed_logins: u64,
    pub(super) access_lifetime: Option<Duration>,
    pub(super) refresh_lifetime: Option<Duration>,
    unanswered: u32,
}

/// A round under way.
pub(super) struct Round<'a, S> {
    server: &'a mut S,
    facts: TargetFacts,
    kept: &'a mut KeptTokens,
    budget: &'a mut LoginBudget,
    /// Time since 1970.
    wall: Duration,
    findings: RoundFindings,
}

impl<'a, S: Server> Round<'a, S> {
    pub(super) fn new(
        server: &'a mut S,
        kept: &'a mut KeptTokens,
        budget: &'a mut LoginBudget,
        wall: Duration,
    ) -> Self {
        let facts = server.facts().clone();
        Self { server, facts, kept, budget, wall, findings: RoundFindings::default() }
    }

    pub(super) async fn run(mut self) -> RoundFindings {
        let refreshed = self.use_earlier_tokens().await;
        if let Some(pair) = self.log_in().await {
            self.use_access_token(&pair).await;
            self.misuse_tokens(&pair).await;
            self.verify(&pair).await;
            self.try_wrong_password().await;
            self.finish(refreshed, pair).await;
        }
        self.findings
    }

    fn is_over(&self) -> bool {
        self.findings.unanswered >= MOST_UNANSWERED
    }

    /// Whether an earlier refresh token was exchanged.
    async fn use_earlier_tokens(&mut self) -> bool {
        if let Some(spent) = self.kept.spent.take() {
            self.present_spent(&spent).await;
        }
        self.use_kept_access().await;
        self.present_ended_refresh().await;
        let Some(refresh) = self.kept.refresh.take() else { return false };
        if refresh.life(self.server.now(), self.facts.margin) != TokenLife::Alive || self.is_over() {
            return false;
        }
        match self.send(self.refresh_request(&refresh.token)).await {
            Ok(answer) if is_success(&answer) => {
                self.fact("a refresh token of the round before", "good".to_owned());
                if let Some(next) = self.judge_refresh(&answer, refresh.token).await {
                    self.keep_unused(next.refresh);
                }
                true
            }
            Ok(_) => {
                self.fact("a refresh token of the round before", "ended".to_owned());
                false
            }
            Err(_) => {
                self.kept.refresh = Some(refresh);
                false
            }
        }
    }

    async fn present_spent(&mut self, spent: &Secret) {
        if let Ok(answer) = self.send(self.refresh_request(spent)).await {
            let value = if is_success(&answer) { "accepted".to_owned() } else { describe_answer(&answer) };
            self.fact("a spent refresh token", value);
        }
    }

    async fn use_kept_access(&mut self) {
        let Some(kept) = self.kept.access.take() else { return };
        let life = kept.life(self.server.now(), self.facts.margin);
        let Some(request) = self.probe(Some(&kept.token)).filter(|_| life != TokenLife::Unsure && !self.is_over())
        else {
            self.kept.access = Some(kept).filter(|kept| kept.end.is_some());
            return;
        };
        let answer = self.send(request).await;
        if life == TokenLife::Ended {
            self.expect_401(Check::ExpiredAccess, "an access token after its lifetime", &answer);
            self.kept.access = Some(kept).filter(|_| answer.is_err());
            return;
        }
        if let Ok(answer) = &answer {
            // Some servers end a session when its user logs in again.
            let fact = match self.kept.is_access_outdated {
                true => "an access token of an earlier round, after another login",
                false => "an access token of the round before",
            };
            self.fact(fact, if is_success(answer) { "good" } else { "ended" }.to_owned());
        }
        self.kept.access = Some(kept);
    }

    async fn present_ended_refresh(&mut self) {
        let life = |kept: &KeptToken| kept.life(self.server.now(), self.facts.margin);
        if self.kept.unused_refresh.as_ref().map(life) != Some(TokenLife::Ended) || self.is_over() {
            return;
        }
        let Some(kept) = self.kept.unused_refresh.take() else { return };
        let outcome = match self.send(self.refresh_request(&kept.token)).await {
            Err(reason) => {
                self.kept.unused_refresh = Some(kept);
                CheckOutcome::Unanswered(reason)
            }
            Ok(answer) => expect_refusal("a refresh token after its lifetime", &answer),
        };
        self.outcome(Check::ExpiredRefresh, outcome);
    }

    async fn log_in(&mut self) -> Option<KeptPair> {
        if self.is_over() {
            self.outcome(Check::Login, CheckOutcome::Unanswered("the requests before it got no answer".to_owned()));
            return None;
        }
        if !self.budget.allows_right_login(self.wall) {
            return None;
        }
        let body = json!({"login": self.facts.login, "password": self.facts.password.expose()});
        let answer = match self.send(post("/auth/token", &body)).await {
            Ok(answer) => answer,
            Err(reason) => {
                self.outcome(Check::Login, CheckOutcome::Unanswered(format!("a login got no answer: {reason}")));
                return None;
            }
        };
        if !is_success(&answer) {
            self.login_failed();
            self.outcome(Check::Login, CheckOutcome::Failed(format!("the login is answered {}", answer.status)));
            return None;
        }
        self.kept.is_access_outdated = true;
        self.fact("a login", describe_answer(&answer));
        self.fact(
            "caching of logins",
            header(&answer, "cache-control").map_or_else(|| "not forbidden".to_owned(), caching),
        );
        let pair = self.pair(&answer);
        let outcome = match &pair {
            Some(_) => CheckOutcome::Passed,
            None => CheckOutcome::Failed(format!("a login is answered {} without a pair of tokens", answer.status)),
        };
        self.outcome(Check::Login, outcome);
        self.findings.access_lifetime = seconds_at(&answer, &self.facts.dialect.access_lifetime);
        self.findings.refresh_lifetime = seconds_at(&answer, &self.facts.dialect.refresh_lifetime);
        let lifetime =
            |time: Option<Duration>| time.map_or("not announced".to_owned(), |it| format!("{} s", it.as_secs_f64()));
        self.fact("the lifetime of access tokens", lifetime(self.findings.access_lifetime));
        self.fact("the lifetime of refresh tokens", lifetime(self.findings.refresh_lifetime));
        pair
    }

    fn login_failed(&mut self) {
        self.findings.failed_logins += 1;
        self.budget.record_failure(self.wall);
    }

    async fn use_access_token(&mut self, pair: &KeptPair) {
        let Some(request) = self.probe(Some(&pair.access.token)).filter(|_| !self.is_over()) else { return };
        let answer = self.send(request).await;
        let what = "a protected call with the access token of a login";
        self.expect_success(Check::AccessToken, what, &pair.access, &answer);
        let place = self.facts.probe.as_ref().and_then(|(_, login)| login.as_ref());
        let named = answer
            .ok()
            .filter(is_success)
            .and_then(|answer| place.and_then(|place| text_at(&answer, place)).map(str::to_owned));
        if let Some(named) = named {
            let outcome = if named == self.facts.login {
                CheckOutcome::Passed
            } else {
                CheckOutcome::Failed("a protected call names another user than the one who logged in".to_owned())
            };
            self.outcome(Check::TokenOwner, outcome);
        }
    }

    async fn misuse_tokens(&mut self, pair: &KeptPair) {
        self.kept.alterations = self.kept.alterations.wrapping_add(1);
        let is_at_end = self.kept.alterations % 2 == 1;
        let altered = altered(&pair.access.token, is_at_end, self.kept.alterations);
        let alteration = if is_at_end { Check::AlteredEnd } else { Check::AlteredBeginning };
        let tries = [
            (Check::NoToken, "a protected call without a token", None),
            (alteration, "a protected call with an altered access token", altered.as_ref()),
            (Check::RefreshTokenAsAccess, "a protected call with a refresh token", Some(&pair.refresh.token)),
        ];
        for (check, what, token) in tries {
            if self.is_over() || (check == alteration && token.is_none()) {
                continue;
            }
            let Some(request) = self.probe(token) else { return };
            let answer = self.send(request).await;
            self.expect_401(check, what, &answer);
        }
    }

    async fn verify(&mut self, pair: &KeptPair) {
        if self.is_over() {
            return;
        }
        let unknown = Secret::new(made_up(self.wall));
        let outcome = match self.send(self.verification(&unknown, pair)).await {
            Err(reason) => CheckOutcome::Unanswered(reason),
            Ok(answer) => {
                self.fact("an unknown one-time token", describe_answer(&answer));
                self.expect_no_login("an unknown one-time token", &answer)
            }
        };
        self.outcome(Check::UnknownOneTime, outcome);
        // Some servers verify only beside a good access token.
        let is_late = pair.access.may_have_ended(self.server.now());
        let Some(login) = self.facts.one_time_login.clone().filter(|_| !self.is_over() && !is_late) else { return };
        let token = match self.server.mint(&login).await {
            Ok(token) => token,
            Err(reason) => {
                self.outcome(
                    Check::OneTime,
                    CheckOutcome::Unanswered(format!("the source gave no one-time token: {reason}")),
                );
                return;
            }
        };
        let first = match self.send(self.verification(&token, pair)).await {
            Err(reason) => CheckOutcome::Unanswered(reason),
            Ok(answer) => match verified_login(&answer, &self.facts.dialect.ott_login) {
                Some(named) if named == login => CheckOutcome::Passed,
                Some(_) => CheckOutcome::Failed("a one-time token names another user than its own".to_owned()),
                None => CheckOutcome::Failed(format!(
                    "a fresh one-time token is answered {} without a login",
                    answer.status
                )),
            },
        };
        let is_spent = first == CheckOutcome::Passed;
        self.outcome(Check::OneTime, first);
        if is_spent && !self.is_over() {
            let second = match self.send(self.verification(&token, pair)).await {
                Err(reason) => CheckOutcome::Unanswered(reason),
                Ok(answer) => self.expect_no_login("a one-time token that was used before", &answer),
            };
            self.outcome(Check::OneTimeTwice, second);
        }
    }

    /// Once an hour at most: it may count towards a lock-out. The right login went just before.
    async fn try_wrong_password(&mut self) {
        if self.is_over() || !self.budget.allows_wrong_login(self.wall) {
            return;
        }
        let body = json!({"login": self.facts.login, "password": made_up(self.wall)});
        // Counted before it is known: an answer that is lost may have been a refusal.
        self.login_failed();
        let outcome = match self.send(post("/auth/token", &body)).await {
            Err(reason) => CheckOutcome::Unanswered(reason),
            Ok(answer) => {
                self.fact("a wrong password", describe_answer(&answer));
                expect_refusal("a wrong password", &answer)
            }
        };
        self.outcome(Check::WrongPassword, outcome);
    }

    /// Refreshes with the new pair if no earlier one could be, and keeps tokens for the next rounds.
    async fn finish(&mut self, refreshed: bool, pair: KeptPair) {
        if refreshed || self.is_over() || pair.refresh.may_have_ended(self.server.now()) {
            self.keep(pair.access, pair.refresh);
            return;
        }
        match self.send(self.refresh_request(&pair.refresh.token)).await {
            Err(reason) => self.outcome(Check::Refresh, CheckOutcome::Unanswered(reason)),
            Ok(answer) => {
                if let Some(next) = self.judge_refresh(&answer, pair.refresh.token).await {
                    // An access token is kept with the refresh token beside it: some servers end both together.
                    if let Some(refresh) = self.keep_unused(next.refresh) {
                        self.keep(next.access, refresh);
                    }
                }
            }
        }
    }

    /// Keeps the newest tokens for the next round.
    fn keep(&mut self, access: KeptToken, refresh: KeptToken) {
        if self.kept.access.is_none() {
            self.kept.access = Some(access);
            self.kept.is_access_outdated = false;
        }
        self.kept.refresh = Some(refresh);
    }

    /// Keeps a refresh token until it ends, or gives it back if another one is kept or no end is announced.
    fn keep_unused(&mut self, refresh: KeptToken) -> Option<KeptToken> {
        if self.kept.unused_refresh.is_some() || refresh.end.is_none() {
            return Some(refresh);
        }
        self.kept.unused_refresh = Some(refresh);
        None
    }

    /// Judges the answer to a refresh with a good token, and uses the new pair.
    async fn judge_refresh(&mut self, answer: &OperatorAnswer, spent: Secret) -> Option<KeptPair> {
        let pair = self.pair(answer).filter(|_| is_success(answer));
        let Some(pair) = pair else {
            let text = format!("a refresh is answered {} without a new pair of tokens", answer.status);
            self.outcome(Check::Refresh, CheckOutcome::Failed(text));
            return None;
        };
        self.outcome(Check::Refresh, CheckOutcome::Passed);
        self.fact("a refresh", describe_answer(answer));
        if let Some(request) = self.probe(Some(&pair.access.token)).filter(|_| !self.is_over()) {
            let used = self.send(request).await;
            let what = "a protected call with the access token of a refresh";
            self.expect_success(Check::RefreshedAccess, what, &pair.access, &used);
        }
        let is_rotated = pair.refresh.token.expose() != spent.expose();
        self.fact("refresh tokens", if is_rotated { "rotate" } else { "stay" }.to_owned());
        self.kept.spent = Some(spent).filter(|_| is_rotated);
        Some(pair)
    }

    fn pair(&self, answer: &OperatorAnswer) -> Option<KeptPair> {
        let dialect = &self.facts.dialect;
        let offset = self.server.now().saturating_sub(answer.received);
        let issued = self.server.now().saturating_sub(offset);
        let kept = |token: &str, lifetime: Option<Duration>| KeptToken {
            token: Secret::new(token),
            end: lifetime.map(|lifetime| issued + lifetime),
        };
        let access = text_at(answer, &dialect.access_token)?;
        let refresh = text_at(answer, &dialect.refresh_token)?;
        Some(KeptPair {
            access: kept(access, seconds_at(answer, &dialect.access_lifetime)),
            refresh: kept(refresh, seconds_at(answer, &dialect.refresh_lifetime)),
        })
    }

    fn expect_401(&mut self, check: Check, what: &'static str, answer: &Result<OperatorAnswer, String>) {
        let outcome = match answer {
            Err(reason) => CheckOutcome::Unanswered(reason.clone()),
            Ok(answer) if answer.status == 401 => CheckOutcome::Passed,
            Ok(answer) => CheckOutcome::Failed(format!("{what} is answered {} instead of 401", answer.status)),
        };
        if let Ok(answer) = answer {
            self.fact(what, describe_answer(answer));
        }
        self.outcome(check, outcome);
    }

    /// A refusal at the end of a short lifetime judges nothing.
    fn expect_success(&mut self, check: Check, what: &str, token: &KeptToken, answer: &Result<OperatorAnswer, String>) {
        let outcome = match answer {
            Err(reason) => CheckOutcome::Unanswered(reason.clone()),
            Ok(answer) if is_success(answer) => CheckOutcome::Passed,
            Ok(_) if token.may_have_ended(self.server.now()) => return,
            Ok(answer) => CheckOutcome::Failed(format!("{what} is answered {}", answer.status)),
        };
        self.outcome(check, outcome);
    }

    fn expect_no_login(&self, what: &str, answer: &OperatorAnswer) -> CheckOutcome {
        match verified_login(answer, &self.facts.dialect.ott_login) {
            Some(_) => CheckOutcome::Failed(format!("{what} is answered {} with a login", answer.status)),
            None if answer.status >= 500 => CheckOutcome::Failed(format!("{what} is answered {}", answer.status)),
            None => CheckOutcome::Passed,
        }
    }

    fn probe(&self, token: Option<&Secret>) -> Option<OperatorRequest> {
        let (path, _) = self.facts.probe.as_ref()?;
        let headers = token.map(|token| ("Authorization".to_owned(), format!("Bearer {}", token.expose())));
        Some(OperatorRequest {
            method: "GET",
            path: path.clone(),
            headers: headers.into_iter().collect(),
            body: None,
            fresh: false,
        })
    }

    fn refresh_request(&self, token: &Secret) -> OperatorRequest {
        let headers = vec![(self.facts.dialect.refresh_header.clone(), token.expose().to_owned())];
        OperatorRequest { method: "GET", path: "/auth/token/refresh".to_owned(), headers, body: None, fresh: false }
    }

    /// With an access token beside it, which some servers need.
    fn verification(&self, token: &Secret, pair: &KeptPair) -> OperatorRequest {
        let mut request = post("/external/token/verify", &json!({"token": token.expose()}));
        request.headers.push(("Authorization".to_owned(), format!("Bearer {}", pair.access.token.expose())));
        request
    }

    async fn send(&mut self, request: OperatorRequest) -> Result<OperatorAnswer, String> {
        self.findings.requests += 1;
        let answer = self.server.send(request).await;
        match &answer {
            Ok(answer) => self.findings.times.push(answer.received.saturating_sub(answer.sent)),
            Err(_) => self.findings.unanswered += 1,
        }
        answer
    }

    fn outcome(&mut self, check: Check, outcome: CheckOutcome) {
        self.findings.outcomes.push((check, outcome));
    }

    fn fact(&mut self, fact: &'static str, value: String) {
        self.findings.facts.push((fact, value));
    }
}

fn expect_refusal(what: &str, answer: &OperatorAnswer) -> CheckOutcome {
    match answer.status {
        400..500 => CheckOutcome::Passed,
        status => CheckOutcome::Failed(format!("{what} is answered {status}")),
    }
}

fn post(path: &str, body: &Value) -> OperatorRequest {
    OperatorRequest {
        method: "POST",
        path: path.to_owned(),
        headers: Vec::new(),
        body: Some(("application/json", body.to_string().into_bytes())),
        fresh: false,
    }
}

/// The directives about caching, sorted.
fn caching(value: &str) -> String {
    let plain = |directive: &&str| {
        directive.len() < 40 && directive.bytes().all(|b| b.is_ascii_alphanumeric() || b"-=".contains(&b))
    };
    let mut directives: Vec<&str> = value.split(',').map(str::trim).filter(plain).collect();
    directives.sort_unstable();
    directives.join(", ")
}

/// The token with one character changed, in its last part or before it, and at another place in each round. Never the last character
/// of a part, whose low bits may carry nothing.
fn altered(token: &Secret, is_at_end: bool, round: usize) -> Option<Secret> {
    let characters: Vec<char> = token.expose().chars().collect();
    let last_part = characters.iter().rposition(|c| *c == '.').unwrap_or(characters.len() / 2);
    let is_meaningful = |at: &usize| {
        let next = characters.get(at + 1);
        characters[*at].is_ascii_alphanumeric() && next.is_some_and(char::is_ascii_alphanumeric)
    };
    let range = if is_at_end { last_part..characters.len() } else { 0..last_part };
    let places: Vec<usize> = range.filter(is_meaningful).collect();
    let at = *places.get((round * 7).checked_rem(places.len())?)?;
    let mut altered = characters;
    altered[at] = if altered[at] == 'A' { 'B' } else { 'A' };
    Some(Secret::new(altered.into_iter().collect::<String>()))
}

/// A text other than every token and password.
fn made_up(wall: Duration) -> String {
    format!("Q{:x}m7vT{:x}xKz9", wall.as_nanos().wrapping_mul(0x9e37_79b9_7f4a_7c15), wall.as_secs())
}
