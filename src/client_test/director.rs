//! Leads a program through the phases of a run. Each phase begins with a client that works: one that has stopped is started again.

use std::time::Duration;

use anyhow::{Context, Result};
use standin::ApiRequest;
use tokio::time::sleep;

use super::{
    ClientTest,
    evidence::{Call, CallKind, Evidence, PhaseRun, ProgramEnd},
    phase::Phase,
    program::{Program, ProgramSetup},
    server::TestServer,
};

/// How often the progress of a phase is looked at.
const TICK: Duration = Duration::from_millis(20);
/// How long a client that ran before may take for its next good call, beyond the lifetime of its token.
const NEXT_CALL: Duration = Duration::from_secs(3);
/// How long a program that has ended may still leave behind another one that calls.
const AFTER_END: Duration = Duration::from_millis(500);

/// Leads one run.
pub(super) struct Director {
    server: TestServer,
    setup: ProgramSetup,
    phases: Vec<Phase>,
    lifetime: Duration,
    start_time: Duration,
    time_limit: Duration,
    program: Option<Program>,
    is_end_noted: bool,
    evidence: Evidence,
}

impl Director {
    /// A run that has not begun.
    pub(super) fn new(test: &ClientTest, server: TestServer, setup: ProgramSetup, phases: Vec<Phase>) -> Self {
        let (lifetime, start_time, time_limit) = (test.lifetime, test.start_time, test.time_limit);
        Self {
            server,
            setup,
            phases,
            lifetime,
            start_time,
            time_limit,
            program: None,
            is_end_noted: false,
            evidence: Evidence::default(),
        }
    }

    /// Runs every phase, and ends the program.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub(super) async fn run(&mut self) -> Result<()> {
        for phase in self.phases.clone() {
            if self.server.now() >= self.time_limit || !self.prepare(phase).await? {
                break;
            }
            self.run_phase(phase).await;
            if phase == Phase::Start && self.server.state().calls.is_empty() && !self.is_gone() {
                // It had its time, and another start would not help.
                break;
            }
        }
        self.end_program().await;
        Ok(())
    }

    /// Ends the program of a run that a signal ends.
    pub(super) async fn interrupted(&mut self, signal: &'static str) {
        self.evidence.interrupted = Some(signal);
        self.end_program().await;
    }

    /// What is known at the end. `foreign` came to the address that a redirect named.
    pub(super) fn into_evidence(self, foreign: Vec<ApiRequest>) -> Evidence {
        let mut state = self.server.state();
        Evidence {
            calls: std::mem::take(&mut state.calls),
            pairs: state.pairs.clone(),
            one_time: state.one_time.clone(),
            dropped: state.dropped,
            foreign,
            password: self.server.password(),
            duration: self.server.now(),
            ..self.evidence
        }
    }

    /// Sees to a client that works when the phase begins. Returns false if there is none.
    async fn prepare(&mut self, phase: Phase) -> Result<bool> {
        match phase {
            Phase::Start => {
                self.start()?;
                return Ok(true);
            }
            // A client that has ended is judged by its first login.
            Phase::LoginRefused => {
                self.server.begin(Phase::Between);
                if !self.works_within(NEXT_CALL / 2).await {
                    self.end_program().await;
                    self.server.begin(phase);
                    self.start()?;
                }
                return Ok(true);
            }
            _ => {}
        }
        self.server.begin(Phase::Between);
        if self.works_within(self.lifetime + NEXT_CALL).await {
            return Ok(true);
        }
        self.note_end(Phase::Between);
        self.end_program().await;
        self.start()?;
        Ok(self.works_within(self.start_time).await)
    }

    fn start(&mut self) -> Result<()> {
        self.evidence.starts.push(self.server.now());
        let started = self.setup.start(&self.server);
        let program = started.with_context(|| {
            format!("`{}` cannot be started; check the path and that it may be executed", self.setup.name())
        })?;
        (self.program, self.is_end_noted) = (Some(program), false);
        Ok(())
    }

    /// Waits for a good call, or the end of the program.
    async fn works_within(&mut self, limit: Duration) -> bool {
        let until = self.server.now() + limit;
        let mut ended_at = None;
        while self.server.now() < until {
            if self.server.progress().good_calls > 0 {
                return true;
            }
            if self.is_gone() && self.server.now() > *ended_at.get_or_insert(self.server.now()) + AFTER_END {
                return false;
            }
            sleep(TICK).await;
        }
        false
    }

    async fn run_phase(&mut self, phase: Phase) {
        let begun = self.server.now();
        if phase != Phase::LoginRefused || self.server.progress().failed_at.is_none() {
            self.server.begin(phase);
        }
        let limit = match phase {
            Phase::Start => self.start_time,
            // A client that has not refreshed yet has nothing to show, and need not be waited for.
            _ if phase.needs_refresh() && !self.has_refreshed() => self.lifetime + NEXT_CALL,
            _ => phase.limit(self.lifetime),
        };
        let mut ended_at = None;
        loop {
            let now = self.server.now();
            let is_over = now >= begun + limit || now >= self.time_limit;
            if is_over || phase.is_done(&self.server.progress(), now) {
                break;
            }
            if self.is_gone() && now > *ended_at.get_or_insert(now) + AFTER_END {
                break;
            }
            sleep(TICK).await;
        }
        self.note_end(phase);
        let run = PhaseRun { phase, begun, ended: self.server.now(), progress: self.server.progress() };
        self.evidence.phases.push(run);
        if phase == Phase::Ended {
            self.learn_when_it_renews(&run);
        }
        self.server.begin(Phase::Between);
    }

    /// Whether the client refreshed after a refusal both when its token expired and when it ended early, and never ahead of time.
    fn learn_when_it_renews(&self, ended: &PhaseRun) {
        let mut state = self.server.state();
        let refreshes = || state.calls.iter().filter(|call| call.kind == CallKind::Refresh);
        let is_expired = |call: &Call| {
            let pair = call.refresh_of.and_then(|at| state.pairs.get(at));
            pair.is_some_and(|pair| pair.is_ended || call.at >= pair.at + pair.lifetime)
        };
        let renews = ended.progress.good_calls_renewed > 0 && refreshes().count() >= 2 && refreshes().all(is_expired);
        state.renews_when_refused = renews;
    }

    fn has_refreshed(&self) -> bool {
        self.server.state().calls.iter().any(|call| call.kind == CallKind::Refresh)
    }

    fn is_gone(&mut self) -> bool {
        self.program.as_mut().is_none_or(Program::is_gone)
    }

    /// Keeps how the program ended, if it ended by itself.
    fn note_end(&mut self, phase: Phase) {
        let Some(program) = self.program.as_mut().filter(|_| !self.is_end_noted) else { return };
        if let Some(status) = program.ended() {
            let (status, is_success, last_words) = (status.to_string(), status.success(), program.last_words());
            let at = self.server.now();
            self.is_end_noted = true;
            self.evidence.ends.push(ProgramEnd { at, phase, is_success, status, last_words });
        }
    }

    async fn end_program(&mut self) {
        if let Some(program) = self.program.take() {
            let printed = program.end().await;
            self.evidence.printed.push_str(&printed);
        }
    }
}
