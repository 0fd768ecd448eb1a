//! The town's exceptions, by where they hold: which of them a file is read under.

use std::path::Path;
use std::sync::Arc;

use beffroi_rules::detect::{AllowanceId, Allowed, Subject, ValueKey};
use globset::{GlobBuilder, GlobMatcher};
use jiff::Timestamp;

/// One exception, as the policy says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    pub id: AllowanceId,
    pub subject: Subject,
    /// A glob over whole paths, case ignored; none: wherever.
    pub path: Option<String>,
    pub ends_at: Option<Timestamp>,
}

/// Those in force, ready to be asked file by file.
pub struct Allowances {
    key: ValueKey,
    everywhere: Vec<(AllowanceId, Subject)>,
    /// What holds where no path matches, shared by most files.
    of_most_files: Arc<Allowed>,
    places: Vec<(GlobMatcher, AllowanceId, Subject)>,
}

impl Allowances {
    /// Those that are not over at `now`. `content_key` is the organisation's.
    pub fn new(
        allowances: &[Allowance],
        content_key: &[u8; 32],
        now: Timestamp,
    ) -> Result<Self, globset::Error> {
        let key = ValueKey::of_town(content_key);
        let mut everywhere = Vec::new();
        let mut places = Vec::new();
        for allowance in allowances {
            if allowance.ends_at.is_some_and(|end| end <= now) {
                continue;
            }
            let (id, subject) = (allowance.id, allowance.subject.clone());
            match &allowance.path {
                None => everywhere.push((id, subject)),
                Some(path) => places.push((matcher(path)?, id, subject)),
            }
        }
        Ok(Self {
            of_most_files: Arc::new(Allowed::new(key.clone(), everywhere.iter().cloned())),
            key,
            everywhere,
            places,
        })
    }

    /// The exceptions under which the file is read; members of a container are read under the container's.
    pub(super) fn at(&self, path: &Path) -> Arc<Allowed> {
        let here = self
            .places
            .iter()
            .filter(|(glob, ..)| glob.is_match(path))
            .map(|(_, id, subject)| (*id, subject.clone()));
        let mut here = here.peekable();
        if here.peek().is_none() {
            return Arc::clone(&self.of_most_files);
        }
        let all = self.everywhere.iter().cloned().chain(here);
        Arc::new(Allowed::new(self.key.clone(), all))
    }

    /// The exceptions that hold at this place and not everywhere.
    pub(super) fn places_of(&self, path: &Path) -> impl Iterator<Item = AllowanceId> {
        let here = self.places.iter();
        here.filter(move |(glob, ..)| glob.is_match(path))
            .map(|(_, id, _)| *id)
    }

    /// Two that hide the same are described in the same words.
    pub(super) fn described(&self) -> String {
        let places = self.places.iter();
        let places: Vec<_> = places
            .map(|(glob, id, subject)| (glob.glob().glob(), id, subject))
            .collect();
        format!("{:?} {places:?}", self.everywhere)
    }

    /// Those that hold wherever a text comes from.
    pub fn everywhere(&self) -> &Allowed {
        &self.of_most_files
    }
}

/// Whether a pattern can be understood.
pub(crate) fn matcher(path: &str) -> Result<GlobMatcher, globset::Error> {
    let glob = GlobBuilder::new(path).case_insensitive(true).build()?;
    Ok(glob.compile_matcher())
}

#[cfg(test)]
mod tests {
    use beffroi_rules::detect::{Engine, Part};

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn phones(path: Option<&str>, ends_at: Option<Timestamp>) -> Allowance {
        Allowance {
            id: [1; 16],
            subject: Subject::Kind("phone".to_owned()),
            path: path.map(str::to_owned),
            ends_at,
        }
    }

    fn hidden(allowances: &[Allowance], path: &str, now: &str) -> u64 {
        let engine = Engine::embedded().unwrap();
        let allowances = Allowances::new(allowances, &[7; 32], at(now)).unwrap();
        let allowed = allowances.at(Path::new(path));
        let mut document = engine.document().allowing(&allowed);
        document.begin(Part::Text { within: None });
        document.text("Tél. 06 39 98 12 34");
        let content = document.finish();
        content.hidden.iter().map(|hidden| hidden.count).sum()
    }

    #[test]
    fn an_exception_holds_where_its_path_says() {
        let allowances = [phones(Some("**/annuaire/**"), None)];
        let now = "2026-11-22T08:00:00Z";
        assert_eq!(hidden(&allowances, "/srv/Annuaire/a.csv", now), 1);
        assert_eq!(hidden(&allowances, "/srv/ccas/a.csv", now), 0);
    }

    #[test]
    fn an_exception_ends_by_the_clock_of_the_machine() {
        let allowances = [phones(None, Some(at("2026-12-31T23:00:00Z")))];
        assert_eq!(hidden(&allowances, "/srv/a", "2026-12-31T22:59:59Z"), 1);
        assert_eq!(hidden(&allowances, "/srv/a", "2026-12-31T23:00:00Z"), 0);
    }
}
