//! Text without tags, and where the tables of a page begin and end.
//!
//! A state machine rather than a parser: what people keep on shares is cut, ill-formed and of any size, and a value
//! after a missing `>` must still be found. Comments and CDATA are read as text.

use super::{Dialect, entities};

/// Longer names are cut: they cannot be ones that are looked for.
const MAX_NAME: usize = 64;

/// Ends a line of the displayed page without ending one of the file.
pub(super) const BREAK: char = '\u{2028}';

/// What a document is made of, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Text(&'a str),
    Mark(Mark),
}

/// A tag that makes a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract) enum Mark {
    TableStart,
    TableEnd,
    Row,
    Cell,
    /// A cell that names the others.
    HeaderCell,
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
    mark: Option<Mark>,
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
            mark: None,
        }
    }

    /// Gives the pieces of the next chunk to `taker`.
    pub(super) fn strip(&mut self, chunk: &str, taker: &mut dyn FnMut(Piece<'_>)) {
        for letter in chunk.chars() {
            self.state = self.step(letter);
            if let Some(mark) = self.mark.take() {
                self.give_text(taker);
                taker(Piece::Mark(mark));
            }
        }
        self.give_text(taker);
    }

    fn give_text(&mut self, taker: &mut dyn FnMut(Piece<'_>)) {
        if !self.plain.is_empty() {
            taker(Piece::Text(&self.plain));
            self.plain.clear();
        }
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
        if self.dialect == Dialect::Xml {
            self.plain.push(' ');
            if !closes {
                self.show_name();
            }
            return;
        }
        self.name.make_ascii_lowercase();
        match self.name.as_str() {
            "table" if closes => self.mark = Some(Mark::TableEnd),
            "table" => self.mark = Some(Mark::TableStart),
            "tr" if !closes => self.mark = Some(Mark::Row),
            "td" if !closes => self.mark = Some(Mark::Cell),
            "th" if !closes => self.mark = Some(Mark::HeaderCell),
            "br" | "hr" | "p" | "div" | "li" | "ul" | "ol" | "dl" | "dt" | "dd" | "h1" | "h2"
            | "h3" | "h4" | "h5" | "h6" | "title" | "body" | "form" | "section" | "article"
            | "header" | "footer" | "pre" | "blockquote" | "fieldset" | "legend" | "caption" => {
                self.plain.push(BREAK);
            }
            "option" | "input" | "label" | "button" | "a" | "img" => self.plain.push(' '),
            _ => {}
        }
    }

    /// A name without its prefix, in words: `ns:dateNaissance` is « date Naissance ».
    fn show_name(&mut self) {
        let local = self.name.rsplit(':').next().unwrap_or_default();
        let mut after_small = false;
        for letter in local.chars() {
            if letter.is_uppercase() && after_small {
                self.plain.push(' ');
            }
            after_small = letter.is_lowercase();
            self.plain.push(if matches!(letter, '_' | '-' | '.') {
                ' '
            } else {
                letter
            });
        }
        self.plain.push(' ');
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
            self.show_name();
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
            self.plain.push(letter);
        } else {
            self.keep_line(letter);
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
                self.plain.push(letter);
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

    /// Inside a tag, only line breaks are kept: lines are those of the file.
    fn keep_line(&mut self, letter: char) {
        if letter == '\n' {
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
mod tests;
