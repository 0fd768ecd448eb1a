//! HTML and XML: what a person or a program reads, without the tags.
//!
//! A state machine rather than a parser: what people keep on shares is cut, ill-formed and of any size, and a value
//! after a missing `>` must still be found. Comments and CDATA are read as text.
//!
//! - HTML: blocks and cells are kept apart, inline tags vanish, so that `185<b>05</b>` stays one number. Line numbers
//!   are those of the text as displayed. Attributes that people see or that hold addresses are read.
//! - XML: names of elements and attributes are kept beside their values, because they are the only context that a value
//!   has. Line numbers are those of the file.

use std::io;

use super::text::Text;
use super::{Coverage, Receiver, entities};

/// Longer names are cut: they cannot be ones that are looked for.
const MAX_NAME: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Html,
    Xml,
}

pub(super) fn extract(
    mut text: Text<'_>,
    dialect: Dialect,
    receiver: &mut dyn Receiver,
) -> io::Result<Coverage> {
    receiver.begin_text(None);
    let mut stripper = Stripper::new(dialect);
    while let Some(chunk) = text.next_chunk()? {
        let plain = stripper.strip(chunk);
        if !plain.is_empty() {
            receiver.text(plain);
        }
    }
    Ok(Coverage::Whole)
}

/// Removes the tags of a document given chunk by chunk.
pub(super) struct Stripper {
    dialect: Dialect,
    state: State,
    /// The name of the tag or attribute being read.
    name: String,
    /// The reference being read, when there is one.
    reference: Option<String>,
    plain: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Text,
    /// After `<`.
    TagStart,
    /// `<!` or `<?`, and how many letters of `<!--` or `<![CDATA[` were read.
    Declaration {
        read: usize,
        is_data: bool,
    },
    TagName {
        closes: bool,
    },
    /// Inside a tag, between attributes.
    Attributes,
    AttributeName,
    AfterEqual,
    Value {
        end: ValueEnd,
        shown: bool,
    },
    /// Until `</script` or `</style`; `matched` letters of it were read.
    Raw {
        end: RawEnd,
        matched: usize,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ValueEnd {
    Quote(char),
    Space,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RawEnd {
    Script,
    Style,
}

impl Stripper {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            state: State::Text,
            name: String::new(),
            reference: None,
            plain: String::new(),
        }
    }

    /// The text of the next chunk.
    pub(super) fn strip(&mut self, chunk: &str) -> &str {
        self.plain.clear();
        for letter in chunk.chars() {
            self.state = self.step(letter);
        }
        &self.plain
    }

    fn step(&mut self, letter: char) -> State {
        match self.state {
            State::Text => self.in_text(letter),
            State::TagStart => self.after_less_than(letter),
            State::Declaration { read, is_data } => self.in_declaration(read, is_data, letter),
            State::TagName { closes } => self.in_tag_name(closes, letter),
            State::Attributes => self.between_attributes(letter),
            State::AttributeName => self.in_attribute_name(letter),
            State::AfterEqual => self.after_equal(letter),
            State::Value { end, shown } => self.in_value(end, shown, letter),
            State::Raw { end, matched } => self.in_raw(end, matched, letter),
        }
    }

    fn in_text(&mut self, letter: char) -> State {
        if letter == '<' {
            self.flush_reference();
            return State::TagStart;
        }
        self.push(letter);
        State::Text
    }

    fn after_less_than(&mut self, letter: char) -> State {
        self.name.clear();
        match letter {
            '/' => State::TagName { closes: true },
            '!' => State::Declaration {
                read: 0,
                is_data: false,
            },
            '?' => State::Attributes,
            _ if letter.is_alphabetic() => {
                self.name.push(letter);
                State::TagName { closes: false }
            }
            // « < 3 ans »
            _ => {
                self.plain.push('<');
                self.in_text(letter)
            }
        }
    }

    /// Comments and CDATA lose their opening and are read as text; other declarations are dropped.
    fn in_declaration(&mut self, read: usize, is_data: bool, letter: char) -> State {
        const CDATA: &str = "[CDATA[";
        match (read, letter) {
            (0, '-') => State::Declaration {
                read: 1,
                is_data: false,
            },
            (1, '-') if !is_data => self.separated(),
            (_, '[') if read + 1 == CDATA.len() && is_data => self.separated(),
            _ if CDATA.chars().nth(read) == Some(letter) && (is_data || read == 0) => {
                State::Declaration {
                    read: read + 1,
                    is_data: true,
                }
            }
            (_, '>') => State::Text,
            _ => State::Declaration {
                read: usize::MAX - 1,
                is_data: false,
            },
        }
    }

    fn separated(&mut self) -> State {
        self.plain.push(' ');
        State::Text
    }

    fn in_tag_name(&mut self, closes: bool, letter: char) -> State {
        if letter != '>' && letter != '/' && !letter.is_whitespace() {
            push_bounded(&mut self.name, letter);
            return State::TagName { closes };
        }
        self.show_tag(closes);
        if letter == '>' {
            return self.after_tag(closes);
        }
        self.keep_line(letter);
        // The name is needed at `>` for scripts and styles; attributes of those are dropped with it.
        if closes || self.raw_end().is_none() {
            return State::Attributes;
        }
        State::Value {
            end: ValueEnd::Quote('>'),
            shown: false,
        }
    }

    /// What stands in place of the tag.
    fn show_tag(&mut self, closes: bool) {
        if self.dialect == Dialect::Html {
            self.name.make_ascii_lowercase();
            match self.name.as_str() {
                "td" | "th" if closes => self.plain.push('\t'),
                "br" | "hr" | "p" | "div" | "li" | "ul" | "ol" | "dl" | "dt" | "dd" | "tr"
                | "table" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "title" | "body" | "form"
                | "section" | "article" | "header" | "footer" | "pre" | "blockquote"
                | "fieldset" | "legend" => self.plain.push('\n'),
                "option" | "input" | "label" | "button" | "a" | "img" => self.plain.push(' '),
                _ => {}
            }
            return;
        }
        self.plain.push(' ');
        if !closes {
            let local = self.name.rsplit(':').next().unwrap_or_default();
            self.plain.push_str(local);
            self.plain.push(' ');
        }
    }

    fn after_tag(&self, closes: bool) -> State {
        match self.raw_end() {
            Some(end) if !closes => State::Raw { end, matched: 0 },
            _ => State::Text,
        }
    }

    fn raw_end(&self) -> Option<RawEnd> {
        match (self.dialect, self.name.as_str()) {
            (Dialect::Html, "script") => Some(RawEnd::Script),
            (Dialect::Html, "style") => Some(RawEnd::Style),
            _ => None,
        }
    }

    fn between_attributes(&mut self, letter: char) -> State {
        self.keep_line(letter);
        match letter {
            '>' => State::Text,
            '/' | '?' | '"' | '\'' | '=' => State::Attributes,
            _ if letter.is_whitespace() => State::Attributes,
            _ => {
                self.name.clear();
                self.name.push(letter);
                State::AttributeName
            }
        }
    }

    fn in_attribute_name(&mut self, letter: char) -> State {
        match letter {
            '=' => State::AfterEqual,
            '>' => State::Text,
            _ if letter.is_whitespace() || letter == '/' => self.between_attributes(letter),
            _ => {
                push_bounded(&mut self.name, letter);
                State::AttributeName
            }
        }
    }

    fn after_equal(&mut self, letter: char) -> State {
        self.keep_line(letter);
        if letter.is_whitespace() {
            return State::AfterEqual;
        }
        if letter == '>' {
            return State::Text;
        }
        let shown = self.shows_attribute();
        if shown {
            self.plain.push(' ');
        }
        if shown && self.dialect == Dialect::Xml {
            let local = self.name.rsplit(':').next().unwrap_or_default();
            self.plain.push_str(local);
            self.plain.push(' ');
        }
        if matches!(letter, '"' | '\'') {
            return State::Value {
                end: ValueEnd::Quote(letter),
                shown,
            };
        }
        self.in_value(ValueEnd::Space, shown, letter)
    }

    fn shows_attribute(&self) -> bool {
        let name = self.name.to_ascii_lowercase();
        match self.dialect {
            Dialect::Xml => !name.starts_with("xmlns"),
            Dialect::Html => matches!(
                name.as_str(),
                "href" | "value" | "content" | "alt" | "title" | "placeholder"
            ),
        }
    }

    fn in_value(&mut self, end: ValueEnd, shown: bool, letter: char) -> State {
        let ended = match end {
            ValueEnd::Quote(quote) => letter == quote,
            ValueEnd::Space => letter.is_whitespace() || letter == '>',
        };
        if !ended {
            if shown {
                self.push(letter);
            } else {
                self.keep_line(letter);
            }
            return State::Value { end, shown };
        }
        self.flush_reference();
        if shown {
            self.plain.push(' ');
        }
        match (letter, self.raw_end()) {
            ('>', Some(end)) => State::Raw { end, matched: 0 },
            ('>', None) => State::Text,
            _ => State::Attributes,
        }
    }

    fn in_raw(&mut self, end: RawEnd, matched: usize, letter: char) -> State {
        let closing = match end {
            RawEnd::Script => "</script",
            RawEnd::Style => "</style",
        };
        if end == RawEnd::Script {
            self.push_line(letter);
        }
        let expected = closing.chars().nth(matched);
        let matched = if expected == Some(letter.to_ascii_lowercase()) {
            matched + 1
        } else {
            usize::from(letter == '<')
        };
        if matched < closing.len() {
            return State::Raw { end, matched };
        }
        self.name.clear();
        State::Attributes
    }

    /// A character of the text, or of a reference in it.
    fn push(&mut self, letter: char) {
        let Some(reference) = &mut self.reference else {
            if letter == '&' {
                self.reference = Some(String::new());
            } else {
                self.push_line(letter);
            }
            return;
        };
        if letter == ';' {
            let decoded = entities::decode(reference);
            match decoded {
                Some(decoded) => {
                    self.reference = None;
                    self.plain.push(decoded);
                }
                None => {
                    self.flush_reference();
                    self.plain.push(';');
                }
            }
            return;
        }
        if reference.len() < entities::MAX_LENGTH
            && (letter.is_ascii_alphanumeric() || letter == '#')
        {
            reference.push(letter);
            return;
        }
        self.flush_reference();
        self.push(letter);
    }

    /// What looked like a reference was text.
    fn flush_reference(&mut self) {
        if let Some(reference) = self.reference.take() {
            self.plain.push('&');
            self.plain.push_str(&reference);
        }
    }

    /// HTML shows a line break of its source as a space.
    fn push_line(&mut self, letter: char) {
        let is_break = matches!(letter, '\n' | '\r') && self.dialect == Dialect::Html;
        self.plain.push(if is_break { ' ' } else { letter });
    }

    /// Inside a tag, only line breaks are kept, and only where lines are those of the file.
    fn keep_line(&mut self, letter: char) {
        if letter == '\n' && self.dialect == Dialect::Xml {
            self.plain.push('\n');
        }
    }
}

fn push_bounded(name: &mut String, letter: char) {
    if name.len() < MAX_NAME {
        name.push(letter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strip(dialect: Dialect, chunks: &[&str]) -> String {
        let mut stripper = Stripper::new(dialect);
        chunks
            .iter()
            .map(|chunk| stripper.strip(chunk).to_owned())
            .collect()
    }

    #[test]
    fn html_keeps_what_is_displayed() {
        let page = "<html><style>p{color:red}</style><body><p>N&deg;&nbsp;<b>06</b>12<br>\nfin</p>\
                    <a href=\"mailto:a@b.fr\">&eacute;crire</a></body>";
        assert_eq!(
            strip(Dialect::Html, &[page]).trim(),
            "N°\u{a0}0612\n fin\n  mailto:a@b.fr écrire"
        );
    }

    #[test]
    fn html_cells_stay_apart() {
        let table = "<table><tr><td>01</td><td>02</td></tr></table>";
        assert_eq!(strip(Dialect::Html, &[table]).trim(), "01\t02");
    }

    #[test]
    fn xml_keeps_names_values_and_lines() {
        let xml =
            "<?xml version=\"1.0\"?>\n<r:Agent\n  V=\"Durand &amp; fils\"/>\n<NIR>185</NIR>\n";
        let plain = strip(Dialect::Xml, &[xml]);
        let words: Vec<&str> = plain.split_whitespace().collect();
        assert_eq!(
            words,
            [
                "version", "1.0", "Agent", "V", "Durand", "&", "fils", "NIR", "185"
            ]
        );
        assert_eq!(plain.matches('\n').count(), 4);
    }

    #[test]
    fn comments_and_data_are_read() {
        let xml = "<a><!-- tel 06 --><![CDATA[0612]]></a><!DOCTYPE x [<!ENTITY y>]>";
        let plain = strip(Dialect::Xml, &[xml]);
        assert!(
            plain.contains(" tel 06 ") && plain.contains("0612"),
            "{plain}"
        );
    }

    #[test]
    fn scripts_are_read_to_their_end() {
        let page = "<script type=x>if (a<b) tel='0612';</script><p>suite</p>";
        let plain = strip(Dialect::Html, &[page]);
        assert!(
            plain.contains("tel='0612'") && plain.contains("suite"),
            "{plain}"
        );
    }

    #[test]
    fn the_same_wherever_the_chunks_are_cut() {
        let page = "<p title='&eacute;t&eacute;'>1 &lt; 2 & 3<!-- x --><script>a</scr</script>";
        let whole = strip(Dialect::Html, &[page]);
        for cut in 0..=page.len() {
            let (before, after) = page.split_at(cut);
            assert_eq!(strip(Dialect::Html, &[before, after]), whole);
        }
    }

    #[test]
    fn a_missing_end_hides_nothing_after_the_next_tag() {
        let plain = strip(Dialect::Html, &["<p 0612<p>le 0612345678</p>"]);
        assert!(plain.contains("0612345678"), "{plain}");
    }
}
