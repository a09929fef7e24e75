//! Finds out whether a page is a firewall's, which answers for a server that was asked too fast: a right login, and a right use of its
//! tokens, get the page too. Those of a server itself are judged.

use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::{Client, Hindrance};
use crate::{
    api::{REFRESH_PATH, issue_request},
    interference::GrantKind,
    message::{Answer, Call, Request},
    tokens::Pair,
};

/// The pages of a site that were looked into.
#[derive(Debug, Default)]
pub(crate) struct SeenPages(Mutex<PageState>);

#[derive(Debug, Default)]
struct PageState {
    /// Whether anything but a page was ever answered. Until then what is in the way has nothing to do with the pace.
    is_reached: bool,
    /// Pages of the server itself, by call and status.
    own: HashSet<(Call, u16)>,
    /// The status of the firewall's page, while it blocks.
    blocking: Option<u16>,
}

impl Client {
    /// What is in the way by this answer, if anything is.
    pub(super) async fn find_hindrance(&self, answer: &Answer) -> Option<Hindrance> {
        match Hindrance::from_answer(answer) {
            None => self.find_block(answer).await,
            found => found,
        }
    }

    /// The firewall's block, if this answer is its page.
    async fn find_block(&self, answer: &Answer) -> Option<Hindrance> {
        let seen = &self.site.pages;
        if !is_page(answer) || self.node.is_some() {
            seen.reached();
            return None;
        }
        let known = seen.known(answer);
        let is_block = match known {
            Some(is_block) => is_block,
            None => self.blocks_right_calls(answer).await?,
        };
        if is_block {
            seen.set_blocking(answer.status);
            Some(Hindrance::from_block_page(answer))
        } else {
            seen.add_own(answer);
            None
        }
    }

    /// Whether right calls are answered with such a page too; `None` where no answer comes.
    async fn blocks_right_calls(&self, page: &Answer) -> Option<bool> {
        let target = &self.site.target;
        let (user, dialect) = (&target.user, &target.dialect);
        let answer = self.send_right(Call::Issue, issue_request(user)).await?;
        if resembles(&answer, page) {
            return Some(true);
        }
        let Ok(pair) = Pair::read(&answer, &user.login, dialect) else { return Some(false) };
        self.site.lockout_guard.accepted(&user.login);
        self.site.grants.record(GrantKind::Session, &user.login, self.journal.id(), answer.received);
        let next = match (page.call, &target.probe) {
            (Call::Probe, Some(probe)) => Request::new("GET", probe.path.as_str()).bearer(&pair.access),
            (Call::Refresh, _) => {
                Request::new("GET", REFRESH_PATH).secret_header(&dialect.refresh_header, &pair.refresh)
            }
            _ => return Some(false),
        };
        Some(resembles(&self.send_right(page.call, next).await?, page))
    }

    async fn send_right(&self, call: Call, request: Request) -> Option<Answer> {
        let mut permits = self.turn(1, &request).await.ok()?;
        permits.used();
        let answer = self.exchange(self.site.transport.kept().0, call, &request, Duration::ZERO, false).await.ok()?;
        drop(permits);
        self.sent(1, &request, None);
        Some(answer)
    }
}

impl SeenPages {
    /// Whether such a page is known to be a block; `None` where that is not known.
    fn known(&self, page: &Answer) -> Option<bool> {
        let state = self.state();
        if state.blocking == Some(page.status) {
            return Some(true);
        }
        let is_own = !state.is_reached || state.own.contains(&(page.call, page.status));
        is_own.then_some(false)
    }

    /// Something else than a page was answered.
    fn reached(&self) {
        let mut state = self.state();
        (state.is_reached, state.blocking) = (true, None);
    }

    fn set_blocking(&self, status: u16) {
        self.state().blocking = Some(status);
    }

    fn add_own(&self, page: &Answer) {
        let mut state = self.state();
        if state.is_reached {
            state.own.insert((page.call, page.status));
        }
    }

    fn state(&self) -> MutexGuard<'_, PageState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether this is a page for browsers in place of what the API answers. That a server breaks is never taken for a block.
fn is_page(answer: &Answer) -> bool {
    let is_html = || answer.body.trim_ascii_start().starts_with(b"<");
    !(300..400).contains(&answer.status) && answer.status < 500 && answer.json.is_none() && is_html()
}

fn resembles(answer: &Answer, page: &Answer) -> bool {
    answer.status == page.status && is_page(answer)
}
