//! `POST /auth/token`: right logins, and wrong ones without locking an account.

use std::sync::atomic::Ordering;

use serde_json::json;
use tokio::sync::MutexGuard;

use super::endpoint::{Api, TOKEN_PATH};
use crate::{
    Secret,
    client::Trouble,
    interference::GrantKind,
    message::{Answer, Call, Request},
    pace::Pause,
    redactor::SecretKind,
    target::Credentials,
};

impl Api {
    /// Logs in with the right password.
    pub(crate) async fn issue(&self, user: &Credentials) -> Result<Answer, Trouble> {
        let answer = self.client.send(Call::Issue, issue_request(user)).await?;
        if answer.is_success() {
            self.site.lockout_guard.accepted(&user.login);
            self.site.behaviour.login_is_misencoded.fetch_or(answer.flaw.is_some(), Ordering::Relaxed);
            if let Ok(pair) = self.pair(&answer, &user.login) {
                self.site.logins.record(pair);
            }
            self.site.grants.record(GrantKind::Session, &user.login, self.client.journal.id(), answer.received);
        } else {
            self.site.shared.counters.failed_login();
        }
        Ok(answer)
    }

    /// Sends what should not log in. When it names a real login and the attempt before was wrong too, the right password
    /// goes first, so that no lock counts up to its limit.
    pub(crate) async fn attempt(&self, login: &str, request: Request) -> Result<Answer, Trouble> {
        let target = &self.site.target;
        let real = [Some(&target.user), target.second_user.as_ref()].into_iter().flatten();
        let Some(user) = real.into_iter().find(|user| user.login == login) else {
            return self.refused(request).await;
        };
        let guard = &self.site.lockout_guard;
        let _turn = self.turn_to_be_refused(login).await?;
        if guard.is_wrong(login) {
            let right = self.client.send(Call::Issue, issue_request(user)).await?;
            if let Ok(pair) = self.pair(&right, login) {
                self.site.logins.record(pair.clone());
                self.site.grants.record(GrantKind::Session, login, self.client.journal.id(), right.received);
                self.leave_pair(pair);
            }
        }
        guard.refused(login);
        let answer = self.refused(request).await;
        guard.refused(login);
        answer
    }

    /// The turn of a wrong attempt. Others log in first where they are going to, unless a token of the scenario would age meanwhile.
    async fn turn_to_be_refused(&self, login: &str) -> Result<MutexGuard<'_, ()>, Trouble> {
        let (guard, progress) = (&self.site.lockout_guard, self.client.journal.progress());
        let mut is_patient = !progress.has_tokens();
        loop {
            let turn = guard.wrong_attempt().await;
            if !is_patient || !guard.is_wrong(login) || !guard.expects_logins() {
                return Ok(turn);
            }
            drop(turn);
            progress.pause(Pause::Login);
            let waited = tokio::select! {
                has_logged_in = guard.wait_for_login(login) => Ok(has_logged_in),
                () = self.site.shared.counters.aborted() => Err(Trouble::GivenUp),
            };
            progress.resume();
            is_patient = waited?;
        }
    }

    async fn refused(&self, request: Request) -> Result<Answer, Trouble> {
        let answer = self.client.send(Call::Issue, request).await?;
        if !answer.is_success() {
            self.site.shared.counters.failed_login();
        }
        Ok(answer)
    }

    /// An attempt with this login and this password, which is masked from now on.
    pub(crate) async fn attempt_password(&self, login: &str, password: &str) -> Result<Answer, Trouble> {
        let password = Secret::new(password);
        self.site.redactor.keep(&password, SecretKind::Password);
        self.attempt(login, credentials_request(login, &password)).await
    }
}

/// A login with the right password.
pub(crate) fn issue_request(user: &Credentials) -> Request {
    credentials_request(&user.login, &user.password)
}

/// A login with this login and this password.
pub(crate) fn credentials_request(login: &str, password: &Secret) -> Request {
    let body = json!({ "login": login, "password": password.expose() });
    Request::new("POST", TOKEN_PATH).json(&body).carrying(password)
}
