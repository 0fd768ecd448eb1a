//! A PostgreSQL cluster for one test process, and a fresh database for each test.
//!
//! One file with no dependency but `tempfile`, so that the tests of the whole workspace can include it by path. A
//! machine without PostgreSQL fails these tests with a sentence: the second engine is never skipped silently.

use std::{
    ffi::OsStr,
    fs,
    io::{self, Read},
    os::unix::{
        fs::{MetadataExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

const MISSING: &str = "these tests need PostgreSQL's server programs (initdb, pg_ctl, createdb): \
                       apt-get install postgresql";

/// Of `nobody`: PostgreSQL refuses to run as root.
const NOBODY: u32 = 65_534;

/// Ends the cluster when the test process does, however it does: its standard input closes then.
const WARDEN: &str = r#"cat; "$1/pg_ctl" -D "$2/data" -m immediate stop; rm -rf "$2""#;

/// The URL of an empty database.
pub(crate) fn fresh_database() -> String {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(Cluster::start).create_database()
}

struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    databases: AtomicU32,
    /// Held for its standard input.
    _warden: Child,
}

impl Cluster {
    fn start() -> Self {
        let programs = find_programs().unwrap_or_else(|| panic!("{MISSING}"));
        let folder = tempfile::Builder::new()
            .prefix("beffroi-postgres-")
            .tempdir()
            .unwrap()
            .keep();
        if is_root() {
            chown(&folder, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let warden = command("sh", &folder)
            .args(["-c", WARDEN, "warden"])
            .args([&programs, &folder])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Out of reach of the terminal's Ctrl-C, which is for the tests.
            .process_group(0)
            .spawn()
            .unwrap();
        let cluster = Self {
            programs,
            folder,
            databases: AtomicU32::new(0),
            _warden: warden,
        };
        cluster.run(
            "initdb",
            &[
                "-D", "data", "-U", "beffroi", "-A", "trust", "-E", "UTF8", "-N",
            ],
        );
        let settings = format!(
            "-k {} -c listen_addresses= -c max_connections=400 -c fsync=off",
            cluster.folder.display()
        );
        cluster.run(
            "pg_ctl",
            &["-D", "data", "-l", "log", "-w", "-o", &settings, "start"],
        );
        cluster
    }

    fn create_database(&self) -> String {
        let name = format!("test{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let folder = self.folder.display();
        self.run(
            "createdb",
            &["-h", &folder.to_string(), "-U", "beffroi", &name],
        );
        format!("postgres://beffroi@localhost/{name}?host={folder}")
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        // What it says goes through a file: the server that `pg_ctl` leaves behind would keep a pipe open.
        let said = tempfile::tempfile().unwrap();
        let status = command(self.programs.join(program), &self.folder)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(said.try_clone().unwrap())
            .stderr(said.try_clone().unwrap())
            .status()
            .unwrap();
        assert!(status.success(), "{program} failed: {}", read_back(said));
    }
}

/// As `nobody` when the tests run as root.
fn command(program: impl AsRef<OsStr>, folder: &Path) -> Command {
    let mut command = if is_root() {
        let mut command = Command::new("setpriv");
        command
            .args([format!("--reuid={NOBODY}"), format!("--regid={NOBODY}")])
            .args(["--clear-groups", "--"])
            .arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir(folder);
    command
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|metadata| metadata.uid() == 0)
}

/// Debian keeps the server's programs out of the `PATH`.
fn find_programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut debian: Vec<_> = debian
        .filter_map(|version| Some(version.ok()?.path().join("bin")))
        .collect();
    debian.sort();
    std::env::split_paths(&path)
        .chain(debian.into_iter().rev())
        .filter_map(|folder| fs::canonicalize(folder.join("initdb")).ok())
        .filter_map(|initdb| Some(initdb.parent()?.to_owned()))
        .find(|folder| folder.join("pg_ctl").exists() && folder.join("createdb").exists())
}

fn read_back(mut file: fs::File) -> String {
    let mut text = String::new();
    io::Seek::rewind(&mut file).unwrap();
    file.read_to_string(&mut text).unwrap();
    text
}
