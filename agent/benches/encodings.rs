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

const ENCODINGS: [(&str, fn(&str) -> Vec<u8>); 6] = [
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
        let seconds = (0..3)
            .map(|_| search(&path, &engine))
            .fold(f64::INFINITY, f64::min);
        let rate = fs::metadata(&path).unwrap().len() as f64 / 1e6 / seconds;
        let of_utf8 = 100.0 * rate / *reference.get_or_insert(rate);
        println!(
            "{name:<9} {rate:>8.0} {of_utf8:>8.0}% {:>9.0} {:>11.0} {:>11.0}",
            characters as f64 / 1e6 / seconds,
            our_most_memory(),
            usage(libc::RUSAGE_CHILDREN).ru_maxrss as f64 * 1024.0 / 1e6,
        );
        fs::remove_file(path).unwrap();
    }
}

/// Reads a file as a scan does; the seconds of processor time that it took.
fn search(path: &Path, engine: &Engine) -> f64 {
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
    drop(worker);
    processor_seconds() - before
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
fn write(path: &Path, bytes: usize, encode: fn(&str) -> Vec<u8>) -> usize {
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

fn processor_seconds() -> f64 {
    [libc::RUSAGE_SELF, libc::RUSAGE_CHILDREN]
        .map(usage)
        .iter()
        .flat_map(|usage| [usage.ru_utime, usage.ru_stime])
        .map(|time| time.tv_sec as f64 + time.tv_usec as f64 / 1e6)
        .sum()
}

/// In MB. Not from `getrusage`, which counts what this process was before it became this program.
fn our_most_memory() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.unwrap().trim().trim_end_matches(" kB");
    kibibytes.parse::<f64>().unwrap() * 1024.0 / 1e6
}

#[expect(
    unsafe_code,
    reason = "no crate of the workspace tells what ended children used"
)]
fn usage(whose: libc::c_int) -> libc::rusage {
    let mut usage = std::mem::MaybeUninit::zeroed();
    // SAFETY: the structure is of the type that the call fills, and zeros are a value of it.
    unsafe {
        assert_eq!(libc::getrusage(whose, usage.as_mut_ptr()), 0);
        usage.assume_init()
    }
}

fn option(name: &str) -> Option<String> {
    std::env::args()
        .skip_while(|argument| argument != name)
        .nth(1)
}
