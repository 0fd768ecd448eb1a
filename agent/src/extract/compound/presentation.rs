//! PowerPoint 97 to 2003: every text of the stream of records, older versions that quick saves left included, and the
//! objects that lie in it.

use std::io::{self, Read, Seek, SeekFrom};

use flate2::read::ZlibDecoder;

use super::Storage;
use crate::extract::Coverage;
use crate::extract::bytes::{of_utf16, of_windows, read_u32, read_up_to, u16_at, u32_at};
use crate::extract::reading::Reading;

/// Records, by [MS-PPT] 2.13.24.
const SLIDE: u16 = 0x03ee;
const NOTES: u16 = 0x03f0;
const MASTER: u16 = 0x03f8;
const SLIDE_LIST: u16 = 0x0ff0;
const LINKS: u16 = 0x0409;
/// Begins the texts of one slide in the list.
const SLIDE_PERSIST: u16 = 0x03f3;
const TEXT_CHARS: u16 = 0x0fa0;
const TEXT_BYTES: u16 = 0x0fa8;
/// Names of links, comments and their authors, headers and footers.
const STRING: u16 = 0x0fba;
const OBJECT: u16 = 0x1011;
const ENCRYPTION: u16 = 0x2f14;

/// The longest text of one shape.
const MOST_BYTES: u64 = 1024 * 1024;
const HEADER: u64 = 8;

pub(super) fn extract(
    storage: &mut Storage<'_, '_>,
    reading: &mut Reading<'_>,
) -> io::Result<Coverage> {
    let mut stream = storage.stream("PowerPoint Document")?;
    let mut place = Place::default();
    let mut objects = 0_u64;
    let mut at = 0;
    let end = stream.len();
    while at + HEADER <= end {
        stream.seek(SeekFrom::Start(at))?;
        let mut header = [0; 8];
        stream.read_exact(&mut header)?;
        let record = Record::of(&header).ok_or(io::ErrorKind::InvalidData)?;
        at += HEADER;
        if record.kind == ENCRYPTION {
            return Ok(Coverage::Encrypted);
        }
        place.enter(&record, reading);
        if record.is_container {
            continue;
        }
        if record.kind == OBJECT {
            objects += 1;
            let mut object = (&mut stream).take(record.length.into());
            embedded(objects, record.instance, &mut object, reading)?;
        }
        let text = match record.kind {
            TEXT_CHARS | STRING => of_utf16(&read_up_to(&mut stream, record.text_length())?),
            TEXT_BYTES => of_windows(&read_up_to(&mut stream, record.text_length())?),
            _ => String::new(),
        };
        if !text.is_empty() {
            place.begin(reading);
            reading.receiver.text(&text.replace(['\r', '\u{b}'], "\n"));
            reading.receiver.text("\n");
        }
        at = at.saturating_add(u64::from(record.length));
    }
    Ok(if at == end {
        Coverage::Whole
    } else {
        Coverage::Damaged
    })
}

/// [MS-PPT] 2.10.34: a compound file of its own, compressed behind its size or not.
fn embedded(
    rank: u64,
    instance: u16,
    object: &mut dyn Read,
    reading: &mut Reading<'_>,
) -> io::Result<()> {
    const COMPRESSED: u16 = 1;
    let name = format!("objet incorporé {rank}");
    if instance == COMPRESSED {
        // Some programs leave out the end of the compressed data, after the last byte that it gives.
        let size = read_u32(object)?;
        let mut whole = ZlibDecoder::new(object).take(size.into());
        return reading.member(&name, &mut whole, None);
    }
    reading.member(&name, object, None)
}

struct Record {
    kind: u16,
    instance: u16,
    length: u32,
    is_container: bool,
}

impl Record {
    fn of(header: &[u8]) -> Option<Self> {
        let first = u16_at(header, 0)?;
        Some(Self {
            kind: u16_at(header, 2)?,
            instance: first >> 4,
            length: u32_at(header, 4)?,
            is_container: first & 0xf == 0xf,
        })
    }

    fn text_length(&self) -> u64 {
        u64::from(self.length).min(MOST_BYTES)
    }
}

/// Where the next text stands.
#[derive(Default)]
struct Place {
    name: Option<String>,
    is_begun: bool,
    /// In the list of the texts of slides, which slide; and of the slides themselves.
    listed: usize,
    slides: usize,
    lists: &'static str,
}

impl Place {
    fn enter(&mut self, record: &Record, reading: &Reading<'_>) {
        // Nothing beyond the limit is told apart.
        let most = usize::try_from(reading.limits().pages).unwrap_or(usize::MAX);
        let name = match record.kind {
            SLIDE_LIST => {
                self.listed = 0;
                self.lists = match record.instance {
                    0 => "diapositive",
                    1 => "masque",
                    _ => "commentaires de la diapositive",
                };
                return;
            }
            SLIDE_PERSIST if !self.lists.is_empty() => {
                self.listed = (self.listed + 1).min(most);
                format!("{} {}", self.lists, self.listed)
            }
            SLIDE => {
                self.slides = (self.slides + 1).min(most);
                format!("diapositive {}", self.slides)
            }
            NOTES => format!("commentaires de la diapositive {}", self.slides.max(1)),
            MASTER => "masque".to_owned(),
            LINKS => "liens".to_owned(),
            _ => return,
        };
        self.name = Some(name);
        self.is_begun = false;
    }

    fn begin(&mut self, reading: &mut Reading<'_>) {
        if !self.is_begun {
            reading.receiver.begin_text(self.name.as_deref());
            self.is_begun = true;
        }
    }
}
