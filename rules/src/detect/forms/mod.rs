//! The forms that are no template: e-mail addresses, dates, machine-readable zones, addresses of networks, names, postal
//! addresses, secrets.
//!
//! Comes in: a text and the place of an anchor in it (`@`, a first digit, `<<`, a word of the rule). Goes out: the span of what is there and
//! its canonical spelling; the checks come after.

pub(super) mod address;
pub(super) mod date;
pub(super) mod email;
pub(super) mod ip;
pub(super) mod mac;
pub(super) mod mrz;
pub(super) mod parts;
pub(super) mod person;
pub(super) mod secret;

use std::ops::Range;

/// Something of the right form, not judged yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    pub span: Range<usize>,
    pub canonical: String,
    /// Possible, but not as most people write it.
    pub doubtful: bool,
}

/// The word made of `is_symbol` around `anchor`, when nothing else touches it.
fn token(
    text: &str,
    anchor: usize,
    longest: usize,
    is_symbol: impl Fn(u8) -> bool,
) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let count = |side: &mut dyn Iterator<Item = &u8>| {
        side.take(longest + 2)
            .take_while(|byte| is_symbol(**byte))
            .count()
    };
    let start = anchor - count(&mut bytes.get(..anchor)?.iter().rev());
    let end = anchor + count(&mut bytes.get(anchor..)?.iter());
    // A full stop may follow.
    if end - start > longest + 1 {
        return None;
    }
    let touches = |letter: Option<char>| {
        letter.is_some_and(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-'))
    };
    let before = text.get(..start)?.chars().next_back();
    let after = text.get(end..)?.chars().next();
    (!touches(before) && !touches(after)).then_some(start..end)
}

/// The lists of a rule, as its form reads them.
#[cfg(test)]
pub(super) fn lists_of<T: serde::de::DeserializeOwned>(rule: &str) -> T {
    let rule: toml::Table = rule.parse().unwrap();
    let mut find = rule["find"].as_table().unwrap().clone();
    find.remove("form");
    find.try_into().unwrap()
}
