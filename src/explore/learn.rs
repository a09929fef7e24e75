//! Finds out what the contract leaves open, with tokens made for that purpose and nothing else going on, before a walk begins. Each choice
//! that would excuse an answer is looked at twice; what does not show both times is not a choice, and the walk judges it.

use std::time::Duration;

use super::{
    behaviour::{Behaviour, RECOMMENDATIONS},
    compose::{Parts, compose},
    input::{Alphabet, Tamper, Text},
    judge::announced,
    operation::{Act, Call, Deviation, Field, Place, Setting, Subject},
    wire::{Answer, Facts, Link},
};

/// How long after a reuse, or a newer login, a server may act on it that does not do so at once.
const LATE: Duration = Duration::from_secs(7);
/// The least that shows a leeway of a second, whatever may be waited for.
const LEAST_LATE: Duration = Duration::from_millis(1500);

/// What learning may cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    /// How many newer pairs and one-time tokens are tried.
    pub(crate) newer: u32,
    /// Whether time may pass.
    pub(crate) late: bool,
    /// Whether settings may be changed to learn what that does to older tokens.
    pub(crate) settings: bool,
    /// Whether recommendations are tried one by one; walks leave them out otherwise.
    pub(crate) recommendations: bool,
}

impl Effort {
    /// As much as these requests allow.
    pub(crate) fn for_requests(requests: u64, facts: &Facts) -> Self {
        let newer = match requests {
            _ if facts.turned => 54,
            0..300 => 3,
            300..2000 => 8,
            _ => 24,
        };
        let many = requests >= 300;
        Self {
            newer,
            late: facts.turned || many,
            settings: facts.settings && facts.turned,
            recommendations: facts.turned || many,
        }
    }
}

/// Learns what this server does. Gives what is known even where an answer is missing: that stays open.
pub(crate) async fn learn<L: Link>(link: &mut L, effort: Effort) -> Behaviour {
    let mut behaviour = Behaviour::default();
    let mut probing = Probing { link };
    probing.announcements(&mut behaviour).await;
    probing.logins(&mut behaviour, effort).await;
    probing.refreshes(&mut behaviour, effort).await;
    probing.newer_pairs(&mut behaviour, effort).await;
    probing.verification(&mut behaviour).await;
    probing.one_times(&mut behaviour, effort).await;
    probing.spellings(&mut behaviour).await;
    if effort.recommendations {
        probing.recommendations(&mut behaviour).await;
    } else {
        behaviour.lenient.extend(RECOMMENDATIONS);
    }
    if probing.link.facts().settings {
        probing.settings(&mut behaviour).await;
    }
    if effort.settings {
        probing.prolonging(&mut behaviour).await;
    }
    behaviour.observations = told(&behaviour);
    probing.link.renew();
    behaviour
}

/// Tokens made for learning.
#[derive(Clone)]
struct Pair {
    access: String,
    refresh: String,
    life: Option<Duration>,
}

struct Probing<'a, L> {
    link: &'a mut L,
}

impl<L: Link> Probing<'_, L> {
    async fn send(&mut self, act: Act, parts: &Parts) -> Option<Answer> {
        let request = compose(act, parts, self.link.facts())?;
        self.link.send(request).await.ok()
    }

    fn credentials(&self, user: usize) -> Option<Parts> {
        let user = self.link.facts().users.get(user)?;
        Some(Parts { login: user.login.clone(), password: user.password.expose().to_owned(), ..Parts::default() })
    }

    async fn log_in(&mut self, user: usize) -> Option<Pair> {
        let parts = self.credentials(user)?;
        let answer = self.send(Act::right(Call::Login, Subject::User(user)), &parts).await?;
        self.pair(&answer)
    }

    fn pair(&self, answer: &Answer) -> Option<Pair> {
        let dialect = &self.link.facts().dialect;
        let (access, refresh) = (answer.text_at(&dialect.access_token)?, answer.text_at(&dialect.refresh_token)?);
        let life = announced(answer, dialect.lifetime_unit, &dialect.access_lifetime);
        answer.is_success().then(|| Pair { access: access.to_owned(), refresh: refresh.to_owned(), life })
    }

    /// Whether an access token is accepted; `None` without a protected call or an answer.
    async fn is_accepted(&mut self, access: &str) -> Option<bool> {
        let parts = Parts { token: access.to_owned(), ..Parts::default() };
        Some(self.send(Act::right(Call::Use, Subject::Pair(0)), &parts).await?.is_success())
    }

    /// The pair that a refresh token gives; the outer `None` where no answer came.
    async fn refresh(&mut self, token: &str) -> Option<Option<Pair>> {
        let parts = Parts { token: token.to_owned(), ..Parts::default() };
        let answer = self.send(Act::right(Call::Refresh, Subject::Pair(0)), &parts).await?;
        Some(self.pair(&answer))
    }

    async fn announcements(&mut self, behaviour: &mut Behaviour) -> Option<()> {
        let parts = self.credentials(0)?;
        let answer = self.send(Act::right(Call::Login, Subject::User(0)), &parts).await?;
        let dialect = self.link.facts().dialect.clone();
        let bare =
            self.send(Act::right(Call::Use, Subject::Pair(0)).with(Deviation::Absent(Field::Token)), &parts).await;
        let named = |answer: &Answer| {
            answer.header("www-authenticate").is_some_and(|value| value.to_ascii_lowercase().contains("bearer"))
        };
        behaviour.challenges = bare.is_some_and(|answer| named(&answer));
        let pair = self.pair(&answer)?;
        let refreshed_parts = Parts { token: pair.refresh, ..Parts::default() };
        let refreshed = self.send(Act::right(Call::Refresh, Subject::Pair(0)), &refreshed_parts).await?;
        let told = |answer: &Answer| announced(answer, dialect.lifetime_unit, &dialect.refresh_lifetime).is_some();
        behaviour.refresh_lifetime_told = told(&answer) && told(&refreshed);
        let no_store = |answer: &Answer| {
            answer.header("cache-control").is_some_and(|value| value.to_ascii_lowercase().contains("no-store"))
        };
        behaviour.forbids_storing = no_store(&answer) && no_store(&refreshed);
        Some(())
    }

    /// Lets a pair become older, and no access token end of its own accord.
    async fn let_age(&mut self, life: Option<Duration>) {
        let facts = self.link.facts();
        let most = if facts.turned { LATE } else { LATE.min(facts.max_wait.max(LEAST_LATE)) };
        self.link.pass(life.map_or(most, |life| most.min(life * 3 / 5))).await;
    }

    /// Whether a login ends earlier pairs of the same user, at once or when they are older.
    async fn logins(&mut self, behaviour: &mut Behaviour, effort: Effort) -> Option<()> {
        let mut access = [false; 2];
        let mut refresh = [false; 2];
        for round in 0..2 {
            for late in [false, true] {
                if late && !effort.late {
                    access[round] = true;
                    refresh[round] = true;
                    continue;
                }
                let earlier = self.log_in(0).await?;
                if late {
                    self.let_age(earlier.life).await;
                }
                self.log_in(0).await?;
                access[round] |= !self.is_accepted(&earlier.access).await.unwrap_or(false);
                refresh[round] |= self.refresh(&earlier.refresh).await?.is_none();
            }
            if !access[round] && !refresh[round] {
                break;
            }
        }
        behaviour.login_ends_access = access.iter().all(|ended| *ended);
        behaviour.login_ends_refresh = refresh.iter().all(|ended| *ended);
        Some(())
    }

    /// What a refresh does to what was there before, and a reuse to the session.
    async fn refreshes(&mut self, behaviour: &mut Behaviour, effort: Effort) -> Option<()> {
        let mut ends_access = [false; 2];
        let mut reuse_ends = [false; 2];
        let mut grace = [Duration::ZERO; 2];
        let mut rounds = 0;
        for round in 0..2 {
            rounds = round + 1;
            for late in [false, true] {
                if late && !effort.late {
                    reuse_ends[round] = true;
                    continue;
                }
                let first = self.log_in(0).await?;
                let second = self.refresh(&first.refresh).await??;
                behaviour.rotates = second.refresh != first.refresh;
                if late {
                    self.let_age(first.life).await;
                }
                ends_access[round] |= !self.is_accepted(&first.access).await.unwrap_or(false);
                if !behaviour.rotates {
                    continue;
                }
                if self.refresh(&first.refresh).await?.is_some() {
                    grace[round] = Duration::from_secs(if late { 61 } else { 1 }).max(grace[round]);
                    continue;
                }
                reuse_ends[round] |= !self.is_accepted(&second.access).await.unwrap_or(true);
                reuse_ends[round] |= self.refresh(&second.refresh).await?.is_none();
            }
            if !ends_access[round] && !reuse_ends[round] && grace[round].is_zero() {
                break;
            }
        }
        let rounds = &[0, 1][..rounds];
        behaviour.refresh_ends_access = rounds.iter().all(|round| ends_access[*round]);
        behaviour.reuse_ends_session = behaviour.rotates && rounds.iter().all(|round| reuse_ends[*round]);
        behaviour.spent_grace = self.grace(rounds.iter().map(|round| grace[*round]).min(), effort).await;
        Some(())
    }

    /// How long a spent refresh token is still answered, from whether it is at once.
    async fn grace(&mut self, at_once: Option<Duration>, effort: Effort) -> Option<Duration> {
        if at_once.is_some_and(|grace| grace.is_zero()) {
            return Some(Duration::ZERO);
        }
        if !effort.late || !self.link.facts().turned {
            return None;
        }
        let first = self.log_in(0).await?;
        self.refresh(&first.refresh).await??;
        self.link.pass(Duration::from_secs(70)).await;
        if self.refresh(&first.refresh).await?.is_some() { None } else { Some(Duration::from_secs(70)) }
    }

    /// How many newer pairs of the same user a pair survives.
    async fn newer_pairs(&mut self, behaviour: &mut Behaviour, effort: Effort) -> Option<()> {
        let most = self.survived(effort.newer).await?;
        let most = if most >= effort.newer {
            effort.newer
        } else {
            // A session that was over by chance shows no limit.
            self.survived(effort.newer).await?.max(most)
        };
        // One of four was no login, and a server may limit what logins begin.
        behaviour.pairs_kept = most - most / 4;
        Some(())
    }

    async fn survived(&mut self, newer: u32) -> Option<u32> {
        let first = self.log_in(0).await?;
        let mut latest = self.log_in(0).await?;
        for count in 1..=newer {
            if !self.is_accepted(&first.access).await? {
                return Some(count - 1);
            }
            // Logins and refreshes both count as newer pairs; one of four is a refresh.
            let next = if count % 4 == 0 { self.refresh(&latest.refresh).await.flatten() } else { None };
            latest = match next {
                Some(next) => next,
                None => self.log_in(0).await?,
            };
        }
        let works = self.is_accepted(&first.access).await? && self.refresh(&first.refresh).await?.is_some();
        Some(if works { newer } else { 0 })
    }

    /// Whether a verification needs an access token, and is there at all.
    async fn verification(&mut self, behaviour: &mut Behaviour) -> Option<()> {
        let Some(user) = self.link.facts().minting.first().copied() else {
            let parts = Parts { token: "x".to_owned(), ..Parts::default() };
            let answer = self.send(Act::right(Call::Verify, Subject::OneTime(0)), &parts).await?;
            behaviour.no_verification = answer.status == 404 || answer.status == 405;
            behaviour.verify_authorized = answer.status == 401;
            return Some(());
        };
        let token = self.mint(user).await?;
        if self.verify(&token, None).await? {
            return Some(());
        }
        let pair = self.log_in(0).await?;
        let parts = Parts { token: self.mint(user).await?, beside: Some(pair.access), ..Parts::default() };
        let answer = self.send(Act::right(Call::Verify, Subject::OneTime(0)), &parts).await?;
        behaviour.verify_authorized =
            answer.is_success() && answer.text_at(&self.link.facts().dialect.ott_login).is_some();
        // Whatever it is, it verifies none: scenarios judge that.
        behaviour.no_verification = matches!(answer.status, 404 | 405);
        Some(())
    }

    async fn mint(&mut self, user: usize) -> Option<String> {
        let login = self.link.facts().users.get(user)?.login.clone();
        self.link.mint(&login).await.ok().map(|(token, _)| token)
    }

    async fn verify(&mut self, token: &str, beside: Option<String>) -> Option<bool> {
        let parts = Parts { token: token.to_owned(), beside, ..Parts::default() };
        let answer = self.send(Act::right(Call::Verify, Subject::OneTime(0)), &parts).await?;
        Some(answer.is_success() && answer.text_at(&self.link.facts().dialect.ott_login).is_some())
    }

    /// Whether a new one-time token ends earlier ones of the same user.
    async fn one_times(&mut self, behaviour: &mut Behaviour, effort: Effort) -> Option<()> {
        let user = self.link.facts().minting.first().copied()?;
        let mut ended = [false; 2];
        for round in &mut ended {
            let beside = if behaviour.verify_authorized { Some(self.log_in(0).await?.access) } else { None };
            let first = self.mint(user).await?;
            for _ in 0..effort.newer.min(20) {
                self.mint(user).await?;
            }
            *round = !self.verify(&first, beside).await?;
            if !*round {
                break;
            }
        }
        behaviour.mint_ends_earlier = ended == [true; 2];
        behaviour.one_time_kept = if behaviour.mint_ends_earlier { 0 } else { effort.newer.min(20) };
        Some(())
    }

    /// Whether logins may be written in another case, or with blanks around.
    async fn spellings(&mut self, behaviour: &mut Behaviour) -> Option<()> {
        let mut parts = self.credentials(0)?;
        let act = |how| {
            Act::right(Call::Login, Subject::User(0)).with(Deviation::Text(Field::Login, Text::Spoilt { how, seed: 0 }))
        };
        let recased = self.send(act(Tamper::CaseAll), &parts).await?;
        behaviour.login_any_case = recased.is_success();
        parts.other = None;
        let blank = self.send(act(Tamper::Behind(Alphabet::Blank)), &parts).await?;
        behaviour.login_trimmed = blank.is_success();
        Some(())
    }

    /// Recommendations that the server does not follow.
    async fn recommendations(&mut self, behaviour: &mut Behaviour) -> Option<()> {
        let pair = self.log_in(0).await?;
        let mut parts = self.credentials(0)?;
        parts.token.clone_from(&pair.access);
        for deviation in RECOMMENDATIONS {
            let answer = self.send(Act::right(Call::Use, Subject::Pair(0)).with(deviation), &parts).await;
            if answer.is_some_and(|answer| answer.is_success()) {
                behaviour.lenient.push(deviation);
            }
        }
        let deviation = Deviation::Place(Place::Query("token"));
        let fresh = self.log_in(0).await?;
        let parts = Parts { token: fresh.refresh, ..Parts::default() };
        let answer = self.send(Act::right(Call::Refresh, Subject::Pair(0)).with(deviation), &parts).await?;
        if answer.is_success() && !behaviour.lenient.contains(&deviation) {
            behaviour.lenient.push(deviation);
        }
        Some(())
    }

    /// Whether this user may change settings at all: the server takes the access lifetime that it has.
    async fn settings(&mut self, behaviour: &mut Behaviour) -> Option<()> {
        let pair = self.log_in(0).await?;
        let value = pair.life?.as_secs();
        let act = Act::right(Call::Change, Subject::Setting { pair: 0, setting: Setting::Access, value });
        let parts = Parts { token: pair.access, setting: Some((Setting::Access, value)), ..Parts::default() };
        let status = self.send(act, &parts).await?.status;
        behaviour.no_settings = (400..500).contains(&status) && status != 429;
        Some(())
    }

    /// Whether a longer lifetime prolongs tokens that were issued before.
    async fn prolonging(&mut self, behaviour: &mut Behaviour) -> Option<()> {
        let pair = self.log_in(0).await?;
        let life = pair.life?;
        let longer = life.as_secs() * 4 + 60;
        let mut parts =
            Parts { token: pair.access.clone(), setting: Some((Setting::Access, longer)), ..Parts::default() };
        let act = |value| Act::right(Call::Change, Subject::Setting { pair: 0, setting: Setting::Access, value });
        let changed = self.send(act(longer), &parts).await?;
        if !changed.is_success() {
            return None;
        }
        self.link.pass(life + self.link.facts().margin * 2 + Duration::from_secs(2)).await;
        behaviour.settings_prolong = self.is_accepted(&pair.access).await?;
        parts.token = self.log_in(0).await?.access;
        parts.setting = Some((Setting::Access, life.as_secs()));
        self.send(act(life.as_secs()), &parts).await?;
        Some(())
    }
}

fn told(behaviour: &Behaviour) -> Vec<(&'static str, &'static str, String)> {
    let choice = |yes: bool, does: &str, does_not: &str| if yes { does.to_owned() } else { does_not.to_owned() };
    let mut told = vec![
        (
            "ISSUE-20",
            "Does a login end earlier pairs of the same user?",
            choice(behaviour.login_ends_access, "it may end earlier access tokens", "earlier pairs stay usable"),
        ),
        (
            "REFRESH-14",
            "Does a refresh end the access token that it replaces?",
            choice(behaviour.refresh_ends_access, "it may", "it stays usable"),
        ),
        (
            "REFRESH-16",
            "Does showing a spent refresh token end the session?",
            choice(behaviour.reuse_ends_session, "it may", "the newest pair stays usable"),
        ),
    ];
    if behaviour.pairs_kept > 0 && !behaviour.login_ends_access {
        let kept = format!("a pair was usable after {} newer pairs of its user", behaviour.pairs_kept);
        told.push(("ISSUE-20", "How many newer pairs does a pair survive?", kept));
    }
    told
}
