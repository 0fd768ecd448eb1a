//! Exif, which is TIFF: directories of tags, anywhere in the file (TIFF 6.0, section 2; CIPA DC-008, section 4.6).

use std::io::{self, Read, Seek, SeekFrom};

use super::{Block, BlockKind, MOST_BLOCK_BYTES, line, text};
use crate::extract::bytes::of_utf16;
use crate::extract::source::Anywhere;

/// No camera writes more.
const MOST_TAGS: u16 = 1_000;
const MOST_TEXT_BYTES: u64 = 64 * 1024;

const EXIF_DIRECTORY: u16 = 0x8769;
const GPS_DIRECTORY: u16 = 0x8825;
const XMP: u16 = 700;
const IPTC: u16 = 33_723;
const USER_COMMENT: u16 = 0x9286;

/// Tags that people fill, or programs with what they know of people.
const TEXTS: [(u16, &str); 8] = [
    (0x010d, "Document"),
    (0x010e, "Description"),
    (0x013b, "Auteur"),
    (0x013c, "Ordinateur"),
    (0x8298, "Droits"),
    (0xa430, "Propriétaire"),
    (0xfde8, "Propriétaire"),
    (0x011d, "Page"),
];

/// Those of the Windows desktop, in UTF-16.
const WINDOWS_TEXTS: [(u16, &str); 5] = [
    (0x9c9b, "Titre"),
    (0x9c9c, "Commentaire"),
    (0x9c9d, "Auteur"),
    (0x9c9e, "Mots-clés"),
    (0x9c9f, "Objet"),
];

/// Adds a line a tag to `lines`; the blocks of other standards that tags hold are answered. What is damaged is left out.
pub(super) fn read(file: &mut Anywhere<'_>, start: u64, lines: &mut String) -> Vec<Block> {
    let mut blocks = Vec::new();
    let Ok(mut tiff) = Tiff::new(file, start) else {
        return blocks;
    };
    let first = tiff.long_at(4).unwrap_or(0);
    let mut directories = vec![first];
    // A directory is named by the first one only, so that there is an end.
    for rank in 0..2 {
        let Some(directory) = directories.get(rank).copied() else {
            break;
        };
        for tag in tiff.directory(directory) {
            match tag.id {
                EXIF_DIRECTORY if rank == 0 => directories.push(tag.value),
                GPS_DIRECTORY if rank == 0 => {
                    let position = tiff.position(tag.value);
                    line("Position GPS", &position.unwrap_or_default(), lines);
                }
                XMP | IPTC => blocks.push(Block {
                    kind: if tag.id == XMP {
                        BlockKind::Xmp
                    } else {
                        BlockKind::Iptc
                    },
                    start: start.saturating_add(u64::from(tag.value)),
                    length: tag.length().min(MOST_BLOCK_BYTES),
                }),
                USER_COMMENT => {
                    let comment = tiff.content(&tag).unwrap_or_default();
                    line("Commentaire", &tiff.user_comment(&comment), lines);
                }
                id => tiff.text(id, &tag, lines),
            }
        }
    }
    blocks
}

struct Tiff<'f, 'a> {
    file: &'f mut Anywhere<'a>,
    start: u64,
    is_little: bool,
}

struct Tag {
    id: u16,
    kind: u16,
    count: u32,
    /// The value itself, or where it stands.
    value: u32,
    /// Where the value of this tag is written, from the start of the block.
    at: u64,
}

impl Tag {
    fn length(&self) -> u64 {
        let unit = match self.kind {
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 => 8,
            _ => 1,
        };
        u64::from(self.count) * unit
    }
}

impl<'f, 'a> Tiff<'f, 'a> {
    fn new(file: &'f mut Anywhere<'a>, start: u64) -> io::Result<Self> {
        let mut tiff = Self {
            file,
            start,
            is_little: true,
        };
        let order: [u8; 2] = tiff.bytes_at(0)?;
        tiff.is_little = match &order {
            b"II" => true,
            b"MM" => false,
            _ => return Err(io::ErrorKind::InvalidData.into()),
        };
        Ok(tiff)
    }

    /// The tags of a directory as far as they can be read.
    fn directory(&mut self, at: u32) -> Vec<Tag> {
        let at = u64::from(at);
        let count = self.short_at(at).unwrap_or(0).min(MOST_TAGS);
        let tags = (0..u64::from(count)).map_while(|rank| self.tag_at(at + 2 + 12 * rank).ok());
        tags.collect()
    }

    fn tag_at(&mut self, at: u64) -> io::Result<Tag> {
        let bytes: [u8; 12] = self.bytes_at(at)?;
        let [a, b, c, d, count @ .., e, f, g, h] = bytes;
        Ok(Tag {
            id: self.short([a, b]),
            kind: self.short([c, d]),
            count: self.long(count),
            value: self.long([e, f, g, h]),
            at: at + 8,
        })
    }

    /// The bytes of a value; short ones stand in the tag itself.
    fn content(&mut self, tag: &Tag) -> io::Result<Vec<u8>> {
        let length = tag.length();
        let at = if length <= 4 {
            tag.at
        } else {
            u64::from(tag.value)
        };
        self.file
            .seek(SeekFrom::Start(self.start.saturating_add(at)))?;
        let mut content = Vec::new();
        let most = length.min(MOST_TEXT_BYTES);
        (&mut *self.file).take(most).read_to_end(&mut content)?;
        Ok(content)
    }

    fn text(&mut self, id: u16, tag: &Tag, lines: &mut String) {
        let named = |list: &[(u16, &'static str)]| {
            let found = list.iter().find(|(known, _)| *known == id);
            found.map(|(_, label)| *label)
        };
        if let Some(label) = named(&TEXTS) {
            let content = self.content(tag).unwrap_or_default();
            line(label, &text(&content), lines);
        } else if let Some(label) = named(&WINDOWS_TEXTS) {
            let content = self.content(tag).unwrap_or_default();
            line(label, &of_utf16(&content), lines);
        }
    }

    /// Eight bytes name its character set.
    fn user_comment(&self, comment: &[u8]) -> String {
        let Some((set, rest)) = comment.split_at_checked(8) else {
            return String::new();
        };
        if !set.starts_with(b"UNICODE") {
            return text(rest);
        }
        // Some programs write the order of the file, others their own: Latin letters have a zero on one side.
        let (pairs, _) = rest.as_chunks::<2>();
        let zeros_first = pairs.iter().filter(|[first, _]| *first == 0).count();
        let zeros_second = pairs.iter().filter(|[_, second]| *second == 0).count();
        if zeros_second > zeros_first || zeros_second == zeros_first && self.is_little {
            return of_utf16(rest);
        }
        let swapped: Vec<u8> = pairs.iter().flat_map(|[high, low]| [*low, *high]).collect();
        of_utf16(&swapped)
    }

    /// Latitude and longitude in degrees: « 48.858222, 2.294500 ».
    fn position(&mut self, directory: u32) -> Option<String> {
        let (mut north, mut east) = (1.0, 1.0);
        let (mut latitude, mut longitude) = (None, None);
        for tag in self.directory(directory) {
            match tag.id {
                1 if self.is_letter(&tag, b'S') => north = -1.0,
                3 if self.is_letter(&tag, b'W') => east = -1.0,
                2 => latitude = self.degrees(&tag),
                4 => longitude = self.degrees(&tag),
                _ => {}
            }
        }
        let (latitude, longitude) = (north * latitude?, east * longitude?);
        // Cameras without a signal write zeros.
        let is_known = latitude != 0.0 || longitude != 0.0;
        let is_place = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
        (is_known && is_place).then(|| format!("{latitude:.6}, {longitude:.6}"))
    }

    fn is_letter(&mut self, tag: &Tag, letter: u8) -> bool {
        let content = self.content(tag).unwrap_or_default();
        content.first() == Some(&letter)
    }

    /// Degrees, minutes and seconds, each a fraction.
    fn degrees(&mut self, tag: &Tag) -> Option<f64> {
        let content = self.content(tag).ok()?;
        let (fractions, _) = content.as_chunks::<8>();
        let mut values = fractions.iter().map(|[a, b, c, d, rest @ ..]| {
            let below = f64::from(self.long(*rest));
            (below != 0.0).then(|| f64::from(self.long([*a, *b, *c, *d])) / below)
        });
        let degrees = values.next()??;
        let minutes = values.next().flatten().unwrap_or(0.0);
        let seconds = values.next().flatten().unwrap_or(0.0);
        Some(degrees + minutes / 60.0 + seconds / 3600.0)
    }

    fn short_at(&mut self, at: u64) -> io::Result<u16> {
        let bytes = self.bytes_at(at)?;
        Ok(self.short(bytes))
    }

    fn long_at(&mut self, at: u64) -> io::Result<u32> {
        let bytes = self.bytes_at(at)?;
        Ok(self.long(bytes))
    }

    fn bytes_at<const LENGTH: usize>(&mut self, at: u64) -> io::Result<[u8; LENGTH]> {
        super::blocks::read_at(self.file, self.start.saturating_add(at))
    }

    fn short(&self, bytes: [u8; 2]) -> u16 {
        if self.is_little {
            u16::from_le_bytes(bytes)
        } else {
            u16::from_be_bytes(bytes)
        }
    }

    fn long(&self, bytes: [u8; 4]) -> u32 {
        if self.is_little {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        }
    }
}
