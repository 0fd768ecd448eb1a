//! Paths in 16-bit units: as Windows must be given them so that every file can be named, and as people name them.
//!
//! In the form `\\?\C:\…`, Windows takes names as they are: longer than 260 characters, reserved ones (`NUL`,
//! `COM1.txt`), with a dot or a blank at their end. Shares are `\\?\UNC\server\share\…`. Units need not be text: an
//! unpaired surrogate is shown as `<U+D83D>`, which no file can be named, since `<` is forbidden.

use std::fmt::Write;

const VERBATIM: &str = r"\\?\";
const VERBATIM_SHARE: &str = r"\\?\UNC\";
const SHARE: &str = r"\\";
const DEVICE: &str = r"\\.\";

/// A whole path, its folders separated by `\`, in the form that Windows takes as it is.
pub(in crate::platform) fn verbatim(path: &[u16]) -> Vec<u16> {
    if starts_with(path, VERBATIM) || starts_with(path, DEVICE) {
        return path.to_vec();
    }
    match without(path, SHARE) {
        Some(rest) => with(VERBATIM_SHARE, rest),
        None => with(VERBATIM, path),
    }
}

/// The same path as people name it; none when it is that already, or has no other name (`\\?\Volume{…}\`).
pub(in crate::platform) fn named(path: &[u16]) -> Option<Vec<u16>> {
    if let Some(rest) = without(path, VERBATIM_SHARE) {
        return Some(with(SHARE, rest));
    }
    let rest = without(path, VERBATIM)?;
    (rest.get(1) == Some(&u16::from(b':'))).then(|| rest.to_vec())
}

/// A path as text; two files never share one.
pub(in crate::platform) fn text(path: &[u16]) -> String {
    let shorter = named(path);
    let units = shorter.as_deref().unwrap_or(path);
    let mut text = String::new();
    for letter in char::decode_utf16(units.iter().copied()) {
        match letter {
            Ok('/') => text.push('\\'),
            Ok(letter) => text.push(letter),
            Err(alone) => {
                let _ = write!(text, "<U+{:04X}>", alone.unpaired_surrogate());
            }
        }
    }
    text
}

fn starts_with(path: &[u16], prefix: &str) -> bool {
    without(path, prefix).is_some()
}

fn without<'u>(units: &'u [u16], prefix: &str) -> Option<&'u [u16]> {
    let prefix: Vec<u16> = prefix.encode_utf16().collect();
    units.strip_prefix(prefix.as_slice())
}

fn with(prefix: &str, rest: &[u16]) -> Vec<u16> {
    prefix.encode_utf16().chain(rest.iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(text: &str) -> Vec<u16> {
        text.encode_utf16().collect()
    }

    #[test]
    fn a_path_is_taken_as_it_is_and_named_as_people_do() {
        for (named_by_people, taken) in [
            (r"D:\Partage\NUL", r"\\?\D:\Partage\NUL"),
            (r"\\serveur\partage\été.", r"\\?\UNC\serveur\partage\été."),
            (r"\\?\Volume{1}\a", r"\\?\Volume{1}\a"),
            (r"\\.\COM1", r"\\.\COM1"),
        ] {
            assert_eq!(verbatim(&units(named_by_people)), units(taken));
            assert_eq!(verbatim(&units(taken)), units(taken));
            assert_eq!(text(&units(taken)), named_by_people);
            assert_eq!(text(&units(named_by_people)), named_by_people);
        }
        assert_eq!(text(&units("C:/Partage/a")), r"C:\Partage\a");
    }

    #[test]
    fn names_that_are_not_text_stay_distinct() {
        let mut whole = units("a😀");
        assert_eq!(text(&whole), "a😀");
        whole.pop();
        assert_eq!(text(&whole), "a<U+D83D>");
        assert_eq!(text(&[0xd83e]), "<U+D83E>");
        assert_eq!(text(&[0xde00, 0xd83d]), "<U+DE00><U+D83D>");
    }
}
