//! Files of others, read without leaving a trace: never written, no lock taken, access time kept where that is allowed.

use std::{
    borrow::Cow,
    fs::{self, File, Metadata},
    io,
    os::unix::{
        ffi::OsStrExt,
        fs::{MetadataExt, PermissionsExt},
    },
    path::{Path, PathBuf},
};

use rustix::fs::{Mode, OFlags};

use crate::platform::Audience;

/// Which file it is, whatever its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FileId {
    volume: u64,
    number: u64,
}

impl FileId {
    /// Links are followed.
    pub fn of(path: &Path) -> io::Result<Self> {
        Ok(Self::told_by(&fs::metadata(path)?))
    }

    /// That of what was met below a root.
    pub fn of_entry(_path: &Path, metadata: &Metadata) -> io::Result<Self> {
        Ok(Self::told_by(metadata))
    }

    fn told_by(metadata: &Metadata) -> Self {
        Self {
            volume: metadata.dev(),
            number: metadata.ino(),
        }
    }
}

/// Who may read the file and who may write it, going by mode bits. Access control lists can only be seen by tools of
/// their own; they rarely widen what the group bits say.
pub fn readers_and_writers(
    _path: &Path,
    metadata: &Metadata,
) -> (Option<Audience>, Option<Audience>) {
    let readers = audience(metadata, 0o004, 0o040);
    let writers = audience(metadata, 0o002, 0o020);
    (Some(readers), Some(writers))
}

/// Who may go through a folder to what is inside.
pub fn passers(metadata: &Metadata) -> Audience {
    audience(metadata, 0o001, 0o010)
}

fn audience(metadata: &Metadata, everyone: u32, group: u32) -> Audience {
    let mode = metadata.permissions().mode();
    if mode & everyone != 0 {
        return Audience::Everyone;
    }
    if mode & group != 0 {
        return Audience::Group;
    }
    Audience::Owner
}

/// The form of a root in which everything below it can be named.
pub fn walked(root: &Path) -> io::Result<PathBuf> {
    Ok(root.to_owned())
}

/// A path met below a root, as people name it.
pub fn named(path: &Path) -> Cow<'_, Path> {
    Cow::Borrowed(path)
}

/// Whether reading the file would fetch it from another machine first.
pub fn content_is_elsewhere(_metadata: &Metadata) -> bool {
    false
}

/// Unix seconds.
pub fn modified_at(metadata: &Metadata) -> i64 {
    metadata.mtime()
}

/// Opens a regular file for reading. A pipe put in its place meanwhile does not make us wait.
pub fn open_to_read(path: &Path) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
    // Only the owner and root may ask for the access time to be kept.
    let file =
        rustix::fs::open(path, flags | OFlags::NOATIME, Mode::empty()).or_else(|refused| {
            match refused {
                rustix::io::Errno::PERM => rustix::fs::open(path, flags, Mode::empty()),
                other => Err(other),
            }
        })?;
    Ok(File::from(file))
}

/// Whether another program holds the file in a way that forbids reading it.
pub fn is_lock(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ResourceBusy | io::ErrorKind::WouldBlock | io::ErrorKind::ExecutableFileBusy
    )
}

/// Whether the folder is a view of the kernel, which holds no file of anyone; an automounter is left asleep.
///
/// Asking for the kind of a file system costs a call; only another volume than the root's, or the root, can be one.
pub fn is_kernel_view(folder: &Path, metadata: &Metadata, root: FileId) -> bool {
    let id = FileId::told_by(metadata);
    (id == root || id.volume != root.volume) && is_pseudo_file_system(folder)
}

fn is_pseudo_file_system(folder: &Path) -> bool {
    const AUTOFS: u32 = 0x0187;
    const BINFMT: u32 = 0x4249_4e4d;
    const BPF: u32 = 0xcafe_4a11;
    const CGROUP: u32 = 0x0027_e0eb;
    const CGROUP2: u32 = 0x6367_7270;
    const CONFIGFS: u32 = 0x6265_6570;
    const DEBUGFS: u32 = 0x6462_6720;
    const DEVPTS: u32 = 0x1cd1;
    const EFIVARS: u32 = 0xde5e_81e4;
    const FUSECTL: u32 = 0x6573_5543;
    const HUGETLB: u32 = 0x9584_58f6;
    const MQUEUE: u32 = 0x1980_0202;
    const NSFS: u32 = 0x6e73_6673;
    const PROC: u32 = 0x9fa0;
    const PSTORE: u32 = 0x6165_676c;
    const RPC_PIPE: u32 = 0x6759_6969;
    const SECURITYFS: u32 = 0x7363_6673;
    const SELINUX: u32 = 0xf97c_ff8c;
    const SYSFS: u32 = 0x6265_6572;
    const TRACEFS: u32 = 0x7472_6163;
    let Ok(statistics) = rustix::fs::statfs(folder) else {
        return false;
    };
    // The kernel's numbers have 32 bits; the type of the field depends on the processor.
    let Ok(magic) = u32::try_from(statistics.f_type & 0xffff_ffff) else {
        return false;
    };
    [
        AUTOFS, BINFMT, BPF, CGROUP, CGROUP2, CONFIGFS, DEBUGFS, DEVPTS, EFIVARS, FUSECTL, HUGETLB,
        MQUEUE, NSFS, PROC, PSTORE, RPC_PIPE, SECURITYFS, SELINUX, SYSFS, TRACEFS,
    ]
    .contains(&magic)
}

/// A path as text. Names that are not UTF-8 keep their odd bytes as `\xE9`, so that two files never share a text.
pub fn path_text(path: &Path) -> String {
    if let Some(text) = path.to_str() {
        return text.to_owned();
    }
    let mut text = String::new();
    for chunk in path.as_os_str().as_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02X}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::*;

    #[test]
    fn names_that_are_not_utf8_stay_distinct() {
        let name = |bytes| path_text(Path::new(OsStr::from_bytes(bytes)));
        assert_eq!(name(b"/srv/\xe9t\xe9.csv"), "/srv/\\xE9t\\xE9.csv");
        assert_ne!(name(b"\xe9"), name(b"\xe8"));
        assert_eq!(name("/srv/été.csv".as_bytes()), "/srv/été.csv");
    }

    #[test]
    fn knows_the_views_of_the_kernel() {
        assert!(is_pseudo_file_system(Path::new("/proc")));
        assert!(!is_pseudo_file_system(Path::new("/etc")));
    }
}
