//! What is known of a client when its run has ended: its requests with the answers, the pairs it got, how its program ended.

use std::time::Duration;

use standin::{ApiRequest, ApiResponse};

use super::phase::{Phase, PhaseProgress};

/// What a request is for, by its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CallKind {
    Login,
    Refresh,
    Verify,
    /// Any other call of the API.
    Probe,
}

/// A request and its answer. Times are counted from the start of the run.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) at: Duration,
    /// When the answer left.
    pub(super) answered: Duration,
    pub(super) phase: Phase,
    pub(super) kind: CallKind,
    pub(super) request: ApiRequest,
    /// `None` where the answer was lost.
    pub(super) response: Option<ApiResponse>,
    /// The pair whose access token is in `Authorization`, with any scheme.
    pub(super) access_of: Option<usize>,
    /// The pair whose refresh token is in the header `token`.
    pub(super) refresh_of: Option<usize>,
    /// The pair that was issued.
    pub(super) issued: Option<usize>,
}

/// A pair of tokens that the server has issued.
#[derive(Clone, Debug)]
pub(super) struct IssuedPair {
    pub(super) access: String,
    pub(super) refresh: String,
    /// When its answer left.
    pub(super) at: Duration,
    pub(super) lifetime: Duration,
    /// The pair it was refreshed from; `None` for a login.
    pub(super) from: Option<usize>,
    /// Whether its answer was sent.
    pub(super) is_delivered: bool,
    /// Whether the access token was ended before its time.
    pub(super) is_ended: bool,
}

/// A phase that was run.
#[derive(Clone, Copy, Debug)]
pub(super) struct PhaseRun {
    pub(super) phase: Phase,
    pub(super) begun: Duration,
    pub(super) ended: Duration,
    pub(super) progress: PhaseProgress,
}

/// The end of a program that was not ended by the run.
#[derive(Clone, Debug)]
pub(super) struct ProgramEnd {
    /// When the end was noticed.
    pub(super) at: Duration,
    pub(super) phase: Phase,
    /// Whether it exited with 0.
    pub(super) is_success: bool,
    /// How it ended, like `exit status: 1`.
    pub(super) status: String,
    /// The last lines of its standard error.
    pub(super) last_words: String,
}

/// All of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Evidence {
    pub(super) calls: Vec<Call>,
    pub(super) pairs: Vec<IssuedPair>,
    pub(super) phases: Vec<PhaseRun>,
    /// When the program was started.
    pub(super) starts: Vec<Duration>,
    pub(super) ends: Vec<ProgramEnd>,
    /// Requests to the address that a redirect named.
    pub(super) foreign: Vec<ApiRequest>,
    pub(super) password: String,
    pub(super) one_time: Vec<String>,
    /// What the program printed.
    pub(super) printed: String,
    /// The signal that ended the run.
    pub(super) interrupted: Option<&'static str>,
    /// How long the run took.
    pub(super) duration: Duration,
    /// Requests that were answered and not kept.
    pub(super) dropped: usize,
}

impl Call {
    /// The status of the answer.
    pub(super) fn status(&self) -> Option<u16> {
        self.response.as_ref().map(|response| response.status)
    }

    /// Whether it is a call of the API that was answered as asked.
    pub(super) fn is_good(&self) -> bool {
        self.kind == CallKind::Probe && self.status().is_some_and(|status| status < 300)
    }
}

impl Evidence {
    /// Whether the program ends by itself, with success, also where the server answers as documented: it makes some calls and is done.
    pub(super) fn ends_when_done(&self) -> bool {
        self.ends.iter().any(|end| end.phase.is_ordinary() && end.is_success)
    }

    /// Whether the program ended by itself in a phase.
    pub(super) fn has_ended_in(&self, phase: Phase) -> bool {
        self.ends.iter().any(|end| end.phase == phase)
    }

    /// The run of a phase, if it came to it.
    pub(super) fn phase(&self, phase: Phase) -> Option<&PhaseRun> {
        self.phases.iter().find(|run| run.phase == phase)
    }

    /// Calls of a kind with their positions.
    pub(super) fn of_kind(&self, kind: CallKind) -> impl Iterator<Item = (usize, &Call)> + Clone {
        self.calls.iter().enumerate().filter(move |(_, call)| call.kind == kind)
    }

    /// Calls of a phase with their positions.
    pub(super) fn in_phase(&self, phase: Phase) -> impl Iterator<Item = (usize, &Call)> + Clone {
        self.calls.iter().enumerate().filter(move |(_, call)| call.phase == phase)
    }

    /// The most requests that were under way at one time.
    pub(super) fn concurrency(&self) -> usize {
        let mut under_way: Vec<Duration> = Vec::new();
        let mut most = 0;
        for call in &self.calls {
            under_way.retain(|answered| *answered > call.at);
            under_way.push(call.answered);
            most = most.max(under_way.len());
        }
        most
    }

    /// Requests that a client with several connections may send before all of it has learned of an answer.
    pub(super) fn in_flight_allowance(&self) -> usize {
        match self.concurrency() {
            0 | 1 => 0,
            several => 2 * several,
        }
    }

    /// Calls of a client per second where nothing fails; `None` if it made too few.
    pub(super) fn ordinary_rate(&self) -> Option<f64> {
        let run = self.phase(Phase::Quiet)?;
        let from = run.progress.failed_at?;
        let calls =
            self.in_phase(Phase::Quiet).filter(|(_, call)| call.at >= from && call.kind == CallKind::Probe).count();
        let seconds = run.ended.saturating_sub(from).as_secs_f64();
        (calls >= 3 && seconds > 0.5).then(|| calls as f64 / seconds)
    }

    /// The most calls that a client made in any time of this length where nothing fails: on a busy machine its pace varies.
    pub(super) fn busiest(&self, length: Duration) -> usize {
        let ordinary = |call: &&Call| call.kind == CallKind::Probe && call.phase.is_ordinary();
        let times: Vec<Duration> = self.calls.iter().filter(ordinary).map(|call| call.at).collect();
        let from = |end: usize, at: Duration| end + 1 - times.partition_point(|time| *time + length <= at);
        times.iter().enumerate().map(|(end, at)| from(end, *at)).max().unwrap_or(0)
    }

    /// The usual time between an answer and the next call where nothing fails, of a client that makes one request after the other.
    pub(super) fn usual_pause(&self) -> Option<Duration> {
        let calls: Vec<&Call> = self.in_phase(Phase::Quiet).map(|(_, call)| call).collect();
        let mut pauses: Vec<Duration> = pauses(&calls).filter(|_| self.concurrency() < 2).collect();
        pauses.sort_unstable();
        pauses.get(pauses.len() / 2).copied()
    }
}

/// The times between an answer and the next request.
pub(super) fn pauses<'a>(calls: &'a [&Call]) -> impl Iterator<Item = Duration> + 'a {
    calls.iter().zip(calls.iter().skip(1)).map(|(one, next)| next.at.saturating_sub(one.answered))
}
