//! What is left alone: private folders, what the policy names, the agent's own folder.

use std::path::{Path, PathBuf};

use beffroi_rules::text::fold;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::verdict::Reason;

/// Names, folded, by which employees mark what is theirs; French case law protects them. Alone or before a separator
/// (« Personnel - Zoé »): « personnel communal » is a service, « domaine privé » is land.
const PRIVATE_FOLDERS: [&str; 3] = ["personnel", "prive", "perso"];
const SEPARATORS: [&str; 3] = [" - ", "_", " ("];

/// Everything that a pass must not open.
#[derive(Debug, Clone, Default)]
pub struct Exclusions {
    globs: GlobSet,
    includes_private_folders: bool,
    agent_folder: Option<PathBuf>,
}

/// A pattern that cannot be understood.
#[derive(Debug, thiserror::Error)]
#[error("motif d'exclusion incorrect : {0}")]
pub struct BadPattern(#[from] globset::Error);

impl Exclusions {
    /// `patterns` are globs over whole paths, case ignored; `*` also spans folders. `agent_folder` is the agent's state.
    pub fn new(
        patterns: &[String],
        includes_private_folders: bool,
        agent_folder: Option<PathBuf>,
    ) -> Result<Self, BadPattern> {
        let mut globs = GlobSetBuilder::new();
        for pattern in patterns {
            // « dossier/** » means the folder too, so that it is not even listed file by file.
            for pattern in [Some(pattern.as_str()), pattern.strip_suffix("/**")] {
                let Some(pattern) = pattern else { continue };
                globs.add(GlobBuilder::new(pattern).case_insensitive(true).build()?);
            }
        }
        Ok(Self {
            globs: globs.build()?,
            includes_private_folders,
            agent_folder,
        })
    }

    /// Why the folder is left alone, with all that it holds.
    pub(super) fn of_folder(&self, path: &Path) -> Option<Reason> {
        if self.agent_folder.as_deref() == Some(path) {
            return Some(Reason::SystemFolder);
        }
        if !self.includes_private_folders && is_private(path) {
            return Some(Reason::PrivateFolder);
        }
        self.of_file(path)
    }

    /// Why the file is left alone.
    pub(super) fn of_file(&self, path: &Path) -> Option<Reason> {
        // Where nothing is left out, a path is not even taken apart.
        (!self.globs.is_empty() && self.globs.is_match(path)).then_some(Reason::ExcludedByPolicy)
    }
}

fn is_private(path: &Path) -> bool {
    let Some(name) = path.file_name() else {
        return false;
    };
    let folded = fold(&name.to_string_lossy());
    PRIVATE_FOLDERS.iter().any(|private| {
        folded.trim().strip_prefix(private).is_some_and(|rest| {
            rest.is_empty()
                || SEPARATORS
                    .iter()
                    .any(|separator| rest.starts_with(separator))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exclusions(patterns: &[&str]) -> Exclusions {
        let patterns: Vec<String> = patterns.iter().map(ToString::to_string).collect();
        Exclusions::new(&patterns, false, Some(PathBuf::from("/var/lib/agent"))).unwrap()
    }

    #[test]
    fn private_folders_are_known_by_their_name_alone() {
        let exclusions = exclusions(&[]);
        for name in [
            "Personnel",
            "Privé",
            "PRIVE",
            "perso",
            "Personnel - Zoé",
            "perso_luc",
        ] {
            let name = format!("/srv/{name}");
            assert_eq!(
                exclusions.of_folder(Path::new(&name)),
                Some(Reason::PrivateFolder),
                "{name}"
            );
        }
        for name in [
            "personnel-rh",
            "Personnel communal",
            "Domaine privé",
            "personne",
        ] {
            let name = format!("/srv/{name}");
            assert_eq!(exclusions.of_folder(Path::new(&name)), None, "{name}");
        }
    }

    #[test]
    fn a_pattern_over_a_folder_excludes_the_folder() {
        let exclusions = exclusions(&["**/.git/**", "*.BAK"]);
        assert!(exclusions.of_folder(Path::new("/srv/x/.git")).is_some());
        assert!(exclusions.of_file(Path::new("/srv/x/paie.bak")).is_some());
        assert!(exclusions.of_file(Path::new("/srv/x/paie.csv")).is_none());
    }

    #[test]
    fn the_agent_does_not_read_itself() {
        assert_eq!(
            exclusions(&[]).of_folder(Path::new("/var/lib/agent")),
            Some(Reason::SystemFolder)
        );
    }

    #[test]
    fn a_bad_pattern_is_named() {
        let error = Exclusions::new(&["a[".to_owned()], false, None).unwrap_err();
        assert!(error.to_string().contains("a["), "{error}");
    }
}
