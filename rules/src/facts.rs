//! The closed vocabulary of facts: what may be said of a machine, with which type and in which unit.
//!
//! Comes in: `rules/facts.toml`. Goes out: a [`Vocabulary`] that the agent's posture (through its tests), the ingest of
//! the collector and the gap rules all check themselves against, and the [`Fact`]s that conditions read.

use std::collections::BTreeMap;
use std::fmt;

use jiff::{Timestamp, civil::Date};
use serde::Deserialize;

use crate::glossary::Label;
use crate::load::{self, Diagnostic};

/// Every fact that may be reported, by name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vocabulary {
    /// Where the list of facts comes from.
    pub source: String,
    #[serde(rename = "fact")]
    facts: BTreeMap<String, FactEntry>,
}

/// What is known of a fact before anybody has observed it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactEntry {
    #[serde(rename = "type")]
    pub kind: FactType,
    pub label: Label,
    pub unit: Option<Unit>,
    /// The only texts allowed, where the list is closed.
    #[serde(default)]
    pub values: Vec<String>,
    /// Where each system keeps it.
    pub produced_by: ProducedBy,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactType {
    Boolean,
    Integer,
    Text,
    /// ISO 8601, carried as text.
    Date,
    /// Texts.
    List,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Seconds,
    Days,
    Characters,
    Accounts,
    Files,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProducedBy {
    pub linux: Option<String>,
    pub windows: Option<String>,
}

/// One observation: a name of the vocabulary, its value, and the proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub name: String,
    pub value: FactValue,
    /// Where it was read: "/etc/ssh/sshd_config: PermitRootLogin".
    pub source: String,
    pub observed_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum FactValue {
    Boolean(bool),
    Integer(i64),
    Text(String),
    List(Vec<String>),
}

/// What is known of one machine, by name. A name that is absent is unknown, never false.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts(BTreeMap<String, Fact>);

/// Why a value is refused for a fact.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FactError {
    #[error("the fact `{0}` is not in the vocabulary")]
    UnknownName(String),
    #[error("the fact `{name}` is {expected:?}, not this value")]
    WrongType { name: String, expected: FactType },
    #[error("the fact `{name}` only takes {}", allowed.join(", "))]
    ValueNotListed { name: String, allowed: Vec<String> },
}

impl Vocabulary {
    pub fn parse(file: &str, text: &str) -> Result<Self, Diagnostic> {
        load::parse(file, text)
    }

    pub fn get(&self, name: &str) -> Option<&FactEntry> {
        self.facts.get(name)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &FactEntry)> {
        self.facts
            .iter()
            .map(|(name, entry)| (name.as_str(), entry))
    }

    /// Whether `value` is a possible value of the fact `name`.
    pub fn check(&self, name: &str, value: &FactValue) -> Result<(), FactError> {
        let entry = self
            .get(name)
            .ok_or_else(|| FactError::UnknownName(name.to_owned()))?;
        if !entry.kind.accepts(value) {
            return Err(FactError::WrongType {
                name: name.to_owned(),
                expected: entry.kind,
            });
        }
        if let FactValue::Text(text) = value
            && !entry.values.is_empty()
            && !entry.values.contains(text)
        {
            return Err(FactError::ValueNotListed {
                name: name.to_owned(),
                allowed: entry.values.clone(),
            });
        }
        Ok(())
    }
}

impl Facts {
    pub fn get(&self, name: &str) -> Option<&Fact> {
        self.0.get(name)
    }

    pub fn value(&self, name: &str) -> Option<&FactValue> {
        self.get(name).map(|fact| &fact.value)
    }

    /// A newer statement about the same thing replaces the older one.
    pub fn insert(&mut self, fact: Fact) {
        self.0.insert(fact.name.clone(), fact);
    }
}

impl FromIterator<Fact> for Facts {
    fn from_iter<I: IntoIterator<Item = Fact>>(facts: I) -> Self {
        Self(
            facts
                .into_iter()
                .map(|fact| (fact.name.clone(), fact))
                .collect(),
        )
    }
}

impl FactType {
    pub fn accepts(self, value: &FactValue) -> bool {
        match (self, value) {
            (Self::Boolean, FactValue::Boolean(_))
            | (Self::Integer, FactValue::Integer(_))
            | (Self::Text, FactValue::Text(_))
            | (Self::List, FactValue::List(_)) => true,
            (Self::Date, FactValue::Text(text)) => text.parse::<Date>().is_ok(),
            _ => false,
        }
    }
}

impl Unit {
    fn french(self) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::Days => "j",
            Self::Characters => "caractères",
            Self::Accounts => "compte(s)",
            Self::Files => "fichier(s)",
        }
    }
}

impl FactEntry {
    /// The value as a French reader expects it, with its unit.
    pub fn show(&self, value: &FactValue) -> String {
        match self.unit {
            Some(unit) => format!("{value} {}", unit.french()),
            None => value.to_string(),
        }
    }
}

/// In French, without the unit.
impl fmt::Display for FactValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean(true) => formatter.write_str("oui"),
            Self::Boolean(false) => formatter.write_str("non"),
            Self::Integer(number) => number.fmt(formatter),
            Self::Text(text) => formatter.write_str(text),
            Self::List(items) if items.is_empty() => formatter.write_str("aucun"),
            Self::List(items) => formatter.write_str(&items.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        Vocabulary::parse("rules/facts.toml", include_str!("../facts.toml")).unwrap()
    }

    #[test]
    fn refuses_a_fact_that_is_not_in_the_vocabulary() {
        let refused = vocabulary().check("ssh.root", &FactValue::Boolean(true));
        assert_eq!(refused, Err(FactError::UnknownName("ssh.root".into())));
    }

    #[test]
    fn refuses_a_value_of_another_type() {
        let refused = vocabulary().check("firewall.active", &FactValue::Text("yes".into()));
        assert!(matches!(
            refused,
            Err(FactError::WrongType {
                expected: FactType::Boolean,
                ..
            })
        ));
    }

    #[test]
    fn refuses_a_text_outside_of_a_closed_list() {
        let refused = vocabulary().check("os.family", &FactValue::Text("beos".into()));
        assert!(matches!(refused, Err(FactError::ValueNotListed { .. })));
    }

    #[test]
    fn a_date_is_an_iso_text() {
        let vocabulary = vocabulary();
        assert_eq!(
            vocabulary.check(
                "updates.last_success",
                &FactValue::Text("2026-11-02".into())
            ),
            Ok(())
        );
        assert!(
            vocabulary
                .check(
                    "updates.last_success",
                    &FactValue::Text("02/11/2026".into())
                )
                .is_err()
        );
    }

    #[test]
    fn every_fact_says_what_produces_it() {
        for (name, entry) in vocabulary().iter() {
            let produced = &entry.produced_by;
            assert!(
                produced.linux.is_some() || produced.windows.is_some(),
                "{name}"
            );
        }
    }

    #[test]
    fn shows_values_in_french_with_their_unit() {
        let vocabulary = vocabulary();
        let entry = vocabulary.get("session.idle_timeout_seconds").unwrap();
        assert_eq!(entry.show(&FactValue::Integer(900)), "900 s");
        assert_eq!(FactValue::List(vec![]).to_string(), "aucun");
    }
}
