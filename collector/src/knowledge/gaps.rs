//! The answer of every gap rule for every machine, with the facts it rests on.

use beffroi_rules::condition::{exposure_fact, flag_fact, holding_fact, software_fact};
use beffroi_rules::facts::FactValue;
use beffroi_rules::gaps::{self, GapRule, Outcome, Reading};
use beffroi_rules::pack::Pack;
use beffroi_rules::software::Flag;
use jiff::civil::Date;

use super::facts::{self, MachineFacts};
use super::{Identified, MOST_SOURCES, Town};
use crate::model::{GapAnswer, GapOutcome, Machine, Proof};

/// A list in a proof names this many items at most.
const MOST_ITEMS: usize = 12;

/// By rule, then machine.
pub(super) fn evaluate(
    town: &Town<'_>,
    installed: &[Identified<'_>],
    pack: &Pack,
    today: Date,
) -> Vec<GapAnswer> {
    let machines: Vec<(&Machine, MachineFacts)> = town
        .machines
        .iter()
        .map(|machine| {
            (
                *machine,
                facts::of_machine(machine, town, installed, pack, today),
            )
        })
        .collect();
    let answers = pack.gaps.iter().flat_map(|rule| {
        machines
            .iter()
            .map(move |(machine, known)| answer(rule, machine, known, pack, today))
    });
    answers.collect()
}

fn answer(
    rule: &GapRule,
    machine: &Machine,
    known: &MachineFacts,
    pack: &Pack,
    today: Date,
) -> GapAnswer {
    let evaluation = gaps::evaluate(rule, &known.facts, today, &pack.lists.end_of_life);
    GapAnswer {
        rule: rule.id.clone(),
        machine: Some(machine.id),
        title: rule.title.clone(),
        severity: rule.severity.id().to_owned(),
        outcome: outcome(evaluation.outcome),
        proof: evaluation
            .proof
            .iter()
            .map(|reading| proof(reading, known, pack))
            .collect(),
        remedy: remedy(rule),
        sources: rule
            .sources
            .iter()
            .map(|source| source.citation.clone())
            .collect(),
    }
}

fn proof(reading: &Reading<'_>, known: &MachineFacts, pack: &Pack) -> Proof {
    let value = reading
        .fact
        .map(|fact| shown(reading.name, &fact.value, pack));
    let value = value.unwrap_or_else(|| "inconnu".to_owned());
    let files = known.files.get(reading.name).into_iter().flatten();
    Proof {
        fact: reading.name.to_owned(),
        statement: format!("{} — {value}", label(reading.name, pack)),
        source: reading
            .fact
            .map_or_else(String::new, |fact| fact.source.clone()),
        observed_at: reading.fact.and_then(|fact| fact.observed_at),
        files: files.copied().take(MOST_SOURCES).collect(),
    }
}

/// What a fact is about, for a person.
fn label(name: &str, pack: &Pack) -> String {
    if let Some(entry) = pack.facts.get(name) {
        return entry.label.fr.clone();
    }
    if let Some(rule) = pack
        .software
        .rules()
        .iter()
        .find(|rule| software_fact(&rule.id) == name)
    {
        return format!("Logiciel « {} »", rule.product);
    }
    if let Some(flag) = Flag::ALL
        .into_iter()
        .find(|flag| flag_fact(flag.id()) == name)
    {
        return format!(
            "Logiciels : {}",
            pack.glossary.french("software_flag", flag.id())
        );
    }
    for (id, kind) in pack.kinds.iter() {
        if exposure_fact(id.as_str()) == name {
            return format!("Fichiers lisibles par tous : {}", kind.label.fr);
        }
        if holding_fact(id.as_str()) == name {
            return format!("Fichiers concernés : {}", kind.label.fr);
        }
    }
    name.to_owned()
}

fn shown(name: &str, value: &FactValue, pack: &Pack) -> String {
    match (pack.facts.get(name), value) {
        (_, FactValue::List(items)) if items.len() > MOST_ITEMS => {
            let first: Vec<String> = items.iter().take(MOST_ITEMS).cloned().collect();
            format!(
                "{} et {} autres",
                FactValue::List(first),
                items.len() - MOST_ITEMS
            )
        }
        (Some(entry), value) => entry.show(value),
        (None, value) => value.to_string(),
    }
}

/// Why, what to do, who does it and how long it takes: the reader is a clerk.
fn remedy(rule: &GapRule) -> String {
    let remedy = &rule.remedy;
    format!(
        "{}\n{}\nQui : {}. Durée : {}.",
        rule.why, remedy.what, remedy.who, remedy.duration
    )
}

fn outcome(outcome: Outcome) -> GapOutcome {
    match outcome {
        Outcome::Shortfall => GapOutcome::Shortfall,
        Outcome::Compliant => GapOutcome::Compliant,
        Outcome::Unknown => GapOutcome::Unknown,
        Outcome::NotApplicable => GapOutcome::NotApplicable,
    }
}
