//! The examples of a rule hold each of its parts: without its checksum, its structure or its words, one of them fails.

use beffroi_rules::detect::replay::replay_detector;
use beffroi_rules::detect::{ContextWords, Detector, Engine};
use beffroi_rules::files::RuleFiles;
use beffroi_rules::kinds::Kinds;

/// What is taken away, and whether there was anything to take.
type Mutation = (&'static str, fn(&mut Detector) -> bool);

const MUTATIONS: [Mutation; 4] = [
    ("checksum", |detector| detector.checksum.take().is_some()),
    ("structure", |detector| detector.structure.take().is_some()),
    ("words", |detector| {
        let levels = detector.confidence;
        let raises = levels.near != levels.alone && Some(levels.near) != levels.grouped;
        detector.context = ContextWords::default();
        raises
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

#[test]
fn every_rule_shows_five_of_both_sides() {
    let engine = Engine::load(&RuleFiles::embedded()).unwrap();
    for detector in engine.detectors() {
        let matching = detector
            .examples
            .iter()
            .filter(|example| example.hits > 0)
            .count();
        let others = detector.examples.len() - matching;
        assert!(
            matching >= 5 && others >= 5,
            "{}: {matching} must match, {others} must not",
            detector.id
        );
    }
}
