//! dBASE, FoxPro and what exports like them: one table, records of one length.
//!
//! Our own reader: the `dbase` crate passes over the records that were deleted, which are still in the file, and wants the file
//! of its memos beside it.

use std::io::{self, Read};

use crate::extract::chars::{Encoding, of_accents};
use crate::extract::limits::Limit;
use crate::extract::reading::Reading;
use crate::extract::text::decode;
use crate::extract::{Coverage, Receiver};

const HEADER: usize = 32;
const FIELD: usize = 32;
/// Ends the descriptions of the fields.
const FIELDS_END: u8 = 0x0d;
/// Ends the records.
const FILE_END: u8 = 0x1a;
/// No program makes more.
const MOST_FIELDS: usize = 2048;

/// Versions that Clipper, dBASE, FoxPro and Visual FoxPro write.
const VERSIONS: [u8; 14] = [
    0x02, 0x03, 0x04, 0x05, 0x30, 0x31, 0x32, 0x43, 0x63, 0x83, 0x8b, 0x8c, 0xcb, 0xf5,
];

/// Whether the first bytes are those of such a table: its version, a day, lengths that agree, a first field.
pub(in crate::extract) fn is_it(head: &[u8]) -> bool {
    let Some(header) = Header::of(head) else {
        return false;
    };
    let (month, day) = (head.get(2), head.get(3));
    VERSIONS.contains(&header.version)
        && month.is_some_and(|month| (1..=12).contains(month))
        && day.is_some_and(|day| (1..=31).contains(day))
        && header.length > HEADER + FIELD
        && header.record > 1
        && head
            .get(HEADER..HEADER + FIELD)
            .and_then(Field::of)
            .is_some()
}

pub(in crate::extract) fn extract(
    bytes: &mut dyn Read,
    reading: &mut Reading<'_>,
) -> io::Result<Coverage> {
    let mut start = vec![0; HEADER];
    bytes.read_exact(&mut start)?;
    let header = Header::of(&start).ok_or(io::ErrorKind::InvalidData)?;
    let mut described = Vec::new();
    let rest = u64::try_from(header.length.saturating_sub(HEADER)).unwrap_or(0);
    bytes.take(rest).read_to_end(&mut described)?;
    let fields: Vec<Field> = described
        .chunks_exact(FIELD)
        .take_while(|field| field.first() != Some(&FIELDS_END))
        .take(MOST_FIELDS)
        .map_while(Field::of)
        .collect();
    let titles: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    reading.receiver.begin_table(None, 0);
    reading.receiver.row(&titles);
    let mut table = Table {
        fields,
        encoding: header.encoding,
        cells: 0,
    };
    let mut record = vec![0; header.record];
    for _ in 0..header.records {
        if table.cells >= reading.limits().cells {
            return Ok(Coverage::Limited(Limit::Cells { read: table.cells }));
        }
        match bytes.read_exact(&mut record) {
            Ok(()) => table.give(&record, reading.receiver),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                let is_ended = record.first() == Some(&FILE_END);
                return Ok(if is_ended {
                    Coverage::Whole
                } else {
                    Coverage::Damaged
                });
            }
            Err(error) => return Err(error),
        }
    }
    Ok(Coverage::Whole)
}

struct Header {
    version: u8,
    records: u32,
    length: usize,
    record: usize,
    /// None where the table does not say.
    encoding: Option<Encoding>,
}

impl Header {
    fn of(head: &[u8]) -> Option<Self> {
        let head: &[u8; HEADER] = head.first_chunk()?;
        let [version, _, _, _, a, b, c, d, e, f, g, h, ..] = *head;
        Some(Self {
            version,
            records: u32::from_le_bytes([a, b, c, d]),
            length: u16::from_le_bytes([e, f]).into(),
            record: u16::from_le_bytes([g, h]).into(),
            encoding: match head[29] {
                0x01 | 0x02 => Some(Encoding::Cp850),
                0x03 | 0x57 | 0x58 | 0x59 => Some(Encoding::Other(encoding_rs::WINDOWS_1252)),
                _ => None,
            },
        })
    }
}

struct Field {
    name: String,
    kind: u8,
    length: usize,
}

impl Field {
    fn of(described: &[u8]) -> Option<Self> {
        let name = described.get(..11)?.split(|byte| *byte == 0).next()?;
        let is_name = !name.is_empty()
            && name
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80);
        let kind = *described.get(11)?;
        // The length of long texts of Clipper has its upper byte where others say the decimals.
        let (low, high) = (*described.get(16)?, *described.get(17)?);
        let high = if kind == b'C' { high } else { 0 };
        (is_name && b"CNDLMFBIGPTYQVW@O+0".contains(&kind)).then(|| Self {
            name: decode(name, of_accents(name)),
            kind,
            length: u16::from_le_bytes([low, high]).into(),
        })
    }
}

struct Table {
    fields: Vec<Field>,
    encoding: Option<Encoding>,
    cells: u64,
}

impl Table {
    fn give(&mut self, record: &[u8], receiver: &mut dyn Receiver) {
        // The first byte says whether the record is deleted: it is still here.
        let mut rest = record.get(1..).unwrap_or_default();
        let mut cells = Vec::with_capacity(self.fields.len());
        for field in &self.fields {
            let (value, after) = rest.split_at_checked(field.length).unwrap_or((rest, &[]));
            rest = after;
            cells.push(self.shown(field.kind, value));
        }
        self.cells = self
            .cells
            .saturating_add(u64::try_from(cells.len()).unwrap_or(u64::MAX));
        let cells: Vec<&str> = cells.iter().map(|cell| cell.trim()).collect();
        receiver.row(&cells);
    }

    fn shown(&self, kind: u8, value: &[u8]) -> String {
        match (kind, value) {
            (b'D', [year @ .., a, b, c, d]) if year.len() == 4 => {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                let day = text(&[*c, *d]);
                if day.trim().is_empty() {
                    String::new()
                } else {
                    format!("{day}/{}/{}", text(&[*a, *b]), text(year))
                }
            }
            (b'I' | b'+', [a, b, c, d]) => i32::from_le_bytes([*a, *b, *c, *d]).to_string(),
            (b'O', bytes) | (b'B', bytes) if bytes.len() == 8 => bytes
                .first_chunk()
                .map(|bytes| f64::from_le_bytes(*bytes).to_string())
                .unwrap_or_default(),
            // Numbers of memos, pictures, moments: nothing that a person wrote.
            (b'M' | b'G' | b'P' | b'T' | b'Y' | b'@' | b'0' | b'W', _) => String::new(),
            (_, bytes) => {
                let written = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
                decode(
                    written,
                    self.encoding.unwrap_or_else(|| of_accents(written)),
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::Coverage;
    use crate::extract::tests::extract;

    fn table(records: &[u8], count: u32) -> Vec<u8> {
        let mut bytes = vec![0x03, 98, 5, 7];
        bytes.extend(count.to_le_bytes());
        bytes.extend((32 + 3 * 32 + 1_u16).to_le_bytes());
        bytes.extend((1 + 10 + 8 + 13_u16).to_le_bytes());
        bytes.resize(32, 0);
        for (name, kind, length) in [("NOM", b'C', 10), ("NAISSANCE", b'D', 8), ("NIR", b'N', 13)] {
            let mut field = name.as_bytes().to_vec();
            field.resize(11, 0);
            field.extend([kind, 0, 0, 0, 0, length]);
            field.resize(32, 0);
            bytes.extend(field);
        }
        bytes.push(0x0d);
        bytes.extend(records);
        bytes
    }

    #[test]
    fn every_record_is_read_the_deleted_ones_too() {
        let bytes = table(
            b" DURAND    198505071850578006084*LEF\x8aVRE           2901175012345\x1a",
            2,
        );
        let (outcome, heard) = extract(&bytes);
        assert_eq!(outcome.media_type, "application/x-dbf");
        assert_eq!(outcome.coverage, Coverage::Whole);
        assert_eq!(
            heard.rows,
            [
                ["NOM", "NAISSANCE", "NIR"],
                ["DURAND", "07/05/1985", "1850578006084"],
                ["LEFèVRE", "", "2901175012345"],
            ]
        );
    }

    #[test]
    fn a_cut_table_gives_what_is_left() {
        let whole = table(b" DURAND    198505071850578006084", 5);
        let (outcome, heard) = extract(&whole);
        assert_eq!(outcome.coverage, Coverage::Damaged);
        assert_eq!(heard.rows.len(), 2);
        for length in 0..whole.len() {
            extract(&whole[..length]);
        }
    }

    #[test]
    fn lengths_that_contradict_one_another_are_survived() {
        let sound = table(b" DURAND    198505071850578006084\x1a", 1);
        for at in 0..129 {
            for value in [0, 1, 0x0d, 0x7f, 0xff] {
                let mut bytes = sound.clone();
                bytes[at] = value;
                extract(&bytes);
            }
        }
    }
}
