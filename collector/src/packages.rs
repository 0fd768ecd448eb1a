//! The bytes of the packages that agents may be offered: files of the folder `packages` of the data.
//!
//! In: a program and its signature from the operator, once. Out: pieces of it, to `ingest`. What a package is stands in the store.

use std::{
    fs::{self, File},
    io::{self, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use beffroi_proto::package::{MAX_BYTES, Package, PackageError, ReleaseKey};

use crate::files::create_private_folder;

#[derive(Debug, thiserror::Error)]
pub enum AddError {
    #[error("impossible de lire {path} : {source}")]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{path} : {source}")]
    Refused { path: PathBuf, source: PackageError },
    #[error(
        "{path} compte {size} octets ; les agents en prennent {MAX_BYTES} au plus, et un au moins"
    )]
    Size { path: PathBuf, size: u64 },
    #[error("impossible de garder le paquet : {0}")]
    Kept(#[from] io::Error),
}

#[derive(Debug, Clone)]
pub struct Packages {
    folder: PathBuf,
}

impl Packages {
    pub fn of(data: &Path) -> Self {
        Self {
            folder: data.join("packages"),
        }
    }

    /// Copies a package that `key` has signed; what it is, and its size.
    pub fn add(
        &self,
        program: &Path,
        signature: &str,
        key: &ReleaseKey,
    ) -> Result<(Package, u64), AddError> {
        let unreadable = |source| AddError::Unreadable {
            path: program.to_owned(),
            source,
        };
        let refused = |source| AddError::Refused {
            path: program.to_owned(),
            source,
        };
        let mut bytes = File::open(program).map_err(unreadable)?;
        let size = bytes.metadata().map_err(unreadable)?.len();
        if !(1..=MAX_BYTES).contains(&size) {
            let path = program.to_owned();
            return Err(AddError::Size { path, size });
        }
        let package =
            Package::verified(signature, std::slice::from_ref(key), &bytes).map_err(refused)?;
        bytes.rewind().map_err(unreadable)?;
        create_private_folder(&self.folder)?;
        let path = self.path(&package.version.to_string(), &package.platform);
        let temporary = path.with_added_extension("new");
        let mut copy = File::create(&temporary)?;
        io::copy(&mut bytes, &mut copy)?;
        copy.sync_all()?;
        fs::rename(&temporary, &path)?;
        File::open(&self.folder)?.sync_all()?;
        Ok((package, size))
    }

    /// From an offset on.
    pub fn open(&self, version: &str, platform: &str, offset: u64) -> io::Result<File> {
        let mut file = File::open(self.path(version, platform))?;
        file.seek(SeekFrom::Start(offset))?;
        Ok(file)
    }

    /// Both come from a signature or from the store, which has them from one.
    fn path(&self, version: &str, platform: &str) -> PathBuf {
        self.folder
            .join(format!("beffroi-agent_{version}_{platform}"))
    }
}
