//! Runs the suite against one variation after the other, on as many threads as there are processors.

use std::{
    io,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use standin::Variations;
use steps::{RunCounters, Schemas, Shared, Snapshots};

use super::{matrix::VariationRow, subject::TestSubject, upgrade::UpgradeRow};
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

/// What a narrow fault of any kind must not break.
const SAMPLE: [&str; 5] = ["ISSUE-1", "USE-1", "REFRESH-1", "OTT-1", "ERROR-2"];

/// Everything that subjects have in common.
pub(crate) struct Bench {
    suite: Arc<Suite>,
    schemas: Arc<Schemas>,
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

    /// Runs the suite against all of these, and calls `progress` each time one is done. Rows, and what each would change as an
    /// upgrade of the plain stand-in, come in the order of the subjects.
    ///
    /// # Errors
    /// When a run cannot be set up.
    pub(crate) fn rows(
        &self,
        plain: &Record,
        subjects: &[TestSubject],
        progress: &(dyn Fn() + Sync),
    ) -> anyhow::Result<(Vec<VariationRow>, Vec<UpgradeRow>)> {
        let next = AtomicUsize::new(0);
        let threads = thread::available_parallelism().map_or(1, usize::from).min(subjects.len().max(1));
        let work = || -> anyhow::Result<Vec<(usize, VariationRow, Option<UpgradeRow>)>> {
            let runtime = runtime()?;
            let mut rows = Vec::new();
            while let Some((at, subject)) = take(subjects, &next) {
                let results = runtime.block_on(self.judge(subject))?;
                // What was not run would count as changed.
                let upgrade = (!subject.is_narrow()).then(|| UpgradeRow::read(subject, plain, &results));
                rows.push((at, VariationRow::read(subject, &results), upgrade));
                progress();
            }
            Ok(rows)
        };
        let mut done: Vec<anyhow::Result<Vec<_>>> = (0..threads).map(|_| Ok(Vec::new())).collect();
        let work = &work;
        thread::scope(|scope| {
            for part in &mut done {
                scope.spawn(move || *part = work());
            }
        });
        let mut rows = done.into_iter().collect::<anyhow::Result<Vec<_>>>()?.concat();
        rows.sort_by_key(|(at, ..)| *at);
        let (rows, upgrades): (Vec<VariationRow>, Vec<Option<UpgradeRow>>) =
            rows.into_iter().map(|(_, row, upgrade)| (row, upgrade)).unzip();
        Ok((rows, upgrades.into_iter().flatten().collect()))
    }

    /// Runs the whole suite against one.
    pub(crate) async fn judge(&self, subject: TestSubject) -> anyhow::Result<Results> {
        self.run(Variations::from_names(&[subject.variation.name])?, self.selection(subject)?).await
    }

    /// All scenarios, or those that can see a narrow fault with a sample of the others.
    fn selection(&self, subject: TestSubject) -> anyhow::Result<Selection> {
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

fn take(subjects: &[TestSubject], next: &AtomicUsize) -> Option<(usize, TestSubject)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    subjects.get(at).map(|subject| (at, *subject))
}

fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}
