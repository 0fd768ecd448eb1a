//! How fast detection is, against the limits of the machine and against a regex search, in one run on one thread.
//!
//! `cargo bench -p beffroi-rules` prints MB/s and ratios; `-- --mib 256` sets the size of each corpus. What is read is a
//! file in the page cache, so that `read()` counts for everybody.

#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a program for developers, on its own data"
)]

use std::fs::File;
use std::hint::black_box;
use std::io::Read;
use std::path::PathBuf;
use std::time::Instant;

use beffroi_rules::detect::{Detector, Engine, Part};
use beffroi_rules::kinds::Kinds;

const BLOCK: usize = 64 * 1024;

/// As somebody would write them for ripgrep: bytes, no Unicode classes, no look-around.
const THREE_PATTERNS: &str = r"(?-u:\b[12] ?\d\d ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d\d|2[AB]) ?\d{3} ?\d{3} ?\d\d\b)|(?-u:\b[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b)|(?-u:\b[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}\b)";
const SIX_MORE: &str = r"|(?-u:\b(?:\+33 ?|0)[1-9](?:[ .-]?\d\d){4}\b)|(?-u:\b(?:\d{4}[ -]?){3}\d{4}\b)|(?-u:\b\d{3} ?\d{3} ?\d{3} ?\d{5}\b)";

fn main() {
    // `cargo test --all-targets` runs benches too, unoptimised: figures of that kind would mislead.
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("to measure: cargo bench -p beffroi-rules");
        return;
    }
    let size = mebibytes() * 1024 * 1024;
    let kinds = Kinds::parse("kinds.toml", include_str!("../kinds.toml")).unwrap();
    let full = Engine::embedded().unwrap();
    let few: Vec<Detector> = full
        .detectors()
        .iter()
        .filter(|rule| ["nir", "iban", "email"].contains(&rule.id.as_str()))
        .cloned()
        .collect();
    let few = Engine::new(&kinds, &few).unwrap();
    let three = regex::bytes::Regex::new(THREE_PATTERNS).unwrap();
    let six = regex::bytes::Regex::new(&format!("{THREE_PATTERNS}{SIX_MORE}")).unwrap();

    println!(
        "{:<10} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}   full/six  few/memchr",
        "MB/s", "memchr", "digits", "3 regex", "6 regex", "few", "full"
    );
    let folder = tempfile::tempdir().unwrap();
    let only = std::env::args()
        .skip_while(|argument| argument != "--only")
        .nth(1);
    let solo = std::env::args().any(|argument| argument == "--solo");
    let who_only = std::env::args()
        .skip_while(|argument| argument != "--who")
        .nth(1);
    for (name, generate) in CORPORA {
        if only.as_deref().is_some_and(|only| only != name) {
            continue;
        }
        let path = write(folder.path().join(name), size, generate);
        if solo {
            for (who, engine) in [("few", &few), ("full", &full)] {
                if who_only.as_deref().is_some_and(|only| only != who) {
                    continue;
                }
                println!("{name} {who} {:.0}", detect(&path, engine));
            }
            continue;
        }
        let memchr = rate(&path, |block| {
            black_box(memchr::memchr(0, block));
        });
        let digits = rate(&path, |block| {
            black_box(block.iter().filter(|byte| byte.is_ascii_digit()).count());
        });
        let three = rate(&path, |block| {
            black_box(three.find_iter(block).count());
        });
        let six = rate(&path, |block| {
            black_box(six.find_iter(block).count());
        });
        let few = detect(&path, &few);
        let full = detect(&path, &full);
        println!(
            "{name:<10} {memchr:>9.0} {digits:>9.0} {three:>9.0} {six:>9.0} {few:>9.0} {full:>9.0}   {:>8.2}  {:>9.2}",
            full / six,
            few / memchr
        );
        std::fs::remove_file(path).unwrap();
    }
}

type Generate = fn(&mut Random, &mut String);

const CORPORA: [(&str, Generate); 7] = [
    ("prose", prose),
    ("log", log_line),
    ("payroll", payroll_row),
    ("digits", |_, text| {
        text.push_str("0123456789012345678901234567890123456789");
    }),
    ("signs", |_, text| {
        text.push_str("@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@");
    }),
    ("spaces", |_, text| {
        text.push_str("                                ");
    }),
    ("groups", |_, text| text.push_str("1 85 05 12 34 56 ")),
];

fn prose(random: &mut Random, text: &mut String) {
    const SENTENCES: [&str; 6] = [
        "Le conseil municipal, réuni en séance ordinaire, a délibéré sur l'aménagement de la place de l'église et des abords de l'école.\n",
        "Les crédits nécessaires sont inscrits au budget, chapitre 21, article 2151, pour un montant de 12 500,00 euros.\n",
        "Mme la maire rappelle que le règlement de la cantine prévoit une inscription avant le 15 septembre de chaque année.\n",
        "Après en avoir délibéré, à l'unanimité, les membres présents approuvent la convention avec le centre de gestion.\n",
        "Vu le code général des collectivités territoriales, notamment ses articles L2121-29 et suivants ; considérant l'intérêt général,\n",
        "La séance est levée à vingt-deux heures trente ; le procès-verbal sera affiché en mairie et publié sur le site de la commune.\n",
    ];
    text.push_str(SENTENCES[random.below(6)]);
    if random.below(40) == 0 {
        text.push_str("Contact : secretariat@mairie-saint-loup.fr, 02 61 91 33 21.\n");
    }
}

fn log_line(random: &mut Random, text: &mut String) {
    text.push_str(&format!(
        "2026-03-{:02} {:02}:{:02}:{:02},{:03} INFO [worker-{}] 192.168.{}.{} GET /etat-civil/acte/{} HTTP/1.1 200 {} {:08x}\n",
        1 + random.below(28), random.below(24), random.below(60), random.below(60), random.below(1000), random.below(16),
        random.below(256), random.below(256), random.below(100_000), random.below(1_000_000), random.below(1 << 32),
    ));
}

fn payroll_row(random: &mut Random, text: &mut String) {
    let body = format!(
        "{}{:02}{:02}27{:03}{:03}",
        1 + random.below(2),
        random.below(100),
        1 + random.below(12),
        1 + random.below(600),
        1 + random.below(998)
    );
    let key = 97 - body.parse::<u64>().unwrap() % 97;
    text.push_str(&format!(
        "DURAND;Camille;{body}{key:02};{:02}/{:02}/19{:02};0639{:06};agent{}@mairie.fr;{},{:02};FR7630006000011234567890189\n",
        1 + random.below(28), 1 + random.below(12), 50 + random.below(50), random.below(1_000_000), random.below(1000), 1500 + random.below(2000), random.below(100),
    ));
}

fn detect(path: &PathBuf, engine: &Engine) -> f64 {
    best(path, || {
        let mut document = engine.document();
        document.begin(Part::Text { within: None });
        // What the agent does: bytes are checked, a letter cut by the border of a block waits for its end.
        let mut file = File::open(path).unwrap();
        let (mut block, mut left) = (vec![0; BLOCK], 0);
        loop {
            let read = file.read(&mut block[left..]).unwrap();
            if read == 0 {
                break;
            }
            let filled = &block[..left + read];
            let text = simdutf8::basic::from_utf8(filled).unwrap_or_else(|_| {
                let whole = simdutf8::compat::from_utf8(filled)
                    .unwrap_err()
                    .valid_up_to();
                simdutf8::basic::from_utf8(&filled[..whole]).unwrap()
            });
            document.text(text);
            let whole = text.len();
            left += read - whole;
            block.copy_within(whole..whole + left, 0);
        }
        black_box(document.finish());
    })
}

fn rate(path: &PathBuf, mut look: impl FnMut(&[u8])) -> f64 {
    best(path, || each_block(path, &mut look))
}

/// The best of three, in MB/s.
fn best(path: &PathBuf, mut run: impl FnMut()) -> f64 {
    let size = std::fs::metadata(path).unwrap().len() as f64;
    let seconds = (0..3).map(|_| {
        let start = Instant::now();
        run();
        start.elapsed().as_secs_f64()
    });
    size / 1e6 / seconds.fold(f64::INFINITY, f64::min)
}

fn each_block(path: &PathBuf, mut look: impl FnMut(&[u8])) {
    let mut file = File::open(path).unwrap();
    let mut buffer = vec![0; BLOCK];
    loop {
        let read = file.read(&mut buffer).unwrap();
        if read == 0 {
            return;
        }
        look(&buffer[..read]);
    }
}

fn write(path: PathBuf, size: usize, generate: Generate) -> PathBuf {
    let mut random = Random(42);
    let mut text = String::with_capacity(size + 1024);
    while text.len() < size {
        generate(&mut random, &mut text);
    }
    std::fs::write(&path, text).unwrap();
    path
}

fn mebibytes() -> usize {
    let arguments: Vec<String> = std::env::args().collect();
    let given = arguments
        .windows(2)
        .find(|pair| pair[0] == "--mib")
        .and_then(|pair| pair[1].parse().ok());
    given.unwrap_or(32)
}

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}
