//! What surrounds a word: its paragraph, its sentence, and the borders of words.

use std::ops::Range;

use super::AFTER;

/// « M. », « Mme. », « Mlle. »
const LONGEST_ABBREVIATION: usize = 4;

/// The lines around a word, up to a blank one, within reach.
pub(super) fn paragraph(text: &str, word: &Range<usize>) -> Range<usize> {
    let from = text.ceil_char_boundary(word.start.saturating_sub(AFTER));
    let until = text.floor_char_boundary(word.end + AFTER);
    let before = text.get(from..word.start).unwrap_or_default();
    let after = text.get(word.end..until).unwrap_or_default();
    let start = before.rfind("\n\n").map_or(from, |blank| from + blank);
    let end = after.find("\n\n").map_or(until, |blank| word.end + blank);
    start..end
}

/// The sentence around a word, within its paragraph.
pub(super) fn sentence(text: &str, word: &Range<usize>, paragraph: &Range<usize>) -> Range<usize> {
    const STOPS: [char; 3] = ['.', '!', '?'];
    let before = text.get(paragraph.start..word.start).unwrap_or_default();
    let after = text.get(word.end..paragraph.end).unwrap_or_default();
    let start = before
        .rmatch_indices(STOPS)
        .map(|(stop, _)| paragraph.start + stop + 1)
        .find(|end| ends_sentence(text, *end));
    let end = after
        .match_indices(STOPS)
        .map(|(stop, _)| word.end + stop + 1)
        .find(|end| ends_sentence(text, *end));
    start.unwrap_or(paragraph.start)..end.unwrap_or(paragraph.end)
}

/// Whether the full stop that ends at `end` ends a sentence: a capital follows, and no « M. » or « Mlle. » stands before.
fn ends_sentence(text: &str, end: usize) -> bool {
    let before = text.get(..end - 1).unwrap_or_default();
    let word = before
        .rfind(|letter: char| !letter.is_alphabetic())
        .map_or(before, |gap| before.get(gap..).unwrap_or_default())
        .trim_start_matches(|letter: char| !letter.is_alphabetic());
    let is_abbreviation = word.starts_with(char::is_uppercase)
        && word.chars().skip(1).all(char::is_lowercase)
        && word.chars().nth(LONGEST_ABBREVIATION).is_none();
    let after = text.get(end..).unwrap_or_default();
    let next = after.trim_start();
    let has_gap = next.len() < after.len() || next.is_empty();
    let begins = next.chars().next().is_none_or(char::is_uppercase);
    !is_abbreviation && has_gap && begins
}

/// A window must not begin or end inside of a name.
pub(super) fn word_border_before(text: &str, at: usize) -> usize {
    let at = text.floor_char_boundary(at);
    let rest = text.get(at..).unwrap_or_default();
    if at == 0 {
        return 0;
    }
    rest.find(char::is_whitespace)
        .map_or(at, |space| at + space)
}

pub(super) fn word_border_after(text: &str, at: usize) -> usize {
    let at = text.floor_char_boundary(at.min(text.len()));
    if at == text.len() {
        return at;
    }
    let before = text.get(..at).unwrap_or_default();
    before.rfind(char::is_whitespace).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_goes_from_stop_to_stop() {
        for (text, expected) in [
            (
                "Terminé. Mme Roux a un PAI. Menu joint.",
                " Mme Roux a un PAI.",
            ),
            (
                "Fait hier. M. Roux, art. 9, tél. 02, a un PAI ! Voir.",
                " M. Roux, art. 9, tél. 02, a un PAI !",
            ),
            ("Le PAI de M. Roux", "Le PAI de M. Roux"),
            ("PAI.", "PAI."),
        ] {
            let at = text.find("PAI").unwrap();
            let range = sentence(text, &(at..at + 3), &(0..text.len()));
            assert_eq!(&text[range], expected, "{text}");
        }
    }
}
