//! The pieces of a document ([MS-DOC] 2.8.35, 2.9.177): editing leaves its text in the file in another order.

use std::io::{self, Read, Seek, SeekFrom};

use cfb::Stream;

use crate::extract::bytes::{of_windows, read_up_to, size_at, u32_at};
use crate::extract::reading::Reading;
use crate::extract::source::Anywhere;

pub(super) type Document<'f> = Stream<Anywhere<'f>>;

/// The description of the pieces of the longest documents is far below.
const MOST_DESCRIPTION: u64 = 64 * 1024 * 1024;
const CHUNK: u64 = 16 * 1024;

/// Text that stands in one place of the stream.
pub(super) struct Piece {
    start: u32,
    letters: u32,
    /// One byte a letter, in the code page of Windows; else two.
    is_bytes: bool,
}

/// One letter, and its place in the stream.
#[derive(Debug, Clone, Copy)]
pub(super) struct Letter {
    pub value: char,
    pub place: u32,
}

pub(super) fn read(
    table: &mut Document<'_>,
    (start, length): (usize, usize),
) -> io::Result<Vec<Piece>> {
    table.seek(SeekFrom::Start(wide(start)))?;
    let description = read_up_to(table, wide(length).min(MOST_DESCRIPTION))?;
    Ok(of_description(&description).unwrap_or_default())
}

fn of_description(mut bytes: &[u8]) -> Option<Vec<Piece>> {
    // Properties that the pieces share stand before; they say nothing of the text.
    while let [1, rest @ ..] = bytes {
        let (length, rest) = rest.split_first_chunk()?;
        bytes = rest.get(usize::from(u16::from_le_bytes(*length))..)?;
    }
    let plan = match bytes {
        [2, rest @ ..] => rest.get(4..)?.get(..size_at(rest, 0)?)?,
        _ => return None,
    };
    // One more place than pieces, four bytes each; then eight bytes a piece.
    let count = plan.len().checked_sub(4)? / 12;
    let piece = |rank: usize| {
        let letters = u32_at(plan, 4 * rank + 4)?.checked_sub(u32_at(plan, 4 * rank)?)?;
        let place = u32_at(plan, 4 * (count + 1) + 8 * rank + 2)?;
        let is_bytes = place & 0x4000_0000 != 0;
        let place = place & 0x3fff_ffff;
        Some(Piece {
            start: if is_bytes { place / 2 } else { place },
            letters,
            is_bytes,
        })
    };
    Some((0..count).map_while(piece).collect())
}

impl Piece {
    pub(super) fn of_bytes(start: u32, end: u32) -> Self {
        Self {
            start,
            letters: end.saturating_sub(start),
            is_bytes: true,
        }
    }

    /// Shows each letter; a letter outside of the basic plane is shown at its second half.
    pub(super) fn letters(
        &self,
        document: &mut Document<'_>,
        reading: &mut Reading<'_>,
        show: &mut dyn FnMut(Letter, &mut Reading<'_>),
    ) -> io::Result<()> {
        document.seek(SeekFrom::Start(u64::from(self.start)))?;
        let width = if self.is_bytes { 1 } else { 2 };
        let mut left = u64::from(self.letters) * width;
        let mut place = self.start;
        let mut first_half = None;
        while left > 0 {
            // Pieces may say the same bytes again and again: what they give is counted.
            let mut chunk = Vec::new();
            let mut next = (&mut *document).take(left.min(CHUNK));
            reading.part(&mut next).read_to_end(&mut chunk)?;
            if chunk.is_empty() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            left -= wide(chunk.len());
            if self.is_bytes {
                for value in of_windows(&chunk).chars() {
                    show(Letter { value, place }, reading);
                    place = place.saturating_add(1);
                }
                continue;
            }
            let (pairs, _) = chunk.as_chunks::<2>();
            for pair in pairs {
                let unit = u16::from_le_bytes(*pair);
                let units = first_half.take().into_iter().chain([unit]);
                match char::decode_utf16(units).last() {
                    Some(Ok(value)) => show(Letter { value, place }, reading),
                    _ => first_half = Some(unit),
                }
                place = place.saturating_add(2);
            }
        }
        Ok(())
    }
}

fn wide(size: usize) -> u64 {
    u64::try_from(size).unwrap_or(u64::MAX)
}
