//! The software of a town, all machines together. What a rule recognises is one entry per rule, however many packages
//! it is made of; the rest is listed as the machines name it.

use std::collections::BTreeMap;

use beffroi_rules::text::fold;

use super::Identified;
use crate::model::{CensusEntry, MachineId};

/// Recognised software first, then the rest, each by name.
pub(super) fn count(installed: &[Identified<'_>]) -> Vec<CensusEntry> {
    let mut entries: BTreeMap<Key<'_>, CensusEntry> = BTreeMap::new();
    for line in installed {
        if line.rules.is_empty() {
            let (name, publisher) = (&line.installation.name, &line.installation.publisher);
            let key = Key {
                is_unknown: true,
                folded: fold(name),
                name,
                publisher,
            };
            let entry = entries
                .entry(key)
                .or_insert_with(|| entry(name, publisher, None, ""));
            add(entry, &line.installation.version, line.machine);
        }
        for rule in &line.rules {
            let key = Key {
                is_unknown: false,
                folded: fold(&rule.product),
                name: &rule.id,
                publisher: &rule.publisher,
            };
            let entry = entries.entry(key).or_insert_with(|| {
                entry(
                    &rule.product,
                    &rule.publisher,
                    Some(&rule.id),
                    rule.family.id(),
                )
            });
            add(entry, &line.installation.version, line.machine);
        }
    }
    entries.into_values().collect()
}

/// The order of the census.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key<'a> {
    is_unknown: bool,
    folded: String,
    name: &'a str,
    publisher: &'a str,
}

fn entry(name: &str, publisher: &str, rule: Option<&str>, family: &str) -> CensusEntry {
    CensusEntry {
        name: name.to_owned(),
        publisher: publisher.to_owned(),
        rule: rule.map(str::to_owned),
        family: family.to_owned(),
        versions: BTreeMap::new(),
    }
}

fn add(entry: &mut CensusEntry, version: &str, machine: MachineId) {
    let machines = entry.versions.entry(version.to_owned()).or_default();
    // Machines come in order: a second package of the same version follows at once.
    if machines.last() != Some(&machine) {
        machines.push(machine);
    }
}
