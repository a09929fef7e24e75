//! From the target that was chosen to a backend that scenarios can run on. The same for every command that meets a server.

use std::{path::Path, sync::Arc};

use anyhow::Result;
use standin::Variations;
use steps::{RunCounters, Schemas, Shared, Snapshots, Target};

use crate::{
    backend::{Backend, Deployment, Embedded},
    config::{ExploreExtent, LoadedConfig, ResolvedTarget},
    one_time::{self, OneTimeSource},
    results::Waiver,
    run::progress,
    suite::embedded,
};

/// Everything about the target that a run needs.
pub(crate) struct RunContext {
    pub(crate) backend: Backend,
    pub(crate) name: String,
    pub(crate) waivers: Vec<Waiver>,
    /// Where fresh one-time tokens come from, as configured.
    pub(crate) source: Option<OneTimeSource>,
    /// Counts what is done here.
    pub(crate) counters: Arc<RunCounters>,
    /// Requests of a run that go into exploring.
    pub(crate) explore: ExploreExtent,
}

impl RunContext {
    /// What the configuration means: its target, or else the stand-in with these variations.
    ///
    /// # Errors
    /// When a variation is unknown, or the source of one-time tokens or the network options cannot be used.
    pub(crate) fn of(loaded: LoadedConfig, faults: &[String]) -> Result<Self> {
        match loaded.target {
            Some(resolved) => Self::deployment(resolved, &loaded.journal),
            None => Self::stand_in(faults, loaded.explore),
        }
    }

    /// The stand-in, with these variations.
    ///
    /// # Errors
    /// When a variation is unknown.
    fn stand_in(faults: &[String], explore: ExploreExtent) -> Result<Self> {
        let counters = Arc::new(RunCounters::default());
        let names: Vec<&str> = faults.iter().map(String::as_str).collect();
        let variations = Variations::from_names(&names)?;
        // The reviewed snapshots are those of the correct stand-in; a variation has none.
        let snapshots = if faults.is_empty() { Snapshots::new(embedded::snapshots()) } else { Snapshots::default() };
        let backend = Embedded::new(shared(snapshots, counters.clone())?, variations)?;
        let (backend, name) = (Backend::Embedded(Box::new(backend)), "stand-in".to_owned());
        Ok(Self { backend, name, waivers: Vec::new(), source: None, counters, explore })
    }

    /// A target of the configuration. The journal of changed settings is kept in that folder.
    ///
    /// # Errors
    /// When the source of one-time tokens or the network options cannot be used.
    pub(crate) fn deployment(resolved: ResolvedTarget, journal: &Path) -> Result<Self> {
        let counters = Arc::new(RunCounters::default());
        let ResolvedTarget { name, target, one_time, waivers, explore, .. } = resolved;
        let spent = Some(one_time::spent_file(journal, &name));
        let one_time = one_time.map(|source| OneTimeSource { spent, ..source });
        let opened = one_time.clone().map(|source| one_time::open(source, progress::clicks(), false)).transpose()?;
        let backend = Deployment::new(&name, journal, target, opened, shared(Snapshots::default(), counters.clone())?)?;
        Ok(Self { backend: Backend::Deployment(backend), name, waivers, source: one_time, counters, explore })
    }
}

/// The stand-in in the shape of a target, to rehearse a run on.
///
/// # Errors
/// When it cannot be set up.
pub(crate) fn rehearsal(target: &Target) -> Result<Embedded> {
    Ok(Embedded::in_shape_of(target, shared(Snapshots::default(), Arc::default())?)?)
}

fn shared(snapshots: Snapshots, counters: Arc<RunCounters>) -> Result<Shared> {
    let schemas = Schemas::new(embedded::schemas())?;
    Ok(Shared { schemas: Arc::new(schemas), snapshots: Arc::new(snapshots), counters, secrets: Arc::default() })
}
