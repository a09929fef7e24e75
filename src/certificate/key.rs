//! Keys that certificates are signed and checked with: Ed25519, or ECDSA over P-256 with SHA-256. Kept as PEM files that other
//! tools read and write: PKCS#8 for the private key, SPKI for the public one.

use std::{
    fs::OpenOptions,
    io::{self, Write},
    path::{Path, PathBuf},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use ring::{
    digest::{SHA256, digest},
    rand::{SecureRandom, SystemRandom},
    signature::{
        self, ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_ASN1_SIGNING, ED25519, EcdsaKeyPair, Ed25519KeyPair,
        KeyPair as _, UnparsedPublicKey,
    },
};
use rustls_pki_types::{PrivatePkcs8KeyDer, SubjectPublicKeyInfoDer, pem::PemObject};
use thiserror::Error;

use super::bounded;

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

/// What stands before the 32 bytes of an Ed25519 key in PKCS#8 (RFC 8410, section 7).
const ED25519_PKCS8: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
/// What stands before the 32 bytes of an Ed25519 public key in SPKI (RFC 8410, section 4).
const ED25519_SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
/// What stands before the 65 bytes of a point of P-256 in SPKI (RFC 5480, section 2).
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

/// Why there is no key.
#[derive(Debug, Error)]
pub(crate) enum KeyError {
    /// The file cannot be read.
    #[error(transparent)]
    Unreadable(#[from] bounded::ReadError),
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
    /// A file is there already.
    #[error("{} is there already and is left as it is; choose another name", .0.display())]
    Exists(PathBuf),
    /// A file cannot be written.
    #[error("{} cannot be written: {reason}", file.display())]
    Unwritten {
        /// The file.
        file: PathBuf,
        /// Why.
        reason: io::Error,
    },
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
        let pem = bounded::read(file, LARGEST)?;
        let der = PrivatePkcs8KeyDer::from_pem_slice(&pem).map_err(|_| KeyError::NotPrivate(file.to_owned()))?;
        Self::from_pkcs8(der.secret_pkcs8_der()).ok_or_else(|| KeyError::NotPrivate(file.to_owned()))
    }

    fn from_pkcs8(der: &[u8]) -> Option<Self> {
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
        let pem = bounded::read(file, LARGEST)?;
        let der = SubjectPublicKeyInfoDer::from_pem_slice(&pem).ok();
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
            Algorithm::Ed25519 => ("ed25519", "ed25519", hex(&self.bytes)),
            Algorithm::EcdsaP256 => ("ecdsa", "ecdsa-sha2-nistp256", self.to_pem()),
        };
        // Canonical JSON escapes quotes and backslashes only, and there are none.
        let described = format!(r#"{{"keytype":"{kind}","keyval":{{"public":"{public}"}},"scheme":"{scheme}"}}"#);
        hex(digest(&SHA256, described.as_bytes()).as_ref())
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

/// Makes a key, writes it into a file that only its owner can read, and the public key into another beside it, whose path is
/// given.
///
/// # Errors
/// When one of the files is there already or cannot be written, or there are no random numbers.
pub(crate) fn make(file: &Path, algorithm: Algorithm) -> Result<(PathBuf, PublicKey), KeyError> {
    let mut beside = file.as_os_str().to_owned();
    beside.push(".pub");
    let beside = PathBuf::from(beside);
    if let Some(there) = [file, &beside].into_iter().find(|path| path.symlink_metadata().is_ok()) {
        return Err(KeyError::Exists(there.to_owned()));
    }
    let der = generated(algorithm).ok_or(KeyError::Random)?;
    let public = PrivateKey::from_pkcs8(&der).ok_or(KeyError::Random)?.public();
    write(file, &pem("PRIVATE KEY", &der), 0o600)?;
    write(&beside, &public.to_pem(), 0o644)?;
    Ok((beside, public))
}

/// A new private key in PKCS#8.
fn generated(algorithm: Algorithm) -> Option<Vec<u8>> {
    let random = SystemRandom::new();
    match algorithm {
        Algorithm::Ed25519 => {
            let mut seed = [0; 32];
            random.fill(&mut seed).ok()?;
            Some([ED25519_PKCS8.as_slice(), &seed].concat())
        }
        Algorithm::EcdsaP256 => {
            let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).ok()?;
            Some(made.as_ref().to_vec())
        }
    }
}

/// A file that somebody else made in the meantime is not overwritten either.
fn write(file: &Path, text: &str, mode: u32) -> Result<(), KeyError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    let written = options.open(file).and_then(|mut opened| opened.write_all(text.as_bytes()));
    written.map_err(|reason| KeyError::Unwritten { file: file.to_owned(), reason })
}

/// As RFC 7468 writes it, 64 characters a line.
fn pem(label: &str, der: &[u8]) -> String {
    let text = BASE64_STANDARD.encode(der);
    let lines: Vec<&str> = (0..text.len()).step_by(64).filter_map(|at| text.get(at..text.len().min(at + 64))).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_key_that_was_made_signs_and_its_public_key_checks() {
        let home = tempfile::tempdir().expect("there is room");
        for (name, algorithm) in [("ed", Algorithm::Ed25519), ("ec", Algorithm::EcdsaP256)] {
            let file = home.path().join(name);
            let (beside, made) = make(&file, algorithm).expect("it can be made");
            let private = PrivateKey::read(&file).expect("it can be read");
            let public = PublicKey::read(&beside).expect("it can be read");
            assert_eq!((&private.public(), &made), (&public, &public));
            let signed = private.sign(b"message").expect("it signs");
            assert!(public.verifies(b"message", &signed) && !public.verifies(b"massage", &signed));
            assert!(make(&file, algorithm).is_err_and(|error| error.to_string().contains("left as it is")));
            assert!(PrivateKey::read(&beside).is_err() && PublicKey::read(&file).is_err());
            #[cfg(unix)]
            assert_eq!(std::os::unix::fs::MetadataExt::mode(&fs::metadata(&file).expect("it is there")) & 0o777, 0o600);
        }
    }

    #[test]
    fn neither_file_of_a_pair_is_overwritten() {
        let home = tempfile::tempdir().expect("there is room");
        fs::write(home.path().join("key.pub"), "mine").expect("it can be written");
        assert!(make(&home.path().join("key"), Algorithm::Ed25519).is_err());
        assert!(!home.path().join("key").exists());
        assert_eq!(fs::read_to_string(home.path().join("key.pub")).expect("it is there"), "mine");
    }
}
