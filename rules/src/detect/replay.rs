//! Replaying the examples of the detectors, by the engine that runs in towns.

use super::engine::Engine;
use super::rule::{Detector, Example};
use crate::replay::Failure;

/// Every example that its rule contradicts; empty when all hold.
pub fn replay(engine: &Engine) -> Vec<Failure> {
    engine
        .detectors()
        .iter()
        .flat_map(|detector| replay_detector(engine, detector))
        .collect()
}

/// The examples of one detector that the engine contradicts.
pub fn replay_detector(engine: &Engine, detector: &Detector) -> Vec<Failure> {
    let failures = detector
        .examples
        .iter()
        .filter_map(|example| replay_example(engine, detector, example));
    failures.collect()
}

fn replay_example(engine: &Engine, detector: &Detector, example: &Example) -> Option<Failure> {
    let hits = engine.explain(&example.text);
    let of_kind = hits.iter().filter(|hit| hit.kind == detector.kind);
    let counted = of_kind
        .filter(|hit| Some(hit.confidence) >= example.at.confidence())
        .count();
    (counted != example.hits).then(|| Failure {
        rule: format!("personal-data/{}", detector.id),
        example: example.text.clone(),
        expected: format!(
            "{} at {:?} or above ({})",
            example.hits, example.at, example.why
        ),
        found: hits
            .iter()
            .map(|hit| {
                format!(
                    "{} {} {:?} {:?}",
                    hit.detector, hit.masked, hit.confidence, hit.reasons
                )
            })
            .collect::<Vec<_>>()
            .join("; "),
    })
}
