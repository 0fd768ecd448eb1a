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

use super::{Registry, Smbios};

/// Larger files describe no machine.
const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;

pub struct System {
    /// None for a machine that files do not describe.
    root: Option<PathBuf>,
    registry: Registry,
    is_live: bool,
}

impl System {
    /// The machine we run on.
    pub fn live() -> Self {
        Self {
            root: (!cfg!(windows)).then(|| PathBuf::from("/")),
            registry: Registry::of_this_machine(),
            is_live: true,
        }
    }

    /// A machine whose files were copied below `root`.
    pub fn captured(root: impl Into<PathBuf>) -> Self {
        Self {
            root: Some(root.into()),
            registry: Registry::exported(""),
            is_live: false,
        }
    }

    /// A machine with Windows, by what `reg export` wrote of it.
    pub fn captured_registry(exported: &str) -> Self {
        Self {
            root: None,
            registry: Registry::exported(exported),
            is_live: false,
        }
    }

    /// Empty where there is none.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// What the firmware says under Windows; on Linux `/sys/class/dmi/id` has it.
    pub fn smbios(&self) -> Smbios {
        #[cfg(windows)]
        if self.is_live {
            return Smbios::parse(&super::own::firmware_tables());
        }
        Smbios::default()
    }

    /// Whether it is a machine with Windows, where no file is asked.
    pub fn is_windows(&self) -> bool {
        self.root.is_none()
    }

    pub fn is_live(&self) -> bool {
        self.is_live
    }

    /// The text of `path`, as it is on the machine ("/etc/os-release").
    pub fn read(&self, path: &str) -> io::Result<String> {
        let mut bytes = Vec::new();
        File::open(self.locate(path)?)?
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
        let entries = fs::read_dir(self.locate(folder)?)?;
        let mut names = entries
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect::<io::Result<Vec<_>>>()?;
        names.sort_unstable();
        Ok(names)
    }

    /// Whether `path` is there; links that lead nowhere are.
    pub fn has(&self, path: &str) -> bool {
        self.locate(path).and_then(fs::symlink_metadata).is_ok()
    }

    pub fn modified(&self, path: &str) -> Option<Timestamp> {
        let modified = self
            .locate(path)
            .and_then(fs::metadata)
            .ok()?
            .modified()
            .ok()?;
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

    fn locate(&self, path: &str) -> io::Result<PathBuf> {
        let path = Path::new(path);
        let root = self.root.as_ref().ok_or(io::ErrorKind::NotFound)?;
        Ok(root.join(path.strip_prefix("/").unwrap_or(path)))
    }
}
