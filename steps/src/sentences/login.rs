//! Steps that log in: with the right credentials, as a user that does not exist, or with nearly the right password.

use super::{
    race,
    words::{Password, Timing, User, Users},
};
use crate::{
    Secret, SecretKind, StepError, World, check::comparison::Comparison, fake, target::Credentials, tokens::Pair,
};

impl User {
    /// # Errors
    /// Skips the scenario when the target has no such user.
    pub(super) fn credentials(self, world: &World) -> Result<Credentials, StepError> {
        match self {
            Self::First => Ok(world.user()),
            Self::Second => world.second_user(),
            Self::Unknown => {
                let password = Secret::new(fake::text(20));
                world.site().redactor.keep(&password, SecretKind::Password);
                Ok(Credentials { login: unknown_login(world), password })
            }
        }
    }
}

impl Users {
    /// As many logins of each of them, users taking turns.
    fn logins(self, count: usize, world: &World) -> Result<Vec<Credentials>, StepError> {
        let users = match self {
            Self::First => vec![world.user()],
            Self::Each => vec![world.user(), world.second_user()?],
        };
        let total = users.len() * count;
        Ok(users.into_iter().cycle().take(total).collect())
    }
}

/// A login that no user has, of the form of the certifier's.
pub(super) fn unknown_login(world: &World) -> String {
    let target = &world.site().target;
    let second = target.second_user.as_ref().map(|user| user.login.as_str());
    let one_time = target.one_time.iter().flat_map(|users| [Some(users.login.as_str()), users.second_login.as_deref()]);
    let taken: Vec<&str> = one_time.chain([second]).flatten().collect();
    crate::unknown_login::unknown_login(&target.user.login, &taken, fake::seed())
}

/// A pair that another scenario left is as good, where this scenario has none of the user yet: the order of logins may matter.
pub(super) async fn new_login(world: &mut World, user: User) -> Result<(), StepError> {
    let login = user.credentials(world)?.login;
    let takes_spare = world.takes_spares && world.pairs.iter().all(|pair| pair.login != login);
    if let Some(pair) = takes_spare.then(|| world.api.spare_pair(&login)).flatten() {
        world.pairs.push(pair);
        return Ok(());
    }
    log_in(world, user).await?;
    world.expect_pairs().map(drop)
}

pub(super) async fn shared_session(world: &mut World) -> Result<(), StepError> {
    let pair = world.api.shared_pair().await?;
    world.pairs.push(pair);
    Ok(())
}

/// Where a login ends earlier sessions, what the run itself logs in for would end the tokens of the scenario.
pub(super) async fn keeps_several_sessions(world: &mut World) -> Result<(), StepError> {
    if world.api.many_sessions().await? {
        return Ok(());
    }
    Err(StepError::skipped("the server keeps one session of a user: a login ends earlier ones"))
}

pub(super) async fn log_in(world: &mut World, user: User) -> Result<(), StepError> {
    let credentials = user.credentials(world)?;
    world.log_in(&credentials).await
}

pub(super) async fn send_logins(
    world: &mut World,
    count: usize,
    users: Users,
    timing: Timing,
) -> Result<(), StepError> {
    let logins = users.logins(count, world)?;
    match timing {
        Timing::AtOnce => race::race_logins(world, &logins).await,
        Timing::InTurn => {
            let mut answers = Vec::with_capacity(logins.len());
            let made = made_before(world, &logins);
            let left = logins.len().saturating_sub(made.len());
            world.pairs.extend(made);
            for credentials in logins.iter().take(left) {
                world.log_in(credentials).await?;
                answers.append(&mut world.answers);
            }
            world.answers = answers;
            Ok(())
        }
    }
}

/// Pairs of logins that the run has made for other scenarios, all but one of those that are wanted: on a deployment each login is dear.
fn made_before(world: &World, logins: &[Credentials]) -> Vec<Pair> {
    let site = world.site();
    match logins.split_first() {
        Some((first, others)) if !site.target.thorough && others.iter().all(|other| other.login == first.login) => {
            site.logins.newest(&first.login, others.len())
        }
        _ => Vec::new(),
    }
}

pub(super) async fn log_in_with(world: &mut World, user: User, password: Password) -> Result<(), StepError> {
    let Credentials { login, password: right } = user.credentials(world)?;
    let tried = password.spoil(right.expose(), world)?;
    if tried == right.expose() {
        return Err(StepError::skipped("the password is the same either way"));
    }
    try_password(world, &login, tried).await
}

impl Password {
    fn spoil(self, right: &str, world: &World) -> Result<String, StepError> {
        Ok(match self {
            Self::Wrong => fake::text(20),
            Self::Short => right.char_indices().next_back().map_or_else(String::new, |(at, _)| right[..at].to_owned()),
            Self::Long => format!("{right}x"),
            Self::Recased => recased(right),
            Self::BlankBefore => format!(" {right}"),
            Self::BlankAfter => format!("{right} "),
            Self::OtherUsers => world.second_user()?.password.expose().to_owned(),
            Self::FirstUsers => world.user().password.expose().to_owned(),
            Self::OtherEnd => with_other_end(right),
            Self::Nul => format!("{right}\0"),
            Self::Encoded => right.bytes().map(|byte| format!("%{byte:02x}")).collect(),
        })
    }
}

fn with_other_end(text: &str) -> String {
    let other = if text.ends_with('x') { 'y' } else { 'x' };
    text.char_indices().next_back().map_or_else(String::new, |(at, _)| format!("{}{other}", &text[..at]))
}

fn recased(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_lowercase() { c.to_uppercase().to_string() } else { c.to_lowercase().to_string() })
        .collect()
}

/// Tries a login that is to be refused.
pub(super) async fn try_password(world: &mut World, login: &str, password: String) -> Result<(), StepError> {
    let answer = world.api.attempt_password(login, &password).await?;
    world.sent = vec![Secret::new(password)];
    world.answered(answer);
    Ok(())
}

/// Repeats the attempts while the answers differ: only repetitions show whether a difference follows the login.
pub(super) async fn try_between_unknown_users(world: &mut World) -> Result<(), StepError> {
    let known = world.user().login;
    let mut comparison = Comparison::default();
    while let Some(order) = comparison.next_round() {
        for is_subject in order {
            let login = if *is_subject { known.clone() } else { unknown_login(world) };
            try_password(world, &login, fake::text(20)).await?;
            comparison.add(*is_subject, &mut world.answers, login);
        }
    }
    world.compare(comparison);
    Ok(())
}
