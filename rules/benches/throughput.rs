//! How fast detection is, against the limits of the machine and against ripgrep, in one run on one thread.
//!
//! `cargo bench -p beffroi-rules` prints MB/s (10^6 bytes) and ratios; each figure is the best of three. What is read is a
//! file in the page cache, so that `read()` counts for everybody. Options behind `--`: `--mib 64` for the size of the corpus,
//! `--only NAME` for one of them, `--ours` to leave the peers out (for a profiler), `--rules three` or `--rules all`,
//! `--line` for the line of a gibibyte.
//!
//! - `mixed` is what a town hall has: prose, exports, logs, and few people in them. The targets are set on it. Its three
//!   parts are shown apart.
//! - `payroll` is the worst that is real: every cell of every row is somebody's.
//! - The others are nobody's texts; they show that the time is linear whatever comes.

#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a program for developers, on its own data"
)]

use std::fs::File;
use std::hint::black_box;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use beffroi_rules::detect::{Detector, Engine, Part};
use beffroi_rules::kinds::Kinds;

const BLOCK: usize = 64 * 1024;

/// As somebody would write them for ripgrep: bytes, no Unicode classes, no look-around.
const NIR_IBAN_EMAIL: [&str; 3] = [
    r"(?-u:\b[12] ?\d\d ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d\d|2[AB]) ?\d{3} ?\d{3} ?\d\d\b)",
    r"(?-u:\b[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b)",
    r"(?-u:\b[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}\b)",
];
const PHONE_CARD_SIRET: [&str; 3] = [
    r"(?-u:\b(?:\+33 ?|0)[1-9](?:[ .-]?\d\d){4}\b)",
    r"(?-u:\b(?:\d{4}[ -]?){3}\d{4}\b)",
    r"(?-u:\b\d{3} ?\d{3} ?\d{3} ?\d{5}\b)",
];

fn main() {
    // `cargo test --all-targets` runs benches too, unoptimised: figures of that kind would mislead.
    if !has_option("--bench") {
        println!("to measure: cargo bench -p beffroi-rules");
        return;
    }
    let kinds = Kinds::parse("kinds.toml", include_str!("../kinds.toml")).unwrap();
    let full = Engine::embedded().unwrap();
    let few: Vec<Detector> = full
        .detectors()
        .iter()
        .filter(|rule| ["nir", "iban", "email"].contains(&rule.id.as_str()))
        .cloned()
        .collect();
    let few = Engine::new(&kinds, &few).unwrap();
    let size = option("--mib").map_or(256, |mib| mib.parse().unwrap()) << 20;
    let folder = tempfile::tempdir().unwrap();
    let (peer, search) = peers();
    println!(
        "MB/s per thread; the three: NIR, IBAN, e-mail; the six: and phone, card, SIRET; {peer}"
    );
    println!(
        "{:<8} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}   {:>12} {:>16}",
        "corpus",
        "memchr",
        "digits",
        "rg three",
        "rg six",
        "our three",
        "all rules",
        "all/rg six",
        "our three/memchr"
    );
    for corpus in CORPORA {
        if option("--only").is_some_and(|only| only != corpus.name)
            || (corpus.name == "line" && !has_option("--line"))
        {
            continue;
        }
        let size = if corpus.name == "line" { 1 << 30 } else { size };
        let path = write(folder.path().join(corpus.name), size, corpus.generate);
        let with = |rules: &str, engine| {
            let is_left_out = option("--rules").is_some_and(|only| only != rules);
            if is_left_out {
                0.0
            } else {
                detect(&path, engine)
            }
        };
        let (three, all) = (with("three", &few), with("all", &full));
        if has_option("--ours") {
            println!("{:<8} {three:>9.0} {all:>9.0}", corpus.name);
            continue;
        }
        let memchr = rate(&path, |block| {
            black_box(memchr::memchr(0, block));
        });
        let digits = rate(&path, |block| {
            black_box(block.iter().filter(|byte| byte.is_ascii_digit()).count());
        });
        let rg_three = search(&path, &NIR_IBAN_EMAIL);
        let rg_six = search(&path, &[NIR_IBAN_EMAIL, PHONE_CARD_SIRET].concat());
        println!(
            "{:<8} {memchr:>9.0} {digits:>9.0} {rg_three:>9.0} {rg_six:>9.0} {three:>9.0} {all:>9.0}   {:>11.2}x {:>15.0}%",
            corpus.name,
            all / rg_six,
            100.0 * three / memchr
        );
        std::fs::remove_file(path).unwrap();
    }
}

type Search = fn(&Path, &[&str]) -> f64;

/// ripgrep where it is installed, else its regex engine in this process.
fn peers() -> (String, Search) {
    let version = Command::new("rg").arg("--version").output();
    match version {
        Ok(version) => {
            let line = String::from_utf8_lossy(&version.stdout);
            (line.lines().next().unwrap().to_owned(), ripgrep)
        }
        Err(_) => (
            "no rg on the path: its regex engine instead".to_owned(),
            regex,
        ),
    }
}

/// One thread, counts of lines.
fn ripgrep(path: &Path, patterns: &[&str]) -> f64 {
    best(path, || {
        let mut command = Command::new("rg");
        command.args([
            "--no-config",
            "--threads=1",
            "--no-mmap",
            "--text",
            "--count",
        ]);
        for pattern in patterns {
            command.args(["-e", pattern]);
        }
        command.arg(path).stdout(Stdio::null()).status().unwrap();
    })
}

fn regex(path: &Path, patterns: &[&str]) -> f64 {
    let regex = regex::bytes::Regex::new(&patterns.join("|")).unwrap();
    rate(path, |block| {
        black_box(regex.find_iter(block).count());
    })
}

struct Corpus {
    name: &'static str,
    generate: fn(&mut Random, &mut String),
}

const CORPORA: [Corpus; 11] = [
    Corpus {
        name: "mixed",
        generate: mixed,
    },
    Corpus {
        name: "prose",
        generate: |random, text| prose(random, text, "\n"),
    },
    Corpus {
        name: "export",
        generate: budget_row,
    },
    Corpus {
        name: "log",
        generate: log_line,
    },
    Corpus {
        name: "payroll",
        generate: payroll_row,
    },
    Corpus {
        name: "digits",
        generate: |_, text| text.push_str("0123456789012345678901234567890123456789"),
    },
    Corpus {
        name: "signs",
        generate: |_, text| text.push_str("@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@"),
    },
    Corpus {
        name: "spaces",
        generate: |_, text| text.push_str("                                "),
    },
    Corpus {
        name: "groups",
        generate: |_, text| text.push_str("1 85 05 12 34 56 "),
    },
    Corpus {
        name: "labels",
        generate: |_, text| text.push_str("né le nir né le iban "),
    },
    Corpus {
        name: "line",
        generate: |random, text| prose(random, text, " "),
    },
];

/// Files of some kilobytes after one another: letters and minutes, exports, logs.
fn mixed(random: &mut Random, text: &mut String) {
    let write = match random.below(4) {
        0 | 1 => |random: &mut Random, text: &mut String| prose(random, text, "\n"),
        2 => budget_row,
        _ => log_line,
    };
    (0..200).for_each(|_| write(random, text));
}

fn prose(random: &mut Random, text: &mut String, end: &str) {
    const SENTENCES: [&str; 12] = [
        "Le conseil municipal, réuni en séance ordinaire, a délibéré sur l'aménagement de la place de l'église et des abords de l'école.",
        "Les crédits nécessaires sont inscrits au budget, chapitre 21, article 2151, pour un montant de 12 500,00 euros.",
        "Mme la maire rappelle que le règlement de la cantine prévoit une inscription avant le 15 septembre de chaque année.",
        "Après en avoir délibéré, à l'unanimité, les membres présents approuvent la convention avec le centre de gestion.",
        "Vu le code général des collectivités territoriales, notamment ses articles L2121-29 et suivants ; considérant l'intérêt général,",
        "La séance est levée à vingt-deux heures trente ; le procès-verbal sera affiché en mairie et publié sur le site de la commune.",
        "Les travaux de voirie de la rue des Tilleuls commenceront au printemps, sous réserve de l'accord du département.",
        "Il est proposé de reconduire le contrat d'entretien des chaudières pour trois ans, au prix de 4 320 euros par an.",
        "La bibliothèque ouvrira désormais le mercredi après-midi et le samedi matin, avec l'aide des bénévoles.",
        "Monsieur le maire expose que la station d'épuration doit être mise aux normes avant le 31 décembre 2027.",
        "Le compte administratif fait apparaître un excédent de fonctionnement, affecté à la section d'investissement.",
        "Une réunion publique aura lieu à la salle des fêtes ; les habitants y sont conviés par voie d'affichage.",
    ];
    text.push_str(SENTENCES[random.below(SENTENCES.len())]);
    text.push_str(end);
    if random.below(60) == 0 {
        text.push_str("Contact : secretariat@mairie-saint-loup.fr, 02 61 91 33 21.");
        text.push_str(end);
    }
}

fn budget_row(random: &mut Random, text: &mut String) {
    const LABELS: [&str; 6] = [
        "Fournitures d'entretien",
        "Énergie - Électricité",
        "Voies et réseaux",
        "Honoraires",
        "Fêtes et cérémonies",
        "Maintenance",
    ];
    text.push_str(&format!(
        "2026;{};{};{};{},{:02};{:02}/{:02}/2026;{}\n",
        6000 + random.below(900),
        LABELS[random.below(LABELS.len())],
        1 + random.below(400),
        random.below(30_000),
        random.below(100),
        1 + random.below(28),
        1 + random.below(12),
        if random.below(3) == 0 {
            "payé"
        } else {
            "engagé"
        },
    ));
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

fn detect(path: &Path, engine: &Engine) -> f64 {
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

fn rate(path: &Path, mut look: impl FnMut(&[u8])) -> f64 {
    best(path, || each_block(path, &mut look))
}

/// The best of three, in MB/s.
fn best(path: &Path, mut run: impl FnMut()) -> f64 {
    let size = std::fs::metadata(path).unwrap().len() as f64;
    let seconds = (0..3).map(|_| {
        let start = Instant::now();
        run();
        start.elapsed().as_secs_f64()
    });
    size / 1e6 / seconds.fold(f64::INFINITY, f64::min)
}

fn each_block(path: &Path, mut look: impl FnMut(&[u8])) {
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

fn write(path: PathBuf, size: usize, generate: fn(&mut Random, &mut String)) -> PathBuf {
    let mut random = Random(42);
    let mut file = BufWriter::new(File::create(&path).unwrap());
    let (mut text, mut written) = (String::new(), 0);
    while written < size {
        text.clear();
        generate(&mut random, &mut text);
        file.write_all(text.as_bytes()).unwrap();
        written += text.len();
    }
    file.flush().unwrap();
    path
}

fn has_option(name: &str) -> bool {
    std::env::args().any(|argument| argument == name)
}

fn option(name: &str) -> Option<String> {
    std::env::args()
        .skip_while(|argument| argument != name)
        .nth(1)
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
