//! Reference lists that rules share: ends of life, guides, security measures.
//!
//! Comes in: `rules/lists/{end-of-life,guides,security-measures}.toml`. What a list does not have is unknown.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;

use crate::load::{self, Diagnostic};

/// The three lists together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lists {
    pub end_of_life: EndOfLife,
    pub guides: Guides,
    pub security_measures: SecurityMeasures,
}

/// Until when each version of a product gets security updates.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndOfLife {
    pub source: String,
    product: BTreeMap<String, BTreeMap<String, Date>>,
}

/// The guides and laws that rules cite.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guides {
    pub source: String,
    guide: BTreeMap<String, Guide>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Guide {
    title: String,
    /// What its numbers are called: "mesure", "fiche", "article".
    item: String,
    /// The keys are numbers, which TOML writes as text.
    items: BTreeMap<String, String>,
}

/// Security measures by set.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecurityMeasures {
    pub source: String,
    set: BTreeMap<String, Vec<String>>,
}

impl EndOfLife {
    pub fn parse(file: &str, text: &str) -> Result<Self, Diagnostic> {
        load::parse(file, text)
    }

    /// The last day of security updates; the longest cycle that `version` begins with counts.
    pub fn date(&self, product: &str, version: &str) -> Option<Date> {
        let cycles = self.product.get(product)?;
        cycles
            .iter()
            .filter(|(cycle, _)| is_of_cycle(version, cycle))
            .max_by_key(|(cycle, _)| cycle.len())
            .map(|(_, date)| *date)
    }
}

impl Guides {
    pub fn parse(file: &str, text: &str) -> Result<Self, Diagnostic> {
        load::parse(file, text)
    }

    pub fn names(&self) -> Vec<&str> {
        self.guide.keys().map(String::as_str).collect()
    }

    pub fn has(&self, guide: &str) -> bool {
        self.guide.contains_key(guide)
    }

    /// « ANSSI, Guide d'hygiène informatique, mesure 17 : Activer et configurer le pare-feu local ».
    pub fn cite(&self, guide: &str, number: u16) -> Option<String> {
        let guide = self.guide.get(guide)?;
        let title = guide.items.get(&number.to_string())?;
        Some(format!(
            "{}, {} {number} : {title}",
            guide.title, guide.item
        ))
    }
}

impl SecurityMeasures {
    pub fn parse(file: &str, text: &str) -> Result<Self, Diagnostic> {
        load::parse(file, text)
    }

    pub fn names(&self) -> Vec<&str> {
        self.set.keys().map(String::as_str).collect()
    }

    /// The measures of a set, in French.
    pub fn of(&self, set: &str) -> Option<&[String]> {
        self.set.get(set).map(Vec::as_slice)
    }
}

fn is_of_cycle(version: &str, cycle: &str) -> bool {
    version
        .strip_prefix(cycle)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_minor_version_belongs_to_its_cycle() {
        let list = EndOfLife::parse("e.toml", include_str!("../lists/end-of-life.toml")).unwrap();
        assert_eq!(list.date("ubuntu", "24.04.4"), Some(date(2029, 5, 31)));
        assert_eq!(list.date("rocky", "9.6"), Some(date(2032, 5, 31)));
        assert_eq!(
            list.date("windows-server", "2012-r2"),
            Some(date(2023, 10, 10))
        );
    }

    #[test]
    fn a_longer_number_is_another_cycle() {
        let list = EndOfLife::parse("e.toml", include_str!("../lists/end-of-life.toml")).unwrap();
        assert_eq!(list.date("debian", "131"), None);
        assert_eq!(list.date("windows", "10"), None);
    }

    #[test]
    fn cites_an_item_that_exists_and_no_other() {
        let guides = Guides::parse("g.toml", include_str!("../lists/guides.toml")).unwrap();
        let cited = guides.cite("anssi_hygiene", 17).unwrap();
        assert!(
            cited.ends_with("mesure 17 : Activer et configurer le pare-feu local"),
            "{cited}"
        );
        assert_eq!(guides.cite("anssi_hygiene", 43), None);
    }
}
