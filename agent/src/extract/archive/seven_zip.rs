//! 7z. Its members are often compressed as one stream, so that they are read in order, all of them.

use std::io;

use sevenz_rust2::{ArchiveReader, Error, Password};

use crate::extract::reading::Reading;
use crate::extract::source::Anywhere;
use crate::extract::{Coverage, Outcome};

pub(in crate::extract) const SIGNATURE: &[u8] = b"7z\xbc\xaf\x27\x1c";
pub(in crate::extract) const MEDIA_TYPE: &str = "application/x-7z-compressed";

pub(in crate::extract) fn extract(
    file: Anywhere<'_>,
    reading: &mut Reading<'_>,
) -> io::Result<Outcome<'static>> {
    let coverage = match members(file, reading) {
        Ok(()) => Coverage::Whole,
        Err(error) if is_locked(&error) => Coverage::Encrypted,
        Err(Error::UnsupportedCompressionMethod(_)) => Coverage::Unsupported,
        Err(_) => Coverage::Damaged,
    };
    Ok(Outcome {
        media_type: MEDIA_TYPE,
        coverage,
    })
}

fn members(file: Anywhere<'_>, reading: &mut Reading<'_>) -> Result<(), Error> {
    let mut archive = ArchiveReader::new(file, Password::empty())?;
    // The walls round this process let no other thread start.
    archive.set_thread_count(1);
    archive.for_each_entries(|entry, member| {
        if !entry.is_directory() && entry.has_stream() {
            reading.member(entry.name(), member, None)?;
        }
        Ok(true)
    })
}

/// Without the code that decrypts, a locked archive is one compressed in a way that is not known.
fn is_locked(error: &Error) -> bool {
    match error {
        Error::PasswordRequired | Error::MaybeBadPassword(_) => true,
        Error::UnsupportedCompressionMethod(method) => method.contains("AES"),
        _ => false,
    }
}
