//! Steps that compare tokens and lifetimes with each other.

use super::words::{Member, Token};
use crate::{Mismatch, StepError, World, check::guessing, tokens::Pair};

pub(super) async fn differ(world: &mut World, one: Token, other: Token) -> Result<(), StepError> {
    if world.token(one)? != world.token(other)? {
        return Ok(());
    }
    let exchange = world.answer()?.exchange;
    Err(Mismatch::new("two different tokens", "they are the same").at(exchange).into())
}

pub(super) async fn refresh_token_lives_longer(world: &mut World) -> Result<(), StepError> {
    let Pair { access_lifetime, refresh_lifetime, .. } = world.pair()?;
    let (Some(access), Some(refresh)) = (access_lifetime, refresh_lifetime) else {
        return Err(StepError::inconclusive("the answer does not announce both lifetimes (see ISSUE-4)"));
    };
    if refresh >= access {
        return Ok(());
    }
    let answered = format!("{} s against {} s", refresh.as_secs_f64(), access.as_secs_f64());
    Err(Mismatch::new("a refresh lifetime not below the access lifetime", answered).at(world.answer()?.exchange).into())
}

pub(super) async fn differ_by_bits(world: &mut World, member: Member, bits: u32) -> Result<(), StepError> {
    let token = |pair: &'_ Pair| match member {
        Member::Access => pair.access.clone(),
        Member::Refresh => pair.refresh.clone(),
    };
    let tokens: Vec<_> = world.pairs.iter().map(token).collect();
    let tokens: Vec<&str> = tokens.iter().map(|token| token.expose()).collect();
    if tokens.len() < 8 {
        return Err(world.expect_pairs().err().unwrap_or_else(|| StepError::inconclusive("too few tokens")));
    }
    let found = guessing::bits_of_change(&tokens);
    if found >= f64::from(bits) {
        return Ok(());
    }
    let answered = format!("{found:.0} bits change over {} tokens", tokens.len());
    Err(Mismatch::new(format!("at least {bits} bits of change from token to token"), answered).into())
}
