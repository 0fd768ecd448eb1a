//! A Windows to run the agent on: Wine, in a folder of its own that is kept between runs, with the program that
//! `tests/windows/build` made.
//!
//! Wine's drive `C:` is a folder here, so that a story makes files in it that no Windows program could, and looks at them.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

use crate::programs::{repository, target};

const PROGRAM: &str = "windows/x86_64-win7-windows-gnu/debug/beffroi-agent.exe";

/// A folder of the drive `C:`, with the agent configured to keep its state there; gone with the story.
pub struct Windows {
    folder: TempDir,
    program: PathBuf,
}

impl Windows {
    /// Configured to scan `roots`, named below the folder or from a drive on; not enrolled.
    pub fn new(roots: &[&str]) -> Self {
        let folder = TempDir::new_in(drive_c()).expect("a folder on C:");
        let windows = Self {
            folder,
            program: Self::program(),
        };
        let roots: Vec<String> = roots
            .iter()
            .map(|root| format!("'{}'", windows.named(root)))
            .collect();
        let configuration = format!(
            "[agent]\nstate = '{}'\n[scan]\nroots = [{}]\n",
            windows.named("state"),
            roots.join(", ")
        );
        std::fs::write(windows.path("agent.toml"), configuration).expect("configuration");
        windows
    }

    /// The agent for Windows.
    pub fn program() -> PathBuf {
        let program = target().join(PROGRAM);
        assert!(
            program.exists(),
            "run tests/windows/build first: {} is missing",
            program.display()
        );
        program
    }

    /// Where a path of the story is for this test.
    pub fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below.replace('\\', "/"))
    }

    /// How Windows names it; whole names stay what they are.
    pub fn named(&self, path: &str) -> String {
        if path.contains(':') || path.starts_with('\\') {
            return path.to_owned();
        }
        let own = self
            .folder
            .path()
            .file_name()
            .and_then(OsStr::to_str)
            .expect("UTF-8");
        format!(r"C:\{own}\{path}")
    }

    /// Writes a file of the story, with the folders above it.
    pub fn write(&self, below: &str, content: impl AsRef<[u8]>) {
        let path = self.path(below);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(path, content).expect("a file");
    }

    /// Runs a verb of the agent to its end.
    pub fn agent(&self, arguments: &[&str]) -> Output {
        let mut all = vec!["--config".to_owned(), self.named("agent.toml")];
        all.extend(arguments.iter().map(ToString::to_string));
        output_of(wine(&self.program).args(all))
    }

    /// Runs a verb that must succeed; gives what it printed.
    pub fn succeed(&self, arguments: &[&str]) -> String {
        text_of(&self.agent(arguments), arguments)
    }

    /// Has another program hold a file of the story, so that nobody else can open it.
    pub fn hold(&self, below: &str) -> Held {
        let program = self.path("hold.exe");
        let built = Command::new("x86_64-w64-mingw32-gcc")
            .arg("-municode")
            .arg(repository().join("tests/windows/hold.c"))
            .arg("-o")
            .arg(&program)
            .status();
        assert!(
            built.expect("mingw starts").success(),
            "hold.c does not compile"
        );
        let mut holder = wine(&program)
            .arg(self.named(below))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("wine starts");
        let mut said = String::new();
        let output = holder.stdout.as_mut().expect("piped");
        BufReader::new(output)
            .read_line(&mut said)
            .expect("it speaks");
        assert_eq!(said.trim(), "held");
        Held(holder)
    }

    /// Runs a program of Windows itself, which must succeed.
    pub fn system(&self, program: &str, arguments: &[&str]) -> String {
        let output = output_of(wine(Path::new(program)).args(arguments));
        text_of(&output, arguments)
    }
}

/// A program that holds a file; it lets go when its input ends.
pub struct Held(Child);

impl Held {
    pub fn release(mut self) {
        drop(self.0.stdin.take());
        self.0.wait().expect("it ends");
    }
}

/// What a program prints, in files: what Windows starts beside it (its services) would keep a pipe open for ever.
fn output_of(command: &mut Command) -> Output {
    let (mut stdout, mut stderr) = (printed(), printed());
    let stream = |file: &File| file.try_clone().expect("one more handle");
    let status = command
        .stdout(stream(&stdout))
        .stderr(stream(&stderr))
        .status()
        .expect("wine starts");
    let read = |file: &mut File| {
        let mut bytes = Vec::new();
        file.rewind()
            .and_then(|()| file.read_to_end(&mut bytes))
            .expect("what was printed");
        bytes
    };
    Output {
        status,
        stdout: read(&mut stdout),
        stderr: read(&mut stderr),
    }
}

fn printed() -> File {
    tempfile::tempfile().expect("a temporary file")
}

fn text_of(output: &Output, arguments: &[&str]) -> String {
    assert!(
        output.status.success(),
        "{arguments:?}: {} {}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The folder that the programs see as `C:\`.
pub fn drive_c() -> PathBuf {
    prefix().join("drive_c")
}

/// Where Wine finds a share: `\\server\share` is a folder of this name below.
pub fn shares() -> PathBuf {
    prefix().join("dosdevices/unc")
}

fn prefix() -> &'static Path {
    static PREFIX: OnceLock<PathBuf> = OnceLock::new();
    PREFIX.get_or_init(|| {
        let prefix = target().join("windows/wine");
        if !prefix.join("system.reg").exists() {
            std::fs::create_dir_all(&prefix).expect("a folder for Wine");
            let made = command(&prefix, Path::new("wineboot"))
                .arg("--init")
                .status();
            assert!(
                made.expect("wine starts").success(),
                "Wine makes its folder"
            );
            // What the making started goes on for a while, and takes its services with it when it ends.
            let mut server = Command::new("wineserver");
            let ended = server.arg("--wait").env("WINEPREFIX", &prefix).status();
            assert!(ended.expect("wineserver starts").success());
        }
        prefix
    })
}

fn wine(program: &Path) -> Command {
    command(prefix(), program)
}

/// Quiet, without a screen, without offers to install more.
fn command(prefix: &Path, program: &Path) -> Command {
    let mut command = Command::new("wine");
    command
        .arg(program)
        .env("WINEPREFIX", prefix)
        .env("WINEDEBUG", "-all")
        .env("WINEDLLOVERRIDES", "mscoree,mshtml=")
        .env_remove("DISPLAY")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}
