//! The two fields of a name in lists, forms and exports: what stands between them, labels and marks included.

use super::word::Word;
use crate::text::fold;

/// What stands between the two fields of a name in a list or an export: spaces in columns, a comma, quotes, a semicolon.
const BETWEEN_FIELDS: [char; 9] = [' ', '\u{a0}', '\u{202f}', '\t', ',', ';', '|', '"', '\''];
/// The same where a label follows: it may be on the next line.
const BETWEEN_LINES: [char; 13] = [
    ' ', '\u{a0}', '\u{202f}', '\t', ',', ';', '|', '"', '\'', '-', '/', '\n', '\r',
];
const WIDEST_FIELD_GAP: usize = 24;

/// Where the value begins when « Nom : » comes after `at`.
pub(super) fn skip_label(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let start = at + rest.len() - rest.trim_start_matches(BETWEEN_LINES).len();
    let label = Word::at(text, start).filter(|_| start - at <= WIDEST_FIELD_GAP)?;
    if label.folded() != "nom" {
        return None;
    }
    let rest = text.get(label.end()..text.floor_char_boundary(label.end() + 32))?;
    let colon = rest.find([':', '='])?;
    let qualifier = fold(rest.get(..colon)?);
    let qualifier = qualifier.trim_matches(['"', '\'', ' ']);
    if !matches!(
        qualifier,
        "" | "de famille" | "de naissance" | "d'usage" | "usuel" | "marital"
    ) {
        return None;
    }
    let value = rest.get(colon + 1..)?;
    let blank = value.len() - value.trim_start_matches(BETWEEN_FIELDS).len();
    Some(label.end() + colon + 1 + blank)
}

/// Where the value before ends when « Prénom : » stands before `at`.
pub(super) fn skip_label_back(text: &str, at: usize) -> Option<usize> {
    let before = text.get(..at)?.trim_end_matches(BETWEEN_FIELDS);
    let is_element = before.ends_with('>');
    let before = before
        .strip_suffix([':', '=', '>'])?
        .trim_end_matches(BETWEEN_FIELDS);
    let label = Word::before(text, before.trim_end_matches("(s)").len())?;
    if !matches!(label.folded().as_str(), "prenom" | "prenoms" | "firstname") {
        return None;
    }
    let field = text.get(..label.start)?;
    let end = if is_element {
        end_of_element(field)?
    } else {
        field.trim_end_matches(BETWEEN_LINES).len()
    };
    (label.start - end <= WIDEST_FIELD_GAP).then_some(end)
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
