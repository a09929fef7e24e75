//! Keys that certificates are signed and checked with: Ed25519, or ECDSA over P-256 with SHA-256. Kept as PEM files that other
//! tools read and write: PKCS#8 for the private key, SPKI for the public one.

use std::path::{Path, PathBuf};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use ring::{
    rand::SystemRandom,
    signature::{
        self, ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_ASN1_SIGNING, ED25519, EcdsaKeyPair, Ed25519KeyPair,
        KeyPair as _, UnparsedPublicKey,
    },
};
use rustls_pki_types::{PrivatePkcs8KeyDer, SubjectPublicKeyInfoDer, pem::PemObject};
use thiserror::Error;

use crate::{
    hex::{sha256, to_hex},
    read_limited::{ReadError, normalize_text, read_file},
};

/// What a key signs with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Algorithm {
    /// Ed25519 (RFC 8032).
    Ed25519,
    /// ECDSA over P-256 with SHA-256 (FIPS 186-5).
    #[value(name = "ecdsa-p256")]
    EcdsaP256,
}

/// Larger than any key file.
const LARGEST: u64 = 64 * 1024;

/// The prefix of the 32 bytes of an Ed25519 public key in SPKI (RFC 8410, section 4).
const ED25519_SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
/// The prefix of the 65 bytes of a point of P-256 in SPKI (RFC 5480, section 2).
const P256_SPKI: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// A key that can sign. Shows nothing of itself.
pub(crate) enum PrivateKey {
    Ed25519(Ed25519KeyPair),
    EcdsaP256(EcdsaKeyPair),
}

/// A key that can check a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicKey {
    algorithm: Algorithm,
    bytes: Vec<u8>,
}

/// Why a key cannot be read.
#[derive(Debug, Error)]
pub(crate) enum KeyError {
    /// The file cannot be read.
    #[error(transparent)]
    Unreadable(#[from] ReadError),
    /// It holds no private key that can be used.
    #[error(
        "{} holds no private key of Ed25519 or ECDSA P-256 in PKCS#8 (`-----BEGIN PRIVATE KEY-----`); make one with \
         `bo-conformance certify --new-key FILE`", .0.display()
    )]
    NotPrivate(PathBuf),
    /// It holds no public key that can be used.
    #[error(
        "{} holds no public key of Ed25519 or ECDSA P-256 (`-----BEGIN PUBLIC KEY-----`); `certify --new-key FILE` has \
         written it into FILE.pub", .0.display()
    )]
    NotPublic(PathBuf),
    /// The system gives no random numbers, or the key refuses to work.
    #[error("the system's source of random numbers failed; nothing was signed")]
    Random,
}

impl PrivateKey {
    /// Reads a private key.
    ///
    /// # Errors
    /// When the file cannot be read, or holds no key that can be used.
    pub(crate) fn read(file: &Path) -> Result<Self, KeyError> {
        let pem = read_pem(file)?;
        let der =
            PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| KeyError::NotPrivate(file.to_owned()))?;
        Self::from_pkcs8(der.secret_pkcs8_der()).ok_or_else(|| KeyError::NotPrivate(file.to_owned()))
    }

    pub(super) fn from_pkcs8(der: &[u8]) -> Option<Self> {
        // Keys of OpenSSL do not repeat the public key, which is all that the strict reading asks for beyond this one.
        if let Ok(key) = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der) {
            return Some(Self::Ed25519(key));
        }
        let random = SystemRandom::new();
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, der, &random).ok().map(Self::EcdsaP256)
    }

    /// Signs a message. An ECDSA signature is written in DER.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        match self {
            Self::Ed25519(key) => Ok(key.sign(message).as_ref().to_vec()),
            Self::EcdsaP256(key) => {
                let signed = key.sign(&SystemRandom::new(), message).map_err(|_| KeyError::Random)?;
                Ok(signed.as_ref().to_vec())
            }
        }
    }

    /// The key that checks what this one signs.
    pub(crate) fn public(&self) -> PublicKey {
        match self {
            Self::Ed25519(key) => {
                PublicKey { algorithm: Algorithm::Ed25519, bytes: key.public_key().as_ref().to_vec() }
            }
            Self::EcdsaP256(key) => {
                PublicKey { algorithm: Algorithm::EcdsaP256, bytes: key.public_key().as_ref().to_vec() }
            }
        }
    }
}

impl PublicKey {
    /// Reads a public key.
    ///
    /// # Errors
    /// When the file cannot be read, or holds no key that can be used.
    pub(crate) fn read(file: &Path) -> Result<Self, KeyError> {
        let pem = read_pem(file)?;
        let der = SubjectPublicKeyInfoDer::from_pem_slice(pem.as_bytes()).ok();
        der.and_then(|der| Self::from_spki(&der)).ok_or_else(|| KeyError::NotPublic(file.to_owned()))
    }

    fn from_spki(der: &[u8]) -> Option<Self> {
        let (algorithm, bytes) = match (der.strip_prefix(&ED25519_SPKI), der.strip_prefix(&P256_SPKI)) {
            (Some(bytes), _) if bytes.len() == 32 => (Algorithm::Ed25519, bytes),
            // 4 is the mark of a point that is not compressed.
            (_, Some(bytes)) if bytes.len() == 65 && bytes.first() == Some(&4) => (Algorithm::EcdsaP256, bytes),
            _ => return None,
        };
        Some(Self { algorithm, bytes: bytes.to_vec() })
    }

    /// The key as a PEM file has it.
    pub(crate) fn to_pem(&self) -> String {
        let prefix: &[u8] = match self.algorithm {
            Algorithm::Ed25519 => &ED25519_SPKI,
            Algorithm::EcdsaP256 => &P256_SPKI,
        };
        pem("PUBLIC KEY", &[prefix, &self.bytes].concat())
    }

    /// What envelopes name the key by: the SHA-256 over its description in canonical JSON, as securesystemslib and in-toto
    /// compute it.
    pub(crate) fn id(&self) -> String {
        let (kind, scheme, public) = match self.algorithm {
            Algorithm::Ed25519 => ("ed25519", "ed25519", to_hex(&self.bytes)),
            Algorithm::EcdsaP256 => ("ecdsa", "ecdsa-sha2-nistp256", self.to_pem()),
        };
        // Canonical JSON escapes quotes and backslashes only, and there are none.
        let described = format!(r#"{{"keytype":"{kind}","keyval":{{"public":"{public}"}},"scheme":"{scheme}"}}"#);
        sha256(described.as_bytes())
    }

    /// Whether a signature of this message was made with the private key that belongs to this one.
    pub(super) fn verifies(&self, message: &[u8], signed: &[u8]) -> bool {
        let algorithm: &dyn signature::VerificationAlgorithm = match self.algorithm {
            Algorithm::Ed25519 => &ED25519,
            Algorithm::EcdsaP256 => &ECDSA_P256_SHA256_ASN1,
        };
        UnparsedPublicKey::new(algorithm, &self.bytes).verify(message, signed).is_ok()
    }
}

/// The text of a key file; empty for a binary file, which has no key.
fn read_pem(file: &Path) -> Result<String, ReadError> {
    Ok(normalize_text(&read_file(file, LARGEST)?).unwrap_or_default())
}

/// A PEM file as RFC 7468 writes it, 64 characters a line.
pub(super) fn pem(label: &str, der: &[u8]) -> String {
    let text = BASE64_STANDARD.encode(der);
    let lines: Vec<&str> = (0..text.len()).step_by(64).filter_map(|at| text.get(at..text.len().min(at + 64))).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}
