//! After: tries the tokens that `begin` left, and judges what became of them.

use std::{
    collections::HashSet,
    time::{Duration, UNIX_EPOCH},
};

use steps::{CallAnswer, Operator, Secret, TokenCall, TokenPair};

use super::{
    begin::verify,
    check::Checks,
    state::{End, LivePair, RefusedKind, State, TokenPhase, UserState, millis, now},
};
use crate::catalogue::Need;

/// A shift of the server's clock that is none of rounding and travel.
const SHIFT_MILLIS: u64 = 5_000;
/// A lifetime may be announced up to two seconds shorter than it is set.
const ROUNDING_SECONDS: f64 = 2.0;
/// Before the last moment at which a token must still be accepted.
const EARLY_MILLIS: u64 = 200;

/// Judges SURVIVE-1 to SURVIVE-7. `sessions_end` where the target declares that a restart ends sessions; `later` are tokens that
/// were issued during the restart.
pub(crate) async fn judge(operator: &Operator, state: &State, sessions_end: bool, later: &[TokenPair]) -> Checks {
    let mut judge = Judge {
        operator,
        state,
        sessions_end,
        known: state.issued.iter().map(String::as_str).collect(),
        checks: Checks::default(),
        accepted: Vec::new(),
        lost_access: 0,
        lost_one_time: 0,
        kept_one_time: 0,
        kept_refresh: 0,
    };
    later.iter().for_each(|pair| judge.is_new_pair(pair, None, "tokens issued during the restart"));
    judge.access_tokens().await;
    judge.refused(|kind| kind != RefusedKind::Refresh).await;
    judge.one_time_tokens().await;
    judge.ends().await;
    judge.refresh_tokens().await;
    judge.new_logins().await;
    // Last: presenting a spent token may end the session that it began.
    judge.refused(|kind| kind == RefusedKind::Refresh).await;
    judge.clock();
    judge.needs();
    judge.checks
}

struct Judge<'a> {
    operator: &'a Operator,
    state: &'a State,
    sessions_end: bool,
    known: HashSet<&'a str>,
    checks: Checks,
    /// Access tokens that were accepted after the restart.
    accepted: Vec<(String, End)>,
    lost_access: usize,
    lost_one_time: usize,
    kept_one_time: usize,
    kept_refresh: usize,
}

/// What an answer is, for a report.
fn answered(answer: &CallAnswer) -> String {
    let meaning = if answer.is_accepted { "the token is accepted" } else { "the token is not accepted" };
    format!("the answer is {}: {meaning}", answer.status)
}

impl Judge<'_> {
    async fn call(&self, call: TokenCall<'_>) -> Result<CallAnswer, String> {
        self.operator.call(call).await.map_err(|trouble| trouble.to_string())
    }

    fn margin(&self) -> Duration {
        self.operator.target().margin
    }

    fn phase(&self, end: Option<End>) -> TokenPhase {
        end.map_or(TokenPhase::Unclear, |end| end.phase(now(), self.margin()))
    }

    async fn access_tokens(&mut self) {
        if self.operator.target().probe.is_none() {
            return;
        }
        for user in &self.state.users {
            for pair in &user.pairs {
                self.access_token(user, pair).await;
            }
        }
    }

    async fn access_token(&mut self, user: &UserState, pair: &LivePair) {
        const LIVE: &str = "SURVIVE-3";
        let name = format!("the access token of {} of {}", pair.name, user.login);
        let phase = self.phase(pair.access_end);
        let answer = match self.call(TokenCall::Use(&Secret::new(pair.access.as_str()))).await {
            Ok(answer) => answer,
            Err(trouble) => return self.checks.doubt(LIVE, name, trouble),
        };
        if self.sessions_end {
            let expected = "401, as the target declares that sessions end";
            return self.checks.judge(answer.status == 401, LIVE, &name, expected, answered(&answer));
        }
        match phase {
            TokenPhase::Live => {
                let expected = "the token to be accepted until its announced end";
                self.checks.judge(answer.is_accepted, LIVE, &name, expected, answered(&answer));
                self.lost_access += usize::from(!answer.is_accepted);
                if answer.is_accepted {
                    self.accepted.extend(pair.access_end.map(|end| (pair.access.clone(), end)));
                    self.belongs(&answer, &user.login, &name);
                }
            }
            TokenPhase::Ended => {
                let expected = "the token to be refused after its announced end";
                self.checks.judge(!answer.is_accepted, "SURVIVE-6", &name, expected, answered(&answer));
            }
            TokenPhase::Unclear if answer.is_accepted => {
                self.checks.pass(LIVE, &name);
                // It may be good beyond its end.
                self.accepted.extend(pair.access_end.map(|end| (pair.access.clone(), end)));
                self.belongs(&answer, &user.login, &name);
            }
            TokenPhase::Unclear => {
                let reason = "its end is not announced, or was too near: set `access_lifetime`, or shorten the restart";
                self.checks.doubt(LIVE, name, reason);
            }
        }
    }

    /// Whether the answer names the token's user, where it names one.
    fn belongs(&mut self, answer: &CallAnswer, login: &str, name: &str) {
        let Some(user) = &answer.user else { return };
        let expected = format!("the user {login}");
        let answered = format!("the answer names {user}");
        self.checks.judge(user == login, "SURVIVE-7", &format!("the user of {name}"), &expected, answered);
    }

    async fn refused(&mut self, takes: impl Fn(RefusedKind) -> bool) {
        const BACK: &str = "SURVIVE-5";
        for token in self.state.refused.iter().filter(|token| takes(token.kind)) {
            let secret = Secret::new(token.token.as_str());
            let answer = match token.kind {
                RefusedKind::Access => self.call(TokenCall::Use(&secret)).await,
                RefusedKind::Refresh => self.call(TokenCall::Refresh(&secret)).await,
                RefusedKind::OneTime => self.call(TokenCall::Verify(&secret, None)).await,
            };
            match answer {
                Ok(answer) => {
                    let expected = "the token to be refused, as before";
                    self.checks.judge(!answer.is_accepted, BACK, &token.name, expected, answered(&answer));
                }
                Err(trouble) => self.checks.doubt(BACK, token.name.clone(), trouble),
            }
        }
    }

    async fn one_time_tokens(&mut self) {
        let access = self.accepted.first().map(|(token, _)| Secret::new(token.as_str()));
        for token in &self.state.one_time {
            let requirement = if token.is_spent { "SURVIVE-1" } else { "SURVIVE-2" };
            let phase = self.phase(token.end);
            let state = if token.is_spent { "a used" } else { "an unused" };
            let name = format!("{state} one-time token of {}", token.login);
            let answer = match verify(self.operator, &token.token, access.as_ref()).await {
                Ok(answer) => answer,
                Err(trouble) => {
                    self.checks.doubt(requirement, name, trouble);
                    continue;
                }
            };
            match phase {
                _ if token.is_spent => {
                    self.checks.judge(
                        !answer.is_accepted,
                        "SURVIVE-1",
                        &name,
                        "the token to be refused",
                        answered(&answer),
                    );
                }
                TokenPhase::Ended => {
                    let expected = "the token to be refused after its end";
                    self.checks.judge(!answer.is_accepted, "SURVIVE-5", &name, expected, answered(&answer));
                }
                TokenPhase::Unclear if !answer.is_accepted => {
                    let reason = "its lifetime is not known, or its end was too near: set `ott.lifetime`, or shorten the restart";
                    self.checks.doubt("SURVIVE-2", name, reason);
                }
                TokenPhase::Live | TokenPhase::Unclear => {
                    self.lost_one_time += usize::from(!answer.is_accepted);
                    self.kept_one_time += usize::from(answer.is_accepted);
                    self.once(&token.token, &token.login, &name, &answer, access.as_ref()).await;
                }
            }
        }
    }

    /// A good token is good once, and its user's.
    async fn once(&mut self, token: &str, login: &str, name: &str, answer: &CallAnswer, access: Option<&Secret>) {
        let expected = "the token to be accepted once";
        self.checks.judge(answer.is_accepted, "SURVIVE-2", name, expected, answered(answer));
        if !answer.is_accepted {
            return;
        }
        self.belongs(answer, login, name);
        match verify(self.operator, token, access).await {
            Ok(again) => {
                let name = format!("{name}, presented again");
                self.checks.judge(!again.is_accepted, "SURVIVE-2", &name, "the token to be refused", answered(&again));
            }
            Err(trouble) => self.checks.doubt("SURVIVE-2", name, trouble),
        }
    }

    /// Waits for the first announced end, if it comes in time, and tries both sides of it.
    async fn ends(&mut self) {
        const ENDS: &str = "SURVIVE-6";
        let name = "the end of an access token";
        let Some((token, end)) = self.accepted.iter().min_by_key(|(_, end)| end.latest).cloned() else { return };
        let (margin, secret) = (millis(self.margin()), Secret::new(token.as_str()));
        let refused_from = end.latest + margin + EARLY_MILLIS;
        let live = self.state.users.iter().flat_map(|user| &user.pairs).filter(|pair| pair.refresh_is_live);
        let refresh_end = live.filter_map(|pair| pair.refresh_end).map(|end| end.earliest).min();
        if refused_from.saturating_sub(now()) > millis(self.operator.target().max_wait) {
            return self.checks.skip(ENDS, name, Need::Time.advice());
        }
        if refresh_end.is_some_and(|end| end < refused_from + margin) {
            return self.checks.skip(ENDS, name, "the refresh tokens end before it");
        }
        sleep_until(end.earliest.saturating_sub(margin + EARLY_MILLIS)).await;
        let is_before = now() + margin < end.earliest;
        if is_before {
            let name = "before the end of an access token";
            match self.call(TokenCall::Use(&secret)).await {
                // A refusal that took until the end shows nothing.
                Ok(answer) if answer.is_accepted || now() < end.earliest => {
                    let expected = "the token to be accepted until shortly before its announced end";
                    self.checks.judge(answer.is_accepted, ENDS, name, expected, answered(&answer));
                }
                Ok(_) => {}
                Err(trouble) => self.checks.doubt(ENDS, name, trouble),
            }
        }
        sleep_until(refused_from).await;
        match self.call(TokenCall::Use(&secret)).await {
            Ok(answer) => {
                let expected = "the token to be refused after its announced end";
                self.checks.judge(!answer.is_accepted, ENDS, name, expected, answered(&answer));
            }
            Err(trouble) => self.checks.doubt(ENDS, name, trouble),
        }
    }

    async fn refresh_tokens(&mut self) {
        for user in &self.state.users {
            for pair in user.pairs.iter().filter(|pair| pair.refresh_is_live) {
                self.refresh_token(user, pair).await;
            }
        }
    }

    async fn refresh_token(&mut self, user: &UserState, pair: &LivePair) {
        const LIVE: &str = "SURVIVE-4";
        let name = format!("the refresh token of {} of {}", pair.name, user.login);
        let phase = self.phase(pair.refresh_end);
        let answer = match self.call(TokenCall::Refresh(&Secret::new(pair.refresh.as_str()))).await {
            Ok(answer) => answer,
            Err(trouble) => return self.checks.doubt(LIVE, name, trouble),
        };
        match phase {
            _ if self.sessions_end => {
                let refused = !answer.is_accepted && (400..500).contains(&answer.status);
                let expected = "the token to be refused, as the target declares that sessions end";
                self.checks.judge(refused, LIVE, &name, expected, answered(&answer));
            }
            TokenPhase::Ended => {
                let expected = "the token to be refused after its announced end";
                self.checks.judge(!answer.is_accepted, "SURVIVE-6", &name, expected, answered(&answer));
            }
            // Where no lifetime is announced, one hour is the shortest that clients of real servers see.
            TokenPhase::Unclear if !answer.is_accepted && pair.refresh_end.is_some() => {
                self.checks.doubt(LIVE, name, "its end was too near: shorten the restart");
            }
            TokenPhase::Live | TokenPhase::Unclear => {
                let expected = "a new pair";
                self.kept_refresh += usize::from(answer.is_accepted);
                self.checks.judge(answer.is_accepted, LIVE, &name, expected, answered(&answer));
                if let Some(new) = &answer.pair {
                    self.is_new_pair(new, Some(&pair.refresh), &format!("the pair of {name}"));
                    self.new_access(new, &user.login, &name).await;
                }
            }
        }
    }

    /// The access token of a new pair belongs to the user of the old one.
    async fn new_access(&mut self, pair: &TokenPair, login: &str, name: &str) {
        if self.operator.target().probe.is_some()
            && let Ok(answer) = self.call(TokenCall::Use(&pair.access)).await
        {
            self.belongs(&answer, login, &format!("the new access token of {name}"));
        }
    }

    /// No token of a new pair was issued before. A server that does not rotate gives the presented refresh token back.
    fn is_new_pair(&mut self, pair: &TokenPair, presented: Option<&str>, name: &str) {
        let refresh = pair.refresh.expose();
        let again = |token: &str| self.known.contains(token);
        let is_new = !again(pair.access.expose()) && (presented == Some(refresh) || !again(refresh));
        self.checks.judge(
            is_new,
            "SURVIVE-7",
            name,
            "tokens that were not issued before",
            "a token is issued a second time",
        );
    }

    async fn new_logins(&mut self) {
        for credentials in self.operator.users() {
            let Some(user) = self.state.users.iter().find(|user| user.login == credentials.login) else { continue };
            let name = format!("a new login of {}", user.login);
            let asked = now();
            let answer = match self.call(TokenCall::LogIn(&credentials)).await {
                Ok(answer) => answer,
                Err(trouble) => return self.checks.doubt("SURVIVE-6", name, trouble),
            };
            let Some(pair) = &answer.pair else {
                self.checks.fail("SURVIVE-6", name, "a pair, as before", format!("the answer is {}", answer.status));
                continue;
            };
            self.is_new_pair(pair, None, &format!("the pair of {name}"));
            self.lifetimes(user, pair);
            if user.pairs.is_empty() {
                continue;
            }
            self.shifted(&answer, asked);
        }
        let source = self.operator.target().one_time.as_ref().map(|users| users.login.clone());
        if let Some(login) = source
            && let Ok(minted) = self.operator.mint_token(&login).await
        {
            let is_new = !self.known.contains(minted.token.expose());
            let expected = "a token that was not issued before";
            self.checks.judge(is_new, "SURVIVE-7", "a new one-time token", expected, "it is issued a second time");
        }
    }

    fn lifetimes(&mut self, user: &UserState, pair: &TokenPair) {
        let lifetimes = [
            ("access", user.access_lifetime, pair.access_lifetime),
            ("refresh", user.refresh_lifetime, pair.refresh_lifetime),
        ];
        for (kind, before, after) in lifetimes {
            let name = format!("the {kind} lifetime that a login of {} announces", user.login);
            let after = after.map(|after| after.as_secs_f64());
            let is_same = match (before, after) {
                (Some(before), Some(after)) => (before - after).abs() <= ROUNDING_SECONDS,
                (None, None) => continue,
                _ => false,
            };
            let shown = |lifetime: Option<f64>| lifetime.map_or("none".to_owned(), |it| format!("{it} s"));
            let expected = format!("{}, as before", shown(before));
            self.checks.judge(is_same, "SURVIVE-6", &name, &expected, format!("it is {}", shown(after)));
        }
    }

    /// A clock that jumped explains tokens that ended too early or too late.
    fn shifted(&mut self, answer: &CallAnswer, asked: u64) {
        let date = answer.date.and_then(|date| date.duration_since(UNIX_EPOCH).ok()).map(millis);
        let (Some(before), Some(date)) = (self.state.clock_offset, date) else { return };
        let after = i128::from(date) - i128::from(asked.midpoint(now()));
        let shift = after - i128::from(before);
        if shift.unsigned_abs() > u128::from(SHIFT_MILLIS) && self.lost_access > 0 {
            let answered = format!("the server's clock jumped by {} s, and tokens ended early", shift / 1000);
            self.checks.fail("SURVIVE-6", "the server's clock", "the clock to go on as before", answered);
        }
    }

    /// When all short-lived tokens are gone and the long-lived ones are not, time has jumped.
    fn clock(&mut self) {
        let short_are_lost = self.lost_access > 0 && self.accepted.is_empty() && self.lost_one_time > 0;
        if short_are_lost && self.kept_one_time == 0 && self.kept_refresh > 0 {
            let answered = "access tokens and one-time tokens ended early, while refresh tokens are accepted";
            self.checks.fail("SURVIVE-6", "the ends of tokens", "each token to end when it was announced to", answered);
        }
    }

    /// Requirements that nothing could be tried for.
    fn needs(&mut self) {
        let target = self.operator.target();
        let identity = target.probe.as_ref().is_some_and(|probe| probe.login.is_some());
        let missing = self.state.missing.first().cloned();
        let note = |reason: &str| missing.clone().unwrap_or_else(|| reason.to_owned());
        let reasons = [
            ("SURVIVE-1", target.one_time.is_none(), Need::Ott),
            ("SURVIVE-2", target.one_time.is_none(), Need::Ott),
            ("SURVIVE-3", target.probe.is_none(), Need::Probe),
            ("SURVIVE-7", target.probe.is_some() && !identity, Need::Identity),
        ];
        for (requirement, lacks, need) in reasons {
            if lacks {
                self.checks.skip(requirement, format!("not tried: no {need}"), need.advice());
            }
        }
        for requirement in ["SURVIVE-1", "SURVIVE-2", "SURVIVE-3", "SURVIVE-4", "SURVIVE-5", "SURVIVE-6", "SURVIVE-7"] {
            if self.checks.lacks(requirement) {
                self.checks.doubt(requirement, "not tried", note("no such token was left before the restart"));
            }
        }
    }
}

async fn sleep_until(moment: u64) {
    tokio::time::sleep(Duration::from_millis(moment.saturating_sub(now()))).await;
}
