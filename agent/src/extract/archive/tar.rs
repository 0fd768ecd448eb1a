//! Tar, read from start to end.

use std::io::{self, Read};

use tar::Archive;

use crate::extract::Coverage;
use crate::extract::reading::Reading;

pub(in crate::extract) const MEDIA_TYPE: &str = "application/x-tar";

pub(in crate::extract) fn is_tar(head: &[u8]) -> bool {
    head.get(257..262) == Some(b"ustar")
}

pub(in crate::extract) fn extract(
    bytes: &mut dyn Read,
    reading: &mut Reading<'_>,
) -> io::Result<Coverage> {
    let mut archive = Archive::new(bytes);
    for entry in archive.entries()? {
        let mut entry = entry?;
        // Links, folders and devices have no content.
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let size_bytes = entry.size();
        reading.member(&name, &mut entry, Some(size_bytes))?;
    }
    Ok(Coverage::Whole)
}
