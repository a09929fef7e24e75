//! Which requirements can be judged on a target, and what has to be configured for the others. Goes by what the target
//! offers and by the lifetimes that it announces.

use std::time::Duration;

use steps::{Target, inspect::LoginFindings};

use crate::{
    backend::Backend,
    catalogue::{Catalogue, Requirement, RequirementId, WaitsFor},
};

/// The lifetimes of a run's tokens, as far as they are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct KnownLifetimes {
    access: Option<Duration>,
    refresh: Option<Duration>,
    one_time: Option<Duration>,
}

/// What can be judged.
pub(crate) struct Outlook {
    /// These.
    pub(crate) judged: Vec<RequirementId>,
    /// What has to be done, each with the requirements that need it; one may need several.
    pub(crate) missing: Vec<(String, Vec<RequirementId>)>,
}

impl KnownLifetimes {
    /// Those that the run will set, else those that a login announces and the configuration has.
    pub(crate) fn of(target: &Target, login: Option<&LoginFindings>) -> Self {
        match target.short_lifetimes {
            Some(short) => {
                Self { access: Some(short.access), refresh: Some(short.refresh), one_time: Some(short.one_time) }
            }
            None => Self {
                access: login.and_then(|login| login.access_lifetime),
                refresh: login.and_then(|login| login.refresh_lifetime),
                one_time: target.one_time.as_ref().and_then(|users| users.lifetime),
            },
        }
    }

    fn get(&self, waits_for: WaitsFor) -> Option<Duration> {
        match waits_for {
            WaitsFor::Access => self.access,
            WaitsFor::Refresh => self.refresh,
            WaitsFor::OneTime => self.one_time,
        }
    }
}

impl Outlook {
    /// Looks ahead to a run of the whole catalogue.
    pub(crate) fn of(catalogue: &Catalogue, backend: &Backend, lifetimes: KnownLifetimes) -> Self {
        let mut outlook = Self { judged: Vec::new(), missing: Vec::new() };
        for requirement in catalogue.iter() {
            let missing = missing(requirement, backend, lifetimes);
            if missing.is_empty() {
                outlook.judged.push(requirement.id.clone());
            }
            for advice in missing {
                outlook.add(advice, requirement.id.clone());
            }
        }
        outlook
    }

    fn add(&mut self, advice: String, id: RequirementId) {
        match self.missing.iter_mut().find(|(known, _)| *known == advice) {
            Some((_, ids)) => ids.push(id),
            None => self.missing.push((advice, vec![id])),
        }
    }
}

/// Everything that has to be done before a requirement can be judged.
fn missing(requirement: &Requirement, backend: &Backend, lifetimes: KnownLifetimes) -> Vec<String> {
    let needs = requirement.needs.iter().filter(|need| !backend.offers(**need));
    let mut missing: Vec<String> = needs.map(|need| need.advice().to_owned()).collect();
    if missing.is_empty() {
        missing.extend(requirement.waits_for.and_then(|life| too_long(life, lifetimes, backend.target().max_wait)));
    }
    missing
}

/// Why a run cannot wait for the end of such a lifetime.
fn too_long(waits_for: WaitsFor, lifetimes: KnownLifetimes, max_wait: Duration) -> Option<String> {
    match lifetimes.get(waits_for) {
        None if waits_for == WaitsFor::OneTime => {
            Some("it is not known how long a one-time token lives: set `lifetime` in `[targets.NAME.ott]`".to_owned())
        }
        None => Some(format!(
            "the server does not tell how long {} lives, so that its end cannot be waited for",
            waits_for.token()
        )),
        Some(lifetime) if lifetime > max_wait => Some(format!(
            "{} lives {} s, and `max_wait` is {} s: raise it, or set `allow_settings_change = true`",
            waits_for.token(),
            lifetime.as_secs(),
            max_wait.as_secs()
        )),
        Some(_) => None,
    }
}
