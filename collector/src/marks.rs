//! Whether marks are of one machine, by the rule that agents follow too (`beffroi_proto::marks`).
//!
//! In: marks as the store keeps them, and what persons said before. Out: what is refused at the door ([`may_be_one_machine`], for
//! `ingest`) and what is proposed to a person ([`proposals`], for the pages). Pure.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use beffroi_proto::marks::{INSTALLATION, Likeness};

use crate::model::{Detachment, Machine, MachineId, Mark, Pair, PairDecision};

pub fn may_be_one_machine(known: &[Mark], shown: &[Mark]) -> bool {
    Likeness::of(pairs(known), pairs(shown)).may_be_one_machine()
}

/// What a town knows of which machine is which.
#[derive(Debug, Default)]
pub struct Known {
    pub machines: Vec<Machine>,
    pub marks: Vec<(MachineId, Mark)>,
    pub detachments: Vec<Detachment>,
    pub merges: Vec<PairDecision>,
    pub distinctions: Vec<PairDecision>,
}

/// Two agents that seem to be on one machine, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proposal {
    pub pair: Pair,
    pub reason: Reason,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Firmware, disks, cards: so many kinds of marks of so many are the same.
    SameHardware(Likeness),
    /// The newer one started from a copy of the older one's disk: a machine of which the board was replaced looks so.
    CopiedDisk,
}

/// In the order of the newer ones' enrolment. The older one must have been silent ever since the newer one came: two systems
/// on one machine that start in turns are two, and so are a machine and its copy.
pub fn proposals(known: &Known) -> Vec<Proposal> {
    let merged: BTreeSet<MachineId> = known.merges.iter().map(|merge| merge.pair.older).collect();
    let told_apart: BTreeSet<Pair> = known.distinctions.iter().map(|told| told.pair).collect();
    let machines: HashMap<MachineId, &Machine> = known
        .machines
        .iter()
        .filter(|machine| machine.revoked_at.is_none() && !merged.contains(&machine.id))
        .map(|machine| (machine.id, machine))
        .collect();
    let mut of_machine: HashMap<MachineId, Vec<&Mark>> = HashMap::new();
    let mut holders: HashMap<&Mark, Vec<MachineId>> = HashMap::new();
    let hardware = known
        .marks
        .iter()
        .filter(|(machine, mark)| mark.kind != INSTALLATION && machines.contains_key(machine));
    for (machine, mark) in hardware {
        of_machine.entry(*machine).or_default().push(mark);
        holders.entry(mark).or_default().push(*machine);
    }
    let mut found: BTreeMap<Pair, Reason> = BTreeMap::new();
    for together in holders.values() {
        for (one, other) in every_two(together) {
            let marks = |machine| of_machine.get(&machine).into_iter().flatten().copied();
            let likeness = Likeness::of(pairs(marks(one)), pairs(marks(other)));
            if likeness.most_is_alike()
                && let Some(pair) = in_order(&machines, one, other)
            {
                found.insert(pair, Reason::SameHardware(likeness));
            }
        }
    }
    for copy in &known.detachments {
        if let Some(pair) = in_order(&machines, copy.origin, copy.machine) {
            found.entry(pair).or_insert(Reason::CopiedDisk);
        }
    }
    found.retain(|pair, _| !told_apart.contains(pair));
    let enrolled_at = |machine| machines.get(&machine).map(|machine| machine.enrolled_at);
    let mut proposals: Vec<Proposal> = found
        .into_iter()
        .map(|(pair, reason)| Proposal { pair, reason })
        .collect();
    proposals.sort_by_key(|proposal| (enrolled_at(proposal.pair.newer), proposal.pair));
    // Of a machine installed three times, the first is proposed for the second only.
    let mut proposed = BTreeSet::new();
    proposals.retain(|proposal| proposed.insert(proposal.pair.older));
    proposals
}

/// None when the older one has spoken since the newer one came.
fn in_order(
    machines: &HashMap<MachineId, &Machine>,
    one: MachineId,
    other: MachineId,
) -> Option<Pair> {
    let mut both = [*machines.get(&one)?, *machines.get(&other)?];
    both.sort_by_key(|machine| (machine.enrolled_at, machine.id));
    let [older, newer] = both;
    let is_silent = older.last_seen_at.is_none_or(|at| at <= newer.enrolled_at);
    is_silent.then_some(Pair {
        older: older.id,
        newer: newer.id,
    })
}

fn every_two(machines: &[MachineId]) -> impl Iterator<Item = (MachineId, MachineId)> {
    machines.iter().enumerate().flat_map(|(at, one)| {
        let others = machines.iter().skip(at + 1);
        others.map(move |other| (*one, *other))
    })
}

fn pairs<'a>(
    marks: impl IntoIterator<Item = &'a Mark>,
) -> impl Iterator<Item = (&'a str, &'a [u8])> {
    marks
        .into_iter()
        .map(|mark| (mark.kind.as_str(), mark.fingerprint.as_slice()))
}

#[cfg(test)]
mod tests;
