//! The facts of one machine as gap rules read them: those that its agent observed, and those that follow from its
//! inventory, its last contact and the files found on it.
//!
//! What cannot be known stays absent: a machine whose inventory has not come has no `software.…` fact, and a machine that
//! nobody has scanned has no `holding.…` nor `exposure.…` fact, so that no rule answers « compliant » for want of looking.

use std::collections::BTreeMap;

use beffroi_rules::condition::{exposure_fact, flag_fact, holding_fact, software_fact};
use beffroi_rules::facts::{Fact, FactValue, Facts};
use beffroi_rules::pack::Pack;
use beffroi_rules::software::Flag;
use jiff::{Timestamp, civil::Date};

use super::{Identified, Town, sure_tallies};
use crate::model::{self, File, FileId, Machine, ReadableBy};

/// The facts of a machine, and the files behind those about exposure.
pub(super) struct MachineFacts {
    pub(super) facts: Facts,
    /// Behind the facts about holding and exposure, by name of fact; in the order of the town's files.
    pub(super) files: BTreeMap<String, Vec<FileId>>,
}

pub(super) fn of_machine(
    machine: &Machine,
    town: &Town<'_>,
    installed: &[Identified<'_>],
    pack: &Pack,
    today: Date,
) -> MachineFacts {
    let mut facts = Facts::default();
    add_state(&mut facts, machine);
    add_observed(&mut facts, machine, town, pack);
    add_software(&mut facts, machine, town, installed, pack, today);
    let files = add_holdings(&mut facts, machine, town, pack);
    MachineFacts { facts, files }
}

/// What the inventory of the machine and its contacts say; an observed fact of the same name replaces it.
fn add_state(facts: &mut Facts, machine: &Machine) {
    if let Some(offset) = machine.clock_offset_seconds {
        let value = FactValue::Integer(offset);
        facts.insert(fact(
            "clock.offset_seconds",
            value,
            "dernier contact avec le collecteur",
            machine.last_seen_at,
        ));
    }
    let Some(state) = &machine.state else {
        return;
    };
    for (name, text) in [
        ("os.family", &state.os_family),
        ("machine.chassis", &state.chassis),
    ] {
        if !text.is_empty() {
            let value = FactValue::Text(text.clone());
            facts.insert(fact(
                name,
                value,
                "inventaire de la machine",
                machine.state_received_at,
            ));
        }
    }
}

/// What the agent observed, as far as it fits the vocabulary of these rules.
fn add_observed(facts: &mut Facts, machine: &Machine, town: &Town<'_>, pack: &Pack) {
    for observed in town.snapshot.facts.get(&machine.id).into_iter().flatten() {
        let value = value_of(&observed.value);
        if pack.facts.check(&observed.name, &value).is_ok() {
            facts.insert(fact(
                &observed.name,
                value,
                &observed.source,
                Some(observed.observed_at),
            ));
        }
    }
}

/// Which software of the rules is installed; empty lists for the others, once an inventory has come.
fn add_software(
    facts: &mut Facts,
    machine: &Machine,
    town: &Town<'_>,
    installed: &[Identified<'_>],
    pack: &Pack,
    today: Date,
) {
    if town
        .snapshot
        .installations
        .get(&machine.id)
        .is_none_or(Vec::is_empty)
    {
        return;
    }
    let rules = pack
        .software
        .rules()
        .iter()
        .map(|rule| software_fact(&rule.id));
    let flags = Flag::ALL.into_iter().map(|flag| flag_fact(flag.id()));
    let mut lists: BTreeMap<String, Vec<String>> =
        rules.chain(flags).map(|name| (name, Vec::new())).collect();

    for line in installed.iter().filter(|line| line.machine == machine.id) {
        let listed_as = format!("{} {}", line.installation.name, line.installation.version);
        for rule in &line.rules {
            let names = rule
                .flags_on(today)
                .map(|flag| flag_fact(flag.id()))
                .chain([software_fact(&rule.id)]);
            for name in names {
                let items = lists.entry(name).or_default();
                if !items.contains(&listed_as) {
                    items.push(listed_as.clone());
                }
            }
        }
    }
    for (name, items) in lists {
        facts.insert(fact(
            &name,
            FactValue::List(items),
            "inventaire des logiciels",
            machine.last_seen_at,
        ));
    }
}

/// How many files hold each kind, and how many of them everyone can read. Zero is only stated after a complete pass, and
/// where every file that holds the kind has known rights.
fn add_holdings(
    facts: &mut Facts,
    machine: &Machine,
    town: &Town<'_>,
    pack: &Pack,
) -> BTreeMap<String, Vec<FileId>> {
    let mut files_behind = BTreeMap::new();
    let found: Vec<&File> = town.files_of(machine.id).collect();
    let mut passes = town.snapshot.passes.iter();
    let was_scanned = passes.any(|pass| pass.machine == machine.id && pass.complete);
    if found.is_empty() && !was_scanned {
        return files_behind;
    }
    for (kind, _) in pack.kinds.iter() {
        let holds =
            |file: &&&File| sure_tallies(&file.state).any(|tally| tally.kind == kind.as_str());
        let holding: Vec<&&File> = found.iter().filter(holds).collect();
        let seen_at = holding
            .iter()
            .map(|file| file.last_seen_at)
            .max()
            .or(machine.last_seen_at);
        let mut state = |name: String, files: Vec<FileId>| {
            let count = i64::try_from(files.len()).unwrap_or(i64::MAX);
            let value = FactValue::Integer(count);
            facts.insert(fact(&name, value, "analyse des fichiers", seen_at));
            files_behind.insert(name, files);
        };
        if !holding.is_empty() || was_scanned {
            let files = holding.iter().map(|file| file.id).collect();
            state(holding_fact(kind.as_str()), files);
        }
        let exposed: Vec<FileId> = holding
            .iter()
            .filter(|file| file.state.readable_by == Some(ReadableBy::Everyone))
            .map(|file| file.id)
            .collect();
        if exposed.is_empty() && holding.iter().any(|file| file.state.readable_by.is_none()) {
            continue;
        }
        state(exposure_fact(kind.as_str()), exposed);
    }
    files_behind
}

fn fact(name: &str, value: FactValue, source: &str, observed_at: Option<Timestamp>) -> Fact {
    Fact {
        name: name.to_owned(),
        value,
        source: source.to_owned(),
        observed_at,
    }
}

fn value_of(value: &model::FactValue) -> FactValue {
    match value {
        model::FactValue::Boolean(value) => FactValue::Boolean(*value),
        model::FactValue::Integer(value) => FactValue::Integer(*value),
        model::FactValue::Text(value) => FactValue::Text(value.clone()),
        model::FactValue::List(items) => FactValue::List(items.clone()),
    }
}
