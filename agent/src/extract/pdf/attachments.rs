//! The files that a PDF carries: attached to the document, or pinned to a page.

use std::io;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, Object, Stream};
use hayro_syntax::page::Page;
use rustc_hash::FxHashSet;

use super::notes;
use super::{streams, strings};
use crate::extract::reading::Reading;
use crate::extract::{Coverage, Outcome};

/// Of the tree of names.
const MAX_DEPTH: usize = 32;

/// The files met so far; one that is named twice is read once.
#[derive(Default)]
pub(super) struct Attachments<'p> {
    files: Vec<(String, Stream<'p>)>,
    met: FxHashSet<(usize, usize)>,
}

impl<'p> Attachments<'p> {
    pub(super) fn of_page(&mut self, page: &Page<'p>) {
        for annotation in notes::on_page(page) {
            if notes::is(&annotation, b"FileAttachment") {
                annotation
                    .get::<Dict<'p>>("FS")
                    .into_iter()
                    .for_each(|file| self.add(&file));
            }
        }
    }

    pub(super) fn of_document(&mut self, pdf: &'p Pdf) {
        let Some(catalog) = pdf.xref().get::<Dict<'p>>(pdf.xref().root_id()) else {
            return;
        };
        let names = catalog.get::<Dict<'p>>("Names");
        if let Some(tree) = names.and_then(|names| names.get::<Dict<'p>>("EmbeddedFiles")) {
            self.of_tree(tree);
        }
        if let Some(files) = catalog.get::<Array<'p>>("AF") {
            for file in files.iter::<Dict<'p>>() {
                self.add(&file);
            }
        }
    }

    fn of_tree(&mut self, root: Dict<'p>) {
        let mut nodes = FxHashSet::default();
        let mut waiting = vec![(root, 0)];
        while let Some((node, depth)) = waiting.pop() {
            if depth > MAX_DEPTH || !nodes.insert(node.data().as_ptr().addr()) {
                continue;
            }
            if let Some(pairs) = node.get::<Array<'p>>("Names") {
                for file in pairs.iter::<Object<'p>>().filter_map(Object::into_dict) {
                    self.add(&file);
                }
            }
            if let Some(kids) = node.get::<Array<'p>>("Kids") {
                waiting.extend(kids.iter::<Dict<'p>>().map(|kid| (kid, depth + 1)));
            }
        }
    }

    fn add(&mut self, file: &Dict<'p>) {
        let Some(contents) = file.get::<Dict<'p>>("EF") else {
            return;
        };
        let stream = ["UF", "F", "Unix", "DOS", "Mac"]
            .iter()
            .find_map(|key| contents.get::<Stream<'p>>(key));
        let Some(stream) = stream else {
            return;
        };
        let place = stream.dict().data();
        if !self.met.insert((place.as_ptr().addr(), place.len())) {
            return;
        }
        let name = ["UF", "F", "Desc"]
            .iter()
            .find_map(|key| strings::text(file, key))
            .unwrap_or_else(|| format!("pièce jointe {}", self.files.len() + 1));
        self.files.push((name, stream));
    }

    pub(super) fn extract(self, reading: &mut Reading<'_>) -> io::Result<()> {
        for (name, stream) in self.files {
            let is_read = streams::give(&stream, &mut |bytes| reading.member(&name, bytes, None))?;
            if !is_read {
                let damaged = Outcome {
                    media_type: "application/octet-stream",
                    coverage: Coverage::Damaged,
                };
                reading.unread_member(&name, &damaged, 0)?;
            }
        }
        Ok(())
    }
}
