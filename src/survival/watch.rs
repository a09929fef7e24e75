//! The light stream of calls around a command: a working client's view of the restart. A call goes out every tenth of a second, or as
//! slow as the target asks; one that hangs holds no other up.

use std::{
    future::Future,
    pin::pin,
    time::{Duration, Instant},
};

use futures::{StreamExt, stream::FuturesUnordered};
use steps::{CallAnswer, CallError, Operator, Secret, TokenCall, TokenPair, target::Credentials};
use tokio::time::{MissedTickBehavior, interval};

use super::{
    node_watch::NodeWatch,
    outage::{CallOutcome, StreamCall},
    state::{End, State, TokenPhase, now},
};

/// Most calls in a second.
const MOST_PER_SECOND: f64 = 10.0;
/// Every so many calls one refreshes, and one logs in.
const REFRESH_EVERY: usize = 10;
const LOG_IN_EVERY: usize = 50;
/// Right answers in a row after which a server has come back.
const STEADY: usize = 10;
/// Most logins of a server that keeps sessions: further ones may end the sessions of `begin` where a user has a few at most.
const MOST_LOGINS: usize = 2;
/// Every so many calls one presents an access token that was never issued.
const MADE_UP_EVERY: usize = 10;
/// How long a server that is there may answer wrongly: tokens of `begin` end meanwhile.
const LONGEST_WRONG: Duration = Duration::from_secs(5);
/// How long answers are waited for at the end.
const LAST_ANSWERS: Duration = Duration::from_secs(2);
/// A token that was never issued.
const MADE_UP: &str = "bo-conformance-never-issued-0123456789";
/// Most calls without an answer yet.
const MOST_OPEN: usize = 100;

/// What the stream saw.
pub(crate) struct Watched {
    pub(super) calls: Vec<StreamCall>,
    /// The calls to each node by itself, in the order of the configuration.
    pub(super) node_calls: Vec<Vec<StreamCall>>,
    /// When the stream began, in milliseconds since the epoch.
    pub(super) began: u64,
    /// Pairs that were issued meanwhile.
    pub(crate) issued: Vec<TokenPair>,
    /// Whether the server answered steadily in the end.
    pub(crate) is_back: bool,
}

impl Watched {
    /// The wrong answers, each once, with how often it came.
    pub(super) fn wrong(&self) -> Vec<(String, usize)> {
        let mut wrong: Vec<(String, usize)> = Vec::new();
        for call in &self.calls {
            if let CallOutcome::Wrong(text) = &call.outcome {
                match wrong.iter_mut().find(|(known, _)| known == text) {
                    Some((_, count)) => *count += 1,
                    None => wrong.push((text.clone(), 1)),
                }
            }
        }
        wrong
    }
}

/// Keeps the stream up until `work` has ended and the server has answered steadily since, or `max_wait` is over. Where nodes are
/// known, a share of the calls goes to each of them by itself.
pub(crate) async fn watch<T>(
    operator: &Operator,
    state: &State,
    sessions_end: bool,
    work: impl Future<Output = T>,
) -> (Watched, T) {
    let target = operator.target();
    let streams = 1 + u32::try_from(target.nodes.len()).unwrap_or(u32::MAX);
    let rate = target.pace.per_second.map_or(MOST_PER_SECOND, |all| (all / f64::from(streams)).min(MOST_PER_SECOND));
    let pause = Duration::from_secs_f64(1.0 / rate);
    let token = state.working_pair().map_or(MADE_UP, |pair| pair.access.as_str());
    let nodes = NodeWatch::new(operator, Secret::new(token));
    let watched = watch_base_url(operator, state, sessions_end, pause, work);
    let (watched, result) = if target.nodes.is_empty() {
        watched.await
    } else {
        tokio::select! {
            watched = watched => watched,
            never = nodes.keep_calling(pause) => match never {},
        }
    };
    (Watched { node_calls: nodes.into_calls(), ..watched }, result)
}

/// The stream through the base URL, a call after each pause.
async fn watch_base_url<T>(
    operator: &Operator,
    state: &State,
    sessions_end: bool,
    pause: Duration,
    work: impl Future<Output = T>,
) -> (Watched, T) {
    let mut stream = Stream::new(operator, state, sessions_end);
    let mut work = pin!(work);
    let mut ticks = interval(pause);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut open = FuturesUnordered::new();
    let (mut done, mut left) = (None, None);
    loop {
        tokio::select! {
            result = &mut work, if done.is_none() => {
                done = Some(result);
                left = Some(Instant::now() + operator.target().max_wait);
                stream.steady = 0;
                stream.there_since = None;
            }
            Some((call, answer)) = open.next(), if !open.is_empty() => stream.answered(call, answer),
            _ = ticks.tick() => {
                if open.len() < MOST_OPEN && let Some(call) = stream.next_call() {
                    let operator = stream.operator;
                    open.push(async move {
                        let answer = call.send(operator).await;
                        (call, answer)
                    });
                }
            }
        }
        let is_wrong_for_long = stream.there_since.is_some_and(|since| since.elapsed() >= LONGEST_WRONG);
        let is_over = stream.steady >= STEADY || is_wrong_for_long;
        if done.is_some() && (is_over || left.is_some_and(|left| Instant::now() >= left)) {
            break;
        }
    }
    let rest = async {
        while let Some((call, answer)) = open.next().await {
            stream.answered(call, answer);
        }
    };
    let _ = tokio::time::timeout(LAST_ANSWERS, rest).await;
    let is_back = stream.steady >= STEADY;
    let (calls, began, issued) = (stream.calls, stream.began_at, stream.issued);
    let watched = Watched { calls, node_calls: Vec::new(), began, issued, is_back };
    match done {
        Some(result) => (watched, result),
        None => (watched, work.await),
    }
}

/// A call that is under way.
struct OpenCall {
    what: What,
    token: Secret,
    user: Option<Credentials>,
    end: Option<End>,
    sent: Instant,
    sent_at: u64,
}

#[derive(Clone, Copy, PartialEq)]
enum What {
    Use,
    Refresh,
    LogIn,
    /// A refresh with a token that was never issued: a right answer refuses it.
    MadeUp,
    /// The protected call with such a token.
    MadeUpUse,
}

impl OpenCall {
    async fn send(&self, operator: &Operator) -> Result<CallAnswer, CallError> {
        match (self.what, &self.user) {
            (What::Use | What::MadeUpUse, _) => operator.call_once(TokenCall::Use(&self.token)).await,
            (What::LogIn, Some(user)) => operator.call_once(TokenCall::LogIn(user)).await,
            _ => operator.call_once(TokenCall::Refresh(&self.token)).await,
        }
    }
}

struct Stream<'a> {
    operator: &'a Operator,
    began: Instant,
    began_at: u64,
    sessions_end: bool,
    /// Whether further logins leave the tokens of `begin` alone.
    may_log_in: bool,
    logins: usize,
    user: Option<Credentials>,
    access: Option<(Secret, Option<End>)>,
    chain: Option<(Secret, Option<End>)>,
    refreshing: bool,
    made_up: Secret,
    number: usize,
    /// Right answers in a row.
    steady: usize,
    /// Since when the server has answered every call, rightly or not.
    there_since: Option<Instant>,
    calls: Vec<StreamCall>,
    issued: Vec<TokenPair>,
}

impl<'a> Stream<'a> {
    fn new(operator: &'a Operator, state: &State, sessions_end: bool) -> Self {
        let has_probe = operator.target().probe.is_some();
        let pair = state.working_pair().filter(|_| has_probe);
        let made_up = Secret::new(MADE_UP);
        operator.keep_token(&made_up);
        Self {
            operator,
            began: Instant::now(),
            began_at: now(),
            sessions_end,
            may_log_in: state.users.first().is_some_and(|user| user.many_sessions),
            logins: 0,
            user: operator.users().into_iter().next(),
            access: pair.map(|pair| (Secret::new(pair.access.as_str()), pair.access_end)),
            chain: None,
            refreshing: false,
            made_up,
            number: 0,
            steady: 0,
            there_since: None,
            calls: Vec::new(),
            issued: Vec::new(),
        }
    }

    fn next_call(&mut self) -> Option<OpenCall> {
        let number = self.number;
        self.number += 1;
        let is_over = |end: &Option<End>| {
            end.is_some_and(|end| end.phase(now(), self.operator.target().margin) != TokenPhase::Live)
        };
        if self.access.as_ref().is_some_and(|(_, end)| is_over(end)) {
            self.access = None;
        }
        let may_log_in = self.may_log_in && (self.sessions_end || self.logins < MOST_LOGINS);
        let (what, (token, end)) = if may_log_in && number % LOG_IN_EVERY == 1 {
            self.logins += 1;
            (What::LogIn, (self.made_up.clone(), None))
        } else if number % REFRESH_EVERY == 5
            && !self.refreshing
            && let Some(chain) = self.chain.clone()
        {
            self.refreshing = true;
            (What::Refresh, chain)
        } else if number % MADE_UP_EVERY == 8 && self.operator.target().probe.is_some() {
            (What::MadeUpUse, (self.made_up.clone(), None))
        } else if let Some(access) = self.access.clone() {
            (What::Use, access)
        } else {
            (What::MadeUp, (self.made_up.clone(), None))
        };
        let user = self.user.clone();
        Some(OpenCall { what, token, user, end, sent: Instant::now(), sent_at: now() })
    }

    fn answered(&mut self, call: OpenCall, answer: Result<CallAnswer, CallError>) {
        let outcome = match &answer {
            Err(CallError::Refused) => CallOutcome::Unavailable("no connection"),
            Err(CallError::Broken) => CallOutcome::Unavailable("a connection that broke"),
            Err(CallError::Silent) => CallOutcome::Unavailable("no answer in time"),
            Err(CallError::Unusable) => CallOutcome::Wrong("an answer that cannot be read".to_owned()),
            Ok(answer) => self.judge(&call, answer),
        };
        self.steady = match outcome {
            CallOutcome::Right => self.steady + 1,
            CallOutcome::Unjudged => self.steady,
            CallOutcome::Unavailable(_) | CallOutcome::Wrong(_) => 0,
        };
        self.there_since = match outcome {
            CallOutcome::Unavailable(_) => None,
            _ => self.there_since.or_else(|| Some(Instant::now())),
        };
        if call.what == What::Refresh {
            self.refreshing = false;
            // A token whose answer got lost may be spent.
            self.chain = None;
        }
        if let Some(pair) = answer.ok().and_then(|answer| answer.pair) {
            self.take(&call, pair);
        }
        let sent = call.sent.saturating_duration_since(self.began);
        self.calls.push(StreamCall { sent, answered: self.began.elapsed(), outcome });
    }

    /// Goes on with a new pair.
    fn take(&mut self, call: &OpenCall, pair: TokenPair) {
        let end = |lifetime: Option<Duration>| lifetime.map(|lifetime| End::new(call.sent_at, now(), lifetime));
        self.chain = Some((pair.refresh.clone(), end(pair.refresh_lifetime)));
        // Where sessions may end, the newest is at work; else that of `begin`, as long as it lives.
        if (self.access.is_none() || self.sessions_end) && self.operator.target().probe.is_some() {
            self.access = Some((pair.access.clone(), end(pair.access_lifetime)));
        }
        self.issued.push(pair);
    }

    fn judge(&mut self, call: &OpenCall, answer: &CallAnswer) -> CallOutcome {
        let status = answer.status;
        let is_refusal = (400..500).contains(&status);
        let margin = self.operator.target().margin;
        let is_near_end = call.end.is_some_and(|end| end.phase(now(), margin) != TokenPhase::Live);
        match (status, call.what) {
            (503, _) => CallOutcome::Unavailable("503"),
            (429, _) => CallOutcome::Unjudged,
            (_, What::MadeUp | What::MadeUpUse) if is_refusal && status != 404 && status != 405 => CallOutcome::Right,
            (_, What::Use) if answer.is_accepted => self.of_user(answer),
            (_, What::Refresh | What::LogIn) if answer.is_accepted => CallOutcome::Right,
            (_, What::Use | What::Refresh) if is_refusal && is_near_end => CallOutcome::Unjudged,
            // The declared end of the session: the stream logs in again.
            (400 | 401 | 403, What::Use | What::Refresh) if self.sessions_end => {
                if call.what == What::Use {
                    self.access = None;
                }
                CallOutcome::Right
            }
            (_, what) => CallOutcome::Wrong(format!("{} is answered {status}", name(what))),
        }
    }

    fn of_user(&self, answer: &CallAnswer) -> CallOutcome {
        match (&answer.user, &self.user) {
            (Some(named), Some(user)) if *named != user.login => {
                CallOutcome::Wrong(format!("an access token of {} is answered as one of {named}", user.login))
            }
            _ => CallOutcome::Right,
        }
    }
}

fn name(what: What) -> &'static str {
    match what {
        What::Use => "a live access token",
        What::Refresh => "a live refresh token",
        What::LogIn => "a right login",
        What::MadeUp => "a refresh token that was never issued",
        What::MadeUpUse => "an access token that was never issued",
    }
}
