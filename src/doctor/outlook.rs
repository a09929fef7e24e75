//! Which requirements can be judged on a target, and what has to be configured for the others. Goes by what the target
//! offers and by the lifetimes that it announces.

use std::time::Duration;

use steps::{Target, scout::Login};

use crate::{
    catalogue::{Catalogue, Need, Requirement, RequirementId},
    venue::Venue,
};

/// What a requirement waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Life {
    Access,
    Refresh,
    OneTime,
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
    /// These not, grouped by what to do about it.
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
    pub(crate) fn of(catalogue: &Catalogue, venue: &Venue, lifetimes: Lifetimes) -> Self {
        let mut outlook = Self { judged: Vec::new(), missing: Vec::new(), longest_wait: Duration::ZERO };
        for requirement in catalogue.iter() {
            match missing(requirement, venue, lifetimes) {
                None => {
                    let wait = wait_of(requirement, lifetimes, venue.target()).unwrap_or_default();
                    outlook.longest_wait = outlook.longest_wait.max(wait);
                    outlook.judged.push(requirement.id.clone());
                }
                Some(advice) => outlook.add(advice, requirement.id.clone()),
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

/// What to do before a requirement can be judged.
fn missing(requirement: &Requirement, venue: &Venue, lifetimes: Lifetimes) -> Option<String> {
    if let Some(need) = requirement.needs.iter().find(|need| !venue.offers(**need)) {
        return Some(need.advice().to_owned());
    }
    let life = life_of(requirement)?;
    let max_wait = venue.target().max_wait;
    match lifetimes.get(life) {
        None if life == Life::OneTime => {
            Some("it is not known how long a one-time token lives: set `lifetime` in `[targets.NAME.ott]`".to_owned())
        }
        None => {
            Some("the server does not tell how long the token lives, so that nobody can wait for its end".to_owned())
        }
        Some(lifetime) if lifetime > max_wait => Some(format!(
            "a lifetime of {} s is longer than `max_wait` ({} s): {}",
            lifetime.as_secs(),
            max_wait.as_secs(),
            Need::Time.advice()
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
