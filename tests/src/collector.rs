//! A collector as an operator runs it: initialised in a folder of its own, served by the built program.

use std::{
    fs::File,
    io::{BufRead, BufReader, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use beffroi_collector::{
    config::Config,
    model::{Organisation, OrganisationId},
    store::Store,
};
use tempfile::TempDir;

use crate::programs::program;

pub const LOGIN: &str = "dpo";

pub struct Collector {
    folder: TempDir,
    server: Option<Child>,
    /// Of [`LOGIN`]; chosen at `init`, so that no story has to change it first.
    pub password: String,
    pub agents: SocketAddr,
    pub pages: SocketAddr,
    /// Wraps the program, for instance in `faketime`.
    pub wrapper: Vec<String>,
}

impl Collector {
    /// Initialised and serving, on SQLite.
    pub fn start() -> Self {
        let mut collector = Self::initialise(&[]);
        collector.serve();
        collector
    }

    /// Initialised, not serving.
    pub fn initialise(extra: &[&str]) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let (agents, pages) = (free_address(), free_address());
        let (agents_listen, web_listen) = (agents.to_string(), pages.to_string());
        let password = hex::encode(rand::random::<[u8; 8]>());
        let collector = Self {
            folder,
            server: None,
            password,
            agents,
            pages,
            wrapper: Vec::new(),
        };
        let mut arguments = vec!["init", "--name", "localhost", "--name", "127.0.0.1"];
        arguments.extend([
            "--agents-listen",
            &agents_listen,
            "--web-listen",
            &web_listen,
        ]);
        arguments.extend(["--login", LOGIN, "--password-stdin"]);
        arguments.extend(extra);
        let output = collector.run_with_input(&arguments, &collector.password);
        assert!(
            output.status.success(),
            "init: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        collector
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn log(&self) -> PathBuf {
        self.folder.path().join("collector.log")
    }

    /// Starts the server and returns once it listens.
    pub fn serve(&mut self) {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.log())
            .expect("log");
        let mut server = self
            .command(&["serve"])
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the collector starts");
        let mut output = BufReader::new(server.stdout.take().expect("piped"));
        let mut line = String::new();
        while !line.starts_with("Pages") {
            line.clear();
            let read = output.read_line(&mut line).expect("the collector speaks");
            assert!(
                read > 0,
                "the collector stopped: {}",
                std::fs::read_to_string(self.log()).unwrap()
            );
        }
        self.server = Some(server);
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            server.kill().expect("kill");
            server.wait().expect("wait");
        }
    }

    pub fn server_id(&self) -> Option<u32> {
        self.server.as_ref().map(Child::id)
    }

    /// Runs a verb to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.run_with_input(arguments, "")
    }

    /// Runs a verb that must succeed; gives what it printed.
    pub fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    pub fn create_organisation(&self, name: &str) -> OrganisationId {
        let printed = self.succeed(&["organisation", "create", name]);
        printed
            .split_whitespace()
            .next()
            .expect("an id")
            .parse()
            .expect("an id")
    }

    pub fn create_token(&self, organisation: OrganisationId) -> String {
        let id = organisation.to_string();
        self.succeed(&["token", "create", "--organisation", &id])
            .trim()
            .to_owned()
    }

    /// A second door to the same database, to look at what is stored.
    pub async fn store(&self) -> Store {
        let config = Config::load(&self.data()).expect("configuration");
        Store::open(&config.store_url(&self.data()))
            .await
            .expect("store")
    }

    pub async fn organisations(&self) -> Vec<Organisation> {
        self.store()
            .await
            .organisations()
            .await
            .expect("organisations")
    }

    /// Where agents connect.
    pub fn agents_address(&self) -> String {
        self.agents.to_string()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.pages)
    }

    /// Runs a verb to its end, with something to read.
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the collector starts");
        // A verb that does not read its input closes it: that is no failure.
        let _ = child
            .stdin
            .take()
            .expect("piped")
            .write_all(input.as_bytes());
        child.wait_with_output().expect("the collector ends")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let Some((wrapper, rest)) = self.wrapper.split_first() else {
            return command(&self.data(), arguments);
        };
        let mut wrapped = Command::new(wrapper);
        wrapped.args(rest).arg(program("beffroi-collector"));
        wrapped.arg("--data").arg(self.data()).args(arguments);
        wrapped
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.kill();
    }
}

/// `beffroi-collector --data FOLDER …`.
pub fn command(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program("beffroi-collector"));
    command.arg("--data").arg(data).args(arguments);
    command
}

/// An address that was free a moment ago; the collector must be found again at the same one after a kill.
fn free_address() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("an address")
}
