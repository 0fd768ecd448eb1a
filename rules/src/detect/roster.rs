//! Tables of people: which columns hold names, and who each row names.
//!
//! Comes in: the titles of the columns, then the cells of each row. Goes out: one name a person, whatever the number of
//! columns over which the table spreads it. Called by `table` only.

use serde::Deserialize;

use super::forms::person::{is_of_surname, is_particle};
use super::found::Canonical;
use super::people::{Given, People};
use crate::confidence::Confidence;
use crate::text::fold;

/// Longer cells are texts.
const LONGEST_NAME: usize = 60;

/// The titles of columns of names, folded.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NameTitles {
    surname: Vec<String>,
    given: Vec<String>,
    whole: Vec<String>,
    /// What else such a title may say.
    qualifiers: Vec<String>,
}

/// What a column of names holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NamePart {
    Surname,
    Given,
    /// Both, in any order.
    Whole,
    /// The same, and the title says so: « Nom et prénom ».
    Full,
}

impl NamePart {
    /// Whether one cell holds the whole name.
    pub(super) fn is_whole(self) -> bool {
        matches!(self, Self::Whole | Self::Full)
    }
}

/// Somebody whom a row names.
pub(super) struct Named {
    /// Where the name begins.
    pub column: usize,
    pub canonical: Canonical,
    pub confidence: Confidence,
}

impl NameTitles {
    /// The labels of first names.
    pub(super) fn of_given(&self) -> impl Iterator<Item = &str> {
        self.given.iter().map(String::as_str)
    }

    pub(super) fn is_of_given(&self, label: &str) -> bool {
        self.of_given().any(|known| known == label)
    }

    pub(super) fn is_of_surname(&self, label: &str) -> bool {
        self.surname.iter().any(|known| known == label)
    }

    /// Whether nothing else is said: « de famille ».
    pub(super) fn are_qualifiers(&self, folded: &str) -> bool {
        let mut words = folded
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty());
        words.all(|word| self.qualifiers.iter().any(|known| known == word))
    }

    /// What the column of this title holds, when every word of the title speaks of a name.
    pub(super) fn part(&self, title: &str) -> Option<NamePart> {
        let folded = fold(title);
        let words: Vec<&str> = folded
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        let whole_title = words.join(" ");
        let is = |list: &[String], word: &str| list.iter().any(|known| known == word);
        let has =
            |list: &[String]| is(list, &whole_title) || words.iter().any(|word| is(list, word));
        let known = |word: &&str| {
            [&self.surname, &self.given, &self.whole, &self.qualifiers]
                .iter()
                .any(|list| is(list, word))
        };
        let is_clear = is(&self.surname, &whole_title)
            || is(&self.given, &whole_title)
            || words.iter().all(known);
        if words.is_empty() || !is_clear {
            return None;
        }
        match (has(&self.surname), has(&self.given)) {
            (true, true) => Some(NamePart::Full),
            (true, false) => Some(NamePart::Surname),
            (false, true) => Some(NamePart::Given),
            (false, false) => is(&self.whole, words.first()?).then_some(NamePart::Whole),
        }
    }
}

/// Who a row names. A part that comes again belongs to somebody else: child, then parent.
pub(super) fn names_of_row(
    cells: &[&str],
    parts: impl Iterator<Item = Option<NamePart>>,
    people: &People,
) -> Vec<Named> {
    let mut names = Vec::new();
    let mut open = Open::default();
    for (column, (cell, part)) in cells.iter().zip(parts).enumerate() {
        let cell = cell.trim();
        match part {
            Some(NamePart::Whole) => names.extend(
                whole(column, cell, people)
                    .or_else(|| unheard(column, cell, Confidence::Low, people)),
            ),
            Some(NamePart::Full) => names.extend(
                whole(column, cell, people)
                    .or_else(|| unheard(column, cell, Confidence::Medium, people)),
            ),
            Some(NamePart::Surname) => {
                if open.surname.is_some() && open.given.is_some() {
                    names.extend(std::mem::take(&mut open).close(people));
                }
                // « Nom de naissance », « Nom d'usage »: the first one counts.
                if open.surname.is_none() && is_name(cell, people) {
                    open.surname = Some((column, cell));
                }
            }
            Some(NamePart::Given) => {
                if open.given.is_some() {
                    names.extend(std::mem::take(&mut open).close(people));
                }
                if is_name(cell, people) {
                    open.given = Some((column, cell));
                }
            }
            None => (),
        }
    }
    names.extend(open.close(people));
    names
}

/// Who a row names where no title says which columns hold names: « 12;DURAND;Camille;… ».
pub(super) fn names_without_titles(
    cells: &[&str],
    is_untitled: impl Fn(usize) -> bool,
    people: &People,
) -> Vec<Named> {
    let is_given = |cell: &str| {
        let folded = fold(cell);
        is_name(cell, people)
            && cell.starts_with(char::is_uppercase)
            && folded
                .split(' ')
                .all(|word| people.given(word) == Given::Sure)
    };
    let is_surname = |cell: &str| {
        let letters = || cell.chars().filter(|letter| letter.is_alphabetic());
        is_name(cell, people) && letters().count() >= 2 && letters().all(char::is_uppercase)
    };
    let mut names: Vec<Named> = Vec::new();
    for (left, pair) in cells.windows(2).enumerate() {
        let &[first, second] = pair else { continue };
        let (first, second) = (first.trim(), second.trim());
        let is_taken = names.last().is_some_and(|name| name.column + 1 == left);
        if is_taken || !is_untitled(left) || !is_untitled(left + 1) {
            continue;
        }
        let (surname, given) = if is_surname(first) && is_given(second) {
            (first, second)
        } else if is_given(first) && is_surname(second) {
            (second, first)
        } else {
            continue;
        };
        // In capitals both, two places or two brands look the same.
        let is_sure = !is_surname(given);
        names.push(Named {
            column: left,
            canonical: Canonical::new(fold(&format!("{surname} {given}"))),
            confidence: if is_sure {
                Confidence::Medium
            } else {
                Confidence::Low
            },
        });
    }
    names
}

/// Whom a surname and a first name name, each with its column.
pub(super) fn of_parts(
    surname: Option<(usize, &str)>,
    given: Option<(usize, &str)>,
    people: &People,
) -> Option<Named> {
    Open { surname, given }.close(people)
}

/// A name of which some parts were read.
#[derive(Default)]
struct Open<'c> {
    surname: Option<(usize, &'c str)>,
    given: Option<(usize, &'c str)>,
}

impl Open<'_> {
    fn close(self, people: &People) -> Option<Named> {
        match (self.surname, self.given) {
            (Some((first, surname)), Some((second, given))) => Some(Named {
                column: first.min(second),
                canonical: Canonical::new(fold(&format!("{surname} {given}"))),
                confidence: Confidence::High,
            }),
            (Some((column, surname)), None) => whole(column, surname, people).or_else(|| {
                Some(Named {
                    column,
                    canonical: Canonical::new(fold(surname)),
                    confidence: Confidence::Low,
                })
            }),
            (None, Some((column, given))) => Some(Named {
                column,
                canonical: Canonical::new(fold(given)),
                confidence: Confidence::Low,
            }),
            (None, None) => None,
        }
    }
}

/// « DURAND Camille », « Camille Durand », « Mme Durand »: two words, one of them a first name or a civility.
fn whole(column: usize, cell: &str, people: &People) -> Option<Named> {
    if !is_name(cell, people) {
        return None;
    }
    let folded = fold(cell);
    let words: Vec<&str> = folded
        .split([' ', '.', ','])
        .filter(|word| !word.is_empty())
        .collect();
    let tells = |word: &&str| people.given(word) != Given::No || people.is_civility(word);
    let is_told = words.len() >= 2 && words.iter().any(tells);
    is_told.then(|| Named {
        column,
        canonical: Canonical::new(words.join(" ")),
        confidence: Confidence::High,
    })
}

/// A first name that no list has: « KOWALCZYK Thi-Mai ». Several words, each with a capital, where a name is expected.
fn unheard(column: usize, cell: &str, confidence: Confidence, people: &People) -> Option<Named> {
    let words: Vec<&str> = cell.split_whitespace().collect();
    let have_capitals = words
        .iter()
        .all(|word| word.starts_with(char::is_uppercase) || is_particle(&fold(word)));
    let fits = (2..=5).contains(&words.len()) && have_capitals && is_name(cell, people);
    fits.then(|| Named {
        column,
        canonical: Canonical::new(fold(&words.join(" "))),
        confidence,
    })
}

/// Letters, at most six words, none of them of an organisation.
pub(super) fn is_name(cell: &str, people: &People) -> bool {
    let letters = cell.chars().filter(|letter| letter.is_alphabetic()).count();
    let folded = fold(cell);
    let mut words = folded
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty());
    cell.len() <= LONGEST_NAME
        && letters >= 2
        && cell.chars().all(|letter| {
            letter.is_alphabetic()
                || matches!(
                    letter,
                    ' ' | '-' | '\'' | '’' | '.' | ',' | '(' | ')' | '\u{a0}' | '\u{300}'
                        ..='\u{36f}'
                )
        })
        && words.clone().count() <= 6
        && !words.any(|word| {
            people.is_organisation(word) && !is_of_surname(word) && !people.is_also_surname(&folded)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::forms::lists_of;

    fn people() -> People {
        lists_of(include_str!("../../personal-data/person-name.toml"))
    }

    fn names(titles: &[&str], cells: &[&str]) -> Vec<(usize, String, Confidence)> {
        let people = people();
        let parts = titles.iter().map(|title| people.titles().part(title));
        let names = names_of_row(cells, parts, &people);
        names
            .into_iter()
            .map(|name| {
                (
                    name.column,
                    name.canonical.as_str().to_owned(),
                    name.confidence,
                )
            })
            .collect()
    }

    #[test]
    fn titles_tell_what_columns_hold() {
        let people = people();
        for (title, part) in [
            ("Nom", Some(NamePart::Surname)),
            ("NOM_DE_NAISSANCE", Some(NamePart::Surname)),
            ("Prénom de l'enfant", Some(NamePart::Given)),
            ("Nom et prénom", Some(NamePart::Full)),
            ("Bénéficiaire", Some(NamePart::Whole)),
            ("Nom de la rue", None),
            ("Nom du fichier", None),
            ("Numéro agent", None),
            ("", None),
        ] {
            assert_eq!(people.titles().part(title), part, "{title}");
        }
    }

    #[test]
    fn two_columns_name_one_person() {
        let high = |column, name: &str| (column, name.to_owned(), Confidence::High);
        assert_eq!(
            names(&["Id", "Nom", "Prénom"], &["1", "Durand", "Camille"]),
            [high(1, "durand camille")]
        );
        assert_eq!(
            names(
                &["Prénom enfant", "Nom enfant", "Nom parent", "Prénom parent"],
                &["Inès", "Benali", "Benali", "Karim"]
            ),
            [high(0, "benali ines"), high(2, "benali karim")]
        );
        assert_eq!(names(&["Nom"], &["PETIT Lucas"]), [high(0, "petit lucas")]);
        assert_eq!(
            names(&["Agent"], &["Lucas Petit"]),
            [high(0, "lucas petit")]
        );
    }

    #[test]
    fn a_surname_alone_says_little_and_firms_nothing() {
        assert_eq!(
            names(&["Nom"], &["Tilleul"]),
            [(0, "tilleul".to_owned(), Confidence::Low)]
        );
        assert_eq!(names(&["Nom"], &["SARL Lucas Petit"]), []);
        assert_eq!(names(&["Nom", "Prénom"], &["serveur-2", ""]), []);
        assert_eq!(names(&["Responsable"], &["Service technique"]), []);
    }
}
