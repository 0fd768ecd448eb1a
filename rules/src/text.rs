//! Comparing words as people write them: accents, case and spaces aside.
//!
//! Rules are written folded (lower case, no accents); what comes from machines and files is folded here before the
//! comparison. Two readings of "the same word":
//! - [`find_word`]: the exact words, with borders, in a running text (software names, context words);
//! - [`Words`]: names of folders, files and columns, where `_`, `-` and `.` stand for spaces and a plural is the same word.

use std::ops::Range;

/// Lower case, accents stripped, ligatures split, typographic spaces, quotes and dashes made plain.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars() {
        match plain_letter(letter) {
            Some(plain) => folded.push_str(plain),
            None => folded.extend(letter.to_lowercase()),
        }
    }
    folded
}

/// The first place where `word` (one or several words, folded) stands between word borders in `text` (folded).
pub fn find_word(text: &str, word: &str) -> Option<Range<usize>> {
    find_words(text, word).next()
}

/// Every place where `word` stands between word borders in `text`; both folded.
pub fn find_words<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
    let starts = (!word.is_empty())
        .then(|| text.match_indices(word))
        .into_iter()
        .flatten();
    starts
        .map(|(start, found)| start..start + found.len())
        .filter(|range| has_border_before(text, range.start) && has_border_after(text, range.end))
}

/// Whether the bytes `range` of `text` stand between word borders.
pub fn is_word(text: &str, range: Range<usize>) -> bool {
    has_border_before(text, range.start) && has_border_after(text, range.end)
}

/// Whether `word` stands between word borders in `text`; both folded.
pub fn contains_word(text: &str, word: &str) -> bool {
    find_word(text, word).is_some()
}

/// The words of a name, in order, plurals brought to the singular.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words(Vec<String>);

impl Words {
    pub fn of(name: &str) -> Self {
        let folded = fold(name);
        let words = folded
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty());
        Self(
            words
                .flat_map(split_year)
                .map(singular)
                .map(str::to_owned)
                .collect(),
        )
    }

    /// Whether the words of `phrase` follow one another here.
    pub fn contain(&self, phrase: &Words) -> bool {
        !phrase.0.is_empty()
            && self
                .0
                .windows(phrase.0.len())
                .any(|window| window == phrase.0)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// Whether `acronym` stands alone, in its own case, in `name`: « CV » is a word of « CV_Dupont.pdf », not of « cv ».
pub fn contains_acronym(name: &str, acronym: &str) -> bool {
    name.split(|letter: char| !letter.is_alphanumeric())
        .flat_map(split_year)
        .any(|word| word == acronym)
}

/// « paie2024 » is the word « paie » and a number; « n4ds » and « a3 » stay whole.
fn split_year(word: &str) -> impl Iterator<Item = &str> {
    let letters = word
        .find(|letter: char| letter.is_ascii_digit())
        .unwrap_or(word.len());
    let (name, number) = word.split_at(letters);
    let splits =
        letters >= 2 && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let (first, second) = if splits {
        (name, Some(number))
    } else {
        (word, None)
    };
    std::iter::once(first).chain(second)
}

fn singular(word: &str) -> &str {
    if word.len() <= 3 {
        return word;
    }
    word.strip_suffix(['s', 'x']).unwrap_or(word)
}

fn has_border_before(text: &str, start: usize) -> bool {
    let before = text
        .get(..start)
        .and_then(|before| before.chars().next_back());
    let first = text.get(start..).and_then(|after| after.chars().next());
    !(before.is_some_and(char::is_alphanumeric) && first.is_some_and(char::is_alphanumeric))
}

fn has_border_after(text: &str, end: usize) -> bool {
    let last = text
        .get(..end)
        .and_then(|before| before.chars().next_back());
    let after = text.get(end..).and_then(|after| after.chars().next());
    !(last.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric))
}

/// What a letter that is not ASCII is without its accent: nothing for a mark of its own; none when it has no plain form.
pub fn plain_letter(letter: char) -> Option<&'static str> {
    let plain = match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'À' | 'Á' | 'Â' | 'Ã' | 'Ä' | 'Å' => "a",
        'ç' | 'Ç' => "c",
        'è' | 'é' | 'ê' | 'ë' | 'È' | 'É' | 'Ê' | 'Ë' => "e",
        'ì' | 'í' | 'î' | 'ï' | 'Ì' | 'Í' | 'Î' | 'Ï' => "i",
        'ñ' | 'Ñ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ö' | 'Ø' => "o",
        'ù' | 'ú' | 'û' | 'ü' | 'Ù' | 'Ú' | 'Û' | 'Ü' => "u",
        'ý' | 'ÿ' | 'Ý' | 'Ÿ' => "y",
        'œ' | 'Œ' => "oe",
        'æ' | 'Æ' => "ae",
        'ß' => "ss",
        '\u{00a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => " ",
        '‘' | '’' | 'ʼ' | '′' => "'",
        '‐' | '\u{2011}' | '–' | '—' | '−' => "-",
        // Combining accents (names written by a Mac), soft hyphen, zero-width marks.
        '\u{0300}'..='\u{036f}'
        | '\u{00ad}'
        | '\u{200b}'..='\u{200d}'
        | '\u{2060}'
        | '\u{feff}' => "",
        _ => return None,
    };
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_case_accents_ligatures_and_spaces() {
        assert_eq!(
            fold("État\u{a0}civil — Cœur d’Élève"),
            "etat civil - coeur d'eleve"
        );
    }

    #[test]
    fn folds_decomposed_accents_like_composed_ones() {
        assert_eq!(fold("E\u{301}lections"), fold("Élections"));
    }

    #[test]
    fn finds_whole_words_only() {
        assert_eq!(find_word("la paierie et la paie", "paie"), Some(17..21));
        assert!(!contains_word("concertos", "concerto"));
    }

    #[test]
    fn a_name_ending_with_a_sign_needs_no_border_there() {
        assert!(contains_word("optima+ 3", "optima+"));
        assert!(contains_word("e.magnus", "e.magnus"));
    }

    #[test]
    fn an_empty_word_is_nowhere() {
        assert!(!contains_word("abc", ""));
        assert!(!Words::of("abc").contain(&Words::of("--")));
    }

    #[test]
    fn folder_names_ignore_separators_plurals_and_years() {
        let name = Words::of("Bulletins_de_Paie2024");
        assert!(name.contain(&Words::of("bulletin de paie")));
        assert!(!name.contain(&Words::of("bulletin paie")));
    }

    #[test]
    fn acronyms_keep_their_case() {
        assert!(contains_acronym("DSN_202401.dsn", "DSN"));
        assert!(contains_acronym("CV2024", "CV"));
        assert!(!contains_acronym("mon cv.pdf", "CV"));
    }
}
