//! Pictures: what goes with them (author, comments, where a photo was taken), never the pixels.
//!
//! In: the bytes of a JPEG, PNG, TIFF, WebP, HEIC or AVIF, read anywhere. Out: one running text « métadonnées de l'image »,
//! and a coverage that says that the picture itself was not read: there may be text in it.
//!
//! Our own reader of Exif (CIPA DC-008), IPTC (IIM 4.2) and the places of XMP: `kamadak-exif` reads a TIFF whole into
//! memory, a plan of hundreds of megabytes as well, and neither it nor `nom-exif` knows IPTC, XMP or comments.

mod blocks;
mod exif;
mod heif;
mod iptc;

use std::io::{self, Read, Seek, SeekFrom};

use super::chars::Encoding;
use super::markup::{Dialect, Markup};
use super::reading::Reading;
use super::source::Anywhere;
use super::text::decode;
use super::{Coverage, Outcome};

/// Longer blocks are read so far; photos have some kilobytes.
const MOST_BLOCK_BYTES: u64 = 1024 * 1024;
const PLACE: &str = "métadonnées de l'image";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Jpeg,
    Png,
    Tiff,
    WebP,
    /// HEIC and its relatives; the media type.
    Heif(&'static str),
}

/// Something written beside the pixels, where it stands in the file.
struct Block {
    kind: BlockKind,
    start: u64,
    length: u64,
}

enum BlockKind {
    Exif,
    Xmp,
    Iptc,
    /// Its label.
    Text(String),
    /// Compressed with zlib.
    Compressed(String),
}

impl Kind {
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        if head.starts_with(b"\xff\xd8\xff") {
            return Some(Self::Jpeg);
        }
        if head.starts_with(b"\x89PNG\r\n\x1a\n") {
            return Some(Self::Png);
        }
        if head.starts_with(b"II*\0") || head.starts_with(b"MM\0*") {
            return Some(Self::Tiff);
        }
        if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
            return Some(Self::WebP);
        }
        let brand = head.get(4..12)?.strip_prefix(b"ftyp")?;
        match brand {
            b"heic" | b"heix" | b"mif1" | b"msf1" => Some(Self::Heif("image/heic")),
            b"avif" => Some(Self::Heif("image/avif")),
            _ => None,
        }
    }

    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Tiff => "image/tiff",
            Self::WebP => "image/webp",
            Self::Heif(media_type) => media_type,
        }
    }
}

pub(super) fn extract(
    mut file: Anywhere<'_>,
    kind: Kind,
    reading: &mut Reading<'_>,
) -> io::Result<Outcome<'static>> {
    // What is damaged costs itself; that the picture was not read is true of it too.
    if let Err(error) = metadata(&mut file, kind, reading)
        && reading.is_over()
    {
        return Err(error);
    }
    Ok(Outcome {
        media_type: kind.media_type(),
        coverage: Coverage::Picture,
    })
}

fn metadata(file: &mut Anywhere<'_>, kind: Kind, reading: &mut Reading<'_>) -> io::Result<()> {
    let blocks = match kind {
        Kind::Jpeg => blocks::of_jpeg(file)?,
        Kind::Png => blocks::of_png(file)?,
        Kind::WebP => blocks::of_webp(file)?,
        Kind::Heif(_) => heif::blocks(file)?,
        Kind::Tiff => vec![Block {
            kind: BlockKind::Exif,
            start: 0,
            length: u64::MAX,
        }],
    };
    let mut lines = String::new();
    let mut packets = Vec::new();
    for block in blocks {
        match &block.kind {
            BlockKind::Exif => {
                let inner = exif::read(file, block.start, &mut lines);
                for block in inner {
                    let content = content(file, &block)?;
                    match block.kind {
                        BlockKind::Iptc => iptc::read(&content, &mut lines),
                        _ => packets.push(content),
                    }
                }
            }
            BlockKind::Xmp => packets.push(content(file, &block)?),
            BlockKind::Iptc => {
                let resources = content(file, &block)?;
                iptc::read_resources(&resources, &mut lines);
            }
            BlockKind::Text(label) => {
                let content = content(file, &block)?;
                line(label, &text(&content), &mut lines);
            }
            BlockKind::Compressed(label) => {
                let content = content(file, &block)?;
                let inflated = flate2::read::ZlibDecoder::new(content.as_slice());
                let mut plain = Vec::new();
                // What is cut gives what precedes.
                let _ = inflated.take(MOST_BLOCK_BYTES).read_to_end(&mut plain);
                reading.expand(plain.len())?;
                match label.as_str() {
                    blocks::XMP_KEYWORD => packets.push(plain),
                    label => line(label, &text(&plain), &mut lines),
                }
            }
        }
    }
    if !lines.is_empty() {
        reading.receiver.begin_text(Some(PLACE));
        reading.receiver.text(&lines);
    }
    for packet in packets {
        let mut markup = Markup::new(Dialect::Xml, Some(PLACE));
        markup.read(&text(&packet), reading.receiver);
        markup.finish(reading.receiver);
    }
    Ok(())
}

fn content(file: &mut Anywhere<'_>, block: &Block) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(block.start))?;
    let mut content = Vec::new();
    file.take(block.length.min(MOST_BLOCK_BYTES))
        .read_to_end(&mut content)?;
    Ok(content)
}

/// « Auteur : Zoé Durand », unless there is nothing after the colon.
fn line(label: &str, value: &str, lines: &mut String) {
    let value = value.trim_matches(|sign: char| sign.is_whitespace() || sign == '\0');
    if !value.is_empty() {
        lines.push_str(label);
        lines.push_str(" : ");
        lines.push_str(value);
        lines.push('\n');
    }
}

/// Most programs write UTF-8 where the standards say ASCII.
fn text(bytes: &[u8]) -> String {
    decode(bytes, Encoding::Undecided)
}

#[cfg(test)]
mod tests;
