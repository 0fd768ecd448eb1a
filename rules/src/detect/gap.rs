//! What people and programs put between the groups of a number: spaces of all kinds, dots, dashes, slashes, and the
//! escapes under which those travel in HTML, JSON, URLs and quoted-printable mail.

/// What stands between two symbols of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    Space,
    Dot,
    Dash,
    Slash,
    /// A line ends here.
    Line,
    /// Nothing for a reader: soft hyphen, zero-width mark, quoted-printable soft break.
    Nothing,
}

/// How people write « (0) » in +33 (0)6.
const TRUNK_ZERO: &[u8] = b"(0)";

/// The gap that begins at `at`, and where it ends; none when another sort of text follows.
pub(super) fn gap(bytes: &[u8], at: usize, lines: bool) -> Option<(Gap, usize)> {
    let (mut gap, mut end) = atom(bytes, at, lines)?;
    // Most gaps are one atom before a digit or a letter.
    if bytes.get(end).is_some_and(u8::is_ascii_alphanumeric) {
        return Some((gap, end));
    }
    let (mut last, mut spaces) = (gap, 1);
    // « 06 - 12 », « +33 (0) 6 », a soft break after a space, an indented second line: one gap of several atoms. Two spaces
    // set a key apart, more begin another column.
    for _ in 0..MOST_ATOMS {
        let Some((next, next_end)) = atom(bytes, end, lines) else {
            break;
        };
        gap = match (gap, next) {
            (Gap::Line, Gap::Space | Gap::Line) | (Gap::Space | Gap::Dash, Gap::Line) => Gap::Line,
            (Gap::Space, Gap::Space) if last == Gap::Space => {
                spaces += 1;
                if spaces > 2 {
                    return None;
                }
                Gap::Space
            }
            (one, Gap::Nothing | Gap::Space) if one != Gap::Nothing => one,
            (Gap::Nothing | Gap::Space, other) => other,
            _ => return None,
        };
        last = next;
        end = next_end;
    }
    Some((gap, end))
}

const MOST_ATOMS: usize = 6;

fn atom(bytes: &[u8], at: usize, lines: bool) -> Option<(Gap, usize)> {
    let rest = bytes.get(at..)?;
    let (gap, length) = match rest {
        [b' ', ..] => (Gap::Space, 1),
        [b'.', ..] => (Gap::Dot, 1),
        [b'-', ..] => (Gap::Dash, 1),
        [b'/', ..] => (Gap::Slash, 1),
        [b'\r', b'\n', ..] if lines => (Gap::Line, 2),
        [b'\n', ..] if lines => (Gap::Line, 1),
        [b'\t', ..] if lines => (Gap::Space, 1),
        [b'(', ..] if rest.starts_with(TRUNK_ZERO) => (Gap::Nothing, TRUNK_ZERO.len()),
        // « (+33) 6 12… », « (02) 61… ».
        [b')', ..] => (Gap::Nothing, 1),
        [0xc2, 0xa0, ..] => (Gap::Space, 2),
        [0xc2, 0xad, ..] => (Gap::Nothing, 2),
        [0xe2, 0x80, third, ..] => match third {
            0x80..=0x8a | 0xaf => (Gap::Space, 3),
            0x90..=0x95 => (Gap::Dash, 3),
            0x8b..=0x8f => (Gap::Nothing, 3),
            _ => return None,
        },
        [0xe2, 0x81, 0x9f, ..] => (Gap::Space, 3),
        [0xe2, 0x81, 0xa0, ..] | [0xef, 0xbb, 0xbf, ..] => (Gap::Nothing, 3),
        [0xe2, 0x88, 0x92, ..] => (Gap::Dash, 3),
        [b'&' | b'\\' | b'=' | b'%', ..] => escape(rest)?,
        _ => return None,
    };
    Some((gap, at + length))
}

/// Escapes, the lower-case form of their letters.
const ESCAPES: &[(&[u8], Gap)] = &[
    (b"&nbsp;", Gap::Space),
    (b"&#160;", Gap::Space),
    (b"&#xa0;", Gap::Space),
    (b"&#8239;", Gap::Space),
    (b"&#x202f;", Gap::Space),
    (b"&thinsp;", Gap::Space),
    (b"&#8201;", Gap::Space),
    (b"&#x2009;", Gap::Space),
    (b"&#32;", Gap::Space),
    (b"&#x20;", Gap::Space),
    (b"&ensp;", Gap::Space),
    (b"&shy;", Gap::Nothing),
    (b"&#173;", Gap::Nothing),
    (b"&#8209;", Gap::Dash),
    (b"&ndash;", Gap::Dash),
    (b"&#45;", Gap::Dash),
    (b"&#46;", Gap::Dot),
    (b"\\u00a0", Gap::Space),
    (b"\\u202f", Gap::Space),
    (b"\\u2009", Gap::Space),
    (b"\\u2007", Gap::Space),
    (b"\\u0020", Gap::Space),
    (b"\\u2011", Gap::Dash),
    (b"\\xa0", Gap::Space),
    (b"=c2=a0", Gap::Space),
    (b"=e2=80=af", Gap::Space),
    (b"=e2=80=89", Gap::Space),
    (b"=e2=80=87", Gap::Space),
    (b"=a0", Gap::Space),
    (b"=20", Gap::Space),
    (b"=2e", Gap::Dot),
    (b"=2d", Gap::Dash),
    (b"=\r\n", Gap::Nothing),
    (b"=\n", Gap::Nothing),
    (b"%c2%a0", Gap::Space),
    (b"%e2%80%af", Gap::Space),
    (b"%e2%80%89", Gap::Space),
    (b"%a0", Gap::Space),
    (b"%20", Gap::Space),
];

fn escape(rest: &[u8]) -> Option<(Gap, usize)> {
    ESCAPES.iter().find_map(|(written, gap)| {
        let head = rest.get(..written.len())?;
        head.eq_ignore_ascii_case(written)
            .then_some((*gap, written.len()))
    })
}

/// The length of the escape that ends at `end` with digits or letters (`\u00a0`, `=A0`, `%20`): what follows it is the
/// beginning of a value, although a letter or a digit stands before.
pub(super) fn escape_before(bytes: &[u8], end: usize) -> Option<usize> {
    let before = bytes.get(..end)?;
    if !may_end_escape(before) {
        return None;
    }
    ESCAPES.iter().find_map(|(written, _)| {
        let ends_open = written.last().is_some_and(u8::is_ascii_alphanumeric);
        let tail = before.get(before.len().checked_sub(written.len())?..)?;
        (ends_open && tail.eq_ignore_ascii_case(written)).then_some(written.len())
    })
}

/// Whether an escape may end here: almost nothing looks like that, and the list is long.
fn may_end_escape(before: &[u8]) -> bool {
    let back = |distance: usize| before.iter().nth_back(distance - 1);
    match before.last() {
        Some(b';') => before.iter().rev().take(9).any(|byte| *byte == b'&'),
        _ => {
            matches!(back(3), Some(b'=' | b'%'))
                || back(4) == Some(&b'\\')
                || back(6) == Some(&b'\\')
        }
    }
}

/// Where the value begins, when the number at `at` begins with the end of an escape: `\u00a0185…`, `\u2009185…`, `=89185…`.
pub(super) fn value_after_escape(bytes: &[u8], at: usize) -> Option<usize> {
    let value = match (
        at.checked_sub(1).and_then(|before| bytes.get(before))?,
        bytes.get(at)?,
    ) {
        (b'a' | b'A', b'0') => at + 1,
        (b'%' | b'=', b'2' | b'8') => at + 2,
        (b'u' | b'U', b'2' | b'0') => at + 4,
        _ => return None,
    };
    bytes.get(value)?.is_ascii_digit().then_some(())?;
    escape_before(bytes, value).map(|_| value)
}

/// Where the text before a gap of one character, escaped or not, ends, when such a gap ends at `end`.
pub(super) fn start_of_gap(bytes: &[u8], end: usize) -> Option<usize> {
    let before = bytes.get(..end)?;
    let escaped = || {
        ESCAPES
            .iter()
            .map(|(written, _)| written.len())
            .find(|length| {
                before.len().checked_sub(*length).is_some_and(|start| {
                    escape(before.get(start..).unwrap_or_default())
                        .is_some_and(|(_, read)| read == *length)
                })
            })
    };
    let length = match before {
        [.., b' ' | b'-' | b'.'] => 1,
        [.., last] if last.is_ascii_alphanumeric() || *last == b';' => {
            may_end_escape(before).then(escaped)??
        }
        [.., last] if last.is_ascii() => return None,
        _ => space_before(bytes, end)?,
    };
    Some(end - length)
}

/// The length of the typographic space or dash that ends at `end`.
pub(super) fn space_before(bytes: &[u8], end: usize) -> Option<usize> {
    [2, 3].into_iter().find(|length| {
        end.checked_sub(*length)
            .and_then(|start| atom(bytes, start, false))
            .is_some_and(|(gap, read)| read == end && matches!(gap, Gap::Space | Gap::Dash))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str) -> Option<Gap> {
        let (gap, end) = gap(text.as_bytes(), 0, true)?;
        (end == text.len()).then_some(gap)
    }

    #[test]
    fn knows_spaces_however_they_are_written() {
        for text in [
            " ", "\u{a0}", "\u{202f}", "\u{2009}", "&nbsp;", "&#xA0;", "\\u00A0", "\\u202f",
            "=C2=A0", "=A0", "%20", " =\r\n",
        ] {
            assert_eq!(whole(text), Some(Gap::Space), "{text:?}");
        }
    }

    #[test]
    fn one_gap_may_have_several_atoms() {
        assert_eq!(whole(" - "), Some(Gap::Dash));
        assert_eq!(whole("=\n"), Some(Gap::Nothing));
        assert_eq!(whole(" (0) "), Some(Gap::Space));
        assert_eq!(whole(") "), Some(Gap::Space));
        assert_eq!(whole("\r\n    "), Some(Gap::Line));
        assert_eq!(whole("-\n"), Some(Gap::Line));
        assert_eq!(whole("  "), Some(Gap::Space));
        assert_eq!(whole("   "), None);
        assert_eq!(whole(". ."), None);
    }

    #[test]
    fn finds_what_stands_before_a_gap() {
        for gap in [
            " ", "-", "\u{a0}", "\u{202f}", "\u{2011}", "&nbsp;", "\\u00a0", "=C2=A0", "%20",
        ] {
            let text = format!("AB{gap}");
            assert_eq!(
                start_of_gap(text.as_bytes(), text.len()),
                Some(2),
                "{gap:?}"
            );
        }
        for text in ["AB", "AB0", "AB;", "é", ""] {
            assert_eq!(start_of_gap(text.as_bytes(), text.len()), None, "{text:?}");
        }
    }

    #[test]
    fn every_escape_may_end() {
        for (written, _) in ESCAPES {
            assert!(
                may_end_escape(written) || written.ends_with(b"\n"),
                "{written:?}"
            );
        }
        assert!(!may_end_escape(b"DURAND;Camille;"));
    }

    #[test]
    fn finds_the_value_behind_digits_of_an_escape() {
        for escape in [
            "\\u00a0",
            "\\u2009",
            "\\u2007",
            "\\u0020",
            "=A0",
            "=20",
            "=E2=80=89",
            "=E2=80=87",
            "%20",
            "%E2%80%89",
        ] {
            let text = format!("NIR{escape}185057800608491");
            let number = text.rfind(|letter: char| !letter.is_ascii_digit()).unwrap() + 1;
            assert_eq!(
                value_after_escape(text.as_bytes(), number),
                Some("NIR".len() + escape.len()),
                "{escape}"
            );
        }
        assert_eq!(value_after_escape(b"tu2009185", 2), None);
        assert_eq!(value_after_escape(b"x=89185", 2), None);
    }

    #[test]
    fn sees_an_escape_that_ends_like_a_value() {
        assert_eq!(escape_before(b"NIR\\u00a0", 9), Some(6));
        assert_eq!(escape_before(b"NIR=A0", 6), Some(3));
        assert_eq!(escape_before(b"NIR&nbsp;", 9), None);
    }
}
