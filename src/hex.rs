//! Bytes and digests as lower-case hexadecimal digits.

use ring::digest::{SHA256, digest};

/// Two digits for each byte.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes that these digits stand for; `None` for anything else.
pub(crate) fn from_hex(digits: &str) -> Option<Vec<u8>> {
    let byte = |at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    (0..digits.len()).step_by(2).map(byte).collect()
}

/// The SHA-256 of a content.
pub(crate) fn sha256(content: &[u8]) -> String {
    to_hex(digest(&SHA256, content).as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_the_standard() {
        assert_eq!(to_hex(&[0x00, 0x0f, 0xa0]), "000fa0");
        assert_eq!(from_hex("000fA0"), Some(vec![0x00, 0x0f, 0xa0]));
        assert_eq!([from_hex("0"), from_hex("0g"), from_hex("aé")], [None, None, None]);
        // FIPS 180-4, the example of one block.
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
