//! One file, compressed: gzip, bzip2, xz, Zstandard. What is inside is its only member, often a tar.

use std::io::{self, Read};

use bzip2::read::MultiBzDecoder;
use flate2::read::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;

use super::xz::Xz;
use crate::extract::Coverage;
use crate::extract::reading::Reading;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract) enum Method {
    Gzip,
    Bzip2,
    Xz,
    Zstandard,
}

/// Where the file itself does not say how it is called.
const UNNAMED: &str = "contenu";
/// The dictionary of a file compressed as hard as can be takes 64 MiB.
const MOST_DICTIONARY_KIB: u32 = 96 * 1024;

impl Method {
    pub(in crate::extract) fn of(head: &[u8]) -> Option<Self> {
        let starts: [(&[u8], Self); 4] = [
            (b"\x1f\x8b", Self::Gzip),
            (b"BZh", Self::Bzip2),
            (b"\xfd7zXZ\0", Self::Xz),
            (b"\x28\xb5\x2f\xfd", Self::Zstandard),
        ];
        let found = starts.iter().find(|(start, _)| head.starts_with(start));
        found.map(|(_, method)| *method)
    }

    pub(in crate::extract) fn media_type(self) -> &'static str {
        match self {
            Self::Gzip => "application/gzip",
            Self::Bzip2 => "application/x-bzip2",
            Self::Xz => "application/x-xz",
            Self::Zstandard => "application/zstd",
        }
    }
}

pub(in crate::extract) fn extract(
    method: Method,
    bytes: &mut dyn Read,
    reading: &mut Reading<'_>,
) -> io::Result<Coverage> {
    match method {
        Method::Gzip => {
            let mut inside = MultiGzDecoder::new(bytes);
            let name = inside.header().and_then(flate2::GzHeader::filename);
            let name = name.map(|name| String::from_utf8_lossy(name).into_owned());
            reading.member(name.as_deref().unwrap_or(UNNAMED), &mut inside, None)?;
        }
        Method::Bzip2 => reading.member(UNNAMED, &mut MultiBzDecoder::new(bytes), None)?,
        Method::Xz => {
            let mut inside = Xz::new(bytes, MOST_DICTIONARY_KIB);
            reading.member(UNNAMED, &mut inside, None)?;
        }
        Method::Zstandard => {
            let mut inside = StreamingDecoder::new(bytes).map_err(io::Error::other)?;
            reading.member(UNNAMED, &mut inside, None)?;
        }
    }
    Ok(Coverage::Whole)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;
    use crate::extract::tests::extract_within;
    use crate::extract::{Limit, Limits};

    /// The decoder's own reader would wait for ever for what the chunk announces.
    #[test]
    fn a_chunk_that_ends_too_early_is_damage() {
        let start = b"\xfd7zXZ\0\0\x04\xe6\xd6\xb4F\x02\0!\x01\x16\0\0\0t/\xe5\xa3\xe0'\xff";
        let bytes = [start.as_slice(), &[0xca; 220]].concat();
        let (_, heard) = extract_within(&bytes, Limits::default());
        let (_, coverage, _) = heard.outcomes.last().unwrap();
        assert_eq!(*coverage, Coverage::Damaged);
    }

    #[test]
    fn a_bomb_of_nothing_readable_is_stopped_too() {
        let limits = Limits {
            expanded_floor_bytes: 1_000_000,
            ratio: 2,
            ..Limits::default()
        };
        let mut bomb = GzEncoder::new(Vec::new(), Compression::fast());
        bomb.write_all(&vec![0; 5_000_000]).unwrap();
        let (outcome, heard) = extract_within(&bomb.finish().unwrap(), limits);
        assert_eq!(outcome.coverage, Coverage::Limited(Limit::Expansion));
        assert_eq!(heard.outcomes.len(), 1);
    }
}
