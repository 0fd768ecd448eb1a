//! What is laid over a page: comments, notes, links, stamps.

use std::io;

use hayro_syntax::object::{Array, Dict, Name, Object, Stream, String as PdfString};
use hayro_syntax::page::Page;

use super::content::Interpreter;
use super::layout::Sheet;
use super::strings;
use crate::extract::reading::Reading;

/// A plan has some thousands.
const MAX_PER_PAGE: usize = 20_000;

/// Everything that is laid over a page, fields of forms and attached files included.
pub(super) fn on_page<'p>(page: &Page<'p>) -> impl Iterator<Item = Dict<'p>> {
    let annotations = page.raw().get::<Array<'p>>("Annots").into_iter();
    annotations
        .flat_map(|annotations| annotations.iter::<Dict<'p>>())
        .take(MAX_PER_PAGE)
}

pub(super) fn of_page<'p>(
    page: &Page<'p>,
    interpreter: &mut Interpreter<'p>,
    reading: &Reading<'_>,
) -> io::Result<String> {
    let mut lines = String::new();
    for annotation in on_page(page) {
        if is(&annotation, b"Widget") || is(&annotation, b"Popup") {
            continue;
        }
        if let Some(target) = target(&annotation) {
            lines.push_str(&target);
            lines.push('\n');
        }
        let author = strings::text(&annotation, "T");
        let subject = strings::text(&annotation, "Subj");
        // What a link says is what it is laid over.
        let said = strings::text(&annotation, "Contents").filter(|_| !is(&annotation, b"Link"));
        if is(&annotation, b"Stamp") || is(&annotation, b"FreeText") && said.is_none() {
            lines.push_str(&appearance(&annotation, interpreter, reading)?);
        }
        for part in [author, subject, said].into_iter().flatten() {
            lines.push_str(&part);
            lines.push('\n');
        }
    }
    Ok(lines)
}

pub(super) fn is(annotation: &Dict<'_>, subtype: &[u8]) -> bool {
    let name = annotation.get::<Name<'_>>("Subtype");
    name.is_some_and(|name| name.as_ref() == subtype)
}

/// What an annotation draws.
pub(super) fn appearance<'p>(
    annotation: &Dict<'p>,
    interpreter: &mut Interpreter<'p>,
    reading: &Reading<'_>,
) -> io::Result<String> {
    let appearances = annotation.get::<Dict<'p>>("AP");
    let stream = match appearances.and_then(|appearances| appearances.get::<Object<'p>>("N")) {
        Some(Object::Stream(stream)) => Some(stream),
        Some(Object::Dict(states)) => annotation
            .get::<Name<'_>>("AS")
            .and_then(|state| states.get::<Stream<'p>>(state)),
        _ => None,
    };
    let mut sheet = Sheet::new(f64::MAX);
    if let Some(stream) = stream {
        interpreter.form(&stream, &mut sheet, reading)?;
    }
    let text = sheet.finish();
    Ok(if text.trim().is_empty() {
        String::new()
    } else {
        text
    })
}

/// Where a link leads, a `mailto:` above all.
fn target(annotation: &Dict<'_>) -> Option<String> {
    let action = annotation.get::<Dict<'_>>("A")?;
    let address = action.get::<PdfString<'_>>("URI")?;
    let address = strings::decode(address.as_bytes());
    (!address.trim().is_empty()).then_some(address)
}
