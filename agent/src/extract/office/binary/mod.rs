//! Binary workbooks of Excel (xlsb): the parts of an xlsx, as records instead of XML ([MS-XLSB]).
//!
//! Our own reader, for the reasons given in `compound`: calamine builds sheets as large as their corners are far apart, panics
//! on damaged files, and leaves out comments, headers and links.

mod records;
mod sheet;

use std::io;

use self::records::{rich_text, text};
use self::sheet::Sheet;
use super::cell::Epoch;
use super::package::Package;
use super::strings::Strings;
use super::styles::{Format, Styles};
use crate::extract::bytes::{u16_at, u32_at};
use crate::extract::limits::Limit;
use crate::extract::reading::Reading;

pub(super) const WORKBOOK: &str = "xl/workbook.bin";
const MOST_SHEETS: usize = 10_000;

// Numbers of records ([MS-XLSB] 2.3.2).
const SHARED_STRING: u32 = 19;
const FORMAT: u32 = 44;
const CELL_FORMAT: u32 = 47;
const WORKBOOK_PROPERTIES: u32 = 153;
const SHEET: u32 = 156;
const BEGIN_CELL_FORMATS: u32 = 617;
const END_CELL_FORMATS: u32 = 618;
const COMMENT_AUTHOR: u32 = 632;
const COMMENT_TEXT: u32 = 637;

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
    let (strings, mut reached) = shared_strings(package, reading)?;
    let common = Common {
        strings,
        styles: styles(package, reading)?,
        epoch,
    };
    let mut cells = 0;
    for (name, part) in sheets {
        let place = format!("feuille « {name} »");
        let mut sheet = Sheet::new(
            &place,
            &common,
            reading.limits().cells.saturating_sub(cells),
        );
        package.read(&part, reading, &mut |bytes, reading| {
            records::walk(bytes, &mut |kind, content| {
                sheet.record(kind, content, reading);
                Ok(())
            })
        })?;
        cells += sheet.finish(reading);
        if cells >= reading.limits().cells {
            reached = Some(Limit::Cells { read: cells });
            break;
        }
        around(package, &part, &place, reading)?;
    }
    Ok(reached)
}

/// The name and the part of each, hidden ones too.
fn sheets(
    package: &mut Package<'_, '_>,
    reading: &mut Reading<'_>,
) -> io::Result<(Vec<(String, String)>, Epoch)> {
    let relations = package.relations_of(WORKBOOK, reading)?;
    let mut sheets = Vec::new();
    let mut epoch = Epoch::Of1900;
    package.read(WORKBOOK, reading, &mut |bytes, _| {
        records::walk(bytes, &mut |kind, content| {
            match kind {
                WORKBOOK_PROPERTIES if u32_at(content, 0).is_some_and(|flags| flags & 1 == 1) => {
                    epoch = Epoch::Of1904;
                }
                SHEET if sheets.len() < MOST_SHEETS => {
                    let id = content.get(8..).and_then(text);
                    let names = id.and_then(|(id, rest)| Some((id, text(rest)?.0)));
                    let part = names.and_then(|(id, name)| {
                        let part = relations.target(&id)?;
                        Some((name, part.to_owned()))
                    });
                    sheets.extend(part);
                }
                _ => {}
            }
            Ok(())
        })
    })?;
    Ok((sheets, epoch))
}

fn shared_strings(
    package: &mut Package<'_, '_>,
    reading: &mut Reading<'_>,
) -> io::Result<(Strings, Option<Limit>)> {
    let most = usize::try_from(reading.limits().held_bytes).unwrap_or(usize::MAX);
    let mut strings = Strings::default();
    let mut reached = None;
    package.read("xl/sharedStrings.bin", reading, &mut |bytes, _| {
        records::walk(bytes, &mut |kind, content| {
            if kind == SHARED_STRING && strings.size() > most {
                reached = Some(Limit::Held);
            } else if kind == SHARED_STRING {
                strings.push(&rich_text(content).unwrap_or_default());
            }
            Ok(())
        })
    })?;
    Ok((strings, reached))
}

fn styles(package: &mut Package<'_, '_>, reading: &mut Reading<'_>) -> io::Result<Styles> {
    let mut styles = Styles::default();
    let mut custom: Vec<(u32, Format)> = Vec::new();
    let mut is_list_of_cells = false;
    package.read("xl/styles.bin", reading, &mut |bytes, _| {
        records::walk(bytes, &mut |kind, content| {
            match kind {
                FORMAT if custom.len() < super::styles::MOST => {
                    let code = content.get(2..).and_then(text);
                    let id = u16_at(content, 0).map(u32::from);
                    custom.extend(
                        id.zip(code)
                            .map(|(id, (code, _))| (id, Format::of_code(&code))),
                    );
                }
                BEGIN_CELL_FORMATS => is_list_of_cells = true,
                END_CELL_FORMATS => is_list_of_cells = false,
                CELL_FORMAT if is_list_of_cells => {
                    let id = u16_at(content, 2).map_or(0, u32::from);
                    let known = custom.iter().find(|(known, _)| *known == id);
                    styles.push(known.map_or_else(|| Format::of_id(id), |(_, format)| *format));
                }
                _ => {}
            }
            Ok(())
        })
    })?;
    Ok(styles)
}

/// The addresses that the sheet refers to, and its comments.
fn around(
    package: &mut Package<'_, '_>,
    part: &str,
    place: &str,
    reading: &mut Reading<'_>,
) -> io::Result<()> {
    let relations = package.relations_of(part, reading)?;
    super::workbook::links(&relations, place, reading);
    for relation in relations.of_kind("comments") {
        let mut comments = String::new();
        package.read(&relation.target, reading, &mut |bytes, _| {
            records::walk(bytes, &mut |kind, content| {
                let said = match kind {
                    COMMENT_AUTHOR => text(content).map(|(author, _)| author),
                    COMMENT_TEXT => rich_text(content),
                    _ => None,
                };
                if let Some(said) = said {
                    comments.push_str(&said);
                    comments.push('\n');
                }
                Ok(())
            })
        })?;
        if !comments.is_empty() {
            reading
                .receiver
                .begin_text(Some(&format!("{place}, commentaires")));
            reading.receiver.text(&comments);
        }
    }
    Ok(())
}
