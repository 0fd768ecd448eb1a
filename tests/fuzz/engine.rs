//! Any text and any table through the engine of the project's own rules.
//!
//! An input is a header (where the engine's block ends, where chunks are cut), then the text. A text is worth nothing to
//! the borders unless one of the engine's blocks ends inside of it, so it is read at the end of a block of blank lines.

#![no_main]

use std::fs;
use std::ops::Range;
use std::path::Path;
use std::sync::LazyLock;

use beffroi_rules::detect::{Engine, Mask, Part, Tally};
use libfuzzer_sys::fuzz_target;

/// A border in two bytes, then the sizes of chunks.
const HEADER: usize = 8;
/// The sizes of `rules/src/detect/document.rs`: what is scanned at once, and what must follow it.
const BLOCK: usize = 32 * 1024;
const AHEAD: usize = 1024;
/// Cells stand between these.
const SEPARATORS: [char; 3] = [';', '\t', '|'];

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::embedded().expect("our rules are good"));

fuzz_target!(init: write_seeds(), |input: &[u8]| {
    let Some((header, text)) = input.split_at_checked(HEADER) else {
        return;
    };
    let text = String::from_utf8_lossy(text);
    explains_what_is_there(&text);
    reads_the_same_in_any_chunks(header, &text);
    reads_any_table(&text);
});

/// The magnifying glass of `rules test` finds what a scan finds, and everything it says is about this text.
fn explains_what_is_there(text: &str) {
    let examination = ENGINE.examine(text, None, None);
    assert_eq!(ENGINE.explain(text), examination.hits);

    let hits = examination.hits.iter();
    let hits = hits.map(|hit| (&hit.detector, &hit.span, &hit.masked));
    let misses = examination.misses.iter();
    let misses = misses.map(|miss| (&miss.detector, &miss.span, &miss.masked));
    for (detector, span, masked) in hits.chain(misses) {
        assert!(is_value(text, span), "{detector} at {span:?}");
        let mut rules = ENGINE.detectors().iter();
        let rule = rules.find(|rule| rule.id == *detector);
        assert!(
            rule.is_some_and(|rule| shows_no_more(&rule.mask, masked)),
            "{detector} shows {masked}"
        );
    }
    for stranger in &examination.strangers {
        assert!(is_value(text, &stranger.span), "{stranger:?}");
    }
}

fn is_value(text: &str, span: &Range<usize>) -> bool {
    text.get(span.clone())
        .is_some_and(|value| !value.is_empty())
}

fn reads_the_same_in_any_chunks(header: &[u8], text: &str) {
    let [low, high, sizes @ ..] = header else {
        return;
    };
    let border = usize::from(u16::from_le_bytes([*low, *high])) % (text.len() + 1);
    let before = "\n".repeat(BLOCK - border);
    let after = "\n".repeat(2 * AHEAD);

    // The last block of a whole text ends among the blank lines behind it.
    let whole = read([[&before, text, &after].concat().as_str()]);

    // What is read at once ends as soon as enough lies ahead: there, one chunk ends with certainty.
    let text_and_after = [text, &after].concat();
    let (first, second) =
        text_and_after.split_at(text_and_after.floor_char_boundary(border + AHEAD));
    let sizes = || sizes.iter().map(|size| usize::from(*size) + 1).cycle();
    let cut = chunks(first, sizes()).chain(chunks(second, sizes()));
    assert_eq!(
        whole,
        read(std::iter::once(before.as_str()).chain(cut)),
        "a block ends at {border}, chunks by {header:?}"
    );
    check_samples(&whole);
}

/// The pieces of a text, of these sizes one after the other.
fn chunks(mut text: &str, mut sizes: impl Iterator<Item = usize>) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let size = text.ceil_char_boundary(sizes.next()?);
        let (chunk, rest) = text.split_at(size);
        text = rest;
        (!chunk.is_empty()).then_some(chunk)
    })
}

fn reads_any_table(text: &str) {
    let mut document = ENGINE.document();
    document.begin(Part::Table {
        within: Some("feuille"),
        first_row: 1,
    });
    for line in text.split('\n') {
        let cells: Vec<&str> = line.split(SEPARATORS).collect();
        document.row(&cells);
    }
    check_samples(&document.finish().tallies);
}

fn read<'a>(chunks: impl IntoIterator<Item = &'a str>) -> Vec<Tally> {
    let mut document = ENGINE.document();
    document.begin(Part::Text { within: None });
    for chunk in chunks {
        document.text(chunk);
    }
    document.finish().tallies
}

/// Several rules may find one kind: the mask of one of them made the sample.
fn check_samples(tallies: &[Tally]) {
    for tally in tallies {
        for sample in &tally.samples {
            let mut rules = ENGINE.detectors().iter();
            assert!(
                rules.any(
                    |rule| rule.kind == tally.kind && shows_no_more(&rule.mask, &sample.masked)
                ),
                "{} shows {}",
                tally.kind.as_str(),
                sample.masked
            );
        }
    }
}

/// What a mask may show, said a second time.
fn shows_no_more(mask: &Mask, masked: &str) -> bool {
    match mask {
        Mask::Groups { show, between, .. } => {
            let symbols = masked.chars().filter(|symbol| symbol != between);
            let mut ranks = symbols.enumerate();
            ranks.all(|(rank, symbol)| {
                symbol == '•'
                    || show
                        .iter()
                        .any(|[start, end]| (*start..*end).contains(&rank))
            })
        }
        Mask::Email => match masked.split_once('@') {
            Some((name, domain)) => {
                let ending = domain.strip_prefix("•••.");
                name == "•••" && ending.unwrap_or(domain).chars().all(|letter| letter != '@')
            }
            None => masked == "•",
        },
        Mask::Date => masked
            .strip_prefix("••/••/")
            .is_some_and(|year| year.chars().count() == 4),
        // A few letters have two capitals: ß is SS.
        Mask::Initials => masked.split_whitespace().all(|name| {
            let initial = name.strip_suffix("••••");
            initial.is_some_and(|initial| initial.chars().count() <= 3)
        }),
        Mask::Nothing => masked.chars().all(|symbol| symbol == '•'),
    }
}

/// The examples of the rules, where `tests/fuzz/run` says: libFuzzer reads that folder after this.
fn write_seeds() {
    let Some(folder) = std::env::var_os("BEFFROI_FUZZ_SEEDS") else {
        return;
    };
    for rule in ENGINE.detectors() {
        for (rank, example) in rule.examples.iter().enumerate() {
            let seed = [&[0; HEADER], example.text.as_bytes()].concat();
            let path = Path::new(&folder).join(format!("{}-{rank}", rule.id));
            fs::write(path, seed).expect("seeds can be written");
        }
    }
}
