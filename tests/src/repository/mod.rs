//! The project's own files, as the repository checks read them.
//!
//! In: the folder of the project. Out: the names that the sources use ([`source`]), the borders that some of them
//! may not cross ([`border`]), the paths that the documents promise ([`document`]). Called by
//! `tests/stories/repository.rs`, which says what must hold.

pub mod border;
pub mod document;
pub mod source;

use std::{fs, path::Path};

use walkdir::WalkDir;

use crate::programs::repository;

/// A text of the project and where it is, from the project's root, with `/` on every system.
pub struct File {
    pub path: String,
    pub text: String,
}

/// The files whose name ends so, the same order every time. A file that is not UTF-8 is a fault of the project.
pub fn files(ending: &str) -> Vec<File> {
    walk()
        .into_iter()
        .filter(|path| path.ends_with(ending))
        .map(|path| {
            let bytes = fs::read(repository().join(&path))
                .unwrap_or_else(|error| panic!("{path}: {error}"));
            let text = String::from_utf8(bytes).unwrap_or_else(|error| panic!("{path}: {error}"));
            File { path, text }
        })
        .collect()
}

fn walk() -> Vec<String> {
    let ours = |path: &Path| !path.ends_with("target") && !path.ends_with(".git");
    WalkDir::new(repository())
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| ours(entry.path()))
        .map(|entry| entry.expect("the project can be read"))
        .filter(|entry| entry.file_type().is_file())
        .filter_map(|entry| {
            let path = entry
                .path()
                .strip_prefix(repository())
                .expect("below the project");
            Some(path.to_str()?.replace('\\', "/"))
        })
        .collect()
}
