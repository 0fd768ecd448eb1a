//! Writing for a terminal or a pipe.

use std::io;

/// Whether the reader of our output went away (`| head`).
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

/// A name from a disk, without the control characters that would play with the terminal.
pub(crate) fn printable(name: &str) -> String {
    name.chars()
        .map(|letter| {
            if letter.is_control() {
                char::REPLACEMENT_CHARACTER
            } else {
                letter
            }
        })
        .collect()
}

/// A size as a French reader expects it.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["Kio", "Mio", "Gio", "Tio"];
    let mut tenths = bytes.saturating_mul(10);
    let mut unit = "o";
    for larger in UNITS {
        if tenths < 10 * 1024 {
            break;
        }
        tenths /= 1024;
        unit = larger;
    }
    if tenths.is_multiple_of(10) || tenths >= 1000 {
        return format!("{} {unit}", tenths / 10);
    }
    format!("{},{} {unit}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short_and_french() {
        assert_eq!(size(0), "0 o");
        assert_eq!(size(1023), "1023 o");
        assert_eq!(size(1536), "1,5 Kio");
        assert_eq!(size(150 * 1024), "150 Kio");
        assert_eq!(size(2 * 1024 * 1024 * 1024), "2 Gio");
    }

    #[test]
    fn a_name_cannot_play_with_the_terminal() {
        assert_eq!(printable("a\u{1b}[2Jb\n"), "a\u{fffd}[2Jb\u{fffd}");
    }
}
