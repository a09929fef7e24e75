//! Makes a pair of keys, as files that never take the place of others.

use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
};

use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair},
};
use thiserror::Error;

use super::key::{Algorithm, PrivateKey, PublicKey, pem};
use crate::user_keys::{random_bytes, write_private};

/// The prefix of the 32 bytes of an Ed25519 key in PKCS#8 (RFC 8410, section 7).
const ED25519_PKCS8: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// Why no keys were made.
#[derive(Debug, Error)]
pub(crate) enum NewKeyError {
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
    /// The system gives no random numbers.
    #[error("the system's source of random numbers failed; no key was made")]
    Random,
}

/// Makes a key, writes it into a file that only its owner can read, and the public key into another beside it, whose path is
/// given.
///
/// # Errors
/// When one of the files is there already or cannot be written, or there are no random numbers.
pub(crate) fn make(file: &Path, algorithm: Algorithm) -> Result<(PathBuf, PublicKey), NewKeyError> {
    let mut beside = file.as_os_str().to_owned();
    beside.push(".pub");
    let beside = PathBuf::from(beside);
    if let Some(there) = [file, &beside].into_iter().find(|path| path.symlink_metadata().is_ok()) {
        return Err(NewKeyError::Exists(there.to_owned()));
    }
    let der = generated(algorithm).ok_or(NewKeyError::Random)?;
    let public = PrivateKey::from_pkcs8(&der).ok_or(NewKeyError::Random)?.public();
    let unwritten = |file: &Path| {
        let file = file.to_owned();
        move |reason| NewKeyError::Unwritten { file, reason }
    };
    write_private(file, pem("PRIVATE KEY", &der).as_bytes()).map_err(unwritten(file))?;
    let written = File::create_new(&beside).and_then(|mut opened| opened.write_all(public.to_pem().as_bytes()));
    written.map_err(unwritten(&beside))?;
    Ok((beside, public))
}

/// A new private key in PKCS#8.
fn generated(algorithm: Algorithm) -> Option<Vec<u8>> {
    match algorithm {
        Algorithm::Ed25519 => Some([ED25519_PKCS8.as_slice(), &random_bytes::<32>().ok()?].concat()),
        Algorithm::EcdsaP256 => {
            let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &SystemRandom::new()).ok()?;
            Some(made.as_ref().to_vec())
        }
    }
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
            let edited = format!("\u{feff}{}", private.public().to_pem().replace('\n', "\r\n"));
            fs::write(home.path().join("edited"), edited).expect("it can be written");
            assert_eq!(PublicKey::read(&home.path().join("edited")).ok(), Some(public.clone()), "from another editor");
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
