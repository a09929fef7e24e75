//! The state of a stand-in as JSON, so that a restart goes on where the server ended; and what a bad restart makes of it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::{
    options::TokenLifetimes,
    request::ApiRequest,
    server::StandIn,
    state::ServerState,
    tokens::{AccessRecord, OneTimeRecord, RefreshRecord, TokenOwner, TokenText},
    users::User,
};

/// How far a clock jumps that jumps.
const JUMP: Duration = Duration::from_secs(600);

/// What a restart does wrong, or what a deployment may declare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestartFault {
    /// Nothing but the users is there any more.
    StateLost,
    /// Access tokens are refused, as after a change of the signing key.
    AccessLost,
    /// Refresh tokens are gone.
    RefreshLost,
    /// One-time tokens are gone.
    OneTimeLost,
    /// Used one-time tokens are unused again.
    OneTimeUsesForgotten,
    /// Spent refresh tokens are unspent again.
    SpentForgotten,
    /// Expired tokens are good again.
    ExpiredReturn,
    /// The clock is ten minutes ahead.
    ClockAhead,
    /// The clock is ten minutes behind.
    ClockBack,
    /// Lifetimes are those of the start.
    SettingsReset,
    /// Sessions are counted from one again.
    CounterRestarted,
    /// The tokens of the first two users are exchanged.
    UsersSwapped,
}

/// The names of restart faults, with what they do.
pub const RESTART_FAULTS: [(&str, RestartFault, &str); 12] = [
    ("state-lost", RestartFault::StateLost, "all tokens and settings are lost"),
    ("access-lost", RestartFault::AccessLost, "access tokens are refused, as after a change of the signing key"),
    ("refresh-lost", RestartFault::RefreshLost, "refresh tokens are lost"),
    ("one-time-lost", RestartFault::OneTimeLost, "one-time tokens are lost"),
    ("one-time-uses-forgotten", RestartFault::OneTimeUsesForgotten, "used one-time tokens are good again"),
    ("spent-forgotten", RestartFault::SpentForgotten, "spent refresh tokens are good again"),
    ("expired-return", RestartFault::ExpiredReturn, "expired tokens are good again"),
    ("clock-ahead", RestartFault::ClockAhead, "the clock is ten minutes ahead"),
    ("clock-back", RestartFault::ClockBack, "the clock is ten minutes behind"),
    ("settings-reset", RestartFault::SettingsReset, "lifetimes are those of the start"),
    ("counter-restarted", RestartFault::CounterRestarted, "sessions are counted from one again"),
    ("users-swapped", RestartFault::UsersSwapped, "the tokens of the first two users are exchanged"),
];

impl RestartFault {
    /// The fault of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        RESTART_FAULTS.iter().find(|(known, ..)| *known == name).map(|(_, fault, _)| *fault)
    }
}

/// The users of a saved state.
#[must_use]
pub fn saved_users(saved: &Value) -> Vec<User> {
    let text = |user: &Value, field: &str| user[field].as_str().map(str::to_owned);
    let user = |it: &Value| Some(User { login: text(it, "login")?, password: text(it, "password")? });
    saved["users"].as_array().into_iter().flatten().filter_map(user).collect()
}

impl StandIn {
    /// Everything that a restart needs. Contains passwords and tokens.
    #[must_use]
    pub fn save(&self) -> Value {
        let user = |user: &User| json!({ "login": user.login, "password": user.password });
        let users: Vec<Value> = self.users().iter().map(user).collect();
        self.with_context(&ApiRequest::default(), |call| {
            let state = &call.state;
            json!({
                "origin": millis(wall_clock().saturating_sub(call.now)),
                "users": users,
                "effective": lifetimes(state.effective),
                "announced": lifetimes(state.announced),
                "reconfigured": state.reconfigured,
                "sessions": state.sessions,
                "access": state.access.entries().map(|(text, it)| access(text, it)).collect::<Vec<_>>(),
                "refresh": state.refresh.entries().map(|(text, it)| refresh(text, it)).collect::<Vec<_>>(),
                "oneTime": state.one_time.entries().map(|(text, it)| one_time(text, it)).collect::<Vec<_>>(),
            })
        })
    }

    /// Goes on with a saved state, as these faults leave it. The clock must be at its start.
    pub fn restore(&self, saved: &Value, faults: &[RestartFault]) {
        let has = |fault| faults.contains(&fault);
        let origin = Duration::from_millis(saved["origin"].as_u64().unwrap_or_default());
        self.clock().advance(wall_clock().saturating_sub(origin));
        if has(RestartFault::ClockAhead) {
            self.clock().advance(JUMP);
        }
        if has(RestartFault::StateLost) {
            return;
        }
        self.with_context(&ApiRequest::default(), |call| {
            let now = call.now;
            let restorer = Restorer { saved, faults, now };
            restorer.restore(call.state);
        });
    }
}

struct Restorer<'a> {
    saved: &'a Value,
    faults: &'a [RestartFault],
    now: Duration,
}

impl Restorer<'_> {
    fn has(&self, fault: RestartFault) -> bool {
        self.faults.contains(&fault)
    }

    fn restore(&self, state: &mut ServerState) {
        if !self.has(RestartFault::SettingsReset) {
            state.effective = read_lifetimes(&self.saved["effective"], state.effective);
            state.announced = read_lifetimes(&self.saved["announced"], state.announced);
            state.reconfigured = self.saved["reconfigured"].as_bool().unwrap_or_default();
        }
        if !self.has(RestartFault::CounterRestarted) {
            state.sessions = self.saved["sessions"].as_u64().unwrap_or_default();
        }
        for saved in self.records("access", RestartFault::AccessLost) {
            let (text, expires) = (text(saved), self.expires(saved));
            let record = AccessRecord {
                owner: self.owner(saved),
                issued: time(&saved["issued"]),
                expires,
                calls: u32::try_from(saved["calls"].as_u64().unwrap_or_default()).unwrap_or(u32::MAX),
                from_login: saved["fromLogin"].as_bool().unwrap_or_default(),
                node: 0,
            };
            state.access.insert(&text, record, expires, self.now);
        }
        for saved in self.records("refresh", RestartFault::RefreshLost) {
            let (text, expires) = (text(saved), self.expires(saved));
            let spent = saved["spent"].as_u64().map(Duration::from_millis);
            let record = RefreshRecord {
                owner: self.owner(saved),
                expires,
                generation: u32::try_from(saved["generation"].as_u64().unwrap_or_default()).unwrap_or(u32::MAX),
                spent: spent.filter(|_| !self.has(RestartFault::SpentForgotten)),
                replays: 0,
                spent_on: 0,
                access: saved["access"].as_str().unwrap_or_default().into(),
            };
            state.refresh.insert(&text, record, expires, self.now);
        }
        for saved in self.records("oneTime", RestartFault::OneTimeLost) {
            let (text, expires) = (text(saved), self.expires(saved));
            let uses = u32::try_from(saved["uses"].as_u64().unwrap_or_default()).unwrap_or(u32::MAX);
            let uses = if self.has(RestartFault::OneTimeUsesForgotten) { 0 } else { uses };
            let user = self.owner(saved).user;
            state.one_time.insert(&text, OneTimeRecord { user, expires, uses, used_on: None }, expires, self.now);
        }
    }

    fn records(&self, kind: &str, lost: RestartFault) -> impl Iterator<Item = &Value> {
        let is_lost = self.has(lost);
        self.saved[kind].as_array().into_iter().flatten().filter(move |_| !is_lost)
    }

    fn expires(&self, saved: &Value) -> Duration {
        let expires = time(&saved["expires"]);
        if self.has(RestartFault::ClockBack) || self.has(RestartFault::ExpiredReturn) && expires <= self.now {
            expires + JUMP
        } else {
            expires
        }
    }

    fn owner(&self, saved: &Value) -> TokenOwner {
        let number = |field: &str| saved[field].as_u64().unwrap_or_default();
        let user = usize::try_from(number("user")).unwrap_or_default();
        let user = if self.has(RestartFault::UsersSwapped) && user < 2 { 1 - user } else { user };
        TokenOwner { user, session: number("session") }
    }
}

fn access(text: &TokenText, it: &AccessRecord) -> Value {
    json!({
        "token": **text, "user": it.owner.user, "session": it.owner.session, "issued": millis(it.issued),
        "expires": millis(it.expires), "calls": it.calls, "fromLogin": it.from_login,
    })
}

fn refresh(text: &TokenText, it: &RefreshRecord) -> Value {
    json!({
        "token": **text, "user": it.owner.user, "session": it.owner.session, "expires": millis(it.expires),
        "generation": it.generation, "spent": it.spent.map(millis), "access": *it.access,
    })
}

fn one_time(text: &TokenText, it: &OneTimeRecord) -> Value {
    json!({ "token": **text, "user": it.user, "expires": millis(it.expires), "uses": it.uses })
}

fn lifetimes(it: TokenLifetimes) -> Value {
    json!([millis(it.access), millis(it.refresh), millis(it.one_time)])
}

fn read_lifetimes(saved: &Value, default: TokenLifetimes) -> TokenLifetimes {
    let at = |place: usize, default| saved[place].as_u64().map_or(default, Duration::from_millis);
    TokenLifetimes { access: at(0, default.access), refresh: at(1, default.refresh), one_time: at(2, default.one_time) }
}

fn text(saved: &Value) -> TokenText {
    saved["token"].as_str().unwrap_or_default().into()
}

fn time(saved: &Value) -> Duration {
    Duration::from_millis(saved.as_u64().unwrap_or_default())
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn wall_clock() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::StandInOptions;

    #[test]
    fn a_restarted_server_knows_its_tokens_unless_a_fault_loses_them() {
        let options = StandInOptions::default();
        let before = StandIn::in_real_time(options.clone());
        let token = before.mint("qa-second").expect("the user exists");
        let saved = before.save();
        let status = |faults: &[RestartFault]| {
            let after = StandIn::in_real_time(options.clone());
            after.restore(&saved, faults);
            after.token_status(&token).map(|status| (status.login, status.left.is_some()))
        };
        assert_eq!(status(&[]), Some(("qa-second".to_owned(), true)));
        assert_eq!(status(&[RestartFault::OneTimeLost]), None);
        assert_eq!(status(&[RestartFault::StateLost]), None);
        assert_eq!(status(&[RestartFault::UsersSwapped]), Some(("qa-certifier".to_owned(), true)));
        assert_eq!(status(&[RestartFault::ClockAhead]), Some(("qa-second".to_owned(), false)));
    }
}
