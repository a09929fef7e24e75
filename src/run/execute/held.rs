//! Scenarios that have ended beside others and may not count: a server may end a user's tokens when others log in or get
//! one-time tokens. Such a scenario waits until all have ended, and is tried again alone where that is needed.

use super::{finished::Finished, order::PlannedScenario};

/// Why a scenario is tried again, alone.
#[derive(Clone, Copy)]
pub(super) enum Again {
    /// It was held against the server that it refused a good token.
    Refused,
    /// It passed because the server refused a token.
    Doubtful,
    /// A token came to the server too late.
    Late,
}

/// A scenario that has ended, but may not count: others at the same server may have ended its tokens.
pub(super) enum Held {
    /// A good token was refused. It must be tried again.
    Refused(PlannedScenario),
    /// It passed, for a token was refused. That counts unless the server is seen to end tokens when others come.
    Doubtful(PlannedScenario, Box<Finished>),
    /// A token came to the server too late. It must be tried again, with more room.
    Late(PlannedScenario),
}

impl Again {
    /// What a report says of it.
    pub(super) fn note(self) -> &'static str {
        match self {
            Self::Refused => {
                "this is the second try, alone: at the first a good token was refused after others had logged in or got \
                 one-time tokens, which may have ended it"
            }
            Self::Doubtful => {
                "this is the second try, alone: this server ends tokens when others log in or get one-time tokens, so at the \
                 first a refusal proved nothing"
            }
            Self::Late => {
                "this is the second try, alone: at the first a token came to the server when it was about to end or had ended, or \
                 may have been spent by a request that had no answer, which proved nothing"
            }
        }
    }
}
