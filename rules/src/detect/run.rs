//! A run: letters and digits in a row, gaps aside. Templates are tried on its beginning.
//!
//! A run is bounded ([`MOST_SYMBOLS`]), so that the work at one place of a text is bounded whatever the text.

use super::gap::{Gap, escape_before, gap};

/// The longest template (IBAN, 34) and one more, to see that a value goes on.
pub(super) const MOST_SYMBOLS: usize = 36;
/// A word of letters this long belongs to no value but an IBAN; letters that a digit opens are no word.
const LONGEST_WORD: usize = 4;

/// The letters and digits from one place on.
#[derive(Clone)]
pub(super) struct Run {
    /// ASCII digits and capitals.
    symbols: [u8; MOST_SYMBOLS],
    start: usize,
    length: usize,
    cuts: [Cut; MOST_SYMBOLS],
    cut_count: usize,
    /// Which symbols are letters in lower case in the text, by bit.
    lower: u64,
    upper: u64,
}

/// Where something stands between two symbols of a run.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cut {
    /// The symbol behind.
    pub before: u8,
    /// Where that one is, from the start.
    place: u16,
    /// None where a reader sees nothing.
    pub gap: Option<Gap>,
}

/// What the reader of a run accepts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    pub lines: bool,
    pub long_words: bool,
    pub most: usize,
}

impl Run {
    /// Reads from `start`, where a letter or a digit stands.
    pub(super) fn read(bytes: &[u8], start: usize, reading: Reading) -> Self {
        let mut run = Self {
            symbols: [0; MOST_SYMBOLS],
            start,
            length: 0,
            cuts: [Cut::default(); MOST_SYMBOLS],
            cut_count: 0,
            lower: 0,
            upper: 0,
        };
        let most = reading.most.min(MOST_SYMBOLS);
        let mut at = start;
        let mut before = None;
        let mut letters = 0;
        let mut opens_word = true;
        while run.length < most {
            let Some(&byte) = bytes.get(at) else {
                break;
            };
            if byte.is_ascii_digit() {
                letters = 0;
                opens_word = false;
            } else if byte.is_ascii_alphabetic() {
                letters += 1;
                if letters > LONGEST_WORD && opens_word && !reading.long_words {
                    break;
                }
                let case = if byte.is_ascii_lowercase() {
                    &mut run.lower
                } else {
                    &mut run.upper
                };
                *case |= 1 << run.length;
            } else {
                if before.is_some() {
                    break;
                }
                let Some((gap, end)) = gap(bytes, at, reading.lines) else {
                    break;
                };
                before = Some(gap);
                letters = 0;
                opens_word = true;
                at = end;
                continue;
            }
            if let Some(gap) = before.take() {
                run.cut(gap, at);
            }
            run.push(byte.to_ascii_uppercase());
            at += 1;
        }
        run
    }

    /// A run of the first symbols only.
    pub(super) fn first(&self, length: usize) -> Self {
        let mask = mask(length);
        Self {
            length: length.min(self.length),
            cut_count: self.cuts(length).len(),
            lower: self.lower & mask,
            upper: self.upper & mask,
            ..*self
        }
    }

    /// Adds `count` digits that begin at `start`, apart; whether they are there.
    pub(super) fn extend(&mut self, bytes: &[u8], start: usize, count: usize) -> bool {
        let Some(digits) = bytes
            .get(start..start + count)
            .filter(|digits| digits.iter().all(u8::is_ascii_digit))
        else {
            return false;
        };
        self.cut(Gap::Space, start);
        digits.iter().for_each(|digit| self.push(*digit));
        true
    }

    pub(super) fn len(&self) -> usize {
        self.length
    }

    pub(super) fn symbols(&self, length: usize) -> &[u8] {
        self.symbols
            .get(..length.min(self.length))
            .unwrap_or_default()
    }

    /// Which symbols are letters, by bit.
    pub(super) fn letters(&self) -> u64 {
        self.lower | self.upper
    }

    /// What cuts the `length` first symbols, in order.
    pub(super) fn cuts(&self, length: usize) -> &[Cut] {
        let cuts = self.cuts.get(..self.cut_count).unwrap_or_default();
        let inside = cuts
            .iter()
            .take_while(|cut| usize::from(cut.before) < length);
        cuts.get(..inside.count()).unwrap_or_default()
    }

    /// Where the `length` first symbols end in the text.
    pub(super) fn end(&self, length: usize) -> usize {
        let place = match self.cuts(length).last() {
            Some(cut) => usize::from(cut.place) + length - usize::from(cut.before),
            None => length,
        };
        self.start + place
    }

    /// Whether the `length` first symbols have no letter in lower case.
    pub(super) fn is_capital(&self, length: usize) -> bool {
        self.lower & mask(length) == 0
    }

    pub(super) fn mixes_cases(&self, length: usize) -> bool {
        self.lower & mask(length) != 0 && self.upper & mask(length) != 0
    }

    #[inline]
    fn push(&mut self, symbol: u8) {
        if let Some(place) = self.symbols.get_mut(self.length) {
            *place = symbol;
            self.length += 1;
        }
    }

    /// What stands before the next symbol, which is at `at` in the text.
    fn cut(&mut self, gap: Gap, at: usize) {
        if let Some(cut) = self.cuts.get_mut(self.cut_count) {
            *cut = Cut {
                before: u8::try_from(self.length).unwrap_or(u8::MAX),
                place: u16::try_from(at - self.start).unwrap_or(u16::MAX),
                gap: Some(gap).filter(|gap| *gap != Gap::Nothing),
            };
            self.cut_count += 1;
        }
    }
}

fn mask(length: usize) -> u64 {
    (1u64 << length.min(MOST_SYMBOLS)) - 1
}

/// How far digits go from a place, and where they are cut, gaps of one byte only: enough to see that most numbers are no
/// value, before a run is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ahead {
    pub digits: usize,
    /// The digits before which a gap stands, by bit.
    pub cuts: u64,
    pub stop: Stop,
}

/// What ends a row of digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// What no value contains, or `most` digits.
    Plain,
    Letter,
    /// What may be a longer gap: an escape, a typographic space, a bracket.
    Odd,
}

impl Ahead {
    pub(super) fn of(bytes: &[u8], start: usize, most: usize) -> Self {
        let mut ahead = Self {
            digits: 0,
            cuts: 0,
            stop: Stop::Plain,
        };
        let mut after_gap = false;
        for &byte in bytes.get(start..).unwrap_or_default() {
            if byte.is_ascii_digit() {
                ahead.cuts |= u64::from(after_gap) << ahead.digits;
                ahead.digits += 1;
                after_gap = false;
                if ahead.digits >= most {
                    break;
                }
                continue;
            }
            let is_joint = matches!(byte, b' ' | b'.' | b'-' | b'/');
            if is_joint && !after_gap {
                after_gap = true;
                continue;
            }
            ahead.stop = match byte {
                b'a'..=b'z' | b'A'..=b'Z' | 0xc3..=0xdf => Stop::Letter,
                b'(' | b')' | b'&' | b'\\' | b'=' | b'%' | 0x80.. => Stop::Odd,
                _ if is_joint => Stop::Odd,
                _ => Stop::Plain,
            };
            break;
        }
        ahead
    }
}

/// What touches a value on one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    /// A border that a reader sees: space, punctuation, the end.
    Clean,
    /// A separator, then more digits.
    Series(Gap),
    /// A separator of identifiers, then letters: REF-…, …-A, a file name.
    Glued,
    /// A letter or a digit: no value begins or ends here.
    Torn,
}

pub(super) fn edge_before(text: &str, start: usize) -> Edge {
    let bytes = text.as_bytes();
    let Some(&before) = start.checked_sub(1).and_then(|at| bytes.get(at)) else {
        return Edge::Clean;
    };
    let beyond = |length: usize| {
        start
            .checked_sub(1 + length)
            .and_then(|at| bytes.get(at))
            .copied()
    };
    match before {
        _ if before.is_ascii_alphanumeric() => torn_unless_escape(bytes, start),
        b'_' => Edge::Glued,
        b' ' => series_if_digit(beyond(1), Gap::Space),
        b'.' | b',' if beyond(1).is_some_and(|byte| byte.is_ascii_digit()) && before == b'.' => {
            Edge::Series(Gap::Dot)
        }
        b'-' if beyond(1).is_some_and(|byte| byte.is_ascii_alphabetic() || byte >= 0x80) => {
            Edge::Glued
        }
        b'-' => series_if_digit(beyond(1), Gap::Dash),
        b'/' if beyond(1).is_some_and(|byte| byte.is_ascii_alphabetic() || byte >= 0x80) => {
            Edge::Glued
        }
        b'/' => series_if_digit(beyond(1), Gap::Slash),
        0x80.. => edge_of_letter(
            text.get(..start)
                .and_then(|before| before.chars().next_back()),
        ),
        _ => Edge::Clean,
    }
}

pub(super) fn edge_after(text: &str, end: usize) -> Edge {
    let bytes = text.as_bytes();
    let Some(&after) = bytes.get(end) else {
        return Edge::Clean;
    };
    let beyond = bytes.get(end + 1).copied();
    match after {
        _ if after.is_ascii_alphanumeric() => Edge::Torn,
        b'_' => Edge::Glued,
        b' ' => series_if_digit(beyond, Gap::Space),
        b'.' if beyond.is_some_and(|byte| byte.is_ascii_digit()) => Edge::Series(Gap::Dot),
        b'-' if beyond.is_some_and(|byte| byte.is_ascii_alphabetic()) => Edge::Glued,
        b'-' => series_if_digit(beyond, Gap::Dash),
        b'/' if beyond.is_some_and(|byte| byte.is_ascii_digit()) => Edge::Series(Gap::Slash),
        0x80.. => edge_of_letter(text.get(end..).and_then(|after| after.chars().next())),
        _ => Edge::Clean,
    }
}

/// `\u00a0`, `=A0` and `%20` end with letters and digits, and are spaces; `\n` and `\t` end with a letter.
fn torn_unless_escape(bytes: &[u8], start: usize) -> Edge {
    let control = matches!(bytes.get(..start), Some([.., b'\\', b'n' | b'r' | b't']));
    if control || escape_before(bytes, start).is_some() {
        return Edge::Clean;
    }
    Edge::Torn
}

fn series_if_digit(beyond: Option<u8>, gap: Gap) -> Edge {
    match beyond {
        Some(byte) if byte.is_ascii_digit() => Edge::Series(gap),
        _ => Edge::Clean,
    }
}

fn edge_of_letter(letter: Option<char>) -> Edge {
    match letter {
        Some(letter) if letter.is_alphanumeric() && letter != 'º' && letter != 'ª' => Edge::Torn,
        _ => Edge::Clean,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANY: Reading = Reading {
        lines: false,
        long_words: false,
        most: MOST_SYMBOLS,
    };

    #[test]
    fn reads_across_gaps_and_stops_at_words() {
        let run = Run::read("1 85 05 2a 006-084 personne".as_bytes(), 0, ANY);
        assert_eq!(run.symbols(13), b"185052A006084");
        assert_eq!(run.cuts(13).last().unwrap().gap, Some(Gap::Dash));
        assert_eq!(run.cuts(10).len(), 4);
        assert_eq!(run.end(13), 18);
        assert!(!run.is_capital(13));
    }

    #[test]
    fn letters_behind_a_digit_are_no_word() {
        let run = Run::read(b"X4RTBPFWQ", 0, ANY);
        assert_eq!(run.symbols(9), b"X4RTBPFWQ");
        assert_eq!(Run::read(b"ABCDEFG1", 0, ANY).len(), 4);
        assert_eq!(Run::read(b"12 ABCDEFG1", 0, ANY).len(), 6);
    }

    #[test]
    fn tells_the_edges() {
        assert_eq!(edge_before("n° 06", 4), Edge::Clean);
        assert_eq!(edge_before("REF-06", 4), Edge::Glued);
        assert_eq!(edge_before("12 06", 3), Edge::Series(Gap::Space));
        assert_eq!(edge_before("é06", 2), Edge::Torn);
        assert_eq!(edge_before("\\u00a006", 6), Edge::Clean);
        assert_eq!(edge_before("\\n06", 2), Edge::Clean);
        assert_eq!(edge_after("06-A", 2), Edge::Glued);
        assert_eq!(edge_after("06.5", 2), Edge::Series(Gap::Dot));
        assert_eq!(edge_after("06. Suite", 2), Edge::Clean);
        assert_eq!(edge_after("06\u{a0}€", 2), Edge::Clean);
    }
}
