//! The agent is as right as `rules/ACCURACY.md` promises, on the documents that made its figures.

use beffroi_evaluation::{Family, Options, generate, report::Evaluation, scan};
use beffroi_rules::pack::Pack;
use beffroi_tests::programs::program;
use tempfile::TempDir;

/// Kinds that do not reach their target yet, and why. They are measured all the same.
const SHORT: &[(&str, &str)] = &[];

#[test]
fn every_kind_is_found_as_often_and_as_rightly_as_promised() {
    let folder = TempDir::new().unwrap();
    let options = Options::default();
    let documents = generate(&options, folder.path()).unwrap();
    let readings = scan(&program("beffroi-agent"), folder.path()).unwrap();
    let pack = Pack::embedded().unwrap();
    let evaluation = Evaluation {
        options,
        version: "",
        date: "",
        documents: &documents,
        readings: &readings,
        claimed: &pack
            .kinds
            .iter()
            .map(|(id, _)| id.as_str().to_owned())
            .collect(),
    };

    let unexpected: Vec<String> = Family::ALL
        .into_iter()
        .flat_map(|family| evaluation.shortfalls(family))
        .filter(|shortfall| SHORT.iter().all(|(kind, _)| *kind != shortfall.kind.id))
        .map(|shortfall| shortfall.to_string())
        .collect();

    assert!(unexpected.is_empty(), "below target: {unexpected:#?}");
}
