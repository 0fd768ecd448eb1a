//! Where the blocks of a JPEG (ITU T.81), of a PNG and of a WebP stand that hold something else than pixels.

use std::io::{self, Read, Seek, SeekFrom};

use super::{Block, BlockKind, text};
use crate::extract::source::Anywhere;

/// Each of these answers what it found before a damage. A picture has some hundred blocks; the pixels of a large PNG some thousand.
const MOST: usize = 20_000;

const EXIF: &[u8] = b"Exif\0\0";
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const PHOTOSHOP: &[u8] = b"Photoshop 3.0\0";
pub(super) const XMP_KEYWORD: &str = "XML:com.adobe.xmp";

/// Keywords of PNG (section 11.3.3.1), in French.
const KEYWORDS: [(&str, &str); 6] = [
    ("Author", "Auteur"),
    ("Title", "Titre"),
    ("Description", "Description"),
    ("Copyright", "Droits"),
    ("Comment", "Commentaire"),
    ("Source", "Source"),
];

pub(super) fn of_jpeg(file: &mut Anywhere<'_>) -> io::Result<Vec<Block>> {
    let mut blocks = Vec::new();
    let mut at = 2;
    for _ in 0..MOST {
        let Ok([0xff, marker, high, low]) = read_at(file, at) else {
            break;
        };
        match marker {
            // A byte that fills.
            0xff => {
                at += 1;
                continue;
            }
            // The pixels, or the end.
            0xda | 0xd9 => break,
            _ => {}
        }
        let length = u64::from(u16::from_be_bytes([high, low]));
        let content = at + 4;
        let content_length = length.saturating_sub(2);
        at += 2 + length.max(2);
        let mut push = |kind, name: &[u8]| {
            let skipped = u64::try_from(name.len()).unwrap_or(u64::MAX);
            blocks.push(Block {
                kind,
                start: content + skipped,
                length: content_length.saturating_sub(skipped),
            });
        };
        match marker {
            0xe1 if starts_with(file, content, EXIF)? => push(BlockKind::Exif, EXIF),
            0xe1 if starts_with(file, content, XMP)? => push(BlockKind::Xmp, XMP),
            0xed if starts_with(file, content, PHOTOSHOP)? => push(BlockKind::Iptc, PHOTOSHOP),
            0xfe => push(BlockKind::Text("Commentaire".to_owned()), b""),
            _ => {}
        }
    }
    Ok(blocks)
}

pub(super) fn of_png(file: &mut Anywhere<'_>) -> io::Result<Vec<Block>> {
    let mut blocks = Vec::new();
    let mut at = 8;
    for _ in 0..MOST {
        let Ok([a, b, c, d, kind @ ..]) = read_at::<8>(file, at) else {
            break;
        };
        let length = u64::from(u32::from_be_bytes([a, b, c, d]));
        let start = at + 8;
        match &kind {
            b"IEND" => break,
            b"eXIf" => blocks.push(Block {
                kind: BlockKind::Exif,
                start,
                length,
            }),
            b"tEXt" | b"zTXt" | b"iTXt" => blocks.extend(png_text(file, &kind, start, length)?),
            _ => {}
        }
        // What ends a chunk is its sum.
        at = start + length + 4;
    }
    Ok(blocks)
}

/// A keyword and a text: in Latin letters, compressed, or in UTF-8 with languages before it.
fn png_text(
    file: &mut Anywhere<'_>,
    kind: &[u8],
    start: u64,
    length: u64,
) -> io::Result<Option<Block>> {
    /// A keyword has 79 bytes at most; languages are short.
    const LONGEST: u64 = 512;
    file.seek(SeekFrom::Start(start))?;
    let mut head = Vec::new();
    file.take(length.min(LONGEST)).read_to_end(&mut head)?;
    let mut parts = head.splitn(2, |byte| *byte == 0);
    let (Some(keyword), Some(rest)) = (parts.next(), parts.next()) else {
        return Ok(None);
    };
    let keyword = text(keyword);
    let (skipped, is_compressed) = match (kind, rest) {
        (b"tEXt", _) => (0, false),
        (b"zTXt", _) => (1, true),
        (_, [is_compressed, _, languages @ ..]) => {
            let mut zeros = languages.iter().enumerate().filter(|(_, byte)| **byte == 0);
            let Some((second, _)) = zeros.nth(1) else {
                return Ok(None);
            };
            (2 + second + 1, *is_compressed == 1)
        }
        _ => return Ok(None),
    };
    let before = u64::try_from(head.len() - rest.len() + skipped).unwrap_or(u64::MAX);
    let label = KEYWORDS.iter().find(|(known, _)| *known == keyword);
    let label = label
        .map_or(keyword.as_str(), |(_, label)| label)
        .to_owned();
    Ok(Some(Block {
        kind: match (is_compressed, keyword.as_str()) {
            (true, _) => BlockKind::Compressed(label),
            (false, XMP_KEYWORD) => BlockKind::Xmp,
            (false, _) => BlockKind::Text(label),
        },
        start: start.saturating_add(before),
        length: length.saturating_sub(before),
    }))
}

pub(super) fn of_webp(file: &mut Anywhere<'_>) -> io::Result<Vec<Block>> {
    let end = file.seek(SeekFrom::End(0))?;
    let mut blocks = Vec::new();
    let mut at = 12;
    for _ in 0..MOST {
        if at >= end {
            break;
        }
        let Ok([kind @ .., a, b, c, d]) = read_at::<8>(file, at) else {
            break;
        };
        let length = u64::from(u32::from_le_bytes([a, b, c, d]));
        let start = at + 8;
        match &kind {
            b"EXIF" => {
                // Some programs write the name of JPEG before it.
                let named = starts_with(file, start, EXIF).unwrap_or(false);
                blocks.push(Block {
                    kind: BlockKind::Exif,
                    start: if named { start + 6 } else { start },
                    length,
                });
            }
            b"XMP " => blocks.push(Block {
                kind: BlockKind::Xmp,
                start,
                length,
            }),
            _ => {}
        }
        at = start + length + length % 2;
    }
    Ok(blocks)
}

pub(super) fn read_at<const LENGTH: usize>(
    file: &mut Anywhere<'_>,
    at: u64,
) -> io::Result<[u8; LENGTH]> {
    let mut bytes = [0; LENGTH];
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn starts_with(file: &mut Anywhere<'_>, at: u64, name: &[u8]) -> io::Result<bool> {
    file.seek(SeekFrom::Start(at))?;
    let mut start = Vec::new();
    let length = u64::try_from(name.len()).unwrap_or(u64::MAX);
    file.take(length).read_to_end(&mut start)?;
    Ok(start == name)
}
