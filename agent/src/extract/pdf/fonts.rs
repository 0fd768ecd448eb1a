//! The fonts of a document: which characters a code stands for, and how wide it is.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use hayro_font::hayro_cmap::BfString;
use hayro_font::{
    CMapResolverFn, Font, FontCache, FontGlyph, FontQuery, FontResolverFn, StandardFont,
};
use hayro_syntax::object::{Array, Dict, Stream};
use rustc_hash::FxHashMap;

use super::streams;

pub(super) struct Fonts<'p> {
    cache: FontCache<'p>,
    /// Fonts that are not in the file: letters are told by the fourteen that every reader has.
    standard: FontResolverFn,
    /// Those of Asian scripts are left out.
    maps: CMapResolverFn,
    /// By the place of their dictionary.
    known: FxHashMap<(usize, usize), Rc<Typeface<'p>>>,
}

pub(super) struct Typeface<'p> {
    /// None when not even the standard ones could be had.
    font: Option<Font<'p>>,
    /// It stands in for one that is missing or damaged: only what is plain text anyway is told by it.
    is_substitute: bool,
    codes: RefCell<FxHashMap<u32, Code>>,
}

/// What a code stands for.
#[derive(Debug)]
struct Code {
    characters: Option<String>,
    /// In thousandths of the size.
    advance: (f64, f64),
}

impl<'p> Fonts<'p> {
    pub(super) fn new() -> Self {
        Self {
            cache: FontCache::new(),
            standard: Arc::new(|query| {
                Some(match query {
                    FontQuery::Standard(font) => font.get_font_data(),
                    FontQuery::Fallback(query) => query.pick_standard_font().get_font_data(),
                })
            }),
            maps: Arc::new(|_| None),
            known: FxHashMap::default(),
        }
    }

    pub(super) fn get(&mut self, dict: &Dict<'p>) -> Rc<Typeface<'p>> {
        let place = (dict.data().as_ptr().addr(), dict.data().len());
        if let Some(known) = self.known.get(&place) {
            return known.clone();
        }
        let font = is_bounded(dict)
            .then(|| self.cache.font(dict, &self.standard, &self.maps))
            .flatten();
        let typeface = Rc::new(Typeface {
            is_substitute: font.is_none(),
            font: font.or_else(|| {
                self.cache
                    .standard_font(StandardFont::Helvetica, &self.standard)
            }),
            codes: RefCell::default(),
        });
        self.known.insert(place, Rc::clone(&typeface));
        typeface
    }
}

impl Typeface<'_> {
    pub(super) fn is_horizontal(&self) -> bool {
        self.font.as_ref().is_none_or(Font::is_horizontal)
    }

    /// Gives the codes of a string: the characters, the advance, and whether the code is a space that words are set apart
    /// by.
    pub(super) fn read(&self, string: &[u8], mut give: impl FnMut(Option<&str>, (f64, f64), bool)) {
        let Some(font) = &self.font else {
            return;
        };
        let is_plain = |byte: &u8| matches!(byte, b' '..=b'~');
        let is_told = !self.is_substitute || string.iter().all(is_plain);
        let mut codes = self.codes.borrow_mut();
        let mut at = 0;
        while at < string.len() {
            let (code, length) = font.read_code(string, at);
            at += length.max(1);
            let known = codes.entry(code).or_insert_with(|| Code::of(font, code));
            let is_space = code == 32 && length == 1;
            let characters = known.characters.as_deref().filter(|_| is_told);
            give(characters, known.advance, is_space);
        }
    }
}

impl Code {
    fn of(font: &Font<'_>, code: u32) -> Self {
        let advance = font.code_advance(code);
        let unicode = match font.glyph(font.map_code(code), code) {
            FontGlyph::Outline(glyph) => glyph.as_unicode(),
            FontGlyph::Type3(glyph) => glyph.as_unicode(),
        };
        let characters = unicode.map(|unicode| match unicode {
            BfString::Char(letter) => readable(letter.encode_utf8(&mut [0; 4])),
            BfString::String(text) => readable(&text),
        });
        Self {
            characters,
            advance: (advance.x, advance.y),
        }
    }
}

/// Letters that were drawn as one are several; what nobody sees is nothing.
fn readable(text: &str) -> String {
    let mut characters = String::new();
    for letter in text.chars() {
        match letter {
            '\u{fb00}' => characters.push_str("ff"),
            '\u{fb01}' => characters.push_str("fi"),
            '\u{fb02}' => characters.push_str("fl"),
            '\u{fb03}' => characters.push_str("ffi"),
            '\u{fb04}' => characters.push_str("ffl"),
            '\u{fb05}' | '\u{fb06}' => characters.push_str("st"),
            '\t' | '\n' | '\r' => characters.push(' '),
            letter if letter.is_control() => {}
            letter => characters.push(letter),
        }
    }
    characters
}

/// Whether everything that a font makes its reader inflate is of a reasonable size.
fn is_bounded(font: &Dict<'_>) -> bool {
    let descendant = font
        .get::<Array<'_>>("DescendantFonts")
        .and_then(|fonts| fonts.iter::<Dict<'_>>().next());
    let dicts = [Some(font.clone()), descendant];
    dicts.iter().flatten().all(|dict| {
        let descriptor = dict.get::<Dict<'_>>("FontDescriptor").unwrap_or_default();
        let maps = ["ToUnicode", "Encoding", "CIDToGIDMap"].map(|key| dict.get::<Stream<'_>>(key));
        let programs =
            ["FontFile", "FontFile2", "FontFile3"].map(|key| descriptor.get::<Stream<'_>>(key));
        maps.iter()
            .chain(&programs)
            .flatten()
            .all(streams::is_bounded)
    })
}
