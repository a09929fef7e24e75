//! Getting and naming the tokens of a scenario.

use super::World;
use crate::{
    Mismatch, Secret, StepError, fake,
    lifetimes::LifetimeKind,
    sentences::Token,
    target::Credentials,
    tokens::{OneTime, Pair},
};

impl World {
    /// Logs in and keeps the pair, where the answer has one.
    pub(crate) async fn log_in(&mut self, user: &Credentials) -> Result<(), StepError> {
        let answer = self.api.issue(user).await?;
        self.sent = vec![user.password.clone()];
        self.pairs.extend(self.api.pair(&answer, &user.login).ok());
        self.answered(answer);
        Ok(())
    }

    /// Presents the newest pair's refresh token and keeps the new pair, where the answer has one.
    pub(crate) async fn refresh(&mut self) -> Result<(), StepError> {
        let pair = self.pair()?.clone();
        let answer = self.api.present(&pair.refresh).await?;
        self.pairs.extend(self.api.pair(&answer, &pair.login).ok().map(|refreshed| refreshed.after(&pair)));
        self.answered(answer);
        Ok(())
    }

    /// The newest pair.
    ///
    /// # Errors
    /// Without one nothing can be said; points to why the last answer has none.
    pub(crate) fn pair(&self) -> Result<&Pair, StepError> {
        self.pairs.last().ok_or_else(|| self.no_pair())
    }

    /// The pair before the newest.
    pub(crate) fn earlier_pair(&self) -> Result<&Pair, StepError> {
        self.pairs.iter().nth_back(1).ok_or_else(|| self.no_pair())
    }

    /// The newest pair of this user.
    pub(crate) fn pair_of(&self, login: &str) -> Result<&Pair, StepError> {
        self.pairs.iter().rfind(|pair| pair.login == login).ok_or_else(|| self.no_pair())
    }

    fn no_pair(&self) -> StepError {
        let read = self.answers.last().map(|answer| self.api.pair(answer, ""));
        match read {
            Some(Err(mismatch)) => mismatch.as_inconclusive(),
            _ => Mismatch::new("a pair of tokens", "there is none").requirement("ISSUE-1").as_inconclusive(),
        }
    }

    /// How long this pair's refresh token lives: as announced, else as changed.
    pub(crate) fn refresh_lifetime(&self, pair: &Pair) -> Option<std::time::Duration> {
        pair.refresh_lifetime.or_else(|| self.changed(LifetimeKind::Refresh))
    }

    /// The pairs that the last answers must carry.
    ///
    /// # Errors
    /// Says what the answer has instead.
    pub(crate) fn expect_pairs(&self) -> Result<Vec<Pair>, StepError> {
        self.judged()?.iter().map(|answer| self.api.pair(answer, "").map_err(StepError::from)).collect()
    }

    /// The newest one-time token.
    pub(crate) fn one_time(&self) -> Result<&OneTime, StepError> {
        self.one_time.last().ok_or_else(|| StepError::inconclusive("no one-time token"))
    }

    /// The position of a one-time token among those of the scenario.
    pub(crate) fn one_time_position(&self, token: Token) -> Result<usize, StepError> {
        let from_end = if token == Token::EarlierOneTime { 2 } else { 1 };
        let is_one_time = matches!(token, Token::OneTime | Token::EarlierOneTime);
        let position = self.one_time.len().checked_sub(from_end).filter(|_| is_one_time);
        position.ok_or_else(|| StepError::inconclusive("no such one-time token"))
    }

    /// Takes a fresh one-time token from the source.
    pub(crate) async fn mint(&mut self, login: &str) -> Result<(), StepError> {
        self.prepare_for_one_time().await?;
        let mut token = self.api.mint(login).await?;
        if let Some(changed) = self.changed(LifetimeKind::OneTime) {
            token.lifetime = Some(changed);
        }
        self.one_time.push(token);
        Ok(())
    }

    /// Finds out what a verification takes. That takes a token of its own, so it comes before another starts to age.
    pub(crate) async fn prepare_for_one_time(&self) -> Result<(), StepError> {
        if self.api.verify_needs_access_token().await? {
            self.api.shared_pair().await?;
        }
        Ok(())
    }

    /// The token that a step names.
    pub(crate) fn token(&self, token: Token) -> Result<Secret, StepError> {
        Ok(match token {
            Token::Access => self.pair()?.access.clone(),
            Token::Refresh => self.pair()?.refresh.clone(),
            Token::EarlierAccess => self.earlier_pair()?.access.clone(),
            Token::EarlierRefresh => self.earlier_pair()?.refresh.clone(),
            Token::UserAccess => self.pair_of(&self.user().login)?.access.clone(),
            Token::SecondUserAccess => self.pair_of(&self.second_user()?.login)?.access.clone(),
            Token::OneTime | Token::EarlierOneTime => self.one_time[self.one_time_position(token)?].token.clone(),
            Token::None => return Err(StepError::inconclusive("no token to use")),
            Token::MadeUp => self.api.made_up(fake::text(64)),
            Token::MadeUpOneTime => self.api.made_up(fake::like(&self.one_time()?.token)),
            Token::MadeUpShort => self.api.made_up(fake::text(6)),
            Token::MadeUpOfTwo => self.api.made_up(fake::parts(2)),
            Token::MadeUpOfThree => self.api.made_up(fake::parts(3)),
            Token::Altered => {
                let altered = fake::altered(&self.pair()?.access, fake::Alteration::Middle).into_iter().next();
                let unfit = || StepError::skipped("the token has nothing that could be altered");
                self.api.made_up(altered.ok_or_else(unfit)?)
            }
            Token::Empty => Secret::new(""),
        })
    }
}
