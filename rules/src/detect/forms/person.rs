//! Names of people in running text: « Mme Durand », « Camille DURAND », « DURAND Camille », « M. Jean-Pierre de La Tour ».
//!
//! Comes in: a text and the place of a civility or of a first name in it. A name is only believed where its case and its
//! neighbours say so: « rue Jean Moulin », « Pierre », « Madame la Maire » are nobody.

mod fields;
mod namesake;
mod word;

use std::ops::Range;

use self::fields::{
    is_labelled_surname, is_quoted_field, skip_field_gap, skip_field_gap_back, skip_label,
    skip_label_back, value_after,
};
use self::namesake::{belongs_to, elision_before, is_named_after};
use self::word::{Word, is_joint};
use super::Shape;
use crate::detect::people::{Given, People};
use crate::text::fold;

/// Words of a name after its anchor.
const MOST_WORDS: usize = 6;
const PARTICLES: &[&str] = &[
    "de", "du", "des", "d", "la", "le", "les", "l", "el", "al", "ben", "ould", "van", "von", "der",
    "den", "da", "dos", "do", "di", "del",
];

/// The name at `word`: a civility, a first name, or the label of one.
pub(in crate::detect) fn read(text: &str, word: Range<usize>, people: &People) -> Option<Shape> {
    if people.titles().is_of_given(&fold(text.get(word.clone())?)) {
        return labelled(text, word.end, people);
    }
    let anchor = Word::at(text, word.start)?;
    if starts_inside_word(text, word.start) || !anchor.is_capitalised() {
        return None;
    }
    let anchor_folded = anchor.folded();
    let found = if people.is_civility(&anchor_folded) {
        after_civility(text, &anchor, people)?
    } else {
        let given = people.given(&anchor_folded);
        if given == Given::No {
            return None;
        }
        let behind = given_then_surname(text, &anchor, given, people);
        // « PETIT Ophélie CB 4974… »: a code follows the name.
        let name = match behind.filter(|name| !ends_in_code(text, &name.span)) {
            Some(name) => name,
            None => surname_then_given(text, &anchor, given, people)
                .or_else(|| given_then_surname(text, &anchor, given, people))?,
        };
        if people.is_famous(&fold(text.get(name.span.clone())?))
            || is_named_after(text, name.span.start, people)
        {
            return None;
        }
        name
    };
    Some(Shape {
        canonical: fold(&found.canonical),
        ..found
    })
}

/// Whether the last word is as short as a code in capitals.
fn ends_in_code(text: &str, name: &Range<usize>) -> bool {
    let last = Word::before(text, name.end);
    last.is_some_and(|word| word.is_capitals() && word.text.chars().count() <= 3)
}

/// « Mme Durand », « M. Jean-Pierre Lefèvre », « Me A. de Courcy ».
fn after_civility(text: &str, civility: &Word<'_>, people: &People) -> Option<Shape> {
    // « M » alone is also a size, a unit, a code.
    let bare_letter = civility.text.len() == 1;
    let mut at = civility.end();
    if text.as_bytes().get(at) == Some(&b'.') {
        at += 1;
    } else if bare_letter
        && (text.as_bytes().get(at) != Some(&b' ') || follows_number(text, civility.start))
    {
        return None;
    }
    let start = skip_initials(text, skip_gap(text, at)?);
    let first = Word::at(text, start)?;
    let mut words = Words::begin(text, start, people);
    let names = words.read(first.is_capitals());
    let last = names.last()?;
    if names.iter().all(|name| name.text.chars().count() < 2)
        || is_named_after(text, civility.start, people) && !belongs_to(text, civility)
    {
        return None;
    }
    let surname = names
        .iter()
        .rfind(|name| people.given(&name.folded()) != Given::Sure)
        .unwrap_or(last);
    let given = names
        .iter()
        .find(|name| name.start != surname.start)
        .map_or("", |name| name.text);
    Some(Shape {
        span: civility.start..last.end(),
        canonical: format!("{} {given}", surname.text).trim_end().to_owned(),
        doubtful: false,
    })
}

/// « Nom : Kowalczyk Prénom : Thi-Mai »: a first name that no list has, where both labels stand.
fn labelled(text: &str, label_end: usize, people: &People) -> Option<Shape> {
    let given = Word::at(text, value_after(text, label_end)?)?;
    let folded = given.folded();
    let is_new = people.given(&folded) == Given::No
        && given.is_capitalised()
        && given.text.chars().count() >= 2
        && !people.is_no_surname(&folded);
    if !is_new {
        return None;
    }
    let before = || {
        let surname = labelled_surname(
            text,
            skip_label_back(text, given.start, people.titles())?,
            people,
        )?;
        is_labelled_surname(text, surname.start, people.titles()).then_some(surname)
    };
    let after = || {
        let surname = Word::at(text, skip_label(text, given.end(), people.titles())?)?;
        let is_name = surname.is_capitalised() && !people.is_no_surname(&surname.folded());
        is_name.then_some(surname)
    };
    let surname = before().or_else(after)?;
    Some(Shape {
        span: given.start.min(surname.start)..given.end().max(surname.end()),
        canonical: fold(&format!("{} {}", surname.text, given.text)),
        doubtful: false,
    })
}

/// « 5 M Euros », « 12 Me ».
fn follows_number(text: &str, start: usize) -> bool {
    let before = text.get(..start).unwrap_or_default().trim_end();
    before.ends_with(|letter: char| letter.is_ascii_digit())
}

/// « Camille DURAND », « Jean Pierre Lefèvre », « Anne de La Tour ».
fn given_then_surname(
    text: &str,
    anchor: &Word<'_>,
    given: Given,
    people: &People,
) -> Option<Shape> {
    let mut names = vec![*anchor];
    let (start, labelled) = match skip_label(text, anchor.end(), people.titles()) {
        Some(value) => (value, true),
        None => (skip_field_gap(text, anchor.end())?, false),
    };
    let next = Word::at(text, start)?;
    let apart = !labelled && !is_space(text.get(anchor.end()..start)?);
    names.extend(Words::begin(text, start, people).read(next.is_capitals()));
    let surname = names.get(1..)?.last()?;
    let in_capitals = surname.is_capitals() && !anchor.is_capitals();
    if apart && !in_capitals {
        return None;
    }
    // « Louis XIV »
    let is_number = surname.text.bytes().all(|letter| b"IVX".contains(&letter));
    let long_enough = surname.text.chars().count() >= 2 && !is_number;
    // All in capitals, a title or a list of places looks the same.
    let doubtful = given == Given::Maybe && !in_capitals && !labelled;
    long_enough.then(|| Shape {
        span: anchor.start..surname.end(),
        canonical: format!("{} {}", surname.text, anchor.text),
        doubtful,
    })
}

/// « DURAND Camille », « DE LA TOUR Anne », « DURAND, Camille »; « Durand Camille » is doubtful.
fn surname_then_given(
    text: &str,
    anchor: &Word<'_>,
    given: Given,
    people: &People,
) -> Option<Shape> {
    let (end, labelled) = match skip_label_back(text, anchor.start, people.titles()) {
        Some(end) => (end, true),
        None => (skip_field_gap_back(text, anchor.start)?, false),
    };
    let mut at = end;
    let apart = !is_space(text.get(at..anchor.start)?);
    let mut surname: Option<Word<'_>> = None;
    for _ in 0..MOST_WORDS {
        let Some(word) = Word::before(text, at) else {
            break;
        };
        let folded = word.folded();
        let follows_particle = skip_gap_back(text, word.start)
            .and_then(|end| Word::before(text, end))
            .is_some_and(|before| before.is_capitals() && is_particle(&before.folded()));
        let is_part = follows_particle || (surname.is_some() && is_of_surname(&folded));
        let is_other = people.is_no_surname(&folded) || (is_place(&folded, people) && !is_part);
        if !word.is_capitals() || is_other {
            break;
        }
        surname = Some(word);
        let Some(before) = skip_gap_back(text, word.start) else {
            break;
        };
        at = before;
    }
    let (surname, doubtful) = match surname {
        Some(surname) if surname.text.chars().count() >= 2 => (surname, given == Given::Maybe),
        _ if labelled => (labelled_surname(text, end, people)?, false),
        _ => (titled_surname(text, end, apart, given, people)?, true),
    };
    Some(Shape {
        span: surname.start..anchor.end(),
        canonical: format!(
            "{} {}",
            text.get(surname.start..at.max(surname.end()))?.trim(),
            anchor.text
        ),
        doubtful,
    })
}

/// « Durand Camille »: the word before has a capital and is no name of a place, and nothing but the name is on its line or field.
fn titled_surname<'t>(
    text: &'t str,
    at: usize,
    apart: bool,
    given: Given,
    people: &People,
) -> Option<Word<'t>> {
    let word = Word::before(text, at)?;
    let folded = word.folded();
    let before = text.get(..word.start)?.trim_end_matches([' ', '\u{a0}']);
    let begins_field = before.is_empty()
        || before.ends_with([
            '\n', '\r', ';', '|', '\t', '"', '\'', ':', ',', '-', '•', '*', '(',
        ]);
    let fits = word.is_title()
        && word.text.chars().count() >= 3
        && given == Given::Sure
        && (!apart || is_quoted_field(text, at))
        && begins_field
        && !people.is_no_surname(&folded)
        && !people.is_named_after(&folded);
    fits.then_some(word)
}

/// « Nom : Durand Prénom : Camille »: the label between them says enough.
fn labelled_surname<'t>(text: &'t str, end: usize, people: &People) -> Option<Word<'t>> {
    let word = Word::before(text, end)?;
    let folded = word.folded();
    // « de La Tour »
    let follows_particle = || {
        let before = skip_gap_back(text, word.start).and_then(|end| Word::before(text, end));
        before.is_some_and(|before| is_particle(&before.folded()))
    };
    let is_name = has_capital(&word)
        && word.text.chars().count() >= 2
        && !people.is_no_surname(&folded)
        && (!is_place(&folded, people) || follows_particle());
    is_name.then_some(word)
}

/// « Durand », « d'Alembert ».
fn has_capital(word: &Word<'_>) -> bool {
    let capitals = word.text.chars().filter(|letter| letter.is_uppercase());
    word.is_capitalised() || capitals.count() == 1
}

/// The words of a name, one after the other.
struct Words<'t> {
    text: &'t str,
    at: usize,
    people: &'t People,
}

impl<'t> Words<'t> {
    fn begin(text: &'t str, at: usize, people: &'t People) -> Self {
        Self { text, at, people }
    }

    /// First names, particles and the surname; in capitals, the surname may have several words.
    fn read(&mut self, all_capitals: bool) -> Vec<Word<'t>> {
        let mut names: Vec<Word<'t>> = Vec::new();
        let mut had_surname = false;
        let mut after_particle = false;
        for _ in 0..MOST_WORDS {
            let Some(word) = Word::at(self.text, self.at) else {
                break;
            };
            let folded = word.folded();
            if is_particle(&folded) {
                let Some(next) = self.after_particle(&word) else {
                    break;
                };
                self.at = next;
                after_particle = true;
                continue;
            }
            let is_given = self.people.given(&folded) == Given::Sure;
            let after_capitals = names.last().is_some_and(Word::is_capitals);
            // « DE LA TOUR », « M. DURAND Camille ».
            let goes_on = !had_surname
                || (word.is_capitals() && after_capitals)
                || (all_capitals && after_capitals && is_given);
            // « de La Tour », « du Pont » are names of people, « Tour » is not.
            let is_place = !after_particle && is_place(&folded, self.people);
            if !goes_on || is_place || !self.is_name(&word, &folded) {
                break;
            }
            after_particle = false;
            had_surname = had_surname || !is_given || (word.is_capitals() && !all_capitals);
            names.push(word);
            let Some(next) = skip_gap(self.text, word.end()) else {
                break;
            };
            self.at = next;
        }
        names
    }

    /// Where the surname goes on; « Le Goff », « de La Tour », « d'Alembert » (one word) are names, « la directrice » is not.
    fn after_particle(&self, particle: &Word<'t>) -> Option<usize> {
        let next = skip_gap(self.text, particle.end())?;
        let word = Word::at(self.text, next)?;
        let folded = word.folded();
        let follows =
            is_particle(&folded) || (word.is_capitalised() && !self.people.is_no_surname(&folded));
        follows.then_some(next)
    }

    fn is_name(&self, word: &Word<'t>, folded: &str) -> bool {
        let noun = folded.rsplit('\'').next().unwrap_or_default();
        has_capital(word) && !self.people.is_no_surname(noun)
    }
}

/// What is named after people, and is nobody's name itself: « Maréchal » and « Dupont » may be.
fn is_place(folded: &str, people: &People) -> bool {
    people.is_named_after(folded) && !people.is_also_surname(folded)
}

/// « SAINT MARTIN Camille »: before a surname in capitals, a part of it.
pub(in crate::detect) fn is_of_surname(folded: &str) -> bool {
    matches!(folded, "saint" | "sainte" | "st")
}

/// « de », « le », « ben »: between the words of a name.
pub(in crate::detect) fn is_particle(folded: &str) -> bool {
    PARTICLES.contains(&folded)
}

fn starts_inside_word(text: &str, start: usize) -> bool {
    if elision_before(text, start).is_some() {
        return false;
    }
    let before = text.get(..start).unwrap_or_default();
    let mut before = before.chars().rev();
    match before.next() {
        Some(letter) if letter.is_alphanumeric() || letter == '_' || letter == '@' => true,
        Some(joint) if is_joint(joint) => before.next().is_some_and(char::is_alphabetic),
        Some('.') => before.next().is_some_and(char::is_alphanumeric),
        Some('/' | '\\') => before.next().is_some_and(char::is_alphanumeric),
        _ => false,
    }
}

/// « J.-P. », « A. »: initials before a surname.
fn skip_initials(text: &str, start: usize) -> usize {
    let mut at = start;
    for _ in 0..3 {
        let rest = text.get(at..).unwrap_or_default();
        let mut letters = rest.chars();
        let (Some(letter), Some('.')) = (letters.next(), letters.next()) else {
            break;
        };
        if !letter.is_uppercase() {
            break;
        }
        let after = at + letter.len_utf8() + 1;
        let tail = text.get(after..).unwrap_or_default();
        at = after + tail.len() - tail.trim_start_matches([' ', '-', '\u{a0}']).len();
    }
    at
}

/// One or two spaces.
fn skip_gap(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let trimmed = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let width = rest.len() - trimmed.len();
    (1..=6).contains(&width).then_some(at + width)
}

fn skip_gap_back(text: &str, at: usize) -> Option<usize> {
    let before = text.get(..at)?;
    let trimmed = before.trim_end_matches([' ', '\u{a0}', '\u{202f}']);
    let width = before.len() - trimmed.len();
    (1..=6).contains(&width).then_some(trimmed.len())
}

fn is_space(gap: &str) -> bool {
    gap.chars()
        .all(|letter| matches!(letter, ' ' | '\u{a0}' | '\u{202f}'))
}

#[cfg(test)]
mod tests;
