//! Files and folders that only the agent's account may open, and where they are unless somebody says otherwise.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

pub fn default_config() -> PathBuf {
    PathBuf::from("/etc/beffroi/agent.toml")
}

pub fn default_state() -> PathBuf {
    PathBuf::from("/var/lib/beffroi-agent")
}

pub fn create_private_folder(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
}

/// Made or emptied, for writing.
pub fn create_private_file(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
}

/// Makes a rename in the folder survive a power cut.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// A secret as it is kept: as it is, in a file of the agent's account alone. Linux has no store that every system offers and
/// that opens before anybody signs in.
pub fn protect(secret: &[u8]) -> io::Result<Vec<u8>> {
    Ok(secret.to_vec())
}

pub fn unprotect(kept: &[u8]) -> io::Result<Zeroizing<Vec<u8>>> {
    Ok(Zeroizing::new(kept.to_vec()))
}
