//! What travels between the agent and its worker.
//!
//! A request is [`Request::BYTES`] bytes, with an opened file beside them. An answer is a sequence of frames: one byte that
//! says which, four of length, the content. The agent believes none of it: lengths are bounded, texts are checked, and
//! anything unexpected is an error that costs the worker its life.

use crate::extract::{Coverage, Limit, Outcome};
use crate::platform::Confinement;

/// Longer frames are nonsense.
pub(super) const MAX_FRAME_BYTES: usize = 4 * 1024 * 1024;
/// Names of members and of places.
pub(super) const MAX_NAME_BYTES: usize = 4 * 1024;
pub(super) const HEADER_BYTES: usize = 5;

/// What goes with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) size_bytes: u64,
    /// A larger file is looked at and not read; one that grows is read up to here.
    pub(super) max_bytes: u64,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Frame<'f> {
    /// The first of a worker, before any file.
    Hello(Confinement),
    /// The first bytes of the file were looked at.
    Opened {
        media_type: &'f str,
    },
    BeginText {
        within: Option<&'f str>,
    },
    Text(&'f str),
    BeginTable {
        within: Option<&'f str>,
        first_row: u64,
    },
    Row(Vec<&'f str>),
    BeginMember {
        name: &'f str,
    },
    EndMember {
        outcome: Outcome<'f>,
        size_bytes: u64,
    },
    /// The last of a file, like those below.
    Done(Outcome<'f>),
    /// It is larger than the limit, and was not read.
    TooLarge,
    /// It grew beyond the limit while it was read.
    OverLimit,
    /// The disk failed.
    SourceFailed,
    /// The extractor panicked.
    Panicked,
}

/// The bytes are no frame.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Nonsense;

impl Request {
    pub(super) const BYTES: usize = 16;

    pub(super) fn encode(self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        let (size, max) = bytes.split_at_mut(8);
        size.copy_from_slice(&self.size_bytes.to_le_bytes());
        max.copy_from_slice(&self.max_bytes.to_le_bytes());
        bytes
    }

    pub(super) fn decode(bytes: &[u8; Self::BYTES]) -> Self {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = *bytes;
        Self {
            size_bytes: u64::from_le_bytes([a, b, c, d, e, f, g, h]),
            max_bytes: u64::from_le_bytes([i, j, k, l, m, n, o, p]),
        }
    }
}

impl<'f> Frame<'f> {
    /// Appends the frame to `out`; one that would be too long is nonsense from the start.
    pub(super) fn encode(&self, out: &mut Vec<u8>) -> Result<(), Nonsense> {
        let start = out.len();
        out.push(self.tag());
        out.extend([0; 4]);
        self.encode_content(out)?;
        let length = out.len() - start - HEADER_BYTES;
        let header = out.get_mut(start + 1..start + HEADER_BYTES);
        match (header, u32::try_from(length)) {
            (Some(header), Ok(wide)) if length <= MAX_FRAME_BYTES => {
                header.copy_from_slice(&wide.to_le_bytes());
                Ok(())
            }
            _ => {
                out.truncate(start);
                Err(Nonsense)
            }
        }
    }

    fn encode_content(&self, out: &mut Vec<u8>) -> Result<(), Nonsense> {
        match self {
            Self::Hello(confinement) => out.push(confinement.bits()),
            Self::Opened { media_type } => out.extend(media_type.as_bytes()),
            Self::BeginText { within } => push_name(*within, out),
            Self::Text(text) => out.extend(text.as_bytes()),
            Self::BeginTable { within, first_row } => {
                out.extend(first_row.to_le_bytes());
                push_name(*within, out);
            }
            Self::Row(cells) => {
                for cell in cells {
                    let length = u32::try_from(cell.len()).map_err(|_| Nonsense)?;
                    out.extend(length.to_le_bytes());
                    out.extend(cell.as_bytes());
                }
            }
            Self::BeginMember { name } => out.extend(name.as_bytes()),
            Self::EndMember {
                outcome,
                size_bytes,
            } => {
                out.extend(size_bytes.to_le_bytes());
                push_outcome(outcome, out);
            }
            Self::Done(outcome) => push_outcome(outcome, out),
            Self::TooLarge | Self::OverLimit | Self::SourceFailed | Self::Panicked => {}
        }
        Ok(())
    }

    /// The frame at the start of `bytes` and its length, or none when more bytes are needed.
    pub(super) fn decode(bytes: &'f [u8]) -> Result<Option<(Self, usize)>, Nonsense> {
        let Some(([tag, length @ ..], rest)) = bytes.split_first_chunk::<HEADER_BYTES>() else {
            return Ok(None);
        };
        let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| Nonsense)?;
        if length > MAX_FRAME_BYTES {
            return Err(Nonsense);
        }
        let Some(content) = rest.get(..length) else {
            return Ok(None);
        };
        Ok(Some((
            Self::decode_content(*tag, content)?,
            HEADER_BYTES + length,
        )))
    }

    fn decode_content(tag: u8, content: &'f [u8]) -> Result<Self, Nonsense> {
        let mut content = Content(content);
        let frame = match tag {
            0 => Self::Hello(Confinement::from_bits(content.byte()?)),
            1 => Self::Opened {
                media_type: content.media_type()?,
            },
            2 => Self::BeginText {
                within: content.name()?,
            },
            3 => Self::Text(content.text()?),
            4 => Self::BeginTable {
                first_row: content.number()?,
                within: content.name()?,
            },
            5 => Self::Row(content.cells()?),
            6 => Self::BeginMember {
                name: content.name()?.unwrap_or_default(),
            },
            7 => Self::EndMember {
                size_bytes: content.number()?,
                outcome: content.outcome()?,
            },
            8 => Self::Done(content.outcome()?),
            9 => Self::TooLarge,
            10 => Self::OverLimit,
            11 => Self::SourceFailed,
            12 => Self::Panicked,
            _ => return Err(Nonsense),
        };
        content.0.is_empty().then_some(frame).ok_or(Nonsense)
    }

    fn tag(&self) -> u8 {
        match self {
            Self::Hello(_) => 0,
            Self::Opened { .. } => 1,
            Self::BeginText { .. } => 2,
            Self::Text(_) => 3,
            Self::BeginTable { .. } => 4,
            Self::Row(_) => 5,
            Self::BeginMember { .. } => 6,
            Self::EndMember { .. } => 7,
            Self::Done(_) => 8,
            Self::TooLarge => 9,
            Self::OverLimit => 10,
            Self::SourceFailed => 11,
            Self::Panicked => 12,
        }
    }
}

/// No name and an empty one are the same to a reader.
fn push_name(name: Option<&str>, out: &mut Vec<u8>) {
    out.extend(name.unwrap_or_default().as_bytes());
}

fn push_outcome(outcome: &Outcome<'_>, out: &mut Vec<u8>) {
    let (tag, read, of) = match outcome.coverage {
        Coverage::Whole => (0, 0, 0),
        Coverage::Damaged => (1, 0, 0),
        Coverage::TooDeep => (2, 0, 0),
        Coverage::Encrypted => (3, 0, 0),
        Coverage::Unsupported => (4, 0, 0),
        Coverage::Limited(Limit::Pages { read, of }) => (5, read, of),
        Coverage::Limited(Limit::Cells { read }) => (6, read, 0),
        Coverage::Limited(Limit::Entries { read }) => (7, read, 0),
        Coverage::Limited(Limit::Expansion) => (8, 0, 0),
        Coverage::Limited(Limit::Held) => (9, 0, 0),
        Coverage::Limited(Limit::Whole) => (10, 0, 0),
        Coverage::Scanned { pages, of } => (11, pages, of),
        Coverage::Picture => (12, 0, 0),
    };
    out.push(tag);
    out.extend(read.to_le_bytes());
    out.extend(of.to_le_bytes());
    out.extend(outcome.media_type.as_bytes());
}

/// What is left to decode of a frame.
struct Content<'f>(&'f [u8]);

impl<'f> Content<'f> {
    fn byte(&mut self) -> Result<u8, Nonsense> {
        let (byte, rest) = self.0.split_first().ok_or(Nonsense)?;
        self.0 = rest;
        Ok(*byte)
    }

    fn number(&mut self) -> Result<u64, Nonsense> {
        let (number, rest) = self.0.split_first_chunk().ok_or(Nonsense)?;
        self.0 = rest;
        Ok(u64::from_le_bytes(*number))
    }

    fn text(&mut self) -> Result<&'f str, Nonsense> {
        let text = std::mem::take(&mut self.0);
        simdutf8::basic::from_utf8(text).map_err(|_| Nonsense)
    }

    fn name(&mut self) -> Result<Option<&'f str>, Nonsense> {
        let name = self.text()?;
        if name.len() > MAX_NAME_BYTES {
            return Err(Nonsense);
        }
        Ok((!name.is_empty()).then_some(name))
    }

    /// Shown and stored by the collector: letters and the few signs of a media type.
    fn media_type(&mut self) -> Result<&'f str, Nonsense> {
        let media_type = self.text()?;
        let is_sign = |letter: char| letter.is_ascii_alphanumeric() || "/.+-_".contains(letter);
        let is_sound = media_type.len() <= 128 && media_type.chars().all(is_sign);
        is_sound.then_some(media_type).ok_or(Nonsense)
    }

    fn cells(&mut self) -> Result<Vec<&'f str>, Nonsense> {
        let mut cells = Vec::new();
        while !self.0.is_empty() {
            let (length, rest) = self.0.split_first_chunk().ok_or(Nonsense)?;
            let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| Nonsense)?;
            let (cell, rest) = rest.split_at_checked(length).ok_or(Nonsense)?;
            self.0 = rest;
            cells.push(simdutf8::basic::from_utf8(cell).map_err(|_| Nonsense)?);
        }
        Ok(cells)
    }

    fn outcome(&mut self) -> Result<Outcome<'f>, Nonsense> {
        let (tag, read, of) = (self.byte()?, self.number()?, self.number()?);
        let coverage = match tag {
            0 => Coverage::Whole,
            1 => Coverage::Damaged,
            2 => Coverage::TooDeep,
            3 => Coverage::Encrypted,
            4 => Coverage::Unsupported,
            5 => Coverage::Limited(Limit::Pages { read, of }),
            6 => Coverage::Limited(Limit::Cells { read }),
            7 => Coverage::Limited(Limit::Entries { read }),
            8 => Coverage::Limited(Limit::Expansion),
            9 => Coverage::Limited(Limit::Held),
            10 => Coverage::Limited(Limit::Whole),
            11 => Coverage::Scanned { pages: read, of },
            12 => Coverage::Picture,
            _ => return Err(Nonsense),
        };
        let media_type = self.media_type()?;
        Ok(Outcome {
            media_type,
            coverage,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples() -> Vec<Frame<'static>> {
        let outcome = Outcome {
            media_type: "application/pdf",
            coverage: Coverage::Limited(Limit::Pages { read: 3, of: 9 }),
        };
        vec![
            Frame::Hello(Confinement::from_bits(1)),
            Frame::Opened {
                media_type: "text/csv",
            },
            Frame::BeginText { within: None },
            Frame::BeginText {
                within: Some("page 3"),
            },
            Frame::Text("élève"),
            Frame::BeginTable {
                within: Some("feuille « Paie »"),
                first_row: 12,
            },
            Frame::Row(vec!["Durand", "", "06"]),
            Frame::Row(Vec::new()),
            Frame::BeginMember { name: "rib.pdf" },
            Frame::EndMember {
                outcome,
                size_bytes: 7,
            },
            Frame::Done(outcome),
            Frame::TooLarge,
            Frame::OverLimit,
            Frame::SourceFailed,
            Frame::Panicked,
        ]
    }

    #[test]
    fn frames_come_back_as_they_went() {
        let mut bytes = Vec::new();
        for frame in samples() {
            frame.encode(&mut bytes).unwrap();
        }
        let mut rest = bytes.as_slice();
        for expected in samples() {
            let (frame, length) = Frame::decode(rest).unwrap().unwrap();
            assert_eq!(frame, expected);
            rest = &rest[length..];
        }
        assert!(rest.is_empty());
    }

    #[test]
    fn a_frame_that_has_not_come_whole_is_waited_for() {
        let mut bytes = Vec::new();
        Frame::Text("élève").encode(&mut bytes).unwrap();
        for length in 0..bytes.len() {
            assert_eq!(Frame::decode(&bytes[..length]), Ok(None));
        }
    }

    #[test]
    fn nonsense_is_an_error_whatever_it_is() {
        let nonsense: [&[u8]; 8] = [
            &[99, 0, 0, 0, 0],
            &[3, 0xff, 0xff, 0xff, 0xff],
            &[3, 1, 0, 0, 0, 0xff],
            &[9, 1, 0, 0, 0, 0],
            &[1, 1, 0, 0, 0, b'<'],
            &[5, 5, 0, 0, 0, 2, 0, 0, 0, b'a'],
            &[8, 1, 0, 0, 0, 0],
            &[0, 0, 0, 0, 0],
        ];
        for bytes in nonsense {
            assert_eq!(Frame::decode(bytes), Err(Nonsense), "{bytes:?}");
        }
    }

    #[test]
    fn a_frame_too_long_is_not_made() {
        let mut bytes = Vec::new();
        let text = "x".repeat(MAX_FRAME_BYTES + 1);
        assert_eq!(Frame::Text(&text).encode(&mut bytes), Err(Nonsense));
        assert!(bytes.is_empty());
    }

    #[test]
    fn a_request_comes_back_as_it_went() {
        let request = Request {
            size_bytes: 3,
            max_bytes: u64::MAX - 1,
        };
        assert_eq!(Request::decode(&request.encode()), request);
    }
}
