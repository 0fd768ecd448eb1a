//! The two fields of a name in lists, forms and exports: what stands between them, labels and marks included.

use super::word::Word;
use crate::detect::roster::NameTitles;
use crate::text::fold;

/// What stands between the two fields of a name in a list or an export: spaces in columns, a comma, quotes, a semicolon.
const BETWEEN_FIELDS: [char; 9] = [' ', '\u{a0}', '\u{202f}', '\t', ',', ';', '|', '"', '\''];
/// The same where a label follows: it may be on the next line.
const BETWEEN_LINES: [char; 13] = [
    ' ', '\u{a0}', '\u{202f}', '\t', ',', ';', '|', '"', '\'', '-', '/', '\n', '\r',
];
const WIDEST_FIELD_GAP: usize = 24;

/// What leads from a label to its value: signs, dots, a line or a cell's border.
const LEADERS: [char; 19] = [
    ' ', '\u{a0}', '\u{202f}', '\t', ',', ';', '|', '"', '\'', '-', '/', '\n', '\r', '.', '…', '_',
    ':', '=', '>',
];
/// A leader of one of these is none: « le prénom Camille ».
const SPACES: [char; 3] = [' ', '\u{a0}', '\u{202f}'];
const WIDEST_LEADER: usize = 64;
/// Where the value begins when « Nom : » comes after `at`.
pub(super) fn skip_label(text: &str, at: usize, titles: &NameTitles) -> Option<usize> {
    let rest = text.get(at..)?;
    let start = at + rest.len() - rest.trim_start_matches(BETWEEN_LINES).len();
    let label = Word::at(text, start).filter(|_| start - at <= WIDEST_FIELD_GAP)?;
    if !titles.is_of_surname(&label.folded()) {
        return None;
    }
    let rest = text.get(label.end()..text.floor_char_boundary(label.end() + 32))?;
    let Some(colon) = rest.find([':', '=']) else {
        return value_after(text, label.end());
    };
    let qualifier = fold(rest.get(..colon)?);
    if !titles.are_qualifiers(&qualifier) {
        return value_after(text, label.end());
    }
    let value = rest.get(colon + 1..)?;
    let blank = value.len() - value.trim_start_matches(BETWEEN_FIELDS).len();
    Some(label.end() + colon + 1 + blank)
}

/// Where the value of the label that ends at `end` begins: behind a sign, a leader of dots, or on the next line.
pub(super) fn value_after(text: &str, end: usize) -> Option<usize> {
    let rest = text.get(end..)?;
    let rest = rest.strip_prefix("(s)").unwrap_or(rest);
    let value = rest.trim_start_matches(LEADERS);
    let start = end + text.get(end..)?.len() - value.len();
    let leader = rest.get(..rest.len() - value.len())?;
    let leads = leader.contains([':', '=', '>', '\n', '…', '_']) || leader.contains("..");
    (leads && leader.len() <= WIDEST_LEADER).then_some(start)
}

/// Where the value before ends when « Prénom : » stands before `at`.
pub(super) fn skip_label_back(text: &str, at: usize, titles: &NameTitles) -> Option<usize> {
    let before = text.get(..at)?;
    let led = before.trim_end_matches(LEADERS);
    let leader = before.get(led.len()..)?;
    let label = Word::before(text, led.trim_end_matches("(s)").len())?;
    if leader.len() > WIDEST_LEADER || !titles.is_of_given(&label.folded()) {
        return None;
    }
    let field = text.get(..label.start)?;
    let end = if leader.contains('>') && field.ends_with('<') {
        end_of_element(field)?
    } else {
        field.trim_end_matches(BETWEEN_LINES).len()
    };
    // In the text of XML, a space leads from an element to its value: both names have a line of their own, or both their label.
    let leads = leader.contains(|sign: char| !SPACES.contains(&sign));
    let is_apart = leads
        || field.get(end..)?.contains(['\n', '|', '\t', ';'])
        || Word::before(text, end)
            .is_some_and(|word| is_labelled_surname(text, word.start, titles));
    (is_apart && label.start - end <= WIDEST_FIELD_GAP).then_some(end)
}

/// Whether « Nom : » stands before the surname at `start`.
pub(super) fn is_labelled_surname(text: &str, start: usize, titles: &NameTitles) -> bool {
    let before = text.get(..start).unwrap_or_default();
    let led = before.trim_end_matches(LEADERS);
    if led.len() == before.len() || before.len() - led.len() > WIDEST_LEADER {
        return false;
    }
    let from = text.ceil_char_boundary(led.len().saturating_sub(WIDEST_FIELD_GAP));
    let folded = fold(text.get(from..led.len()).unwrap_or_default());
    let words = folded.rsplit(|letter: char| !letter.is_alphabetic());
    words.take(4).any(|word| titles.is_of_surname(word))
}

/// Where the value ends in « Durand</nom><prenom », the beginning of the next element.
fn end_of_element(before: &str) -> Option<usize> {
    let closing = before
        .strip_suffix('<')?
        .trim_end_matches(BETWEEN_LINES)
        .strip_suffix('>')?;
    let name = closing.trim_end_matches(|letter: char| letter.is_alphanumeric() || letter == '_');
    let value = name.strip_suffix("</")?;
    fold(closing.get(name.len()..)?)
        .starts_with("nom")
        .then_some(value.len())
}

/// « 'Durand', 'Camille' », as an export writes two fields.
pub(super) fn is_quoted_field(text: &str, end: usize) -> bool {
    let rest = text.get(end..).unwrap_or_default();
    let rest = rest.strip_prefix(['\'', '"']).unwrap_or_default();
    let rest = rest.trim_start_matches(' ').strip_prefix([',', ';']);
    rest.is_some_and(|rest| rest.trim_start_matches(' ').starts_with(['\'', '"']))
}

pub(super) fn skip_field_gap(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let width = rest.len() - rest.trim_start_matches(BETWEEN_FIELDS).len();
    (1..=WIDEST_FIELD_GAP)
        .contains(&width)
        .then_some(at + width)
}

pub(super) fn skip_field_gap_back(text: &str, at: usize) -> Option<usize> {
    let before = text.get(..at)?;
    let trimmed = before.trim_end_matches(BETWEEN_FIELDS).len();
    (1..=WIDEST_FIELD_GAP)
        .contains(&(at - trimmed))
        .then_some(trimmed)
}
