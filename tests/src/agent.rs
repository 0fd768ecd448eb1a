//! An agent as a technician runs it: a state folder, a configuration file, the built program.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use tempfile::TempDir;

use crate::{collector::Collector, programs::program};

pub struct Agent {
    folder: TempDir,
    /// Wraps the program, for instance in `faketime`.
    wrapper: Vec<String>,
}

impl Agent {
    /// Configured to scan `roots`, not enrolled.
    pub fn new(roots: &[&Path]) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let agent = Self {
            folder,
            wrapper: Vec::new(),
        };
        let roots = roots
            .iter()
            .map(|root| format!("{:?}", root.to_str().expect("UTF-8")))
            .collect::<Vec<_>>();
        let configuration = format!(
            "[agent]\nstate = {:?}\n[scan]\nprocessor_percent = 100\nroots = [{}]\n",
            agent.state().to_str().expect("UTF-8"),
            roots.join(", ")
        );
        fs::write(agent.configuration(), configuration).expect("configuration");
        agent
    }

    /// Enrolled for an organisation of the collector.
    pub fn enrolled(collector: &Collector, token: &str, roots: &[&Path]) -> Self {
        let agent = Self::new(roots);
        agent.succeed(&[
            "enrol",
            "--collector",
            &collector.agents_address(),
            "--token",
            token,
        ]);
        agent
    }

    /// Runs the program through another one from now on.
    pub fn wrapped<Part: ToString>(mut self, wrapper: &[Part]) -> Self {
        self.wrapper = wrapper.iter().map(ToString::to_string).collect();
        self
    }

    /// More sections of the configuration.
    pub fn configure(&self, sections: &str) {
        let before = fs::read_to_string(self.configuration()).expect("configuration");
        fs::write(self.configuration(), format!("{before}\n{sections}")).expect("configuration");
    }

    pub fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    pub fn configuration(&self) -> PathBuf {
        self.folder.path().join("agent.toml")
    }

    pub fn log(&self) -> PathBuf {
        self.folder.path().join("agent.log")
    }

    /// Runs a verb to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments)
            .stdin(Stdio::null())
            .output()
            .expect("the agent starts")
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

    /// Starts a verb and lets it run; its messages go to the log.
    pub fn start(&self, arguments: &[&str]) -> Child {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.log())
            .expect("log");
        self.command(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("the agent starts")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let program = program("beffroi-agent");
        let mut command = match self.wrapper.split_first() {
            Some((wrapper, rest)) => {
                let mut command = Command::new(wrapper);
                command.args(rest).arg(program);
                command
            }
            None => Command::new(program),
        };
        command
            .arg("--config")
            .arg(self.configuration())
            .args(arguments);
        command
    }
}
