//! Generates many scenarios: five steps each, every second one with a second request, twenty to a file.

use std::{fmt::Write, fs, net::SocketAddr, path::Path};

use anyhow::Result;

/// The concurrency of a run; the program's default.
pub(crate) const CONCURRENCY: usize = 8;
pub(crate) const BASE_PATH: &str = "/proftrading/rest";
pub(crate) const LOGIN: &str = "qa-certifier";
pub(crate) const PASSWORD: &str = "not-a-real-password";
/// Selects only these scenarios, none of the embedded ones.
pub(crate) const TAGS: &str = "@ISSUE-2 and @USE-1";
const IN_A_FILE: usize = 20;

/// Whether the scenario with this number sends a second request.
pub(crate) fn uses_its_token(number: usize) -> bool {
    number % 2 == 1
}

/// Writes features, and a configuration with the server as target `bare`.
pub(crate) fn write(folder: &Path, server: SocketAddr, scenarios: usize) -> Result<()> {
    let features = folder.join("features");
    fs::create_dir_all(&features)?;
    let numbers: Vec<usize> = (0..scenarios).collect();
    for (at, numbers) in numbers.chunks(IN_A_FILE).enumerate() {
        fs::write(features.join(format!("{at:04}.feature")), feature(at, numbers)?)?;
    }
    let configuration = format!(
        "[targets.bare]\nbase_url = \"http://{server}{BASE_PATH}\"\nlogin = \"{LOGIN}\"\npassword = {{ env = \"BO_PASSWORD\" }}\n\
         probe = \"/accounts?limit=1\"\nprobe_login = \"/0/owner\"\nrequests_per_second = 0\n"
    );
    fs::write(folder.join("bo-conformance.toml"), configuration)?;
    Ok(())
}

fn feature(at: usize, numbers: &[usize]) -> Result<String> {
    let mut text = format!("@ISSUE-2 @USE-1\nFeature: Tokens, part {at}\n");
    for number in numbers {
        writeln!(text, "\n  Scenario: A token, {number}")?;
        text.push_str(if uses_its_token(*number) { USED } else { ISSUED });
    }
    Ok(text)
}

const ISSUED: &str = "    When the user logs in
    Then every answer is 200 with a JSON object
    And the answer carries the access token as described
    And the access token and the refresh token differ
    And the answer is not cacheable
";

const USED: &str = "    Given a new login of the user
    When the access token is used
    Then every call is accepted
    And the answer names the user
    And no answer is a server error
";
