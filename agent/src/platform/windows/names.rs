//! Paths, as Windows must be given them and as people name them; the rules are those of [`ntfs::names`].

use std::borrow::Cow;
use std::ffi::OsString;
use std::io;
use std::os::windows::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use crate::platform::ntfs;

/// The form of a root in which everything below it can be named.
pub fn walked(root: &Path) -> io::Result<PathBuf> {
    Ok(verbatim(&std::path::absolute(root)?))
}

/// The form that Windows takes as it is, of a path that [`named`] gave.
pub(super) fn verbatim(path: &Path) -> PathBuf {
    from_units(&ntfs::names::verbatim(&units(path)))
}

/// A path met below a root, as people name it.
pub fn named(path: &Path) -> Cow<'_, Path> {
    match ntfs::names::named(&units(path)) {
        Some(units) => Cow::Owned(from_units(&units)),
        None => Cow::Borrowed(path),
    }
}

/// A path as text; two files never share one.
pub fn path_text(path: &Path) -> String {
    ntfs::names::text(&units(path))
}

fn units(path: &Path) -> Vec<u16> {
    path.as_os_str().encode_wide().collect()
}

fn from_units(units: &[u16]) -> PathBuf {
    PathBuf::from(OsString::from_wide(units))
}
