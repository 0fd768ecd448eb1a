//! Processing activities of a French local authority: what an entry of the register would say, and the clues that
//! such an activity takes place.
//!
//! Comes in: `rules/activities/<id>.toml`. Goes out: [`ActivityRule`]s, which `proposals` compares with what was observed.
//! Everything here is a proposal to be confirmed by the DPO; each retention period carries its source and how sure it is.

use serde::Deserialize;
use toml::Spanned;

use crate::confidence::Confidence;
use crate::load::{self, Diagnostic};
use crate::text::Words;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityRule {
    pub id: String,
    pub label: String,
    /// Id of the glossary's group `domain`.
    pub domain: String,
    pub controllers: Vec<Controller>,
    pub purposes: Vec<String>,
    pub legal_basis: Vec<LegalBasis>,
    /// The law behind it: the source of the rule.
    pub legal_texts: Vec<String>,
    pub data_subjects: Vec<String>,
    /// Ids of the glossary's group `data_category`.
    pub data_categories: Vec<String>,
    /// Those under GDPR article 9, same ids.
    pub special_categories: Vec<String>,
    /// Offences and convictions, GDPR article 10.
    pub criminal_data: bool,
    pub vulnerable_subjects: bool,
    pub recipients: Vec<String>,
    pub nir: NirPolicy,
    pub dpia: Dpia,
    /// Sets of `rules/lists/security-measures.toml`.
    pub security: Vec<String>,
    pub retention: Vec<Retention>,
    pub notes: Option<String>,
    pub confidence: Confidence,
    pub clues: Clues,
    pub examples: Vec<Example>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Controller {
    Commune,
    Epci,
    Ccas,
    Cias,
    Syndicat,
    CaisseDesEcoles,
    Regie,
}

/// GDPR article 6(1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegalBasis {
    Consent,
    Contract,
    LegalObligation,
    VitalInterests,
    PublicInterest,
    LegitimateInterests,
}

/// Whether the social security number may be used for this purpose.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NirPolicy {
    pub rule: NirRule,
    pub reason: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NirRule {
    Allowed,
    Conditional,
    /// A NIR found in the files of this activity is an anomaly.
    Forbidden,
}

/// Whether an impact assessment is due.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dpia {
    pub status: DpiaStatus,
    pub reason: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DpiaStatus {
    /// On the CNIL's list of activities that need one (deliberation 2018-327).
    RequiredByCnil,
    ProbablyRequired,
    Probable,
    ToAssess,
    Unlikely,
    /// The State carries it.
    UnlikelyLocally,
    NationalFrame,
    /// On the CNIL's list of exempted activities (deliberation 2019-118).
    ExemptedByCnil,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    pub what: String,
    pub duration: String,
    /// What starts the period.
    pub trigger: Option<String>,
    #[serde(rename = "final")]
    pub end: Fate,
    pub source: String,
    pub confidence: Confidence,
}

/// What becomes of the data at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    Destruction,
    Conservation,
    /// Some kept, some destroyed, as the archives decide.
    Sorting,
    Transfer,
    ReturnOrDestruction,
    ArchivingOrDestruction,
}

/// What in an inventory or a scan speaks for the activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clues {
    /// Words of folder and file names that mean this activity.
    pub strong: Vec<Phrase>,
    /// Words that mean it among other things: they support, they never decide.
    pub weak: Vec<Phrase>,
    /// Compared in capitals: short acronyms are French words otherwise.
    pub acronyms: Vec<String>,
    /// Titles of columns.
    pub headers: Vec<Phrase>,
    /// Kinds of data expected in its files.
    pub kinds: Vec<String>,
    pub software: Vec<SoftwareClue>,
}

/// Words as the rule writes them, and as they are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    pub written: String,
    pub words: Words,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoftwareClue {
    pub id: String,
    /// The software serves many activities: which module is installed is not known.
    pub is_suite: bool,
}

/// Observations, and whether they must propose the activity.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    pub why: String,
    #[serde(default)]
    pub software: Vec<String>,
    #[serde(default)]
    pub files: Vec<ExampleFile>,
    pub proposed: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExampleFile {
    pub path: String,
    #[serde(default)]
    pub kinds: Vec<String>,
    #[serde(default)]
    pub headers: Vec<String>,
}

/// The ids that an activity may name, given by the other files of the pack.
#[derive(Debug, Clone, Copy)]
pub struct KnownIds<'a> {
    pub software: &'a [&'a str],
    pub kinds: &'a [&'a str],
    pub data_categories: &'a [&'a str],
    pub domains: &'a [&'a str],
    pub security_sets: &'a [&'a str],
}

impl ActivityRule {
    pub fn parse(
        id: &str,
        file: &str,
        text: &str,
        known: KnownIds<'_>,
    ) -> Result<Self, Diagnostic> {
        let written: WrittenRule = load::parse(file, text)?;
        let ids = |words: Vec<Spanned<String>>, allowed: &[&str], what: &str| {
            words
                .into_iter()
                .map(|word| known_id(word, allowed, what, file, text))
                .collect::<Result<Vec<_>, _>>()
        };
        if written.legal_texts.get_ref().is_empty() {
            return Err(Diagnostic::at(
                file,
                text,
                written.legal_texts.span(),
                "an activity needs a legal text",
            ));
        }
        for proposed in [true, false] {
            if !written
                .examples
                .iter()
                .any(|example| example.proposed == proposed)
            {
                let message = format!("the rule needs an example with `proposed = {proposed}`");
                return Err(Diagnostic::at(file, text, 0..0, message));
            }
        }
        let clues = written.clues;
        let software = ids(clues.software, known.software, "software")?;
        Ok(Self {
            id: id.to_owned(),
            label: written.label,
            domain: known_id(written.domain, known.domains, "domain", file, text)?,
            controllers: written.controllers,
            purposes: written.purposes,
            legal_basis: written.legal_basis,
            legal_texts: written.legal_texts.into_inner(),
            data_subjects: written.data_subjects,
            data_categories: ids(
                written.data_categories,
                known.data_categories,
                "data category",
            )?,
            special_categories: ids(
                written.special_categories,
                known.data_categories,
                "data category",
            )?,
            criminal_data: written.criminal_data,
            vulnerable_subjects: written.vulnerable_subjects,
            recipients: written.recipients,
            nir: written.nir,
            dpia: written.dpia,
            security: ids(
                written.security,
                known.security_sets,
                "set of security measures",
            )?,
            retention: written.retention,
            notes: written.notes,
            confidence: written.confidence,
            clues: Clues {
                strong: phrases(clues.strong),
                weak: phrases(clues.weak),
                acronyms: clues.acronyms,
                headers: phrases(clues.headers),
                kinds: ids(clues.kinds, known.kinds, "kind of data")?,
                software: software
                    .into_iter()
                    .map(|id| SoftwareClue {
                        id,
                        is_suite: false,
                    })
                    .collect(),
            },
            examples: written.examples,
        })
    }
}

/// Marks the software that serves more activities than one would guess from its presence.
pub fn mark_suites(rules: &mut [ActivityRule]) {
    /// From this number of activities on, a software says little about each.
    const SUITE: usize = 3;

    let mut served: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for clue in rules.iter().flat_map(|rule| &rule.clues.software) {
        *served.entry(clue.id.clone()).or_default() += 1;
    }
    for clue in rules.iter_mut().flat_map(|rule| &mut rule.clues.software) {
        clue.is_suite = served
            .get(&clue.id)
            .is_some_and(|activities| *activities >= SUITE);
    }
}

impl Controller {
    /// The id used in data and in `rules/glossary.toml`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Commune => "commune",
            Self::Epci => "epci",
            Self::Ccas => "ccas",
            Self::Cias => "cias",
            Self::Syndicat => "syndicat",
            Self::CaisseDesEcoles => "caisse_des_ecoles",
            Self::Regie => "regie",
        }
    }
}

impl LegalBasis {
    /// The id used in data and in `rules/glossary.toml`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::Contract => "contract",
            Self::LegalObligation => "legal_obligation",
            Self::VitalInterests => "vital_interests",
            Self::PublicInterest => "public_interest",
            Self::LegitimateInterests => "legitimate_interests",
        }
    }
}

impl NirRule {
    /// The id used in data and in `rules/glossary.toml`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Conditional => "conditional",
            Self::Forbidden => "forbidden",
        }
    }
}

impl DpiaStatus {
    /// The id used in data and in `rules/glossary.toml`.
    pub fn id(self) -> &'static str {
        match self {
            Self::RequiredByCnil => "required_by_cnil",
            Self::ProbablyRequired => "probably_required",
            Self::Probable => "probable",
            Self::ToAssess => "to_assess",
            Self::Unlikely => "unlikely",
            Self::UnlikelyLocally => "unlikely_locally",
            Self::NationalFrame => "national_frame",
            Self::ExemptedByCnil => "exempted_by_cnil",
        }
    }
}

impl Fate {
    /// The id used in data and in `rules/glossary.toml`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Destruction => "destruction",
            Self::Conservation => "conservation",
            Self::Sorting => "sorting",
            Self::Transfer => "transfer",
            Self::ReturnOrDestruction => "return_or_destruction",
            Self::ArchivingOrDestruction => "archiving_or_destruction",
        }
    }
}

impl Phrase {
    fn new(written: String) -> Self {
        let words = Words::of(&written);
        Self { written, words }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRule {
    label: String,
    domain: Spanned<String>,
    controllers: Vec<Controller>,
    purposes: Vec<String>,
    legal_basis: Vec<LegalBasis>,
    legal_texts: Spanned<Vec<String>>,
    data_subjects: Vec<String>,
    data_categories: Vec<Spanned<String>>,
    #[serde(default)]
    special_categories: Vec<Spanned<String>>,
    #[serde(default)]
    criminal_data: bool,
    #[serde(default)]
    vulnerable_subjects: bool,
    recipients: Vec<String>,
    nir: NirPolicy,
    dpia: Dpia,
    security: Vec<Spanned<String>>,
    retention: Vec<Retention>,
    notes: Option<String>,
    confidence: Confidence,
    clues: WrittenClues,
    #[serde(rename = "example")]
    examples: Vec<Example>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct WrittenClues {
    strong: Vec<String>,
    weak: Vec<String>,
    acronyms: Vec<String>,
    headers: Vec<String>,
    kinds: Vec<Spanned<String>>,
    software: Vec<Spanned<String>>,
}

fn known_id(
    word: Spanned<String>,
    allowed: &[&str],
    what: &str,
    file: &str,
    text: &str,
) -> Result<String, Diagnostic> {
    if allowed.contains(&word.get_ref().as_str()) {
        return Ok(word.into_inner());
    }
    let message = format!("unknown {what} `{}`", word.get_ref());
    Err(Diagnostic::at(file, text, word.span(), message).suggest(word.get_ref(), allowed))
}

fn phrases(written: Vec<String>) -> Vec<Phrase> {
    written.into_iter().map(Phrase::new).collect()
}
