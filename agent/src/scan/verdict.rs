//! The words for what became of a file; ids of `rules/glossary.toml`.

use serde::{Deserialize, Serialize};

/// Exactly one a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Verdict {
    Read,
    PartlyRead,
    Unreadable,
    Encrypted,
    TooLarge,
    Locked,
    Excluded,
    Unsupported,
    Vanished,
}

/// Why a file was not read whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Reason {
    PermissionDenied,
    IoError,
    Damaged,
    NestedTooDeep,
    /// Of pages, cells, members: read up to it.
    LimitReached,
    ArchiveBomb,
    ExtractorCrashed,
    TimedOut,
    MemoryLimit,
    PasswordProtected,
    TooLarge,
    InUse,
    PrivateFolder,
    ExcludedByPolicy,
    /// The agent's own.
    SystemFolder,
    Link,
    /// Its content is in a cloud, and reading it would fetch it.
    OnlineOnly,
    UnsupportedType,
    /// Pictures of text.
    Scanned,
    SpecialFile,
    Vanished,
}

impl Verdict {
    pub const ALL: [Self; 9] = [
        Self::Read,
        Self::PartlyRead,
        Self::Unreadable,
        Self::Encrypted,
        Self::TooLarge,
        Self::Locked,
        Self::Excluded,
        Self::Unsupported,
        Self::Vanished,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::PartlyRead => "partly_read",
            Self::Unreadable => "unreadable",
            Self::Encrypted => "encrypted",
            Self::TooLarge => "too_large",
            Self::Locked => "locked",
            Self::Excluded => "excluded",
            Self::Unsupported => "unsupported",
            Self::Vanished => "vanished",
        }
    }

    /// Whether the file may hold something that nobody chose to leave unseen.
    pub fn leaves_doubt(self) -> bool {
        !matches!(self, Self::Read | Self::Excluded)
    }
}

impl Reason {
    pub const ALL: [Self; 21] = [
        Self::PermissionDenied,
        Self::IoError,
        Self::Damaged,
        Self::NestedTooDeep,
        Self::LimitReached,
        Self::ArchiveBomb,
        Self::ExtractorCrashed,
        Self::TimedOut,
        Self::MemoryLimit,
        Self::PasswordProtected,
        Self::TooLarge,
        Self::InUse,
        Self::PrivateFolder,
        Self::ExcludedByPolicy,
        Self::SystemFolder,
        Self::Link,
        Self::OnlineOnly,
        Self::UnsupportedType,
        Self::Scanned,
        Self::SpecialFile,
        Self::Vanished,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::PermissionDenied => "permission_denied",
            Self::IoError => "io_error",
            Self::Damaged => "damaged",
            Self::NestedTooDeep => "nested_too_deep",
            Self::LimitReached => "limit_reached",
            Self::ArchiveBomb => "archive_bomb",
            Self::ExtractorCrashed => "extractor_crashed",
            Self::TimedOut => "timed_out",
            Self::MemoryLimit => "memory_limit",
            Self::PasswordProtected => "password_protected",
            Self::TooLarge => "too_large",
            Self::InUse => "in_use",
            Self::PrivateFolder => "private_folder",
            Self::ExcludedByPolicy => "excluded_by_policy",
            Self::SystemFolder => "system_folder",
            Self::Link => "link",
            Self::OnlineOnly => "online_only",
            Self::UnsupportedType => "unsupported_type",
            Self::Scanned => "scanned",
            Self::SpecialFile => "special_file",
            Self::Vanished => "vanished",
        }
    }
}

#[cfg(test)]
mod tests {
    use beffroi_rules::glossary::Glossary;

    use super::super::Incomplete;
    use super::*;

    #[test]
    fn every_word_has_its_french_label() {
        let text = include_str!("../../../rules/glossary.toml");
        let glossary = Glossary::parse("rules/glossary.toml", text).unwrap();
        for verdict in Verdict::ALL {
            assert!(
                glossary.label("verdict", verdict.as_str()).is_some(),
                "{verdict:?}"
            );
        }
        let reasons = Reason::ALL.map(Reason::as_str).into_iter();
        for reason in reasons.chain(Incomplete::ALL.map(Incomplete::as_str)) {
            assert!(glossary.label("reason", reason).is_some(), "{reason:?}");
        }
    }
}
