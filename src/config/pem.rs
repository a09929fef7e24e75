//! PEM files of certificates and keys, as people have them: with text between the blocks in any encoding, or in a form that has
//! to be converted first.

use std::path::Path;

use crate::read_limited::read_bytes;

const LARGEST: u64 = 4 * 1024 * 1024;

/// The blocks of the PEM file at this path, which must have each of these kinds, without the text between them.
///
/// # Errors
/// Says why the file cannot be used and, where it can be converted, with which command.
pub(super) fn read(path: &Path, kinds: &[&str]) -> Result<String, String> {
    let content = read_bytes(path, LARGEST).map_err(|error| error.to_string())?;
    if let Some(problem) = other_form(&content) {
        return Err(problem.to_owned());
    }
    let blocks = blocks(&String::from_utf8_lossy(&content));
    if blocks.contains("-----BEGIN ENCRYPTED ") || blocks.contains("Proc-Type: 4,ENCRYPTED") {
        return Err("its private key is encrypted, and no run asks for a passphrase; decrypt it with `openssl pkey -in FILE -out KEY`, \
                    and let nobody else read that file"
            .to_owned());
    }
    match kinds.iter().find(|kind| !has_block(&blocks, kind)) {
        None => Ok(blocks),
        Some(_) if blocks.contains("-----BEGIN TRUSTED CERTIFICATE-----") => {
            Err("it has a certificate in OpenSSL's own form; convert it with `openssl x509 -in FILE -out CERT`"
                .to_owned())
        }
        Some(kind) => Err(format!("it has no `-----BEGIN {kind}-----`; give a PEM file")),
    }
}

/// What a file that is not PEM is, by its first bytes: DER begins with a SEQUENCE, PKCS #12 (RFC 7292) with its version, 3, in it.
fn other_form(content: &[u8]) -> Option<&'static str> {
    match content {
        [0x30, 0x80 | 0x82, _, _, 0x02, 0x01, 0x03, ..] | [0x30, 0x80, 0x02, 0x01, 0x03, ..] => Some(
            "it is a PKCS #12 file (.pfx, .p12); convert it with `openssl pkcs12 -in FILE -nodes -out PEM`, and let nobody else read \
             that file",
        ),
        [0x30, 0x81..=0x83, ..] => Some("it is DER; convert it with `openssl x509 -inform DER -in FILE -out PEM`"),
        [0xfe, 0xed, 0xfe, 0xed, ..] => {
            Some("it is a Java key store; convert it with `keytool -importkeystore`, then `openssl pkcs12`, to PEM")
        }
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("it is UTF-16; save it as UTF-8 text"),
        _ => None,
    }
}

fn blocks(text: &str) -> String {
    let mut kept = String::new();
    let mut inside = false;
    for line in text.lines().map(|line| line.trim_start_matches('\u{feff}').trim_end()) {
        inside |= line.starts_with("-----BEGIN ");
        if inside {
            kept.push_str(line);
            kept.push('\n');
        }
        inside &= !line.starts_with("-----END ");
    }
    kept
}

/// Blocks of keys have their algorithm before the word, as in `RSA PRIVATE KEY`.
fn has_block(blocks: &str, kind: &str) -> bool {
    let is_kind = |name: &str| name == kind || kind == "PRIVATE KEY" && name.ends_with(" PRIVATE KEY");
    blocks.lines().filter_map(|line| line.strip_prefix("-----BEGIN ")?.strip_suffix("-----")).any(is_kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_content(content: &[u8]) -> Result<String, String> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("client.pem");
        std::fs::write(&path, content).expect("a file");
        read(&path, &["CERTIFICATE", "PRIVATE KEY"])
    }

    #[test]
    fn text_between_the_blocks_is_left_out_whatever_its_encoding() {
        let cert = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
        let key = "-----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY-----\n";
        let file =
            [b"\xef\xbb\xbf", b"Bag Attributes: M\xfcller\r\n".as_slice(), cert.as_bytes(), b"\xa0\n", key.as_bytes()]
                .concat();
        assert_eq!(read_content(&file), Ok(format!("{cert}{key}")));
        assert_eq!(
            read_content(format!("\u{feff}{cert}{key}").replace('\n', "\r\n").as_bytes()),
            Ok(format!("{cert}{key}"))
        );
    }

    #[test]
    fn a_block_of_any_algorithm_is_found_and_a_mention_is_not() {
        for pem in ["-----BEGIN PRIVATE KEY-----\n", "-----BEGIN EC PRIVATE KEY-----\n"] {
            assert!(has_block(pem, "PRIVATE KEY"), "{pem}");
        }
        for pem in ["-----BEGIN CERTIFICATE-----", "see -----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----"] {
            assert!(!has_block(pem, "PRIVATE KEY"), "{pem}");
        }
    }

    #[test]
    fn other_forms_are_named_with_the_command_that_converts_them() {
        let encrypted = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n-----BEGIN ENCRYPTED PRIVATE KEY-----\nMII\n";
        let old = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n";
        let own = "-----BEGIN TRUSTED CERTIFICATE-----\nMIIB\n-----END TRUSTED CERTIFICATE-----\n";
        for (content, named) in [
            (
                &b"\x30\x82\x0a\x01\x02\x01\x03\x30\x82"[..],
                "PKCS #12 file (.pfx, .p12); convert it with `openssl pkcs12",
            ),
            (b"\x30\x82\x03\x01\x30\x82\x02", "it is DER; convert it with `openssl x509 -inform DER"),
            (b"\xfe\xed\xfe\xed\0\0\0\x02", "Java key store"),
            (b"\xff\xfe-\0-\0", "it is UTF-16"),
            (encrypted.as_bytes(), "decrypt it with `openssl pkey"),
            (old.as_bytes(), "decrypt it with `openssl pkey"),
            (own.as_bytes(), "OpenSSL's own form"),
            (b"nothing", "it has no `-----BEGIN CERTIFICATE-----`; give a PEM file"),
        ] {
            let problem = read_content(content).expect_err(named);
            assert!(problem.contains(named), "{problem}");
        }
    }
}
