//! The digest of a whole content, under a key: two files with the same content have the same one, and nobody without the
//! key can tell which content it is.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::sync::atomic::{AtomicBool, Ordering};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const BLOCK_BYTES: usize = 64 * 1024;

/// HMAC-SHA-256 of all the bytes; none when they are not `size_bytes` (the file changes), cannot be read, or when
/// somebody wants to stop.
pub(super) fn fingerprint(
    mut file: &File,
    size_bytes: u64,
    key: &[u8; 32],
    cancelled: &AtomicBool,
) -> Option<[u8; 32]> {
    let mut digest = Hmac::<Sha256>::new_from_slice(key).ok()?;
    let mut block = vec![0; BLOCK_BYTES];
    let mut left = size_bytes;
    file.rewind().ok()?;
    while !cancelled.load(Ordering::Relaxed) {
        let read = match file.read(&mut block) {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => return None,
        };
        if read == 0 {
            return (left == 0).then(|| digest.finalize().into_bytes().into());
        }
        digest.update(block.get(..read)?);
        left = left.checked_sub(u64::try_from(read).ok()?)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    static NEVER: AtomicBool = AtomicBool::new(false);
    const KEY: [u8; 32] = [7; 32];

    #[test]
    fn it_is_that_of_the_whole_content_wherever_the_file_stands() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"abc").unwrap();
        let mut expected = Hmac::<Sha256>::new_from_slice(&KEY).unwrap();
        expected.update(b"abc");
        let expected: [u8; 32] = expected.finalize().into_bytes().into();
        assert_eq!(fingerprint(&file, 3, &KEY, &NEVER), Some(expected));
    }

    #[test]
    fn a_content_that_changed_or_was_not_read_has_none() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"abc").unwrap();
        assert_eq!(fingerprint(&file, 2, &KEY, &NEVER), None);
        assert_eq!(fingerprint(&file, 4, &KEY, &NEVER), None);
        let cancelled = AtomicBool::new(true);
        assert_eq!(fingerprint(&file, 3, &KEY, &cancelled), None);
    }
}
