//! Every detector finds what its own examples say, no more and no less.

use beffroi_rules::detect::Engine;
use beffroi_rules::detect::replay::replay;

#[test]
fn every_example_holds() {
    let engine = Engine::embedded().unwrap();
    let failures = replay(&engine);
    let shown: Vec<String> = failures
        .iter()
        .map(|failure| {
            format!(
                "{}: {:?}\n    expected {}\n    found {}",
                failure.rule, failure.example, failure.expected, failure.found
            )
        })
        .collect();
    assert!(
        failures.is_empty(),
        "{} examples fail:\n{}",
        failures.len(),
        shown.join("\n")
    );
}
