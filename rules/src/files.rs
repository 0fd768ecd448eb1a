//! The rule files of one pack, by name: those built into the program, or those of an operator's folder.
//!
//! Comes in: a folder laid out as `rules/` is. Goes out: texts for [`crate::pack`], and the version that names exactly
//! these texts. The only place of this package that touches a disk.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use crate::load::Diagnostic;

/// The files that every pack has.
const SINGLE_FILES: [&str; 6] = [
    "kinds.toml",
    "facts.toml",
    "glossary.toml",
    "lists/end-of-life.toml",
    "lists/guides.toml",
    "lists/security-measures.toml",
];
/// The folders of rules, one rule a file.
const FOLDERS: [&str; 5] = ["personal-data", "software", "activities", "gaps", "lists"];

#[derive(RustEmbed)]
#[folder = "."]
#[include = "kinds.toml"]
#[include = "facts.toml"]
#[include = "glossary.toml"]
#[include = "lists/*.toml"]
#[include = "personal-data/*.toml"]
#[include = "software/*.toml"]
#[include = "activities/*.toml"]
#[include = "gaps/*.toml"]
struct BuiltIn;

/// Rule files by name, as `gaps/firewall-off.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleFiles(BTreeMap<String, RuleFile>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct RuleFile {
    /// As messages name it: `rules/gaps/firewall-off.toml`, or with the operator's folder.
    shown: String,
    text: String,
}

impl RuleFiles {
    /// The files of the project.
    pub fn embedded() -> Self {
        let texts = BuiltIn::iter().filter_map(|name| {
            let file = BuiltIn::get(&name)?;
            Some((
                name.to_string(),
                String::from_utf8_lossy(&file.data).into_owned(),
            ))
        });
        Self::new("rules", texts)
    }

    /// The `.toml` files of a folder and of its sub-folders.
    pub fn from_folder(folder: &Path) -> Result<Self, Vec<Diagnostic>> {
        let mut texts = Vec::new();
        let mut errors = Vec::new();
        read_folder(folder, "", &mut texts, &mut errors);
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Self::new(&folder.display().to_string(), texts))
    }

    /// Names and texts; `place` is shown before the names.
    pub fn new(place: &str, texts: impl IntoIterator<Item = (String, String)>) -> Self {
        let files = texts.into_iter().map(|(name, text)| {
            let shown = format!("{place}/{name}");
            (name, RuleFile { shown, text })
        });
        Self(files.collect())
    }

    /// Reads an operator's own files beside these; the operator's word replaces a file of the same name.
    pub fn with_own(mut self, own: Self) -> Self {
        self.0.extend(own.0);
        self
    }

    /// Leaves out the detectors that an operator does not want in a town, by id.
    pub fn without_detectors(mut self, ids: &[String]) -> Self {
        for id in ids {
            self.0.remove(&format!("personal-data/{id}.toml"));
        }
        self
    }

    /// The same files give the same version, whatever their folder.
    pub fn version(&self) -> String {
        const SHORT: usize = 6;

        let mut hash = Sha256::new();
        for (name, file) in &self.0 {
            for part in [name, &file.text] {
                hash.update(part.len().to_le_bytes());
                hash.update(part);
            }
        }
        hash.finalize()
            .iter()
            .take(SHORT)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// Reads one of the files that every pack has.
    pub(crate) fn one<T>(
        &self,
        name: &str,
        parse: impl FnOnce(&str, &str) -> Result<T, Diagnostic>,
    ) -> Result<T, Diagnostic> {
        let Some(file) = self.0.get(name) else {
            return Err(Diagnostic::at(
                name,
                "",
                0..0,
                "this file is missing from the pack",
            ));
        };
        parse(&file.shown, &file.text)
    }

    /// Reads every rule of a folder, in the order of the ids; `parse` is given id, file and text.
    pub(crate) fn each<T>(
        &self,
        folder: &str,
        mut parse: impl FnMut(&str, &str, &str) -> Result<T, Diagnostic>,
    ) -> Vec<Result<T, Diagnostic>> {
        self.rules(folder)
            .map(|(id, file)| parse(id, &file.shown, &file.text))
            .collect()
    }

    /// The ids of a folder, whether or not their files can be read.
    pub(crate) fn ids(&self, folder: &str) -> Vec<&str> {
        self.rules(folder).map(|(id, _)| id).collect()
    }

    /// Files where nobody would read them: a typo in the name of a folder would lose its rules silently.
    pub(crate) fn misplaced(&self) -> Vec<Diagnostic> {
        let is_known = |name: &str| match name.split_once('/') {
            Some((folder, _)) => FOLDERS.contains(&folder),
            None => SINGLE_FILES.contains(&name),
        };
        let report = |(name, file): (&String, &RuleFile)| {
            let (word, allowed): (&str, &[&str]) = match name.split_once('/') {
                Some((folder, _)) => (folder, &FOLDERS),
                None => (name, &SINGLE_FILES),
            };
            Diagnostic::at(&file.shown, "", 0..0, format!("a pack has no `{word}`"))
                .suggest(word, allowed)
        };
        self.0
            .iter()
            .filter(|(name, _)| !is_known(name))
            .map(report)
            .collect()
    }

    fn rules<'a>(&'a self, folder: &str) -> impl Iterator<Item = (&'a str, &'a RuleFile)> {
        self.0.iter().filter_map(move |(name, file)| {
            let id = name
                .strip_prefix(folder)?
                .strip_prefix('/')?
                .strip_suffix(".toml")?;
            Some((id, file))
        })
    }
}

fn read_folder(
    folder: &Path,
    prefix: &str,
    texts: &mut Vec<(String, String)>,
    errors: &mut Vec<Diagnostic>,
) {
    let unreadable = |path: &Path, error: std::io::Error| {
        Diagnostic::at(
            &path.display().to_string(),
            "",
            0..0,
            format!("cannot be read: {error}"),
        )
    };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            errors.push(unreadable(folder, error));
            return;
        }
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if path.is_dir() {
            read_folder(&path, &format!("{name}/"), texts, errors);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            match fs::read_to_string(&path) {
                Ok(text) => texts.push((name, text)),
                Err(error) => errors.push(unreadable(&path, error)),
            }
        }
    }
}
