//! The envelope around a statement: DSSE (`secure-systems-lab/dsse`), which signs the bytes of the statement together with
//! their type. Does not interpret the statement.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::key::{KeyError, PrivateKey, PublicKey};

/// The type of an in-toto statement.
pub(crate) const IN_TOTO: &str = "application/vnd.in-toto+json";

/// A signed payload, as the file has it. There is one way of writing each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Envelope {
    payload_type: String,
    payload: String,
    signatures: Vec<Signature>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signature {
    keyid: String,
    sig: String,
}

/// Why an envelope is not opened.
#[derive(Debug, Error, PartialEq, Eq)]
pub(crate) enum EnvelopeError {
    /// It is something else.
    #[error("not a certificate: {0}")]
    Garbled(String),
    /// It is written in another way than certificates are.
    #[error("it was changed: the file is not written the way certificates are")]
    Rewritten,
    /// It carries something else than a statement.
    #[error("it carries no in-toto statement, but {0:?}")]
    Type(String),
    /// Another key has signed it.
    #[error("it is signed by another key: {0}")]
    Key(String),
    /// The signature does not belong to the content.
    #[error(
        "the signature does not hold: the certificate was changed after it was signed, or another key has signed it"
    )]
    Signature,
}

impl Envelope {
    /// Signs a statement.
    ///
    /// # Errors
    /// When the key cannot sign.
    pub(crate) fn sign(payload: &[u8], key: &PrivateKey) -> Result<Self, KeyError> {
        let sig = BASE64_STANDARD.encode(key.sign(&authenticated(IN_TOTO, payload))?);
        Ok(Self {
            payload_type: IN_TOTO.to_owned(),
            payload: BASE64_STANDARD.encode(payload),
            signatures: vec![Signature { keyid: key.public().id(), sig }],
        })
    }

    /// The file.
    pub(crate) fn to_file(&self) -> String {
        // Three texts and a list of texts can always be written.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Reads a file, and the statement in it, which is only given when its signature holds.
    ///
    /// # Errors
    /// Says what does not hold.
    pub(crate) fn open(file: &[u8], key: &PublicKey) -> Result<Vec<u8>, EnvelopeError> {
        let envelope: Self = serde_json::from_slice(file).map_err(|error| EnvelopeError::Garbled(error.to_string()))?;
        if envelope.to_file().as_bytes() != file {
            return Err(EnvelopeError::Rewritten);
        }
        if envelope.payload_type != IN_TOTO {
            return Err(EnvelopeError::Type(envelope.payload_type));
        }
        envelope.verified(key)
    }

    fn verified(&self, key: &PublicKey) -> Result<Vec<u8>, EnvelopeError> {
        let [signature] = self.signatures.as_slice() else {
            return Err(EnvelopeError::Garbled(format!("it has {} signatures instead of one", self.signatures.len())));
        };
        if signature.keyid != key.id() {
            return Err(EnvelopeError::Key(signature.keyid.clone()));
        }
        // The engine accepts one spelling of each content only: padded, and without stray bits at the end.
        let decoded = |text: &str| BASE64_STANDARD.decode(text).map_err(|_| EnvelopeError::Signature);
        let (payload, signed) = (decoded(&self.payload)?, decoded(&signature.sig)?);
        let holds = key.verifies(&authenticated(&self.payload_type, &payload), &signed);
        if holds { Ok(payload) } else { Err(EnvelopeError::Signature) }
    }
}

/// What is signed: DSSE's pre-authentication encoding of type and payload.
fn authenticated(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_signed_is_what_the_specification_says() {
        // The example of protocol.md in secure-systems-lab/dsse.
        let encoded = authenticated("http://example.com/HelloWorld", b"hello world");
        assert_eq!(encoded, b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    }
}
