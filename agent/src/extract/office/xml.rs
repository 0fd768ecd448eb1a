//! XML parts as a sequence of tags and texts. Prefixes are dropped: producers choose them as they like.

use std::borrow::Cow;
use std::io::{self, BufRead};

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

pub(super) enum Token<'t> {
    Start(Tag<'t>),
    End(&'t str),
    Text(&'t str),
}

pub(super) struct Tag<'t>(&'t BytesStart<'t>);

impl Tag<'_> {
    /// Without its prefix.
    pub(super) fn name(&self) -> &str {
        local(self.0.name().into_inner())
    }

    /// The value of an attribute, named without its prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        self.attributes(name).into_iter().next()
    }

    /// Those of all attributes of this name, whatever their prefixes.
    pub(super) fn attributes(&self, name: &str) -> Vec<String> {
        let mut attributes = self.0.attributes();
        let attributes = attributes.with_checks(false).flatten();
        attributes
            .filter(|one| local(one.key.into_inner()) == name)
            .filter_map(|one| one.normalized_value(XmlVersion::default()).ok())
            .map(Cow::into_owned)
            .collect()
    }
}

/// Gives every token to `visit`; an empty element is a start and an end. What is not XML is an error.
pub(super) fn walk(
    bytes: impl BufRead,
    visit: &mut dyn FnMut(Token<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let mut reader = Reader::from_reader(bytes);
    let config = reader.config_mut();
    config.expand_empty_elements = true;
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer);
        match event.map_err(io::Error::other)? {
            Event::Start(tag) => visit(Token::Start(Tag(&tag)))?,
            Event::End(tag) => visit(Token::End(local(tag.name().into_inner())))?,
            Event::Text(text) => visit(Token::Text(&text.xml10_content()))?,
            Event::CData(text) => visit(Token::Text(&text.xml10_content()))?,
            Event::GeneralRef(reference) => {
                let mut letter = [0; 4];
                let resolved = match reference.resolve_char_ref() {
                    Ok(Some(character)) => Some(&*character.encode_utf8(&mut letter)),
                    _ => resolve_predefined_entity(&reference.xml10_content()),
                };
                visit(Token::Text(resolved.unwrap_or_default()))?;
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// Names are short: a search that is made for long texts costs more.
fn local(name: &str) -> &str {
    let colon = name.as_bytes().iter().rposition(|byte| *byte == b':');
    let local = colon.and_then(|colon| name.get(colon + 1..));
    local.unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_lose_their_prefix_and_references_are_resolved() {
        let mut told = String::new();
        let xml = "<?xml version='1.0'?><w:p a:b='1 &amp; 2'>l&#233;a &lt;<w:t/></w:p>";
        walk(xml.as_bytes(), &mut |token| {
            match token {
                Token::Start(tag) => {
                    told.push_str(&format!(
                        "({}{}",
                        tag.name(),
                        tag.attribute("b").unwrap_or_default()
                    ));
                }
                Token::End(name) => told.push_str(&format!("{name})")),
                Token::Text(text) => told.push_str(text),
            }
            Ok(())
        })
        .unwrap();
        assert_eq!(told, "(p1 & 2léa <(tt)p)");
    }

    #[test]
    fn what_is_cut_is_an_error() {
        assert!(walk("<a>b<c".as_bytes(), &mut |_| Ok(())).is_err());
    }
}
