//! A text being scanned: at each anchor that the structural pass gives, the forms that could begin there are tried, and what
//! fits goes to the judgement of [`super::judge`].
//!
//! The work at an anchor is bounded, so a scan is linear in the length of the text.

mod templates;

use std::ops::Range;

use super::engine::Compiled;
use super::forms::{Shape, address, date, email, ip, mac, mrz, person, secret};
use super::found::Found;
use super::gap::{Gap, escape_before, start_of_gap, value_after_escape};
use super::lexicon::{Labels, Title};
use super::miss::Rejection;
use super::rule::Form;
use super::run::{Edge, MOST_SYMBOLS, edge_before};
use super::survey::{Anchor, Care, Survey, Word};

/// A prefix of letters longer than this begins no template.
const LONGEST_PREFIX: usize = 3;

/// Who receives what a scan finds.
pub(super) trait Sink {
    fn found(&mut self, found: Found);
    /// A value of the detector's form whose checks fail.
    fn failed(&mut self, detector: usize);
    /// A candidate that is no hit, for who explains. Nobody else makes it.
    fn rejected(&mut self, _rejection: impl FnOnce() -> Rejection) {}
}

/// A text being scanned.
pub(super) struct Scan<'a, S> {
    pub(super) compiled: &'a Compiled,
    pub(super) text: &'a str,
    /// The title of the column, when the text is a cell.
    pub(super) title: Option<&'a Title>,
    pub(super) sink: S,
    pub(super) carried: Carried,
    /// Only who is near matters, not what is said of them.
    pub(super) looks_for_people: bool,
    pub(super) labels: Labels<'a>,
}

/// What one scan leaves to the next of the same text.
#[derive(Debug, Default)]
pub(super) struct Carried {
    /// The last hit: what follows may still overlap it, and be stronger.
    pub pending: Option<Found>,
    /// Where the last believed hit ends.
    pub last_end: Option<usize>,
}

/// A candidate whose form fits, before its checks.
pub(super) struct Candidate<'a> {
    /// The rule, by index.
    pub detector: usize,
    pub span: Range<usize>,
    /// In the spelling that the checks read.
    pub symbols: &'a [u8],
    /// Cut as people cut it.
    pub grouped: bool,
    pub gap: Option<Gap>,
    pub doubtful: bool,
    /// Nothing without a word near or a title.
    pub needs_label: bool,
}

impl<'a, S: Sink> Scan<'a, S> {
    pub(super) fn new(
        compiled: &'a Compiled,
        text: &'a str,
        title: Option<&'a Title>,
        sink: S,
    ) -> Self {
        Self {
            compiled,
            text,
            title,
            sink,
            carried: Carried::default(),
            looks_for_people: false,
            labels: Labels::default(),
        }
    }

    /// Tries every anchor of `range`; what surrounds the range is only looked at.
    pub(super) fn run(&mut self, range: Range<usize>) {
        // The title of a column is a label near every value of it.
        let care = match self.title {
            Some(_) => Care::Thorough,
            None => self.compiled.care,
        };
        let survey = Survey::of(self.compiled, self.text, range.clone(), care);
        survey.visit(range, |anchor| match anchor {
            Anchor::Sign { at, labelled } => self.at_sign(at, labelled),
            Anchor::Dotted { at } => {
                let group = digits_from(self.text.as_bytes(), at);
                self.try_networks(at, group, false);
            }
            Anchor::Word(word) => self.at_word(word),
        });
    }

    fn at_sign(&mut self, at: usize, labelled: bool) {
        match self.text.as_bytes().get(at) {
            Some(b'@') => {
                self.try_email(at);
                self.try_login(at);
            }
            Some(b'<') => self.try_mrz(at),
            Some(_) => {
                self.at_digit(at, labelled);
                if let Some(value) = value_after_escape(self.text.as_bytes(), at) {
                    self.at_digit(value, labelled);
                }
            }
            None => (),
        }
    }

    fn at_word(&mut self, word: Word) {
        let (text, compiled) = (self.text, self.compiled);
        let span = word.start..word.end;
        for (detector, rule) in compiled.opened_by(word.opens) {
            let shape = match &rule.form {
                Form::Person(people) => person::read(text, span.clone(), people),
                Form::Address(streets) => {
                    address::read(text, span.clone(), streets, &compiled.people)
                }
                Form::Secret(secrets) => secret::read(text, span.clone(), secrets),
                Form::Words(terms) => {
                    if !self.looks_for_people {
                        self.try_term(detector, terms, span.clone());
                    }
                    None
                }
                Form::Template { columns, .. } => {
                    self.try_parts(detector, columns, span.clone());
                    None
                }
                Form::Iban
                | Form::Email
                | Form::Date
                | Form::Mrz
                | Form::Ipv4
                | Form::Ipv6
                | Form::Mac => None,
            };
            self.try_shape(shape, &[detector]);
        }
    }

    /// Gives the last hit; nothing more will overlap it.
    pub(super) fn finish(mut self) -> S {
        if let Some(found) = self.carried.pending.take() {
            self.sink.found(found);
        }
        self.sink
    }

    /// Takes back what the scan of the text before this one left.
    pub(super) fn resume(&mut self, carried: Carried) {
        self.carried = carried;
    }

    /// Gives what is certain, and what the scan of the text after this one needs.
    pub(super) fn pause(self) -> (S, Carried) {
        (self.sink, self.carried)
    }

    fn at_digit(&mut self, at: usize, labelled: bool) {
        let bytes = self.text.as_bytes();
        let group = digits_from(bytes, at);
        self.try_networks(at, group, labelled);
        let mut prefix = letters_before(bytes, at);
        // The last letter of `\u202f` begins nothing.
        if prefix > 0 && escape_before(bytes, at).is_some() {
            prefix = 0;
        }
        if prefix > 0 {
            if edge_before(self.text, at) == Edge::Clean {
                self.try_digits(at, group, labelled);
            }
            self.try_letters(at - prefix, prefix, group, labelled);
            return;
        }
        self.try_digits(at, group, labelled);
        if labelled {
            self.try_dates(at, group);
        }
        // « FR 76… », « AB-123-CD », « W 751… »: the letters stand one gap away.
        if let Some(word_end) = start_of_gap(bytes, at) {
            let prefix = letters_before(bytes, word_end);
            if prefix > 0 {
                self.try_letters(word_end - prefix, prefix, group, labelled);
            }
        }
    }

    fn try_dates(&mut self, start: usize, group: usize) {
        if self.compiled.dates.is_empty()
            || !matches!(group, 1 | 2 | 4 | 8)
            || !matches!(
                edge_before(self.text, start),
                Edge::Clean | Edge::Series(Gap::Space)
            )
        {
            return;
        }
        self.try_shape(date::read(self.text, start), &self.compiled.dates);
    }

    fn try_networks(&mut self, at: usize, group: usize, labelled: bool) {
        let dotted = group <= 3 && self.text.as_bytes().get(at + group) == Some(&b'.');
        if !dotted && !labelled {
            return;
        }
        let compiled = self.compiled;
        for detector in &compiled.networks {
            let form = compiled.detectors.get(*detector).map(|rule| &rule.form);
            let shape = match form {
                Some(Form::Ipv4) if dotted => ip::read_v4(self.text, at, labelled),
                Some(Form::Ipv6) if labelled => ip::read_v6(self.text, at),
                Some(Form::Mac) if labelled => mac::read(self.text, at),
                _ => None,
            };
            self.try_shape(shape, std::slice::from_ref(detector));
        }
    }

    fn try_email(&mut self, at: usize) {
        if !self.compiled.emails.is_empty() {
            self.try_shape(email::read(self.text, at), &self.compiled.emails);
        }
    }

    fn try_mrz(&mut self, at: usize) {
        if !self.compiled.mrzs.is_empty() {
            self.try_shape(mrz::read(self.text, at), &self.compiled.mrzs);
        }
    }

    /// The password in the address of a service.
    fn try_login(&mut self, at: usize) {
        let compiled = self.compiled;
        for &detector in &compiled.secrets {
            let rule = compiled.detectors.get(detector);
            let Some(Form::Secret(secrets)) = rule.map(|rule| &rule.form) else {
                continue;
            };
            self.try_shape(
                secret::read_before_sign(self.text, at, secrets),
                &[detector],
            );
        }
    }

    fn try_shape(&mut self, shape: Option<Shape>, detectors: &[usize]) {
        let Some(shape) = shape else {
            return;
        };
        for &detector in detectors {
            let Some(rule) = self.compiled.detectors.get(detector) else {
                continue;
            };
            let candidate = Candidate {
                detector,
                span: shape.span.clone(),
                symbols: shape.canonical.as_bytes(),
                grouped: true,
                gap: None,
                doubtful: shape.doubtful,
                needs_label: false,
            };
            self.judge(rule, &candidate);
        }
    }
}

/// How many letters end at `end`, when few enough to begin a template.
fn letters_before(bytes: &[u8], end: usize) -> usize {
    let before = bytes.get(..end).unwrap_or_default();
    let letters = before
        .iter()
        .rev()
        .take(LONGEST_PREFIX + 1)
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    if letters <= LONGEST_PREFIX {
        letters
    } else {
        2
    }
}

/// How many digits stand in a row.
fn digits_from(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter()
        .take(MOST_SYMBOLS)
        .take_while(|byte| byte.is_ascii_digit())
        .count()
}
