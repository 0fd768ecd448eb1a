//! From text to the bytes that a town-hall PC would have written.

use anyhow::{Context, bail};
use encoding_rs::{ISO_8859_15, WINDOWS_1252};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    Utf8,
    Utf8Bom,
    Windows1252,
    Iso885915,
    Utf16Le,
    Utf16Be,
    Cp850,
    /// Not text.
    Binary,
}

/// Code page 850 from 0x80 on; `encoding_rs` has no DOS code page of Western Europe.
pub(crate) const CP850_UPPER_HALF: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤\
    ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

impl Encoding {
    /// An error, never a question mark, when a character does not exist in the encoding: the fixture would lie.
    pub fn encode(self, text: &str) -> anyhow::Result<Vec<u8>> {
        match self {
            Self::Utf8 => Ok(text.as_bytes().to_vec()),
            Self::Utf8Bom => Ok([b"\xef\xbb\xbf", text.as_bytes()].concat()),
            Self::Windows1252 => legacy(WINDOWS_1252, text),
            Self::Iso885915 => legacy(ISO_8859_15, text),
            Self::Utf16Le => Ok(with_bom(text).flat_map(u16::to_le_bytes).collect()),
            Self::Utf16Be => Ok(with_bom(text).flat_map(u16::to_be_bytes).collect()),
            Self::Cp850 => text.chars().map(cp850).collect(),
            Self::Binary => bail!("binary content has no text encoding"),
        }
    }
}

fn with_bom(text: &str) -> impl Iterator<Item = u16> {
    "\u{feff}".encode_utf16().chain(text.encode_utf16())
}

fn legacy(encoding: &'static encoding_rs::Encoding, text: &str) -> anyhow::Result<Vec<u8>> {
    let (bytes, _, unmappable) = encoding.encode(text);
    if unmappable {
        bail!("a character does not exist in {}", encoding.name());
    }
    Ok(bytes.into_owned())
}

fn cp850(c: char) -> anyhow::Result<u8> {
    if let Ok(ascii @ 0..=0x7f) = u8::try_from(c) {
        return Ok(ascii);
    }
    let rank = CP850_UPPER_HALF.chars().position(|known| known == c);
    let rank = rank.with_context(|| format!("{c:?} does not exist in code page 850"))?;
    Ok(u8::try_from(0x80 + rank)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dos_accents_are_where_the_code_page_puts_them() {
        assert_eq!(CP850_UPPER_HALF.chars().count(), 128);
        assert_eq!(
            Encoding::Cp850.encode("É\u{a0}é²").ok(),
            Some(vec![0x90, 0xff, 0x82, 0xfd])
        );
    }

    #[test]
    fn refuses_a_character_that_the_encoding_lacks() {
        for encoding in [Encoding::Cp850, Encoding::Windows1252, Encoding::Iso885915] {
            assert!(encoding.encode("narrow\u{202f}space").is_err());
        }
    }
}
