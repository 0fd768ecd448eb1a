//! Folders made for a test, and what the built program says of them.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) fn tally<'a>(file: &'a Value, kind: &str) -> &'a Value {
    let tallies = file["tallies"].as_array().unwrap();
    let found = tallies.iter().find(|tally| tally["kind"] == kind);
    found.unwrap_or_else(|| panic!("no {kind} in {file}"))
}

/// A folder to scan, gone with the test.
pub(crate) struct Folder(TempDir);

/// What the program printed as JSON.
pub(crate) struct Scan {
    root: String,
    pub(crate) files: Vec<Value>,
    pub(crate) summary: Value,
    pub(crate) output: String,
    pub(crate) code: i32,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn text(&self) -> &str {
        self.path().to_str().unwrap()
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn scan(&self, options: &[&str]) -> Scan {
        let output = run(&[&["scan", self.text(), "--format", "json"], options].concat());
        self.understand(output)
    }

    /// What a scan of this folder printed.
    pub(crate) fn understand(&self, output: Output) -> Scan {
        let text = String::from_utf8(output.stdout).unwrap();
        let mut files: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let summary = files.pop().unwrap()["summary"].take();
        Scan {
            root: self.text().to_owned(),
            files,
            summary,
            output: text,
            code: output.status.code().unwrap(),
        }
    }
}

impl Scan {
    pub(crate) fn file(&self, name: &str) -> &Value {
        let path = format!("{}/{name}", self.root);
        let found = self.files.iter().find(|file| file["path"] == path);
        found.unwrap_or_else(|| panic!("no {path} in {}", self.output))
    }
}

pub(crate) fn run(arguments: &[&str]) -> Output {
    agent(arguments).output().unwrap()
}

/// The program, without the configuration of the machine that runs the tests.
pub(crate) fn agent(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_beffroi-agent"));
    command.args(arguments).env_remove("BEFFROI_AGENT_CONFIG");
    command
}
