//! The rules of the project, read and replayed as an operator's machine reads and replays them.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use std::fs;
use std::path::Path;

use beffroi_rules::detect::Engine;
use beffroi_rules::facts::Facts;
use beffroi_rules::files::RuleFiles;
use beffroi_rules::gaps::{self, Outcome};
use beffroi_rules::load::Diagnostic;
use beffroi_rules::pack::Pack;
use beffroi_rules::replay::replay;

const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 21);

#[test]
fn every_example_of_every_rule_holds() {
    let failures: String = replay(&pack())
        .iter()
        .map(|failure| format!("{failure}\n"))
        .collect();
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn a_machine_that_says_nothing_has_no_gap() {
    let pack = pack();
    let silent = Facts::default();
    for rule in &pack.gaps {
        let outcome = gaps::evaluate(rule, &silent, TODAY, &pack.lists.end_of_life).outcome;
        assert!(
            matches!(outcome, Outcome::Unknown | Outcome::NotApplicable),
            "{}: {outcome:?}",
            rule.id
        );
    }
}

#[test]
fn every_id_that_a_page_may_show_has_a_french_word() {
    let pack = pack();
    let has =
        |group: &str, id: &str| assert!(pack.glossary.label(group, id).is_some(), "{group}.{id}");
    for rule in &pack.activities {
        rule.legal_basis
            .iter()
            .for_each(|basis| has("legal_basis", basis.id()));
        rule.controllers
            .iter()
            .for_each(|controller| has("controller", controller.id()));
        rule.retention
            .iter()
            .for_each(|retention| has("fate", retention.end.id()));
        has("nir_rule", rule.nir.rule.id());
        has("dpia_status", rule.dpia.status.id());
        has("confidence", rule.confidence.id());
    }
    for flag in beffroi_rules::software::Flag::ALL {
        has("software_flag", flag.id());
    }
    for rule in pack.software.rules() {
        has("software_family", rule.family.id());
    }
    for rule in &pack.gaps {
        has("severity", rule.severity.id());
    }
    for (_, kind) in pack.kinds.iter() {
        has("data_category", &kind.category);
    }
}

/// Command lines read the pack each time they start.
#[test]
fn the_pack_stays_small() {
    let folders = ["personal-data", "software", "activities", "gaps", "lists"];
    let sizes: Vec<u64> = folders
        .iter()
        .flat_map(|folder| {
            fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap()
        })
        .map(|entry| entry.unwrap().metadata().unwrap().len())
        .collect();
    assert!(
        sizes.len() < 1000 && sizes.iter().sum::<u64>() < 2 << 20,
        "{} files",
        sizes.len()
    );
}

#[test]
fn the_version_names_exactly_these_texts() {
    let files = RuleFiles::embedded();
    let changed = with("glossary.toml", "[word]\n");
    assert_eq!(files.version(), RuleFiles::embedded().version());
    assert_ne!(files.version(), changed.version());
}

#[test]
fn an_activity_that_names_an_unknown_software_is_refused() {
    let error = only_error(&change(
        "activities/paie.toml",
        "\"bl-emagnus\", \"bl-paie-evo\"",
        "\"bl-emagnuss\"",
    ));
    assert_eq!(error.file, "rules/activities/paie.toml");
    assert_eq!(error.suggestion.as_deref(), Some("bl-emagnus"));
}

#[test]
fn an_activity_that_names_an_unknown_kind_is_refused() {
    let error = only_error(&change(
        "activities/paie.toml",
        "kinds = [\"nir\"",
        "kinds = [\"nri\"",
    ));
    assert_eq!(error.suggestion.as_deref(), Some("nir"));
}

#[test]
fn an_activity_that_names_an_unknown_category_is_refused() {
    let error = only_error(&change(
        "activities/paie.toml",
        "\"bancaire\"",
        "\"banquaire\"",
    ));
    assert_eq!(
        (error.line, error.suggestion.as_deref()),
        (8, Some("bancaire"))
    );
}

#[test]
fn a_gap_that_reads_an_unknown_fact_is_refused() {
    let error = only_error(&change(
        "gaps/firewall-off.toml",
        "firewall.active",
        "firewall.actif",
    ));
    assert_eq!(
        (error.line, error.suggestion.as_deref()),
        (3, Some("firewall.active"))
    );
    assert!(
        error.message.starts_with("unknown fact `firewall.actif`"),
        "{error}"
    );
}

#[test]
fn a_mistyped_key_is_refused_with_its_place() {
    let error = only_error(&change("software/noethys.toml", "delivery", "delivry"));
    assert_eq!((error.line, error.column), (6, 1));
    assert_eq!(error.suggestion.as_deref(), Some("delivery"));
}

#[test]
fn a_detector_whose_key_is_longer_than_its_template_is_refused() {
    let files = change(
        "personal-data/rib.toml",
        "announced_key = 2",
        "announced_key = 200",
    );
    let errors = Engine::load(&files).err().unwrap_or_default();
    assert_eq!(errors.len(), 1, "{}", shown(&errors));
}

#[test]
fn a_folder_that_nobody_reads_is_refused() {
    let error = only_error(&with("gap/firewall-off.toml", ""));
    assert_eq!(error.suggestion.as_deref(), Some("gaps"));
}

#[test]
fn all_broken_files_are_reported_at_once() {
    let own = [
        ("gaps/x.toml", "titel = 1"),
        ("software/y.toml", "product = "),
    ];
    let own = own.map(|(name, text)| (name.to_owned(), text.to_owned()));
    let files = RuleFiles::embedded().with_own(RuleFiles::new("own", own));
    let errors = Pack::load(&files).unwrap_err();
    let names: Vec<&str> = errors.iter().map(|error| error.file.as_str()).collect();
    assert_eq!(names, ["own/software/y.toml", "own/gaps/x.toml"]);
}

#[test]
fn an_operators_folder_is_read_beside_the_projects() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("gaps")).unwrap();
    let own = text_of("gaps/firewall-off.toml").replace("Le pare-feu", "Notre pare-feu");
    fs::write(folder.path().join("gaps/our-firewall.toml"), own).unwrap();

    let pack = Pack::from_folder(folder.path()).unwrap();
    assert!(pack.gap("our-firewall").is_some() && pack.gap("firewall-off").is_some());
}

#[test]
fn a_folder_that_does_not_exist_is_one_clear_error() {
    let errors = Pack::from_folder(Path::new("/nowhere/rules")).unwrap_err();
    assert!(
        errors[0]
            .to_string()
            .starts_with("/nowhere/rules:1:1: cannot be read"),
        "{}",
        errors[0]
    );
}

fn pack() -> Pack {
    Pack::embedded().unwrap_or_else(|errors| panic!("{}", shown(&errors)))
}

fn only_error(files: &RuleFiles) -> Diagnostic {
    let errors = Pack::load(files).unwrap_err();
    assert_eq!(errors.len(), 1, "{}", shown(&errors));
    errors[0].clone()
}

/// The pack with one file changed.
fn change(name: &str, from: &str, to: &str) -> RuleFiles {
    let text = text_of(name);
    assert!(text.contains(from), "{name} has no {from}");
    with(name, &text.replacen(from, to, 1))
}

fn with(name: &str, text: &str) -> RuleFiles {
    RuleFiles::embedded().with_own(RuleFiles::new(
        "rules",
        [(name.to_owned(), text.to_owned())],
    ))
}

fn text_of(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

fn shown(errors: &[Diagnostic]) -> String {
    errors.iter().map(|error| format!("{error}\n")).collect()
}
