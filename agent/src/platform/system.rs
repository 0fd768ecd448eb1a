//! A machine as its files describe it: the one we run on, or one whose files were copied for a test.
//!
//! What interprets these files is the same for both, and runs on every system.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use jiff::Timestamp;

/// Larger files describe no machine.
const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;

pub struct System {
    root: PathBuf,
    is_live: bool,
}

impl System {
    /// The machine we run on.
    pub fn live() -> Self {
        Self {
            root: PathBuf::from("/"),
            is_live: true,
        }
    }

    /// A machine whose files were copied below `root`.
    pub fn captured(root: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
            is_live: false,
        }
    }

    pub fn is_live(&self) -> bool {
        self.is_live
    }

    /// The text of `path`, as it is on the machine ("/etc/os-release").
    pub fn read(&self, path: &str) -> io::Result<String> {
        let mut bytes = Vec::new();
        File::open(self.locate(path))?
            .take(MAX_FILE_BYTES)
            .read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The first line of `path`, without its ends; for the small files of `/sys`.
    pub fn read_value(&self, path: &str) -> Option<String> {
        let text = self.read(path).ok()?;
        Some(text.lines().next()?.trim().to_owned())
    }

    /// The names in a folder, sorted.
    pub fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let entries = fs::read_dir(self.locate(folder))?;
        let mut names = entries
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect::<io::Result<Vec<_>>>()?;
        names.sort_unstable();
        Ok(names)
    }

    /// Whether `path` is there; links that lead nowhere are.
    pub fn has(&self, path: &str) -> bool {
        fs::symlink_metadata(self.locate(path)).is_ok()
    }

    pub fn modified(&self, path: &str) -> Option<Timestamp> {
        let modified = fs::metadata(self.locate(path)).ok()?.modified().ok()?;
        Timestamp::try_from(modified).ok()
    }

    /// What a program of the machine answers. None runs for a captured machine.
    pub fn run(&self, program: &str, arguments: &[&str]) -> io::Result<String> {
        if !self.is_live {
            return Err(io::ErrorKind::NotFound.into());
        }
        let output = Command::new(program)
            .args(arguments)
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .output()?;
        if !output.status.success() {
            return Err(io::Error::other(format!("{program}: {}", output.status)));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Names of the programs that run; cut to fifteen characters by the kernel.
    pub fn processes(&self) -> io::Result<Vec<String>> {
        let ids = self.list("/proc")?;
        let mut names: Vec<String> = ids
            .iter()
            .filter(|id| id.bytes().all(|byte| byte.is_ascii_digit()))
            // A process may end meanwhile.
            .filter_map(|id| self.read_value(&format!("/proc/{id}/comm")))
            .collect();
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }

    fn locate(&self, path: &str) -> PathBuf {
        let path = Path::new(path);
        self.root.join(path.strip_prefix("/").unwrap_or(path))
    }
}
