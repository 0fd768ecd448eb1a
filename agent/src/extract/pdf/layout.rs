//! From glyphs with their places to lines of text.
//!
//! In: glyphs in the order in which they are drawn. Out: the text of a page, in that order. A step forward on the line is
//! a space, a wide one a tabulation, anything else a new line. An address or an identifier that a cell or a column cut is
//! joined again; those who look for an IBAN know one whose groups stand on several lines.

/// Steps, in heights of a letter. Letters that are spread stand closer, the words of a justified line never do.
const SPACE: f64 = 0.18;
const TABULATION: f64 = 3.0;
/// What follows may be the next cell of a row.
const CELL: f64 = 0.8;
/// Exponents and indices stay on their line.
const SAME_LINE: f64 = 0.45;
/// A page without text is a scanned one when pictures cover this part of it.
const PICTURED: f64 = 0.3;

/// One page, or one piece of a page, being read.
pub(super) struct Sheet {
    area: f64,
    pictured: f64,
    lines: Vec<Line>,
    run: Run,
    glyphs: u64,
    unknown: u64,
}

/// How the glyphs that follow are written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Run {
    /// Of length one.
    pub(super) direction: (f64, f64),
    pub(super) size: f64,
}

#[derive(Debug)]
struct Line {
    text: String,
    direction: (f64, f64),
    size: f64,
    /// Of the last cell, along the direction and in the text.
    start: f64,
    cell: usize,
    last_start: f64,
    last: char,
    end: f64,
    /// Across it.
    across: f64,
}

impl Sheet {
    pub(super) fn new(area: f64) -> Self {
        Self {
            area,
            pictured: 0.0,
            lines: Vec::new(),
            run: Run {
                direction: (1.0, 0.0),
                size: 1.0,
            },
            glyphs: 0,
            unknown: 0,
        }
    }

    pub(super) fn begin_run(&mut self, run: Run) {
        self.run = run;
    }

    pub(super) fn picture(&mut self, area: f64) {
        self.pictured += area;
    }

    /// The characters of a glyph, none when the font does not say; where it starts and where it ends.
    pub(super) fn glyph(&mut self, characters: Option<&str>, start: (f64, f64), end: (f64, f64)) {
        self.glyphs += 1;
        if characters.is_none() {
            self.unknown += 1;
        }
        let characters = characters.unwrap_or("\u{fffd}");
        let Run { direction, size } = self.run;
        let along = |(x, y): (f64, f64)| x * direction.0 + y * direction.1;
        let across = start.1 * direction.0 - start.0 * direction.1;
        let (start, end) = (along(start), along(end));
        let first = characters.chars().next();

        if let Some(line) = self.lines.last_mut()
            && line.direction == direction
            && (line.across - across).abs() <= SAME_LINE * size.max(line.size)
        {
            // Drawn twice, a little aside, to look bold.
            if (start - line.last_start).abs() <= 0.1 * size && first == Some(line.last) {
                return;
            }
            let step = start - line.end;
            if step >= -size.max(line.size) && start > line.last_start - 0.1 * size {
                line.step(step / size, characters, start);
                line.text.push_str(characters);
                line.last_start = start;
                line.last = first.unwrap_or(line.last);
                line.end = end.max(line.end);
                line.size = size;
                return;
            }
        }
        // A space alone, at the start of nothing.
        if characters.trim().is_empty() {
            return;
        }
        self.lines.push(Line {
            text: characters.to_owned(),
            direction,
            size,
            start,
            cell: 0,
            last_start: start,
            last: first.unwrap_or(' '),
            end,
            across,
        });
    }

    /// A picture, and no text or none that can be told.
    pub(super) fn is_picture(&self) -> bool {
        self.unknown * 2 >= self.glyphs
            && (self.pictured > PICTURED * self.area || self.unknown > 0)
    }

    pub(super) fn finish(self) -> String {
        let cuts = cuts(&self.lines);
        let grouped = grouped(&self.lines);
        let mut text = String::new();
        for ((line, is_cut), is_grouped) in self.lines.iter().zip(cuts).zip(grouped) {
            if is_cut {
                text.push_str(&line.text);
            } else {
                text.push_str(line.text.trim_end());
                text.push(if is_grouped { ' ' } else { '\n' });
            }
        }
        text
    }
}

/// For each line, whether the groups of a social security number go on in the next one: who looks for it wants it on one
/// line, since numbers below each other are rarely one.
fn grouped(lines: &[Line]) -> Vec<bool> {
    let mut grouped = vec![false; lines.len()];
    for (rank, line) in lines.iter().enumerate() {
        let tail: String = line.cell().chars().rev().take_while(is_of_groups).collect();
        let mut digits = count_digits(&tail);
        let starts = tail.chars().rev().find(char::is_ascii_digit);
        if !starts.is_some_and(|digit| "123478".contains(digit)) || digits >= SOCIAL_DIGITS {
            continue;
        }
        let mut last = rank;
        for (place, pair) in lines.windows(2).enumerate().skip(rank) {
            let [before, after] = pair else { break };
            let head: String = after.text.chars().take_while(is_of_groups).collect();
            if !before.goes_on_in(after) || count_digits(&head) == 0 {
                break;
            }
            digits += count_digits(&head);
            last = place + 1;
            if digits >= SOCIAL_DIGITS || head.len() < after.text.len() {
                break;
            }
        }
        if digits == SOCIAL_DIGITS {
            grouped
                .iter_mut()
                .take(last)
                .skip(rank)
                .for_each(|joined| *joined = true);
        }
    }
    grouped
}

/// With the key.
const SOCIAL_DIGITS: usize = 15;

fn is_of_groups(letter: &char) -> bool {
    letter.is_ascii_digit() || matches!(letter, ' ' | '\u{a0}' | '\u{202f}')
}

fn count_digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// For each line, whether the next one goes on in the middle of a value. From the last to the first: a value may be cut
/// more than once.
fn cuts(lines: &[Line]) -> Vec<bool> {
    let mut cuts = vec![false; lines.len()];
    let mut after = String::new();
    for (rank, line) in lines.iter().enumerate().rev() {
        let is_cut = lines
            .get(rank + 1)
            .is_some_and(|next| line.goes_on_in(next) && is_cut(line, next, &after));
        if let Some(cut) = cuts.get_mut(rank) {
            *cut = is_cut;
        }
        let goes_on = is_cut && line.is_word() && after.len() < LONGEST;
        after.insert_str(0, line.first_word());
        if !goes_on {
            after.truncate(line.first_word().len());
        }
    }
    cuts
}

/// The longest value that is joined.
const LONGEST: usize = 256;

impl Line {
    fn step(&mut self, step: f64, characters: &str, start: f64) {
        let is_apart =
            self.text.ends_with(char::is_whitespace) || characters.starts_with(char::is_whitespace);
        if step > TABULATION {
            self.text.push('\t');
        } else if step > SPACE && !is_apart {
            self.text.push(' ');
        }
        if step > CELL {
            self.start = start;
            self.cell = self.text.len();
        }
    }

    /// What the last cell says.
    fn cell(&self) -> &str {
        self.text.get(self.cell..).unwrap_or_default()
    }

    fn first_word(&self) -> &str {
        self.text
            .split(char::is_whitespace)
            .next()
            .unwrap_or_default()
    }

    fn is_word(&self) -> bool {
        self.first_word().len() == self.text.len()
    }

    fn width(&self) -> f64 {
        self.end - self.start
    }

    /// Whether the next line stands below this one, in the same column.
    fn goes_on_in(&self, next: &Self) -> bool {
        let down = (self.across - next.across) / self.size;
        let near = |one: f64, other: f64| (one - other).abs() <= self.size;
        let middle = |line: &Self| f64::midpoint(line.start, line.end);
        self.direction == next.direction
            && (0.7..=2.2).contains(&down)
            && (near(self.start, next.start)
                || near(self.end, next.end)
                || near(middle(self), middle(next)))
    }
}

/// Whether the end of a line and what follows, the start of the next, are one value.
fn is_cut(line: &Line, next: &Line, after: &str) -> bool {
    let cell = line.cell();
    let before = cell.rsplit(char::is_whitespace).next().unwrap_or_default();
    // A word fills its whole line before a program cuts it inside.
    let is_filled = before.len() == cell.len() && line.width() * 1.25 >= next.width();
    if before.is_empty() || after.is_empty() {
        return false;
    }
    let joined = format!("{before}{after}");
    if !looks_like_address(&joined) {
        return is_filled && is_number_cut(before, &joined);
    }
    match (before.split_once('@'), after.split_once('@')) {
        (Some((_, domain)), None) => {
            let is_open = domain.ends_with(['-', '.']) || !has_ending(domain);
            is_open || is_filled && next.is_word() && after.contains('.')
        }
        (None, Some(("", _))) => true,
        (None, Some(_)) => {
            before.ends_with(['-', '_']) || is_filled && before.contains(['.', '-', '_'])
        }
        _ => false,
    }
}

/// A social security number or an IBAN written without spaces: long enough for a narrow cell to cut it.
fn is_number_cut(before: &str, joined: &str) -> bool {
    let is_social = |word: &str| {
        word.len() == 15
            && word.starts_with(['1', '2'])
            && word.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_account = |word: &str| {
        let (country, rest) = word.split_at_checked(2).unwrap_or_default();
        (15..=34).contains(&word.len())
            && country.bytes().all(|byte| byte.is_ascii_uppercase())
            && rest.bytes().take(2).all(|byte| byte.is_ascii_digit())
            && rest
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
    };
    is_social(joined) || is_account(joined) && before.len() < joined.len() && before.len() >= 8
}

fn looks_like_address(word: &str) -> bool {
    let Some((local, domain)) = word.split_once('@') else {
        return false;
    };
    let is_part = |letter: char| letter.is_alphanumeric() || "._-+".contains(letter);
    // What stands round an address: « (jean@exemple.fr), ».
    let local = local.trim_start_matches(['(', '<', '[', '«', '"', ':']);
    let domain = domain.trim_end_matches([')', '>', ']', '»', '"', ',', ';', '.']);
    local.chars().all(is_part) && domain.chars().all(is_part) && has_ending(domain)
}

/// `fr`, `com`: two to six letters after a dot.
fn has_ending(domain: &str) -> bool {
    domain.rsplit_once('.').is_some_and(|(_, ending)| {
        (2..=6).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters one wide, ten high, from a place on; negative heights go down the page.
    fn write(sheet: &mut Sheet, x: f64, y: f64, text: &str) {
        sheet.begin_run(Run {
            direction: (1.0, 0.0),
            size: 10.0,
        });
        let mut x = x;
        for letter in text.chars() {
            let letter = letter.to_string();
            sheet.glyph(Some(&letter), (x, y), (x + 5.0, y));
            x += 5.0;
        }
    }

    fn text(pieces: &[(f64, f64, &str)]) -> String {
        let mut sheet = Sheet::new(1.0);
        for (x, y, piece) in pieces {
            write(&mut sheet, *x, *y, piece);
        }
        sheet.finish()
    }

    #[test]
    fn steps_become_spaces_tabulations_and_lines() {
        assert_eq!(text(&[(0.0, 0.0, "un"), (10.5, 0.0, "e")]), "une\n");
        assert_eq!(text(&[(0.0, 0.0, "un"), (13.0, 0.0, "mot")]), "un mot\n");
        assert_eq!(text(&[(0.0, 0.0, "un "), (18.0, 0.0, "mot")]), "un mot\n");
        assert_eq!(text(&[(0.0, 0.0, "a"), (60.0, 0.0, "b")]), "a\tb\n");
        assert_eq!(text(&[(0.0, 0.0, "m"), (5.0, 3.0, "2")]), "m2\n");
        assert_eq!(text(&[(0.0, 0.0, "a"), (0.0, -12.0, "b")]), "a\nb\n");
        assert_eq!(text(&[(60.0, 0.0, "b"), (0.0, 0.0, "a")]), "b\na\n");
    }

    #[test]
    fn letters_drawn_twice_to_look_bold_are_one() {
        let mut sheet = Sheet::new(1.0);
        for (rank, letter) in ["n", "i", "r"].into_iter().enumerate() {
            let x = 5.0 * f64::from(u8::try_from(rank).unwrap());
            write(&mut sheet, x, 0.0, letter);
            write(&mut sheet, x + 0.3, 0.0, letter);
        }
        assert_eq!(sheet.finish(), "nir\n");
    }

    #[test]
    fn an_address_that_a_cell_cuts_is_one() {
        let cell = |first, second| text(&[(0.0, 0.0, first), (0.0, -12.0, second)]);
        for (first, second) in [
            ("Courriel : jean@mairie-", "exemple.fr"),
            ("jean.dupont@mai", "rie.fr"),
            ("jean.dupont", "@mairie.fr suite"),
            ("jean-", "dupont@mairie.fr"),
            ("jean.dupont.martin@mairie.exem", "ple.fr"),
            ("28505780060843", "3"),
            ("FR76300060000", "11234567890189"),
        ] {
            assert_eq!(cell(first, second), format!("{first}{second}\n"));
        }
        for (first, second) in [
            ("jean@mairie.fr", "suite"),
            ("Dupont", "jean@mairie.fr"),
            ("merci.", "jean.dupont@mairie.fr"),
            ("a@mairie.fr", "b@mairie.fr"),
            ("jean@mairie", "de la commune"),
            ("0612345678", "0698765432"),
        ] {
            assert_eq!(cell(first, second), format!("{first}\n{second}\n"));
        }
        let twice = [
            (0.0, 0.0, "jean.dupont"),
            (0.0, -12.0, "@mairie-du"),
            (0.0, -24.0, "-lac.fr"),
        ];
        assert_eq!(text(&twice), "jean.dupont@mairie-du-lac.fr\n");
        let apart = [(0.0, 0.0, "jean@mairie-"), (90.0, -12.0, "exemple.fr")];
        assert_eq!(text(&apart), "jean@mairie-\nexemple.fr\n");
    }

    #[test]
    fn the_groups_of_a_number_that_a_cell_cuts_are_on_one_line() {
        let cell = |lines: &[&str]| {
            let mut sheet = Sheet::new(1.0);
            let mut y = 0.0;
            for line in lines {
                write(&mut sheet, 0.0, y, line);
                y -= 12.0;
            }
            sheet.finish()
        };
        let number = "1 85 05 78 006 084 91\n";
        assert_eq!(cell(&["1 85 05 78 006 ", "084 91"]), number);
        assert_eq!(cell(&["1 85 05", "78 006", "084 91"]), number);
        assert_eq!(
            cell(&["NIR 1 85 05 78", "006 084 91 fin"]),
            format!("NIR {}", "1 85 05 78 006 084 91 fin\n")
        );
        let phones = ["06 12 34 56 78", "06 98 76"];
        assert_eq!(cell(&phones), "06 12 34 56 78\n06 98 76\n");
        let rows = ["185057800608491", "285057800608433"];
        assert_eq!(cell(&rows), "185057800608491\n285057800608433\n");
        assert_eq!(
            cell(&["12 05 2024", "13 06 2024"]),
            "12 05 2024\n13 06 2024\n"
        );
    }

    #[test]
    fn no_place_makes_it_panic() {
        let mut sheet = Sheet::new(0.0);
        for place in [f64::NAN, f64::INFINITY, f64::MAX, f64::MIN, 0.0] {
            sheet.begin_run(Run {
                direction: (place, place),
                size: place,
            });
            sheet.glyph(Some("a"), (place, 0.0), (0.0, place));
            sheet.glyph(None, (0.0, place), (place, place));
        }
        assert!(sheet.finish().contains('a'));
    }
}
