//! From the target that was chosen to a venue that scenarios can run on. The same for every command that meets a server.

use std::{path::Path, sync::Arc};

use anyhow::Result;
use standin::Variations;
use steps::{Meter, Schemas, Shared, Snapshots};

use crate::{
    catalogue::Catalogue,
    config::{self, Resolved},
    one_time, progress,
    suite::embedded,
    venue::{Deployment, Embedded, Venue},
    verdict::Waiver,
};

/// Everything about the target that a run needs.
pub(crate) struct Prepared {
    pub(crate) venue: Venue,
    pub(crate) name: String,
    pub(crate) waivers: Vec<Waiver>,
}

impl Prepared {
    /// The stand-in, with these variations.
    ///
    /// # Errors
    /// When there is no such variation.
    pub(crate) fn stand_in(faults: &[String], meter: Arc<Meter>) -> Result<Self> {
        let names: Vec<&str> = faults.iter().map(String::as_str).collect();
        let variations = Variations::named(&names)?;
        // The reviewed snapshots are those of the correct stand-in; a variation has none.
        let snapshots = if faults.is_empty() { Snapshots::new(embedded::snapshots()) } else { Snapshots::default() };
        let venue = Embedded::new(shared(snapshots, meter)?, variations)?;
        Ok(Self { venue: Venue::Embedded(Box::new(venue)), name: "stand-in".to_owned(), waivers: Vec::new() })
    }

    /// A target of the configuration. The journal of changed settings is kept in `home`.
    ///
    /// # Errors
    /// When the source of one-time tokens or the network options cannot be used.
    pub(crate) fn deployment(
        resolved: Resolved,
        home: &Path,
        meter: Arc<Meter>,
        catalogue: &Catalogue,
    ) -> Result<Self> {
        let Resolved { name, target, one_time, waivers } = resolved;
        let source = one_time.map(|source| one_time::open(source, progress::clicks())).transpose()?;
        let venue = Deployment::new(&name, home, target, source, shared(Snapshots::default(), meter)?)?;
        let waivers = waivers.into_iter().filter_map(|waiver| known(waiver, catalogue)).collect();
        Ok(Self { venue: Venue::Deployment(venue), name, waivers })
    }
}

/// The configuration has refused unknown ids already.
fn known(waiver: config::Waiver, catalogue: &Catalogue) -> Option<Waiver> {
    let config::Waiver { requirement, reason, owner, expires } = waiver;
    Some(Waiver { requirement: catalogue.find(&requirement)?, reason, owner, expires })
}

fn shared(snapshots: Snapshots, meter: Arc<Meter>) -> Result<Shared> {
    let schemas = Schemas::new(embedded::schemas())?;
    Ok(Shared { schemas: Arc::new(schemas), snapshots: Arc::new(snapshots), meter, seen: Arc::default() })
}
