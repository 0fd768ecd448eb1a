//! Excel: every sheet, hidden ones too, row by row; then their comments, links, and what pivot tables and links to other
//! workbooks keep of cells that are not here any more.

use std::io;

use super::cell::{self, Epoch};
use super::grid::Grid;
use super::package::Package;
use super::prose;
use super::relations::Relations;
use super::strings::Strings;
use super::styles::{Format, Styles};
use super::xml::{Tag, Token};
use crate::extract::limits::Limit;
use crate::extract::reading::Reading;

const WORKBOOK: &str = "xl/workbook.xml";
/// What a sheet can have.
pub(super) const MOST_COLUMNS: usize = 16_384;
const MOST_SHEETS: usize = 10_000;

struct Sheet {
    name: String,
    part: String,
}

/// What all sheets need.
struct Common {
    strings: Strings,
    styles: Styles,
    epoch: Epoch,
}

pub(super) fn extract(
    package: &mut Package<'_, '_>,
    reading: &mut Reading<'_>,
) -> io::Result<Option<Limit>> {
    let (sheets, epoch) = sheets(package, reading)?;
    let relations = package.relations_of(WORKBOOK, reading)?;
    let part = |kind: &str, usual: &str| {
        let found = relations.of_kind(kind).next();
        found.map_or_else(|| usual.to_owned(), |relation| relation.target.clone())
    };
    let (strings, mut reached) = Strings::read(
        package,
        &part("sharedStrings", "xl/sharedStrings.xml"),
        reading,
    )?;
    let common = Common {
        strings,
        styles: Styles::read(package, &part("styles", "xl/styles.xml"), reading)?,
        epoch,
    };
    let mut cells = 0;
    for sheet in sheets {
        let place = format!("feuille « {} »", sheet.name);
        let mut rows = Rows::new(&place, &common, reading.limits().cells - cells);
        package.walk(&sheet.part, reading, &mut |token, reading| {
            rows.token(&token, reading)
        })?;
        cells += rows.grid.cells;
        let texts = rows.texts;
        if cells >= reading.limits().cells {
            reached = Some(Limit::Cells { read: cells });
            break;
        }
        around(package, &sheet.part, &place, &texts, reading)?;
    }
    for (folder, name) in [
        ("pivotCache/pivotCacheDefinition", "tableau croisé"),
        ("pivotCache/pivotCacheRecords", "tableau croisé, lignes"),
        ("externalLinks/externalLink", "classeur lié"),
    ] {
        for (rank, part) in (1..).zip(package.parts_of(folder)) {
            kept_values(package, &part, &format!("{name} {rank}"), reading)?;
        }
    }
    Ok(reached)
}

fn sheets(
    package: &mut Package<'_, '_>,
    reading: &mut Reading<'_>,
) -> io::Result<(Vec<Sheet>, Epoch)> {
    let relations = package.relations_of(WORKBOOK, reading)?;
    let mut sheets: Vec<Sheet> = Vec::new();
    let mut epoch = Epoch::Of1900;
    package.walk(WORKBOOK, reading, &mut |token, _| {
        let Token::Start(tag) = &token else {
            return Ok(());
        };
        let is_set = |name| matches!(tag.attribute(name).as_deref(), Some("1" | "true"));
        if tag.name() == "workbookPr" && is_set("date1904") {
            epoch = Epoch::Of1904;
        }
        if tag.name() == "sheet" && sheets.len() < MOST_SHEETS {
            let ids = tag.attributes("id");
            let part = ids.iter().find_map(|id| relations.target(id));
            sheets.extend(part.map(|part| Sheet {
                name: tag.attribute("name").unwrap_or_default(),
                part: part.to_owned(),
            }));
        }
        Ok(())
    })?;
    Ok((sheets, epoch))
}

/// What goes with a sheet: headers, links, comments.
fn around(
    package: &mut Package<'_, '_>,
    part: &str,
    place: &str,
    texts: &str,
    reading: &mut Reading<'_>,
) -> io::Result<()> {
    let relations = package.relations_of(part, reading)?;
    links(&relations, place, reading);
    headers(texts, place, reading);
    for kind in ["comments", "threadedComment"] {
        for relation in relations
            .of_kind(kind)
            .filter(|relation| !relation.is_outside)
        {
            prose::extract(package, &relation.target, place, reading)?;
        }
    }
    Ok(())
}

/// The addresses that a sheet refers to.
pub(super) fn links(relations: &Relations, place: &str, reading: &mut Reading<'_>) {
    let links: Vec<String> = relations
        .of_kind("hyperlink")
        .map(|relation| relation.target.clone())
        .collect();
    if !links.is_empty() {
        reading
            .receiver
            .begin_text(Some(&format!("{place}, liens")));
        reading.receiver.text(&links.join("\n"));
    }
}

/// The headers and footers of the printed page.
pub(super) fn headers(texts: &str, place: &str, reading: &mut Reading<'_>) {
    let printed = without_codes(texts);
    if !printed.trim().is_empty() {
        reading
            .receiver
            .begin_text(Some(&format!("{place}, en-tête et pied de page")));
        reading.receiver.text(&printed);
    }
}

/// Values outside any sheet: attributes called `v`, and elements of that name.
fn kept_values(
    package: &mut Package<'_, '_>,
    part: &str,
    place: &str,
    reading: &mut Reading<'_>,
) -> io::Result<()> {
    reading.receiver.begin_text(Some(place));
    let mut is_value = false;
    package.walk(part, reading, &mut |token, reading| {
        match token {
            Token::Start(tag) => {
                is_value = tag.name() == "v";
                if let Some(value) = tag.attribute("v") {
                    reading.receiver.text(&value);
                    reading.receiver.text("\n");
                }
            }
            Token::Text(text) if is_value => reading.receiver.text(text),
            Token::End("v") => {
                is_value = false;
                reading.receiver.text("\n");
            }
            _ => {}
        }
        Ok(())
    })
}

/// The rows of one sheet.
struct Rows<'c> {
    common: &'c Common,
    grid: Grid,
    max_cells: u64,
    row: Vec<String>,
    /// Of the row being read, counted from 1.
    number: u64,
    column: usize,
    kind: Kind,
    format: Format,
    is_value: bool,
    is_text: bool,
    value: String,
    /// Headers and footers of the printed page.
    texts: String,
    is_header: bool,
}

/// How the value of a cell is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Shared,
    Written,
}

impl<'c> Rows<'c> {
    fn new(place: &str, common: &'c Common, max_cells: u64) -> Self {
        Self {
            common,
            grid: Grid::new(place),
            max_cells,
            row: Vec::new(),
            number: 0,
            column: 0,
            kind: Kind::Number,
            format: Format::Number,
            is_value: false,
            is_text: false,
            value: String::new(),
            texts: String::new(),
            is_header: false,
        }
    }

    fn token(&mut self, token: &Token<'_>, reading: &mut Reading<'_>) -> io::Result<()> {
        match token {
            Token::Start(tag) => self.start(tag),
            Token::Text(text) if self.is_value || self.is_text => self.value.push_str(text),
            Token::Text(text) if self.is_header => self.texts.push_str(text),
            Token::Text(_) => {}
            Token::End("v") => self.is_value = false,
            Token::End("t") => self.is_text = false,
            Token::End("c") => self.end_cell(),
            Token::End("row") => self.end_row(reading),
            Token::End(name) if self.is_header && is_header(name) => {
                self.is_header = false;
                self.texts.push('\n');
            }
            Token::End(_) => {}
        }
        Ok(())
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag.name() {
            "row" => {
                let number = tag.attribute("r").and_then(|number| number.parse().ok());
                self.number = number.unwrap_or(self.number + 1);
                self.column = 0;
            }
            "c" => {
                let column = tag
                    .attribute("r")
                    .and_then(|reference| cell::column(&reference));
                self.column = column.unwrap_or(self.column);
                self.kind = match tag.attribute("t").as_deref() {
                    Some("s") => Kind::Shared,
                    Some("inlineStr" | "str" | "b" | "e" | "d") => Kind::Written,
                    _ => Kind::Number,
                };
                let style = tag.attribute("s").and_then(|style| style.parse().ok());
                self.format =
                    style.map_or(Format::Number, |style| self.common.styles.format(style));
            }
            "v" => self.is_value = true,
            "t" => self.is_text = true,
            name => self.is_header = is_header(name),
        }
    }

    fn end_cell(&mut self) {
        let written = std::mem::take(&mut self.value);
        let shown = match self.kind {
            Kind::Written => written,
            Kind::Number => cell::shown(&written, self.format, self.common.epoch),
            Kind::Shared => {
                let rank = written.trim().parse().ok();
                let shared = rank.and_then(|rank| self.common.strings.get(rank));
                shared.unwrap_or_default().to_owned()
            }
        };
        if !shown.is_empty() && self.column < MOST_COLUMNS {
            Grid::put(&mut self.row, self.column, shown);
        }
        self.column += 1;
    }

    fn end_row(&mut self, reading: &mut Reading<'_>) {
        let row = std::mem::take(&mut self.row);
        // Beyond the limit the rest of the part goes by unread.
        if self.grid.cells < self.max_cells {
            self.grid.give(self.number, &row, reading.receiver);
        }
    }
}

/// A header as it is printed: `&L` begins the left part, `&"Arial,Gras"` and `&12` set a font, `&P` is the page number.
fn without_codes(header: &str) -> String {
    let mut printed = String::new();
    let mut signs = header.chars().peekable();
    while let Some(sign) = signs.next() {
        if sign != '&' {
            printed.push(sign);
            continue;
        }
        match signs.next() {
            Some('&') => printed.push('&'),
            Some('"') => signs
                .by_ref()
                .take_while(|inner| *inner != '"')
                .for_each(drop),
            Some(digit) if digit.is_ascii_digit() => {
                while signs.next_if(char::is_ascii_digit).is_some() {}
            }
            _ => printed.push(' '),
        }
    }
    printed
}

fn is_header(name: &str) -> bool {
    matches!(
        name,
        "oddHeader" | "oddFooter" | "evenHeader" | "evenFooter" | "firstHeader" | "firstFooter"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_loses_its_codes() {
        let header = "&L&\"Arial,Gras\"&12Paie&CR && D&RPage &P";
        assert_eq!(without_codes(header), " Paie R & D Page  ");
    }
}
