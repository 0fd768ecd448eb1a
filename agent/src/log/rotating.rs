//! A file that is put aside when it is full: `agent.log`, and before it `agent.log.1`, `agent.log.2`…
//!
//! In: lines. Called by the log. The crates for this were tried on paper: tracing-appender turns by the hour and knows no
//! size, the others make files that every account may read.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::platform;

pub(super) struct Rotating {
    path: PathBuf,
    max_bytes: u64,
    /// The one that is written to among them.
    files: u32,
    file: File,
    size: u64,
}

impl Rotating {
    pub(super) fn open(folder: &Path, max_bytes: u64, files: u32) -> io::Result<Self> {
        platform::create_private_folder(folder)?;
        let path = folder.join("agent.log");
        let file = appended(&path)?;
        Ok(Self {
            size: file.metadata()?.len(),
            path,
            max_bytes,
            files,
            file,
        })
    }

    pub(super) fn write_line(&mut self, line: &[u8]) -> io::Result<()> {
        let size = line.len() as u64;
        if self.size > 0 && self.size + size > self.max_bytes {
            self.turn()?;
        }
        self.file.write_all(line)?;
        self.size += size;
        Ok(())
    }

    fn turn(&mut self) -> io::Result<()> {
        for number in (1..self.files).rev() {
            let younger = match number {
                1 => self.path.clone(),
                _ => self.numbered(number - 1),
            };
            match fs::rename(younger, self.numbered(number)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        self.file = platform::create_private_file(&self.path)?;
        self.size = 0;
        Ok(())
    }

    fn numbered(&self, number: u32) -> PathBuf {
        self.path.with_extension(format!("log.{number}"))
    }
}

fn appended(path: &Path) -> io::Result<File> {
    if !path.exists() {
        drop(platform::create_private_file(path)?);
    }
    OpenOptions::new().append(true).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(folder: &Path) -> Vec<(String, String)> {
        let mut texts: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                (name, fs::read_to_string(path).unwrap())
            })
            .collect();
        texts.sort();
        texts
    }

    fn expected(texts: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
        texts.iter().map(owned).collect()
    }

    #[test]
    fn the_oldest_goes_when_there_are_too_many() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = Rotating::open(folder.path(), 8, 3).unwrap();
        for line in ["one\n", "two\n", "three\n", "four\n", "five\n"] {
            log.write_line(line.as_bytes()).unwrap();
        }
        let left = [
            ("agent.log", "five\n"),
            ("agent.log.1", "four\n"),
            ("agent.log.2", "three\n"),
        ];
        assert_eq!(texts(folder.path()), expected(&left));
    }

    #[test]
    fn a_new_start_goes_on_in_the_same_file_and_a_long_line_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        for line in ["a\n", "b\n", "a line that is too long\n"] {
            let mut log = Rotating::open(folder.path(), 8, 2).unwrap();
            log.write_line(line.as_bytes()).unwrap();
        }
        let left = [
            ("agent.log", "a line that is too long\n"),
            ("agent.log.1", "a\nb\n"),
        ];
        assert_eq!(texts(folder.path()), expected(&left));
    }
}
