//! Words that say something of a person: « RQTH », « allergie », « garde à vue ». A word alone says nothing: somebody must be
//! named or numbered near it, in the same paragraph of a text or in the same row of a table.
//!
//! Comes in: the place of such a word in a text. Goes out: a hit whose value is the person, so that persons are counted and
//! not words; its confidence depends on the word (some mean one thing only) and on how near the person is.

mod around;

use std::ops::Range;

use serde::{Deserialize, Deserializer};

use self::around::{paragraph, sentence, word_border_after, word_border_before};
use super::found::{Canonical, Found, Reason, Reasons};
use super::scan::{Scan, Sink};
use super::vocabulary::Standing;
use crate::confidence::Confidence;
use crate::kinds::{Family, Kind};
use crate::text::{contains_word, fold};

/// How far before a word its person is looked for, in bytes.
const BEFORE: usize = 320;
/// How far after.
const AFTER: usize = 120;
/// How far after its word a « non » stands.
const NEGATION: usize = 14;
/// A word with other meanings speaks of somebody this near, not of the rest of a long line.
const BESIDE: usize = 72;

/// The words of a rule.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// They mean one thing only.
    #[serde(deserialize_with = "folded")]
    strong: Vec<String>,
    /// They have other meanings, or say little.
    #[serde(default, deserialize_with = "folded")]
    weak: Vec<String>,
    /// Around a word, they say that nobody is meant: a leaflet, a title, a public office.
    #[serde(default, deserialize_with = "folded")]
    unless: Vec<String>,
    /// The same, in the word's own sentence: ordinary words, too frequent to speak for a whole paragraph.
    #[serde(default, deserialize_with = "folded")]
    unless_beside: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Strength {
    Strong,
    Weak,
}

/// Who a word speaks of.
struct Somebody {
    canonical: Canonical,
    distance: Distance,
    span: Range<usize>,
}

/// Where the person stands, seen from the word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Distance {
    Beside,
    SameLine,
    SameParagraph,
    /// « Madame Durand, », a blank line, then the letter.
    Greeting,
}

impl Terms {
    pub(super) fn anchors(&self) -> impl Iterator<Item = (String, Standing)> {
        self.words().map(|word| (word.to_owned(), Standing::Whole))
    }

    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.strong.iter().chain(&self.weak).map(String::as_str)
    }

    /// The word of the rule that stands in the text, an ending aside (« allergies », « incarcérée »).
    fn find(&self, written: &str) -> Option<(&str, Strength)> {
        let folded = fold(written);
        let is_it = |word: &&String| {
            let singular = folded.strip_suffix(['s', 'x']);
            **word == folded || singular.is_some_and(|singular| *word == singular)
        };
        let strong = self
            .strong
            .iter()
            .find(is_it)
            .map(|word| (word.as_str(), Strength::Strong));
        strong.or_else(|| {
            self.weak
                .iter()
                .find(is_it)
                .map(|word| (word.as_str(), Strength::Weak))
        })
    }
}

fn folded<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let words = Vec::<String>::deserialize(deserializer)?;
    Ok(words.iter().map(|word| fold(word)).collect())
}

impl<'a, S: Sink> Scan<'a, S> {
    /// Judges the word at `word` for the rule `detector`.
    pub(super) fn try_term(&mut self, detector: usize, terms: &'a Terms, word: Range<usize>) {
        let Some((term, strength)) = self
            .text
            .get(word.clone())
            .and_then(|written| terms.find(written))
        else {
            return;
        };
        let Some(told) = self.where_told(terms, &word) else {
            return;
        };
        // In a table the person is in the row: `table` looks for it.
        let somebody = match self.title {
            Some(_) => Some(Somebody {
                canonical: Canonical::new(term.to_owned()),
                distance: Distance::Beside,
                span: word.clone(),
            }),
            None => self.person_near(&word),
        };
        let Some(Somebody {
            canonical,
            distance,
            ..
        }) = somebody.filter(|somebody| told.contains(&somebody.span.start))
        else {
            return;
        };
        let Some(confidence) = confidence(strength, distance) else {
            return;
        };
        let mut reasons = Reasons::default();
        if let Some(id) = self.compiled.lexicon.id(term) {
            reasons.add(Reason::Person(id));
        }
        self.offer(Found {
            detector,
            span: word,
            canonical,
            confidence: Some(confidence),
            reasons,
        });
    }

    /// Where somebody must stand for the word to speak of them: anywhere near, or in its own sentence where another one
    /// excuses it (« M. Petit est sous curatelle. Prochaine permanence le 12. »); nowhere when its own does.
    fn where_told(&self, terms: &Terms, word: &Range<usize>) -> Option<Range<usize>> {
        if is_denied(self.text, word) || is_another_word(self.text, word) {
            return None;
        }
        let paragraph = paragraph(self.text, word);
        let sentence = sentence(self.text, word, &paragraph);
        if self.says_one_of(&terms.unless_beside, &sentence) {
            return None;
        }
        if !self.says_one_of(&terms.unless, &paragraph) {
            return Some(0..self.text.len());
        }
        let is_told = self.title.is_none() && !self.says_one_of(&terms.unless, &sentence);
        is_told.then_some(sentence)
    }

    fn says_one_of(&self, phrases: &[String], part: &Range<usize>) -> bool {
        let around = fold(self.text.get(part.clone()).unwrap_or_default());
        phrases.iter().any(|words| contains_word(&around, words))
    }

    /// Who is named or numbered around the word: the nearest, in the same paragraph if somebody is there.
    fn person_near(&self, word: &Range<usize>) -> Option<Somebody> {
        let text = self.text;
        let from = word_border_before(text, word.start.saturating_sub(BEFORE));
        let until = word_border_after(text, word.end + AFTER);
        let window = text.get(from..until)?;
        let mut scan = Scan::new(self.compiled, window, None, Vec::new());
        scan.looks_for_people = true;
        scan.run(0..window.len());
        let hits = scan.finish();
        let people = hits.into_iter().filter(|found| self.tells_who(found));
        let placed = people.filter_map(|found| {
            let (start, end) = (from + found.span.start, from + found.span.end);
            let (between, is_before) = if end <= word.start {
                (text.get(end..word.start)?, true)
            } else if start >= word.end {
                (text.get(word.end..start)?, false)
            } else {
                return None;
            };
            let distance = distance(between, is_before)?;
            let somebody = Somebody {
                canonical: found.canonical,
                distance,
                span: start..end,
            };
            Some(((distance, between.len()), somebody))
        });
        placed
            .min_by_key(|(rank, _)| *rank)
            .map(|(_, somebody)| somebody)
    }

    /// A name, an identifier, a date of birth; the telephone of a service is nobody's.
    fn tells_who(&self, found: &Found) -> bool {
        let kind = self.compiled.kinds.get(found.detector);
        kind.is_some_and(|kind| tells_who(kind, found))
    }
}

/// Whether a hit tells who a text or a row is about.
pub(super) fn tells_who(kind: &Kind, found: &Found) -> bool {
    let least = match kind.family {
        // Two words that may be a name are enough beside a word that speaks of people.
        Family::Person => Confidence::Low,
        Family::Identifier if kind.sensitivity.level() >= 3 => Confidence::Medium,
        Family::Contact => {
            return found.confidence >= Some(Confidence::Medium)
                && is_personal_address(found.canonical.as_str());
        }
        _ => return false,
    };
    found.confidence >= Some(least)
}

/// `prenom.nom@…`, and not `accueil@…`.
fn is_personal_address(canonical: &str) -> bool {
    canonical.split_once('@').is_some_and(|(local, _)| {
        let parts: Vec<&str> = local.split(['.', '_']).collect();
        parts.len() == 2
            && parts.iter().all(|part| {
                !part.is_empty()
                    && part
                        .chars()
                        .all(|letter| letter.is_alphabetic() || letter == '-')
            })
    })
}

/// Values under a title that say « nothing »: « néant », « non », « RAS ».
pub(super) fn says_nothing(cell: &str) -> bool {
    const NOTHING: &[&str] = &[
        "",
        "non",
        "no",
        "n",
        "neant",
        "aucun",
        "aucune",
        "aucun connu",
        "aucune connue",
        "ras",
        "r.a.s",
        "r.a.s.",
        "rien",
        "rien a signaler",
        "sans",
        "sans objet",
        "sans regime",
        "so",
        "s.o.",
        "s/o",
        "nc",
        "n.c.",
        "na",
        "n/a",
        "0",
        "faux",
        "false",
        "normal",
        "normale",
        "standard",
        "ordinaire",
        "classique",
        "inconnu",
        "inconnue",
        "non renseigne",
        "non connu",
        "-",
        "--",
        "/",
        "x",
        "?",
        "null",
        "pas d'allergie",
        "aucune allergie",
        "pas de regime",
        "sans particularite",
        "non communique",
        "a completer",
        "non concerne",
        "non concernee",
    ];
    let folded = fold(cell);
    let bare = folded.trim().trim_matches(['.', '_', '*', '…']).trim();
    NOTHING.contains(&bare)
}

fn confidence(strength: Strength, distance: Distance) -> Option<Confidence> {
    match (strength, distance) {
        (Strength::Strong, Distance::Beside | Distance::SameLine) => Some(Confidence::High),
        (Strength::Strong, _) | (Strength::Weak, Distance::Beside) => Some(Confidence::Medium),
        (Strength::Weak, Distance::SameLine | Distance::SameParagraph) => Some(Confidence::Low),
        (Strength::Weak, Distance::Greeting) => None,
    }
}

fn distance(between: &str, person_is_before: bool) -> Option<Distance> {
    let is_blank_line =
        between.contains("\n\n") || between.contains("\n\r\n") || between.contains("\n \n");
    if !between.contains('\n') {
        let is_beside = between.len() <= BESIDE;
        Some(if is_beside {
            Distance::Beside
        } else {
            Distance::SameLine
        })
    } else if !is_blank_line {
        Some(Distance::SameParagraph)
    } else {
        person_is_before.then_some(Distance::Greeting)
    }
}

/// « rue de la Paix » is not the plural of « PAI »: only « -u » takes an x. With a digit behind, it is a part of a code.
fn is_another_word(text: &str, word: &Range<usize>) -> bool {
    let written = text.get(word.clone()).unwrap_or_default();
    let after = text.get(word.end..).unwrap_or_default();
    let ends_in_x = after.starts_with(['x', 'X']) && !written.ends_with(['u', 'U']);
    ends_in_x || after.starts_with(|letter: char| letter.is_ascii_digit())
}

/// « RQTH : non », « pas d'allergie », « aucune condamnation ».
fn is_denied(text: &str, word: &Range<usize>) -> bool {
    const BEFORE_WORD: &[&str] = &[
        "pas de ",
        "pas d'",
        "aucun ",
        "aucune ",
        "sans ",
        "ni ",
        "absence de ",
        "absence d'",
        "hors ",
        "non ",
    ];
    let before = fold(
        text.get(text.ceil_char_boundary(word.start.saturating_sub(NEGATION))..word.start)
            .unwrap_or_default(),
    );
    if BEFORE_WORD.iter().any(|denial| before.ends_with(denial)) {
        return true;
    }
    let after = text
        .get(word.end..text.floor_char_boundary(word.end + 2 * NEGATION))
        .unwrap_or_default();
    let after = after.trim_start_matches('s');
    let Some(value) = after
        .trim_start_matches([' ', '\u{a0}', '\u{202f}', '"', '\t'])
        .strip_prefix([':', '='])
    else {
        return false;
    };
    let value = value
        .trim_start_matches([' ', '\u{a0}', '"'])
        .split(['\n', '\r', ',', ';', '"', '|', '<', '.', '(', '-', '–', '/'])
        .next()
        .unwrap_or_default();
    says_nothing(value)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::detect::replay::replay_detector;
    use crate::detect::{Detector, Engine, Form};
    use crate::kinds::Kinds;

    fn without(engine: &Engine, change: impl Fn(&mut Detector) -> bool) -> Engine {
        let kinds = Kinds::parse("kinds.toml", include_str!("../../kinds.toml")).unwrap();
        let mut detectors = engine.detectors().to_vec();
        detectors.retain_mut(change);
        Engine::new(&kinds, &detectors).unwrap()
    }

    fn rules(engine: &Engine) -> impl Iterator<Item = &Detector> {
        engine
            .detectors()
            .iter()
            .filter(|rule| matches!(rule.form, Form::Words(_)))
    }

    #[test]
    fn no_word_says_anything_without_a_person() {
        let engine = Engine::embedded().unwrap();
        let nobody = without(&engine, |rule| rule.kind.as_str() != "person_name");
        for rule in rules(&engine) {
            assert!(!replay_detector(&nobody, rule).is_empty(), "{}", rule.id);
        }
    }

    #[test]
    fn the_exceptions_of_every_rule_are_shown_by_its_examples() {
        let engine = Engine::embedded().unwrap();
        for rule in rules(&engine) {
            let mutated = without(&engine, |other| {
                if let Form::Words(terms) = &mut other.form
                    && other.id == rule.id
                {
                    let terms = Arc::make_mut(terms);
                    terms.unless.clear();
                    terms.unless_beside.clear();
                }
                true
            });
            assert!(!replay_detector(&mutated, rule).is_empty(), "{}", rule.id);
        }
    }
}
