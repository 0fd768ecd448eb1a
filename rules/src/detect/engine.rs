//! The rules, compiled once, shared by threads.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use super::allowed::{AllowanceId, Allowed};
use super::document::Document;
use super::found::{Canonical, Found, Reason};
use super::landmarks::Landmarks;
use super::lexicon::{DetectorSet, Lexicon};
use super::people::People;
use super::rule::{Detector, Form};
use super::run::{Ahead, MOST_SYMBOLS, Stop};
use super::scan::{Scan, Sink};
use super::survey::Care;
use super::sweep::Processor;
use super::template::Template;
use crate::confidence::Confidence;
use crate::files::RuleFiles;
use crate::kinds::{Kind, KindId, Kinds};
use crate::load::Diagnostic;

/// The set of detectors is a bit set of this width.
const MOST_DETECTORS: usize = 128;

/// Finds personal data by the rules of a pack. Cheap to clone, and shared by threads.
#[derive(Clone)]
pub struct Engine {
    compiled: Arc<Compiled>,
}

/// One finding of [`Engine::explain`], for a person who argues with a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The rule file, without its extension.
    pub detector: String,
    pub kind: KindId,
    /// In bytes of the text.
    pub span: std::ops::Range<usize>,
    pub masked: String,
    pub confidence: Confidence,
    pub reasons: Vec<String>,
}

pub(super) struct Compiled {
    pub detectors: Vec<Detector>,
    /// The kind of each detector.
    pub kinds: Vec<Kind>,
    /// The first detector of the same kind, of each.
    same_kind: Vec<usize>,
    pub lexicon: Lexicon,
    pub landmarks: Landmarks,
    pub processor: Processor,
    pub care: Care,
    pub ibans: Vec<usize>,
    pub emails: Vec<usize>,
    pub dates: Vec<usize>,
    pub mrzs: Vec<usize>,
    /// IP and hardware addresses.
    pub networks: Vec<usize>,
    pub secrets: Vec<usize>,
    /// What people are called, for the rules that need one near.
    pub people: Arc<People>,
    /// The rule that names them.
    pub person: Option<usize>,
    letters_first: Vec<LettersFirst>,
    /// By first digit, then by the number of digits in a row.
    digits_first: Vec<Group>,
    /// Hashes mean nothing outside of this process.
    hasher: RandomState,
}

impl Engine {
    /// Compiles the detectors of a pack. `kinds` must be the list against which they were read.
    pub fn new(kinds: &Kinds, detectors: &[Detector]) -> Result<Self, Vec<Diagnostic>> {
        let broken =
            |message: String| vec![Diagnostic::at("rules/personal-data", "", 0..0, message)];
        if detectors.len() > MOST_DETECTORS {
            return Err(broken(format!(
                "{} detectors; at most {MOST_DETECTORS} fit",
                detectors.len()
            )));
        }
        let lexicon = Lexicon::new(detectors, &kinds.other_labels)
            .map_err(|error| broken(error.to_string()))?;
        let landmarks = Landmarks::new(detectors).map_err(|error| broken(error.to_string()))?;
        let kinds_of: Option<Vec<Kind>> = detectors
            .iter()
            .map(|detector| kinds.get(detector.kind.as_str()).cloned())
            .collect();
        let Some(kinds_of) = kinds_of else {
            return Err(broken("a detector names a kind of another list".to_owned()));
        };
        let compiled = Compiled::new(detectors.to_vec(), kinds_of, lexicon, landmarks);
        Ok(Self {
            compiled: Arc::new(compiled),
        })
    }

    /// The detectors of the project.
    pub fn embedded() -> Result<Self, Vec<Diagnostic>> {
        Self::load(&RuleFiles::embedded())
    }

    /// Reads and compiles the detectors of a pack, or gives every error of every file.
    pub fn load(files: &RuleFiles) -> Result<Self, Vec<Diagnostic>> {
        let kinds = files
            .one("kinds.toml", Kinds::parse)
            .map_err(|error| vec![error])?;
        let read = files.each("personal-data", |id, file, text| {
            Detector::parse(id, file, text, &kinds)
        });
        let mut detectors = Vec::new();
        let mut errors = Vec::new();
        for detector in read {
            match detector {
                Ok(detector) => detectors.push(detector),
                Err(error) => errors.push(error),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Self::new(&kinds, &detectors)
    }

    /// The same rules, on another path through the text.
    #[cfg(test)]
    pub(super) fn running(&self, processor: Processor, care: Care) -> Self {
        let kinds = RuleFiles::embedded()
            .one("kinds.toml", Kinds::parse)
            .unwrap();
        let mut other = Self::new(&kinds, self.detectors()).unwrap();
        let compiled = Arc::get_mut(&mut other.compiled).unwrap();
        (compiled.processor, compiled.care) = (processor, care);
        other
    }

    /// The state of one file; it is fed with parts, then finished.
    pub fn document(&self) -> Document<'_> {
        Document::new(&self.compiled)
    }

    pub fn detectors(&self) -> &[Detector] {
        &self.compiled.detectors
    }

    pub(super) fn compiled(&self) -> &Compiled {
        &self.compiled
    }

    /// What is found in a text, and why.
    pub fn explain(&self, text: &str) -> Vec<Hit> {
        let mut scan = Scan::new(&self.compiled, text, None, Vec::new());
        scan.run(0..text.len());
        let mut hits: Vec<Hit> = scan
            .finish()
            .iter()
            .filter_map(|found| self.compiled.hit(found))
            .collect();
        hits.sort_by_key(|hit| hit.span.start);
        hits
    }
}

/// Templates that open alike.
#[derive(Clone, Default)]
pub(super) struct Group {
    pub entries: Vec<Entry>,
    pub longest: usize,
    /// Some are something without a label.
    pub some_are_bare: bool,
}

/// A template that begins with a letter.
pub(super) struct LettersFirst {
    pub detector: usize,
    pub template: Template,
    /// Nothing without a label near.
    pub needs_label: bool,
}

/// A template and what can be seen of it in a row of digits.
#[derive(Clone)]
pub(super) struct Entry {
    pub detector: usize,
    pub template: Template,
    /// Nothing without a label near.
    pub needs_label: bool,
    /// How many digits there must be where no letter follows.
    digits: usize,
    /// The same where one follows.
    digits_before_letter: usize,
    denied_cuts: u64,
}

impl Group {
    fn push(
        &mut self,
        detector: usize,
        template: &Template,
        announced_key: usize,
        needs_label: bool,
    ) {
        self.longest = self.longest.max(template.len());
        self.some_are_bare |= !needs_label;
        self.entries.push(Entry {
            detector,
            template: template.clone(),
            needs_label,
            digits: if template.must_have_letter() {
                usize::MAX
            } else {
                template.len() - announced_key
            },
            digits_before_letter: template
                .digits_before_letter()
                .min(template.len() - announced_key),
            denied_cuts: template.denied_cuts(),
        });
    }
}

impl Entry {
    /// Whether the template may fit what lies ahead.
    pub(super) fn may_fit(&self, ahead: Ahead) -> bool {
        let enough = match ahead.stop {
            Stop::Plain => ahead.digits >= self.digits,
            Stop::Letter => ahead.digits >= self.digits_before_letter,
            Stop::Odd => true,
        };
        enough && ahead.cuts & self.denied_cuts == 0
    }
}

impl Compiled {
    fn new(
        detectors: Vec<Detector>,
        kinds: Vec<Kind>,
        lexicon: Lexicon,
        landmarks: Landmarks,
    ) -> Self {
        let mut compiled = Self {
            detectors: Vec::new(),
            kinds,
            same_kind: Vec::new(),
            lexicon,
            landmarks,
            processor: Processor::of_this_machine(),
            care: Care::Quick,
            ibans: Vec::new(),
            emails: Vec::new(),
            dates: Vec::new(),
            mrzs: Vec::new(),
            networks: Vec::new(),
            secrets: Vec::new(),
            people: Arc::default(),
            person: None,
            letters_first: Vec::new(),
            digits_first: vec![Group::default(); 10 * MOST_SYMBOLS],
            hasher: RandomState::new(),
        };
        for (index, detector) in detectors.iter().enumerate() {
            match &detector.form {
                Form::Template {
                    templates,
                    announced_key,
                    ..
                } => {
                    let needs_label = detector.confidence.need_label();
                    compiled.index_templates(index, templates, *announced_key, needs_label);
                }
                Form::Iban => compiled.ibans.push(index),
                Form::Email => compiled.emails.push(index),
                Form::Date => compiled.dates.push(index),
                Form::Mrz => compiled.mrzs.push(index),
                Form::Ipv4 | Form::Ipv6 | Form::Mac => compiled.networks.push(index),
                Form::Secret(_) => compiled.secrets.push(index),
                Form::Person(people) => {
                    compiled.people = people.clone();
                    compiled.person = Some(index);
                }
                Form::Address(_) | Form::Words(_) => (),
            }
        }
        compiled.same_kind = detectors
            .iter()
            .map(|detector| {
                let mut others = detectors.iter();
                others
                    .position(|other| other.kind == detector.kind)
                    .unwrap_or_default()
            })
            .collect();
        compiled.detectors = detectors;
        compiled
    }

    fn index_templates(
        &mut self,
        detector: usize,
        templates: &[Template],
        announced_key: usize,
        needs_label: bool,
    ) {
        for template in templates {
            if template.may_begin_with_letter() {
                self.letters_first.push(LettersFirst {
                    detector,
                    template: template.clone(),
                    needs_label,
                });
            }
            for (index, list) in self.digits_first.iter_mut().enumerate() {
                let (digit, group) = (b"0123456789"[index / MOST_SYMBOLS], index % MOST_SYMBOLS);
                if template.may_begin_with(digit) && template.has_first_group(group) {
                    list.push(detector, template, announced_key, needs_label);
                }
            }
        }
    }

    /// The templates that begin with this digit and have a first group of this size.
    pub(super) fn by_group(&self, digit: Option<u8>, group: usize) -> Option<&Group> {
        let row = usize::from(digit?.wrapping_sub(b'0')) * MOST_SYMBOLS;
        let found = self
            .digits_first
            .get(row + group)
            .filter(|_| group < MOST_SYMBOLS)?;
        (!found.entries.is_empty()).then_some(found)
    }

    /// The detectors of a set, with their places.
    pub(super) fn opened_by(
        &self,
        detectors: DetectorSet,
    ) -> impl Iterator<Item = (usize, &Detector)> {
        let mut rest = detectors;
        let places = std::iter::from_fn(move || {
            let lowest = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
            rest &= rest - 1;
            Some(lowest)
        });
        places.filter_map(|place| Some((place, self.detectors.get(place)?)))
    }

    /// The templates that begin with a letter.
    pub(super) fn by_letter(&self) -> &[LettersFirst] {
        &self.letters_first
    }

    /// A keyed hash, to count different values of the detector's kind.
    pub(super) fn hash(&self, detector: usize, canonical: &Canonical) -> u64 {
        let kind = self.same_kind.get(detector).copied();
        self.hasher.hash_one((kind, canonical.as_str()))
    }

    pub(super) fn are_of_one_kind(&self, one: usize, other: usize) -> bool {
        self.same_kind.get(one) == self.same_kind.get(other)
    }

    pub(super) fn hash_number(&self, number: u64) -> u64 {
        self.hasher.hash_one(number)
    }

    /// The reason, in French.
    pub(super) fn sentence(&self, reason: Reason) -> String {
        match reason {
            Reason::Key => "clé de contrôle juste".to_owned(),
            Reason::Groups => "groupé comme on l'écrit".to_owned(),
            Reason::Person(word) => format!(
                "mot « {} » à proximité d'une personne",
                self.lexicon.word(word)
            ),
            Reason::NameColumn => "colonnes de noms et de prénoms".to_owned(),
            Reason::Row => "personne nommée sur la même ligne".to_owned(),
            Reason::Near(word) => format!("mot « {} » à proximité", self.lexicon.word(word)),
            Reason::Title(word) => format!("colonne titrée « {} »", self.lexicon.word(word)),
            Reason::Joined => "réuni de colonnes voisines".to_owned(),
            Reason::Column => "presque toute la colonne".to_owned(),
        }
    }

    pub(super) fn masked(&self, found: &Found) -> String {
        let mask = self
            .detectors
            .get(found.detector)
            .map(|detector| &detector.mask);
        mask.map(|mask| mask.apply(found.canonical.as_str()))
            .unwrap_or_default()
    }

    pub(super) fn hidden_by(&self, allowed: &Allowed, found: &Found) -> Option<AllowanceId> {
        let detector = self.detectors.get(found.detector)?;
        allowed.hides(detector, &found.canonical)
    }

    pub(super) fn hit(&self, found: &Found) -> Option<Hit> {
        let detector = self.detectors.get(found.detector)?;
        Some(Hit {
            detector: detector.id.clone(),
            kind: detector.kind.clone(),
            span: found.span.clone(),
            masked: self.masked(found),
            confidence: found.confidence?,
            reasons: found
                .reasons
                .iter()
                .map(|reason| self.sentence(reason))
                .collect(),
        })
    }
}

/// Keeps everything: short texts only.
impl Sink for Vec<Found> {
    fn found(&mut self, found: Found) {
        self.push(found);
    }

    fn failed(&mut self, _detector: usize) {}
}
