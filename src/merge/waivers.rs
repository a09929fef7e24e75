//! The waivers of all runs together.

use super::{MergeError, Part};
use crate::{
    catalogue::Catalogue,
    results::{Deviation, Results},
    verdict::Waiver,
};

/// Every waiver once.
pub(super) fn of_all(parts: &[Part], catalogue: &Catalogue) -> Result<Vec<Waiver>, MergeError> {
    let mut all: Vec<Waiver> = Vec::new();
    for part in parts {
        for deviation in listed(&part.results) {
            let waiver = read(&deviation, catalogue).map_err(|problem| MergeError::broken(&part.file, problem))?;
            if !all.contains(&waiver) {
                all.push(waiver);
            }
        }
    }
    all.iter().try_for_each(|waiver| holds_throughout(waiver, parts))?;
    Ok(all)
}

/// Those that are listed, and of results of earlier versions those that were needed.
fn listed(results: &Results) -> Vec<Deviation> {
    let mut listed = results.waivers.clone();
    for requirement in &results.requirements {
        let needed = requirement.waived.clone();
        let needed = needed.map(|waiver| Deviation { requirement: requirement.id.clone(), waiver });
        listed.extend(needed.filter(|needed| !results.waivers.contains(needed)));
    }
    listed
}

fn read(deviation: &Deviation, catalogue: &Catalogue) -> Result<Waiver, String> {
    let unknown = || format!("it waives {}, which the contract does not have", deviation.requirement);
    let requirement = catalogue.find(&deviation.requirement).ok_or_else(unknown)?;
    let expires = &deviation.waiver.expires;
    let expires = expires.parse().map_err(|_| format!("a waiver in it ends on {expires}, which is no day"))?;
    let (reason, owner) = (deviation.waiver.reason.clone(), deviation.waiver.owner.clone());
    Ok(Waiver { requirement, reason, owner, expires })
}

/// A waiver covers either all of what is merged or nothing: a late failure must not be covered by an early start.
fn holds_throughout(waiver: &Waiver, parts: &[Part]) -> Result<(), MergeError> {
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return Ok(()) };
    let ended = waiver.expires >= first.results.day() && waiver.expires < last.results.day();
    if !ended {
        return Ok(());
    }
    Err(MergeError::WaiverEnded {
        requirement: waiver.requirement.to_string(),
        owner: waiver.owner.clone(),
        expires: waiver.expires.to_string(),
        one: first.file.clone(),
        other: last.file.clone(),
    })
}
