//! The errors of the configuration with their messages: where, what, what to do next.

use std::{io, path::PathBuf};

use thiserror::Error;

use super::{
    keys::FILE_NAME,
    span::Span,
    value::{ValueError, ValueOrigin},
};
use crate::one_time::program::ProgramError;

/// An error of the configuration, which the user can correct. The program exits with 2.
#[derive(Debug, Error)]
pub(crate) enum ConfigError {
    /// The file of the command line does not exist.
    #[error("cannot find the configuration file `{}`; check the path, or write one with `bo-conformance init`", .0.display())]
    NoSuchFile(PathBuf),
    /// A target by name, without a file.
    #[error(
        "target `{target}` is not known: no {FILE_NAME} in {} nor in a folder above it; name it with \
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
    #[error("{} cannot be read: {reason}", path.display())]
    UnreadableFile {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: io::Error,
    },
    /// Not TOML.
    #[error("{span}: {message}{}", span.excerpt())]
    Syntax {
        /// Where.
        span: Span,
        /// The parser's message.
        message: String,
    },
    /// An unknown key.
    #[error("{span}: unknown key `{key}` {location}{suggestion}{}", span.excerpt())]
    UnknownKey {
        /// Where.
        span: Span,
        /// The key.
        key: String,
        /// Its table, as part of a sentence.
        location: String,
        /// The closest known one.
        suggestion: String,
    },
    /// A value in place of a table.
    #[error("{span}: `{key}` {location} is a table; write {example}{}", span.excerpt())]
    NotATable {
        /// Where.
        span: Span,
        /// The key.
        key: String,
        /// Its table, as part of a sentence.
        location: String,
        /// How to write it.
        example: String,
    },
    /// A password in the file.
    #[error(
        "{span}: a password does not belong in the file; write `password = {{ env = \"BO_PASSWORD\" }}` and set that \
         variable, or `password = {{ file = \"…\" }}`, or `password = {{ command = [\"…\"] }}`"
    )]
    InlinePassword {
        /// Where.
        span: Span,
    },
    /// A value that cannot be used.
    #[error("{origin}: `{key}` {problem}{}", origin.excerpt())]
    Value {
        /// Where it was given.
        origin: ValueOrigin,
        /// The key.
        key: String,
        /// Why it cannot be used.
        problem: ValueError,
    },
    /// A target that is not in the file.
    #[error("unknown target `{target}` in {}{suggestion}", file.display())]
    NoSuchTarget {
        /// The name.
        target: String,
        /// The file.
        file: PathBuf,
        /// The closest one, and all.
        suggestion: String,
    },
    /// Several targets, and no choice between them.
    #[error(
        "{} names several targets and none is selected; add --target with one of {targets}, set `default_target`, or \
         add --stand-in for the embedded stand-in",
        file.display()
    )]
    NotSelected {
        /// The file.
        file: PathBuf,
        /// Their names.
        targets: String,
    },
    /// An index beyond the targets.
    #[error("{origin}: unknown target {index} in {}; its {count} targets are numbered from 0, by name", file.display())]
    NoSuchIndex {
        /// Where it was given.
        origin: ValueOrigin,
        /// The index.
        index: usize,
        /// How many targets there are.
        count: usize,
        /// The file.
        file: PathBuf,
    },
    /// An index that is not a number.
    #[error("{origin}: `{value}` is not an index; write a whole number from 0")]
    Index {
        /// Where it was given.
        origin: ValueOrigin,
        /// As given.
        value: String,
    },
    /// All targets, without a file or with none in it.
    #[error("no target in {place}; write [targets.NAME] there, or name another file with --config FILE")]
    NoTargets {
        /// The file, or where one was looked for.
        place: String,
    },
    /// One base URL for several targets.
    #[error("{origin}: one base URL cannot serve {count} targets; leave it out, or choose one target")]
    OneBaseUrl {
        /// Where it was given.
        origin: ValueOrigin,
        /// How many targets were chosen.
        count: usize,
    },
    /// A required key.
    #[error("{owner}: `{key}` is missing; {remedy}")]
    Missing {
        /// The target or waiver without it.
        owner: String,
        /// The key.
        key: String,
        /// What to write, and where.
        remedy: String,
    },
    /// Two exclusive keys.
    #[error("{origin}: both `{one}` and `{other}` are given; keep one of them")]
    Both {
        /// Where the second was given.
        origin: ValueOrigin,
        /// A key.
        one: &'static str,
        /// Another.
        other: &'static str,
    },
    /// A `--dialect` other than `KEY=VALUE` with a known key.
    #[error("--dialect {given}: must be KEY=VALUE{suggestion}")]
    Dialect {
        /// As given.
        given: String,
        /// The closest known key.
        suggestion: String,
    },
    /// A variable with nearly the name of a known one.
    #[error("environment variable {name} is not known; did you mean {near}?")]
    UnknownVariable {
        /// Its name.
        name: String,
        /// The closest known one.
        near: String,
    },
    /// The second user is the first.
    #[error("{origin}: `second_user.login` is the login of the first user; name another user or leave it out")]
    SameUser {
        /// Where it was given.
        origin: ValueOrigin,
    },
    /// A source with one user only.
    #[error(
        "{origin}: `ott.second_login` needs a source that can choose the user; put {{login}} into `{key}`, in place of \
         the login"
    )]
    OneUserSource {
        /// Where the second login was given.
        origin: ValueOrigin,
        /// The source.
        key: &'static str,
    },
    /// A certificate that cannot be read.
    #[error("{origin}: `{key}` names {}, which cannot be used: {problem}", path.display())]
    Certificate {
        /// Where it was given.
        origin: ValueOrigin,
        /// The key.
        key: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        problem: String,
    },
    /// A password that cannot be read.
    #[error("{origin}: {problem}")]
    Password {
        /// Where its source was given.
        origin: ValueOrigin,
        /// Why.
        problem: PasswordError,
    },
    /// A waiver for a requirement that does not exist.
    #[error("{origin}: unknown requirement `{id}`{suggestion} `bo-conformance list` shows all{}", origin.excerpt())]
    UnknownRequirement {
        /// Where.
        origin: ValueOrigin,
        /// The id.
        id: String,
        /// The closest known one.
        suggestion: String,
    },
    /// A flag of a target without a target.
    #[error("{flag} describes a target, but none is selected; add --target NAME or --base-url URL")]
    NoTarget {
        /// The flag.
        flag: String,
    },
}

/// Why a password cannot be read.
#[derive(Debug, Error)]
pub(crate) enum PasswordError {
    /// The variable is not set.
    #[error("the environment variable {0} with the password is not set; set it with `export {0}=…`")]
    NotSet(String),
    /// The file cannot be read.
    #[error("the password file {} cannot be read: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: io::Error,
    },
    /// The first line of the file is empty.
    #[error("the password file {} is empty; its first line must be the password", .0.display())]
    Empty(PathBuf),
    /// The file cannot be a password file.
    #[error("the password file {} is larger than 4 KiB; its first line must be the password", .0.display())]
    TooLarge(PathBuf),
    /// The command failed.
    #[error("the password command failed: {0}")]
    Command(#[from] ProgramError),
}
