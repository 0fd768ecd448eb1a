//! The kinds of personal data: the one list, `rules/kinds.toml`.
//!
//! Comes in: that file. Goes out: [`Kinds`], against which detectors, gap rules and activities check the ids they name,
//! and which gives pages their labels.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::glossary::Label;
use crate::load::{self, Diagnostic};

/// The id of a kind (`nir`, `iban`…), as it travels and as pages and exports spell it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KindId(Arc<str>);

/// What is known of a kind of personal data.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    pub label: Label,
    pub family: Family,
    /// From 1 (public life) to 4 (special regime).
    pub sensitivity: Sensitivity,
    /// The register's category of data.
    pub category: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    Identifier,
    Contact,
    Bank,
    Person,
    /// Articles 9 and 10 of the GDPR.
    Special,
    Secret,
    Location,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "u8")]
pub struct Sensitivity(u8);

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kinds {
    /// Where the list and its sensitivities come from.
    pub source: String,
    /// Folded words that announce a value of no kind (an invoice number, a bar code…).
    pub other_labels: Vec<String>,
    #[serde(rename = "kind")]
    kinds: BTreeMap<KindId, Kind>,
}

impl Kinds {
    pub fn parse(file: &str, text: &str) -> Result<Self, Diagnostic> {
        load::parse(file, text)
    }

    pub fn get(&self, id: &str) -> Option<&Kind> {
        self.kinds.get(id)
    }

    /// The id as the list holds it, shared rather than copied.
    pub fn id(&self, id: &str) -> Option<KindId> {
        self.kinds.get_key_value(id).map(|(id, _)| id.clone())
    }

    pub fn iter(&self) -> impl Iterator<Item = (&KindId, &Kind)> {
        self.kinds.iter()
    }

    /// The French label; an id that the list does not know (a newer agent's) is shown as it is.
    pub fn french<'a>(&'a self, id: &'a str) -> &'a str {
        self.get(id).map_or(id, |kind| kind.label.fr.as_str())
    }
}

impl KindId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::borrow::Borrow<str> for KindId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KindId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Sensitivity {
    pub fn level(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Sensitivity {
    type Error = String;

    fn try_from(level: u8) -> Result<Self, Self::Error> {
        if !(1..=4).contains(&level) {
            return Err(format!("sensitivity goes from 1 to 4, not {level}"));
        }
        Ok(Self(level))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_a_sensitivity_outside_of_the_scale() {
        let text = r#"
            source = "x"
            other_labels = []
            [kind.nir]
            label = { fr = "NIR", en = "NIR" }
            family = "identifier"
            sensitivity = 5
            category = "nir"
        "#;
        let error = Kinds::parse("rules/kinds.toml", text).unwrap_err();
        assert_eq!(
            (error.line, error.message.as_str()),
            (7, "sensitivity goes from 1 to 4, not 5")
        );
    }

    #[test]
    fn shows_an_unknown_kind_by_its_id() {
        let kinds = Kinds::parse("rules/kinds.toml", include_str!("../kinds.toml")).unwrap();
        assert_eq!(kinds.french("iban"), "IBAN");
        assert_eq!(kinds.french("of_tomorrow"), "of_tomorrow");
    }
}
