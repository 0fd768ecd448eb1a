//! The forms that are no template: e-mail addresses, dates, machine-readable zones.
//!
//! Comes in: a text and the place of an anchor in it (`@`, a first digit, `<<`). Goes out: the span of what is there and
//! its canonical spelling; the checks come after.

pub(super) mod date;
pub(super) mod email;
pub(super) mod mrz;

use std::ops::Range;

/// Something of the right form, not judged yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    pub span: Range<usize>,
    pub canonical: String,
    /// Possible, but not as most people write it.
    pub doubtful: bool,
}
