//! Software that matters in a town hall, recognised from what the machines list as installed.
//!
//! Comes in: `rules/software/<id>.toml`, then (name, publisher) pairs of inventories. Goes out: the rules that recognise
//! them. Words are compared whole, on folded text; a name that other publishers use too needs its publisher. What no rule
//! recognises stays in the census under its own name, without a meaning: a guess would propose wrong activities.

use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, MatchKind};
use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;

use crate::confidence::Confidence;
use crate::load::{self, Diagnostic};
use crate::text;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoftwareRule {
    pub id: String,
    pub product: String,
    pub publisher: String,
    /// Folded; any of them recognises the product.
    pub names: Vec<String>,
    /// Folded.
    pub publishers: Vec<String>,
    /// The names alone are common words or other publishers' products.
    pub needs_publisher: bool,
    pub family: Family,
    pub delivery: Delivery,
    pub status: Status,
    /// Whether it normally stores social security numbers.
    pub nir: Nir,
    pub flags: Vec<Flag>,
    /// The last day of security updates.
    pub end_of_life: Option<Date>,
    pub notes: Option<String>,
    pub source: String,
    /// That the product exists, from this publisher, for this purpose.
    pub confidence: Confidence,
    /// That an inventory shows it under these names.
    pub display_name: DisplayNameConfidence,
    pub examples: Vec<Example>,
}

/// How the census groups it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// The business of a town hall.
    Municipal,
    Office,
    Browser,
    RemoteAccess,
    Cloud,
    Security,
    Backup,
    Video,
    Network,
    Administration,
    ArtificialIntelligence,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    Local,
    /// Usually no local part: an inventory rarely shows it.
    Web,
    Both,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Current,
    /// No longer sold; still found.
    Former,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nir {
    Expected,
    Possible,
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisplayNameConfidence {
    /// No inventory was seen.
    Unverified,
    /// The trade name that inventories normally show.
    WellKnown,
    PublisherVerified,
    ProductVerified,
}

/// What a gap rule or a page wants to know of a software, whatever its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    AiAssistant,
    Antivirus,
    Backup,
    Edr,
    Encryption,
    FileTransfer,
    InventorySource,
    LocalDatabase,
    PasswordManager,
    PublisherOutsideEu,
    RemoteAccess,
    SyncCloud,
    SyncCloudPossible,
    TransferOutsideEu,
    VideoRetentionCheck,
    Vpn,
    /// Derived from `end_of_life` and the day of the evaluation; never written in a rule.
    #[serde(skip)]
    EndOfLife,
}

/// A line of an inventory, and whether the rule must recognise it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    pub name: String,
    #[serde(default)]
    pub publisher: String,
    pub matches: bool,
    pub why: String,
}

/// All software rules, ready to recognise an inventory of thousands of lines.
#[derive(Debug, Clone)]
pub struct SoftwareCatalogue {
    rules: Vec<SoftwareRule>,
    names: AhoCorasick,
    /// For each pattern of `names`, the index of its rule.
    rule_of_name: Vec<usize>,
}

impl SoftwareCatalogue {
    /// The rules are kept in the order given. None when the names of all rules do not fit in one automaton.
    pub fn new(rules: Vec<SoftwareRule>) -> Option<Self> {
        let patterns = rules
            .iter()
            .enumerate()
            .flat_map(|(index, rule)| rule.names.iter().map(move |name| (index, name)));
        let (rule_of_name, patterns): (Vec<usize>, Vec<&String>) = patterns.unzip();
        let names = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(patterns)
            .ok()?;
        Some(Self {
            rules,
            names,
            rule_of_name,
        })
    }

    pub fn rules(&self) -> &[SoftwareRule] {
        &self.rules
    }

    pub fn get(&self, id: &str) -> Option<&SoftwareRule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// The rules that recognise this line of an inventory, in the catalogue's order.
    pub fn identify(&self, name: &str, publisher: &str) -> Vec<&SoftwareRule> {
        let name = text::fold(name);
        let publisher = text::fold(publisher);
        let found: BTreeSet<usize> = self
            .names
            .find_overlapping_iter(&name)
            .filter(|found| stands_alone(&name, found.start()..found.end()))
            .filter_map(|found| self.rule_of_name.get(found.pattern().as_usize()).copied())
            .collect();
        found
            .into_iter()
            .filter_map(|index| self.rules.get(index))
            .filter(|rule| rule.accepts_publisher(&publisher))
            .collect()
    }
}

impl SoftwareRule {
    pub fn parse(id: &str, file: &str, text: &str) -> Result<Self, Diagnostic> {
        let written: WrittenRule = load::parse(file, text)?;
        if written.names.get_ref().is_empty() {
            return Err(Diagnostic::at(
                file,
                text,
                written.names.span(),
                "a software needs at least one name",
            ));
        }
        if written.needs_publisher && written.publishers.is_empty() {
            let message = "`needs_publisher` without `publishers`: the rule could never match";
            return Err(Diagnostic::at(file, text, written.names.span(), message));
        }
        for matches in [true, false] {
            if !written
                .examples
                .iter()
                .any(|example| example.matches == matches)
            {
                let message = format!("the rule needs an example with `matches = {matches}`");
                return Err(Diagnostic::at(file, text, 0..0, message));
            }
        }
        let fold_all = |words: Vec<String>| words.iter().map(|word| text::fold(word)).collect();
        Ok(Self {
            id: id.to_owned(),
            product: written.product,
            publisher: written.publisher,
            names: fold_all(written.names.into_inner()),
            publishers: fold_all(written.publishers),
            needs_publisher: written.needs_publisher,
            family: written.family,
            delivery: written.delivery,
            status: written.status,
            nir: written.nir,
            flags: written.flags,
            end_of_life: written.end_of_life,
            notes: written.notes,
            source: written.source,
            confidence: written.confidence,
            display_name: written.display_name,
            examples: written.examples,
        })
    }

    /// The flags of this software on a given day.
    pub fn flags_on(&self, today: Date) -> impl Iterator<Item = Flag> {
        let ended = self.end_of_life.is_some_and(|end| today > end);
        self.flags
            .iter()
            .copied()
            .chain(ended.then_some(Flag::EndOfLife))
    }

    fn accepts_publisher(&self, publisher: &str) -> bool {
        !self.needs_publisher
            || self
                .publishers
                .iter()
                .any(|known| text::contains_word(publisher, known))
    }
}

impl Family {
    /// The id used in data and in `rules/glossary.toml`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Municipal => "municipal",
            Self::Office => "office",
            Self::Browser => "browser",
            Self::RemoteAccess => "remote_access",
            Self::Cloud => "cloud",
            Self::Security => "security",
            Self::Backup => "backup",
            Self::Video => "video",
            Self::Network => "network",
            Self::Administration => "administration",
            Self::ArtificialIntelligence => "artificial_intelligence",
        }
    }
}

impl Flag {
    pub const ALL: [Self; 17] = [
        Self::AiAssistant,
        Self::Antivirus,
        Self::Backup,
        Self::Edr,
        Self::Encryption,
        Self::EndOfLife,
        Self::FileTransfer,
        Self::InventorySource,
        Self::LocalDatabase,
        Self::PasswordManager,
        Self::PublisherOutsideEu,
        Self::RemoteAccess,
        Self::SyncCloud,
        Self::SyncCloudPossible,
        Self::TransferOutsideEu,
        Self::VideoRetentionCheck,
        Self::Vpn,
    ];

    /// The id used in data and in `rules/glossary.toml`.
    pub fn id(self) -> &'static str {
        match self {
            Self::AiAssistant => "ai_assistant",
            Self::Antivirus => "antivirus",
            Self::Backup => "backup",
            Self::Edr => "edr",
            Self::Encryption => "encryption",
            Self::EndOfLife => "end_of_life",
            Self::FileTransfer => "file_transfer",
            Self::InventorySource => "inventory_source",
            Self::LocalDatabase => "local_database",
            Self::PasswordManager => "password_manager",
            Self::PublisherOutsideEu => "publisher_outside_eu",
            Self::RemoteAccess => "remote_access",
            Self::SyncCloud => "sync_cloud",
            Self::SyncCloudPossible => "sync_cloud_possible",
            Self::TransferOutsideEu => "transfer_outside_eu",
            Self::VideoRetentionCheck => "video_retention_check",
            Self::Vpn => "vpn",
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRule {
    product: String,
    publisher: String,
    names: Spanned<Vec<String>>,
    #[serde(default)]
    publishers: Vec<String>,
    #[serde(default)]
    needs_publisher: bool,
    family: Family,
    delivery: Delivery,
    status: Status,
    nir: Nir,
    #[serde(default)]
    flags: Vec<Flag>,
    end_of_life: Option<Date>,
    notes: Option<String>,
    source: String,
    confidence: Confidence,
    #[serde(rename = "display_name_confidence")]
    display_name: DisplayNameConfidence,
    #[serde(rename = "example")]
    examples: Vec<Example>,
}

/// Whole words only. In a package name (no spaces: "python3-qgis", "libreoffice-calc") the software comes first, or the
/// package is a library, a plug-in or a translation of something else.
fn stands_alone(name: &str, found: std::ops::Range<usize>) -> bool {
    let is_package = !name.contains(' ') && name.contains('-');
    (!is_package || found.start == 0) && text::is_word(name, found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONCERTO: &str = r#"
product = "Concerto"
publisher = "Arpège"
names = ["concerto"]
publishers = ["arpege"]
needs_publisher = true
family = "municipal"
delivery = "local"
status = "current"
nir = "none"
source = "…"
confidence = "high"
display_name_confidence = "unverified"
example = [
    { name = "Concerto", publisher = "Arpège", matches = true, why = "…" },
    { name = "Concertos", publisher = "Arpège", matches = false, why = "…" },
]
"#;

    fn catalogue(texts: &[&str]) -> SoftwareCatalogue {
        let rules = texts
            .iter()
            .map(|text| SoftwareRule::parse("rule", "rule.toml", text).unwrap());
        SoftwareCatalogue::new(rules.collect()).unwrap()
    }

    #[test]
    fn an_ambiguous_name_needs_its_publisher() {
        let catalogue = catalogue(&[CONCERTO]);
        assert_eq!(catalogue.identify("CONCERTO Opus 5", "ARPÈGE SAS").len(), 1);
        assert!(catalogue.identify("Concerto", "MixMeister").is_empty());
    }

    #[test]
    fn in_a_package_name_the_software_comes_first() {
        let catalogue = catalogue(&[&CONCERTO
            .replace("\"concerto\"", "\"qgis\"")
            .replace("= true\nfam", "= false\nfam")]);
        assert_eq!(catalogue.identify("qgis-common", "").len(), 1);
        assert!(catalogue.identify("python3-qgis", "").is_empty());
    }

    #[test]
    fn the_end_of_life_is_a_flag_from_the_day_after() {
        let text = format!("end_of_life = \"2025-10-14\"\n{CONCERTO}");
        let rule = SoftwareRule::parse("office", "office.toml", &text).unwrap();
        assert_eq!(rule.flags_on(jiff::civil::date(2025, 10, 14)).count(), 0);
        assert!(
            rule.flags_on(jiff::civil::date(2025, 10, 15))
                .eq([Flag::EndOfLife])
        );
    }

    #[test]
    fn refuses_a_rule_that_could_never_match() {
        let text = CONCERTO.replace("publishers = [\"arpege\"]", "");
        assert_eq!(
            SoftwareRule::parse("x", "x.toml", &text).unwrap_err().line,
            4
        );
    }

    #[test]
    fn refuses_a_rule_without_a_counter_example() {
        let text = CONCERTO.replace("matches = false", "matches = true");
        assert!(
            SoftwareRule::parse("x", "x.toml", &text)
                .unwrap_err()
                .message
                .contains("matches = false")
        );
    }

    #[test]
    fn names_the_flag_meant() {
        let text = format!("flags = [\"remote_acces\"]\n{CONCERTO}");
        let error = SoftwareRule::parse("x", "x.toml", &text).unwrap_err();
        assert_eq!(error.suggestion.as_deref(), Some("remote_access"));
    }
}
