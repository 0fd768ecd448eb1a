//! What the maker wrote into the firmware: the tables of SMBIOS (DMTF DSP0134, sections 6.1 and 7.2 to 7.3).
//!
//! In: the tables, without their entry point, as Windows hands them out (Linux's kernel reads them itself). Out: the values that
//! tell one machine from another. dmidecode 1.0 was tried: it begins at an entry point, which Windows does not give.

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Smbios {
    /// Written as Linux does: lower case, hyphens.
    pub system_uuid: Option<String>,
    pub system_serial: Option<String>,
    pub board_serial: Option<String>,
}

const SYSTEM: u8 = 1;
const BOARD: u8 = 2;
const END: u8 = 127;

impl Smbios {
    /// Of several boards the first counts: it is the one that bears the others.
    pub fn parse(mut tables: &[u8]) -> Self {
        let mut found = Self::default();
        while let Some((structure, rest)) = Structure::first_of(tables) {
            match structure.kind {
                SYSTEM => {
                    found.system_uuid = structure.uuid(0x08);
                    found.system_serial = structure.text(0x07);
                }
                BOARD if found.board_serial.is_none() => {
                    found.board_serial = structure.text(0x07);
                }
                END => break,
                _ => {}
            }
            tables = rest;
        }
        found
    }
}

struct Structure<'a> {
    kind: u8,
    /// Head included: offsets count from its start.
    formatted: &'a [u8],
    /// The texts that follow, each ended by a zero.
    texts: &'a [u8],
}

impl<'a> Structure<'a> {
    /// The first one, and what follows it.
    fn first_of(tables: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (kind, length) = (*tables.first()?, usize::from(*tables.get(1)?));
        // A head has four bytes; less would not go on.
        let (formatted, rest) = tables.split_at_checked(length.max(4))?;
        let end = rest.windows(2).position(|pair| pair == [0, 0])?;
        let (texts, rest) = rest.split_at_checked(end + 2)?;
        let structure = Self {
            kind,
            formatted,
            texts,
        };
        Some((structure, rest))
    }

    /// Texts are numbered from one; zero is none.
    fn text(&self, offset: usize) -> Option<String> {
        let number = usize::from(*self.formatted.get(offset)?).checked_sub(1)?;
        let text = self.texts.split(|byte| *byte == 0).nth(number)?;
        let text = String::from_utf8_lossy(text).trim().to_owned();
        Some(text).filter(|text| !text.is_empty())
    }

    /// The first three fields are little endian (section 7.2.1).
    fn uuid(&self, offset: usize) -> Option<String> {
        let bytes = self.formatted.get(offset..)?.first_chunk()?;
        Some(uuid::Uuid::from_bytes_le(*bytes).to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Kind, fields after the head, texts.
    fn structure(kind: u8, fields: &[u8], texts: &str) -> Vec<u8> {
        let length = u8::try_from(fields.len() + 4).unwrap();
        let mut bytes = vec![kind, length, 0, 1];
        bytes.extend(fields);
        bytes.extend(texts.as_bytes());
        bytes.extend([0, 0]);
        bytes
    }

    fn tables() -> Vec<u8> {
        let uuid = [
            0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd,
            0xee, 0xff,
        ];
        let mut system = vec![1, 2, 0, 3];
        system.extend(uuid);
        [
            structure(0, &[1], "LENOVO"),
            structure(SYSTEM, &system, "LENOVO\x0010T7\0PC0ABCDE "),
            structure(BOARD, &[1, 2, 0, 3], "LENOVO\x003106\0L1HF6AB00YZ"),
            structure(BOARD, &[1, 2, 0, 3], "LENOVO\x00riser\0OTHER"),
            structure(END, &[], ""),
        ]
        .concat()
    }

    #[test]
    fn it_tells_what_the_maker_wrote() {
        // The UUID is the example of the specification.
        let expected = Smbios {
            system_uuid: Some("00112233-4455-6677-8899-aabbccddeeff".to_owned()),
            system_serial: Some("PC0ABCDE".to_owned()),
            board_serial: Some("L1HF6AB00YZ".to_owned()),
        };
        assert_eq!(Smbios::parse(&tables()), expected);
    }

    #[test]
    fn tables_that_are_cut_or_of_an_old_version_tell_what_they_can() {
        let whole = tables();
        for end in 0..whole.len() {
            Smbios::parse(&whole[..end]);
        }
        let old = structure(SYSTEM, &[1, 2, 0, 0], "LENOVO\x0010T7");
        assert_eq!(Smbios::parse(&old), Smbios::default());
    }
}
