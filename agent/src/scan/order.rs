//! In which order the files of a root are told: what is known at once, the others later, the newest first.
//!
//! What another program holds open is tried once more when all the rest was told: most programs hold a file for a moment.
//!
//! Somebody who looks at a first scan after an hour sees the files that people work with, not those of 1998.

use std::path::PathBuf;

use super::ScannedFile;
use super::walk::{Found, Step, Walk};
use crate::platform;

/// Files that wait while the walk goes on; some megabytes. The order is that within so many.
pub(super) const MOST_WAITING: usize = 20_000;
/// Files held by other programs that are tried again; a share has some dozens open.
const MOST_HELD: usize = 1_000;

pub(super) enum Next {
    Folder(PathBuf),
    /// Nothing has to be read.
    Told(Vec<ScannedFile>),
    Read(Found),
    /// The same, for the last time.
    ReadAgain(Found),
}

pub(super) struct Order<'o> {
    pub(super) walk: Walk<'o>,
    /// Those to be read; while they are given, the newest last.
    waiting: Vec<Found>,
    most_waiting: usize,
    is_giving: bool,
    held: Vec<Found>,
}

impl<'o> Order<'o> {
    /// With `most_waiting` of one, files are read in the order of the walk.
    pub(super) fn new(walk: Walk<'o>, most_waiting: usize) -> Self {
        Self {
            walk,
            waiting: Vec::new(),
            most_waiting,
            is_giving: false,
            held: Vec::new(),
        }
    }

    /// Another program holds the file: it comes again at the end; or not, when there are too many.
    pub(super) fn try_again(&mut self, found: &Found) -> bool {
        let has_room = self.held.len() < MOST_HELD;
        if has_room {
            self.held.push(found.clone());
        }
        has_room
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
                None if self.waiting.is_empty() => return self.held.pop().map(Next::ReadAgain),
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

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::Exclusions;
    use super::*;

    #[test]
    fn what_is_held_comes_again_after_all_the_rest_and_once() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.txt", "b.txt", "c.txt"] {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        let exclusions = Exclusions::new(&[], true, None).unwrap();
        let walk = Walk::start(folder.path(), &exclusions).unwrap();
        let mut order = Order::new(walk, 1);
        let mut told = Vec::new();
        while let Some(next) = order.next(|_| None) {
            let (found, is_last) = match next {
                Next::Read(found) => (found, false),
                Next::ReadAgain(found) => (found, true),
                Next::Folder(_) | Next::Told(_) => continue,
            };
            let name = found.path.file_name().unwrap().to_str().unwrap().to_owned();
            if name == "a.txt" && !is_last {
                assert!(order.try_again(&found));
            }
            told.push((name, is_last));
        }
        let expected = [
            ("a.txt", false),
            ("b.txt", false),
            ("c.txt", false),
            ("a.txt", true),
        ];
        assert_eq!(
            told,
            expected.map(|(name, is_last)| (name.to_owned(), is_last))
        );
    }
}
