//! The bookmarks beside the pages: chapters, or the name of whom each page of a batch is about.

use hayro_syntax::Pdf;
use hayro_syntax::object::Dict;

use super::{give, strings};
use crate::extract::reading::Reading;

/// A list may lead back into itself.
const MOST_BOOKMARKS: usize = 20_000;
/// A title is a line.
const MOST_BYTES: usize = 4 * 1024 * 1024;

pub(super) fn extract(pdf: &Pdf, reading: &mut Reading<'_>) {
    let catalog = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id());
    let outline = catalog.and_then(|catalog| catalog.get::<Dict<'_>>("Outlines"));
    let first = outline.and_then(|outline| outline.get::<Dict<'_>>("First"));
    let mut ahead: Vec<Dict<'_>> = first.into_iter().collect();
    let mut titles = String::new();
    for _ in 0..MOST_BOOKMARKS {
        let Some(bookmark) = ahead.pop().filter(|_| titles.len() < MOST_BYTES) else {
            break;
        };
        if let Some(title) = strings::text(&bookmark, "Title") {
            titles.push_str(&title);
            titles.push('\n');
        }
        // What is below a bookmark stands before what follows it.
        ahead.extend(bookmark.get::<Dict<'_>>("Next"));
        ahead.extend(bookmark.get::<Dict<'_>>("First"));
    }
    give("signets", &titles, reading);
}
