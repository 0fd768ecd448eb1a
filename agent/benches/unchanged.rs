//! How long a second scan of files that have not changed takes, against `find` that prints their sizes and dates.
//!
//! `cargo bench -p beffroi-agent --bench unchanged` makes 100,000 files (`-- --files 1000000` for the million of issue 5),
//! scans them with the built program, then scans them again and runs `find`, each three times; the best counts. The target
//! is 1.5 times the time of `find`.

#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a program for developers, on its own data"
)]

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

fn main() {
    // `cargo test --all-targets` runs benches too, unoptimised: figures of that kind would mislead.
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("to measure: cargo bench -p beffroi-agent --bench unchanged");
        return;
    }
    let count = std::env::args()
        .skip_while(|argument| argument != "--files")
        .nth(1);
    let count = count.map_or(100_000, |count| count.parse::<usize>().unwrap());
    let (share, known) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    make(share.path(), count);
    let scan = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_beffroi-agent"));
        command.arg("scan").arg(share.path());
        command
            .args(["--format", "json", "--known"])
            .arg(known.path());
        command
    };
    let find = || {
        let mut command = Command::new("find");
        command.arg(share.path()).args(["-printf", "%p %s %T@\\n"]);
        command
    };
    let first = seconds(&mut scan());
    let (mut again, mut found) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..3 {
        again = again.min(seconds(&mut scan()));
        found = found.min(seconds(&mut find()));
    }
    println!("{count} files: first scan {first:.2} s, second scan {again:.2} s, find {found:.2} s");
    println!("second scan / find: {:.2}", again / found);
}

/// A hundred files a folder, a hundred folders a folder; minutes that name nobody.
fn make(share: &Path, count: usize) {
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_600_000_000);
    for rank in 0..count {
        let folder = share.join(format!("{}/{}", rank / 10_000, rank / 100));
        if rank % 100 == 0 {
            fs::create_dir_all(&folder).unwrap();
        }
        let path = folder.join(format!("compte rendu {rank}.txt"));
        fs::write(&path, format!("Le conseil a délibéré. Point {rank}.")).unwrap();
        let file = File::options().write(true).open(&path).unwrap();
        file.set_modified(old).unwrap();
    }
}

fn seconds(command: &mut Command) -> f64 {
    let start = Instant::now();
    command.stdout(Stdio::null()).status().unwrap();
    start.elapsed().as_secs_f64()
}
