//! Runs the suite against one variation after the other, on as many threads as there are processors.

use std::{
    io, panic,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use standin::{Variation, Variations, variations};
use steps::{RunCounters, Schemas, Shared, Snapshots};

use super::{Row, Upgrade};
use crate::{
    backend::{Backend, Embedded},
    baseline::Record,
    config::ExploreExtent,
    results::{Profile, Results},
    run::plan::RunPlan,
    suite::{Selection, Suite, embedded},
};

/// Scenarios of one run that go on at the same time.
const CONCURRENCY: usize = 8;

/// What a narrow fault must not break, whatever its kind.
const SAMPLE: [&str; 5] = ["ISSUE-1", "USE-1", "REFRESH-1", "OTT-1", "ERROR-2"];

/// Everything that subjects have in common.
pub(crate) struct Bench {
    suite: Arc<Suite>,
    schemas: Arc<Schemas>,
}

/// A variation of the stand-in that the suite is run against.
#[derive(Clone, Copy)]
pub(crate) struct Subject {
    pub(crate) variation: &'static Variation,
    /// Whether nothing may be blamed for it.
    pub(crate) conforms: bool,
}

impl Subject {
    /// Every fault, then every freedom, in the order of the catalogue.
    pub(crate) fn all() -> Vec<Self> {
        let faults = variations::faults().iter().map(|variation| Self { variation, conforms: false });
        let freedoms = variations::variants().iter().map(|variation| Self { variation, conforms: true });
        faults.chain(freedoms).collect()
    }

    /// Whether only a few scenarios can see the variation.
    pub(crate) fn is_narrow(self) -> bool {
        !self.conforms && variations::is_narrow(self.variation)
    }
}

impl Bench {
    pub(crate) fn new(suite: Arc<Suite>) -> anyhow::Result<Self> {
        Ok(Self { suite, schemas: Arc::new(Schemas::new(embedded::schemas())?) })
    }

    /// What the stand-in answers without any variation.
    ///
    /// # Errors
    /// When a run cannot be set up.
    pub(crate) async fn plain(&self) -> anyhow::Result<Record> {
        Ok(Record::from_results(&self.run(Variations::default(), Selection::default()).await?))
    }

    /// Runs the suite against all of these, and tells `progress` each time one is done. Rows, and what each would change as an
    /// upgrade of the plain stand-in, come in the order of the subjects.
    ///
    /// # Errors
    /// When a run cannot be set up.
    pub(crate) fn rows(
        &self,
        plain: &Record,
        subjects: &[Subject],
        progress: &(dyn Fn() + Sync),
    ) -> anyhow::Result<(Vec<Row>, Vec<Upgrade>)> {
        let next = AtomicUsize::new(0);
        let threads = thread::available_parallelism().map_or(1, usize::from).min(subjects.len().max(1));
        let work = || -> anyhow::Result<Vec<(usize, Row, Option<Upgrade>)>> {
            let runtime = runtime()?;
            let mut rows = Vec::new();
            while let Some((at, subject)) = take(subjects, &next) {
                let results = runtime.block_on(self.judge(subject))?;
                // What was not run would count as changed.
                let upgrade = (!subject.is_narrow()).then(|| Upgrade::read(subject, plain, &results));
                rows.push((at, Row::read(subject, &results), upgrade));
                progress();
            }
            Ok(rows)
        };
        let done: Vec<anyhow::Result<Vec<_>>> = thread::scope(|scope| {
            let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            running
                .into_iter()
                .map(|thread| thread.join().unwrap_or_else(|panic| panic::resume_unwind(panic)))
                .collect()
        });
        let mut rows = done.into_iter().collect::<anyhow::Result<Vec<_>>>()?.concat();
        rows.sort_by_key(|(at, ..)| *at);
        let (rows, upgrades): (Vec<Row>, Vec<Option<Upgrade>>) =
            rows.into_iter().map(|(_, row, upgrade)| (row, upgrade)).unzip();
        Ok((rows, upgrades.into_iter().flatten().collect()))
    }

    /// Runs the whole suite against one.
    pub(crate) async fn judge(&self, subject: Subject) -> anyhow::Result<Results> {
        self.run(Variations::from_names(&[subject.variation.name])?, self.selection(subject)?).await
    }

    /// All scenarios, or those that can see a narrow fault with a sample of the others.
    fn selection(&self, subject: Subject) -> anyhow::Result<Selection> {
        if !subject.is_narrow() {
            return Ok(Selection::default());
        }
        let requirements = subject.variation.caught_by.iter().chain(&SAMPLE).map(ToString::to_string);
        Ok(Selection::parse(&self.suite, None, &requirements.collect::<Vec<_>>())?)
    }

    async fn run(&self, variations: Variations, selection: Selection) -> anyhow::Result<Results> {
        let shared = Shared {
            schemas: self.schemas.clone(),
            snapshots: Arc::new(Snapshots::default()),
            counters: Arc::new(RunCounters::default()),
            secrets: Arc::default(),
        };
        let counters = shared.counters.clone();
        let backend = Backend::Embedded(Box::new(Embedded::new(shared, variations)?));
        let judgement = RunPlan {
            pace: None,
            checkpoint: None,
            suite: self.suite.clone(),
            target: backend.judged("stand-in"),
            max_wait: backend.target().max_wait,
            backend: Rc::new(backend),
            selection,
            profile: Profile::Documented,
            waivers: Vec::new(),
            concurrency: CONCURRENCY,
            explore: ExploreExtent::default(),
        };
        Ok(judgement.run(|| counters.cost(), |_| ()).await.results)
    }
}

fn take(subjects: &[Subject], next: &AtomicUsize) -> Option<(usize, Subject)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    subjects.get(at).map(|subject| (at, *subject))
}

fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}
