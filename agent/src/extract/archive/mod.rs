//! Archives: each file in them is a member, told by its content like any file.

pub(super) mod compressed;
pub(super) mod rar;
pub(super) mod seven_zip;
pub(super) mod tar;
mod xz;
pub(super) mod zip;

use super::{Coverage, Outcome};

/// A member whose content was not seen.
fn unseen(coverage: Coverage) -> Outcome<'static> {
    Outcome {
        media_type: "application/octet-stream",
        coverage,
    }
}
