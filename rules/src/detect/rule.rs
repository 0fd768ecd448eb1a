//! A detector as written in `rules/personal-data/<id>.toml`: which form to look for, which checks it must pass, which
//! words near it speak for or against it, how sure that makes us, and how to mask it.

use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use super::checks::{Checksum, Structure};
use super::forms::address::Streets;
use super::forms::secret::Secrets;
use super::mask::Mask;
use super::people::People;
use super::template::Template;
use super::terms::Terms;
use super::vocabulary::Standing;
use crate::confidence::Confidence;
use crate::kinds::{KindId, Kinds};
use crate::load::{self, Diagnostic};

/// One rule file, checked.
#[derive(Debug, Clone)]
pub struct Detector {
    /// The file name, without its extension.
    pub id: String,
    pub kind: KindId,
    pub source: String,
    pub form: Form,
    pub structure: Option<Structure>,
    pub checksum: Option<Checksum>,
    pub confidence: Levels,
    pub context: ContextWords,
    pub mask: Mask,
    pub examples: Vec<Example>,
}

/// What the engine looks for, before any check.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "form", rename_all = "snake_case", deny_unknown_fields)]
pub enum Form {
    /// Letters and digits in a fixed order, in groups or not.
    Template {
        templates: Vec<Template>,
        /// How many of the last symbols may be announced by « clé » and sit apart.
        #[serde(default)]
        announced_key: usize,
        /// What a column of spreadsheet numbers loses at the left: leading zeros, up to this many.
        #[serde(default)]
        lost_zeros: usize,
        /// Lengths of the columns over which tables spread it.
        #[serde(default)]
        columns: Vec<usize>,
        /// Words that label one part of it, where each part has its own label and the `columns` are fields or lines.
        #[serde(default)]
        part_labels: Vec<String>,
        /// Written in capitals, but where its column or a word near says what it is.
        #[serde(default)]
        capitals: bool,
    },
    /// A country code, two digits and the country's own account number.
    Iban,
    Email,
    /// A day, a month and a year.
    Date,
    /// The lines of fixed width at the bottom of identity documents.
    Mrz,
    /// Four numbers between dots.
    Ipv4,
    /// Hexadecimal groups between colons.
    Ipv6,
    /// The hardware address of a network card.
    Mac,
    /// The name of somebody.
    Person(Arc<People>),
    /// A number, a street, a town.
    Address(Arc<Streets>),
    /// A password behind its label, a token known by its first letters, a private key.
    Secret(Arc<Secrets>),
    /// Words that say something of a person near.
    Words(Arc<Terms>),
}

/// The confidence of a hit that passed its checks, by what surrounds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Levels {
    /// Nothing else speaks for it.
    pub alone: Level,
    /// Written in the groups that people use for this kind only.
    #[serde(default)]
    pub grouped: Option<Level>,
    /// One of its words is near, or titles its column.
    pub near: Level,
    /// The label before it is another's; when not said, one step less with a key, nothing without.
    #[serde(default)]
    pub against: Option<Level>,
}

/// A confidence, or no finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    None,
    Low,
    Medium,
    High,
}

/// Folded words, matched whole.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContextWords {
    /// Labels: they say what the value after them is, and so that it is nothing else.
    #[serde(default)]
    pub words: Vec<String>,
    /// Words that make the kind likely and leave room for others: a doctor has an RPPS number, and a phone too.
    #[serde(default)]
    pub hints: Vec<String>,
    /// Words that say it is something else.
    #[serde(default)]
    pub against: Vec<String>,
    /// Words too short or too common for a running text, but clear at the head of a column.
    #[serde(default)]
    pub headers: Vec<String>,
}

/// A text that the detector must find something in, or must not.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    pub text: String,
    /// How many hits of the rule's kind, at the level `at` or above.
    pub hits: usize,
    /// Medium where not said: what a DPO is shown first.
    #[serde(default = "Level::medium")]
    pub at: Level,
    pub why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    kind: Spanned<String>,
    source: String,
    find: Form,
    #[serde(default)]
    structure: Option<Structure>,
    #[serde(default)]
    checksum: Option<Checksum>,
    confidence: Levels,
    #[serde(default)]
    context: ContextWords,
    mask: Mask,
    #[serde(default, rename = "example")]
    examples: Vec<Example>,
}

impl Detector {
    /// Reads the rule `id` from the text of its file.
    pub fn parse(id: &str, file: &str, text: &str, kinds: &Kinds) -> Result<Self, Diagnostic> {
        let written: Written = load::parse(file, text)?;
        let Some(kind) = kinds.id(written.kind.get_ref()) else {
            let allowed: Vec<&str> = kinds.iter().map(|(id, _)| id.as_str()).collect();
            let word = written.kind.get_ref();
            return Err(Diagnostic::at(
                file,
                text,
                written.kind.span(),
                format!("unknown kind `{word}`"),
            )
            .suggest(word, &allowed));
        };
        let detector = Self {
            id: id.to_owned(),
            kind,
            source: written.source,
            form: written.find,
            structure: written.structure,
            checksum: written.checksum,
            confidence: written.confidence,
            context: written.context,
            mask: written.mask,
            examples: written.examples,
        };
        detector
            .is_sound()
            .and_then(|()| detector.shows_both_sides())
            .map_err(|message| Diagnostic::at(file, text, 0..0, message))?;
        Ok(detector)
    }

    fn is_sound(&self) -> Result<(), &'static str> {
        // The structural pass looks at their short numbers around labels only.
        let bare = matches!(self.form, Form::Date | Form::Ipv6 | Form::Mac);
        if bare && !self.confidence.need_label() {
            return Err("this form is looked at near its words only: `alone` must be \"none\"");
        }
        if let Form::Template {
            templates,
            announced_key,
            ..
        } = &self.form
            && templates
                .iter()
                .any(|template| template.digits() <= *announced_key)
        {
            return Err("`announced_key` leaves no digit of a template before it");
        }
        Ok(())
    }

    fn shows_both_sides(&self) -> Result<(), &'static str> {
        if !self.examples.iter().any(|example| example.hits > 0) {
            return Err("no example that must match");
        }
        if !self.examples.iter().any(|example| example.hits == 0) {
            return Err("no example that must not match");
        }
        Ok(())
    }
}

impl Form {
    /// Whether its values begin with a digit or hold digits that the structural pass sees.
    pub(super) fn holds_digits(&self) -> bool {
        match self {
            Self::Template { .. }
            | Self::Iban
            | Self::Date
            | Self::Ipv4
            | Self::Ipv6
            | Self::Mac => true,
            Self::Email
            | Self::Mrz
            | Self::Person(_)
            | Self::Address(_)
            | Self::Secret(_)
            | Self::Words(_) => false,
        }
    }

    /// The words in a running text at which this form is read.
    pub(super) fn opening_words(&self) -> Vec<(String, Standing)> {
        match self {
            Self::Template { part_labels, .. } => {
                let labels = part_labels.iter().cloned();
                labels.map(|label| (label, Standing::Whole)).collect()
            }
            Self::Iban
            | Self::Email
            | Self::Date
            | Self::Mrz
            | Self::Ipv4
            | Self::Ipv6
            | Self::Mac => Vec::new(),
            Self::Person(people) => people.anchors().collect(),
            Self::Address(streets) => streets.anchors().collect(),
            Self::Secret(secrets) => secrets.anchors().collect(),
            Self::Words(terms) => terms.anchors().collect(),
        }
    }
}

impl Levels {
    /// Whether nothing is found without a label near.
    pub(super) fn need_label(self) -> bool {
        self.alone == Level::None && self.grouped.is_none_or(|level| level == Level::None)
    }

    /// Whether no word around can change anything.
    pub(super) fn is_settled(self) -> bool {
        let others = [
            Some(self.alone),
            self.against,
            Some(self.grouped.unwrap_or(self.alone)),
        ];
        others.into_iter().all(|level| level == Some(self.near))
    }
}

impl Level {
    /// As rules spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    pub fn confidence(self) -> Option<Confidence> {
        match self {
            Self::None => None,
            Self::Low => Some(Confidence::Low),
            Self::Medium => Some(Confidence::Medium),
            Self::High => Some(Confidence::High),
        }
    }

    fn medium() -> Self {
        Self::Medium
    }
}

/// One step less sure; nothing is left of the lowest.
pub(super) fn lowered(confidence: Confidence) -> Option<Confidence> {
    match confidence {
        Confidence::High => Some(Confidence::Medium),
        Confidence::Medium => Some(Confidence::Low),
        Confidence::Low => None,
    }
}
