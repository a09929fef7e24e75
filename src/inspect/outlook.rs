//! Which requirements can be judged on a target, and what has to be configured for the others. Goes by what the target
//! offers and by the lifetimes that it announces.

use std::time::Duration;

use steps::{Target, inspect::Login};

use crate::{
    backend::Backend,
    catalogue::{Catalogue, Requirement, RequirementId},
};

/// What a requirement waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Life {
    Access,
    Refresh,
    OneTime,
}

impl Life {
    fn name(self) -> &'static str {
        match self {
            Self::Access => "an access token",
            Self::Refresh => "a refresh token",
            Self::OneTime => "a one-time token",
        }
    }
}

/// What the requirements that need time wait for. Those of the settings wait for lifetimes that the run itself chooses.
const WAITS: [(&str, Life); 8] = [
    ("EXPIRY-1", Life::Access),
    ("EXPIRY-2", Life::Access),
    ("EXPIRY-3", Life::Access),
    ("EXPIRY-4", Life::Refresh),
    ("EXPIRY-5", Life::OneTime),
    ("EXPIRY-6", Life::OneTime),
    ("REFRESH-4", Life::Access),
    ("REFRESH-6", Life::Access),
];

/// The lifetimes of a run's tokens, as far as they are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lifetimes {
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
    /// The longest single wait of a run.
    pub(crate) longest_wait: Duration,
}

impl Lifetimes {
    /// Those that the run will set, else those that a login announces and the configuration tells.
    pub(crate) fn of(target: &Target, login: Option<&Login>) -> Self {
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

    fn get(&self, life: Life) -> Option<Duration> {
        match life {
            Life::Access => self.access,
            Life::Refresh => self.refresh,
            Life::OneTime => self.one_time,
        }
    }
}

impl Outlook {
    /// Looks ahead to a run of the whole catalogue.
    pub(crate) fn of(catalogue: &Catalogue, backend: &Backend, lifetimes: Lifetimes) -> Self {
        let mut outlook = Self { judged: Vec::new(), missing: Vec::new(), longest_wait: Duration::ZERO };
        for requirement in catalogue.iter() {
            let missing = missing(requirement, backend, lifetimes);
            if missing.is_empty() {
                let wait = wait_of(requirement, lifetimes, backend.target()).unwrap_or_default();
                outlook.longest_wait = outlook.longest_wait.max(wait);
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
fn missing(requirement: &Requirement, backend: &Backend, lifetimes: Lifetimes) -> Vec<String> {
    let needs = requirement.needs.iter().filter(|need| !backend.offers(**need));
    let mut missing: Vec<String> = needs.map(|need| need.advice().to_owned()).collect();
    if missing.is_empty() {
        missing.extend(life_of(requirement).and_then(|life| too_long(life, lifetimes, backend.target().max_wait)));
    }
    missing
}

/// Why nobody can wait for the end of such a life.
fn too_long(life: Life, lifetimes: Lifetimes, max_wait: Duration) -> Option<String> {
    match lifetimes.get(life) {
        None if life == Life::OneTime => {
            Some("it is not known how long a one-time token lives: set `lifetime` in `[targets.NAME.ott]`".to_owned())
        }
        None => Some(format!(
            "the server does not tell how long {} lives, so that its end cannot be waited for",
            life.name()
        )),
        Some(lifetime) if lifetime > max_wait => Some(format!(
            "{} lives {} s, and `max_wait` is {} s: raise it, or set `allow_settings_change = true`",
            life.name(),
            lifetime.as_secs(),
            max_wait.as_secs()
        )),
        Some(_) => None,
    }
}

fn life_of(requirement: &Requirement) -> Option<Life> {
    WAITS.iter().find(|(id, _)| *id == requirement.id.as_str()).map(|(_, life)| *life)
}

/// From the first request to the far side of the end. A refreshed token begins its life in the middle of another's.
fn wait_of(requirement: &Requirement, lifetimes: Lifetimes, target: &Target) -> Option<Duration> {
    let lifetime = lifetimes.get(life_of(requirement)?)?;
    let before = if requirement.id.as_str() == "REFRESH-6" { lifetime / 2 } else { Duration::ZERO };
    Some(before + lifetime + target.margin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Need;

    #[test]
    fn every_requirement_that_needs_time_has_something_to_wait_for() {
        let catalogue = Catalogue::embedded().expect("the embedded catalogue can be read");
        let waiting = catalogue.iter().filter(|requirement| {
            requirement.needs.contains(&Need::Time) && !requirement.needs.contains(&Need::Settings)
        });
        let waiting: Vec<_> = waiting.map(|requirement| requirement.id.as_str()).collect();
        assert_eq!(waiting, WAITS.map(|(id, _)| id));
    }
}
