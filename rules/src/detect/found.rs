//! A hit inside the engine: it still holds the value, in memory only.

use std::fmt;
use std::ops::Range;

use zeroize::Zeroizing;

use super::vocabulary::WordId;
use crate::confidence::Confidence;

/// A candidate that passed its checks.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// The rule that found it, by index.
    pub detector: usize,
    pub span: Range<usize>,
    pub canonical: Canonical,
    /// None when the value alone says too little: a column of such values may still say something.
    pub confidence: Option<Confidence>,
    pub reasons: Reasons,
}

/// The value in its one spelling. Never shown, and wiped when dropped.
#[derive(Clone)]
pub(super) struct Canonical(Zeroizing<String>);

/// Why a hit was believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reason {
    /// The check digits agree.
    Key,
    /// Written in the groups of its kind.
    Groups,
    /// A word near.
    Near(WordId),
    /// A term of the rule, near a person.
    Person(WordId),
    /// Somebody is named in the row.
    Row,
    /// Under the titles of names.
    NameColumn,
    /// The title of the column.
    Title(WordId),
    /// Put together from neighbouring columns.
    Joined,
    /// Most values of the column are of this kind.
    Column,
}

/// A few reasons, without repetition.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Reasons([Option<Reason>; 4]);

impl Found {
    pub(super) fn is_believed(&self) -> bool {
        self.confidence.is_some()
    }

    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.span.start < other.span.end && other.span.start < self.span.end
    }

    /// One span has one kind: the surer, then the longer, then the one whose check digits agree.
    pub(super) fn is_stronger_than(&self, other: &Self) -> bool {
        self.strength() > other.strength()
    }

    fn strength(&self) -> (Option<Confidence>, usize, bool, bool) {
        let keyed = self.reasons.contains(Reason::Key);
        (
            self.confidence,
            self.span.len(),
            keyed,
            self.reasons.iter().any(Reason::is_label),
        )
    }
}

impl Canonical {
    pub(super) fn new(value: String) -> Self {
        Self(Zeroizing::new(value))
    }

    pub(super) fn from_symbols(symbols: &[u8]) -> Self {
        // Almost always; « lossy » alone looks at every byte by itself.
        let value = str::from_utf8(symbols).map(str::to_owned);
        Self::new(value.unwrap_or_else(|_| String::from_utf8_lossy(symbols).into_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn email_domain(&self) -> Option<&str> {
        self.0.rsplit_once('@').map(|(_, domain)| domain)
    }
}

impl fmt::Debug for Canonical {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Canonical(•)")
    }
}

impl Reason {
    pub(super) fn is_label(self) -> bool {
        matches!(self, Self::Near(_) | Self::Title(_) | Self::Person(_))
    }
}

impl Reasons {
    pub(super) fn add(&mut self, reason: Reason) {
        if self.contains(reason) {
            return;
        }
        if let Some(free) = self.0.iter_mut().find(|slot| slot.is_none()) {
            *free = Some(reason);
        }
    }

    pub(super) fn contains(&self, reason: Reason) -> bool {
        self.0.contains(&Some(reason))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Reason> {
        self.0.into_iter().flatten()
    }

    pub(super) fn has_label(&self) -> bool {
        self.iter().any(Reason::is_label)
    }
}
