//! Before: leaves tokens in every state behind, and notes which of them the server accepts and which it refuses.

use std::time::{Duration, UNIX_EPOCH};

use steps::{CallAnswer, Operator, Secret, TokenCall, TokenPair, target::Credentials};

use super::state::{End, LivePair, OneTimeState, RefusedKind, RefusedToken, State, UserState, millis, now};

/// Beyond the end of a lifetime, so that a token has surely ended.
const SLACK: Duration = Duration::from_millis(200);

/// Leaves tokens behind. What the server refuses now, it must refuse after; what it accepts last, it must accept.
///
/// # Errors
/// When a login has no answer or is refused: then nothing can be judged.
pub(crate) async fn begin(operator: &Operator) -> Result<State, String> {
    let mut preparation = Preparation::new(operator);
    let users = operator.users();
    if let Some(first) = users.first() {
        let (pair, _) = preparation.log_in(first, "a pair that was left to expire").await?;
        preparation.expiring.push(pair);
    }
    preparation.one_time_tokens_to_expire().await;
    preparation.let_expire().await?;
    // What is spent, ended or rotated comes after the wait: expired tokens would be refused whatever the server has forgotten.
    for user in &users {
        let aged = preparation.aged_pairs(user).await?;
        preparation.newest_pair(user, &aged).await?;
    }
    preparation.made_up().await?;
    preparation.spend_one_time_tokens().await?;
    preparation.fresh_one_time_tokens().await;
    preparation.state.begun = now();
    Ok(preparation.state)
}

struct Preparation<'a> {
    operator: &'a Operator,
    state: State,
    /// Pairs that may have ended by the time the newest begins.
    expiring: Vec<LivePair>,
    expiring_one_time: Vec<OneTimeState>,
}

/// What the first sessions of a user have shown.
struct Aged {
    many_sessions: bool,
    pairs: Vec<LivePair>,
    /// Where the server keeps several sessions of a user.
    unused: Option<LivePair>,
}

impl<'a> Preparation<'a> {
    fn new(operator: &'a Operator) -> Self {
        let state = State {
            begun: 0,
            users: Vec::new(),
            refused: Vec::new(),
            one_time: Vec::new(),
            issued: Vec::new(),
            clock_offset: None,
            missing: Vec::new(),
        };
        Self { operator, state, expiring: Vec::new(), expiring_one_time: Vec::new() }
    }

    async fn call(&self, call: TokenCall<'_>) -> Result<CallAnswer, String> {
        self.operator.call(call).await.map_err(|trouble| trouble.to_string())
    }

    async fn log_in(&mut self, user: &Credentials, name: &str) -> Result<(LivePair, TokenPair), String> {
        let asked = now();
        let answer = self.call(TokenCall::LogIn(user)).await?;
        let answered = now();
        let date = answer.date.and_then(|date| date.duration_since(UNIX_EPOCH).ok());
        if let Some(date) = date {
            let middle = asked.midpoint(answered);
            self.state.clock_offset =
                i64::try_from(millis(date)).ok().zip(i64::try_from(middle).ok()).map(|(a, b)| a - b);
        }
        let pair = answer.pair.ok_or_else(|| {
            format!(
                "the login of {} is answered {} without a pair; `bo-conformance doctor` finds out why",
                user.login, answer.status
            )
        })?;
        Ok((self.live_pair(&pair, name, asked, answered), pair))
    }

    fn live_pair(&mut self, pair: &TokenPair, name: &str, asked: u64, answered: u64) -> LivePair {
        let known = self.operator.target().known_lifetimes;
        let end = |lifetime: Option<Duration>| lifetime.map(|lifetime| End::new(asked, answered, lifetime));
        for token in [&pair.access, &pair.refresh] {
            self.state.issued.push(token.expose().to_owned());
        }
        LivePair {
            name: name.to_owned(),
            access: pair.access.expose().to_owned(),
            access_end: end(pair.access_lifetime.or(known.access)),
            refresh: pair.refresh.expose().to_owned(),
            refresh_end: end(pair.refresh_lifetime.or(known.refresh)),
            refresh_is_live: false,
        }
    }

    async fn refresh(&mut self, pair: &LivePair, name: &str) -> Result<Option<LivePair>, String> {
        let asked = now();
        let answer = self.call(TokenCall::Refresh(&Secret::new(pair.refresh.as_str()))).await?;
        Ok(answer.pair.map(|new| {
            let mut new = self.live_pair(&new, name, asked, now());
            new.access_end = new.access_end.or(pair.access_end);
            new.refresh_end = new.refresh_end.or(pair.refresh_end);
            new
        }))
    }

    /// Notes a token that is refused now. A token that is accepted now need not be accepted later.
    async fn note_refused(&mut self, name: &str, kind: RefusedKind, token: &str) -> Result<(), String> {
        let secret = Secret::new(token);
        let answer = match kind {
            RefusedKind::Access if self.operator.target().probe.is_none() => return Ok(()),
            RefusedKind::Access => self.call(TokenCall::Use(&secret)).await?,
            RefusedKind::Refresh => self.call(TokenCall::Refresh(&secret)).await?,
            RefusedKind::OneTime => self.call(TokenCall::Verify(&secret, None)).await?,
        };
        if !answer.is_accepted && (200..500).contains(&answer.status) && answer.status != 404 {
            self.state.refused.push(RefusedToken { name: name.to_owned(), kind, token: token.to_owned() });
        }
        Ok(())
    }

    /// A session that is refreshed twice, one whose spent refresh token is presented again, and one that is never used.
    async fn aged_pairs(&mut self, user: &Credentials) -> Result<Aged, String> {
        let (rotated, _) = self.log_in(user, "a pair that was refreshed twice").await?;
        let (spent, _) = self.log_in(user, "a pair whose refresh token was spent").await?;
        let mut aged = Aged { many_sessions: false, pairs: Vec::new(), unused: None };
        if let Some(first) = self.refresh(&rotated, &rotated.name).await? {
            aged.many_sessions = true;
            if let Some(second) = self.refresh(&first, &rotated.name).await? {
                // A server that does not rotate leaves the same token.
                aged.pairs.push(LivePair { refresh_is_live: true, ..second });
            }
        }
        if let Some(successor) = self.refresh(&spent, &spent.name).await?
            && successor.refresh != spent.refresh
        {
            self.note_refused("a spent refresh token", RefusedKind::Refresh, &spent.refresh).await?;
        }
        for pair in [rotated, spent] {
            self.note_refused("an access token that a refresh has ended", RefusedKind::Access, &pair.access).await?;
        }
        if aged.many_sessions {
            let (unused, _) = self.log_in(user, "a pair that was never used").await?;
            aged.unused = Some(LivePair { refresh_is_live: true, ..unused });
        }
        Ok(aged)
    }

    fn one_time_logins(&self) -> Vec<String> {
        let source = self.operator.target().one_time.as_ref();
        source.into_iter().flat_map(|users| [Some(users.login.clone()), users.second_login.clone()]).flatten().collect()
    }

    async fn mint(&mut self, login: &str) -> Option<OneTimeState> {
        match self.operator.mint_token(login).await {
            Ok(minted) => {
                let answered = now();
                let asked = answered.saturating_sub(millis(minted.age));
                let token = minted.token.expose().to_owned();
                self.state.issued.push(token.clone());
                let end = minted.lifetime.map(|lifetime| End::new(asked, answered, lifetime));
                Some(OneTimeState { login: login.to_owned(), token, end, is_spent: false })
            }
            Err(error) => {
                self.state.missing.push(error.to_string());
                None
            }
        }
    }

    /// Tokens that expire unused, if there is time for it.
    async fn one_time_tokens_to_expire(&mut self) {
        for login in self.one_time_logins() {
            let token = self.mint(&login).await;
            self.expiring_one_time.extend(token);
        }
    }

    /// A spent token of each user.
    async fn spend_one_time_tokens(&mut self) -> Result<(), String> {
        for login in self.one_time_logins() {
            let Some(token) = self.mint(&login).await else { continue };
            let access = self.state.working_pair().map(|pair| Secret::new(pair.access.as_str()));
            if verify(self.operator, &token.token, access.as_ref()).await?.is_accepted {
                self.state.one_time.push(OneTimeState { is_spent: true, ..token });
            }
        }
        Ok(())
    }

    /// Waits for the lifetimes that end within the longest wait allowed, and notes what has ended.
    async fn let_expire(&mut self) -> Result<(), String> {
        let target = self.operator.target();
        let (margin, most) = (millis(target.margin + SLACK), millis(target.max_wait));
        let until = |end: Option<End>| end.map(|end| end.latest + margin).filter(|end| *end <= now() + most);
        let pairs = std::mem::take(&mut self.expiring);
        let one_time = std::mem::take(&mut self.expiring_one_time);
        let ends = pairs.iter().flat_map(|it| [until(it.access_end), until(it.refresh_end)]);
        let last = ends.chain(one_time.iter().map(|it| until(it.end))).flatten().max();
        match last {
            Some(last) => tokio::time::sleep(Duration::from_millis(last.saturating_sub(now()))).await,
            None => self.state.missing.push("no lifetime ends within `max_wait`: no expired token was left".to_owned()),
        }
        let has_ended = |end: Option<End>| end.is_some_and(|end| end.latest + margin <= now());
        for pair in &pairs {
            let name =
                if has_ended(pair.access_end) { "an expired access token" } else { "an access token that was refused" };
            self.note_refused(name, RefusedKind::Access, &pair.access).await?;
            if has_ended(pair.refresh_end) {
                self.note_refused("an expired refresh token", RefusedKind::Refresh, &pair.refresh).await?;
            }
        }
        for token in one_time {
            if has_ended(token.end) {
                self.note_refused("an expired one-time token", RefusedKind::OneTime, &token.token).await?;
            } else if token.end.is_some() {
                self.state.one_time.push(token);
            }
        }
        Ok(())
    }

    /// The newest pair of a user, which is live on every server, beside older ones that still are.
    async fn newest_pair(&mut self, user: &Credentials, aged: &Aged) -> Result<(), String> {
        let (fresh, announced) = self.log_in(user, "a fresh pair").await?;
        let mut pairs: Vec<LivePair> = aged.unused.iter().cloned().collect();
        for pair in &aged.pairs {
            if self.is_live(pair).await? {
                pairs.push(pair.clone());
            } else {
                self.note_refused("an access token that was refused", RefusedKind::Access, &pair.access).await?;
            }
        }
        if self.is_live(&fresh).await? {
            pairs.push(LivePair { refresh_is_live: true, ..fresh });
        }
        let seconds = |lifetime: Option<Duration>| lifetime.map(|lifetime| lifetime.as_secs_f64());
        self.state.users.push(UserState {
            login: user.login.clone(),
            many_sessions: aged.many_sessions,
            access_lifetime: seconds(announced.access_lifetime),
            refresh_lifetime: seconds(announced.refresh_lifetime),
            pairs,
        });
        Ok(())
    }

    /// Whether the server accepts the access token; without a protected call it is taken for live.
    async fn is_live(&self, pair: &LivePair) -> Result<bool, String> {
        if self.operator.target().probe.is_none() {
            return Ok(true);
        }
        Ok(self.call(TokenCall::Use(&Secret::new(pair.access.as_str()))).await?.is_accepted)
    }

    /// Tokens that were never issued.
    async fn made_up(&mut self) -> Result<(), String> {
        let Some(pair) = self.state.working_pair().cloned() else { return Ok(()) };
        for (kind, token) in [(RefusedKind::Access, &pair.access), (RefusedKind::Refresh, &pair.refresh)] {
            let altered = alter(token);
            self.operator.keep_token(&Secret::new(altered.as_str()));
            self.note_refused("an altered token", kind, &altered).await?;
        }
        Ok(())
    }

    /// Tokens that are still good when the restart begins: minted last, for they live the shortest.
    async fn fresh_one_time_tokens(&mut self) {
        for login in self.one_time_logins() {
            if let Some(token) = self.mint(&login).await {
                self.state.one_time.push(token);
            }
        }
    }
}

/// Another token of the same form: its middle is changed.
fn alter(token: &str) -> String {
    let middle = token.chars().count() / 2;
    let other = |at: usize, c: char| match c {
        _ if at.abs_diff(middle) > 3 || !c.is_ascii_alphanumeric() => c,
        '7' => '3',
        'a' => 'b',
        _ if c.is_ascii_digit() => '7',
        _ => 'a',
    };
    token.chars().enumerate().map(|(at, c)| other(at, c)).collect()
}

/// Verifies a one-time token, with an access token beside it where the server refuses to without.
pub(super) async fn verify(operator: &Operator, token: &str, access: Option<&Secret>) -> Result<CallAnswer, String> {
    let secret = Secret::new(token);
    let bare = operator.call(TokenCall::Verify(&secret, None)).await.map_err(|trouble| trouble.to_string())?;
    match access {
        Some(access) if bare.status == 401 => {
            operator.call(TokenCall::Verify(&secret, Some(access))).await.map_err(|trouble| trouble.to_string())
        }
        _ => Ok(bare),
    }
}
