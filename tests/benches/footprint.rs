//! What the agent takes from a machine, beside the inventory agents that Debian offers: size, processor and memory of one
//! inventory, then a minute of doing nothing.
//!
//! `cargo bench -p beffroi-tests --bench footprint` measures ours, and those of its peers that are installed; what is missing is
//! named with how to install it. It takes some four minutes. For a whole inventory run it as root. An inventory is a whole command, the best of three, everything
//! it starts counted (GNU `time`). Idle is the service after its first inventory, all its processes together: resident memory and,
//! over a minute, how often it gave the processor back by itself, that is woke up for something. The target of issue 5 is 20 MB
//! and « no wake-ups to speak of ».

#![allow(
    clippy::unwrap_used,
    reason = "a program for developers, on its own data"
)]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use beffroi_tests::{agent::Agent, collector::Collector, programs::program, wait};

const MINUTE: Duration = Duration::from_secs(60);

/// A program of Debian's that does inventories, without a server.
struct Peer {
    name: &'static str,
    inventory: &'static [&'static str],
    /// As a service that stays; None: a timer starts it.
    service: Option<&'static [&'static str]>,
}

/// The folder where a peer writes its inventory.
const FOLDER: &str = "{folder}";

/// glpi-agent goes on from fusioninventory-agent, under the same options; Debian 12 has the older only. It has no osquery.
const PEERS: [Peer; 3] = [
    Peer {
        name: "fusioninventory-agent",
        inventory: &["--local", FOLDER, "--force"],
        service: Some(&[
            "--daemon",
            "--no-fork",
            "--delaytime=1",
            "--no-httpd",
            "--local",
            FOLDER,
        ]),
    },
    Peer {
        name: "glpi-agent",
        inventory: &["--local", FOLDER, "--force"],
        service: Some(&[
            "--daemon",
            "--no-fork",
            "--delaytime=1",
            "--no-httpd",
            "--local",
            FOLDER,
        ]),
    },
    Peer {
        name: "ocsinventory-agent",
        inventory: &["--stdout"],
        service: None,
    },
];

#[tokio::main]
async fn main() {
    // `cargo test --all-targets` runs benches too: it has better to do than wait for minutes.
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("to measure: cargo bench -p beffroi-tests --bench footprint");
        return;
    }
    if Command::new("time").arg("true").output().is_err() {
        println!("GNU time is missing: apt-get install time");
        return;
    }
    println!("{:<24} {:>22} {:>10} {:>12}", "", "size, MB", "", "");
    println!(
        "{:<24} {:>10} {:>11} {:>10} {:>12} {:>10} {:>14}",
        "", "alone", "with needs", "CPU, s", "peak RSS, MB", "idle, MB", "wake-ups / min"
    );
    ours().await;
    for peer in PEERS {
        match Command::new(peer.name).arg("--version").output() {
            Ok(_) => measure(&peer).await,
            Err(_) => println!(
                "{:<24} missing: apt-get install {0}, if this system offers it",
                peer.name
            ),
        }
    }
}

async fn ours() {
    let collector = Collector::start();
    let town = collector.create_organisation("Commune de Poids-Plume");
    let agent = Agent::enrolled(&collector, &collector.create_token(town), &[]);
    let inventory = best_inventory(&program("beffroi-agent"), &["show-report".to_owned()]);
    let service = Service(agent.start(&["run"]));
    wait::until("an inventory is reported", wait::FOR_AN_AGENT, async || {
        let machines = collector.store().await.of(town).machines().await.unwrap();
        machines.iter().any(|machine| machine.state.is_some())
    })
    .await;
    let size = megabytes(fs::metadata(program("beffroi-agent")).unwrap().len());
    // It needs the C library and nothing else, which is everywhere.
    tell(
        "beffroi-agent",
        &size,
        &size,
        &inventory,
        &service.idle().await,
    );
}

async fn measure(peer: &Peer) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let filled = |arguments: &[&str]| -> Vec<String> {
        let filled = arguments.iter().map(|word| word.replace(FOLDER, path));
        filled.collect()
    };
    let inventory = best_inventory(Path::new(peer.name), &filled(peer.inventory));
    let idle = match peer.service {
        None => "a timer starts it".to_owned(),
        Some(arguments) => {
            for entry in fs::read_dir(path).unwrap() {
                fs::remove_file(entry.unwrap().path()).unwrap();
            }
            // Else it waits for up to an hour before the first.
            let mut command = Command::new(peer.name);
            command.args(["--set-forcerun", "--local", path]);
            assert!(command.status().unwrap().success(), "{}", peer.name);
            let mut command = Command::new(peer.name);
            command.args(filled(arguments));
            command.stdout(Stdio::null()).stderr(Stdio::null());
            let service = Service(command.spawn().unwrap());
            wait::until("an inventory is written", wait::FOR_AN_AGENT, async || {
                fs::read_dir(path).unwrap().count() > 0
            })
            .await;
            service.idle().await
        }
    };
    let alone = megabytes(1024 * installed_size(&[peer.name.to_owned()]));
    let with_needs = megabytes(1024 * installed_size(&needs(peer.name)));
    tell(peer.name, &alone, &with_needs, &inventory, &idle);
}

fn tell(name: &str, alone: &str, with_needs: &str, inventory: &Inventory, idle: &str) {
    println!(
        "{name:<24} {alone:>10} {with_needs:>11} {:>10.2} {:>12} {idle}",
        inventory.seconds,
        megabytes(1024 * inventory.kilobytes)
    );
}

struct Inventory {
    seconds: f64,
    kilobytes: u64,
}

fn best_inventory(program: &Path, arguments: &[String]) -> Inventory {
    let mut runs: Vec<Inventory> = (0..3).map(|_| inventory(program, arguments)).collect();
    runs.sort_by(|left, right| left.seconds.total_cmp(&right.seconds));
    runs.swap_remove(0)
}

fn inventory(program: &Path, arguments: &[String]) -> Inventory {
    let figures = tempfile::NamedTempFile::new().unwrap();
    let mut command = Command::new("time");
    command.args(["--format", "%U %S %M", "--output"]);
    command.arg(figures.path()).arg(program).args(arguments);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    assert!(command.status().unwrap().success(), "{}", program.display());
    let figures = fs::read_to_string(figures.path()).unwrap();
    let words: Vec<&str> = figures.split_whitespace().collect();
    Inventory {
        seconds: words[0].parse::<f64>().unwrap() + words[1].parse::<f64>().unwrap(),
        kilobytes: words[2].parse().unwrap(),
    }
}

/// A service under measure, ended with it.
struct Service(Child);

impl Service {
    /// Resident memory, and wake-ups of a minute.
    async fn idle(&self) -> String {
        // What follows an inventory: it is packed, sent, acknowledged.
        tokio::time::sleep(MINUTE / 4).await;
        let before = self.sum("voluntary_ctxt_switches:");
        tokio::time::sleep(MINUTE).await;
        let woken = self.sum("voluntary_ctxt_switches:") - before;
        let resident = megabytes(1024 * self.sum("VmRSS:"));
        format!("{resident:>10} {woken:>14}")
    }

    /// A count of `/proc/…/status`, of the memory of all processes or of the switches of all their threads.
    fn sum(&self, what: &str) -> u64 {
        let mut all = vec![self.0.id()];
        let mut sum = 0;
        while let Some(process) = all.pop() {
            let folder = Path::new("/proc").join(process.to_string());
            let mut statuses = Vec::new();
            for thread in fs::read_dir(folder.join("task")).unwrap() {
                let thread = thread.unwrap().path();
                statuses.push(thread.join("status"));
                let children = fs::read_to_string(thread.join("children")).unwrap();
                all.extend(
                    children
                        .split_whitespace()
                        .map(|id| id.parse::<u32>().unwrap()),
                );
            }
            if what == "VmRSS:" {
                // Threads share it.
                statuses.truncate(1);
            }
            sum += statuses
                .iter()
                .map(|status| count(status, what))
                .sum::<u64>();
        }
        sum
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn count(status: &Path, what: &str) -> u64 {
    let text = fs::read_to_string(status).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(what));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.map_or(0, |number| number.parse().unwrap())
}

/// A package and all that it needs, but for what every Debian has.
fn needs(package: &str) -> Vec<String> {
    let mut command = Command::new("apt-cache");
    command.args(["depends", "--recurse", "--installed", "--no-recommends"]);
    command.args(["--no-suggests", "--no-conflicts", "--no-breaks"]);
    command
        .args(["--no-replaces", "--no-enhances"])
        .arg(package);
    let printed = String::from_utf8(command.output().unwrap().stdout).unwrap();
    let packages = printed
        .lines()
        .filter(|line| !line.starts_with([' ', '|', '<']));
    packages.map(str::to_owned).collect()
}

/// In kilobytes.
fn installed_size(packages: &[String]) -> u64 {
    let mut command = Command::new("dpkg-query");
    command.args(["--show", "--showformat", "${Priority} ${Installed-Size}\\n"]);
    let printed = String::from_utf8(command.args(packages).output().unwrap().stdout).unwrap();
    let sizes = printed.lines().filter_map(|line| line.split_once(' '));
    let ours = sizes.filter(|(priority, _)| !matches!(*priority, "required" | "important"));
    ours.map(|(_, size)| size.parse::<u64>().unwrap()).sum()
}

fn megabytes(bytes: u64) -> String {
    format!("{}.{}", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
}
