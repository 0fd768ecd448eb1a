//! The content of a page: the operators that place text, and the forms that they draw.
//!
//! A form may draw others, and many times: what is followed is counted in the budget of the file, so that a few lines
//! that ask for a billion end early.

use std::io;
use std::rc::Rc;

use hayro_font::UNITS_PER_EM;
use hayro_font::kurbo::{Affine, Point};
use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction;
use hayro_syntax::object::{Array, Dict, Name, Number, Object, Stream, String as PdfString};
use hayro_syntax::page::{Page, Resources};
use rustc_hash::{FxHashMap, FxHashSet};

use super::fonts::{Fonts, Typeface};
use super::layout::{Run, Sheet};
use super::{streams, strings};
use crate::extract::reading::Reading;

/// Forms within forms; programs nest two or three.
const MAX_DEPTH: usize = 12;
/// Saved states; a few dozen where a program forgets to restore them.
const MAX_STATES: usize = 512;

pub(super) struct Interpreter<'p> {
    fonts: Fonts<'p>,
    /// Forms seen to draw neither text nor picture, by the place of their dictionary: logos, rules, frames.
    silent: FxHashSet<(usize, usize)>,
}

#[derive(Clone)]
struct State<'p> {
    to_page: Affine,
    face: Option<Rc<Typeface<'p>>>,
    size: f64,
    letter_space: f64,
    word_space: f64,
    scale: f64,
    leading: f64,
    rise: f64,
}

/// What is going on in one content stream.
struct Writing<'p, 's> {
    resources: Resources<'p>,
    state: State<'p>,
    saved: Vec<State<'p>>,
    line: Affine,
    next: Affine,
    faces: FxHashMap<Vec<u8>, Rc<Typeface<'p>>>,
    sheet: &'s mut Sheet,
    /// What the marked part being drawn stands for, until it is said; and how deep that part is.
    instead: Option<(usize, Option<String>)>,
    marks: usize,
    has_drawn: bool,
}

impl<'p> Interpreter<'p> {
    pub(super) fn new() -> Self {
        Self {
            fonts: Fonts::new(),
            silent: FxHashSet::default(),
        }
    }

    /// Writes a page on a sheet; false when a part of it is damaged or boundless. An error ends the reading of the file.
    pub(super) fn page(
        &mut self,
        page: &Page<'p>,
        sheet: &mut Sheet,
        reading: &Reading<'_>,
    ) -> io::Result<bool> {
        let mut content = Vec::new();
        let mut is_whole = true;
        let mut add = |stream: &Stream<'p>| -> io::Result<()> {
            let decoded = streams::decoded(stream);
            is_whole &= decoded.as_ref().is_some_and(|decoded| decoded.is_whole);
            let decoded = decoded.map(|decoded| decoded.bytes).unwrap_or_default();
            reading.expand(decoded.len())?;
            content.extend_from_slice(&decoded);
            content.push(b' ');
            Ok(())
        };
        if let Some(stream) = page.raw().get::<Stream<'_>>("Contents") {
            add(&stream)?;
        } else if let Some(parts) = page.raw().get::<Array<'_>>("Contents") {
            for stream in parts.iter::<Stream<'_>>() {
                add(&stream)?;
            }
        }
        self.write(
            &content,
            page.resources().clone(),
            State::new(),
            sheet,
            reading,
            0,
        )?;
        Ok(is_whole)
    }

    /// Writes the appearance of an annotation, which is a form of its own.
    pub(super) fn form(
        &mut self,
        form: &Stream<'p>,
        sheet: &mut Sheet,
        reading: &Reading<'_>,
    ) -> io::Result<()> {
        let resources = Resources::new(Dict::empty());
        self.draw(form, &resources, &State::new(), sheet, reading, 0)?;
        Ok(())
    }

    fn draw(
        &mut self,
        form: &Stream<'p>,
        outer: &Resources<'p>,
        state: &State<'p>,
        sheet: &mut Sheet,
        reading: &Reading<'_>,
        depth: usize,
    ) -> io::Result<bool> {
        let dict = form.dict();
        let place = (dict.data().as_ptr().addr(), dict.data().len());
        if depth > MAX_DEPTH || self.silent.contains(&place) {
            return Ok(false);
        }
        let Some(decoded) = streams::decoded(form) else {
            return Ok(false);
        };
        reading.expand(decoded.bytes.len())?;
        let resources = dict.get::<Dict<'_>>("Resources");
        let resources = resources.map_or_else(|| outer.clone(), Resources::new);
        let mut state = state.clone();
        if let Some(matrix) = dict.get::<[f64; 6]>("Matrix") {
            state.to_page *= Affine::new(matrix);
        }
        let has_drawn = self.write(&decoded.bytes, resources, state, sheet, reading, depth)?;
        if !has_drawn {
            self.silent.insert(place);
        }
        Ok(has_drawn)
    }

    fn write(
        &mut self,
        content: &[u8],
        resources: Resources<'p>,
        state: State<'p>,
        sheet: &mut Sheet,
        reading: &Reading<'_>,
        depth: usize,
    ) -> io::Result<bool> {
        let mut writing = Writing {
            resources,
            state,
            saved: Vec::new(),
            line: Affine::IDENTITY,
            next: Affine::IDENTITY,
            faces: FxHashMap::default(),
            sheet,
            instead: None,
            marks: 0,
            has_drawn: false,
        };
        let mut instructions = TypedIter::new(content);
        while let Some(instruction) = instructions.next() {
            match instruction {
                TypedInstruction::TextFont(font) => {
                    writing.state.size = font.1.as_f64();
                    writing.state.face = Some(writing.face(font.0, &mut self.fonts));
                }
                TypedInstruction::XObject(object) => {
                    let object = writing.resources.get_x_object(object.0);
                    let Some(object) = object else { continue };
                    if is_picture(&object) {
                        writing.picture();
                        continue;
                    }
                    let resources = writing.resources.clone();
                    let state = writing.state.clone();
                    let sheet = &mut *writing.sheet;
                    writing.has_drawn |=
                        self.draw(&object, &resources, &state, sheet, reading, depth + 1)?;
                }
                instruction => writing.follow(&instruction),
            }
        }
        Ok(writing.has_drawn)
    }
}

fn is_picture(object: &Stream<'_>) -> bool {
    let subtype = object.dict().get::<Name<'_>>("Subtype");
    subtype.is_some_and(|subtype| subtype.as_ref() == b"Image")
}

impl State<'_> {
    fn new() -> Self {
        Self {
            to_page: Affine::IDENTITY,
            face: None,
            size: 1.0,
            letter_space: 0.0,
            word_space: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
        }
    }
}

impl<'p> Writing<'p, '_> {
    fn follow(&mut self, instruction: &TypedInstruction<'_, '_>) {
        match instruction {
            TypedInstruction::SaveState(_) if self.saved.len() < MAX_STATES => {
                self.saved.push(self.state.clone());
            }
            TypedInstruction::RestoreState(_) => {
                if let Some(saved) = self.saved.pop() {
                    self.state = saved;
                }
            }
            TypedInstruction::Transform(t) => {
                self.state.to_page *= affine([t.0, t.1, t.2, t.3, t.4, t.5]);
            }
            TypedInstruction::InlineImage(_) => self.picture(),
            TypedInstruction::BeginText(_) => self.start_line(Affine::IDENTITY),
            TypedInstruction::SetTextMatrix(t) => {
                self.start_line(affine([t.0, t.1, t.2, t.3, t.4, t.5]));
            }
            TypedInstruction::NextLine(step) => self.next_line(step.0.as_f64(), step.1.as_f64()),
            TypedInstruction::NextLineAndSetLeading(step) => {
                self.state.leading = -step.1.as_f64();
                self.next_line(step.0.as_f64(), step.1.as_f64());
            }
            TypedInstruction::NextLineUsingLeading(_) => self.next_line(0.0, -self.state.leading),
            TypedInstruction::CharacterSpacing(space) => {
                self.state.letter_space = space.0.as_f64();
            }
            TypedInstruction::WordSpacing(space) => self.state.word_space = space.0.as_f64(),
            TypedInstruction::HorizontalScaling(scale) => {
                self.state.scale = scale.0.as_f64() / 100.0;
            }
            TypedInstruction::TextLeading(leading) => self.state.leading = leading.0.as_f64(),
            TypedInstruction::TextRise(rise) => self.state.rise = rise.0.as_f64(),
            TypedInstruction::ShowText(text) => self.show(text.0),
            TypedInstruction::ShowTexts(texts) => {
                for piece in texts.0.iter::<Object<'_>>() {
                    match piece {
                        Object::String(text) => self.show(&text),
                        Object::Number(step) => self.kern(step.as_f64()),
                        _ => {}
                    }
                }
            }
            TypedInstruction::NextLineAndShowText(text) => {
                self.next_line(0.0, -self.state.leading);
                self.show(text.0);
            }
            TypedInstruction::ShowTextWithParameters(text) => {
                self.state.word_space = text.0.as_f64();
                self.state.letter_space = text.1.as_f64();
                self.next_line(0.0, -self.state.leading);
                self.show(text.2);
            }
            TypedInstruction::BeginMarkedContent(_) => self.marks += 1,
            TypedInstruction::BeginMarkedContentWithProperties(mark) => {
                self.marks += 1;
                self.mark(mark.1);
            }
            TypedInstruction::EndMarkedContent(_) => {
                self.marks = self.marks.saturating_sub(1);
                let is_over = |(depth, _): &(usize, Option<String>)| *depth > self.marks;
                if self.instead.as_ref().is_some_and(is_over) {
                    self.instead = None;
                }
            }
            _ => {}
        }
    }

    fn face(&mut self, name: &Name<'_>, fonts: &mut Fonts<'p>) -> Rc<Typeface<'p>> {
        if let Some(face) = self.faces.get(name.as_ref()) {
            return Rc::clone(face);
        }
        let dict = self.resources.get_font(name);
        let face = fonts.get(&dict.unwrap_or_default());
        self.faces.insert(name.as_ref().to_vec(), Rc::clone(&face));
        face
    }

    /// A part may say which text it stands for: a word whose letters are drawn, or cut by a hyphen.
    fn mark(&mut self, properties: &Object<'_>) {
        let said = match properties {
            Object::Dict(dict) => dict.get::<PdfString<'_>>("ActualText"),
            Object::Name(name) => {
                let dict = self.resources.properties.get::<Dict<'_>>(name);
                dict.and_then(|dict| dict.get::<PdfString<'_>>("ActualText"))
            }
            _ => None,
        };
        if let (Some(said), None) = (said, &self.instead) {
            self.instead = Some((self.marks, Some(strings::decode(said.as_bytes()))));
        }
    }

    fn start_line(&mut self, at: Affine) {
        (self.line, self.next) = (at, at);
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.start_line(self.line * Affine::translate((x, y)));
    }

    fn kern(&mut self, step: f64) {
        let is_horizontal = self
            .state
            .face
            .as_ref()
            .is_none_or(|face| face.is_horizontal());
        let step = -step / f64::from(UNITS_PER_EM) * self.state.size;
        self.advance(if is_horizontal {
            (step * self.state.scale, 0.0)
        } else {
            (0.0, step)
        });
    }

    fn advance(&mut self, step: (f64, f64)) {
        self.next *= Affine::translate(step);
    }

    fn show(&mut self, text: &[u8]) {
        let Some(face) = self.state.face.clone() else {
            return;
        };
        self.has_drawn = true;
        let on_page = self.state.to_page * self.next;
        self.sheet
            .begin_run(run(on_page, self.state.size, face.is_horizontal()));
        face.read(text, |characters, advance, is_space| {
            let state = &self.state;
            let word_space = if is_space { state.word_space } else { 0.0 };
            let em = state.size / f64::from(UNITS_PER_EM);
            let (drawn, step) = if face.is_horizontal() {
                // Letters that are spread are no words.
                let width = advance.0 * em + state.letter_space;
                let step = width + word_space;
                ((width * state.scale, 0.0), (step * state.scale, 0.0))
            } else {
                let height = advance.1 * em;
                (
                    (0.0, height),
                    (0.0, height + state.letter_space + word_space),
                )
            };
            let on_page = state.to_page * self.next;
            let point = |x, y| {
                let Point { x, y } = on_page * Point::new(x, y + state.rise);
                (x, y)
            };
            let (start, end) = (point(0.0, 0.0), point(drawn.0, drawn.1));
            match &mut self.instead {
                Some((_, said)) => {
                    let said = said.take();
                    self.sheet
                        .glyph(Some(said.as_deref().unwrap_or_default()), start, end);
                }
                None => self.sheet.glyph(characters, start, end),
            }
            self.next *= Affine::translate(step);
        });
    }

    /// A picture fills the unit square.
    fn picture(&mut self) {
        self.has_drawn = true;
        self.sheet.picture(self.state.to_page.determinant().abs());
    }
}

/// Which way the text runs on the page, and how high it is.
fn run(on_page: Affine, size: f64, is_horizontal: bool) -> Run {
    let [a, b, c, d, _, _] = on_page.as_coeffs();
    let along = if is_horizontal { (a, b) } else { (-c, -d) };
    let length = along.0.hypot(along.1);
    let is_drawn = length > 0.0 && length.is_finite();
    // Rounded, so that a hair's breadth of rotation is none.
    let unit = |part: f64| (part / length * 1000.0).round() / 1000.0;
    let direction = if is_drawn {
        (unit(along.0), unit(along.1))
    } else {
        (1.0, 0.0)
    };
    let height = c.hypot(d) * size.abs();
    Run {
        direction,
        size: if height > 0.0 && height.is_finite() {
            height
        } else {
            1.0
        },
    }
}

fn affine(numbers: [Number; 6]) -> Affine {
    Affine::new(numbers.map(|number| number.as_f64()))
}
