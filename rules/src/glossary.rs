//! The words of the project, in French for people and in English for those who read the code: one file,
//! `rules/glossary.toml`, by group (verdict, reason, outcome, legal basis…) then by id.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::load::{self, Diagnostic};

/// A word or a sentence for people.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    pub fr: String,
    pub en: String,
}

/// Labels by group, then by id.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Glossary {
    groups: BTreeMap<String, BTreeMap<String, Label>>,
}

impl Glossary {
    pub fn parse(file: &str, text: &str) -> Result<Self, Diagnostic> {
        load::parse(file, text)
    }

    pub fn label(&self, group: &str, id: &str) -> Option<&Label> {
        self.groups.get(group)?.get(id)
    }

    /// The French label; an id that the glossary does not know (a newer agent's) is shown as it is.
    pub fn french<'a>(&'a self, group: &str, id: &'a str) -> &'a str {
        self.label(group, id).map_or(id, |label| label.fr.as_str())
    }

    /// The entries of a group, by id; none when the group does not exist.
    pub fn group(&self, group: &str) -> impl Iterator<Item = (&str, &Label)> {
        self.groups
            .get(group)
            .into_iter()
            .flatten()
            .map(|(id, label)| (id.as_str(), label))
    }
}
