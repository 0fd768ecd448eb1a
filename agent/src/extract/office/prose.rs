//! Paragraphs and tables, as Word, PowerPoint, charts and comments write them: the same names in all their dialects.
//!
//! Runs are joined as they come, so that a value cut by a change of font is whole; paragraphs and cells are kept apart.
//! What stands behind the text (where a link leads, what a picture shows) follows its paragraph. A paragraph with
//! deletions that are still in the file is given as it is, then as it was: a value that was corrected is whole in both.

use std::collections::BTreeSet;
use std::io;

use super::package::Package;
use super::relations::Relations;
use super::xml::{Tag, Token};
use crate::extract::Receiver;
use crate::extract::markup::strip::Mark;
use crate::extract::markup::tables::Tables;
use crate::extract::reading::Reading;

/// People who changed a document; more are a machine.
const MOST_AUTHORS: usize = 200;
/// A longer paragraph is no paragraph.
const MOST_FORMER_BYTES: usize = 1024 * 1024;

/// Reads a part and what it links to.
pub(super) fn extract(
    package: &mut Package<'_, '_>,
    part: &str,
    within: &str,
    reading: &mut Reading<'_>,
) -> io::Result<()> {
    let relations = package.relations_of(part, reading)?;
    let mut prose = Prose::new(within, &relations);
    package.walk(part, reading, &mut |token, reading| {
        prose.token(&token, reading.receiver);
        Ok(())
    })?;
    prose.finish(reading.receiver);
    Ok(())
}

struct Prose<'r> {
    within: String,
    relations: &'r Relations,
    flow: Tables,
    /// Inside an element whose characters are text.
    is_text: bool,
    /// Inside the words of a field.
    is_instruction: bool,
    /// The second version of a drawing, for old programs: how deep we are in it.
    fallback: usize,
    instruction: String,
    /// What follows the paragraph.
    asides: Vec<String>,
    authors: BTreeSet<String>,
    notes: usize,
    /// Inside how many deletions and insertions we are.
    deletions: usize,
    insertions: usize,
    /// The paragraph as it was, and whether that differs.
    former: String,
    has_deletion: bool,
}

impl<'r> Prose<'r> {
    fn new(within: &str, relations: &'r Relations) -> Self {
        Self {
            within: within.to_owned(),
            relations,
            flow: Tables::new((!within.is_empty()).then_some(within)),
            is_text: false,
            is_instruction: false,
            fallback: 0,
            instruction: String::new(),
            asides: Vec::new(),
            authors: BTreeSet::new(),
            notes: 0,
            deletions: 0,
            insertions: 0,
            former: String::new(),
            has_deletion: false,
        }
    }

    fn token(&mut self, token: &Token<'_>, receiver: &mut dyn Receiver) {
        match token {
            Token::Start(tag) if tag.name() == "Fallback" => self.fallback += 1,
            Token::End("Fallback") => self.fallback = self.fallback.saturating_sub(1),
            _ if self.fallback > 0 => {}
            Token::Start(tag) => self.start(tag, receiver),
            Token::End(name) => self.end(name, receiver),
            Token::Text(text) if self.is_text => self.text(text, receiver),
            Token::Text(text) if self.is_instruction => self.instruction.push_str(text),
            Token::Text(_) => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, receiver: &mut dyn Receiver) {
        match tag.name() {
            // `v` are the values behind a chart, `text` those of an old comment.
            "t" | "delText" | "v" | "text" => self.is_text = true,
            "instrText" | "delInstrText" => self.is_instruction = true,
            "fldSimple" => {
                let instruction = tag.attribute("instr").unwrap_or_default();
                self.instruction.push_str(&instruction);
            }
            "tbl" => self.flow.mark(Mark::TableStart, receiver),
            "tr" => self.flow.mark(Mark::Row, receiver),
            "tc" => self.flow.mark(Mark::Cell, receiver),
            "br" | "cr" => self.text("\n", receiver),
            // With a position it is a tab stop, not a tab.
            "tab" if tag.attribute("pos").is_none() => self.text("\t", receiver),
            "noBreakHyphen" => self.text("-", receiver),
            "hyperlink" | "hlinkClick" | "hlinkHover" => {
                let target = tag
                    .attribute("id")
                    .and_then(|id| self.relations.target(&id).map(str::to_owned));
                self.asides.extend(target);
            }
            "docPr" | "cNvPr" => {
                let shown = ["title", "descr"].map(|name| tag.attribute(name));
                self.asides.extend(shown.into_iter().flatten());
            }
            "footnote" => self.begin_note("note de bas de page", tag, receiver),
            "endnote" => self.begin_note("note de fin", tag, receiver),
            "comment" | "cm" | "threadedComment" => self.begin_note("commentaire", tag, receiver),
            "del" | "moveFrom" => {
                self.add_author(tag);
                self.deletions += 1;
            }
            "ins" | "moveTo" => {
                self.add_author(tag);
                self.insertions += 1;
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str, receiver: &mut dyn Receiver) {
        match name {
            "t" | "delText" => self.is_text = false,
            "v" | "text" => {
                self.is_text = false;
                self.flow.text("\n", receiver);
            }
            "instrText" | "delInstrText" => self.is_instruction = false,
            "del" | "moveFrom" => self.deletions = self.deletions.saturating_sub(1),
            "ins" | "moveTo" => self.insertions = self.insertions.saturating_sub(1),
            "tbl" => self.flow.mark(Mark::TableEnd, receiver),
            "p" => self.end_paragraph(receiver),
            _ => {}
        }
    }

    fn text(&mut self, text: &str, receiver: &mut dyn Receiver) {
        if self.deletions == 0 {
            self.flow.text(text, receiver);
        } else {
            self.has_deletion = true;
        }
        if self.insertions == 0 && self.former.len() < MOST_FORMER_BYTES {
            self.former.push_str(text);
        }
    }

    fn end_paragraph(&mut self, receiver: &mut dyn Receiver) {
        if std::mem::take(&mut self.has_deletion) {
            self.flow.text(&format!("\n{}", self.former), receiver);
        }
        self.former.clear();
        if let Some((_, address)) = self.instruction.split_once("HYPERLINK") {
            self.asides.push(address.trim().to_owned());
        }
        self.instruction.clear();
        for aside in std::mem::take(&mut self.asides) {
            self.flow.text(" <", receiver);
            self.flow.text(&aside, receiver);
            self.flow.text(">", receiver);
        }
        self.flow.text("\n", receiver);
    }

    fn begin_note(&mut self, what: &str, tag: &Tag<'_>, receiver: &mut dyn Receiver) {
        // The lines that separate notes from the page are notes too.
        if matches!(
            tag.attribute("type").as_deref(),
            Some("separator" | "continuationSeparator")
        ) {
            return;
        }
        self.add_author(tag);
        self.flow.finish(receiver);
        self.notes += 1;
        let place = match tag.attribute("ref") {
            Some(cell) => format!("{what} de la cellule {cell}"),
            None => format!("{what} {}", self.notes),
        };
        // The part of the notes themselves is called like them.
        let place = if self.within.is_empty() || self.within == what {
            place
        } else {
            format!("{}, {place}", self.within)
        };
        self.flow = Tables::new(Some(&place));
    }

    fn add_author(&mut self, tag: &Tag<'_>) {
        if let Some(author) = tag
            .attribute("author")
            .filter(|_| self.authors.len() < MOST_AUTHORS)
        {
            self.authors.insert(author);
        }
    }

    fn finish(mut self, receiver: &mut dyn Receiver) {
        self.end_paragraph(receiver);
        self.flow.finish(receiver);
        if !self.authors.is_empty() {
            receiver.begin_text(Some("auteurs des modifications et des commentaires"));
            for author in &self.authors {
                receiver.text("Auteur : ");
                receiver.text(author);
                receiver.text("\n");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::office::xml;
    use crate::extract::tests::Heard;

    fn read(xml: &str) -> Heard {
        let relations = Relations::default();
        let mut prose = Prose::new("", &relations);
        let mut heard = Heard::default();
        xml::walk(xml.as_bytes(), &mut |token| {
            prose.token(&token, &mut heard);
            Ok(())
        })
        .unwrap();
        prose.finish(&mut heard);
        heard
    }

    #[test]
    fn runs_are_joined_and_paragraphs_are_not() {
        let heard = read(
            "<d><p><r><t>06 12</t></r><r><t> 34</t></r></p><p><r><t>56</t><tab/><t>78</t></r></p></d>",
        );
        assert_eq!(heard.text.trim_end(), "06 12 34\n56\t78");
    }

    #[test]
    fn a_value_that_was_corrected_is_whole_before_and_after() {
        let heard = read(
            "<d><p><r><t>06 12 </t></r><del author='Zoé'><r><delText>34</delText></r></del>\
             <ins author='Zoé'><r><t>35</t></r></ins><r><t> 56</t></r></p></d>",
        );
        assert_eq!(heard.text, "06 12 35 56\n06 12 34 56\n\nAuteur : Zoé\n");
    }

    #[test]
    fn a_drawing_for_old_programs_is_not_read_twice() {
        let heard = read("<p><Choice><t>a</t></Choice><Fallback><p><t>a</t></p></Fallback></p>");
        assert_eq!(heard.text.trim_end(), "a");
    }

    #[test]
    fn the_address_of_a_field_follows_its_paragraph() {
        let heard = read(
            "<d><p><instrText>HYPERLINK \"mailto:a@b</instrText><instrText>.fr\"</instrText><t>ici</t></p></d>",
        );
        assert_eq!(heard.text.trim_end(), "ici <\"mailto:a@b.fr\">");
    }
}
