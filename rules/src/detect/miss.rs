//! What was nearly found, and what speaks against it: for a person who argues with a rule.
//!
//! Comes in: a candidate that the judge turned down. Goes out: a sentence in French that says why. A scan of files asks for
//! none of this, and pays nothing for it.

use std::ops::Range;

use super::checks::{Checksum, Structure};
use super::engine::Compiled;
use super::found::Canonical;
use super::rule::Detector;
use super::vocabulary::WordId;

/// A candidate whose form fits, and that is no hit.
#[derive(Debug, Clone)]
pub(super) struct Rejection {
    /// The rule, by index.
    pub detector: usize,
    pub span: Range<usize>,
    pub value: Canonical,
    pub why: Why,
}

/// In the order in which they teach something: of several on one span, the first is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Why {
    /// The check digits disagree.
    Key,
    /// A label near announces something else.
    Against(WordId),
    /// Possible, but nothing around says what it is.
    Alone,
    /// Written in a way that needs a label.
    Unlabelled,
    /// Its parts are impossible.
    Structure,
    /// Another reading of the same place is surer.
    Weaker,
    /// Something touches it.
    Edge(Touching),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Touching {
    Reference,
    Series,
    Word,
}

impl Rejection {
    /// In French.
    pub(super) fn sentence(&self, compiled: &Compiled, rule: &Detector) -> String {
        match self.why {
            Why::Key => wrong_key(rule, self.value.as_str().as_bytes()),
            Why::Structure => wrong_structure(rule).to_owned(),
            Why::Against(word) => format!(
                "le mot « {} » annonce autre chose",
                compiled.lexicon.word(word)
            ),
            Why::Alone => format!("rien autour ne dit ce que c'est ; {}", wanted_words(rule)),
            Why::Unlabelled => format!(
                "écrit ainsi, il faut qu'un mot dise ce que c'est ; {}",
                wanted_words(rule)
            ),
            Why::Weaker => "le même passage a une lecture plus sûre".to_owned(),
            Why::Edge(Touching::Reference) => {
                "collé à une référence ou à un nom de fichier".to_owned()
            }
            Why::Edge(Touching::Series) => "pris dans une suite de nombres".to_owned(),
            Why::Edge(Touching::Word) => "collé à d'autres lettres ou chiffres".to_owned(),
        }
    }
}

fn wanted_words(rule: &Detector) -> String {
    const SHOWN: usize = 4;
    let words: Vec<String> = rule
        .context
        .words
        .iter()
        .take(SHOWN)
        .map(|word| format!("« {word} »"))
        .collect();
    if words.is_empty() {
        return "aucun mot n'y aiderait".to_owned();
    }
    format!(
        "un mot comme {} à proximité, ou en titre de colonne, le ferait retenir",
        words.join(", ")
    )
}

/// The rule's checksum decides which key would be right: the key's digits are tried one after the other.
fn wrong_key(rule: &Detector, symbols: &[u8]) -> String {
    let Some((place, checksum)) = rule
        .checksum
        .and_then(|checksum| Some((place_of_key(checksum, symbols.len())?, checksum)))
    else {
        return "la clé est fausse".to_owned();
    };
    let written = symbols.get(place.clone()).unwrap_or_default();
    let digits = written.len();
    let right = (0..10_u32.pow(u32::try_from(digits).unwrap_or(0)))
        .map(|key| format!("{key:0digits$}"))
        .find(|key| {
            let mut corrected = symbols.to_vec();
            if let Some(slot) = corrected.get_mut(place.clone()) {
                slot.copy_from_slice(key.as_bytes());
            }
            let is_built = rule
                .structure
                .is_none_or(|structure| structure.judge(&corrected).is_possible());
            is_built && checksum.holds(&corrected)
        });
    let written = String::from_utf8_lossy(written);
    match right {
        Some(right) => format!("la clé est fausse : {written}, attendue {right}"),
        None => format!("la clé est fausse : {written}"),
    }
}

/// Where the check digits stand; none for those that are scattered.
fn place_of_key(checksum: Checksum, length: usize) -> Option<Range<usize>> {
    match checksum {
        Checksum::Nir | Checksum::Rib => Some(length.checked_sub(2)?..length),
        Checksum::Luhn | Checksum::Siret => Some(length.checked_sub(1)?..length),
        Checksum::Spi => Some(length.checked_sub(3)?..length),
        Checksum::Iban | Checksum::Vat => Some(2..4),
        _ => None,
    }
}

fn wrong_structure(rule: &Detector) -> &'static str {
    match rule.structure {
        Some(Structure::Nir | Structure::NirBody | Structure::NirProvisional) => {
            "sexe, mois, département, commune ou numéro d'ordre impossibles"
        }
        Some(Structure::Iban) => "longueur ou composition qui n'est pas celle du pays",
        Some(Structure::Card) => "aucun émetteur de cartes n'a cette tranche, ou carte d'essai",
        Some(Structure::Phone) => "tranche que le plan de numérotation n'attribue pas",
        Some(Structure::Plate) => "lettres ou numéro jamais attribués",
        _ => "la construction n'est pas celle de ce type de donnée",
    }
}
