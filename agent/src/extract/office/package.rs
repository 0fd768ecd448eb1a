//! The parts of a document in a zip. A part that is damaged costs itself only.

use std::io::{self, BufRead, BufReader, Read};

use zip::ZipArchive;

use super::relations::Relations;
use super::xml::{self, Token};
use crate::extract::reading::Reading;
use crate::extract::source::Anywhere;

pub(in crate::extract) struct Package<'a, 'f> {
    archive: ZipArchive<&'a mut Anywhere<'f>>,
    is_damaged: bool,
}

impl<'a, 'f> Package<'a, 'f> {
    pub(in crate::extract) fn new(archive: ZipArchive<&'a mut Anywhere<'f>>) -> Self {
        Self {
            archive,
            is_damaged: false,
        }
    }

    /// As an archive like any other.
    pub(in crate::extract) fn into_archive(self) -> ZipArchive<&'a mut Anywhere<'f>> {
        self.archive
    }

    pub(super) fn is_damaged(&self) -> bool {
        self.is_damaged
    }

    pub(in crate::extract) fn has(&self, name: &str) -> bool {
        self.archive.index_for_name(name).is_some()
    }

    pub(super) fn has_beginning(&self, beginning: &str) -> bool {
        self.names().any(|name| name.starts_with(beginning))
    }

    /// The names that contain `/folder`, in the order of their numbers: `slide2` before `slide10`.
    pub(super) fn parts_of(&self, folder: &str) -> Vec<String> {
        let in_folder = format!("/{folder}");
        let mut parts: Vec<String> = self
            .names()
            .filter(|name| name.contains(&in_folder) && !name.ends_with(['/']))
            .filter(|name| !name.contains("/_rels/"))
            .collect();
        parts.sort_by_key(|name| (name.len(), name.clone()));
        parts
    }

    /// The names at the top that begin so and are no folders.
    pub(super) fn top_parts_of(&self, beginning: &str) -> Vec<String> {
        let named = self.names().filter(|name| name.starts_with(beginning));
        named.filter(|name| !name.contains('/')).collect()
    }

    /// Reads an XML part, if it is there. An error is one of the disk or of a limit.
    pub(super) fn walk(
        &mut self,
        name: &str,
        reading: &mut Reading<'_>,
        visit: &mut dyn FnMut(Token<'_>, &mut Reading<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        self.read(name, reading, &mut |bytes, reading| {
            xml::walk(bytes, &mut |token| visit(token, reading))
        })
    }

    /// Reads a part of any sort, if it is there. An error is one of the disk or of a limit.
    pub(super) fn read(
        &mut self,
        name: &str,
        reading: &mut Reading<'_>,
        read: &mut dyn FnMut(&mut dyn BufRead, &mut Reading<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        let Some(index) = self.archive.index_for_name(name) else {
            return Ok(());
        };
        let Ok(mut part) = self.archive.by_index(index) else {
            self.is_damaged = true;
            return Ok(());
        };
        let mut bytes = BufReader::new(reading.part(&mut part));
        match read(&mut bytes, reading) {
            Err(error) if reading.is_over() => Err(error),
            Err(_) => {
                self.is_damaged = true;
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    /// Reads a part as a file inside the document.
    pub(super) fn member(&mut self, name: &str, reading: &mut Reading<'_>) -> io::Result<()> {
        let Some(index) = self.archive.index_for_name(name) else {
            return Ok(());
        };
        let Ok(mut part) = self.archive.by_index(index) else {
            self.is_damaged = true;
            return Ok(());
        };
        let size_bytes = part.size();
        let shown = name.rsplit('/').next().unwrap_or(name);
        reading.member(shown, &mut part as &mut dyn Read, Some(size_bytes))
    }

    /// What a part refers to.
    pub(super) fn relations_of(
        &mut self,
        part: &str,
        reading: &mut Reading<'_>,
    ) -> io::Result<Relations> {
        let mut relations = Relations::of(part);
        let name = relations.part();
        self.walk(&name, reading, &mut |token, _| {
            relations.token(&token);
            Ok(())
        })?;
        Ok(relations)
    }

    fn names(&self) -> impl Iterator<Item = String> {
        let names = self.archive.file_names();
        names.filter_map(|name| Some(name.ok()?.into_owned()))
    }
}
