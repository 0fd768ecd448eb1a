//! The streams of a PDF, inflated within bounds: one of a few kilobytes may ask for gigabytes.

use std::borrow::Cow;
use std::io::{self, Read};

use flate2::bufread::{DeflateDecoder, ZlibDecoder};
use hayro_syntax::Filter;
use hayro_syntax::object::Stream;

/// The largest stream that is held in memory; text of ten thousand pages takes less.
pub(super) const MAX_BYTES: usize = 32 * 1024 * 1024;

/// What a stream holds, up to [`MAX_BYTES`]; what precedes a damage. None when it cannot be had.
pub(super) fn decoded<'s>(stream: &Stream<'s>) -> Option<Decoded<'s>> {
    let filters = stream.filters();
    if filters.is_empty() {
        let bytes = stream.raw_data();
        return Some(Decoded {
            bytes,
            is_whole: true,
        });
    }
    if is_plain_flate(stream) {
        return Some(inflate(&stream.raw_data()));
    }
    if let ([Filter::Ascii85Decode, Filter::FlateDecode], false) =
        (filters.as_slice(), has_parameters(stream))
    {
        return Some(inflate(&ascii85(&stream.raw_data())));
    }
    if !is_bounded(stream) {
        return None;
    }
    let bytes = stream.decoded_data().ok()?;
    Some(Decoded {
        bytes,
        is_whole: true,
    })
}

pub(super) struct Decoded<'s> {
    pub(super) bytes: Cow<'s, [u8]>,
    pub(super) is_whole: bool,
}

/// Whether `hayro` may inflate this stream by itself: at its worst, it stays below [`MAX_BYTES`].
pub(super) fn is_bounded(stream: &Stream<'_>) -> bool {
    let raw = stream.raw_data();
    let worst = stream
        .filters()
        .iter()
        .try_fold(raw.len(), |bytes, filter| {
            bytes.checked_mul(worst_ratio(*filter))
        });
    if worst.is_some_and(|worst| worst <= MAX_BYTES) {
        return true;
    }
    // The worst is not the rule: one that is large is inflated to see.
    let is_flate = matches!(stream.filters().as_slice(), [Filter::FlateDecode]);
    is_flate && {
        let mut inflater = inflater(&raw).take(limit());
        io::copy(&mut inflater, &mut io::sink()).map_or(true, |bytes| bytes < limit())
    }
}

/// A reader of what the stream holds, of any size.
pub(super) fn give(
    stream: &Stream<'_>,
    reader: &mut dyn FnMut(&mut dyn Read) -> io::Result<()>,
) -> io::Result<bool> {
    let raw = stream.raw_data();
    if stream.filters().is_empty() {
        reader(&mut raw.as_ref())?;
    } else if is_plain_flate(stream) {
        reader(&mut inflater(&raw))?;
    } else if let Some(decoded) = decoded(stream) {
        reader(&mut decoded.bytes.as_ref())?;
    } else {
        return Ok(false);
    }
    Ok(true)
}

fn is_plain_flate(stream: &Stream<'_>) -> bool {
    matches!(stream.filters().as_slice(), [Filter::FlateDecode]) && !has_parameters(stream)
}

/// A predictor, which content streams never have.
fn has_parameters(stream: &Stream<'_>) -> bool {
    let dict = stream.dict();
    dict.contains_key("DecodeParms") || dict.contains_key("DP")
}

/// How many times its size a stream may become at most.
fn worst_ratio(filter: Filter) -> usize {
    match filter {
        Filter::FlateDecode => 1032,
        // Codes of nine bits at least, each up to 4096 bytes.
        Filter::LzwDecode => 3641,
        Filter::RunLengthDecode => 64,
        // « z » stands for four zeros.
        Filter::Ascii85Decode => 4,
        _ => 1,
    }
}

fn inflate<'s>(raw: &[u8]) -> Decoded<'s> {
    let mut bytes = Vec::new();
    let result = inflater(raw).take(limit()).read_to_end(&mut bytes);
    Decoded {
        is_whole: result.is_ok() && bytes.len() <= MAX_BYTES,
        bytes: Cow::Owned(bytes),
    }
}

/// Deflate with its header, or without as some programs write it.
fn inflater<'r>(raw: &'r [u8]) -> Box<dyn Read + 'r> {
    let has_header = matches!(raw, [method, flags, ..]
        if method & 0x0f == 8 && (u16::from(*method) << 8 | u16::from(*flags)) % 31 == 0);
    if has_header {
        Box::new(ZlibDecoder::new(raw))
    } else {
        Box::new(DeflateDecoder::new(raw))
    }
}

fn limit() -> u64 {
    u64::try_from(MAX_BYTES)
        .unwrap_or(u64::MAX)
        .saturating_add(1)
}

/// Five letters for four bytes; up to the end mark or to nonsense.
fn ascii85(raw: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(raw.len() / 5 * 4);
    let mut group = 0_u32;
    let mut length = 0_u32;
    for letter in raw {
        match letter {
            b'!'..=b'u' => {
                group = group
                    .wrapping_mul(85)
                    .wrapping_add(u32::from(letter - b'!'));
                length += 1;
                if length == 5 {
                    bytes.extend(group.to_be_bytes());
                    (group, length) = (0, 0);
                }
            }
            b'z' if length == 0 => bytes.extend([0; 4]),
            letter if letter.is_ascii_whitespace() || *letter == 0 => {}
            _ => break,
        }
    }
    // A last group is filled up, and so many bytes of it count as it has letters, less one.
    if length > 1 {
        for _ in length..5 {
            group = group.wrapping_mul(85).wrapping_add(84);
        }
        let whole = group.to_be_bytes();
        let kept = usize::try_from(length - 1).unwrap_or(0);
        bytes.extend(whole.iter().take(kept));
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_ascii85() {
        assert_eq!(ascii85(b"87cURD]i,\"Ebo80~>ignored"), b"Hello World!");
        assert_eq!(ascii85(b"87c URDZ~>"), b"Hello");
        assert_eq!(ascii85(b"z!!"), [0, 0, 0, 0, 0]);
        assert_eq!(ascii85(b""), b"");
    }
}
