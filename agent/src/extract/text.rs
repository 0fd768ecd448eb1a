//! Bytes to characters, block by block: the memory in use does not depend on the size of the file, nor of its lines.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, WINDOWS_1252};

use super::chars::{Encoding, incomplete_utf8_tail, of_accents};

const BLOCK_BYTES: usize = 64 * 1024;

/// Code page 850 from 0x80 on; no crate of the workspace has the DOS code pages of Western Europe.
const CP850: [char; 128] = [
    'Ç', 'ü', 'é', 'â', 'ä', 'à', 'å', 'ç', 'ê', 'ë', 'è', 'ï', 'î', 'ì', 'Ä', 'Å', 'É', 'æ', 'Æ',
    'ô', 'ö', 'ò', 'û', 'ù', 'ÿ', 'Ö', 'Ü', 'ø', '£', 'Ø', '×', 'ƒ', 'á', 'í', 'ó', 'ú', 'ñ', 'Ñ',
    'ª', 'º', '¿', '®', '¬', '½', '¼', '¡', '«', '»', '░', '▒', '▓', '│', '┤', 'Á', 'Â', 'À', '©',
    '╣', '║', '╗', '╝', '¢', '¥', '┐', '└', '┴', '┬', '├', '─', '┼', 'ã', 'Ã', '╚', '╔', '╩', '╦',
    '╠', '═', '╬', '¤', 'ð', 'Ð', 'Ê', 'Ë', 'È', 'ı', 'Í', 'Î', 'Ï', '┘', '┌', '█', '▄', '¦', 'Ì',
    '▀', 'Ó', 'ß', 'Ô', 'Ò', 'õ', 'Õ', 'µ', 'þ', 'Þ', 'Ú', 'Û', 'Ù', 'ý', 'Ý', '¯', '´', '\u{ad}',
    '±', '‗', '¾', '¶', '§', '÷', '¸', '°', '¨', '·', '¹', '³', '²', '■', '\u{a0}',
];

/// The characters of a reader.
pub(super) struct Text<'r> {
    bytes: &'r mut dyn Read,
    codec: Codec,
    /// Bytes read; the first ones may be the beginning of a character cut by the former block.
    block: Vec<u8>,
    characters: String,
    at_end: bool,
}

enum Codec {
    Undecided,
    Utf8,
    Cp850,
    Other(Box<Decoder>),
}

impl<'r> Text<'r> {
    pub(super) fn new(bytes: &'r mut dyn Read, encoding: Encoding) -> Self {
        Self {
            bytes,
            codec: Codec::new(encoding),
            block: Vec::with_capacity(BLOCK_BYTES),
            characters: String::new(),
            at_end: false,
        }
    }

    /// The next characters, or `None` after the last.
    pub(super) fn next_chunk(&mut self) -> io::Result<Option<&str>> {
        self.characters.clear();
        while self.characters.is_empty() && !self.at_end {
            let wanted = BLOCK_BYTES.saturating_sub(self.block.len()).max(1);
            let read = self
                .bytes
                .take(u64::try_from(wanted).unwrap_or(u64::MAX))
                .read_to_end(&mut self.block)?;
            self.at_end = read < wanted;
            self.decode_block();
        }
        Ok((!self.characters.is_empty()).then_some(self.characters.as_str()))
    }

    fn decode_block(&mut self) {
        if matches!(self.codec, Codec::Undecided) && !self.block.is_ascii() {
            self.codec = Codec::new(of_accents(&self.block));
        }
        let kept = self
            .codec
            .decode(&self.block, self.at_end, &mut self.characters);
        self.block.drain(..self.block.len() - kept);
    }
}

/// Decodes bytes that are all in memory.
pub(super) fn decode(bytes: &[u8], encoding: Encoding) -> String {
    let mut characters = String::new();
    let mut codec = match encoding {
        Encoding::Undecided => Codec::new(of_accents(bytes)),
        encoding => Codec::new(encoding),
    };
    codec.decode(bytes, true, &mut characters);
    characters
}

impl Codec {
    fn new(encoding: Encoding) -> Self {
        match encoding {
            Encoding::Undecided => Self::Undecided,
            Encoding::Utf8 => Self::Utf8,
            Encoding::Cp850 => Self::Cp850,
            Encoding::Other(encoding) => {
                Self::Other(Box::new(encoding.new_decoder_without_bom_handling()))
            }
        }
    }

    /// Appends the characters of `block`; answers how many bytes at its end wait for what follows.
    fn decode(&mut self, block: &[u8], at_end: bool, characters: &mut String) -> usize {
        match self {
            // Undecided means that all of it is ASCII.
            Self::Undecided | Self::Utf8 => {
                let kept = if at_end {
                    0
                } else {
                    incomplete_utf8_tail(block)
                };
                let whole = block.get(..block.len() - kept).unwrap_or(block);
                decode_utf8(whole, characters);
                kept
            }
            Self::Cp850 => {
                characters.extend(block.iter().map(|byte| cp850(*byte)));
                0
            }
            Self::Other(decoder) => {
                decode_other(decoder, block, at_end, characters);
                0
            }
        }
    }
}

fn decode_utf8(block: &[u8], characters: &mut String) {
    if let Ok(text) = simdutf8::basic::from_utf8(block) {
        characters.push_str(text);
        return;
    }
    for chunk in block.utf8_chunks() {
        characters.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            let (foreign, _) = WINDOWS_1252.decode_without_bom_handling(chunk.invalid());
            characters.push_str(&foreign);
        }
    }
}

fn decode_other(decoder: &mut Decoder, mut block: &[u8], at_end: bool, characters: &mut String) {
    loop {
        let room = decoder
            .max_utf8_buffer_length(block.len())
            .unwrap_or(4 * BLOCK_BYTES);
        characters.reserve(room);
        let (result, read, _) = decoder.decode_to_string(block, characters, at_end);
        block = block.get(read..).unwrap_or_default();
        if result == CoderResult::InputEmpty {
            return;
        }
    }
}

fn cp850(byte: u8) -> char {
    byte.checked_sub(0x80)
        .and_then(|rank| CP850.get(usize::from(rank)))
        .copied()
        .unwrap_or(char::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], encoding: Encoding) -> String {
        let mut bytes = bytes;
        let mut text = Text::new(&mut bytes, encoding);
        let mut whole = String::new();
        while let Some(chunk) = text.next_chunk().unwrap() {
            whole.push_str(chunk);
        }
        whole
    }

    #[test]
    fn characters_cut_by_a_block_are_whole() {
        let text = "é€😀".repeat(BLOCK_BYTES / 4);
        assert_eq!(read(text.as_bytes(), Encoding::Utf8), text);
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&utf16, Encoding::Other(encoding_rs::UTF_16LE)), text);
    }

    #[test]
    fn the_first_accent_decides_however_late() {
        let mut bytes = vec![b' '; 3 * BLOCK_BYTES];
        bytes.extend_from_slice(b"L'\x82l\x8ave de l'\x82cole");
        assert_eq!(
            read(&bytes, Encoding::Undecided).trim_start(),
            "L'élève de l'école"
        );
    }

    #[test]
    fn a_foreign_line_in_utf8_is_read_all_the_same() {
        assert_eq!(read(b"caf\xc3\xa9 caf\xe9", Encoding::Utf8), "café café");
    }

    #[test]
    fn a_character_cut_by_the_end_is_not_lost() {
        assert_eq!(read(b"caf\xe9", Encoding::Utf8), "café");
        assert_eq!(read(b"caf\xc3", Encoding::Utf8), "cafÃ");
    }
}
