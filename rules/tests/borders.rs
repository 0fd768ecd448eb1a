//! Chunks may end anywhere: the result is the same. Time is linear and memory bounded whatever the text.

mod common;

use std::time::Duration;

use beffroi_rules::detect::{Part, Tally};
use common::{engine, nir, read_text};
use rustix::time::{ClockId, clock_gettime};

fn text() -> String {
    format!(
        "Fiche de l'élève\nNé(e) le 12/04/2015 à Évreux ; N° sécu : {}\nTél.\u{a0}: 06\u{a0}39 98 12\u{202f}34, jean.dupont@mairie-évreux.fr\n\
         IBAN FR14 2004 1010 0505\n  0001 3M02 606 ; SIRET 732 829 320 00074 ; AB-123-CD\n\
         IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<\n8806923102858CORINNE<<<<<<<6512068F6\nfacture 0612345678, 1850578006084 clé 91\n",
        nir("1850578006084"),
    )
}

fn read_chunks<'a>(chunks: impl IntoIterator<Item = &'a str>) -> Vec<Tally> {
    let mut document = engine().document();
    document.begin(Part::Text {
        within: Some("page 1"),
    });
    for chunk in chunks {
        document.text(chunk);
    }
    document.finish().tallies
}

#[test]
fn any_split_gives_the_same_tallies() {
    let text = text();
    let whole = read_chunks([text.as_str()]);
    assert_eq!(whole.len(), 8, "{whole:?}");
    for (middle, _) in text.char_indices() {
        let (first, second) = text.split_at(middle);
        assert_eq!(read_chunks([first, second]), whole, "split at {middle}");
    }
    let letters = text
        .char_indices()
        .map(|(at, letter)| &text[at..at + letter.len_utf8()]);
    assert_eq!(read_chunks(letters), whole);
}

#[test]
fn any_place_of_the_internal_block_gives_the_same_tallies() {
    let text = text();
    let expected = read_text(&text);
    // Every alignment of the text with the borders of the engine's own blocks.
    for padding in (0..text.len() + 8).map(|shift| 32 * 1024 - shift) {
        let padded = format!("{}\n{text}{}", " ".repeat(padding - 1), " ".repeat(40_000));
        let found = read_text(&padded);
        let counts = |tallies: &[Tally]| -> Vec<_> {
            tallies
                .iter()
                .map(|tally| (tally.kind.clone(), tally.count, tally.confidence))
                .collect()
        };
        assert_eq!(counts(&found), counts(&expected), "padding {padding}");
    }
}

#[test]
fn lines_are_counted_across_blocks() {
    let mut text = "ligne sans rien\n".repeat(10_000);
    text.push_str("jean@mairie.fr\n");
    let tallies = read_text(&text);
    assert_eq!(tallies[0].samples[0].place.to_string(), "ligne 10001");
}

#[test]
fn a_label_does_not_reach_the_next_part() {
    let mut document = engine().document();
    document.begin(Part::Text {
        within: Some("page 1"),
    });
    document.text("Date de naissance :");
    document.begin(Part::Text {
        within: Some("page 2"),
    });
    document.text(" 12/04/1985");
    assert_eq!(document.finish().tallies, []);
}

/// Eight times the text takes some eight times the time, on the worst texts that we know of; a quadratic engine would take
/// sixty-four times as long.
#[test]
fn time_is_linear() {
    for pattern in [
        "1",
        "@",
        " ",
        "<",
        "12 ",
        "0 1 ",
        "a@",
        "a.",
        "a@a.",
        "FR76 ",
        "1 85 05 ",
        "01/01/1985 ",
        "né le ",
        "AB-123-",
        "&nbsp;",
        "=\n",
        "0612345678 ",
        "é",
    ] {
        let short: String = pattern.repeat(50_000 / pattern.len());
        let long = short.repeat(8);
        let (quick, slow) = (time(&short), time(&long));
        assert!(
            slow < quick * 24 + Duration::from_millis(100),
            "{pattern:?}: {quick:?} then {slow:?} for eight times as much"
        );
    }
}

/// What the processor spent on it: other programs run beside the tests, and their time does not count.
fn time(text: &str) -> Duration {
    let spent = || Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default();
    let start = spent();
    read_text(text);
    spent().saturating_sub(start)
}
