//! How much of one file is read, whatever it holds: every limit in one place.
//!
//! Honest files stay far below; what exceeds a limit is read up to it, and its verdict says so.

use std::fmt;

/// What a file may ask for.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Containers within containers.
    pub depth: usize,
    /// Files inside a file, at all depths together.
    pub entries: u64,
    /// A member of a container whose format cannot be read from start to end is held in memory.
    pub held_bytes: u64,
    /// A file whose format has to be in memory as a whole.
    pub whole_bytes: u64,
    /// What comes out of the containers of a file, all together.
    pub expanded_bytes: u64,
    /// And how many times the size of the file that may be; a sheet of zeros compresses well, a bomb a thousand times.
    pub ratio: u64,
    /// A small file may expand to this much whatever its ratio.
    pub expanded_floor_bytes: u64,
    pub pages: u64,
    pub cells: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 6,
            entries: 50_000,
            held_bytes: 48 * MIB,
            whole_bytes: 128 * MIB,
            expanded_bytes: 4096 * MIB,
            ratio: 200,
            expanded_floor_bytes: 256 * MIB,
            pages: 5_000,
            cells: 20_000_000,
        }
    }
}

impl Limits {
    /// How much may come out of a file of this size.
    pub(super) fn expansion_of(&self, size_bytes: u64) -> u64 {
        size_bytes
            .saturating_mul(self.ratio)
            .clamp(self.expanded_floor_bytes, self.expanded_bytes)
            // A box of mails is as large as what it holds, however large.
            .max(size_bytes)
    }
}

/// The limit that ended the reading of a file, and how far it went where that can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    Pages {
        read: u64,
        of: u64,
    },
    Cells {
        read: u64,
    },
    Entries {
        read: u64,
    },
    /// It expands to more than anybody stores.
    Expansion,
    /// A member too large to be held in memory.
    Held,
    /// A file too large to be held in memory, of a format that has to be.
    Whole,
}

/// In French, for whoever reads the verdict.
impl fmt::Display for Limit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pages { read, of } => {
                let (read, of) = (Grouped(*read), Grouped(*of));
                write!(formatter, "{read} pages lues sur {of}")
            }
            Self::Cells { read } => write!(formatter, "{} cellules lues", Grouped(*read)),
            Self::Entries { read } => {
                write!(formatter, "{} fichiers lus à l'intérieur", Grouped(*read))
            }
            Self::Expansion => formatter.write_str("le contenu décompressé est démesuré"),
            Self::Whole => formatter.write_str("trop volumineux pour ce format"),
            Self::Held => formatter.write_str("trop volumineux à l'intérieur d'un autre fichier"),
        }
    }
}

/// How much of a document is pictures of text, in French.
pub(super) fn scanned(pages: u64, of: u64) -> String {
    if pages == of {
        return "toutes les pages sont des images".to_owned();
    }
    format!(
        "pages qui sont des images : {} sur {}",
        Grouped(pages),
        Grouped(of)
    )
}

/// A number as French readers write it: « 1 200 ».
struct Grouped(u64);

impl fmt::Display for Grouped {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (thousands, rest) = (self.0 / 1000, self.0 % 1000);
        if thousands == 0 {
            return write!(formatter, "{rest}");
        }
        write!(formatter, "{}\u{202f}{rest:03}", Grouped(thousands))
    }
}

const MIB: u64 = 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_how_far_it_went() {
        let limit = Limit::Pages {
            read: 300,
            of: 1_200,
        };
        assert_eq!(limit.to_string(), "300 pages lues sur 1\u{202f}200");
        let limit = Limit::Cells { read: 20_000_007 };
        assert_eq!(limit.to_string(), "20\u{202f}000\u{202f}007 cellules lues");
    }

    #[test]
    fn the_expansion_allowed_follows_the_size() {
        let limits = Limits::default();
        assert_eq!(limits.expansion_of(10), 256 * MIB);
        assert_eq!(limits.expansion_of(2 * MIB), 400 * MIB);
        assert_eq!(limits.expansion_of(100 * MIB), 4096 * MIB);
        assert_eq!(limits.expansion_of(9000 * MIB), 9000 * MIB);
    }
}
