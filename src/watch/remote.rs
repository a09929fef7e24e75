//! A target over HTTP. Each round has a client of its own, so that what the redactor learns of tokens does not grow for months.

use std::{
    path::PathBuf,
    time::{Duration, Instant, SystemTime},
};

use anyhow::{Result, anyhow};
use steps::{Operator, OperatorAnswer, OperatorRequest, Secret, inspect::certificate_end};

use super::server::{Server, TargetFacts};
use crate::{config::ResolvedTarget, one_time::Way, run::context::RunContext};

/// The longest time for a request, with its repetitions after 429 and 503.
const PATIENCE: Duration = Duration::from_secs(60);

/// The same for the other requests of a round once one took longer: a server that refuses everything must not hold a round up for
/// so many times a minute.
const SHORT_PATIENCE: Duration = Duration::from_secs(5);

/// A target over HTTP.
pub(crate) struct WatchedTarget {
    resolved: ResolvedTarget,
    journal: PathBuf,
    facts: TargetFacts,
    started: Instant,
    /// The client of this round.
    operator: Operator,
    /// When it began, since the start.
    began: Duration,
    /// How long its next request may take.
    patience: Duration,
}

impl WatchedTarget {
    /// The target. One-time tokens come from a command alone: files end, and no operator clicks every five minutes.
    ///
    /// # Errors
    /// When the network options cannot be used.
    pub(crate) async fn new(mut resolved: ResolvedTarget, journal: PathBuf) -> Result<Self> {
        resolved.one_time = resolved.one_time.filter(|source| matches!(source.way, Way::Command { .. }));
        let target = &resolved.target;
        let facts = TargetFacts {
            login: target.user.login.clone(),
            password: target.user.password.clone(),
            probe: target.probe.as_ref().map(|probe| (probe.path.clone(), probe.login.clone())),
            one_time_login: resolved.one_time.as_ref().map(|source| source.users.login.clone()),
            dialect: target.dialect.clone(),
            margin: target.margin,
        };
        let operator = new_operator(&resolved, &journal).await?;
        Ok(Self {
            resolved,
            journal,
            facts,
            started: Instant::now(),
            operator,
            began: Duration::ZERO,
            patience: PATIENCE,
        })
    }

    /// Begins a round.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub(crate) async fn renew(&mut self) -> Result<()> {
        self.operator = new_operator(&self.resolved, &self.journal).await?;
        self.began = self.started.elapsed();
        self.patience = PATIENCE;
        Ok(())
    }
}

async fn new_operator(resolved: &ResolvedTarget, journal: &std::path::Path) -> Result<Operator> {
    let context = RunContext::deployment(resolved.clone(), journal)?;
    let lease = context.backend.open(&[]).await.map_err(|reason| anyhow!(reason))?;
    Ok(Operator::new(lease.site))
}

impl Server for WatchedTarget {
    fn facts(&self) -> &TargetFacts {
        &self.facts
    }

    fn now(&self) -> Duration {
        self.began + self.operator.now()
    }

    async fn send(&mut self, request: OperatorRequest) -> Result<OperatorAnswer, String> {
        let patience = self.patience;
        let Ok(answer) = tokio::time::timeout(patience, self.operator.send(request)).await else {
            self.patience = SHORT_PATIENCE;
            return Err(format!("no answer other than 429 or 503 within {} s", patience.as_secs()));
        };
        let answer = answer.map_err(|reason| reason.to_string())?;
        let (sent, received) = (answer.sent + self.began, answer.received + self.began);
        Ok(OperatorAnswer { sent, received, ..answer })
    }

    async fn mint(&mut self, login: &str) -> Result<Secret, String> {
        let minted = self.operator.mint_token(login).await;
        minted.map(|minted| minted.token).map_err(|_| "see with `doctor` whether its command works".to_owned())
    }

    async fn certificate_end(&mut self) -> Option<Duration> {
        let end = certificate_end(self.operator.target()).await?;
        end.duration_since(SystemTime::UNIX_EPOCH).ok()
    }
}
