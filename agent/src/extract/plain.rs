//! Plain text, as it is; but lines that a reader of characters (OCR) or a justified page spread out, two spaces between all
//! words, are brought together: no number on them would be whole.

use std::io;

use memchr::{memchr, memmem, memrchr};

use super::text::Text;
use super::{Coverage, Receiver};

/// A longer line is looked at in pieces.
const MOST_LINE_BYTES: usize = 4096;
/// Fewer gaps show nothing.
const FEWEST_GAPS: usize = 3;

pub(super) fn extract(mut text: Text<'_>, receiver: &mut dyn Receiver) -> io::Result<Coverage> {
    receiver.begin_text(None);
    // The line that a chunk has cut.
    let mut cut = String::new();
    while let Some(chunk) = text.next_chunk()? {
        let mut rest = chunk;
        if !cut.is_empty() {
            let end = memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |end| end + 1);
            let (line, behind) = rest.split_at(end);
            cut.push_str(line);
            rest = behind;
            if line.ends_with('\n') || cut.len() > MOST_LINE_BYTES {
                give(&cut, receiver);
                cut.clear();
            }
        }
        let (lines, tail) = rest.split_at(memrchr(b'\n', rest.as_bytes()).map_or(0, |end| end + 1));
        give(lines, receiver);
        if tail.len() > MOST_LINE_BYTES {
            give(tail, receiver);
        } else {
            cut.push_str(tail);
        }
    }
    give(&cut, receiver);
    Ok(Coverage::Whole)
}

fn give(lines: &str, receiver: &mut dyn Receiver) {
    if memmem::find(lines.as_bytes(), b"  ").is_none() {
        if !lines.is_empty() {
            receiver.text(lines);
        }
        return;
    }
    let mut plain = String::with_capacity(lines.len());
    for line in lines.split_inclusive('\n') {
        if is_spread_out(line) {
            let mut last = '\n';
            plain.extend(line.chars().filter(|&letter| {
                let is_kept = letter != ' ' || last != ' ';
                last = letter;
                is_kept
            }));
        } else {
            plain.push_str(line);
        }
    }
    receiver.text(&plain);
}

/// Two spaces between the words, hardly ever more, never one.
fn is_spread_out(line: &str) -> bool {
    let (mut double, mut wider, mut spaces) = (0, 0, 0);
    for byte in line.trim().bytes() {
        if byte == b' ' {
            spaces += 1;
            continue;
        }
        match spaces {
            0 => {}
            1 => return false,
            2 => double += 1,
            _ => wider += 1,
        }
        spaces = 0;
    }
    double >= FEWEST_GAPS && double >= 2 * wider
}

#[cfg(test)]
mod tests {
    use super::super::tests::extract;

    #[test]
    fn lines_that_are_spread_out_are_brought_together() {
        for (text, read) in [
            (
                "N°  de  tél.  :  06  12  34\nfin",
                "N° de tél. : 06 12 34\nfin",
            ),
            (
                "Né  le  :  12/03/1965   à  Lens\r\n",
                "Né le : 12/03/1965 à Lens\r\n",
            ),
            ("a  b  c d  e\n", "a  b  c d  e\n"),
            ("    retrait\n  a b\n", "    retrait\n  a b\n"),
            ("101    DURAND    Zoé  1\n", "101    DURAND    Zoé  1\n"),
        ] {
            let (_, heard) = extract(text.as_bytes());
            assert_eq!(heard.text, read);
        }
    }

    #[test]
    fn no_chunk_cuts_a_line() {
        let line = "IBAN  :  FR76  3000  1007\n";
        let (_, heard) = extract(line.repeat(20_000).as_bytes());
        assert_eq!(heard.text, "IBAN : FR76 3000 1007\n".repeat(20_000));
        let endless = "ab  ".repeat(200_000);
        let (_, heard) = extract(endless.as_bytes());
        assert_eq!(heard.text.matches("ab").count(), 200_000);
    }
}
