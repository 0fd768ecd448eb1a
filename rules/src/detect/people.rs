//! What people are called: the words before a name, first names, and what looks like a name and is none.
//!
//! Comes in: the lists of `rules/personal-data/person-name.toml`. Goes out: [`People`], which [`super::forms::person`] asks about single words, and whose
//! words are anchors of a scan.

use rustc_hash::FxHashSet;
use serde::{Deserialize, Deserializer};

use super::roster::NameTitles;
use super::vocabulary::Standing;

/// All words are folded.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct People {
    titles: NameTitles,
    civilities: FxHashSet<String>,
    named_after: FxHashSet<String>,
    also_surnames: FxHashSet<String>,
    owned: FxHashSet<String>,
    small_words: FxHashSet<String>,
    famous: FxHashSet<String>,
    not_surnames: FxHashSet<String>,
    #[serde(deserialize_with = "words")]
    given: FxHashSet<String>,
    #[serde(deserialize_with = "words")]
    also_words: FxHashSet<String>,
}

/// How much a word is a first name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Given {
    Sure,
    /// It is also a word, a place, a brand.
    Maybe,
    No,
}

impl People {
    /// Every word at which a name may be read.
    pub(super) fn anchors(&self) -> impl Iterator<Item = (String, Standing)> {
        let words = self
            .civilities
            .iter()
            .chain(&self.given)
            .chain(&self.also_words);
        let words = words.map(|word| (word.clone(), Standing::Capital));
        let labels = self.titles.of_given();
        words.chain(labels.map(|label| (label.to_owned(), Standing::Whole)))
    }

    pub(super) fn titles(&self) -> &NameTitles {
        &self.titles
    }

    pub(super) fn is_civility(&self, word: &str) -> bool {
        self.civilities.contains(word)
    }

    /// Streets, schools, firms: they bear the names of people.
    pub(super) fn is_named_after(&self, word: &str) -> bool {
        is_or_plural(&self.named_after, word)
    }

    /// Of those, what is somebody's when « de » follows.
    pub(super) fn is_owned(&self, word: &str) -> bool {
        is_or_plural(&self.owned, word)
    }

    /// Of those, what is another word when it has no capital: « sa ».
    pub(super) fn is_small_word(&self, word: &str) -> bool {
        self.small_words.contains(word)
    }

    /// Of those, what people are called too: « Maréchal ».
    pub(super) fn is_also_surname(&self, word: &str) -> bool {
        self.also_surnames.contains(word)
    }

    /// In a cell, « SARL Durand » and « Service technique » are no people.
    pub(super) fn is_organisation(&self, word: &str) -> bool {
        self.named_after.contains(word)
            || (self.not_surnames.contains(word) && !self.is_civility(word))
    }

    /// Somebody after whom places are named, more often than spoken of.
    pub(super) fn is_famous(&self, name: &str) -> bool {
        self.famous.contains(name)
    }

    /// Capitalised, and still no surname: a function, a word of forms, what is named after people.
    pub(super) fn is_no_surname(&self, word: &str) -> bool {
        is_or_plural(&self.not_surnames, word) || self.is_civility(word)
    }

    /// Of a double name, the first part tells: « Jean-Noël ».
    pub(super) fn given(&self, word: &str) -> Given {
        let first = word.split('-').next().unwrap_or_default();
        if self.given.contains(word) || self.given.contains(first) {
            Given::Sure
        } else if self.also_words.contains(word) {
            Given::Maybe
        } else {
            Given::No
        }
    }
}

fn is_or_plural(words: &FxHashSet<String>, word: &str) -> bool {
    words.contains(word)
        || word
            .strip_suffix('s')
            .is_some_and(|singular| words.contains(singular))
}

/// Long lists are one text: words between spaces.
fn words<'de, D: Deserializer<'de>>(deserializer: D) -> Result<FxHashSet<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    Ok(text.split_whitespace().map(str::to_owned).collect())
}
