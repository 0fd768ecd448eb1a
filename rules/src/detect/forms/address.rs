//! Postal addresses: a number, a kind of street, its name, often a postcode and a town.
//!
//! Comes in: a text and the place of a kind of street in it (« rue », « bd », « lieu-dit »). Without a number there is no
//! address, but for hamlets and residences, which need a postcode. An address without a postcode is doubtful.

use std::ops::Range;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::{Shape, person};
use crate::detect::people::People;
use crate::detect::vocabulary::Standing;
use crate::text::{find_words, fold};

/// From the kind of street to the end of the town.
const LONGEST: usize = 160;
/// The name of a street.
const LONGEST_NAME: usize = 64;
/// Before the kind of street: « 12 bis, ».
const LONGEST_NUMBER: usize = 24;
/// The postcode is on the same line or on one of the next.
const MOST_LINES: usize = 2;

/// How far before an address the one who lives there is named.
const RESIDENT: usize = 90;

/// What the rule says of streets; folded.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Streets {
    /// Kinds of street, short forms included.
    streets: Vec<String>,
    /// Those that are ordinary words too: their name begins with a capital.
    also_words: FxHashSet<String>,
    /// They are whole names: « 12 Grande Rue ».
    without_name: FxHashSet<String>,
    /// Places without numbers.
    without_number: FxHashSet<String>,
    /// Before a number, they say that it counts something else.
    not_numbers: FxHashSet<String>,
    /// Their address is nobody's.
    organisations: Vec<String>,
}

impl Streets {
    pub(in crate::detect) fn anchors(&self) -> impl Iterator<Item = (String, Standing)> {
        self.streets
            .iter()
            .map(|street| (street.clone(), Standing::Whole))
    }
}

/// The address whose kind of street is `word`.
pub(in crate::detect) fn read(
    text: &str,
    word: Range<usize>,
    streets: &Streets,
    people: &People,
) -> Option<Shape> {
    // Most streets of a text have no number: nothing else is read of them.
    let number = number_start(text, word.start, streets);
    let kind = fold(text.get(word.clone())?);
    if number.is_none() && !streets.without_number.contains(&kind) {
        return None;
    }
    let name_end = if streets.without_name.contains(&kind) {
        word.end
    } else {
        name_end(text, word.end, streets.also_words.contains(&kind))?
    };
    let town_end = town_end(text, name_end);
    let start = match number {
        Some(start) => start,
        None if town_end.is_some() => word.start,
        None => return None,
    };
    let end = town_end.unwrap_or(name_end);
    let doubtful = match resident(text, start, streets, people) {
        Resident::Person => false,
        Resident::Unknown => town_end.is_none(),
        Resident::Organisation if town_end.is_none() => return None,
        Resident::Organisation => true,
    };
    Some(Shape {
        span: start..end,
        canonical: canonical(text.get(start..end)?),
        doubtful,
    })
}

/// Who is named before an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Resident {
    Person,
    Organisation,
    Unknown,
}

/// The nearest that is named on the lines before: « M. Durand », « SARL Durand », « Mairie de… ».
fn resident(text: &str, address: usize, streets: &Streets, people: &People) -> Resident {
    let from = text.ceil_char_boundary(address.saturating_sub(RESIDENT));
    let before = text.get(from..address).unwrap_or_default();
    let before = before.rsplit("\n\n").next().unwrap_or_default();
    let folded = fold(before);
    let organisations = streets.organisations.iter();
    let organisation = organisations
        .filter_map(|word| find_words(&folded, word).last())
        .map(|found| folded.len() - found.end)
        .min();
    let person =
        last_person(text, address - before.len()..address, people).map(|end| address - end);
    match (person, organisation) {
        (Some(person), Some(organisation)) if organisation < person => Resident::Organisation,
        (Some(_), _) => Resident::Person,
        (None, Some(_)) => Resident::Organisation,
        (None, None) => Resident::Unknown,
    }
}

/// Where the last name of somebody ends in this part of the text.
fn last_person(text: &str, range: Range<usize>, people: &People) -> Option<usize> {
    let part = text.get(range.clone())?;
    let starts = part.char_indices().filter(|(at, letter)| {
        let before = part.get(..*at).unwrap_or_default();
        letter.is_uppercase() && !before.ends_with(char::is_alphanumeric)
    });
    let names = starts.filter_map(|(at, letter)| {
        let at = range.start + at;
        person::read(text, at..at + letter.len_utf8(), people)
    });
    names
        .map(|name| name.span.end)
        .filter(|end| *end <= range.end)
        .max()
}

/// Where « 12 », « 12 bis, », « 3-5 », « n° 4 B » begins before the kind of street.
fn number_start(text: &str, street: usize, streets: &Streets) -> Option<usize> {
    let from = text.ceil_char_boundary(street.saturating_sub(LONGEST_NUMBER));
    let before = text.get(from..street)?;
    if !before.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let before = before.rsplit(['\n', '\r']).next()?;
    let rest = before.trim_end_matches([' ', '\u{a0}', '\u{202f}', ',']);
    let rest = without_repetition(rest);
    let digits = digits_at_end(rest)?;
    // « en 2024, rue des Lilas »
    let is_year = digits == 4
        && before.contains(',')
        && matches!(
            rest.as_bytes().get(rest.len() - 4..),
            Some([b'1', b'9', ..] | [b'2', b'0', ..])
        );
    if is_year {
        return None;
    }
    let mut head = rest.get(..rest.len() - digits)?;
    // « 3-5 rue », « 12/14 rue », « 12 et 14 rue ».
    for joint in ["-", "/", " et ", " à "] {
        if let Some(range) = head
            .strip_suffix(joint)
            .or_else(|| head.trim_end().strip_suffix(joint.trim()))
        {
            let range = without_repetition(range.trim_end());
            if let Some(first) = digits_at_end(range) {
                head = range.get(..range.len() - first)?;
            }
        }
    }
    if is_something_else(head, streets) {
        return None;
    }
    Some(street - before.len() + head.len())
}

/// What a number belongs to that stands after this.
fn is_something_else(head: &str, streets: &Streets) -> bool {
    let glued = head.ends_with(|letter: char| {
        letter.is_alphanumeric()
            || matches!(letter, '.' | ',' | '/' | '-' | '+' | '_' | '#' | '€' | '%')
    });
    let word = head
        .trim_end()
        .rsplit(|letter: char| letter.is_whitespace())
        .next()
        .unwrap_or_default();
    glued || streets.not_numbers.contains(&fold(word))
}

fn without_repetition(number: &str) -> &str {
    let trimmed = number.trim_end();
    for ending in ["bis", "ter", "quater", "Bis", "Ter", "BIS", "TER"] {
        if let Some(rest) = trimmed.strip_suffix(ending) {
            return rest.trim_end();
        }
    }
    let mut letters = trimmed.chars().rev();
    match (letters.next(), letters.next()) {
        (Some('a'..='f' | 'A'..='F'), Some(' ' | '0'..='9')) => trimmed
            .get(..trimmed.len() - 1)
            .unwrap_or(trimmed)
            .trim_end(),
        _ => trimmed,
    }
}

/// How many digits end the text: one to four, and no zero first.
fn digits_at_end(text: &str) -> Option<usize> {
    let digits = text.bytes().rev().take_while(u8::is_ascii_digit).count();
    let first = text.as_bytes().get(text.len() - digits);
    ((1..=4).contains(&digits) && first != Some(&b'0')).then_some(digits)
}

/// Where the name of the street ends: at punctuation, a line's end, a postcode.
fn name_end(text: &str, from: usize, needs_capital: bool) -> Option<usize> {
    let rest = text.get(from..text.floor_char_boundary(from + LONGEST_NAME))?;
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    let from = from + usize::from(text.as_bytes().get(from) == Some(&b'.'));
    let name = rest
        .split([
            ',', ';', '\n', '\r', '|', '"', '<', '>', '\t', '(', ')', ':', '\\', '{', '}', '!', '?',
        ])
        .next()?;
    let name = name.split(" - ").next()?.split("  ").next()?;
    let name = cut_sentence(cut_postcode(name)).trim_end_matches([' ', '.', '\u{a0}']);
    let mut words = name
        .split([' ', '\u{a0}', '\u{202f}', '\'', '’', '-'])
        .filter(|word| !word.is_empty());
    let first = words.clone().find(|word| !is_link(word))?;
    if !name.starts_with([' ', '\u{a0}', '\u{202f}']) {
        return None;
    }
    let has_link = words.next().is_some_and(is_link);
    let is_capital =
        first.starts_with(|letter: char| letter.is_uppercase() || letter.is_ascii_digit());
    let is_name = is_capital || (has_link && !needs_capital);
    let is_long_enough =
        first.chars().count() >= 2 || first.starts_with(|letter: char| letter.is_ascii_digit());
    (is_name && is_long_enough).then(|| from + name.len())
}

/// « rue des Lilas est barrée »: the name ends where a small word that no name holds follows.
fn cut_sentence(name: &str) -> &str {
    const WORDS: &[&str] = &[
        "est", "sont", "sera", "a", "à", "et", "pour", "par", "avec", "qui", "que", "dans",
        "depuis", "le", "où", "ou", "entre", "chez", "né", "née", "tel", "appt", "apt", "bât",
        "bat", "BP",
    ];
    const BEGINNINGS: &[&str] = &["jusqu", "tél", "Tél", "Tel", "tel.", "étage"];
    let breaks = |at: &usize| {
        let rest = name.get(at + 1..).unwrap_or_default();
        let word = rest.split_once(' ').map(|(word, _)| word);
        word.is_some_and(|word| WORDS.contains(&word))
            || BEGINNINGS.iter().any(|word| rest.starts_with(word))
    };
    let mut spaces = memchr::memchr_iter(b' ', name.as_bytes()).filter(|at| *at > 0);
    let cut = spaces.find(breaks);
    cut.and_then(|cut| name.get(..cut)).unwrap_or(name)
}

fn cut_postcode(name: &str) -> &str {
    postcode(name).and_then(|at| name.get(..at)).unwrap_or(name)
}

fn is_link(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "de" | "du"
            | "des"
            | "la"
            | "le"
            | "les"
            | "l"
            | "d"
            | "aux"
            | "au"
            | "à"
            | "en"
            | "sur"
            | "sous"
    )
}

/// Where the town ends, when a postcode and a capitalised name follow within two lines.
fn town_end(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..text.floor_char_boundary(from + LONGEST))?;
    let mut lines = 0;
    let limit = rest
        .char_indices()
        .find(|(_, letter)| {
            lines += usize::from(*letter == '\n');
            lines > MOST_LINES
        })
        .map_or(rest.len(), |(at, _)| at);
    let rest = rest.get(..limit)?;
    let code = postcode(rest)?;
    let after = rest.get(code + 5..)?;
    let town = after.trim_start_matches([
        ' ', '\u{a0}', '\u{202f}', ',', '-', ';', '\t', '"', '\'', '|',
    ]);
    if !town.starts_with(char::is_alphabetic) {
        return None;
    }
    let length = town
        .find(|letter: char| {
            !(letter.is_alphabetic() || matches!(letter, '-' | '\'' | '’' | ' ' | '\u{a0}'))
        })
        .unwrap_or(town.len());
    let town_name = cut_small_words(town.get(..length)?);
    Some(from + code + 5 + (after.len() - town.len()) + town_name.len())
}

/// « Louviers depuis 2012 »: a town is its capitalised words and what links them.
fn cut_small_words(town: &str) -> &str {
    let mut end = 0;
    for (index, word) in town.split(' ').scan(0, |at, word| {
        let start = *at;
        *at += word.len() + 1;
        Some((start, word))
    }) {
        let is_part = index == 0
            || word.starts_with(char::is_uppercase)
            || is_link(word)
            || matches!(word, "cedex" | "lès" | "les" | "en");
        if !is_part {
            break;
        }
        if !is_link(word) {
            end = index + word.len();
        }
    }
    town.get(..end).unwrap_or(town).trim_end()
}

/// Where five digits of a French postcode stand, apart from other digits and letters.
fn postcode(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    (0..bytes.len()).find(|&at| {
        let Some(code) = bytes
            .get(at..at + 5)
            .filter(|code| code.iter().all(u8::is_ascii_digit))
        else {
            return false;
        };
        let is_part = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        let alone = !is_part(at.checked_sub(1).and_then(|before| bytes.get(before)))
            && !is_part(bytes.get(at + 5));
        alone
            && matches!(
                code,
                [b'0', b'1'..=b'9', ..] | [b'1'..=b'8', ..] | [b'9', b'0'..=b'8', ..]
            )
    })
}

/// Small letters, one space, no punctuation: the same address on one line or on three.
fn canonical(address: &str) -> String {
    let folded = fold(address);
    let words = folded
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
