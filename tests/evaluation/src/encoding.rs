//! The encodings of the documents: those of the towns, and UTF-16 without its mark.

use beffroi_towns::Encoding as Written;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Encoding {
    Utf8,
    Utf8Bom,
    Windows1252,
    Iso885915,
    Cp850,
    Utf16LeBom,
    Utf16BeBom,
    Utf16Le,
    Utf16Be,
}

impl Encoding {
    pub const ALL: [Self; 9] = [
        Self::Utf8,
        Self::Utf8Bom,
        Self::Windows1252,
        Self::Iso885915,
        Self::Cp850,
        Self::Utf16LeBom,
        Self::Utf16BeBom,
        Self::Utf16Le,
        Self::Utf16Be,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf8Bom => "UTF-8, BOM",
            Self::Windows1252 => "windows-1252",
            Self::Iso885915 => "ISO-8859-15",
            Self::Cp850 => "cp850 (DOS)",
            Self::Utf16LeBom => "UTF-16LE, BOM",
            Self::Utf16BeBom => "UTF-16BE, BOM",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|encoding| encoding.as_str().split([',', ' ']).next() == Some(name))
    }

    pub(crate) fn encode(self, text: &str) -> anyhow::Result<Vec<u8>> {
        const UTF16_MARK: usize = 2;
        let text = &self.spell(text);
        match self {
            Self::Utf8 => Written::Utf8.encode(text),
            Self::Utf8Bom => Written::Utf8Bom.encode(text),
            Self::Windows1252 => Written::Windows1252.encode(text),
            Self::Iso885915 => Written::Iso885915.encode(text),
            Self::Cp850 => Written::Cp850.encode(text),
            Self::Utf16LeBom => Written::Utf16Le.encode(text),
            Self::Utf16BeBom => Written::Utf16Be.encode(text),
            Self::Utf16Le => Ok(Written::Utf16Le.encode(text)?.split_off(UTF16_MARK)),
            Self::Utf16Be => Ok(Written::Utf16Be.encode(text)?.split_off(UTF16_MARK)),
        }
    }

    /// What a program writes in the place of a character that the encoding lacks.
    fn spell(self, text: &str) -> String {
        text.chars()
            .map(|c| match (self, c) {
                (Self::Windows1252, '\u{202f}') => "\u{a0}".to_owned(),
                (Self::Iso885915 | Self::Cp850, '\u{202f}') => "\u{a0}".to_owned(),
                (Self::Iso885915 | Self::Cp850, '’') => "'".to_owned(),
                (Self::Iso885915 | Self::Cp850, '–' | '—' | '\u{2011}') => "-".to_owned(),
                (Self::Iso885915 | Self::Cp850, '“' | '”') => "\"".to_owned(),
                (Self::Iso885915 | Self::Cp850, '…') => "...".to_owned(),
                (Self::Iso885915 | Self::Cp850 | Self::Windows1252, '☐') => "[ ]".to_owned(),
                (Self::Iso885915 | Self::Cp850 | Self::Windows1252, '☒') => "[x]".to_owned(),
                (Self::Windows1252, '\u{2011}') => "-".to_owned(),
                (Self::Cp850, 'œ') => "oe".to_owned(),
                (Self::Cp850, 'Œ') => "OE".to_owned(),
                (Self::Cp850, '€') => "EUR".to_owned(),
                (Self::Iso885915 | Self::Cp850, '•') => "-".to_owned(),
                (_, c) => c.to_string(),
            })
            .collect()
    }
}
