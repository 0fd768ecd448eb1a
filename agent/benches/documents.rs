//! The texts of a folder of documents, as the agent reads them: `documents FOLDER OUT` writes OUT/NAME.txt for each
//! file of FOLDER, everything in it that a person can read, parts and rows each on a line.
//!
//! `tests/extraction/run` measures this program beside its peers: files a second, processor time, and the share of planted
//! values in what they wrote. It reads through the confined process, like the agent.

#![allow(
    clippy::unwrap_used,
    reason = "a program for developers, on its own data"
)]

use std::fs::{self, File};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use beffroi_agent::extract::{Outcome, Receiver};
use beffroi_agent::worker::{self, Worker};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        // The reading process is this program, as it is the agent itself in an agent.
        [verb] if verb == worker::VERB => worker::serve().unwrap(),
        [folder, out, ..] if Path::new(folder).is_dir() => write(Path::new(folder), Path::new(out)),
        _ => println!("to measure: tests/extraction/run"),
    }
}

fn write(folder: &Path, out: &Path) {
    let mut worker = Worker::new(Duration::from_secs(60));
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    for path in paths {
        let mut lines = Lines::default();
        let file = File::open(&path).unwrap();
        let size = file.metadata().unwrap().len();
        let never = AtomicBool::new(false);
        let answer = worker.read(&file, size, u64::MAX, None, &never, &mut lines);
        let name = path.file_name().unwrap().to_str().unwrap();
        if let Err(error) = answer {
            eprintln!("{name}: {error}");
        }
        fs::write(out.join(format!("{name}.txt")), black_box(lines.0)).unwrap();
    }
}

#[derive(Default)]
struct Lines(String);

impl Receiver for Lines {
    fn begin_text(&mut self, _within: Option<&str>) {
        self.0.push('\n');
    }

    fn text(&mut self, chunk: &str) {
        self.0.push_str(chunk);
    }

    fn begin_table(&mut self, _within: Option<&str>, _first_row: u64) {
        self.0.push('\n');
    }

    fn row(&mut self, cells: &[&str]) {
        self.0.push_str(&cells.join("\t"));
        self.0.push('\n');
    }

    fn begin_member(&mut self, name: &str) {
        self.0.push('\n');
        self.0.push_str(name);
        self.0.push('\n');
    }

    fn end_member(&mut self, _outcome: &Outcome<'_>, _size_bytes: u64) {
        self.0.push('\n');
    }
}
