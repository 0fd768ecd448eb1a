//! Paragraphs, tables, sheets and slides as OpenDocument writes them.
//!
//! Notes and comments stand in the middle of the sentence that they belong to: they are put aside and given after the
//! body, so that they cut nothing. So is text that was deleted and is still in the file.

use std::collections::BTreeSet;

use super::grid::Grid;
use super::open_sheet::OpenSheet;
use super::xml::{Tag, Token};
use crate::extract::Receiver;
use crate::extract::limits::Limit;
use crate::extract::markup::strip::Mark;
use crate::extract::markup::tables::Tables;

/// Notes in all; more are no notes of anybody.
const MOST_ASIDE_BYTES: usize = 16 * 1024 * 1024;
const MOST_AUTHORS: usize = 200;
const MOST_SPACES: usize = 1_000;

pub(super) struct OpenProse {
    within: String,
    flow: Tables,
    sheet: Option<OpenSheet>,
    max_cells: u64,
    cells: u64,
    /// Paragraphs that we are in: a text box or a note stands inside one.
    paragraphs: usize,
    /// Texts put aside that are being read, the innermost last.
    open_asides: Vec<Aside>,
    asides: Vec<Aside>,
    aside_bytes: usize,
    links: Vec<String>,
    authors: BTreeSet<String>,
    /// Properties of the document: the label of the one being read, and all lines.
    label: Option<String>,
    properties: String,
    value: String,
    counts: Counts,
    is_spreadsheet: bool,
    /// Inside the name or the date of a comment or a change.
    is_signature: bool,
}

struct Aside {
    place: String,
    text: String,
}

#[derive(Default)]
struct Counts {
    slides: usize,
    footnotes: usize,
    endnotes: usize,
    comments: usize,
    sheets: usize,
}

impl OpenProse {
    pub(super) fn new(within: &str, max_cells: u64) -> Self {
        Self {
            within: within.to_owned(),
            flow: Tables::new((!within.is_empty()).then_some(within)),
            sheet: None,
            max_cells,
            cells: 0,
            paragraphs: 0,
            open_asides: Vec::new(),
            asides: Vec::new(),
            aside_bytes: 0,
            links: Vec::new(),
            authors: BTreeSet::new(),
            label: None,
            properties: String::new(),
            value: String::new(),
            counts: Counts::default(),
            is_spreadsheet: false,
            is_signature: false,
        }
    }

    pub(super) fn token(&mut self, token: &Token<'_>, receiver: &mut dyn Receiver) {
        match token {
            Token::Start(tag) => self.start(tag, receiver),
            Token::End(name) => self.end(name, receiver),
            Token::Text(text) if self.is_signature || self.label.is_some() => {
                self.value.push_str(text);
            }
            Token::Text(text) if self.paragraphs > 0 => self.text(text, receiver),
            Token::Text(_) => {}
        }
    }

    /// Gives what was put aside; the limit that ended the reading, if any.
    pub(super) fn finish(mut self, receiver: &mut dyn Receiver) -> Option<Limit> {
        self.flow.finish(receiver);
        for aside in self.asides {
            receiver.begin_text(Some(&aside.place));
            receiver.text(&aside.text);
        }
        if !self.authors.is_empty() {
            receiver.begin_text(Some("auteurs des modifications et des commentaires"));
            for author in &self.authors {
                receiver.text(&format!("Auteur : {author}\n"));
            }
        }
        if !self.properties.is_empty() {
            receiver.begin_text(Some("propriétés du document"));
            receiver.text(&self.properties);
        }
        (self.cells >= self.max_cells).then_some(Limit::Cells { read: self.cells })
    }

    fn start(&mut self, tag: &Tag<'_>, receiver: &mut dyn Receiver) {
        match tag.name() {
            "p" | "h" => self.paragraphs += 1,
            "s" => {
                let count = tag.attribute("c").and_then(|count| count.parse().ok());
                self.text(&" ".repeat(count.unwrap_or(1).min(MOST_SPACES)), receiver);
            }
            "tab" => self.text("\t", receiver),
            "line-break" => self.text("\n", receiver),
            "a" => self.links.extend(tag.attribute("href")),
            "note" if tag.attribute("note-class").is_some() => self.begin_note(tag),
            // The sign that calls the note is not part of it.
            "note-citation" => self.begin_aside(String::new()),
            "annotation" => {
                self.counts.comments += 1;
                let place = format!("commentaire {}", self.counts.comments);
                self.begin_aside(self.inside(&place));
            }
            "deletion" => self.begin_aside(self.inside("texte supprimé")),
            // Inside the comment or the change that they sign.
            "creator" | "date" | "date-string" | "creator-initials" | "sender-initials"
                if !self.open_asides.is_empty() =>
            {
                self.value.clear();
                self.is_signature = true;
            }
            "spreadsheet" => self.is_spreadsheet = true,
            "header" | "header-left" | "header-first" => self.begin_flow("en-tête", receiver),
            "footer" | "footer-left" | "footer-first" => self.begin_flow("pied de page", receiver),
            "page" => {
                self.counts.slides += 1;
                self.begin_flow(&format!("diapositive {}", self.counts.slides), receiver);
            }
            "notes" if self.counts.slides > 0 => {
                let place = format!(
                    "diapositive {}, commentaires de l'orateur",
                    self.counts.slides
                );
                self.begin_flow(&place, receiver);
            }
            "desc" | "title"
                if self.label.is_none() && self.counts.slides + self.paragraphs > 0 =>
            {
                self.paragraphs += 1;
            }
            name if self.is_spreadsheet => self.start_in_sheet(name, tag, receiver),
            "table" => self.flow.mark(Mark::TableStart, receiver),
            "table-row" => self.flow.mark(Mark::Row, receiver),
            "table-cell" => self.flow.mark(Mark::Cell, receiver),
            name => self.start_property(name, tag),
        }
    }

    fn end(&mut self, name: &str, receiver: &mut dyn Receiver) {
        match name {
            "p" | "h" => self.end_paragraph(receiver),
            "desc" | "title" if self.label.is_none() && self.paragraphs > 0 => {
                self.end_paragraph(receiver);
            }
            "note" | "note-citation" | "annotation" | "deletion" => self.end_aside(),
            name if self.is_signature => {
                self.is_signature = false;
                if name == "creator" && self.authors.len() < MOST_AUTHORS {
                    self.authors.insert(std::mem::take(&mut self.value));
                }
            }
            "header" | "header-left" | "header-first" | "footer" | "footer-left"
            | "footer-first" => {
                let within = self.within.clone();
                self.begin_flow(&within, receiver);
            }
            "table-cell" | "covered-table-cell" if self.is_spreadsheet => {
                if let Some(sheet) = &mut self.sheet {
                    sheet.end_cell();
                }
            }
            "table-row" if self.is_spreadsheet => self.end_row(receiver),
            "table" if self.is_spreadsheet => self.sheet = None,
            "table" => self.flow.mark(Mark::TableEnd, receiver),
            _ => self.end_property(),
        }
    }

    fn text(&mut self, text: &str, receiver: &mut dyn Receiver) {
        if let Some(aside) = self.open_asides.last_mut() {
            if self.aside_bytes < MOST_ASIDE_BYTES {
                self.aside_bytes += text.len();
                aside.text.push_str(text);
            }
        } else if let Some(sheet) = &mut self.sheet {
            sheet.text(text);
        } else {
            self.flow.text(text, receiver);
        }
    }

    fn end_paragraph(&mut self, receiver: &mut dyn Receiver) {
        self.paragraphs = self.paragraphs.saturating_sub(1);
        let links = std::mem::take(&mut self.links);
        match &self.sheet {
            // A cell is its value and nothing else.
            Some(sheet) if self.open_asides.is_empty() => {
                let place = format!("{}, liens", sheet.place());
                self.keep(place, links.join("\n"));
            }
            _ => links
                .iter()
                .for_each(|link| self.text(&format!(" <{link}>"), receiver)),
        }
        self.text("\n", receiver);
    }

    fn begin_note(&mut self, tag: &Tag<'_>) {
        let place = if tag.attribute("note-class").as_deref() == Some("endnote") {
            self.counts.endnotes += 1;
            format!("note de fin {}", self.counts.endnotes)
        } else {
            self.counts.footnotes += 1;
            format!("note de bas de page {}", self.counts.footnotes)
        };
        self.begin_aside(place);
    }

    fn begin_aside(&mut self, place: String) {
        self.open_asides.push(Aside {
            place,
            text: String::new(),
        });
    }

    fn end_aside(&mut self) {
        if let Some(aside) = self.open_asides.pop()
            && !aside.place.is_empty()
        {
            self.keep(aside.place, aside.text);
        }
    }

    fn keep(&mut self, place: String, text: String) {
        if !text.trim().is_empty() {
            self.asides.push(Aside { place, text });
        }
    }

    fn inside(&self, what: &str) -> String {
        let outer = match (&self.sheet, self.counts.slides) {
            (Some(sheet), _) => sheet.place().to_owned(),
            (None, 0) => self.within.clone(),
            (None, slide) => format!("diapositive {slide}"),
        };
        if outer.is_empty() {
            what.to_owned()
        } else {
            format!("{outer}, {what}")
        }
    }

    fn begin_flow(&mut self, place: &str, receiver: &mut dyn Receiver) {
        self.flow.finish(receiver);
        self.flow = Tables::new((!place.is_empty()).then_some(place));
    }

    fn start_in_sheet(&mut self, name: &str, tag: &Tag<'_>, receiver: &mut dyn Receiver) {
        match (name, &mut self.sheet) {
            ("table", _) => {
                // The sheet's rows come between what stands before it and what follows.
                let within = self.within.clone();
                self.begin_flow(&within, receiver);
                self.counts.sheets += 1;
                let name = tag.attribute("name").unwrap_or_default();
                let place = format!("feuille « {name} »");
                self.sheet = Some(OpenSheet::new(Grid::new(&place), place));
            }
            ("table-row", Some(sheet)) => sheet.start_row(tag),
            ("table-cell" | "covered-table-cell", Some(sheet)) => sheet.start_cell(tag),
            _ => {}
        }
    }

    fn end_row(&mut self, receiver: &mut dyn Receiver) {
        if let Some(sheet) = &mut self.sheet
            && self.cells < self.max_cells
        {
            self.cells = self.cells.saturating_add(sheet.end_row(receiver));
        }
    }

    fn start_property(&mut self, name: &str, tag: &Tag<'_>) {
        self.label = match name {
            "initial-creator" => Some("Auteur".to_owned()),
            "creator" => Some("Dernière modification par".to_owned()),
            "printed-by" => Some("Imprimé par".to_owned()),
            "title" => Some("Titre".to_owned()),
            "subject" => Some("Objet".to_owned()),
            "keyword" => Some("Mots clés".to_owned()),
            "description" => Some("Commentaires".to_owned()),
            "user-defined" => tag.attribute("name"),
            _ => None,
        };
        self.value.clear();
    }

    fn end_property(&mut self) {
        if let Some(label) = self.label.take()
            && !self.value.trim().is_empty()
        {
            self.properties
                .push_str(&format!("{label} : {}\n", self.value.trim()));
        }
    }
}
