//! Lines of text brought together: an address or an identifier that a cell or a column cut is joined again; who looks for an
//! IBAN knows one whose groups stand on several lines.
//!
//! In: the lines of a page or of a cell, in the order in which they are drawn. Out: their text.

use super::layout::Line;

pub(super) fn text_of(lines: &[Line]) -> String {
    let cuts = cuts(lines);
    let grouped = grouped(lines);
    let mut text = String::new();
    for ((line, is_cut), is_grouped) in lines.iter().zip(cuts).zip(grouped) {
        if is_cut {
            text.push_str(line.text());
        } else {
            text.push_str(line.text().trim_end());
            text.push(if is_grouped { ' ' } else { '\n' });
        }
    }
    text
}

/// For each line, whether the groups of a social security number go on in the next one: who looks for it wants it on one
/// line, since numbers below each other are rarely one.
fn grouped(lines: &[Line]) -> Vec<bool> {
    let mut grouped = vec![false; lines.len()];
    for (rank, line) in lines.iter().enumerate() {
        let tail: String = line
            .last_cell()
            .chars()
            .rev()
            .take_while(is_of_groups)
            .collect();
        let mut digits = count_digits(&tail);
        let starts = tail.chars().rev().find(char::is_ascii_digit);
        if !starts.is_some_and(|digit| "123478".contains(digit)) || digits >= SOCIAL_DIGITS {
            continue;
        }
        let mut last = rank;
        for (place, pair) in lines.windows(2).enumerate().skip(rank) {
            let [before, after] = pair else { break };
            let head: String = after.text().chars().take_while(is_of_groups).collect();
            if !before.goes_on_in(after) || count_digits(&head) == 0 {
                break;
            }
            digits += count_digits(&head);
            last = place + 1;
            if digits >= SOCIAL_DIGITS || head.len() < after.text().len() {
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

/// Whether the end of a line and what follows, the start of the next, are one value.
fn is_cut(line: &Line, next: &Line, after: &str) -> bool {
    let cell = line.last_cell();
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

pub(super) fn looks_like_address(word: &str) -> bool {
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
    use super::super::layout::Sheet;
    use super::super::layout::tests::{text, write};

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
}
