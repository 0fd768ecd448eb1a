//! What becomes of a scan when the process that reads for it dies, hangs, or is asked for too much.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use super::support::{Folder, Scan, agent, tally};

/// Long enough to be in the middle of for a while.
fn long_text() -> String {
    "Courriel : zoe.durand@exemple.fr, à rappeler\n".repeat(300_000)
}

#[test]
fn a_worker_killed_in_the_middle_costs_one_file() {
    let folder = Folder::new();
    folder.write("a.txt", "bonjour");
    folder.write("b-long.txt", long_text());
    folder.write("c.txt", "NIR 1 85 05 78 006 084 91");
    let scan = interrupted(&folder, "b-long.txt", "KILL", &[]);
    let long = scan.file("b-long.txt");
    assert_eq!(long["reason"], "extractor_crashed");
    assert_eq!(scan.file("a.txt")["verdict"], "read");
    assert_eq!(tally(scan.file("c.txt"), "nir")["count"], 1);
    assert_eq!(scan.code, 3);
}

#[test]
fn a_content_that_was_not_survived_is_read_that_far_only_the_next_time() {
    let folder = Folder::new();
    folder.write("a-long.txt", long_text());
    folder.write("b-long-copy.txt", long_text());
    folder.write("c-longer.txt", format!("{} ", long_text()));
    let scan = interrupted(&folder, "a-long.txt", "KILL", &[]);
    let (first, copy) = (scan.file("a-long.txt"), scan.file("b-long-copy.txt"));
    assert_eq!(first["reason"], "extractor_crashed");
    assert_eq!(copy["reason"], "extractor_crashed");
    assert_eq!(first["tallies"], copy["tallies"]);
    assert_eq!(scan.file("c-longer.txt")["verdict"], "read");
}

#[test]
fn a_worker_that_hangs_is_not_waited_for_for_ever() {
    let folder = Folder::new();
    folder.write("a-long.txt", long_text());
    folder.write("b.txt", "NIR 1 85 05 78 006 084 91");
    let scan = interrupted(&folder, "a-long.txt", "STOP", &["--patience", "1"]);
    let long = scan.file("a-long.txt");
    assert_eq!(long["reason"], "timed_out");
    assert_eq!(tally(scan.file("b.txt"), "nir")["count"], 1);
}

#[test]
fn a_file_that_asks_for_too_much_memory_costs_itself() {
    let folder = Folder::new();
    folder.write("a-bomb.zip", archive_of_many_names());
    folder.write("b.txt", "NIR 1 85 05 78 006 084 91");
    let scan = folder.scan(&[]);
    let bomb = scan.file("a-bomb.zip");
    assert_eq!(
        (&bomb["verdict"], &bomb["reason"]),
        (&"unreadable".into(), &"memory_limit".into())
    );
    assert_eq!(tally(scan.file("b.txt"), "nir")["count"], 1);
}

#[test]
fn the_worker_goes_with_the_agent() {
    let folder = Folder::new();
    folder.write("a-long.txt", long_text());
    let mut scan = start(&folder, &[]);
    let worker = worker_reading(&mut scan, "a-long.txt");
    scan.kill().unwrap();
    scan.wait().unwrap();
    while is_running(worker) {
        std::thread::yield_now();
    }
}

#[test]
fn the_worker_knows_nothing_of_the_agents_surroundings() {
    let folder = Folder::new();
    folder.write("a-long.txt", long_text());
    let mut scan = start(&folder, &[]);
    let worker = worker_reading(&mut scan, "a-long.txt");
    let about = |name: &str| fs::read(format!("/proc/{worker}/{name}")).unwrap();
    assert_eq!(about("environ"), b"");
    let status = String::from_utf8(about("status")).unwrap();
    let value = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap().trim().to_owned()
    };
    // 2: only the system calls of a list.
    assert_eq!(
        (value("NoNewPrivs:"), value("Seccomp:")),
        ("1".into(), "2".into())
    );
    // Its socket, nothing for its answers to a terminal, its last words, and the file.
    let files: Vec<PathBuf> = fs::read_dir(format!("/proc/{worker}/fd"))
        .unwrap()
        .filter_map(|file| fs::read_link(file.unwrap().path()).ok())
        .collect();
    assert!(files.len() <= 5, "{files:?}");
    scan.kill().unwrap();
    scan.wait().unwrap();
}

/// Sends a signal to the worker while it reads the file, then lets the scan end.
fn interrupted(folder: &Folder, name: &str, signal: &str, options: &[&str]) -> Scan {
    let mut scan = start(folder, options);
    let worker = worker_reading(&mut scan, name);
    let sent = Command::new("kill")
        .args([format!("-{signal}"), worker.to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
    let output = scan.wait_with_output().unwrap();
    assert_eq!(output.status.signal(), None);
    folder.understand(output)
}

fn start(folder: &Folder, options: &[&str]) -> Child {
    let arguments = [&["scan", folder.text(), "--format", "json"], options].concat();
    agent(&arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The worker of the scan, once it has the file open; not the copy of the agent that is about to become the worker.
fn worker_reading(scan: &mut Child, name: &str) -> u32 {
    let id = scan.id();
    while scan.try_wait().unwrap().is_none() {
        let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children"));
        let children = children.unwrap_or_default();
        for worker in children.split_whitespace() {
            if has_open(worker, name) {
                return worker.parse().unwrap();
            }
        }
        std::thread::yield_now();
    }
    panic!("the scan ended before {name} was seen open");
}

fn has_open(process: &str, name: &str) -> bool {
    let command = fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
    if !command.ends_with(b"read-files\0") {
        return false;
    }
    let files = fs::read_dir(format!("/proc/{process}/fd"));
    files.into_iter().flatten().flatten().any(|file| {
        let opened = fs::read_link(file.path());
        opened.is_ok_and(|path| path.ends_with(name))
    })
}

/// A process that was killed stays listed until somebody asks how it ended.
fn is_running(process: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/stat"));
    status.is_ok_and(|status| !status.contains(") Z "))
}

/// A directory alone, of a million names: what describes it in memory is several times its size.
fn archive_of_many_names() -> Vec<u8> {
    const ENTRIES: u64 = 1_000_000;
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.resize(64, 0);
    let directory = bytes.len();
    for entry in 0..ENTRIES {
        let mut header = b"PK\x01\x02".to_vec();
        header.resize(46, 0);
        header[28] = 8;
        bytes.extend(header);
        bytes.extend(format!("{entry:08}").bytes());
    }
    let end = bytes.len();
    let (start, size) = (to_u64(directory), to_u64(end - directory));
    // The end of a directory beyond 65 535 entries, then where it is, then the end that older programs know.
    bytes.extend(b"PK\x06\x06");
    bytes.extend(44_u64.to_le_bytes());
    bytes.extend([45, 0, 45, 0]);
    bytes.extend([0; 8]);
    for number in [ENTRIES, ENTRIES, size, start] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend(b"PK\x06\x07\0\0\0\0");
    bytes.extend(to_u64(end).to_le_bytes());
    bytes.extend([1, 0, 0, 0]);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend([0xff; 12]);
    bytes.extend([0, 0]);
    bytes
}

fn to_u64(number: usize) -> u64 {
    u64::try_from(number).unwrap()
}
