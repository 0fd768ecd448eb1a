//! One sheet: its cells as rows of a table, then what stands around them.

use std::io;

use super::records::Records;
use super::{Common, END, START, strings};
use crate::extract::bytes::{f64_at, of_utf16, u16_at, u32_at};
use crate::extract::office::{Grid, shown};
use crate::extract::reading::Reading;

const FORMULA: u16 = 0x0006;
const HEADER: u16 = 0x0014;
const FOOTER: u16 = 0x0015;
const NOTE: u16 = 0x001c;
const MANY_RK: u16 = 0x00bd;
const RICH_STRING: u16 = 0x00d6;
const SHARED_STRING: u16 = 0x00fd;
const TEXT_BOX: u16 = 0x01b6;
const LINK: u16 = 0x01b8;
const NUMBER: u16 = 0x0203;
const STRING: u16 = 0x0204;
/// The text that the formula before gave.
const RESULT: u16 = 0x0207;
const RK: u16 = 0x027e;
/// A title of a chart, of one of its axes or of a series.
const CHART_TEXT: u16 = 0x100d;

/// What a sheet of Excel 2003 can have.
const MOST_COLUMNS: usize = 256;
/// Links and comments are shorter.
const MOST_TEXT: usize = 64 * 1024;

pub(super) fn extract(
    records: &mut Records<'_>,
    within: &str,
    common: &Common,
    cells: &mut u64,
    reading: &mut Reading<'_>,
) -> io::Result<()> {
    let mut rows = Rows::new(within, reading.limits().cells.saturating_sub(*cells));
    let mut around = Around::default();
    // Charts are sheets within the sheet.
    let mut depth = 0_usize;
    let mut formula = None;
    while let Some(record) = records.next()? {
        let data = record.data;
        match record.kind {
            START => depth += 1,
            END if depth <= 1 => break,
            END => depth -= 1,
            CHART_TEXT => around.charts.extend(short(data, common.of_97)),
            // A chart repeats the cells that it shows.
            NUMBER | RK | FORMULA | MANY_RK | STRING | RICH_STRING | SHARED_STRING if depth > 1 => {
            }
            NUMBER | RK | FORMULA => {
                formula = number(record.kind, data, common, &mut rows, reading);
            }
            MANY_RK => many(data, common, &mut rows, reading),
            STRING | RICH_STRING | SHARED_STRING => {
                if let Some((row, column)) = place(data)
                    && let Some(text) = text(record.kind, data, common)
                {
                    rows.cell(row, column, text, reading);
                }
            }
            RESULT => {
                let text = counted(data, 0, common.of_97);
                if let Some(((row, column), text)) = formula.take().zip(text) {
                    rows.cell(row, column, text, reading);
                }
            }
            HEADER | FOOTER => around.page.extend(page(data, common.of_97)),
            NOTE => around.comments.extend(author(data, common.of_97)),
            LINK => around.links.push(link(data)),
            TEXT_BOX => {
                let letters = u16_at(data, 10).unwrap_or(0);
                if letters > 0 {
                    let parts = records.continued(Vec::new(), MOST_TEXT)?;
                    let text = parts
                        .get(1)
                        .and_then(|part| strings::plain(part, usize::from(letters), true));
                    around.comments.extend(text);
                }
            }
            _ => (),
        }
    }
    rows.finish(reading);
    *cells = cells.saturating_add(rows.grid.cells);
    around.give(within, reading);
    Ok(())
}

/// Cells on their way to rows.
struct Rows {
    grid: Grid,
    row: Vec<String>,
    number: u64,
    max_cells: u64,
}

impl Rows {
    fn new(within: &str, max_cells: u64) -> Self {
        Self {
            grid: Grid::new(within),
            row: Vec::new(),
            number: 0,
            max_cells,
        }
    }

    /// A cell; those of one row come one after the other.
    fn cell(&mut self, number: u64, column: usize, shown: String, reading: &mut Reading<'_>) {
        if number != self.number {
            self.finish(reading);
            self.number = number;
        }
        if !shown.is_empty() && column < MOST_COLUMNS {
            Grid::put(&mut self.row, column, shown);
        }
    }

    /// Gives the row being filled; beyond the limit the rest of the sheet goes by unread.
    fn finish(&mut self, reading: &mut Reading<'_>) {
        let row = std::mem::take(&mut self.row);
        if self.grid.cells < self.max_cells {
            self.grid.give(self.number, &row, reading.receiver);
        }
    }
}

/// What stands around the cells.
#[derive(Default)]
struct Around {
    page: Vec<String>,
    comments: Vec<String>,
    links: Vec<String>,
    charts: Vec<String>,
}

impl Around {
    fn give(&self, within: &str, reading: &mut Reading<'_>) {
        for (texts, what) in [
            (&self.comments, "commentaires et zones de texte"),
            (&self.links, "liens"),
            (&self.charts, "graphiques"),
            (&self.page, "en-tête et pied de page"),
        ] {
            if texts.is_empty() {
                continue;
            }
            let place = format!("{within}, {what}");
            reading.receiver.begin_text(Some(&place));
            for text in texts {
                reading.receiver.text(text);
                reading.receiver.text("\n");
            }
        }
    }
}

fn place(data: &[u8]) -> Option<(u64, usize)> {
    let (row, column) = (u16_at(data, 0)?, u16_at(data, 2)?);
    Some((u64::from(row) + 1, usize::from(column)))
}

/// A cell of one number; the place of a formula whose result is a text that follows.
fn number(
    kind: u16,
    data: &[u8],
    common: &Common,
    rows: &mut Rows,
    reading: &mut Reading<'_>,
) -> Option<(u64, usize)> {
    let (row, column) = place(data)?;
    let value = match kind {
        RK => of_rk(u32_at(data, 6)?),
        FORMULA if u16_at(data, 12) == Some(u16::MAX) => {
            return (data.get(6) == Some(&0)).then_some((row, column));
        }
        _ => f64_at(data, 6)?,
    };
    let style = usize::from(u16_at(data, 4)?);
    rows.cell(row, column, common.shown(value, style), reading);
    None
}

/// Neighbouring cells in one record.
fn many(data: &[u8], common: &Common, rows: &mut Rows, reading: &mut Reading<'_>) {
    let Some((row, first)) = place(data) else {
        return;
    };
    let cells = data
        .get(4..data.len().saturating_sub(2))
        .unwrap_or_default();
    for (column, cell) in (first..).zip(cells.chunks_exact(6)) {
        if let (Some(style), Some(value)) = (u16_at(cell, 0), u32_at(cell, 2)) {
            let shown = common.shown(of_rk(value), usize::from(style));
            rows.cell(row, column, shown, reading);
        }
    }
}

fn text(kind: u16, data: &[u8], common: &Common) -> Option<String> {
    if kind == SHARED_STRING {
        let rank = usize::try_from(u32_at(data, 6)?).ok()?;
        return common.strings.get(rank).map(str::to_owned);
    }
    counted(data, 6, common.of_97)
}

/// A string behind its length.
fn counted(data: &[u8], at: usize, of_97: bool) -> Option<String> {
    let letters = usize::from(u16_at(data, at)?);
    strings::plain(data.get(at + 2..)?, letters, of_97)
}

/// [MS-XLS] 2.4.254: a string behind an id and a short length.
fn short(data: &[u8], of_97: bool) -> Option<String> {
    let letters = usize::from(*data.get(2)?);
    strings::plain(data.get(3..)?, letters, of_97).filter(|text| !text.trim().is_empty())
}

impl Common {
    fn shown(&self, value: f64, style: usize) -> String {
        let format = self.styles.get(style).copied().unwrap_or_default();
        shown(&value.to_string(), format, self.epoch)
    }
}

/// [MS-XLS] 2.5.217, [MS-XLSB] 2.5.123: an integer or the upper half of a number, perhaps times a hundred.
pub(in crate::extract) fn of_rk(packed: u32) -> f64 {
    let number = if packed & 2 == 0 {
        f64::from_bits(u64::from(packed & !3) << 32)
    } else {
        f64::from(packed.cast_signed() >> 2)
    };
    if packed & 1 == 0 {
        number
    } else {
        number / 100.0
    }
}

fn page(data: &[u8], of_97: bool) -> Option<String> {
    if of_97 {
        return counted(data, 0, true);
    }
    let letters = usize::from(*data.first()?);
    strings::plain(data.get(1..)?, letters, false)
}

/// Who wrote a comment; in Excel 5 the comment itself.
fn author(data: &[u8], of_97: bool) -> Option<String> {
    if of_97 {
        return counted(data, 8, true);
    }
    let letters = usize::from(u16_at(data, 4)?).min(data.len().saturating_sub(6));
    strings::plain(data.get(6..)?, letters, false)
}

/// The texts of a link, whatever stands between them: addresses are in UTF-16, names of files in bytes.
fn link(data: &[u8]) -> String {
    const SHORTEST: usize = 4;
    let is_text = |letter: char| !letter.is_control() && letter != char::REPLACEMENT_CHARACTER;
    let data = data.get(..data.len().min(MOST_TEXT)).unwrap_or_default();
    // Eight bytes of place, sixteen of identity, eight of flags.
    let wide = of_utf16(data.get(32..).unwrap_or_default());
    let is_ours = |letter: char| is_text(letter) && u32::from(letter) < 0x0250;
    let texts = wide.split(|letter| !is_ours(letter));
    let bytes = String::from_utf8_lossy(data);
    let names = bytes.split(|letter: char| !letter.is_ascii() || letter.is_ascii_control());
    let long = texts.chain(names).filter(|text| text.len() >= SHORTEST);
    long.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_unpacked() {
        // The examples of [MS-XLS] and of OpenOffice's documentation of the format.
        assert!((of_rk(0x3ff0_0000) - 1.0).abs() < f64::EPSILON);
        assert!((of_rk(0x3ff0_0001) - 0.01).abs() < f64::EPSILON);
        assert!((of_rk(0x004b_5646) - 1_234_321.0).abs() < f64::EPSILON);
        assert!((of_rk(0x004b_5647) - 12_343.21).abs() < 1e-9);
    }
}
