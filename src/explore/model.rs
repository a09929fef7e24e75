//! The contract as a state machine: what a client knows of users, pairs, one-time tokens, lifetimes and settings, and the state of a token
//! at a moment. Judges nothing and sends nothing.

use std::{
    collections::{HashMap, HashSet, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
    time::Duration,
};

use super::{
    behaviour::Behaviour,
    operation::{Id, Kind, Setting},
};

/// The state of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Good,
    /// Used up.
    Spent,
    /// Its lifetime is over.
    Expired,
    /// The contract or what was learned leaves it open.
    Open,
}

/// When something happened: no earlier and no later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) earliest: Duration,
    pub(crate) latest: Duration,
}

/// An access token and the refresh token beside it.
#[derive(Clone)]
pub(crate) struct Pair {
    pub(crate) id: Id,
    pub(crate) user: usize,
    /// The pair of the login that it descends from.
    pub(crate) family: Id,
    pub(crate) generation: u32,
    pub(crate) access: String,
    pub(crate) refresh: String,
    pub(crate) issued: Moment,
    pub(crate) access_life: Option<Duration>,
    pub(crate) refresh_life: Option<Duration>,
    /// When its refresh token was exchanged.
    pub(crate) spent: Option<Duration>,
    /// It has been refreshed, whether that spent a token or not.
    pub(crate) refreshed: bool,
    /// An answer got lost, or it is under a violation that is known already: nothing follows from it.
    pub(crate) doubtful: bool,
    pub(crate) uses: u32,
    /// How many requests had failed when it was issued.
    pub(crate) failures: u32,
    newer: u32,
    logins: u32,
    lengthened: [u32; 3],
    changes: u32,
}

impl Pair {
    /// Whether it was given for the other one, by one refresh or several.
    pub(crate) fn succeeds(&self, other: &Self) -> bool {
        self.family == other.family && self.generation > other.generation
    }
}

/// A one-time token.
#[derive(Clone)]
pub(crate) struct OneTime {
    pub(crate) id: Id,
    pub(crate) user: usize,
    pub(crate) token: String,
    pub(crate) issued: Moment,
    pub(crate) life: Option<Duration>,
    pub(crate) spent: Option<Duration>,
    pub(crate) doubtful: bool,
    mints: u32,
    lengthened: u32,
    /// By which requirement the change before it was refused, if it was.
    pub(crate) refused_change: Option<&'static str>,
    /// How many requests had failed when it was made.
    pub(crate) failures: u32,
}

/// Counts of one user.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct UserCounts {
    /// Pairs given out, by login or refresh.
    pub(crate) pairs: u32,
    pub(crate) logins: u32,
    pub(crate) mints: u32,
    /// Wrong passwords since the last right one.
    pub(crate) wrong: u32,
}

/// Everything that a client knows.
#[derive(Clone)]
pub(crate) struct Model {
    pub(crate) behaviour: Behaviour,
    pub(crate) margin: Duration,
    pub(crate) pairs: Vec<Pair>,
    pub(crate) one_times: Vec<OneTime>,
    pub(crate) counts: Vec<UserCounts>,
    /// Lifetimes in force, where they are known: of the settings in their order.
    pub(crate) lifetimes: [Option<Duration>; 3],
    /// The shortest and the longest lifetime that was ever in force, of the settings in their order.
    taken: [Option<(Duration, Duration)>; 3],
    /// How often each lifetime was made longer.
    lengthened: [u32; 3],
    /// How often settings were changed, and by which requirement the last attempt was refused, if it was.
    pub(crate) changes: u32,
    pub(crate) refused_change: Option<&'static str>,
    /// The place of the setting that was changed last, and which settings no announcement has shown as changed yet.
    pub(crate) last_change: Option<usize>,
    pub(crate) unseen_change: [bool; 3],
    /// Requests that were refused, all in all.
    pub(crate) failures: u32,
    reused: HashSet<Id>,
    seen: HashMap<u64, Kind>,
}

impl Setting {
    pub(crate) fn place(self) -> usize {
        match self {
            Self::Access => 0,
            Self::Refresh => 1,
            Self::OneTime => 2,
        }
    }
}

/// What a token answer gave.
pub(crate) struct Granted {
    pub(crate) access: String,
    pub(crate) refresh: String,
    pub(crate) access_life: Option<Duration>,
    pub(crate) refresh_life: Option<Duration>,
    pub(crate) issued: Moment,
}

impl Model {
    /// A model that knows users and nothing else.
    pub(crate) fn new(behaviour: Behaviour, users: usize, margin: Duration, one_time: Option<Duration>) -> Self {
        Self {
            behaviour,
            margin,
            pairs: Vec::new(),
            one_times: Vec::new(),
            counts: vec![UserCounts::default(); users],
            lifetimes: [None, None, one_time],
            taken: [None; 3],
            lengthened: [0; 3],
            changes: 0,
            refused_change: None,
            last_change: None,
            unseen_change: [false; 3],
            failures: 0,
            reused: HashSet::new(),
            seen: HashMap::new(),
        }
    }

    pub(crate) fn pair(&self, id: Id) -> Option<&Pair> {
        self.pairs.iter().rev().find(|pair| pair.id == id)
    }

    pub(crate) fn pair_mut(&mut self, id: Id) -> Option<&mut Pair> {
        self.pairs.iter_mut().rev().find(|pair| pair.id == id)
    }

    pub(crate) fn one_time(&self, id: Id) -> Option<&OneTime> {
        self.one_times.iter().rev().find(|one| one.id == id)
    }

    pub(crate) fn one_time_mut(&mut self, id: Id) -> Option<&mut OneTime> {
        self.one_times.iter_mut().rev().find(|one| one.id == id)
    }

    /// Whether a token text has been seen before; it is from now on.
    pub(crate) fn remember(&mut self, text: &str, kind: Kind) -> bool {
        self.seen.insert(digest(text), kind).is_some()
    }

    /// A pair from a login.
    pub(crate) fn log_in(&mut self, id: Id, user: usize, granted: Granted) {
        self.counts[user].logins += 1;
        self.counts[user].wrong = 0;
        self.insert(id, user, id, 0, granted);
    }

    /// A pair from a refresh.
    pub(crate) fn refresh(&mut self, id: Id, of: Id, granted: Granted) {
        let Some(old) = self.pair_mut(of) else { return };
        old.refreshed = true;
        if old.refresh != granted.refresh {
            old.spent.get_or_insert(granted.issued.latest);
        }
        let (user, family, generation) = (old.user, old.family, old.generation + 1);
        self.insert(id, user, family, generation, granted);
    }

    fn insert(&mut self, id: Id, user: usize, family: Id, generation: u32, granted: Granted) {
        self.counts[user].pairs += 1;
        self.pairs.push(Pair {
            id,
            user,
            family,
            generation,
            access: granted.access,
            refresh: granted.refresh,
            issued: granted.issued,
            access_life: granted.access_life,
            refresh_life: granted.refresh_life,
            spent: None,
            refreshed: false,
            doubtful: false,
            uses: 0,
            failures: self.failures,
            newer: self.counts[user].pairs,
            logins: self.counts[user].logins,
            lengthened: self.lengthened,
            changes: self.changes,
        });
    }

    /// A new one-time token.
    pub(crate) fn mint(&mut self, id: Id, user: usize, token: String, issued: Moment) {
        self.counts[user].mints += 1;
        self.one_times.push(OneTime {
            id,
            user,
            token,
            issued,
            life: self.lifetimes[2],
            spent: None,
            doubtful: false,
            mints: self.counts[user].mints,
            lengthened: self.lengthened[2],
            refused_change: self.refused_change,
            failures: self.failures,
        });
    }

    /// A setting has been changed.
    pub(crate) fn change(&mut self, setting: Setting, to: Duration) {
        let place = setting.place();
        if self.lifetimes[place].is_none_or(|before| to > before) {
            self.lengthened[place] += 1;
        }
        self.taken[place] =
            self.range_taken(place).map_or(Some((to, to)), |(least, most)| Some((least.min(to), most.max(to))));
        self.lifetimes[place] = Some(to);
        self.last_change = Some(place);
        self.unseen_change[place] = true;
        self.changes += 1;
        self.refused_change = None;
    }

    /// Whether lifetimes were in force that are no longer and no shorter than this one, in seconds.
    pub(crate) fn has_taken(&self, setting: Setting, value: u64) -> bool {
        let value = Duration::from_secs(value);
        self.range_taken(setting.place()).is_some_and(|(least, most)| least <= value && value <= most)
    }

    fn range_taken(&self, place: usize) -> Option<(Duration, Duration)> {
        let (taken, now) = (self.taken[place], self.lifetimes[place].map(|now| (now, now)));
        taken.into_iter().chain(now).reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
    }

    /// A spent refresh token has been shown again.
    pub(crate) fn reuse(&mut self, family: Id) {
        self.reused.insert(family);
    }

    /// Whether settings were changed after a pair was issued.
    pub(crate) fn changed_since(&self, pair: &Pair) -> bool {
        self.changes > pair.changes
    }

    /// The state of an access token for a request that was sent and answered at these moments.
    pub(crate) fn access_standing(&self, pair: &Pair, sent: Duration, received: Duration) -> Standing {
        let handed_over = self.behaviour.refresh_ends_access || self.is_successor_used(pair);
        if self.may_be_ended(pair) || (pair.refreshed && handed_over) {
            return self.ended_or(pair.issued, pair.access_life, self.may_be_prolonged(pair, 0), sent, Standing::Open);
        }
        if self.behaviour.login_ends_access && self.counts[pair.user].logins > pair.logins {
            return self.ended_or(pair.issued, pair.access_life, self.may_be_prolonged(pair, 0), sent, Standing::Open);
        }
        self.standing(pair.issued, pair.access_life, self.may_be_prolonged(pair, 0), sent, received)
    }

    /// The state of a refresh token.
    pub(crate) fn refresh_standing(&self, pair: &Pair, sent: Duration, received: Duration) -> Standing {
        // A token that stays lives on with the newest pair that it came with.
        let lives_on = || self.pairs.iter().any(|other| other.id > pair.id && other.refresh == pair.refresh);
        if pair.doubtful || (pair.refreshed && pair.spent.is_none()) || (!self.behaviour.rotates && lives_on()) {
            return Standing::Open;
        }
        if let Some(spent) = pair.spent {
            return match self.behaviour.spent_grace {
                Some(grace) if grace.is_zero() || sent > spent + grace + self.margin => Standing::Spent,
                _ => Standing::Open,
            };
        }
        let ended_by_login = self.behaviour.login_ends_refresh && self.counts[pair.user].logins > pair.logins;
        if ended_by_login || self.may_be_ended(pair) {
            return self.ended_or(pair.issued, pair.refresh_life, self.may_be_prolonged(pair, 1), sent, Standing::Open);
        }
        self.standing(pair.issued, pair.refresh_life, self.may_be_prolonged(pair, 1), sent, received)
    }

    /// The state of a one-time token.
    pub(crate) fn one_time_standing(&self, one: &OneTime, sent: Duration, received: Duration) -> Standing {
        if one.doubtful {
            return Standing::Open;
        }
        if one.spent.is_some() {
            return Standing::Spent;
        }
        let newer = self.counts[one.user].mints.saturating_sub(one.mints);
        let prolonged = self.behaviour.settings_prolong && self.lengthened[2] > one.lengthened;
        if newer > 0 && (self.behaviour.mint_ends_earlier || newer > self.behaviour.one_time_kept) {
            return self.ended_or(one.issued, one.life, prolonged, sent, Standing::Open);
        }
        self.standing(one.issued, one.life, prolonged, sent, received)
    }

    /// Whether a pair that descends from this one was used or refreshed: then the server may hold that this one is given up.
    fn is_successor_used(&self, pair: &Pair) -> bool {
        self.pairs.iter().any(|other| other.succeeds(pair) && (other.uses > 0 || other.refreshed || other.doubtful))
    }

    fn may_be_ended(&self, pair: &Pair) -> bool {
        let newer = self.counts[pair.user].pairs.saturating_sub(pair.newer);
        let reused = self.behaviour.reuse_ends_session && self.reused.contains(&pair.family);
        pair.doubtful || reused || newer > self.behaviour.pairs_kept
    }

    fn may_be_prolonged(&self, pair: &Pair, place: usize) -> bool {
        self.behaviour.settings_prolong && self.lengthened[place] > pair.lengthened[place]
    }

    fn standing(
        &self,
        issued: Moment,
        life: Option<Duration>,
        prolonged: bool,
        sent: Duration,
        received: Duration,
    ) -> Standing {
        let Some(life) = life else { return Standing::Open };
        if received + self.margin <= issued.earliest + life {
            return Standing::Good;
        }
        self.ended_or(issued, Some(life), prolonged, sent, Standing::Open)
    }

    /// Expired where its lifetime is over for certain.
    fn ended_or(
        &self,
        issued: Moment,
        life: Option<Duration>,
        prolonged: bool,
        sent: Duration,
        otherwise: Standing,
    ) -> Standing {
        if self.is_over(issued, life, sent) && !prolonged { Standing::Expired } else { otherwise }
    }

    /// Whether a lifetime as it was announced is over for certain.
    pub(crate) fn is_over(&self, issued: Moment, life: Option<Duration>, sent: Duration) -> bool {
        life.is_some_and(|life| sent >= issued.latest + life + self.margin + ROUNDING)
    }

    /// A token was refused: where its lifetime is over no longer one has prolonged it.
    pub(crate) fn refused(&mut self, id: Id, kind: Kind, sent: Duration) {
        let is_over = self.end(id, kind).is_some_and(|(issued, life)| self.is_over(issued, Some(life), sent));
        let [access, _, one_time] = self.lengthened;
        match kind {
            Kind::Access if is_over => self.pair_mut(id).into_iter().for_each(|pair| pair.lengthened[0] = access),
            Kind::OneTime if is_over => self.one_time_mut(id).into_iter().for_each(|one| one.lengthened = one_time),
            _ => {}
        }
    }

    /// The end of a token's life, as far as it is known.
    pub(crate) fn end(&self, id: Id, kind: Kind) -> Option<(Moment, Duration)> {
        match kind {
            Kind::Access => self.pair(id).and_then(|pair| Some((pair.issued, pair.access_life?))),
            Kind::Refresh => self.pair(id).and_then(|pair| Some((pair.issued, pair.refresh_life?))),
            Kind::OneTime => self.one_time(id).and_then(|one| Some((one.issued, one.life?))),
        }
    }
}

/// A lifetime announced in whole seconds may be up to one longer.
pub(crate) const ROUNDING: Duration = Duration::from_secs(1);

fn digest(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn granted(name: &str, at: u64) -> Granted {
        let at = Duration::from_secs(at);
        Granted {
            access: format!("a{name}"),
            refresh: format!("r{name}"),
            access_life: Some(Duration::from_secs(100)),
            refresh_life: Some(Duration::from_secs(1000)),
            issued: Moment { earliest: at, latest: at },
        }
    }

    fn model() -> Model {
        let behaviour = Behaviour {
            login_ends_access: false,
            login_ends_refresh: false,
            pairs_kept: 3,
            refresh_ends_access: false,
            spent_grace: Some(Duration::ZERO),
            reuse_ends_session: false,
            settings_prolong: false,
            mint_ends_earlier: false,
            one_time_kept: 3,
            ..Behaviour::default()
        };
        Model::new(behaviour, 2, Duration::from_secs(1), Some(Duration::from_secs(30)))
    }

    fn access(model: &Model, id: Id, second: u64) -> Standing {
        let at = Duration::from_secs(second);
        model.access_standing(model.pair(id).expect("it is there"), at, at)
    }

    #[test]
    fn a_token_is_good_until_shortly_before_its_end_and_expired_shortly_after() {
        let mut model = model();
        model.log_in(1, 0, granted("1", 0));
        assert_eq!(access(&model, 1, 99), Standing::Good);
        assert_eq!(access(&model, 1, 100), Standing::Open);
        assert_eq!(access(&model, 1, 102), Standing::Expired);
    }

    #[test]
    fn a_longer_lifetime_may_prolong_a_token_unless_it_was_refused_since() {
        let mut model = model();
        model.behaviour.settings_prolong = true;
        model.lifetimes[0] = Some(Duration::from_secs(100));
        model.log_in(1, 0, granted("1", 0));
        model.change(Setting::Access, Duration::from_secs(500));
        assert_eq!(access(&model, 1, 150), Standing::Open);
        model.refused(1, Kind::Access, Duration::from_secs(50));
        assert_eq!(access(&model, 1, 150), Standing::Open);
        model.refused(1, Kind::Access, Duration::from_secs(140));
        assert_eq!(access(&model, 1, 150), Standing::Expired);
        model.change(Setting::Access, Duration::from_secs(900));
        assert_eq!(access(&model, 1, 150), Standing::Open);
    }

    #[test]
    fn a_spent_refresh_token_is_spent_and_its_successor_good() {
        let mut model = model();
        let at = Duration::from_secs(6);
        model.log_in(1, 0, granted("1", 0));
        model.refresh(2, 1, granted("2", 5));
        let standing = |id| model.refresh_standing(model.pair(id).expect("it is there"), at, at);
        assert_eq!((standing(1), standing(2)), (Standing::Spent, Standing::Good));
    }

    #[test]
    fn more_newer_pairs_than_were_learned_leave_a_pair_open_and_other_users_do_not() {
        let mut model = model();
        model.log_in(1, 0, granted("1", 0));
        (2..5).for_each(|id| model.log_in(id, 0, granted(&id.to_string(), 1)));
        model.log_in(9, 1, granted("9", 1));
        assert_eq!(access(&model, 1, 2), Standing::Good);
        model.log_in(5, 0, granted("5", 1));
        assert_eq!(access(&model, 1, 2), Standing::Open);
    }

    #[test]
    fn an_access_token_is_open_once_its_successor_was_used_though_a_refresh_alone_ends_none() {
        let mut model = model();
        model.log_in(1, 0, granted("1", 0));
        model.refresh(2, 1, granted("2", 1));
        assert_eq!(access(&model, 1, 2), Standing::Good);
        model.pair_mut(2).expect("it is there").uses += 1;
        assert_eq!((access(&model, 1, 2), access(&model, 1, 102)), (Standing::Open, Standing::Expired));
        assert_eq!(access(&model, 2, 2), Standing::Good);
    }

    #[test]
    fn a_lifetime_between_two_that_were_in_force_has_been_taken() {
        let mut model = model();
        assert!(!model.has_taken(Setting::Access, 60));
        model.lifetimes[0] = Some(Duration::from_secs(60));
        model.change(Setting::Access, Duration::from_secs(10));
        let taken = [9, 10, 30, 60, 61].map(|value| model.has_taken(Setting::Access, value));
        assert_eq!(taken, [false, true, true, true, false]);
    }

    #[test]
    fn what_a_longer_setting_may_prolong_is_open_after_its_end() {
        let mut model = model();
        model.behaviour.settings_prolong = true;
        model.log_in(1, 0, granted("1", 0));
        model.change(Setting::Access, Duration::from_secs(500));
        assert_eq!(access(&model, 1, 110), Standing::Open);
    }
}
