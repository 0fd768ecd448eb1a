//! Where a value was seen, as a person would look for it.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A place in a file; `within` is a page, a sheet, a message… as the extractor named it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Place {
    /// Counted from 1.
    Line { within: Option<Arc<str>>, line: u64 },
    /// Row and column counted from 1.
    Cell {
        within: Option<Arc<str>>,
        row: u64,
        column: u32,
    },
}

/// In French: « page 3, ligne 2 », « feuille « Paie », cellule C12 ».
impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line { within, line } => {
                write_within(formatter, within.as_deref())?;
                write!(formatter, "ligne {line}")
            }
            Self::Cell {
                within,
                row,
                column,
            } => {
                write_within(formatter, within.as_deref())?;
                write!(formatter, "cellule {}{row}", column_letters(*column))
            }
        }
    }
}

fn write_within(formatter: &mut fmt::Formatter<'_>, within: Option<&str>) -> fmt::Result {
    match within {
        Some(within) => write!(formatter, "{within}, "),
        None => Ok(()),
    }
}

/// 1 is A, 26 Z, 27 AA, as spreadsheets say.
fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column.max(1);
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or_default();
        letters.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speaks_french_and_spreadsheet() {
        let line = Place::Line {
            within: Some("page 3".into()),
            line: 2,
        };
        assert_eq!(line.to_string(), "page 3, ligne 2");
        let cell = Place::Cell {
            within: Some("feuille « Paie »".into()),
            row: 12,
            column: 28,
        };
        assert_eq!(cell.to_string(), "feuille « Paie », cellule AB12");
    }
}
