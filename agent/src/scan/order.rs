//! In which order the files of a root are told: what is known at once, the others later, the newest first.
//!
//! Somebody who looks at a first scan after an hour sees the files that people work with, not those of 1998.

use std::path::PathBuf;

use super::ScannedFile;
use super::walk::{Found, Step, Walk};
use crate::platform;

/// Files that wait while the walk goes on; some megabytes. The order is that within so many.
pub(super) const MOST_WAITING: usize = 20_000;

pub(super) enum Next {
    Folder(PathBuf),
    /// Nothing has to be read.
    Told(Vec<ScannedFile>),
    Read(Found),
}

pub(super) struct Order<'o> {
    pub(super) walk: Walk<'o>,
    /// Those to be read; while they are given, the newest last.
    waiting: Vec<Found>,
    most_waiting: usize,
    is_giving: bool,
}

impl<'o> Order<'o> {
    /// With `most_waiting` of one, files are read in the order of the walk.
    pub(super) fn new(walk: Walk<'o>, most_waiting: usize) -> Self {
        Self {
            walk,
            waiting: Vec::new(),
            most_waiting,
            is_giving: false,
        }
    }

    /// `recall` tells what is known of a file, if it is.
    pub(super) fn next(
        &mut self,
        mut recall: impl FnMut(&Found) -> Option<Vec<ScannedFile>>,
    ) -> Option<Next> {
        loop {
            if self.is_giving {
                if let Some(found) = self.waiting.pop() {
                    return Some(Next::Read(found));
                }
                self.is_giving = false;
            }
            match self.walk.next_step() {
                Some(Step::Folder(path)) => return Some(Next::Folder(path)),
                Some(Step::Judged(file)) => return Some(Next::Told(vec![*file])),
                Some(Step::Read(found)) => match recall(&found) {
                    Some(files) => return Some(Next::Told(files)),
                    None => self.waiting.push(found),
                },
                None if self.waiting.is_empty() => return None,
                None => self.give(),
            }
            if self.waiting.len() >= self.most_waiting {
                self.give();
            }
        }
    }

    fn give(&mut self) {
        self.is_giving = true;
        self.waiting
            .sort_by_key(|found| platform::modified_at(&found.metadata));
    }
}
