//! An in-toto statement: a claim about files that are named by their digests. What is claimed is the predicate's business, so
//! that another kind of certificate is another predicate.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The value of [`Statement::kind`].
pub(crate) const STATEMENT: &str = "https://in-toto.io/Statement/v1";

/// A claim about some files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Statement<P> {
    /// Always [`STATEMENT`].
    #[serde(rename = "_type")]
    pub(crate) kind: String,
    /// The files.
    pub(crate) subject: Vec<Resource>,
    /// What kind of claim it is.
    pub(crate) predicate_type: String,
    /// What is claimed.
    pub(crate) predicate: P,
}

/// A file, or something else that has a digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Resource {
    /// What it is called.
    pub(crate) name: String,
    /// Its digests by algorithm, in hexadecimal digits.
    pub(crate) digest: BTreeMap<String, String>,
}

impl Resource {
    /// Something with this SHA-256.
    pub(crate) fn new(name: &str, sha256: &str) -> Self {
        Self { name: name.to_owned(), digest: BTreeMap::from([("sha256".to_owned(), sha256.to_owned())]) }
    }
}

impl<P> Statement<P> {
    /// A claim about these files.
    pub(crate) fn new(subject: Vec<Resource>, predicate_type: &str, predicate: P) -> Self {
        Self { kind: STATEMENT.to_owned(), subject, predicate_type: predicate_type.to_owned(), predicate }
    }

    /// The SHA-256 of the file with this name.
    pub(crate) fn sha256_of(&self, name: &str) -> Option<&str> {
        let file = self.subject.iter().find(|file| file.name == name)?;
        file.digest.get("sha256").map(String::as_str)
    }
}
