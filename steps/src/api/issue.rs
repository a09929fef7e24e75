//! `POST /auth/token`: right logins, and wrong ones without locking an account.

use std::sync::atomic::Ordering;

use serde_json::json;

use super::endpoint::{Api, TOKEN_PATH};
use crate::{
    Secret,
    client::Trouble,
    interference::GrantKind,
    message::{Answer, Call, Request},
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
        let _turn = guard.wrong_attempt().await;
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
