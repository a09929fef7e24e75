//! A client under test: starts a program against a stand-in, lets tokens expire and answers fail, and judges what the program sends.
//! The counterpart of a run against a server, with the same results; shares verdicts and reports with it, and no step and no feature.
//!
//! Layers: [`run`] → [`director`] (the phases of a run, one after the other) → [`program`] (the process) and [`server`] (the stand-in
//! that fails as a phase asks) → [`evidence`] (what came over the wire). [`judge`] reads the evidence alone; [`outcome`] makes results.

mod director;
mod evidence;
mod files;
mod judge;
mod outcome;
mod phase;
mod program;
mod server;
mod token_search;

use std::{future::pending, sync::Arc, time::Duration};

use anyhow::{Context, Result, anyhow};
use steps::{Redactor, SecretRegister};
use tokio::net::TcpListener;

use crate::{
    catalogue::{Catalogue, RequirementId},
    results::Profile,
    run::{plan::RunOutcome, signals},
};
use director::Director;
pub(crate) use outcome::{rules_digest, scenarios};
use program::ProgramSetup;
use server::{OtherSite, TestServer};

/// How a client is judged.
pub(crate) struct ClientTest {
    /// The program and its arguments; not empty.
    pub(crate) command: Vec<String>,
    /// How strictly recommendations count.
    pub(crate) profile: Profile,
    /// The requirements to judge; all where empty.
    pub(crate) requirements: Vec<RequirementId>,
    /// The lifetime of short-lived access tokens, in seconds.
    pub(crate) lifetime: Duration,
    /// Longest time until the first call.
    pub(crate) start_time: Duration,
    /// Longest time of the whole run.
    pub(crate) time_limit: Duration,
}

impl ClientTest {
    /// Runs the program through every phase, ends it, and judges it.
    ///
    /// # Errors
    /// When the program cannot be started, or the system gives no port.
    pub(crate) async fn run(self, catalogue: &Catalogue) -> Result<RunOutcome> {
        let register = Arc::new(SecretRegister::default());
        let redactor = Redactor::new(register.clone());
        let port = || TcpListener::bind("127.0.0.1:0");
        let (own, other) = (port().await.context("no port is free")?, port().await.context("no port is free")?);
        let (address, elsewhere) = (own.local_addr()?, other.local_addr()?.port());
        let server = TestServer::new(self.lifetime, format!("http://localhost:{elsewhere}/accounts"));
        let foreign = OtherSite::default();
        let files = files::files(&self.command, &redactor);
        let setup = ProgramSetup::new(&self.command, format!("http://{address}{}", standin::BASE_PATH));
        let phases = judge::phases_for(&self.requirements);
        let mut director = Director::new(&self, server.clone(), setup, phases);
        let ended = tokio::select! {
            ended = director.run() => Some(ended?),
            signal = signals::signal() => {
                director.interrupted(signal).await;
                Some(())
            },
            served = standin::serve::serve(own, server.clone(), pending::<()>()) => served.map(|()| None)?,
            served = standin::serve::serve(other, foreign.clone(), pending::<()>()) => served.map(|()| None)?,
        };
        ended.ok_or_else(|| anyhow!("the stand-in ended before the client"))?;
        let evidence = director.into_evidence(foreign.calls());
        let results = outcome::results(&self, files, &evidence, catalogue, &redactor);
        Ok(RunOutcome { results, unsealed: None, lost: None, journal: None, seen: register })
    }
}
