//! A town against a search that knows nothing of how it was made: plain patterns over the decoded bytes on disk.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy.toml allows them in test functions, not in the helpers beside"
)]

mod dumb;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use beffroi_towns::{Encoding, Kind, LeakSearch, Manifest, Options, TownFile, Verdict, generate};
use regex::Regex;

use dumb::{bare, dumb_search, iban, luhn, nir, rib, spi};

/// Built once: most tests only read.
static TOWNS: LazyLock<[Built; 3]> = LazyLock::new(|| [1, 7, 2026].map(Built::new));
static LEAKS: LazyLock<LeakSearch> = LazyLock::new(|| LeakSearch::new(&TOWNS[0].manifest).unwrap());

struct Built {
    manifest: Manifest,
    bytes: BTreeMap<String, Vec<u8>>,
}

impl Built {
    fn new(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = Options {
            seed,
            ..Options::default()
        };
        let manifest = generate(&options, folder.path()).unwrap();
        Self {
            manifest,
            bytes: files_under(folder.path(), folder.path()),
        }
    }

    fn bytes(&self, file: &TownFile) -> &[u8] {
        &self.bytes[&file.path]
    }

    fn text(&self, file: &TownFile) -> String {
        decode(self.bytes(file), file.encoding)
    }

    fn text_files(&self) -> impl Iterator<Item = &TownFile> {
        self.manifest
            .files
            .iter()
            .filter(|file| file.encoding != Encoding::Binary)
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let (one, two) = (Built::new(5), Built::new(5));

    assert_eq!(one.manifest, two.manifest);
    for file in &one.manifest.files {
        assert_eq!(one.bytes(file), two.bytes(file), "{}", file.path);
    }
    assert_ne!(one.manifest.people, Built::new(6).manifest.people);
}

#[test]
fn the_manifest_lists_every_file_and_only_those() {
    let built = &TOWNS[0];

    let on_disk: Vec<&str> = built.bytes.keys().map(String::as_str).collect();
    let listed: Vec<&str> = built
        .manifest
        .files
        .iter()
        .map(|file| file.path.as_str())
        .collect();
    assert_eq!(on_disk, listed);
    for file in &built.manifest.files {
        assert_eq!(built.bytes(file).len(), file.size_bytes, "{}", file.path);
    }
}

#[test]
fn a_share_has_the_size_and_the_variety_of_a_small_town_hall() {
    let manifest = &TOWNS[0].manifest;

    assert!(
        (120..=200).contains(&manifest.files.len()),
        "{} files",
        manifest.files.len()
    );
    let size_bytes: usize = manifest.files.iter().map(|file| file.size_bytes).sum();
    assert!(
        (1_000_000..6_000_000).contains(&size_bytes),
        "{size_bytes} bytes"
    );
    for kind in Kind::ALL {
        assert!(
            manifest
                .expected_counts()
                .get(&kind)
                .is_some_and(|count| *count >= 6),
            "too few {}",
            kind.id()
        );
    }
    for verdict in [
        Verdict::Read,
        Verdict::Excluded,
        Verdict::Encrypted,
        Verdict::Unsupported,
    ] {
        assert!(
            manifest.verdicts().contains_key(&verdict),
            "no file is {verdict:?}"
        );
    }
    let clean = manifest
        .files
        .iter()
        .filter(|file| file.verdict == Verdict::Read && file.expected.is_empty());
    assert!(
        clean.count() >= 10,
        "a scan must also be able to say that a file is clean"
    );
    for place in ["2A", "2B"] {
        assert!(
            manifest
                .people
                .iter()
                .any(|person| person.nir[5..].starts_with(place)),
            "nobody is born in {place}"
        );
    }
    for place in ["97", "99"] {
        assert!(
            manifest
                .people
                .iter()
                .any(|person| person.nir[5..].starts_with(place)),
            "nobody is born in {place}"
        );
    }
}

#[test]
fn every_planted_value_stands_where_the_manifest_says() {
    for built in TOWNS.iter() {
        for file in built.text_files() {
            let text = built.text(file);
            let lines: Vec<&str> = text.lines().collect();
            let places = file
                .planted
                .iter()
                .map(|planted| (planted.line, planted.column, &planted.written));
            let decoys = file
                .decoys
                .iter()
                .map(|decoy| (decoy.line, decoy.column, &decoy.written));
            for (line, column, written) in places.chain(decoys) {
                let line = lines[line - 1];
                assert!(
                    line.contains(written.as_str()),
                    "{}: {written} is not in {line}",
                    file.path
                );
                let Some(column) = column else { continue };
                assert!(
                    cells(line, delimiter(lines[0]))[column - 1].contains(written.as_str()),
                    "{}: {written}",
                    file.path
                );
            }
        }
    }
}

#[test]
fn counts_equal_what_a_dumb_search_finds() {
    for built in TOWNS.iter() {
        for file in built.text_files() {
            let found = dumb_search(file, built.text(file));
            let mut planted = BTreeMap::new();
            for value in file
                .planted
                .iter()
                .filter(|value| value.kind != Kind::BirthDate)
            {
                *planted.entry(value.kind).or_insert(0) += 1;
            }
            assert_eq!(
                found, planted,
                "{} (seed {})",
                file.path, built.manifest.seed
            );
        }
    }
}

#[test]
fn expected_counts_are_those_of_the_planted_values() {
    for file in &TOWNS[0].manifest.files {
        let expected: usize = file.expected.values().map(|expected| expected.count).sum();
        let planted = if file.verdict == Verdict::Read {
            file.planted.len()
        } else {
            0
        };
        assert_eq!(expected, planted, "{}", file.path);
        assert!(
            file.expected
                .values()
                .all(|expected| (1..=expected.count).contains(&expected.distinct)),
            "{}",
            file.path
        );
    }
}

#[test]
fn no_telephone_can_ring_and_no_mail_can_arrive() {
    let phone = Regex::new(r"^(063998|019900|026191|035301|046571|053649)\d{4}$").unwrap();
    for built in TOWNS.iter() {
        for planted in built.manifest.files.iter().flat_map(|file| &file.planted) {
            match planted.kind {
                Kind::Phone => assert!(phone.is_match(&planted.value), "{}", planted.value),
                Kind::Email => assert!(planted.value.ends_with(".example"), "{}", planted.value),
                _ => {}
            }
        }
    }
}

#[test]
fn no_decoy_passes_for_what_it_must_not_be() {
    for built in TOWNS.iter() {
        for decoy in built.manifest.files.iter().flat_map(|file| &file.decoys) {
            let bare = bare(&decoy.written);
            for kind in &decoy.not {
                let passes = match kind {
                    Kind::Iban => iban(&bare),
                    Kind::Nir => nir(&bare),
                    Kind::Spi => bare.len() == 13 && bare != "0000000000000" && spi(&bare),
                    Kind::Rib => bare.get(4..).is_some_and(rib),
                    Kind::PaymentCard => {
                        bare.len() == 16 && bare.parse::<u64>().is_ok() && luhn(&bare)
                    }
                    _ => false,
                };
                assert!(
                    !passes,
                    "{} is a true {} (seed {})",
                    decoy.written,
                    kind.id(),
                    built.manifest.seed
                );
            }
        }
    }
}

#[test]
fn the_numbers_of_the_controllers_are_no_secret_and_all_others_are() {
    let manifest = &TOWNS[0].manifest;
    let values = manifest.planted_values();

    assert!(!values.contains(&(Kind::Siret, manifest.commune.siret.clone())));
    let excluded = manifest
        .files
        .iter()
        .find(|file| file.path.ends_with("Durand/comptes.txt"))
        .unwrap();
    for planted in &excluded.planted {
        assert!(values.contains(&(planted.kind, planted.value.clone())));
    }
}

#[test]
fn a_leak_is_found_in_any_encoding_and_clean_bytes_are_not_accused() {
    let built = &TOWNS[0];

    for file in built.text_files().filter(|file| !file.planted.is_empty()) {
        let tells = |kind| kind != Kind::BirthDate && kind != Kind::Siret;
        if file.planted.iter().any(|planted| tells(planted.kind)) {
            assert!(
                !LEAKS.leaks_in(built.bytes(file)).is_empty(),
                "{}",
                file.path
            );
        }
    }
    let clean = built
        .text_files()
        .filter(|file| file.planted.is_empty() && file.decoys.is_empty());
    for file in clean {
        assert!(
            LEAKS.leaks_in(built.bytes(file)).is_empty(),
            "{}",
            file.path
        );
    }
}

#[test]
fn a_masked_sample_is_no_leak() {
    let person = &TOWNS[0].manifest.people[100];
    let domain = person.email.split_once('@').unwrap().1;

    let masked = format!(
        "{} {} ** ** *** *** ** {}•••••• •••@{domain}",
        &person.nir[..1],
        &person.nir[1..3],
        &person.iban[..9]
    );

    assert!(LEAKS.leaks_in(masked.as_bytes()).is_empty());
}

#[test]
fn refuses_a_folder_that_holds_something() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("here.txt"), "first").unwrap();

    let error = generate(&Options::default(), folder.path()).unwrap_err();

    assert!(error.to_string().contains("not empty"), "{error}");
}

fn decode(bytes: &[u8], encoding: Encoding) -> String {
    let decoder = match encoding {
        Encoding::Utf8 | Encoding::Utf8Bom => encoding_rs::UTF_8,
        Encoding::Windows1252 => encoding_rs::WINDOWS_1252,
        Encoding::Iso885915 => encoding_rs::ISO_8859_15,
        Encoding::Utf16Le => encoding_rs::UTF_16LE,
        Encoding::Utf16Be => encoding_rs::UTF_16BE,
        // Planted values are ASCII there; a letter stands for each accent.
        Encoding::Cp850 => {
            return bytes
                .iter()
                .map(|byte| {
                    if byte.is_ascii() {
                        char::from(*byte)
                    } else {
                        'é'
                    }
                })
                .collect();
        }
        Encoding::Binary => panic!("not text"),
    };
    decoder.decode(bytes).0.into_owned()
}

fn delimiter(header: &str) -> char {
    *['\t', ';', ',']
        .iter()
        .max_by_key(|delimiter| header.matches(**delimiter).count())
        .unwrap()
}

fn cells(line: &str, delimiter: char) -> Vec<String> {
    let (mut cells, mut in_quotes) = (vec![String::new()], false);
    for c in line.chars() {
        match c {
            '"' => in_quotes = !in_quotes,
            c if c == delimiter && !in_quotes => cells.push(String::new()),
            c => cells.last_mut().unwrap().push(c),
        }
    }
    cells
}

fn files_under(folder: &Path, root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_under(&path, root));
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap();
            files.insert(name.replace('\\', "/"), fs::read(&path).unwrap());
        }
    }
    files
}
