//! Reading one rule file: TOML text in, a typed rule or a [`Diagnostic`] out.
//!
//! A diagnostic names file, line, column, the word at fault and the allowed ones, because the reader is somebody who
//! wrote a rule by hand and has no other tool than this message. Semantic errors (an unknown kind, an unknown validator)
//! get the same treatment: the rule keeps its words in [`toml::Spanned`], and the check calls [`Diagnostic::at`] then
//! [`Diagnostic::suggest`].

use std::ops::Range;

use serde::de::DeserializeOwned;

/// Beyond this many allowed words, a message lists the nearest ones only.
const LISTED_WORDS: usize = 24;
/// Below this likeness (0 to 1), a suggestion would mislead.
const LIKENESS: f64 = 0.7;

/// Where a rule file is wrong, why, and what was probably meant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {message}{}", hint(.suggestion.as_deref()))]
pub struct Diagnostic {
    pub file: String,
    /// Counted from 1.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
    pub message: String,
    /// The allowed word that looks most like the one at fault.
    pub suggestion: Option<String>,
}

/// Reads a rule file; `file` is the name shown in messages.
pub fn parse<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, Diagnostic> {
    toml::from_str(text).map_err(|error| from_toml(file, text, &error))
}

impl Diagnostic {
    /// An error about the bytes `span` of `text`.
    pub fn at(file: &str, text: &str, span: Range<usize>, message: impl Into<String>) -> Self {
        let (line, column) = position(text, span.start);
        Self {
            file: file.to_owned(),
            line,
            column,
            message: message.into(),
            suggestion: None,
        }
    }

    /// Adds the allowed words, and the one that looks most like `word`.
    pub fn suggest(mut self, word: &str, allowed: &[&str]) -> Self {
        let mut nearest: Vec<(f64, &str)> = allowed
            .iter()
            .map(|candidate| (likeness(word, candidate), *candidate))
            .collect();
        nearest.sort_by(|a, b| b.0.total_cmp(&a.0));

        self.suggestion = nearest
            .first()
            .filter(|(likeness, _)| *likeness >= LIKENESS)
            .map(|(_, best)| (*best).to_owned());
        if allowed.len() <= LISTED_WORDS {
            self.message
                .push_str(&format!("; allowed: {}", allowed.join(", ")));
        } else {
            let listed: Vec<&str> = nearest
                .iter()
                .take(LISTED_WORDS)
                .map(|(_, candidate)| *candidate)
                .collect();
            let left_out = allowed.len() - listed.len();
            self.message.push_str(&format!(
                "; allowed, nearest first: {} and {left_out} others",
                listed.join(", ")
            ));
        }
        self
    }
}

fn from_toml(file: &str, text: &str, error: &toml::de::Error) -> Diagnostic {
    let span = error.span().unwrap_or(0..0);
    let message = error.message();

    // serde says what was found and what was expected in one sentence, the words between backquotes.
    let words: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let Some((word, allowed)) = words.split_first() else {
        return Diagnostic::at(file, text, span, message);
    };
    if message.starts_with("unknown field") {
        return Diagnostic::at(file, text, span, format!("unknown key `{word}`"))
            .suggest(word, allowed);
    }
    if message.starts_with("unknown variant") {
        return Diagnostic::at(file, text, span, format!("unknown value `{word}`"))
            .suggest(word, allowed);
    }
    if message.starts_with("missing field") {
        return Diagnostic::at(file, text, span, format!("the key `{word}` is missing"));
    }
    Diagnostic::at(file, text, span, message)
}

fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
    (line, column)
}

/// Jaro-Winkler alone finds « nri » unlike « nir »: two letters swapped, or one at fault, always look alike.
fn likeness(word: &str, candidate: &str) -> f64 {
    if strsim::osa_distance(word, candidate) <= 1 {
        return 1.0;
    }
    strsim::jaro_winkler(word, candidate)
}

fn hint(suggestion: Option<&str>) -> String {
    suggestion
        .map(|word| format!("; did you mean `{word}`?"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only the reading is under test")]
    struct Rule {
        fact: String,
        severity: Severity,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Severity {
        High,
        Low,
    }

    #[test]
    fn names_file_line_column_and_the_key_meant() {
        let error =
            parse::<Rule>("gaps/x.toml", "severity = \"high\"\nfcat = \"é\"\n").unwrap_err();
        assert_eq!(
            error.to_string(),
            "gaps/x.toml:2:1: unknown key `fcat`; allowed: fact, severity; did you mean `fact`?"
        );
    }

    #[test]
    fn names_the_value_meant() {
        let error =
            parse::<Rule>("gaps/x.toml", "fact = \"a\"\nseverity = \"hihg\"\n").unwrap_err();
        assert_eq!((error.line, error.suggestion.as_deref()), (2, Some("high")));
    }

    #[test]
    fn names_the_missing_key() {
        let error = parse::<Rule>("gaps/x.toml", "severity = \"low\"\n").unwrap_err();
        assert_eq!(error.message, "the key `fact` is missing");
    }

    #[test]
    fn counts_columns_in_characters() {
        let text = "é = \"x\"";
        assert_eq!(Diagnostic::at("f", text, 5..6, "here").column, 5);
    }

    #[test]
    fn suggests_nothing_when_nothing_looks_alike() {
        let error = Diagnostic::at("f", "", 0..0, "unknown").suggest("zzz", &["fact"]);
        assert_eq!(error.suggestion, None);
    }
}
