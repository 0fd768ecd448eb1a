//! What people filled in: the fields of a form, each on the page that shows it.

use std::io;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, Name, Object};
use hayro_syntax::page::Page;
use rustc_hash::FxHashSet;

use super::content::Interpreter;
use super::notes;
use super::{give, streams, strings};
use crate::extract::markup::{Dialect, Markup};
use crate::extract::reading::Reading;

/// Groups of fields within groups.
const MAX_DEPTH: usize = 16;
const MAX_FIELDS: usize = 50_000;

/// The fields read so far, by the place of the dictionary that holds their value: several widgets show one field.
#[derive(Default)]
pub(super) struct Fields {
    read: FxHashSet<(usize, usize)>,
}

impl Fields {
    pub(super) fn of_page<'p>(
        &mut self,
        page: &Page<'p>,
        interpreter: &mut Interpreter<'p>,
        reading: &Reading<'_>,
    ) -> io::Result<String> {
        let mut lines = String::new();
        for widget in notes::on_page(page).filter(|widget| notes::is(widget, b"Widget")) {
            let holder = above(&widget).find(|field| field.contains_key("V"));
            if let Some(holder) = &holder {
                self.read_field(holder, &widget, &mut lines);
            }
            // A signature shows more than it holds; a field may be drawn by a program that forgot its value.
            let is_button = kind(&widget).is_some_and(|kind| kind == b"Btn");
            let is_signature = kind(&widget).is_some_and(|kind| kind == b"Sig");
            if is_signature || holder.is_none() && !is_button {
                lines.push_str(&notes::appearance(&widget, interpreter, reading)?);
            }
        }
        Ok(lines)
    }

    /// The fields that no page shows, and those of forms that draw themselves (XFA).
    pub(super) fn without_page(&mut self, pdf: &Pdf, reading: &mut Reading<'_>) -> io::Result<()> {
        let catalog = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id());
        let Some(form) = catalog.and_then(|catalog| catalog.get::<Dict<'_>>("AcroForm")) else {
            return Ok(());
        };
        let mut lines = String::new();
        let mut waiting = vec![(form.clone(), "Fields", 0)];
        let mut met = 0;
        while let Some((group, key, depth)) = waiting.pop() {
            let Some(kids) = group.get::<Array<'_>>(key) else {
                continue;
            };
            for field in kids.iter::<Dict<'_>>() {
                met += 1;
                if met > MAX_FIELDS {
                    break;
                }
                if field.contains_key("V") {
                    self.read_field(&field, &field, &mut lines);
                }
                if depth < MAX_DEPTH {
                    waiting.push((field, "Kids", depth + 1));
                }
            }
        }
        give("formulaire", &lines, reading);
        drawn_by_itself(&form, reading)
    }

    fn read_field(&mut self, holder: &Dict<'_>, widget: &Dict<'_>, lines: &mut String) {
        let place = (holder.data().as_ptr().addr(), holder.data().len());
        if !self.read.insert(place) {
            return;
        }
        if let Some(value) = value(holder) {
            let label = above(widget).find_map(|field| {
                strings::text(&field, "TU").or_else(|| strings::text(&field, "T"))
            });
            lines.push_str(&line(label.as_deref(), &value));
        }
    }
}

fn line(label: Option<&str>, value: &str) -> String {
    match label {
        Some(label) => format!("{label} : {value}\n"),
        None => format!("{value}\n"),
    }
}

/// A field and the groups that it is in.
fn above<'p>(field: &Dict<'p>) -> impl Iterator<Item = Dict<'p>> {
    let parent = |field: &Dict<'p>| field.get::<Dict<'p>>("Parent");
    std::iter::successors(Some(field.clone()), parent).take(MAX_DEPTH)
}

fn kind(field: &Dict<'_>) -> Option<Vec<u8>> {
    above(field).find_map(|field| Some(field.get::<Name<'_>>("FT")?.as_ref().to_vec()))
}

fn value(holder: &Dict<'_>) -> Option<String> {
    let value = match holder.get::<Object<'_>>("V")? {
        Object::String(text) => strings::decode(text.as_bytes()),
        // A box that is ticked.
        Object::Name(name) if name.as_ref() != b"Off" => strings::decode(name.as_ref()),
        Object::Array(chosen) => {
            let chosen = chosen.iter::<Object<'_>>().filter_map(Object::into_string);
            let chosen: Vec<String> = chosen
                .map(|text| strings::decode(text.as_bytes()))
                .collect();
            chosen.join(", ")
        }
        Object::Stream(text) => strings::decode(&streams::decoded(&text)?.bytes),
        Object::Dict(signature) => {
            let said = ["Name", "ContactInfo", "Location", "Reason"];
            let said: Vec<String> = said
                .iter()
                .filter_map(|key| strings::text(&signature, key))
                .collect();
            said.join(", ")
        }
        _ => return None,
    };
    (!value.trim().is_empty()).then_some(value)
}

/// The data of a form in XML, in a stream or in the part named so.
fn drawn_by_itself(form: &Dict<'_>, reading: &mut Reading<'_>) -> io::Result<()> {
    let stream = match form.get::<Object<'_>>("XFA") {
        Some(Object::Stream(stream)) => stream,
        Some(Object::Array(parts)) => {
            let parts: Vec<Object<'_>> = parts.iter::<Object<'_>>().collect();
            let datasets = parts.chunks_exact(2).find_map(|pair| match pair {
                [Object::String(name), Object::Stream(stream)]
                    if name.as_bytes() == b"datasets" =>
                {
                    Some(stream.clone())
                }
                _ => None,
            });
            let Some(stream) = datasets else {
                return Ok(());
            };
            stream
        }
        _ => return Ok(()),
    };
    let Some(decoded) = streams::decoded(&stream) else {
        return Ok(());
    };
    reading.expand(decoded.bytes.len())?;
    let mut markup = Markup::new(Dialect::Xml, Some("formulaire"));
    markup.read(&String::from_utf8_lossy(&decoded.bytes), reading.receiver);
    markup.finish(reading.receiver);
    Ok(())
}
