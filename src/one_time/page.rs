//! What somebody who clicked an external link gets to read. Says what became of the token and never shows it.

/// What became of a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Welcome {
    /// A token that the run can use.
    Thanks {
        /// How many are needed besides.
        still: usize,
    },
    /// A token that had been brought before.
    Again,
    /// A token of somebody else.
    Stranger,
    /// More tokens than any run needs.
    Full,
    /// A visit without a token.
    NoToken,
}

impl Welcome {
    /// The HTTP status of the page.
    pub(super) fn status(self) -> u16 {
        match self {
            Self::Thanks { .. } | Self::Again => 200,
            Self::Stranger | Self::NoToken => 400,
            Self::Full => 429,
        }
    }

    /// The page.
    pub(super) fn html(self) -> String {
        let (title, text) = self.words();
        format!(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"referrer\" content=\"no-referrer\">\
             <title>{title}</title><body style=\"font:1.2rem system-ui;margin:4rem auto;max-width:36rem\">\
             <h1>{title}</h1><p>{text}</p></body></html>"
        )
    }

    fn words(self) -> (&'static str, String) {
        match self {
            Self::Thanks { still: 0 } => ("Thank you", "The run has all the one-time tokens it waits for.".to_owned()),
            Self::Thanks { still } => ("Thank you", format!("Still needed: {still}. Please open the link again.")),
            Self::Again => ("Seen before", "This token was brought already. Please open the link anew.".to_owned()),
            Self::Stranger => ("Another user", "The run does not wait for tokens of this user.".to_owned()),
            Self::Full => ("Enough", "The run has more tokens than it can use.".to_owned()),
            Self::NoToken => {
                ("No token", "The link must end in ?token= followed by the one-time token of the user.".to_owned())
            }
        }
    }
}
