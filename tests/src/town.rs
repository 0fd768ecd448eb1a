//! The fictional town hall on disk, and the comparison of what was found with what was planted.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use beffroi_towns::{Manifest, Options};
use tempfile::TempDir;

/// Kind → (occurrences, distinct values) that a scan reports with at least medium confidence.
pub type Found = BTreeMap<String, (u64, u64)>;

pub struct TownHall {
    folder: TempDir,
    pub manifest: Manifest,
}

impl TownHall {
    pub fn generate() -> Self {
        Self::with(&Options::default())
    }

    /// Enough for stories that scan many times.
    pub fn small() -> Self {
        Self::with(&Options {
            people: 60,
            ..Options::default()
        })
    }

    fn with(options: &Options) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let manifest =
            beffroi_towns::generate(options, &folder.path().join("partage")).expect("a town");
        Self { folder, manifest }
    }

    pub fn share(&self) -> PathBuf {
        self.folder.path().join("partage")
    }

    /// The shares of the town hall and of its CCAS.
    pub fn roots(&self) -> Vec<PathBuf> {
        let roots = self
            .manifest
            .controllers
            .iter()
            .map(|controller| self.share().join(&controller.folder));
        roots.collect()
    }

    /// A path of the manifest from the absolute one that the agent reports.
    pub fn relative(&self, path: &str) -> String {
        let relative = Path::new(path)
            .strip_prefix(self.share())
            .expect("a path of the share");
        relative.to_str().expect("UTF-8").to_owned()
    }

    /// Sentences about every difference between the manifest and what was found, by relative path. A file that was
    /// found to hold nothing may be absent.
    pub fn differences(&self, found: &BTreeMap<String, Found>) -> Vec<String> {
        let nothing = Found::new();
        let mut differences = Vec::new();
        for file in &self.manifest.files {
            let found = found.get(&file.path).unwrap_or(&nothing);
            for kind in beffroi_towns::Kind::ALL {
                let expected = file.expected.get(&kind).copied().unwrap_or_default();
                let expected = (expected.count as u64, expected.distinct as u64);
                let found = found.get(kind.id()).copied().unwrap_or_default();
                if found != expected {
                    differences.push(format!(
                        "{} : {} trouvé {found:?}, attendu {expected:?} (occurrences, distinctes)",
                        file.path,
                        kind.id()
                    ));
                }
            }
        }
        differences
    }
}
