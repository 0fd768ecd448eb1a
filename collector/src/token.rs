//! Enrolment tokens as text: what the operator gives to a technician, once.
//!
//! `bfr1.` then base64url (no padding) of: the SHA-256 of the CA's public key (32 bytes), the secret (20 bytes), and
//! the first 4 bytes of the SHA-256 of both, so that a badly copied token is told from an unknown one. The agent
//! reads the same form in its `enrol` module. The store keeps only the SHA-256 of the secret.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

const PREFIX: &str = "bfr1.";
const SECRET_BYTES: usize = 20;

/// A new token: the text for the technician, and the hash for the store.
pub fn generate(pin: [u8; 32]) -> (Zeroizing<String>, [u8; 32]) {
    let secret = Zeroizing::new(rand::random::<[u8; SECRET_BYTES]>());
    let mut bytes = Zeroizing::new(Vec::with_capacity(56));
    bytes.extend_from_slice(&pin);
    bytes.extend_from_slice(secret.as_slice());
    let checksum = Sha256::digest(bytes.as_slice());
    bytes.extend_from_slice(&checksum[..4]);
    let text = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes.as_slice()));
    (Zeroizing::new(text), secret_hash(secret.as_slice()))
}

/// What the store knows of a secret.
pub fn secret_hash(secret: &[u8]) -> [u8; 32] {
    Sha256::digest(secret).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_carries_the_pin_the_secret_and_a_checksum() {
        let (text, hash) = generate([7; 32]);
        let bytes = URL_SAFE_NO_PAD
            .decode(text.strip_prefix(PREFIX).unwrap())
            .unwrap();
        assert_eq!(bytes.len(), 56);
        assert_eq!(bytes[..32], [7; 32]);
        assert_eq!(secret_hash(&bytes[32..52]), hash);
        assert_eq!(bytes[52..], Sha256::digest(&bytes[..52])[..4]);
    }
}
