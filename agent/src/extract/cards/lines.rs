//! Content lines: cut by programs at 75 bytes, made whole again here (RFC 5545, section 3.1; vCard 2.1, section 2.1.3).

use std::io;

/// A photo or an attached file is one line; larger ones are told and passed over.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// The name of a property and its parameters are far shorter.
const MOST_HEAD_BYTES: usize = 1024;

/// One property as it is written: what precedes the colon, and the value.
pub(super) struct Line<'l> {
    pub(super) head: &'l str,
    pub(super) value: &'l str,
}

#[derive(Default)]
pub(super) struct Lines {
    /// The line so far, and the piece that was read last.
    whole: String,
    piece: String,
    was_cut: bool,
}

type Give<'g> = dyn FnMut(Line<'_>) -> io::Result<()> + 'g;

impl Lines {
    /// The next characters of the file, wherever they are cut.
    pub(super) fn read(&mut self, chunk: &str, give: &mut Give<'_>) -> io::Result<()> {
        for piece in chunk.split_inclusive('\n') {
            self.append_piece(piece);
            if piece.ends_with('\n') {
                self.end_piece(give)?;
            }
        }
        Ok(())
    }

    pub(super) fn finish(&mut self, give: &mut Give<'_>) -> io::Result<()> {
        self.end_piece(give)?;
        self.end_line(give)
    }

    /// Whether a line was longer than what is held.
    pub(super) fn was_cut(&self) -> bool {
        self.was_cut
    }

    fn append_piece(&mut self, piece: &str) {
        if self.whole.len() + self.piece.len() + piece.len() > MOST_BYTES {
            self.was_cut = true;
            return;
        }
        self.piece.push_str(piece);
    }

    /// A piece is the start of a line, or goes on with the one before.
    fn end_piece(&mut self, give: &mut Give<'_>) -> io::Result<()> {
        let mut piece = std::mem::take(&mut self.piece);
        piece.truncate(piece.trim_end_matches(['\r', '\n']).len());
        if let Some(quoted) = self.quoted_printable_goes_on() {
            self.whole.truncate(quoted);
            // The equal sign hides the line break; some programs fold all the same.
            self.whole.push_str(piece.trim_start_matches([' ', '\t']));
        } else if let Some(rest) = piece.strip_prefix([' ', '\t']) {
            self.whole.push_str(rest);
        } else {
            self.end_line(give)?;
            self.whole = piece;
        }
        Ok(())
    }

    /// Where the line ends without the equal sign that joins it with the next one.
    fn quoted_printable_goes_on(&self) -> Option<usize> {
        let joined = self.whole.strip_suffix('=')?;
        let start = joined.get(..joined.floor_char_boundary(MOST_HEAD_BYTES))?;
        let (head, _) = start.split_once(':')?;
        let is_quoted = head.to_ascii_uppercase().contains("QUOTED-PRINTABLE");
        is_quoted.then_some(joined.len())
    }

    fn end_line(&mut self, give: &mut Give<'_>) -> io::Result<()> {
        let line = std::mem::take(&mut self.whole);
        match colon(&line).and_then(|colon| line.split_at_checked(colon)) {
            Some((head, value)) => give(Line {
                head,
                value: value.get(1..).unwrap_or_default(),
            }),
            None => Ok(()),
        }
    }
}

/// The colon before the value is not within quotes.
fn colon(line: &str) -> Option<usize> {
    let mut is_quoted = false;
    line.find(|letter| {
        is_quoted ^= letter == '"';
        letter == ':' && !is_quoted
    })
}
