//! A border between parts of the project: what one part may not name.

use super::source::{Name, Source};

/// Test modules may cross a border: they build worlds that the code they test only receives.
#[derive(Clone, Copy)]
pub struct Border {
    /// Folders and files from the project's root.
    pub within: &'static [&'static str],
    /// Parts of them that are on the other side.
    pub except: &'static [&'static str],
    /// Names, each with everything below it: `crate::store` covers `crate::store::Town`. One of a type,
    /// such as `Timestamp::now`, is found with whatever stands before it.
    pub never: &'static [&'static str],
    /// Parts of those names that are open.
    pub but: &'static [&'static str],
    pub because: &'static str,
}

impl Border {
    pub const fn except(self, except: &'static [&'static str]) -> Self {
        Self { except, ..self }
    }

    pub const fn but(self, but: &'static [&'static str]) -> Self {
        Self { but, ..self }
    }

    /// Where it is crossed: one sentence each, with file and line.
    pub fn crossings(&self, sources: &[Source]) -> Vec<String> {
        let mut crossings = Vec::new();
        for source in sources
            .iter()
            .filter(|source| self.holds_in(&source.path) && !is_test(source, sources))
        {
            for name in source
                .names
                .iter()
                .filter(|name| !name.in_test && self.forbids(name))
            {
                let found = name.segments.join("::");
                crossings.push(format!(
                    "{}:{} names `{found}`: {}",
                    source.path, name.line, self.because
                ));
            }
        }
        crossings.dedup();
        crossings
    }

    fn holds_in(&self, path: &str) -> bool {
        let covers = |part: &&str| {
            path.strip_prefix(*part)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.within.iter().any(covers) && !self.except.iter().any(covers)
    }

    fn forbids(&self, name: &Name) -> bool {
        self.never.iter().any(|never| covers(never, name))
            && !self.but.iter().any(|but| covers(but, name))
    }
}

fn covers(pattern: &str, name: &Name) -> bool {
    let pattern = pattern.split("::").collect::<Vec<_>>();
    let of_a_type = pattern[0].starts_with(char::is_uppercase);
    let starts = if of_a_type { name.segments.len() } else { 1 };
    (0..starts).any(|start| {
        let rest = &name.segments[start..];
        rest.len() >= pattern.len()
            && rest
                .iter()
                .zip(&pattern)
                .all(|(segment, wanted)| segment == wanted)
    })
}

fn is_test(source: &Source, sources: &[Source]) -> bool {
    sources
        .iter()
        .filter(|other| other.package() == source.package())
        .flat_map(|other| &other.test_modules)
        .any(|module| source.module.starts_with(module))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::File;

    const PURE: Border = Border {
        within: &["collector/src/knowledge"],
        except: &["collector/src/knowledge/pack.rs"],
        never: &["crate", "tokio", "Timestamp::now"],
        but: &["crate::knowledge", "crate::model"],
        because: "knowledge is pure",
    };

    #[test]
    fn reports_a_crossing_with_its_place_and_reason() {
        let sources = [source(
            "collector/src/knowledge/gaps.rs",
            "use crate::model::Gap;\nuse crate::store::Town;",
        )];

        assert_eq!(
            PURE.crossings(&sources),
            ["collector/src/knowledge/gaps.rs:2 names `crate::store::Town`: knowledge is pure"]
        );
    }

    #[test]
    fn finds_a_function_of_a_type_behind_any_path() {
        let crossing = |text| {
            PURE.crossings(&[source("collector/src/knowledge/mod.rs", text)])
                .len()
        };

        assert_eq!(crossing("fn f() { Timestamp::now() }"), 1);
        assert_eq!(crossing("fn f() { jiff::Timestamp::now() }"), 1);
        assert_eq!(crossing("fn f() { jiff::Timestamp::nowhere() }"), 0);
    }

    #[test]
    fn holds_in_its_part_of_the_project_only() {
        let crossings = |path| PURE.crossings(&[source(path, "use tokio::spawn;")]).len();

        assert_eq!(crossings("collector/src/knowledge/mod.rs"), 1);
        assert_eq!(crossings("collector/src/knowledge/pack.rs"), 0);
        assert_eq!(crossings("collector/src/knowledge_base.rs"), 0);
    }

    #[test]
    fn lets_tests_cross() {
        let sources = [
            source(
                "collector/src/knowledge/mod.rs",
                "#[cfg(test)] mod world; #[cfg(test)] mod tests { use tokio::spawn; }",
            ),
            source("collector/src/knowledge/world/town.rs", "use tokio::spawn;"),
        ];

        assert!(PURE.crossings(&sources).is_empty());
    }

    fn source(path: &str, text: &str) -> Source {
        Source::read(&File {
            path: path.to_owned(),
            text: text.to_owned(),
        })
    }
}
