//! Everything that can be wrong with the configuration, in the words that the user reads: where, what, what to do next.

use std::{io, path::PathBuf};

use thiserror::Error;

use super::{find::FILE_NAME, password::PasswordError, place::Place, setting::Origin, unreadable::Unreadable};

/// What is wrong with the configuration. Each is the user's to mend; the program exits with 2.
#[derive(Debug, Error)]
pub(crate) enum ConfigError {
    /// The file named on the command line is not there.
    #[error("there is no configuration file `{}`; check the path, or write one with `bo-conformance init`", .0.display())]
    NoSuchFile(PathBuf),
    /// A target is wanted and there is no file to look it up in.
    #[error(
        "target `{target}` is wanted, but there is no {FILE_NAME} in {} nor in a folder above it; name it with \
         --config FILE, write one with `bo-conformance init`, or describe the target with --base-url and --login",
        looked_in.display()
    )]
    NoFile {
        /// The target's name.
        target: String,
        /// Where the search began.
        looked_in: PathBuf,
    },
    /// A file that cannot be read.
    #[error("{} cannot be read: {source}", path.display())]
    UnreadableFile {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// No TOML.
    #[error("{at}: {message}{}", at.excerpt())]
    Syntax {
        /// Where.
        at: Place,
        /// What the parser says.
        message: String,
    },
    /// A key that does not exist.
    #[error("{at}: unknown key `{key}` {table}{advice}{}", at.excerpt())]
    UnknownKey {
        /// Where.
        at: Place,
        /// The key.
        key: String,
        /// The table that it stands in, as part of a sentence.
        table: String,
        /// The nearest known one.
        advice: String,
    },
    /// A value where a table belongs, or the other way about.
    #[error("{at}: `{key}` {table} is a table; write {example}{}", at.excerpt())]
    NotATable {
        /// Where.
        at: Place,
        /// The key.
        key: String,
        /// The table that it stands in, as part of a sentence.
        table: String,
        /// How to write it.
        example: String,
    },
    /// A password in the file.
    #[error(
        "{at}: a password does not belong in the file; write `password = {{ env = \"BO_PASSWORD\" }}` and set that \
         variable, or `password = {{ file = \"…\" }}`, or `password = {{ command = [\"…\"] }}`"
    )]
    InlinePassword {
        /// Where.
        at: Place,
    },
    /// A value that its key does not take.
    #[error("{origin}: `{key}` {problem}{}", origin.excerpt())]
    Value {
        /// Where it was given.
        origin: Origin,
        /// The key.
        key: String,
        /// Why it cannot be used.
        problem: Unreadable,
    },
    /// A target that is not in the file.
    #[error("there is no target `{target}` in {}{advice}", file.display())]
    NoSuchTarget {
        /// The name.
        target: String,
        /// The file.
        file: PathBuf,
        /// The targets that there are, the nearest first.
        advice: String,
    },
    /// An index beyond the targets.
    #[error("{origin}: there is no target {index} in {}; its {count} targets are numbered from 0, by name", file.display())]
    NoSuchIndex {
        /// Where it was given.
        origin: Origin,
        /// The index.
        index: usize,
        /// How many targets there are.
        count: usize,
        /// The file.
        file: PathBuf,
    },
    /// An index that is no number.
    #[error("{origin}: `{value}` is no index; write a whole number from 0")]
    Index {
        /// Where it was given.
        origin: Origin,
        /// As given.
        value: String,
    },
    /// All targets of a file that there is not, or that has none.
    #[error("there is no target in {place}; write [targets.NAME] there, or give the file with --config FILE")]
    NoTargets {
        /// The file, or where one was looked for.
        place: String,
    },
    /// One base URL for several targets.
    #[error("{origin}: one base URL cannot be that of {count} targets; leave it out, or choose one target")]
    OneBaseUrl {
        /// Where it was given.
        origin: Origin,
        /// How many targets were chosen.
        count: usize,
    },
    /// A key that must be there.
    #[error("{owner}: `{key}` is missing; {remedy}")]
    Missing {
        /// The target or waiver that it is missing in.
        owner: String,
        /// The key.
        key: String,
        /// What to write, and where.
        remedy: String,
    },
    /// Two keys where one excludes the other.
    #[error("{origin}: both `{one}` and `{other}` are given; keep one of them")]
    Both {
        /// Where the second was given.
        origin: Origin,
        /// A key.
        one: &'static str,
        /// Another.
        other: &'static str,
    },
    /// A `--dialect` that is no `KEY=VALUE` with a known key.
    #[error("--dialect {given}: wants KEY=VALUE{advice}")]
    Dialect {
        /// What was given.
        given: String,
        /// The nearest known key.
        advice: String,
    },
    /// A variable that looks like one of ours and is none.
    #[error("environment variable {name} is not known; did you mean {near}?")]
    UnknownVariable {
        /// Its name.
        name: String,
        /// The nearest.
        near: String,
    },
    /// The second user is the first.
    #[error("{origin}: `second_user.login` is the login of the first user; name another user or leave it out")]
    SameUser {
        /// Where it was given.
        origin: Origin,
    },
    /// A source that cannot tell users apart.
    #[error(
        "{origin}: with `ott.second_login` the source must know whose token is wanted; put {{login}} into `{key}`, \
         where the login is to stand"
    )]
    OneUserSource {
        /// Where the second login was given.
        origin: Origin,
        /// The source.
        key: &'static str,
    },
    /// A certificate that cannot be read.
    #[error("{origin}: `{key}` names {}, which cannot be used: {problem}", path.display())]
    Certificate {
        /// Where it was given.
        origin: Origin,
        /// The key.
        key: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        problem: String,
    },
    /// A password that cannot be had.
    #[error("{origin}: {problem}")]
    Password {
        /// Where its source was given.
        origin: Origin,
        /// Why.
        problem: PasswordError,
    },
    /// A waiver for a requirement that does not exist.
    #[error("{origin}: there is no requirement `{id}`{advice}{}", origin.excerpt())]
    UnknownRequirement {
        /// Where.
        origin: Origin,
        /// The id.
        id: String,
        /// The nearest known one.
        advice: String,
    },
    /// A flag about a target without a target.
    #[error("{flag} describes a target, and none is chosen; add --target NAME or --base-url URL")]
    NoTarget {
        /// The flag.
        flag: String,
    },
}
