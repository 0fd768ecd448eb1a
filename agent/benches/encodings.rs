//! How fast a text in another encoding is read and searched, against the same text in UTF-8, in one run.
//!
//! `cargo bench -p beffroi-agent --bench encodings` prints, for each encoding, MB (10^6 bytes of the file) per second of
//! processor time, of the reading process and of the agent together, and the ratio to UTF-8; the best of three. The target
//! is 60 % (issue 3). The last columns are the most memory that each of the two processes held: the same whatever the size,
//! so `--mib 4096 --only utf-8` shows that a file of 4 GiB is read in it. Options behind `--`: `--mib 64`, `--only NAME`.

#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a program for developers, on its own data"
)]

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use beffroi_agent::extract::{Outcome, Receiver};
use beffroi_agent::worker::{self, Worker};
use beffroi_rules::detect::{Document, Engine, Part};
use encoding_rs::{ISO_8859_15, WINDOWS_1252};

const SENTENCES: [&str; 6] = [
    "Le conseil municipal, réuni en séance ordinaire, a délibéré sur l'aménagement de la place de l'église et de l'école.\r\n",
    "2026;6042;Énergie - Électricité;117;12500,00;14/03/2026;payé\r\n",
    "Après en avoir délibéré, à l'unanimité, les membres présents approuvent la convention avec le centre de gestion.\r\n",
    "Mme la maire rappelle que le règlement de la cantine prévoit une inscription avant le 15 septembre de chaque année.\r\n",
    "Contact : secretariat@mairie-saint-loup.fr, 02 61 91 33 21.\r\n",
    "La séance est levée à vingt-deux heures trente ; le procès-verbal sera affiché en mairie et publié sur le site.\r\n",
];

type Encode = fn(&str) -> Vec<u8>;

const ENCODINGS: [(&str, Encode); 6] = [
    ("utf-8", |text| text.as_bytes().to_vec()),
    ("cp1252", |text| WINDOWS_1252.encode(text).0.into_owned()),
    ("latin-9", |text| ISO_8859_15.encode(text).0.into_owned()),
    ("cp850", |text| text.chars().map(cp850).collect()),
    ("utf-16le", |text| {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }),
    ("utf-16be", |text| {
        text.encode_utf16().flat_map(u16::to_be_bytes).collect()
    }),
];

fn main() {
    // The reading process is this program, as it is the agent itself in an agent.
    if std::env::args().any(|argument| argument == worker::VERB) {
        worker::serve().unwrap();
        return;
    }
    // `cargo test --all-targets` runs benches too, unoptimised: figures of that kind would mislead.
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("to measure: cargo bench -p beffroi-agent --bench encodings");
        return;
    }
    let engine = Engine::embedded().unwrap();
    let bytes = option("--mib").map_or(128, |mib| mib.parse::<usize>().unwrap()) << 20;
    let folder = tempfile::tempdir().unwrap();
    let mut reference = None;
    println!(
        "{:<9} {:>8} {:>9} {:>9} {:>11} {:>11}",
        "encoding", "MB/s", "of UTF-8", "Mchar/s", "agent MB", "reader MB"
    );
    for (name, encode) in ENCODINGS {
        if option("--only").is_some_and(|only| only != name) {
            continue;
        }
        let path = folder.path().join(name);
        let characters = write(&path, bytes, encode);
        let (mut seconds, mut memory) = (f64::INFINITY, 0.0_f64);
        for _ in 0..3 {
            let (took, held) = search(&path, &engine);
            (seconds, memory) = (seconds.min(took), memory.max(held));
        }
        let rate = fs::metadata(&path).unwrap().len() as f64 / 1e6 / seconds;
        let of_utf8 = 100.0 * rate / *reference.get_or_insert(rate);
        println!(
            "{name:<9} {rate:>8.0} {of_utf8:>8.0}% {:>9.0} {:>11.0} {:>11.0}",
            characters as f64 / 1e6 / seconds,
            most_memory("self"),
            memory,
        );
        fs::remove_file(path).unwrap();
    }
}

/// Reads a file as a scan does; the seconds of processor time that it took, and the most memory of the process that read.
fn search(path: &Path, engine: &Engine) -> (f64, f64) {
    let before = processor_seconds();
    let file = File::open(path).unwrap();
    let size = file.metadata().unwrap().len();
    let mut searched = Searched(engine.document());
    let mut worker = Worker::new(Duration::from_secs(60));
    let answer = worker.read(
        &file,
        size,
        u64::MAX,
        None,
        &AtomicBool::new(false),
        &mut searched,
    );
    assert!(matches!(answer.unwrap().end, worker::End::Done(_)));
    black_box(searched.0.finish());
    let memory = most_memory(&reader());
    drop(worker);
    (processor_seconds() - before, memory)
}

struct Searched<'e>(Document<'e>);

impl Receiver for Searched<'_> {
    fn begin_text(&mut self, within: Option<&str>) {
        self.0.begin(Part::Text { within });
    }

    fn text(&mut self, chunk: &str) {
        self.0.text(chunk);
    }

    fn begin_table(&mut self, within: Option<&str>, first_row: u64) {
        self.0.begin(Part::Table { within, first_row });
    }

    fn row(&mut self, cells: &[&str]) {
        self.0.row(cells);
    }

    fn begin_member(&mut self, _name: &str) {}

    fn end_member(&mut self, _outcome: &Outcome<'_>, _size_bytes: u64) {}
}

/// The file is `bytes` long in whatever encoding; how many characters that is.
fn write(path: &Path, bytes: usize, encode: Encode) -> usize {
    let encoded: Vec<(usize, Vec<u8>)> = SENTENCES
        .iter()
        .map(|sentence| (sentence.chars().count(), encode(sentence)))
        .collect();
    let mut file = BufWriter::new(File::create(path).unwrap());
    let (mut characters, mut written) = (0, 0);
    for (count, sentence) in encoded.iter().cycle() {
        file.write_all(sentence).unwrap();
        characters += count;
        written += sentence.len();
        if written >= bytes {
            break;
        }
    }
    file.flush().unwrap();
    characters
}

/// The letters of [`SENTENCES`] in the DOS code page.
fn cp850(letter: char) -> u8 {
    match letter {
        'é' => 0x82,
        'à' => 0x85,
        'è' => 0x8a,
        'ç' => 0x87,
        'ê' => 0x88,
        'É' => 0x90,
        'ô' => 0x93,
        letter => u8::try_from(letter).unwrap(),
    }
}

/// Of this process and of those that it started and that ended; in steps of a hundredth of a second.
fn processor_seconds() -> f64 {
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    // Behind the name, which may hold anything: utime, stime, cutime and cstime are the fields 14 to 17.
    let fields = stat.rsplit_once(')').unwrap().1.split_whitespace();
    let ticks = fields
        .skip(11)
        .take(4)
        .map(|ticks| ticks.parse::<f64>().unwrap());
    ticks.sum::<f64>() / TICKS_PER_SECOND
}

/// The most memory that a process held since it became this program, in MB.
fn most_memory(process: &str) -> f64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.unwrap().trim().trim_end_matches(" kB");
    kibibytes.parse::<f64>().unwrap() * 1024.0 / 1e6
}

/// The process that reads, while it is there.
fn reader() -> String {
    let children = fs::read_to_string("/proc/thread-self/children").unwrap();
    children.split_whitespace().next().unwrap().to_owned()
}

fn option(name: &str) -> Option<String> {
    std::env::args()
        .skip_while(|argument| argument != name)
        .nth(1)
}
