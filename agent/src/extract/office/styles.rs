//! How the numbers of a workbook are shown: which of them are dates, and which have zeros before them.

use std::io;

use super::package::Package;
use super::xml::Token;
use crate::extract::reading::Reading;

/// No honest workbook has more.
pub(super) const MOST: usize = 100_000;

/// What a number stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::extract) enum Format {
    #[default]
    Number,
    Date,
    DateTime,
    Time,
    /// Digits in all, those before the number being zeros: telephone numbers, postal codes.
    Padded(usize),
}

/// The format of each style that cells name by rank.
#[derive(Debug, Default)]
pub(super) struct Styles {
    formats: Vec<Format>,
}

impl Format {
    /// Those that every Excel knows.
    pub(in crate::extract) fn of_id(id: u32) -> Self {
        match id {
            14..=17 | 27..=31 | 36 | 50..=54 | 57 | 58 => Format::Date,
            22 => Format::DateTime,
            18..=21 | 32..=35 | 45..=47 | 55 | 56 => Format::Time,
            _ => Format::Number,
        }
    }

    /// A code as Excel writes it in any language: `dd/mm/yyyy`, `0#" "##" "##" "##" "##`.
    pub(in crate::extract) fn of_code(code: &str) -> Self {
        let letters = without_literals(code.split(';').next().unwrap_or_default());
        let has = |wanted: &[char]| letters.contains(wanted);
        let (is_date, is_time) = (has(&['d', 'y']), has(&['h', 's']));
        match (is_date, is_time) {
            (true, false) => return Format::Date,
            (true, true) => return Format::DateTime,
            (false, true) => return Format::Time,
            (false, false) => {}
        }
        let places = letters.matches(['0', '#']).count();
        let is_plain = letters.chars().all(|sign| "0# -_()".contains(sign));
        if is_plain && letters.trim_start().starts_with('0') && places > 1 {
            return Format::Padded(places);
        }
        Format::Number
    }
}

impl Styles {
    pub(super) fn read(
        package: &mut Package<'_, '_>,
        part: &str,
        reading: &mut Reading<'_>,
    ) -> io::Result<Self> {
        let mut styles = Self::default();
        let mut custom: Vec<(u32, Format)> = Vec::new();
        let mut is_list_of_cells = false;
        package.walk(part, reading, &mut |token, _| {
            let tag = match token {
                Token::End("cellXfs") => {
                    is_list_of_cells = false;
                    return Ok(());
                }
                Token::Start(tag) => tag,
                _ => return Ok(()),
            };
            let id = || tag.attribute("numFmtId").and_then(|id| id.parse().ok());
            match tag.name() {
                "cellXfs" => is_list_of_cells = true,
                "numFmt" if custom.len() < MOST => {
                    let code = tag.attribute("formatCode").unwrap_or_default();
                    custom.extend(id().map(|id| (id, Format::of_code(&code))));
                }
                "xf" if is_list_of_cells => {
                    let id = id().unwrap_or(0);
                    let known = custom.iter().find(|(known, _)| *known == id);
                    let format = known.map_or_else(|| Format::of_id(id), |(_, format)| *format);
                    styles.push(format);
                }
                _ => {}
            }
            Ok(())
        })?;
        Ok(styles)
    }

    /// The format of the next rank.
    pub(super) fn push(&mut self, format: Format) {
        if self.formats.len() < MOST {
            self.formats.push(format);
        }
    }

    pub(super) fn format(&self, rank: usize) -> Format {
        self.formats.get(rank).copied().unwrap_or_default()
    }
}

/// Without texts in quotes, escaped signs, and conditions in brackets; in small letters.
fn without_literals(code: &str) -> String {
    let mut plain = String::new();
    let mut signs = code.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '"' => signs
                .by_ref()
                .take_while(|inner| *inner != '"')
                .for_each(drop),
            '[' => signs
                .by_ref()
                .take_while(|inner| *inner != ']')
                .for_each(drop),
            '\\' => drop(signs.next()),
            sign => plain.extend(sign.to_lowercase()),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_a_number_stands_for() {
        assert_eq!(Format::of_code("dd/mm/yyyy"), Format::Date);
        assert_eq!(Format::of_code("[$-40C]d mmmm yyyy;@"), Format::Date);
        assert_eq!(Format::of_code("dd/mm/yyyy\\ hh:mm"), Format::DateTime);
        assert_eq!(Format::of_code("[h]:mm:ss"), Format::Time);
        assert_eq!(Format::of_code("#,##0.00 \"de jours\""), Format::Number);
        assert_eq!(
            Format::of_code("0#\" \"##\" \"##\" \"##\" \"##"),
            Format::Padded(10)
        );
        assert_eq!(Format::of_code("00000"), Format::Padded(5));
        assert_eq!(Format::of_code("0"), Format::Number);
        assert_eq!(Format::of_code("0.00"), Format::Number);
    }
}
