//! Who is offered a newer program, and how far it has come. Pure: what is known of a town in, an opinion out.
//!
//! A ring opens when the one before has reported well: at least one of its machines runs the version, and each that came by since
//! the offer runs it or does not take it. Machines that are switched off hold up nobody. One machine that went back stops the whole:
//! nobody else is offered the version until the operator has looked.

use std::collections::HashMap;

use beffroi_proto::package::Version;
use sha2::{Digest, Sha256};

use crate::model::{Machine, MachineId, Ring, UpdateOffer, Upgrade, UpgradeState};

/// What a machine is, seen from a version that is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// That version or a later one.
    UpToDate,
    OnTrial,
    /// It is offered the version, and has not taken it yet.
    Behind,
    /// Its ring is not open.
    Waits,
    Refused,
    RolledBack,
    /// Access withdrawn: it is offered nothing.
    Revoked,
}

#[derive(Debug)]
pub struct Rollout<'a> {
    offer: &'a UpdateOffer,
    version: Option<Version>,
    upgrades: HashMap<MachineId, &'a Upgrade>,
    /// How many rings are open, from the first.
    pub open: usize,
    /// A machine went back.
    pub is_halted: bool,
}

impl<'a> Rollout<'a> {
    /// `upgrades`: of the version that is offered.
    pub fn new(offer: &'a UpdateOffer, machines: &[Machine], upgrades: &'a [Upgrade]) -> Self {
        let is_halted = upgrades
            .iter()
            .any(|upgrade| upgrade.state == UpgradeState::RolledBack);
        let mut rollout = Self {
            offer,
            version: Version::parse(&offer.version).ok(),
            upgrades: upgrades
                .iter()
                .map(|upgrade| (upgrade.machine, upgrade))
                .collect(),
            open: 1,
            is_halted,
        };
        while !is_halted && rollout.open < offer.rings.len() && rollout.last_ring_is_done(machines)
        {
            rollout.open += 1;
        }
        rollout
    }

    pub fn is_offered_to(&self, machine: &Machine) -> bool {
        let standing = self.standing(machine);
        matches!(standing, Standing::Behind | Standing::Refused)
            && !self.is_halted
            && self.is_open_to(machine)
    }

    pub fn standing(&self, machine: &Machine) -> Standing {
        if machine.revoked_at.is_some() {
            return Standing::Revoked;
        }
        match self.upgrades.get(&machine.id).map(|upgrade| upgrade.state) {
            Some(UpgradeState::OnTrial) => Standing::OnTrial,
            Some(UpgradeState::RolledBack) => Standing::RolledBack,
            _ if self.has_it(machine) => Standing::UpToDate,
            Some(UpgradeState::Refused) => Standing::Refused,
            // « Runs », with an older program since: it was installed anew.
            _ if self.is_open_to(machine) => Standing::Behind,
            _ => Standing::Waits,
        }
    }

    /// What the agent said of the version.
    pub fn reason(&self, machine: MachineId) -> &str {
        self.upgrades
            .get(&machine)
            .map_or("", |upgrade| &upgrade.reason)
    }

    fn has_it(&self, machine: &Machine) -> bool {
        let theirs = Version::parse(&machine.agent_version).ok();
        matches!((theirs, &self.version), (Some(theirs), Some(version)) if theirs >= *version)
    }

    fn is_open_to(&self, machine: &Machine) -> bool {
        let open = self.offer.rings.iter().take(self.open);
        open.into_iter().any(|ring| holds(ring, machine))
    }

    fn last_ring_is_done(&self, machines: &[Machine]) -> bool {
        let Some(ring) = self.offer.rings.get(self.open - 1) else {
            return false;
        };
        let mut somebody_runs_it = false;
        for machine in machines.iter().filter(|machine| holds(ring, machine)) {
            let came_by = machine
                .last_seen_at
                .is_some_and(|at| at >= self.offer.offered_at);
            match self.standing(machine) {
                Standing::UpToDate => somebody_runs_it = true,
                Standing::Refused | Standing::Revoked => {}
                _ if !came_by => {}
                _ => return false,
            }
        }
        somebody_runs_it
    }
}

/// Whether a machine belongs to a ring.
pub fn holds(ring: &Ring, machine: &Machine) -> bool {
    match ring {
        Ring::Tag(tag) => machine.tag.as_deref() == Some(tag),
        Ring::Percent(share) => {
            let digest = Sha256::digest(machine.id.0.as_bytes());
            let first: [u8; 8] = std::array::from_fn(|at| digest[at]);
            u64::from_be_bytes(first) % 100 < u64::from(*share)
        }
    }
}

#[cfg(test)]
mod tests;
