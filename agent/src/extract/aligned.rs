//! Tables drawn with spaces: listings of old business software, each column under its title.
//!
//! In: the characters of a text whose first lines are mostly such a table. Out: a row a line, numbered as in the file; the
//! lines that are not of the table (titles of the listing, rulers, totals) are one cell. Where the columns are is told by the
//! first lines, and stays so: titles that come again on each page stand at the same places.

use std::io;
use std::ops::Range;

use super::text::Text;
use super::{Coverage, Receiver};

/// A listing has several columns and rows; two words one above the other have not.
const FEWEST_COLUMNS: usize = 3;
const FEWEST_ROWS: usize = 3;
/// How many lines below the titles are looked at.
const SAMPLED_ROWS: usize = 50;
/// Titles stand near the top.
const MOST_LINES_BEFORE: usize = 30;
/// A printer has some two hundred columns.
const MOST_TITLES_BYTES: usize = 2048;
/// A longer line is none of a listing, and is given in pieces.
const MOST_LINE_BYTES: usize = 1024 * 1024;

/// Where columns begin, in letters; the first is at 0. Few enough for a `Copy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Columns {
    starts: [u16; Self::MOST],
    count: usize,
}

impl Columns {
    const MOST: usize = 40;

    /// The columns of a text that begins so, if it is a listing.
    pub(super) fn of(head: &str, is_cut: bool) -> Option<Self> {
        let mut lines: Vec<&str> = head
            .lines()
            .take(MOST_LINES_BEFORE + SAMPLED_ROWS)
            .collect();
        if is_cut && lines.len() > 1 {
            lines.pop();
        }
        let words = lines.iter().filter(|line| !is_ruler(line)).count();
        (0..lines.len().min(MOST_LINES_BEFORE)).find_map(|at| {
            let (titles, below) = lines.get(at..)?.split_first()?;
            let rows: Vec<&str> = below
                .iter()
                .copied()
                .filter(|line| !is_ruler(line))
                .collect();
            let columns = Self::under(titles, &rows)?;
            let fitting = rows.iter().filter(|row| columns.fit(row)).count();
            // Most of what is seen is the table.
            (fitting >= FEWEST_ROWS && fitting * 10 >= words * 7).then_some(columns)
        })
    }

    /// Those of the titles, where the rows leave room.
    fn under(titles: &str, rows: &[&str]) -> Option<Self> {
        let groups = self::titles(titles);
        if groups.len() < FEWEST_COLUMNS || groups.len() > Self::MOST || rows.len() < FEWEST_ROWS {
            return None;
        }
        let mut columns = Self {
            starts: [0; Self::MOST],
            count: 1,
        };
        for pair in groups.windows(2) {
            let [before, group] = pair else { continue };
            // Words begin under the beginning of their title, numbers may end under its end.
            let places = (before.end + 1..=group.start).rev();
            let count = |place: usize, spaces: usize| {
                let rows = rows.iter();
                rows.filter(|row| {
                    (0..spaces).all(|back| breaks_at(row, place.saturating_sub(back)))
                })
                .count()
            };
            // « 1 250,00 »: the border is where more than one space is.
            let (breaks, _, start) = places
                .map(|place| (count(place, 1), count(place, 2), place))
                .max()?;
            if breaks * 10 < rows.len() * 9 {
                continue;
            }
            *columns.starts.get_mut(columns.count)? = u16::try_from(start).ok()?;
            columns.count += 1;
        }
        (columns.count >= FEWEST_COLUMNS).then_some(columns)
    }

    fn starts(&self) -> &[u16] {
        self.starts.get(..self.count).unwrap_or_default()
    }

    /// Whether no word of the line goes over the border of a column, and more than one column is filled.
    fn fit(&self, line: &str) -> bool {
        let borders = self.starts().get(1..).unwrap_or_default();
        borders
            .iter()
            .all(|&start| breaks_at(line, usize::from(start)))
            && self
                .cells(line)
                .iter()
                .filter(|cell| !cell.is_empty())
                .count()
                > 1
    }

    fn cells<'l>(&self, line: &'l str) -> Vec<&'l str> {
        let mut cells = Vec::with_capacity(self.count);
        let (mut rest, mut at) = (line, 0);
        for &start in self.starts().get(1..).unwrap_or_default() {
            let length = byte_of(rest, usize::from(start) - at);
            let (cell, behind) = rest.split_at(length);
            cells.push(cell.trim());
            (rest, at) = (behind, usize::from(start));
        }
        cells.push(rest.trim());
        cells
    }
}

pub(super) fn extract(
    mut text: Text<'_>,
    columns: Columns,
    receiver: &mut dyn Receiver,
) -> io::Result<Coverage> {
    receiver.begin_table(None, 1);
    let mut line = String::new();
    while let Some(chunk) = text.next_chunk()? {
        for piece in chunk.split_inclusive('\n') {
            line.push_str(piece);
            if piece.ends_with('\n') || line.len() > MOST_LINE_BYTES {
                give(&line, &columns, receiver);
                line.clear();
            }
        }
    }
    if !line.is_empty() {
        give(&line, &columns, receiver);
    }
    Ok(Coverage::Whole)
}

fn give(line: &str, columns: &Columns, receiver: &mut dyn Receiver) {
    let line = line.trim_end();
    if line.is_empty() {
        receiver.row(&[]);
    } else if columns.fit(line) {
        receiver.row(&columns.cells(line));
    } else {
        receiver.row(&[line]);
    }
}

/// Words that two spaces at least part, in letters; none of them where one is no title.
fn titles(line: &str) -> Vec<Range<usize>> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    if line.len() > MOST_TITLES_BYTES {
        return groups;
    }
    for (place, letter) in line.chars().enumerate() {
        if letter.is_whitespace() {
            continue;
        }
        match groups.last_mut() {
            Some(group) if place < group.end + 2 => group.end = place + 1,
            _ if letter.is_alphabetic() || letter == '(' => groups.push(place..place + 1),
            _ => return Vec::new(),
        }
        if letter.is_ascii_digit() {
            return Vec::new();
        }
    }
    groups
}

/// Nothing to read: a blank line, or one of dashes.
fn is_ruler(line: &str) -> bool {
    !line.contains(char::is_alphanumeric)
}

/// Whether a word may begin at this letter: a space stands before it.
fn breaks_at(line: &str, place: usize) -> bool {
    let Some(before) = place.checked_sub(1) else {
        return true;
    };
    let letter = if line.is_ascii() {
        line.as_bytes().get(before).map(|byte| char::from(*byte))
    } else {
        line.chars().nth(before)
    };
    letter.is_none_or(char::is_whitespace)
}

/// Where the letter of this number begins, or the end.
fn byte_of(line: &str, letter: usize) -> usize {
    if line.is_ascii() {
        return letter.min(line.len());
    }
    let mut letters = line.char_indices();
    letters.nth(letter).map_or(line.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::super::tests::extract;
    use super::*;

    const LISTING: &str = "\
COMMUNE DE LENS                LISTE DES AGENTS                 Page 1

MATR  NOM                 PRENOM        NE(E) LE         SOLDE
--------------------------------------------------------------
101   LE GOFF             Zoé           12/03/1965    1 250,00
102   D'HAUTEFEUILLE      Jean Marc     01/12/1990        0,50
103   DURAND                            02/02/2002
105   DE LA TOUR          Inès          05/05/1955       -3,25

                                        Total         1 247,75
";

    #[test]
    fn columns_stand_under_their_titles() {
        let (outcome, heard) = extract(LISTING.as_bytes());
        assert_eq!(outcome.media_type, "text/plain");
        assert_eq!(outcome.coverage, Coverage::Whole);
        let rows: Vec<Vec<&str>> = heard
            .rows
            .iter()
            .map(|row| row.iter().map(String::as_str).collect())
            .collect();
        assert_eq!(rows.len(), 10, "{rows:?}");
        assert_eq!(rows[2], ["MATR", "NOM", "PRENOM", "NE(E) LE", "SOLDE"]);
        assert_eq!(rows[4], ["101", "LE GOFF", "Zoé", "12/03/1965", "1 250,00"]);
        assert_eq!(
            rows[5],
            ["102", "D'HAUTEFEUILLE", "Jean Marc", "01/12/1990", "0,50"]
        );
        assert_eq!(rows[6], ["103", "DURAND", "", "02/02/2002", ""]);
        assert_eq!(
            rows[7],
            ["105", "DE LA TOUR", "Inès", "05/05/1955", "-3,25"]
        );
    }

    #[test]
    fn texts_are_no_listings() {
        for text in [
            "Madame,  Monsieur,\n\nNous avons  bien reçu  votre courrier.\nVous serez  reçue  le 12.\nCordialement\n",
            "NOM : DURAND    PRENOM : Zoé    NE LE : 12/03/1965\nADRESSE : 12 rue des Lilas\nVILLE : LENS\nTEL : 06\nMEL : a@b.fr\n",
            "2024-05-12 10:23:45  INFO   agent   lancé\n2024-05-12 10:23:46  INFO   agent   fini\n2024-05-12 10:23:46  INFO   \
             agent   fini\n2024-05-12 10:23:46  INFO   agent   fini\n",
            "a  b  c\n",
            "",
        ] {
            assert_eq!(Columns::of(text, false), None, "{text}");
        }
    }

    #[test]
    fn a_line_without_end_is_given_in_pieces() {
        let mut listing = LISTING.as_bytes().to_vec();
        listing.extend(vec![b'x'; 3 << 20]);
        let (_, heard) = extract(&listing);
        let cells = || heard.rows.iter().flatten();
        let given: usize = cells().map(|cell| cell.matches('x').count()).sum();
        assert_eq!(given, 3 << 20);
        assert!(cells().all(|cell| cell.len() < 2 << 20));
    }
}
