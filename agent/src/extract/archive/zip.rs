//! Zip: the members that its directory names, in their order; or the document that they are the parts of.
//!
//! A directory that was cut off costs the sizes and what follows the cut, no more. A member under a password is told as such; when all of them are, so is the archive. Names are those that a person sees
//! (UTF-8, or the DOS code page of old archives).

use std::io::{self, Seek};

use zip::ZipArchive;
use zip::read::read_zipfile_from_stream;
use zip::result::ZipError;

use super::unseen;
use crate::extract::office::Package;
use crate::extract::reading::Reading;
use crate::extract::source::Anywhere;
use crate::extract::{Coverage, Outcome, office};

pub(in crate::extract) fn extract(
    mut file: Anywhere<'_>,
    first_names_say: &'static str,
    reading: &mut Reading<'_>,
) -> io::Result<Outcome<'static>> {
    match ZipArchive::new(&mut file) {
        Ok(archive) => {
            let package = Package::new(archive);
            match office::Kind::of(&package, first_names_say) {
                Some(kind) => office::extract(kind, package, reading),
                None => directory(package.into_archive(), reading),
            }
        }
        Err(_) => {
            file.rewind()?;
            let coverage = torn(&mut file, reading)?;
            Ok(Outcome {
                media_type: first_names_say,
                coverage,
            })
        }
    }
}

fn directory(
    mut archive: ZipArchive<&mut Anywhere<'_>>,
    reading: &mut Reading<'_>,
) -> io::Result<Outcome<'static>> {
    let directory = archive.metadata();
    let entries =
        || (0..directory.len()).filter_map(|rank| Some((rank, directory.entry(rank).ok()?)));
    let files = entries().filter(|(_, entry)| !entry.is_dir()).count();
    let locked = entries().filter(|(_, entry)| entry.encrypted()).count();
    if locked > 0 && locked == files {
        return Ok(outcome(Coverage::Encrypted));
    }
    for (rank, entry) in entries() {
        if entry.is_dir() {
            continue;
        }
        // Every name is one in the DOS code page at least.
        let name = entry.name().unwrap_or_default();
        if entry.encrypted() {
            reading.unread_member(&name, &unseen(Coverage::Encrypted), entry.size())?;
            continue;
        }
        match archive.by_index(rank) {
            Ok(mut member) => reading.member(&name, &mut member, Some(entry.size()))?,
            Err(ZipError::CompressionMethodNotSupported(_)) => {
                reading.unread_member(&name, &unseen(Coverage::Unsupported), entry.size())?;
            }
            Err(_) => reading.unread_member(&name, &unseen(Coverage::Damaged), entry.size())?,
        }
    }
    Ok(outcome(Coverage::Whole))
}

/// An archive without its directory, which stands at the end: a download that was cut. What precedes the cut is read.
fn torn(file: &mut Anywhere<'_>, reading: &mut Reading<'_>) -> io::Result<Coverage> {
    loop {
        match read_zipfile_from_stream(file) {
            Ok(Some(mut member)) if !member.is_dir() => {
                let name = member.name().unwrap_or_default().into_owned();
                reading.member(&name, &mut member, None)?;
            }
            Ok(Some(_)) => {}
            Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => {
                return Ok(Coverage::Encrypted);
            }
            Ok(None) | Err(_) => return Ok(Coverage::Damaged),
        }
    }
}

fn outcome(coverage: Coverage) -> Outcome<'static> {
    Outcome {
        media_type: "application/zip",
        coverage,
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::write::{SimpleFileOptions, ZipWriter};

    use super::*;
    use crate::extract::tests::{extract, extract_within};
    use crate::extract::{Limit, Limits};

    #[test]
    fn members_are_told_by_their_content() {
        let inner = archive(&[("liste.csv", b"nom;tel\nDurand;06\nMartin;07\n")]);
        let outer = archive(&[("photo.csv", b"\x89PNG\r\n\x1a\n"), ("dépôt.zip", &inner)]);
        let (outcome, heard) = extract(&outer);
        assert_eq!(outcome.coverage, Coverage::Whole);
        assert_eq!(heard.members, ["photo.csv", "dépôt.zip", "liste.csv"]);
        assert_eq!(heard.rows.len(), 3);
        assert_eq!(
            heard.outcomes,
            [
                ("image/png".to_owned(), Coverage::Picture, 8),
                ("text/csv".to_owned(), Coverage::Whole, 28),
                ("application/zip".to_owned(), Coverage::Whole, wide(&inner)),
            ]
        );
    }

    #[test]
    fn a_member_under_a_password_is_told_and_the_others_are_read() {
        let mut bytes = archive(&[("secret.txt", b"abc"), ("note.txt", b"bonjour")]);
        lock_first(&mut bytes);
        let (outcome, heard) = extract(&bytes);
        assert_eq!(outcome.coverage, Coverage::Whole);
        assert_eq!(heard.text, "bonjour");
        assert_eq!(heard.outcomes[0].1, Coverage::Encrypted);

        let mut bytes = archive(&[("secret.txt", b"abc")]);
        lock_first(&mut bytes);
        assert_eq!(extract(&bytes).0.coverage, Coverage::Encrypted);
    }

    #[test]
    fn a_bomb_stops_at_what_its_size_allows() {
        let limits = Limits {
            expanded_floor_bytes: 1000,
            ratio: 2,
            ..Limits::default()
        };
        let bytes = archive(&[
            ("a.txt", b"bonjour"),
            ("b.txt", &[b'x'; 1 << 20]),
            ("c.txt", b"fin"),
        ]);
        let (outcome, heard) = extract_within(&bytes, limits);
        assert_eq!(outcome.coverage, Coverage::Limited(Limit::Expansion));
        assert!(heard.text.starts_with("bonjour"));
        assert!(heard.text.len() < 70_000, "{}", heard.text.len());
        assert_eq!(heard.members, ["a.txt", "b.txt"]);
    }

    #[test]
    fn too_many_members_or_too_deep_ones_are_told() {
        let limits = Limits {
            entries: 2,
            ..Limits::default()
        };
        let bytes = archive(&[("a", b"a"), ("b", b"b"), ("c", b"c")]);
        let (outcome, heard) = extract_within(&bytes, limits);
        let coverage = Coverage::Limited(Limit::Entries { read: 2 });
        assert_eq!((outcome.coverage, heard.members.len()), (coverage, 2));

        let nested = (0..8).fold(b"fond".to_vec(), |inner, _| archive(&[("a.zip", &inner)]));
        let (_, heard) = extract(&nested);
        assert_eq!(heard.outcomes[0].1, Coverage::TooDeep);
        assert_eq!(heard.text, "");
    }

    #[test]
    fn a_member_too_large_to_be_held_is_told() {
        let limits = Limits {
            held_bytes: 100,
            ..Limits::default()
        };
        let inner = archive(&[("a.txt", b"abcdefghijkl")]);
        let outer = archive(&[("a.zip", &inner), ("b.txt", b"bonjour")]);
        let (outcome, heard) = extract_within(&outer, limits);
        assert_eq!(outcome.coverage, Coverage::Whole);
        assert_eq!(heard.outcomes[0].1, Coverage::Limited(Limit::Held));
        assert_eq!(heard.text, "bonjour");
    }

    #[test]
    fn a_member_that_is_damaged_costs_itself_only() {
        let mut bytes = archive(&[("a.txt", b"bonjour bonjour"), ("b.txt", b"merci")]);
        let place = bytes.windows(5).position(|part| part == b"a.txt").unwrap() + 5;
        bytes[place..place + 6].fill(0xff);
        let (outcome, heard) = extract(&bytes);
        assert_eq!(outcome.coverage, Coverage::Whole);
        assert_eq!(heard.outcomes[0].1, Coverage::Damaged);
        assert!(heard.text.ends_with("merci"), "{}", heard.text);
    }

    #[test]
    fn an_archive_cut_short_gives_what_precedes() {
        let bytes = archive(&[("a.txt", b"bonjour"), ("b.txt", &[b'x'; 5000])]);
        let cut = bytes.windows(4).position(|part| part == b"PK\x01\x02");
        let (outcome, heard) = extract(&bytes[..cut.unwrap()]);
        assert_eq!(outcome.coverage, Coverage::Damaged);
        assert_eq!(heard.members, ["a.txt", "b.txt"]);
        assert!(heard.text.starts_with("bonjour"));
    }

    fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in members {
            writer
                .start_file(*name, SimpleFileOptions::default())
                .unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    /// Sets the bit that says so, in the local header and in the directory.
    fn lock_first(bytes: &mut [u8]) {
        let directory = bytes.windows(4).position(|part| part == b"PK\x01\x02");
        bytes[6] |= 1;
        bytes[directory.unwrap() + 8] |= 1;
    }

    fn wide(bytes: &[u8]) -> u64 {
        u64::try_from(bytes.len()).unwrap()
    }
}
