//! What a slot becomes: a value of a kind in one of its usual spellings, or something that only looks like one.

mod bank;
mod company;
mod contact;
mod decoys;
mod identity;
mod mrz;
mod papers;
mod people;
mod secrets;

use beffroi_towns::Dice;

use crate::encoding::Encoding;
use crate::people::Person;

/// What is written, and what it is; no kind for what is nobody's.
pub(crate) struct Value {
    pub(crate) kind: Option<&'static str>,
    pub(crate) written: String,
}

/// The hand that writes: chance, and the manner of this document.
pub(crate) struct Pen<'d> {
    pub(crate) dice: &'d mut Dice,
    /// The same number, the same spelling.
    pub(crate) habit: u32,
    pub(crate) encoding: Encoding,
}

pub(crate) fn draw(name: &str, person: &Person, pen: &mut Pen) -> Option<Value> {
    identity::draw(name, person, pen)
        .or_else(|| bank::draw(name, pen))
        .or_else(|| company::draw(name, person, pen))
        .or_else(|| contact::draw(name, person, pen))
        .or_else(|| papers::draw(name, pen))
        .or_else(|| mrz::draw(name, person, pen))
        .or_else(|| people::draw(name, person, pen))
        .or_else(|| secrets::draw(name, pen))
        .or_else(|| decoys::draw(name, pen))
}

impl Pen<'_> {
    /// One of the ways to write, by habit.
    fn way<'t, T>(&self, ways: &'t [T]) -> &'t T {
        // The lists are constants of this module, never empty.
        &ways[self.habit as usize % ways.len()]
    }
}

impl Value {
    fn of(kind: &'static str, written: impl Into<String>) -> Self {
        Self {
            kind: Some(kind),
            written: written.into(),
        }
    }

    fn nobodys(written: impl Into<String>) -> Self {
        Self {
            kind: None,
            written: written.into(),
        }
    }
}

/// Cuts an ASCII number in groups; the last size serves until the end.
fn grouped(number: &str, sizes: &[usize], separator: &str) -> String {
    let mut groups = Vec::new();
    let mut rest = number;
    let mut sizes = sizes.iter().copied();
    let mut size = number.len();
    while !rest.is_empty() {
        size = sizes.next().unwrap_or(size);
        let (group, after) = rest.split_at(size.min(rest.len()));
        groups.push(group);
        rest = after;
    }
    groups.join(separator)
}

const NBSP: &str = "\u{a0}";
const NARROW: &str = "\u{202f}";
/// I, O and U can be read as digits or as V.
const PLATE_LETTERS: [char; 23] = [
    'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'V',
    'W', 'X', 'Y', 'Z',
];
const CAPITALS: [char; 26] = [
    'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R', 'S',
    'T', 'U', 'V', 'W', 'X', 'Y', 'Z',
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_end_with_what_is_left() {
        assert_eq!(grouped("2550816802", &[1, 2, 3], " "), "2 55 081 680 2");
    }
}
