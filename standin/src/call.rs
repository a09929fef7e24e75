//! One request on its way through the server: all that a decision may look at.

use std::time::{Duration, Instant};

use serde_json::{Map, Value};

use crate::{
    Request, User,
    server::Core,
    state::{Change, State},
    tokens::likeness::Likeness,
    variations::Seed,
};

/// How long a server with a race holds a decision back before it takes effect, in real time. Long enough for twenty
/// requests sent at once to meet in it, even on a busy machine of two cores.
pub(crate) const HOLD: Duration = Duration::from_millis(30);

/// A request, the server it came to, and the moment it came.
pub(crate) struct Call<'a> {
    pub(crate) request: &'a Request,
    pub(crate) core: &'a Core,
    pub(crate) state: &'a mut State,
    pub(crate) now: Duration,
    /// How long the answer is to be held back.
    pub(crate) hold: Option<Duration>,
}

/// A fault, what trips it, and the status it answers with.
pub(crate) type Telltale<S> = (S, fn(&Call<'_>, &str) -> bool, u16);

/// Why a body is no JSON object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadBody {
    Empty,
    Malformed,
    Text,
    List,
    Scalar,
}

impl Call<'_> {
    /// Whether the server has this fault or freedom.
    pub(crate) fn has(&self, seed: impl Seed) -> bool {
        self.core.variations.has(seed)
    }

    /// The first of these variations that the server has, with what it stands for.
    pub(crate) fn first<S: Seed, T: Copy>(&self, table: &[(S, T)]) -> Option<T> {
        table.iter().find(|(seed, _)| self.has(*seed)).map(|(_, meaning)| *meaning)
    }

    /// Whether a server with one of these faults takes what is shown for what it knows.
    pub(crate) fn takes<S: Seed>(&self, careless: &[(S, Likeness)], shown: &str, known: &str) -> bool {
        careless.iter().any(|(fault, alike)| self.has(*fault) && alike(shown, known))
    }

    /// The status by which a server with one of these faults gives itself away over what is shown.
    pub(crate) fn telltale<S: Seed>(&self, table: &[Telltale<S>], shown: &str) -> Option<u16> {
        table.iter().find(|(fault, trips, _)| self.has(*fault) && trips(self, shown)).map(|(.., status)| *status)
    }

    /// A user by its place.
    pub(crate) fn user(&self, place: usize) -> &User {
        &self.core.users[place]
    }

    /// Has a change take effect only after the hold, and the answer wait as long: clients that wait for their answers
    /// never notice, requests that meet do.
    pub(crate) fn hold_back(&mut self, change: Change) {
        self.hold = Some(HOLD);
        self.state.defer(Instant::now() + HOLD, change);
    }

    /// The body as a JSON object.
    pub(crate) fn object(&self) -> Result<Map<String, Value>, BadBody> {
        object_in(&self.request.body)
    }
}

/// Reads bytes as a JSON object.
pub(crate) fn object_in(bytes: &[u8]) -> Result<Map<String, Value>, BadBody> {
    if bytes.is_empty() {
        return Err(BadBody::Empty);
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(Value::Array(_)) => Err(BadBody::List),
        Ok(Value::String(_)) => Err(BadBody::Text),
        Ok(_) => Err(BadBody::Scalar),
        Err(_) => Err(BadBody::Malformed),
    }
}
