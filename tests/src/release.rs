//! The operator's releases: a key of minisign's, programs signed with it, and a newer agent without building one.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

use crate::programs::program;

pub struct Releases {
    folder: TempDir,
}

impl Default for Releases {
    fn default() -> Self {
        let releases = Self {
            folder: TempDir::new().expect("a temporary folder"),
        };
        let mut command = releases.minisign(&["-G", "-W"]);
        command
            .arg("-p")
            .arg(releases.folder.path().join("key.pub"));
        run(&mut command);
        releases
    }
}

impl Releases {
    /// As agents and the collector are told it.
    pub fn key(&self) -> String {
        let text = fs::read_to_string(self.folder.path().join("key.pub")).expect("a public key");
        text.lines().last().expect("a key").to_owned()
    }

    /// The agent that is under test, under another version: only the mark that names it is changed. Signed.
    pub fn agent(&self, version: &str) -> PathBuf {
        let path = self.folder.path().join(format!("agent-{version}"));
        run(Command::new("strip")
            .arg("-o")
            .arg(&path)
            .arg(program("beffroi-agent")));
        let mut bytes = fs::read(&path).expect("the agent");
        let mark = format!("beffroi-agent@{}", env!("CARGO_PKG_VERSION"));
        let wanted = format!("beffroi-agent@{version}");
        assert_eq!(mark.len(), wanted.len(), "a version as long as ours");
        let starts: Vec<usize> = (0..bytes.len() - mark.len())
            .filter(|start| bytes[*start..].starts_with(mark.as_bytes()))
            .collect();
        assert!(!starts.is_empty(), "the agent names its version");
        for start in starts {
            bytes[start..start + wanted.len()].copy_from_slice(wanted.as_bytes());
        }
        fs::write(&path, bytes).expect("an agent");
        self.sign(&path, version);
        path
    }

    /// Another program of that version, for instance one that does not work. Signed.
    pub fn script(&self, version: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(format!("script-{version}"));
        fs::write(&path, text).expect("a script");
        self.sign(&path, version);
        path
    }

    fn sign(&self, path: &Path, version: &str) {
        let comment = format!(
            "beffroi-agent {version} {}",
            beffroi_proto::package::platform()
        );
        let mut command = self.minisign(&["-S", "-t", &comment, "-m"]);
        run(command.arg(path));
    }

    fn minisign(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("minisign");
        command.args([
            "-s",
            self.folder.path().join("key.sec").to_str().expect("UTF-8"),
        ]);
        command.args(arguments);
        command
    }
}

fn run(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().expect("it starts");
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}
