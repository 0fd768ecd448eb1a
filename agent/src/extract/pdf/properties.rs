//! Who made the document and what they called it.

use std::io;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Dict, Stream};

use super::{give, streams, strings};
use crate::extract::markup::{Dialect, Markup};
use crate::extract::reading::Reading;

const PLACE: &str = "propriétés du document";

pub(super) fn extract(pdf: &Pdf, reading: &mut Reading<'_>) -> io::Result<()> {
    let metadata = pdf.metadata();
    let known = [
        ("Titre", &metadata.title),
        ("Auteur", &metadata.author),
        ("Objet", &metadata.subject),
        ("Mots clés", &metadata.keywords),
    ];
    let lines: String = known
        .iter()
        .filter_map(|(label, value)| Some((label, strings::decode(value.as_deref()?))))
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(label, value)| format!("{label} : {}\n", value.trim()))
        .collect();
    if lines.is_empty() {
        return xmp(pdf, reading);
    }
    give(PLACE, &lines, reading);
    Ok(())
}

/// Where recent programs write the same; read where the older place is empty, so that nothing counts twice.
fn xmp(pdf: &Pdf, reading: &mut Reading<'_>) -> io::Result<()> {
    let catalog = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id());
    let stream = catalog.and_then(|catalog| catalog.get::<Stream<'_>>("Metadata"));
    let Some(decoded) = stream.as_ref().and_then(streams::decoded) else {
        return Ok(());
    };
    reading.expand(decoded.bytes.len())?;
    let text = String::from_utf8_lossy(&decoded.bytes);
    // Names and titles are what people write; the rest are the identifiers of programs.
    let values: Vec<&str> = TAGS.iter().filter_map(|tag| element(&text, tag)).collect();
    if values.is_empty() {
        return Ok(());
    }
    let mut markup = Markup::new(Dialect::Html, Some(PLACE));
    for value in values {
        markup.read(value, reading.receiver);
        markup.read("<br>", reading.receiver);
    }
    markup.finish(reading.receiver);
    Ok(())
}

const TAGS: [&str; 5] = [
    "dc:creator",
    "dc:title",
    "dc:description",
    "dc:subject",
    "pdf:Keywords",
];

fn element<'t>(text: &'t str, tag: &str) -> Option<&'t str> {
    let (_, after) = text.split_once(&format!("<{tag}>"))?;
    let (value, _) = after.split_once(&format!("</{tag}>"))?;
    Some(value)
}
