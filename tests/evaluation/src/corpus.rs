//! The documents: written into a folder, with their truth kept apart.

use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};
use beffroi_towns::Dice;

use crate::dress::{dressed, usual_encodings};
use crate::encoding::Encoding;
use crate::people::Population;
pub use crate::render::Planted;
use crate::render::render;
use crate::template::Template;

#[derive(Debug, Clone, Copy)]
pub struct Options {
    pub seed: u64,
    pub documents: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 1,
            documents: 2_400,
        }
    }
}

/// Templates and people that were written apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Their misses are looked at when a rule is corrected.
    Known,
    /// Theirs are not.
    HeldOut,
}

#[derive(Debug)]
pub struct Document {
    /// Below the folder.
    pub path: String,
    pub family: Family,
    pub encoding: Encoding,
    pub planted: Vec<Planted>,
    /// As written, before escapes and encoding.
    pub text: String,
}

/// Writes two thirds of the documents from the known templates, the rest from those held out.
pub fn generate(options: &Options, folder: &Path) -> anyhow::Result<Vec<Document>> {
    let held_out = options.documents / 3;
    let mut documents = Vec::with_capacity(options.documents);
    for (family, count) in [
        (Family::Known, options.documents - held_out),
        (Family::HeldOut, held_out),
    ] {
        let population = population(family)?;
        let templates = templates(family)?;
        fs::create_dir_all(folder.join(family.as_str()))?;
        for rank in 0..count {
            let name = format!("{}/{rank:04}", family.as_str());
            let mut dice = Dice::new(options.seed, &name);
            // Every template is used before one is used again.
            let template = &templates[rank % templates.len()];
            documents.push(write(
                folder,
                &name,
                family,
                template,
                &population,
                &mut dice,
            )?);
        }
    }
    Ok(documents)
}

fn write(
    folder: &Path,
    name: &str,
    family: Family,
    template: &Template,
    population: &Population,
    dice: &mut Dice,
) -> anyhow::Result<Document> {
    let encoding = *dice.pick(match template.encodings.as_slice() {
        [] => usual_encodings(&template.extension),
        chosen => chosen,
    });
    let (text, planted) = render(template, population, encoding, dice)?;
    let path = format!("{name}-{}.{}", template.name, template.extension);
    let bytes = dressed(&template.extension, &text, encoding, dice)
        .with_context(|| format!("{path} cannot be written in {}", encoding.as_str()))?;
    fs::write(folder.join(&path), bytes).with_context(|| format!("cannot write {path}"))?;
    Ok(Document {
        path,
        family,
        encoding,
        planted,
        text,
    })
}

impl Family {
    pub const ALL: [Self; 2] = [Self::Known, Self::HeldOut];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::HeldOut => "held-out",
        }
    }
}

fn population(family: Family) -> anyhow::Result<Population> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("people/{}.toml", family.as_str()));
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Population::parse(&text).with_context(|| format!("in {}", path.display()))
}

fn templates(family: Family) -> anyhow::Result<Vec<Template>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("templates")
        .join(family.as_str());
    let mut templates = Vec::new();
    for entry in
        fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?
    {
        let path = entry?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        templates
            .push(Template::parse(name, &text).with_context(|| format!("in {}", path.display()))?);
    }
    ensure!(!templates.is_empty(), "{} is empty", folder.display());
    templates.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(templates)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::kinds::KINDS;

    #[test]
    fn the_same_seed_writes_the_same_documents() {
        let options = Options {
            seed: 7,
            documents: 300,
        };
        let bytes = || {
            let folder = tempfile::tempdir().unwrap();
            let documents = generate(&options, folder.path()).unwrap();
            let read = |document: &Document| fs::read(folder.path().join(&document.path)).unwrap();
            documents.iter().map(read).collect::<Vec<_>>()
        };
        assert_eq!(bytes(), bytes());
    }

    #[test]
    fn every_kind_is_planted_in_both_families() {
        let folder = tempfile::tempdir().unwrap();
        let documents = generate(&Options::default(), folder.path()).unwrap();
        for family in Family::ALL {
            let planted: BTreeSet<&str> = documents
                .iter()
                .filter(|document| document.family == family)
                .flat_map(|document| &document.planted)
                .map(|planted| planted.kind.id)
                .collect();
            for kind in KINDS {
                assert!(
                    planted.contains(kind.id),
                    "{} is not planted in {family:?}",
                    kind.id
                );
            }
        }
    }

    #[test]
    fn planted_values_stand_on_their_lines() {
        let folder = tempfile::tempdir().unwrap();
        let documents = generate(
            &Options {
                seed: 3,
                documents: 300,
            },
            folder.path(),
        )
        .unwrap();
        for document in documents {
            let lines: Vec<&str> = document.text.lines().collect();
            for planted in document.planted {
                let first = planted.written.lines().next().unwrap();
                assert!(
                    lines[planted.line - 1].contains(first),
                    "{}: {}",
                    document.path,
                    planted.line
                );
            }
        }
    }
}
