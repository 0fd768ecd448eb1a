//! What bears the name of somebody: « rue Jean Moulin », « l'école élémentaire publique Jules Ferry »; told by the words before.
//!
//! Comes in: a text and where a name begins in it. For `person` alone.

use super::skip_gap_back;
use super::word::Word;
use crate::detect::people::People;

/// Words before a name that may say that it is a street's or a school's.
const LOOK_BACK: usize = 4;

/// Words that lose their last letter before a vowel.
const ELISIONS: [&str; 16] = [
    "d", "l", "qu", "j", "s", "n", "m", "t", "c", "D", "L", "Qu", "lorsqu", "puisqu", "jusqu",
    "quoiqu",
];

/// Walks back over the words of the sentence: « l'école élémentaire publique Jules Ferry ».
pub(super) fn is_named_after(text: &str, start: usize, people: &People) -> bool {
    let elision = elision_before(text, start);
    let mut at = behind_quote(text, elision.map_or(start, |word| word.start));
    let mut is_of = elision.is_some_and(|word| word.folded() == "d");
    for step in 0..LOOK_BACK {
        let Some(end) = skip_gap_back(text, at) else {
            return false;
        };
        let Some(word) = Word::before(text, end) else {
            return false;
        };
        let folded = word.folded();
        let noun = folded.rsplit('\'').next().unwrap_or_default();
        let is_small = !word.text.contains(char::is_uppercase) && people.is_small_word(noun);
        if people.is_named_after(noun) && !is_small {
            // « le poste de Jean Durand » is his, « la maison Jean Vilar » is not.
            return !(is_of && people.is_owned(noun));
        }
        // « écoles Jules Ferry et Jean Moulin »: what joins two names is looked through, another name is not.
        let joins = matches!(noun, "et" | "ou");
        if word.is_capitalised() && step == 0 && !is_article(noun) || !joins && is_breaker(noun) {
            return false;
        }
        is_of |= step == 0 && noun == "de";
        at = word.start;
    }
    false
}

/// Where the quote that opens before `start` stands: « le film "Jean de Florette" ».
fn behind_quote(text: &str, start: usize) -> usize {
    let before = text.get(..start).unwrap_or_default();
    let before = before.trim_end_matches([' ', '\u{a0}', '\u{202f}']);
    let quoted = before.strip_suffix(['«', '"', '“']);
    quoted.map_or(start, str::len)
}

/// « d'Anne », « qu'Anne »: the word that the apostrophe before `start` ends.
pub(super) fn elision_before(text: &str, start: usize) -> Option<Word<'_>> {
    let before = text.get(..start)?.strip_suffix(['\'', '’'])?;
    let word = Word::before(text, before.len())?;
    ELISIONS.contains(&word.text).then_some(word)
}

fn is_article(word: &str) -> bool {
    matches!(word, "la" | "le" | "les" | "du" | "de" | "des")
}

/// What ends the name of a place or begins another part of the sentence.
fn is_breaker(word: &str) -> bool {
    matches!(
        word,
        "par"
            | "avec"
            | "pour"
            | "est"
            | "sont"
            | "que"
            | "qui"
            | "dont"
            | "entre"
            | "a"
            | "ont"
            | "chez"
            | "sera"
            | "etait"
            | "accueille"
    )
}

/// « le rapport de Mme Durand »: no street is called after a civility that is cut short.
pub(super) fn belongs_to(text: &str, civility: &Word<'_>) -> bool {
    let of = || skip_gap_back(text, civility.start).and_then(|end| Word::before(text, end));
    matches!(
        civility.folded().as_str(),
        "m" | "mr" | "mme" | "mlle" | "mmes" | "mlles"
    ) && of().is_some_and(|of| of.folded() == "de")
}
