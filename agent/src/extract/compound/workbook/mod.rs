//! Excel 5 to 2003: every sheet, hidden ones too, row by row; then its comments, headers and links.
//!
//! Records of [MS-XLS] in one stream: what the workbook shares comes first, then the sheets.

mod records;
mod sheet;
mod strings;

use std::io;

use self::records::{Record, Records};
pub(in crate::extract) use self::sheet::of_rk;
use self::strings::Strings;
use super::Storage;
use crate::extract::Coverage;
use crate::extract::bytes::{u16_at, u32_at};
use crate::extract::limits::Limit;
use crate::extract::office::{Epoch, Format};
use crate::extract::reading::Reading;

const END: u16 = 0x000a;
const PASSWORD: u16 = 0x002f;
const EPOCH: u16 = 0x0022;
const SHEET: u16 = 0x0085;
const STYLE: u16 = 0x00e0;
const SHARED_STRINGS: u16 = 0x00fc;
const FORMAT: u16 = 0x041e;
const START: u16 = 0x0809;

/// Excel 97 and after; the others write strings in bytes.
const VERSION_97: u16 = 0x0600;
/// No honest workbook has more.
const MOST_STYLES: usize = 100_000;
const MOST_SHEETS: usize = 10_000;

/// What all sheets need.
#[derive(Default)]
pub(super) struct Common {
    strings: Strings,
    styles: Vec<Format>,
    epoch: Epoch,
    of_97: bool,
}

struct Sheet {
    name: String,
    place: u32,
}

pub(super) fn extract(
    storage: &mut Storage<'_, '_>,
    reading: &mut Reading<'_>,
) -> io::Result<Coverage> {
    let name = if storage.has("Workbook") {
        "Workbook"
    } else {
        "Book"
    };
    let mut records = Records::new(storage.stream(name)?);
    let mut common = Common::default();
    let mut custom = Vec::new();
    let mut sheets = Vec::new();
    let mut reached = None;
    while let Some(record) = records.next()? {
        match record.kind {
            START => common.of_97 = u16_at(record.data, 0) >= Some(VERSION_97),
            PASSWORD => return Ok(Coverage::Encrypted),
            EPOCH if u16_at(record.data, 0) == Some(1) => common.epoch = Epoch::Of1904,
            SHEET if sheets.len() < MOST_SHEETS => sheets.extend(sheet(&record, common.of_97)),
            FORMAT if custom.len() < MOST_STYLES => custom.extend(format(&record, common.of_97)),
            STYLE if common.styles.len() < MOST_STYLES => {
                let id = u16_at(record.data, 2).unwrap_or(0);
                let known = custom.iter().find(|(known, _)| *known == id);
                let format = known.map_or_else(|| Format::of_id(id.into()), |(_, format)| *format);
                common.styles.push(format);
            }
            SHARED_STRINGS => {
                let most = usize::try_from(reading.limits().held_bytes).unwrap_or(usize::MAX);
                let head = record.data.to_vec();
                let parts = records.continued(head, most)?;
                common.strings = Strings::read(&parts, most);
                reached = common.strings.is_cut().then_some(Limit::Held);
            }
            END => break,
            _ => (),
        }
    }
    let mut cells = 0;
    for Sheet { name, place } in sheets {
        let within = format!("feuille « {name} »");
        records.go_to(place)?;
        sheet::extract(&mut records, &within, &common, &mut cells, reading)?;
        if cells >= reading.limits().cells {
            reached = Some(Limit::Cells { read: cells });
            break;
        }
    }
    Ok(reached.map_or(Coverage::Whole, Coverage::Limited))
}

fn sheet(record: &Record<'_>, of_97: bool) -> Option<Sheet> {
    let length = usize::from(*record.data.get(6)?);
    Some(Sheet {
        place: u32_at(record.data, 0)?,
        name: strings::plain(record.data.get(7..)?, length, of_97)?,
    })
}

fn format(record: &Record<'_>, of_97: bool) -> Option<(u16, Format)> {
    let id = u16_at(record.data, 0)?;
    let code = if of_97 {
        strings::plain(
            record.data.get(4..)?,
            usize::from(u16_at(record.data, 2)?),
            true,
        )?
    } else {
        strings::plain(
            record.data.get(3..)?,
            usize::from(*record.data.get(2)?),
            false,
        )?
    };
    Some((id, Format::of_code(&code)))
}
