//! The reader through which a file is read once: it counts, stops at the limit or when asked to, and computes the
//! fingerprint of the content on the way.

use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, Ordering};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

pub(super) struct Intake<'c, R> {
    reader: R,
    left: u64,
    at_end: bool,
    fingerprint: Option<Hmac<Sha256>>,
    cancelled: &'c AtomicBool,
    stop: Option<Stop>,
}

/// Why reading stopped before the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    Cancelled,
    /// The file grew while it was read.
    OverLimit,
    Failed,
}

impl<'c, R: Read> Intake<'c, R> {
    pub(super) fn new(
        reader: R,
        max_bytes: u64,
        content_key: Option<&[u8; 32]>,
        cancelled: &'c AtomicBool,
    ) -> Self {
        Self {
            reader,
            left: max_bytes,
            at_end: false,
            fingerprint: content_key.and_then(|key| Hmac::new_from_slice(key).ok()),
            cancelled,
            stop: None,
        }
    }

    pub(super) fn stop(&self) -> Option<Stop> {
        self.stop
    }

    /// Of the whole content; none when the end was not reached.
    pub(super) fn fingerprint(self) -> Option<[u8; 32]> {
        let fingerprint = self.fingerprint.filter(|_| self.at_end)?;
        Some(fingerprint.finalize().into_bytes().into())
    }

    fn stopped(&mut self, stop: Stop) -> io::Result<usize> {
        self.stop = Some(stop);
        Err(io::Error::other("stopped"))
    }
}

impl<R: Read> Read for Intake<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.cancelled.load(Ordering::Relaxed) {
            return self.stopped(Stop::Cancelled);
        }
        let read = match self.reader.read(buffer) {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            Err(_) => return self.stopped(Stop::Failed),
        };
        if read == 0 && !buffer.is_empty() {
            self.at_end = true;
            return Ok(0);
        }
        let bytes = buffer.get(..read).unwrap_or_default();
        let count = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let Some(left) = self.left.checked_sub(count) else {
            return self.stopped(Stop::OverLimit);
        };
        self.left = left;
        if let Some(fingerprint) = &mut self.fingerprint {
            fingerprint.update(bytes);
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static NEVER: AtomicBool = AtomicBool::new(false);

    #[test]
    fn the_fingerprint_is_that_of_the_whole_content() {
        let mut intake = Intake::new(b"abc".as_slice(), 10, Some(&[7; 32]), &NEVER);
        io::copy(&mut intake, &mut io::sink()).unwrap();
        let mut expected = Hmac::<Sha256>::new_from_slice(&[7; 32]).unwrap();
        expected.update(b"abc");
        assert_eq!(
            intake.fingerprint(),
            Some(expected.finalize().into_bytes().into())
        );
    }

    #[test]
    fn a_content_read_in_part_has_no_fingerprint() {
        let mut intake = Intake::new(b"abc".as_slice(), 10, Some(&[7; 32]), &NEVER);
        intake.read_exact(&mut [0; 2]).unwrap();
        assert_eq!(intake.fingerprint(), None);
    }

    #[test]
    fn stops_at_the_limit() {
        let mut intake = Intake::new(io::repeat(0), 1000, None, &NEVER);
        assert!(io::copy(&mut intake, &mut io::sink()).is_err());
        assert_eq!(intake.stop(), Some(Stop::OverLimit));
    }

    #[test]
    fn stops_when_cancelled() {
        let cancelled = AtomicBool::new(true);
        let mut intake = Intake::new(b"abc".as_slice(), 10, None, &cancelled);
        assert!(intake.read(&mut [0; 1]).is_err());
        assert_eq!(intake.stop(), Some(Stop::Cancelled));
    }
}
