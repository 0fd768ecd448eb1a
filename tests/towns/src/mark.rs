//! Planted values travel inside the text of a page, between private-use characters.
//!
//! A document is then an ordinary `format!` that reads like the real thing, and [`resolve`] finds each value again with
//! its line and cell once the text is whole. Nothing else in a page uses the private-use area.

use std::fmt;

use serde::{Deserialize, Serialize};

const PLANTED: char = '\u{e000}';
const DECOY: char = '\u{e001}';
const NEXT: char = '\u{e002}';
const END: char = '\u{e003}';

/// Kinds of personal data, under the ids that the rules use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Nir,
    Iban,
    Rib,
    Email,
    Phone,
    PaymentCard,
    Siret,
    Siren,
    Spi,
    Plate,
    BirthDate,
    /// Number of an association.
    Rna,
}

impl Kind {
    pub const ALL: [Self; 12] = [
        Self::Nir,
        Self::Iban,
        Self::Rib,
        Self::Email,
        Self::Phone,
        Self::PaymentCard,
        Self::Siret,
        Self::Siren,
        Self::Spi,
        Self::Plate,
        Self::BirthDate,
        Self::Rna,
    ];

    pub fn id(self) -> &'static str {
        match self {
            Self::Nir => "nir",
            Self::Iban => "iban",
            Self::Rib => "rib",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::PaymentCard => "payment_card",
            Self::Siret => "siret",
            Self::Siren => "siren",
            Self::Spi => "spi",
            Self::Plate => "plate",
            Self::BirthDate => "birth_date",
            Self::Rna => "rna",
        }
    }

    fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == id)
    }
}

/// A value that a scan must find.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planted {
    pub kind: Kind,
    /// Without separators; e-mail in lower case, telephone in ten digits, birth date as `1958-03-12`.
    pub value: String,
    /// As it stands in the file.
    pub written: String,
    /// From 1.
    pub line: usize,
    /// Column of the cell from 1, in delimited files only.
    pub column: Option<usize>,
}

/// Something that looks like a value and must not be found as one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decoy {
    pub written: String,
    /// The kinds it must not be found as.
    pub not: Vec<Kind>,
    pub why: String,
    pub line: usize,
    pub column: Option<usize>,
}

/// A value on its way into a page.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    pub(crate) kind: Kind,
    pub(crate) value: String,
    pub(crate) written: String,
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{PLANTED}{}{NEXT}{}{NEXT}{}{END}",
            self.kind.id(),
            self.value,
            self.written
        )
    }
}

/// Marks `written` as something that must not be found as any of the kinds in `not`.
pub(crate) fn decoy(written: impl fmt::Display, not: &[Kind], why: &str) -> String {
    let kinds: Vec<&str> = not.iter().map(|kind| kind.id()).collect();
    format!("{DECOY}{}{NEXT}{why}{NEXT}{written}{END}", kinds.join(" "))
}

/// What a page holds once its marks are taken out.
#[derive(Debug, Default)]
pub(crate) struct Resolved {
    pub(crate) text: String,
    pub(crate) planted: Vec<Planted>,
    pub(crate) decoys: Vec<Decoy>,
}

/// Takes the marks out of `marked`; cells are counted when the page has a delimiter.
pub(crate) fn resolve(marked: &str, delimiter: Option<char>) -> Resolved {
    let mut resolved = Resolved::default();
    let mut position = Position::start(delimiter);
    let mut rest = marked;
    while let Some(start) = rest.find([PLANTED, DECOY]) {
        let (before, from_mark) = rest.split_at(start);
        position.pass(before);
        resolved.text.push_str(before);

        let Some((mark, after)) = from_mark.split_once(END) else {
            break;
        };
        let written = resolved.note(mark, &position);
        position.pass(written);
        resolved.text.push_str(written);
        rest = after;
    }
    resolved.text.push_str(rest);
    resolved
}

/// The text of a cell or a line as a reader will see it.
pub(crate) fn plain(marked: &str) -> String {
    resolve(marked, None).text
}

impl Resolved {
    /// Notes the value or decoy of one mark and gives back its written form.
    fn note<'a>(&mut self, mark: &'a str, position: &Position) -> &'a str {
        let is_planted = mark.starts_with(PLANTED);
        let mut parts = mark.trim_start_matches([PLANTED, DECOY]).splitn(3, NEXT);
        let (kinds, meaning, written) = (
            parts.next().unwrap_or_default(),
            parts.next().unwrap_or_default(),
            parts.next().unwrap_or_default(),
        );
        let (line, column) = (position.line, position.delimiter.map(|_| position.column));

        let mut kinds = kinds.split(' ').filter_map(Kind::from_id);
        if !is_planted {
            let not = kinds.collect();
            self.decoys.push(Decoy {
                written: written.to_owned(),
                not,
                why: meaning.to_owned(),
                line,
                column,
            });
        } else if let Some(kind) = kinds.next() {
            self.planted.push(Planted {
                kind,
                value: meaning.to_owned(),
                written: written.to_owned(),
                line,
                column,
            });
        }
        written
    }
}

struct Position {
    delimiter: Option<char>,
    line: usize,
    column: usize,
    in_quotes: bool,
}

impl Position {
    fn start(delimiter: Option<char>) -> Self {
        Self {
            delimiter,
            line: 1,
            column: 1,
            in_quotes: false,
        }
    }

    fn pass(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '"' if self.delimiter.is_some() => self.in_quotes = !self.in_quotes,
                '\n' => (self.line, self.column) = (self.line + 1, 1),
                c if Some(c) == self.delimiter && !self.in_quotes => self.column += 1,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marked_value_is_found_again_with_its_line_and_cell() {
        let mark = Mark {
            kind: Kind::Phone,
            value: "0199001234".into(),
            written: "01 99 00 12 34".into(),
        };

        let resolved = resolve(
            &format!("Nom;Adresse;Tél\n\"Le Bris\";\"2; rue Haute\";{mark}\n"),
            Some(';'),
        );

        assert_eq!(
            resolved.text,
            "Nom;Adresse;Tél\n\"Le Bris\";\"2; rue Haute\";01 99 00 12 34\n"
        );
        assert_eq!(
            (resolved.planted[0].line, resolved.planted[0].column),
            (2, Some(3))
        );
    }

    #[test]
    fn a_decoy_keeps_its_reason_and_is_not_planted() {
        let resolved = resolve(
            &format!(
                "x\n{}",
                decoy("logo@2x.png", &[Kind::Email], "an image name")
            ),
            None,
        );

        assert!(resolved.planted.is_empty());
        assert_eq!(
            (resolved.decoys[0].line, resolved.decoys[0].why.as_str()),
            (2, "an image name")
        );
    }
}
