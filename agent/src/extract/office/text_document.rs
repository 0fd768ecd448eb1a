//! Word: the body, then what stands round it.

use std::io;

use super::package::Package;
use super::prose;
use crate::extract::reading::Reading;

pub(super) fn extract(package: &mut Package<'_, '_>, reading: &mut Reading<'_>) -> io::Result<()> {
    prose::extract(package, "word/document.xml", "", reading)?;
    for (part, name) in [("header", "en-tête"), ("footer", "pied de page")] {
        for (rank, part) in (1..).zip(package.parts_of(part)) {
            prose::extract(package, &part, &format!("{name} {rank}"), reading)?;
        }
    }
    for (part, name) in [
        ("word/footnotes.xml", "note de bas de page"),
        ("word/endnotes.xml", "note de fin"),
        ("word/comments.xml", "commentaire"),
        ("word/glossary/document.xml", "insertions automatiques"),
    ] {
        prose::extract(package, part, name, reading)?;
    }
    Ok(())
}
