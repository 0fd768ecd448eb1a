//! A rule pack: every rule file read, checked, and checked against the others.
//!
//! Comes in: [`RuleFiles`]. Goes out: a [`Pack`], or every error of every file at once, so that somebody who writes rules
//! corrects them in one go. The collector reads whole packs; the agent only the part that finds data.

use std::path::Path;

use crate::activities::{self, ActivityRule, KnownIds};
use crate::condition::Readable;
use crate::facts::Vocabulary;
use crate::files::RuleFiles;
use crate::gaps::GapRule;
use crate::glossary::Glossary;
use crate::kinds::Kinds;
use crate::lists::{EndOfLife, Guides, Lists, SecurityMeasures};
use crate::load::Diagnostic;
use crate::software::{Flag, SoftwareCatalogue, SoftwareRule};

/// Everything that rules say of a town, but how data is found.
#[derive(Debug, Clone)]
pub struct Pack {
    /// Names exactly these rules; stored beside whatever they concluded.
    pub version: String,
    pub kinds: Kinds,
    pub facts: Vocabulary,
    pub glossary: Glossary,
    pub lists: Lists,
    pub software: SoftwareCatalogue,
    /// By id.
    pub activities: Vec<ActivityRule>,
    /// By id.
    pub gaps: Vec<GapRule>,
}

impl Pack {
    /// The rules of the project.
    pub fn embedded() -> Result<Self, Vec<Diagnostic>> {
        Self::load(&RuleFiles::embedded())
    }

    /// The rules of the project with an operator's own beside them, in the same layout.
    pub fn from_folder(folder: &Path) -> Result<Self, Vec<Diagnostic>> {
        Self::load(&RuleFiles::embedded().with_own(RuleFiles::from_folder(folder)?))
    }

    pub fn load(files: &RuleFiles) -> Result<Self, Vec<Diagnostic>> {
        let mut errors = files.misplaced();
        let kinds = keep(files.one("kinds.toml", Kinds::parse), &mut errors);
        let facts = keep(files.one("facts.toml", Vocabulary::parse), &mut errors);
        let glossary = keep(files.one("glossary.toml", Glossary::parse), &mut errors);
        let end_of_life = keep(
            files.one("lists/end-of-life.toml", EndOfLife::parse),
            &mut errors,
        );
        let guides = keep(files.one("lists/guides.toml", Guides::parse), &mut errors);
        let measures = keep(
            files.one("lists/security-measures.toml", SecurityMeasures::parse),
            &mut errors,
        );
        let software = keep_all(files.each("software", SoftwareRule::parse), &mut errors);

        // Without these, every rule that names one of their words would be reported too.
        let (
            Some(kinds),
            Some(facts),
            Some(glossary),
            Some(end_of_life),
            Some(guides),
            Some(security_measures),
        ) = (kinds, facts, glossary, end_of_life, guides, measures)
        else {
            return Err(errors);
        };
        let activities = read_activities(files, &kinds, &glossary, &security_measures, &mut errors);
        let gaps = read_gaps(files, &facts, &kinds, &guides, &mut errors);
        let Some(software) = SoftwareCatalogue::new(software) else {
            errors.push(Diagnostic::at(
                "software",
                "",
                0..0,
                "the names of all software do not fit in memory",
            ));
            return Err(errors);
        };
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Self {
            version: files.version(),
            kinds,
            facts,
            glossary,
            lists: Lists {
                end_of_life,
                guides,
                security_measures,
            },
            software,
            activities,
            gaps,
        })
    }

    pub fn activity(&self, id: &str) -> Option<&ActivityRule> {
        self.activities.iter().find(|rule| rule.id == id)
    }

    pub fn gap(&self, id: &str) -> Option<&GapRule> {
        self.gaps.iter().find(|rule| rule.id == id)
    }
}

fn read_activities(
    files: &RuleFiles,
    kinds: &Kinds,
    glossary: &Glossary,
    measures: &SecurityMeasures,
    errors: &mut Vec<Diagnostic>,
) -> Vec<ActivityRule> {
    let kinds: Vec<&str> = kinds.iter().map(|(id, _)| id.as_str()).collect();
    let data_categories: Vec<&str> = glossary.group("data_category").map(|(id, _)| id).collect();
    let domains: Vec<&str> = glossary.group("domain").map(|(id, _)| id).collect();
    let known = KnownIds {
        software: &files.ids("software"),
        kinds: &kinds,
        data_categories: &data_categories,
        domains: &domains,
        security_sets: &measures.names(),
    };
    let parse = |id: &str, file: &str, text: &str| ActivityRule::parse(id, file, text, known);
    let mut rules = keep_all(files.each("activities", parse), errors);
    activities::mark_suites(&mut rules);
    rules
}

fn read_gaps(
    files: &RuleFiles,
    facts: &Vocabulary,
    kinds: &Kinds,
    guides: &Guides,
    errors: &mut Vec<Diagnostic>,
) -> Vec<GapRule> {
    let kinds = kinds.iter().map(|(id, _)| id.as_str());
    let readable = Readable::new(facts, files.ids("software"), Flag::ALL.map(Flag::id), kinds);
    let parse =
        |id: &str, file: &str, text: &str| GapRule::parse(id, file, text, &readable, guides);
    keep_all(files.each("gaps", parse), errors)
}

fn keep<T>(read: Result<T, Diagnostic>, errors: &mut Vec<Diagnostic>) -> Option<T> {
    read.map_err(|error| errors.push(error)).ok()
}

fn keep_all<T>(read: Vec<Result<T, Diagnostic>>, errors: &mut Vec<Diagnostic>) -> Vec<T> {
    read.into_iter()
        .filter_map(|rule| keep(rule, errors))
        .collect()
}
