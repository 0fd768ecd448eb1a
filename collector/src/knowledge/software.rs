//! Which rules recognise what is installed on each machine.

use std::collections::HashMap;

use beffroi_rules::software::{SoftwareCatalogue, SoftwareRule};

use super::Town;
use crate::model::{Installation, MachineId};

/// One installation, and the rules that recognise it.
pub(super) struct Identified<'a> {
    pub(super) machine: MachineId,
    pub(super) installation: &'a Installation,
    pub(super) rules: Vec<&'a SoftwareRule>,
}

/// By machine, then name and version.
pub(super) fn identify<'a>(
    town: &Town<'a>,
    catalogue: &'a SoftwareCatalogue,
) -> Vec<Identified<'a>> {
    // Machines of a town have most of their software in common.
    let mut known: HashMap<(&str, &str), Vec<&SoftwareRule>> = HashMap::new();
    let mut identified = Vec::new();
    for machine in &town.machines {
        let mut installations: Vec<&Installation> = town
            .snapshot
            .installations
            .get(&machine.id)
            .into_iter()
            .flatten()
            .collect();
        installations.sort();
        for installation in installations {
            let (name, publisher) = (installation.name.as_str(), installation.publisher.as_str());
            let rules = known
                .entry((name, publisher))
                .or_insert_with(|| catalogue.identify(name, publisher))
                .clone();
            identified.push(Identified {
                machine: machine.id,
                installation,
                rules,
            });
        }
    }
    identified
}
