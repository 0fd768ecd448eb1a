//! Any bytes through the readers of files: `tests/fuzz/run` feeds this program the documents of one family at a time.
//!
//! Nothing panics, everything ends, the limits hold, members open and close, text comes where a text was begun and rows
//! within a table. The agent's own folder is compiled in, for it needs nothing of the agent, whose other dependencies would
//! take minutes more to build.
//!
//! One exception: two libraries do not come back from some damage, libbz2-rs-sys 0.2.6 (it panics) and lzma-rust2 0.23 in 7z
//! (it never ends); no newer version of either is there. The agent's worker dies of it, which costs one file. Inputs that
//! bear their signatures anywhere are passed over.

#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;

use extract::{Limits, Outcome, Receiver, Source};

#[path = "../../../agent/src/extract/mod.rs"]
#[allow(dead_code, unused_imports)]
mod extract;

const KIB: u64 = 1024;

/// Small enough to be reached by small inputs.
const LIMITS: Limits = Limits {
    depth: 3,
    entries: 200,
    held_bytes: 256 * KIB,
    whole_bytes: 1024 * KIB,
    expanded_bytes: 1024 * KIB,
    ratio: 100,
    expanded_floor_bytes: 512 * KIB,
    pages: 20,
    cells: 20_000,
};

/// Markup becomes words around a value, a cell its separator: what is given may be longer than what was read.
const MOST_GIVEN: u64 = 16 * 1024 * KIB;

/// bzip2, alone or in a tar; 7z.
const DEADLY: [&[u8]; 2] = [b"BZh", b"7z\xbc\xaf\x27\x1c"];

fuzz_target!(|input: &[u8]| {
    let holds = |signature: &[u8]| input.windows(signature.len()).any(|part| part == signature);
    if DEADLY.into_iter().any(holds) {
        return;
    }
    let size_bytes = u64::try_from(input.len()).unwrap_or(u64::MAX);
    let mut listener = Listener::default();
    let mut file = Cursor::new(input);
    let opened = extract::open(Source::File(&mut file), size_bytes, LIMITS);
    let opened = opened.expect("bytes in memory can be read");
    let outcome = opened.extract(&mut listener);
    outcome.expect("no disk fails here");
    assert!(listener.outside.is_empty(), "every member ends");
});

#[derive(Default)]
struct Listener {
    /// Of the outer file.
    begun: Begun,
    /// Of what is outside the member that is being read, outermost first.
    outside: Vec<Begun>,
    members: u64,
    given: u64,
}

/// What may come next.
#[derive(Debug, Default, PartialEq, Eq)]
enum Begun {
    #[default]
    Nothing,
    Text,
    Table,
}

impl Listener {
    fn count(&mut self, bytes: usize) {
        self.given += u64::try_from(bytes).unwrap_or(u64::MAX);
        assert!(self.given <= MOST_GIVEN, "more is given than is in there");
    }

    fn begin(&mut self, begun: Begun, within: Option<&str>) {
        self.begun = begun;
        self.count(within.map_or(0, str::len));
    }
}

impl Receiver for Listener {
    fn begin_text(&mut self, within: Option<&str>) {
        self.begin(Begun::Text, within);
    }

    fn text(&mut self, chunk: &str) {
        assert_eq!(self.begun, Begun::Text, "a text that was begun");
        self.count(chunk.len());
    }

    fn begin_table(&mut self, within: Option<&str>, _first_row: u64) {
        self.begin(Begun::Table, within);
    }

    fn row(&mut self, cells: &[&str]) {
        assert_eq!(self.begun, Begun::Table, "a row within a table");
        self.count(1);
        for cell in cells {
            self.count(1 + cell.len());
        }
    }

    fn begin_member(&mut self, name: &str) {
        self.outside.push(std::mem::take(&mut self.begun));
        self.members += 1;
        assert!(self.members <= LIMITS.entries, "too many members");
        // A document that is no file of its own is one step more than the depth counts.
        assert!(self.outside.len() <= 2 * (LIMITS.depth + 1), "too deep");
        self.count(name.len());
    }

    fn end_member(&mut self, _outcome: &Outcome<'_>, _size_bytes: u64) {
        self.begun = self.outside.pop().expect("a member was begun");
    }
}
