//! Any text to every reader of rule files: a rule or a diagnostic comes back. A detector that reads well is tried on its
//! own examples, for what it says reaches deep into the engine.

#![no_main]

use std::sync::LazyLock;

use beffroi_rules::activities::{ActivityRule, KnownIds};
use beffroi_rules::condition::Readable;
use beffroi_rules::detect::{Detector, Engine};
use beffroi_rules::facts::Vocabulary;
use beffroi_rules::gaps::GapRule;
use beffroi_rules::glossary::Glossary;
use beffroi_rules::kinds::Kinds;
use beffroi_rules::lists::{EndOfLife, Guides, SecurityMeasures};
use beffroi_rules::load::Diagnostic;
use beffroi_rules::pack::Pack;
use beffroi_rules::software::{Flag, SoftwareCatalogue, SoftwareRule};
use libfuzzer_sys::fuzz_target;

static PACK: LazyLock<Pack> = LazyLock::new(|| Pack::embedded().expect("our rules are good"));
static READABLE: LazyLock<Readable> = LazyLock::new(|| {
    let kinds = PACK.kinds.iter().map(|(id, _)| id.as_str());
    Readable::new(&PACK.facts, software_ids(), Flag::ALL.map(Flag::id), kinds)
});

fuzz_target!(|text: &str| {
    check(text, Kinds::parse("kinds.toml", text));
    check(text, Vocabulary::parse("facts.toml", text));
    check(text, Glossary::parse("glossary.toml", text));
    check(text, EndOfLife::parse("end-of-life.toml", text));
    check(text, Guides::parse("guides.toml", text));
    check(
        text,
        SecurityMeasures::parse("security-measures.toml", text),
    );
    check(text, activity(text));
    check(
        text,
        GapRule::parse("x", "x.toml", text, &READABLE, &PACK.lists.guides),
    );
    if let Some(software) = check(text, SoftwareRule::parse("x", "x.toml", text)) {
        SoftwareCatalogue::new(vec![software]);
    }
    if let Some(detector) = check(text, Detector::parse("x", "x.toml", text, &PACK.kinds)) {
        try_out(&detector);
    }
});

fn activity(text: &str) -> Result<ActivityRule, Diagnostic> {
    let kinds: Vec<&str> = PACK.kinds.iter().map(|(id, _)| id.as_str()).collect();
    let group = |name| PACK.glossary.group(name).map(|(id, _)| id).collect();
    let (data_categories, domains): (Vec<&str>, Vec<&str>) =
        (group("data_category"), group("domain"));
    let known = KnownIds {
        software: &software_ids(),
        kinds: &kinds,
        data_categories: &data_categories,
        domains: &domains,
        security_sets: &PACK.lists.security_measures.names(),
    };
    ActivityRule::parse("x", "x.toml", text, known)
}

fn try_out(detector: &Detector) {
    let Ok(engine) = Engine::new(&PACK.kinds, std::slice::from_ref(detector)) else {
        return;
    };
    for example in &detector.examples {
        engine.examine(&example.text, None, None);
        let mut document = engine.document();
        for line in example.text.lines() {
            let cells: Vec<&str> = line.split(';').collect();
            document.row(&cells);
        }
        document.finish();
    }
}

/// A diagnostic names a place that a person finds in the text.
fn check<T>(text: &str, read: Result<T, Diagnostic>) -> Option<T> {
    read.inspect_err(|error| {
        let lines = text.split('\n').count();
        assert!((1..=lines).contains(&error.line), "{error}");
        let line = text.split('\n').nth(error.line - 1).unwrap_or_default();
        assert!(
            (1..=line.chars().count() + 1).contains(&error.column),
            "{error}"
        );
    })
    .ok()
}

fn software_ids() -> Vec<&'static str> {
    PACK.software
        .rules()
        .iter()
        .map(|rule| rule.id.as_str())
        .collect()
}
