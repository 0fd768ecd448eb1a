//! Batches as they lie on the disk: sealed, so that a disk that is sold or a backup that is read tells nothing.
//!
//! In: a batch and its sequence. Out: bytes for a file, and back. Called by the spool.
//!
//! | bytes | what |
//! |---|---|
//! | 5 | `BFSP`, format version 2 |
//! | 12 | nonce, random |
//! | … | the batch under ChaCha20-Poly1305 (RFC 8439), with its tag; the sequence is authenticated with it |
//!
//! The key is random, made with the spool, kept as the system keeps secrets ([`platform::protect`]). ring does the work
//! because rustls brings it anyway.

use std::{fs, io, path::Path};

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

use crate::{platform, state::write_durably};

const MAGIC: &[u8; 5] = b"BFSP\x02";
const KEY_BYTES: usize = 32;

#[derive(Debug)]
pub(super) struct Seal {
    key: LessSafeKey,
}

impl Seal {
    /// The key in `path`, made when there is none. A damaged one is replaced: what it sealed is lost, and will be told.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let known = match fs::read(path) {
            Ok(bytes) => platform::unprotect(&bytes),
            Err(error) => Err(error),
        };
        let secret = match known {
            Ok(secret) if secret.len() == KEY_BYTES => secret,
            Err(error) if !is_no_key(&error) => return Err(error),
            _ => {
                let secret = Zeroizing::new(rand::random::<[u8; KEY_BYTES]>().to_vec());
                write_durably(path, &platform::protect(&secret)?)?;
                secret
            }
        };
        let key = UnboundKey::new(&CHACHA20_POLY1305, &secret).map_err(refused)?;
        Ok(Self {
            key: LessSafeKey::new(key),
        })
    }

    /// Of the file that `batch` makes.
    pub(super) fn size(batch: &[u8]) -> u64 {
        (MAGIC.len() + NONCE_LEN + batch.len() + CHACHA20_POLY1305.tag_len()) as u64
    }

    pub(super) fn seal(&self, sequence: u64, batch: &[u8]) -> io::Result<Vec<u8>> {
        // 2³² of them under one key are safe; a batch an hour makes that half a million years.
        let nonce: [u8; NONCE_LEN] = rand::random();
        let mut sealed = batch.to_vec();
        let unique = Nonce::assume_unique_for_key(nonce);
        self.key
            .seal_in_place_append_tag(unique, about(sequence), &mut sealed)
            .map_err(refused)?;
        Ok([MAGIC.as_slice(), &nonce, &sealed].concat())
    }

    /// None: damaged, sealed by another key, or the file of another sequence.
    pub(super) fn open_batch(&self, sequence: u64, file: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = file.strip_prefix(MAGIC)?.split_first_chunk::<NONCE_LEN>()?;
        let mut batch = sealed.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let opened = self.key.open_in_place(nonce, about(sequence), &mut batch);
        let length = opened.ok()?.len();
        batch.truncate(length);
        Some(batch)
    }
}

/// ring says no more than that it did not.
fn refused(_: ring::error::Unspecified) -> io::Error {
    io::Error::other("chiffrement impossible")
}

fn about(sequence: u64) -> Aad<[u8; 8]> {
    Aad::from(sequence.to_be_bytes())
}

fn is_no_key(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::InvalidData
    )
}
