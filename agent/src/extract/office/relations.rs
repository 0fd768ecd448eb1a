//! What a part of a document refers to: other parts, and addresses outside.

use super::xml::Token;

/// No honest part refers to more.
const MOST: usize = 100_000;

#[derive(Debug, Default)]
pub(super) struct Relations {
    /// The part that refers.
    part: String,
    all: Vec<Relation>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Relation {
    pub(super) id: String,
    /// The last word of its type: `slide`, `hyperlink`, `comments`.
    pub(super) kind: String,
    /// A part of the document, or an address.
    pub(super) target: String,
    pub(super) is_outside: bool,
}

impl Relations {
    pub(super) fn of(part: &str) -> Self {
        Self {
            part: part.to_owned(),
            all: Vec::new(),
        }
    }

    /// Where they are written.
    pub(super) fn part(&self) -> String {
        match self.part.rsplit_once('/') {
            Some((folder, name)) => format!("{folder}/_rels/{name}.rels"),
            None => format!("_rels/{}.rels", self.part),
        }
    }

    pub(super) fn token(&mut self, token: &Token<'_>) {
        let Token::Start(tag) = token else { return };
        if tag.name() != "Relationship" || self.all.len() >= MOST {
            return;
        }
        let attribute = |name| tag.attribute(name).unwrap_or_default();
        let is_outside = attribute("TargetMode") == "External";
        let target = attribute("Target");
        let kind = attribute("Type");
        self.all.push(Relation {
            id: attribute("Id"),
            kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
            target: if is_outside {
                target
            } else {
                resolved(&self.part, &target)
            },
            is_outside,
        });
    }

    pub(super) fn target(&self, id: &str) -> Option<&str> {
        let relation = self.all.iter().find(|relation| relation.id == id)?;
        Some(&relation.target)
    }

    pub(super) fn of_kind<'r>(&'r self, kind: &'r str) -> impl Iterator<Item = &'r Relation> {
        self.all
            .iter()
            .filter(move |relation| relation.kind == kind)
    }
}

/// The name of a part as another one writes it: from its own folder, or from the top.
fn resolved(from: &str, target: &str) -> String {
    let (mut folders, target): (Vec<&str>, &str) = match target.strip_prefix('/') {
        Some(target) => (Vec::new(), target),
        None => (from.split('/').collect(), target),
    };
    if !folders.is_empty() {
        folders.pop();
    }
    for step in target.split('/') {
        match step {
            ".." => {
                folders.pop();
            }
            "." => {}
            step => folders.push(step),
        }
    }
    folders.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_document() {
        assert_eq!(
            resolved("ppt/slides/slide1.xml", "../notes/n.xml"),
            "ppt/notes/n.xml"
        );
        assert_eq!(
            resolved("xl/workbook.xml", "worksheets/s.xml"),
            "xl/worksheets/s.xml"
        );
        assert_eq!(resolved("xl/workbook.xml", "/xl/s.xml"), "xl/s.xml");
        assert_eq!(resolved("a", "../../../b"), "b");
        assert_eq!(
            Relations::of("word/document.xml").part(),
            "word/_rels/document.xml.rels"
        );
    }
}
