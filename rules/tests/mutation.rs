//! The examples of a rule hold each of its parts: without its checksum, its structure or its words, one of them fails.

use std::collections::BTreeSet;

use beffroi_rules::detect::replay::replay_detector;
use beffroi_rules::detect::{ContextWords, Detector, Engine, Example, Form};
use beffroi_rules::files::RuleFiles;
use beffroi_rules::kinds::Kinds;

/// What is taken away, and whether there was anything to take.
type Mutation = (&'static str, fn(&mut Detector) -> bool);

const MUTATIONS: [Mutation; 4] = [
    ("checksum", |detector| detector.checksum.take().is_some()),
    ("structure", |detector| detector.structure.take().is_some()),
    ("words", |detector| {
        let levels = detector.confidence;
        // The titles of tables only: `terms` tests its words itself.
        let in_texts = !matches!(detector.form, Form::Words(_));
        detector.context = ContextWords::default();
        in_texts && levels.near != levels.alone
    }),
    ("words against", |detector| {
        let had_words = !detector.context.against.is_empty();
        detector.context.against.clear();
        had_words
    }),
];

#[test]
fn no_part_of_a_rule_can_go_unnoticed() {
    let engine = Engine::embedded().unwrap();
    let kinds = Kinds::parse("kinds.toml", include_str!("../kinds.toml")).unwrap();
    let mut unnoticed = Vec::new();
    for (index, original) in engine.detectors().iter().enumerate() {
        for (part, remove) in MUTATIONS {
            let mut detectors = engine.detectors().to_vec();
            if !remove(&mut detectors[index]) {
                continue;
            }
            let mutated = Engine::new(&kinds, &detectors).unwrap();
            if replay_detector(&mutated, original).is_empty() {
                unnoticed.push(format!("{} without its {part}", original.id));
            }
        }
    }
    assert!(
        unnoticed.is_empty(),
        "every example still holds for: {unnoticed:#?}"
    );
}

/// Five that must match, written in five ways, and five that look alike.
#[test]
fn every_rule_shows_five_of_both_sides() {
    let engine = Engine::load(&RuleFiles::embedded()).unwrap();
    for detector in engine.detectors() {
        let (matching, others): (Vec<&Example>, Vec<&Example>) = detector
            .examples
            .iter()
            .partition(|example| example.hits > 0);
        let forms: BTreeSet<String> = matching
            .iter()
            .map(|example| written_form(&example.text))
            .collect();
        assert!(
            forms.len() >= 5 && others.len() >= 5,
            "rules/personal-data/{}.toml: {} written forms must match, {} texts must not; five of each are asked for",
            detector.id,
            forms.len(),
            others.len()
        );
    }
}

/// Two texts that differ by their digits only are written alike.
fn written_form(text: &str) -> String {
    text.replace(|letter: char| letter.is_ascii_digit(), "9")
}
