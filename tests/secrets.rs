//! No password and no token is in anything that the program says or writes, whatever the server makes of them. The secrets are
//! known here from the configuration and from the wire, not from the program.

mod program;

use std::fs;

use program::{
    Ended, Workplace,
    foreign::{ForeignServer, PASSWORD, SECOND_PASSWORD, Terms, configured},
    wiretap::Wiretap,
};

/// A run, and everything secret that took part in it.
struct Overheard {
    workplace: Workplace,
    ended: Ended,
    tokens: Vec<String>,
}

fn overheard(options: &[&str], terms: &Terms<'_>) -> Overheard {
    let server = ForeignServer::start(options);
    let wiretap = Wiretap::before(&server.base_url);
    let workplace = configured(&wiretap.base_url, &server.base_url, terms);
    let ended = workplace.run(&["run", "--target", "foreign"]);
    Overheard { workplace, ended, tokens: wiretap.tokens() }
}

impl Overheard {
    /// Checks everything that was said and written, and that there was something to hide.
    #[track_caller]
    fn is_discreet(&self, at_least: usize) {
        assert!(self.tokens.len() >= at_least, "only {} tokens were overheard", self.tokens.len());
        let mut said = vec![("standard output".to_owned(), self.ended.stdout.clone())];
        said.push(("standard error".to_owned(), self.ended.stderr.clone()));
        for file in self.workplace.files().iter().filter(|file| !file.ends_with("second.password")) {
            let text = String::from_utf8_lossy(&fs::read(file).expect("it can be read")).into_owned();
            said.push((file.display().to_string(), text));
        }
        for (place, text) in &said {
            for secret in self.tokens.iter().map(String::as_str).chain([PASSWORD, SECOND_PASSWORD]) {
                for spelling in spellings(secret) {
                    assert!(!text.contains(&spelling), "{spelling} is in {place}");
                }
            }
        }
        let results = self.workplace.results().to_string();
        for mask in ["‹access token #", "‹refresh token #", "‹password #"] {
            assert!(results.contains(mask), "{mask}…› is nowhere in the results");
        }
    }
}

/// A secret as it is, and as it stands in JSON, in XML, in HTML and in a URL.
fn spellings(secret: &str) -> Vec<String> {
    let json = serde_json::Value::from(secret).to_string();
    let markup = |quote: &str| {
        secret
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', quote)
            .replace('\'', "&apos;")
    };
    let url: String = secret
        .bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    let mut spellings = vec![secret.to_owned(), json.trim_matches('"').to_owned(), markup("&quot;"), markup("\""), url];
    spellings.sort();
    spellings.dedup();
    spellings
}

#[test]
fn a_run_that_passes_shows_no_secret() {
    let run = overheard(&[], &Terms { one_time: true, ..Terms::QUICK });
    assert_eq!(run.ended.code, Some(0), "{:?}", run.ended);
    run.is_discreet(100);
    assert!(run.tokens.iter().any(|token| token.starts_with('x')), "no one-time token was overheard");
}

#[test]
fn a_server_that_repeats_secrets_is_told_of_without_repeating_them() {
    for defect in ["echoed-password", "echoed-token", "stack-trace"] {
        let run = overheard(&["--defect", defect], &Terms::QUICK);
        assert_eq!(run.ended.code, Some(1), "{defect}: {:?}", run.ended);
        run.is_discreet(50);
    }
}

#[test]
fn a_run_that_breaks_off_shows_no_secret() {
    for trouble in ["half-answers", "garbage"] {
        let run = overheard(&["--defect", trouble, "--after", "60"], &Terms::QUICK);
        assert_eq!(run.ended.code, Some(3), "{trouble}: {:?}", run.ended);
        run.is_discreet(5);
    }
}

#[test]
fn the_stand_in_s_secrets_are_masked_when_scenarios_fail() {
    let workplace = Workplace::new();
    let ended = workplace.run(&["run", "--fault", "error-password-echoed"]).with(1);
    assert!(ended.stdout.contains("‹password #"), "{}", ended.stdout);
}
