//! A run that somebody waits for: the look ahead, what an earlier run has left to put back, progress, signals, and a server
//! that falls silent. Says on standard error whatever kept it from judging; what becomes of the results is up to the caller.

use std::{rc::Rc, sync::Arc};

use steps::scout::Findings;

use crate::{
    doctor,
    exit::ExitStatus,
    interruption,
    judge::{Judged, Judgement},
    one_time::OneTimeSource,
    output::Output,
    preflight,
    prepared::Prepared,
    progress::Progress,
    results::Profile,
    runner::quiet,
    suite::{Selection, Suite},
    venue::Venue,
};

/// What is to be run, and how.
pub(crate) struct Attended {
    pub(crate) suite: Arc<Suite>,
    pub(crate) selection: Selection,
    pub(crate) profile: Profile,
    /// How many scenarios run at one time.
    pub(crate) concurrency: usize,
    /// Shows how far it is.
    pub(crate) progress: Progress,
}

impl Attended {
    /// Runs it on a target.
    ///
    /// # Errors
    /// How the program ends when nothing was judged; why has been said then, and the target is as it was before.
    pub(crate) async fn run(self, prepared: Prepared, output: &Output) -> Result<Judged, ExitStatus> {
        let Prepared { venue, name, waivers, source, meter } = prepared;
        let venue = Rc::new(venue);
        let stop = interruption::signal();
        futures::pin_mut!(stop);
        let found = tokio::select! {
            found = self.ahead(&venue, &name, source.as_ref(), output) => found?,
            signal = &mut stop => return Err(interrupted(signal, &venue, output).await),
        };
        let progress = self.progress.clone();
        let judgement = self.judgement(&venue, &name, waivers, found.as_ref());
        quiet::install();
        let run = judgement.run(|| meter.cost(), |event| progress.follow(event));
        let say = |obstacle: &_| output.note(&format!("error: {obstacle}"));
        let watch = preflight::watch(&venue, &name, &meter, say);
        tokio::select! {
            judged = run => Ok(judged),
            signal = &mut stop => Err(interrupted(signal, &venue, output).await),
            never = watch => match never {},
        }
    }

    /// The look ahead, and what an earlier run has left to put back.
    async fn ahead(
        &self,
        venue: &Venue,
        name: &str,
        source: Option<&OneTimeSource>,
        output: &Output,
    ) -> Result<Option<Findings>, ExitStatus> {
        let ahead = preflight::check(venue, name, source, &self.suite, &self.selection).await;
        let found = ahead.map_err(|obstacle| not_judged(&obstacle.to_string(), output))?;
        make_good(venue, output).await.map_err(|reason| not_judged(&reason, output))?;
        Ok(found)
    }

    fn judgement(
        self,
        venue: &Rc<Venue>,
        name: &str,
        waivers: Vec<crate::verdict::Waiver>,
        found: Option<&Findings>,
    ) -> Judgement {
        let mut target = venue.judged(name);
        target.server = found.map(doctor::server_facts);
        Judgement {
            suite: self.suite,
            selection: self.selection,
            profile: self.profile,
            waivers,
            target,
            max_wait: venue.target().max_wait,
            venue: venue.clone(),
            concurrency: self.concurrency,
        }
    }
}

fn not_judged(reason: &str, output: &Output) -> ExitStatus {
    output.note(&format!("error: {reason}"));
    ExitStatus::NotJudged
}

/// Puts back what an earlier run of this target has left changed.
async fn make_good(venue: &Venue, output: &Output) -> Result<(), String> {
    if let Venue::Deployment(deployment) = venue
        && let Some(done) = deployment.make_good().await?
    {
        output.note(&done);
    }
    Ok(())
}

/// Leaves the server as it was; half a run proves nothing.
async fn interrupted(signal: &str, venue: &Venue, output: &Output) -> ExitStatus {
    output.note(&format!("interrupted by {signal}: nothing was judged; lifetimes are put back …"));
    for reason in venue.end().await {
        output.note(&format!("warning: {reason}"));
    }
    ExitStatus::NotJudged
}
