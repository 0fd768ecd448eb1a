//! RAR, 1.5 to 4 and 5: the names of the files inside, which can be those of people, and the files that were stored without
//! compression. What was compressed is told and not read: the one decoder that there is (unrar) may not be used to write
//! another, and its licence is no free one.
//!
//! After the technical notes that are published with WinRAR: `TECHNOTE.TXT` of 4.20 and « RAR 5.0 archive format ».

mod five;
mod old;

use std::io::{self, Read, Seek, SeekFrom};

use super::unseen;
use crate::extract::reading::Reading;
use crate::extract::source::Anywhere;
use crate::extract::{Coverage, Outcome};

pub(in crate::extract) const MEDIA_TYPE: &str = "application/vnd.rar";
const OLD: &[u8] = b"Rar!\x1a\x07\0";
const FIVE: &[u8] = b"Rar!\x1a\x07\x01\0";

/// A block of an archive, as far as it matters.
enum Block {
    File(Entry),
    /// The names are locked too.
    Locked,
    End,
    Other,
}

/// A file inside.
struct Entry {
    name: String,
    size_bytes: u64,
    is_folder: bool,
    is_locked: bool,
    /// Neither compressed nor continued in another volume.
    is_stored: bool,
}

pub(in crate::extract) fn is_rar(head: &[u8]) -> bool {
    head.starts_with(OLD) || head.starts_with(FIVE)
}

pub(in crate::extract) fn extract(
    mut file: Anywhere<'_>,
    reading: &mut Reading<'_>,
) -> io::Result<Outcome<'static>> {
    let mut archive = Archive::default();
    let coverage = match archive.read(&mut file, reading) {
        Err(error) if reading.is_over() => return Err(error),
        Err(_) => Coverage::Damaged,
        Ok(coverage) => coverage,
    };
    archive.give_names(reading);
    Ok(Outcome {
        media_type: MEDIA_TYPE,
        coverage,
    })
}

/// What was met so far.
#[derive(Default)]
struct Archive {
    names: String,
    files: u64,
    locked: u64,
    compressed: u64,
}

impl Archive {
    fn read(&mut self, file: &mut Anywhere<'_>, reading: &mut Reading<'_>) -> io::Result<Coverage> {
        let end = file.seek(SeekFrom::End(0))?;
        let mut start = [0; 8];
        file.rewind()?;
        file.read_exact(&mut start)?;
        let is_five = start.starts_with(FIVE);
        let signature = if is_five { FIVE } else { OLD };
        let mut at = u64::try_from(signature.len()).unwrap_or(u64::MAX);
        let mut has_end = false;
        while at < end {
            file.seek(SeekFrom::Start(at))?;
            let (block, content, next) = if is_five {
                five::block(file, at)?
            } else {
                old::block(file, at)?
            };
            match block {
                Block::End => {
                    has_end = true;
                    break;
                }
                Block::Locked => return Ok(Coverage::Encrypted),
                Block::File(entry) => {
                    file.seek(SeekFrom::Start(content))?;
                    let length = next.saturating_sub(content);
                    self.entry(&entry, &mut file.take(length), reading)?;
                }
                Block::Other => {}
            }
            at = next;
        }
        Ok(if self.files > 0 && self.locked == self.files {
            Coverage::Encrypted
        } else if !has_end && at > end {
            Coverage::Damaged
        } else if self.compressed > 0 {
            Coverage::Unsupported
        } else {
            Coverage::Whole
        })
    }

    fn entry(
        &mut self,
        entry: &Entry,
        content: &mut dyn Read,
        reading: &mut Reading<'_>,
    ) -> io::Result<()> {
        // What is too much in memory is not kept twice; the members bear their names.
        if self.names.len() < MOST_NAMES_BYTES {
            self.names.push_str(&entry.name);
            self.names.push('\n');
        }
        if entry.is_folder {
            return Ok(());
        }
        self.files += 1;
        if entry.is_locked {
            self.locked += 1;
            return reading.unread_member(
                &entry.name,
                &unseen(Coverage::Encrypted),
                entry.size_bytes,
            );
        }
        if entry.is_stored {
            return reading.member(&entry.name, content, Some(entry.size_bytes));
        }
        self.compressed += 1;
        reading.unread_member(
            &entry.name,
            &unseen(Coverage::Unsupported),
            entry.size_bytes,
        )
    }

    fn give_names(&self, reading: &mut Reading<'_>) {
        if !self.names.is_empty() {
            reading
                .receiver
                .begin_text(Some("noms des fichiers de l'archive"));
            reading.receiver.text(&self.names);
        }
    }
}

const MOST_NAMES_BYTES: usize = 4 * 1024 * 1024;

#[cfg(test)]
mod tests;
