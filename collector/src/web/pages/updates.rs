//! Where a town's machines are with the version of the agent that it is offered: a part of the list of machines.

use crate::{
    model::{Machine, Ring, UpdateOffer, Upgrade},
    rollout::{Rollout, Standing, holds},
    store::OrganisationStore,
    web::{
        error::PageError,
        french,
        labels::{Chip, Tone},
    },
};

/// What is offered, and what became of it.
pub(super) struct Offered {
    offer: UpdateOffer,
    upgrades: Vec<Upgrade>,
}

/// For the template.
pub(super) struct Progress {
    pub(super) version: String,
    pub(super) sentence: String,
    pub(super) is_halted: bool,
    /// Which machines, and whether they are offered it yet.
    pub(super) rings: Vec<(String, Chip)>,
    /// Machines that went back or refuse, and why.
    pub(super) troubles: Vec<Trouble>,
}

pub(super) struct Trouble {
    pub(super) name: String,
    pub(super) address: String,
    pub(super) what: Chip,
    pub(super) why: String,
}

impl Offered {
    pub(super) async fn of(store: &OrganisationStore<'_>) -> Result<Option<Self>, PageError> {
        let Some(offer) = store.update_offer().await? else {
            return Ok(None);
        };
        let upgrades = store.upgrades(&offer.version).await?;
        Ok(Some(Self { offer, upgrades }))
    }

    /// What to say of each machine beside its version, in the same order.
    pub(super) fn chips(&self, machines: &[Machine]) -> Vec<Option<Chip>> {
        let rollout = Rollout::new(&self.offer, machines, &self.upgrades);
        let chips = machines
            .iter()
            .map(|machine| chip(rollout.standing(machine)));
        chips.collect()
    }

    pub(super) fn progress(&self, machines: &[Machine], base: &str) -> Progress {
        let rollout = Rollout::new(&self.offer, machines, &self.upgrades);
        let counted = |standing| {
            let such = machines
                .iter()
                .filter(|machine| rollout.standing(machine) == standing);
            such.count() as u64
        };
        let taking_part = machines.len() as u64 - counted(Standing::Revoked);
        let rings = self.offer.rings.iter().enumerate().map(|(rank, ring)| {
            let count = machines
                .iter()
                .filter(|machine| holds(ring, machine))
                .count() as u64;
            let state = match rank < rollout.open {
                true if rollout.is_halted => Chip::new("arrêté", Tone::Bad),
                true => Chip::new("ouvert", Tone::Good),
                false => Chip::new("attend", Tone::Neutral),
            };
            (ring_name(ring, count), state)
        });
        let troubles = machines.iter().filter_map(|machine| {
            let standing = rollout.standing(machine);
            let is_trouble = matches!(standing, Standing::RolledBack | Standing::Refused);
            Some(Trouble {
                name: machine.host_name.clone(),
                address: format!("{base}/postes/{}", machine.id),
                what: chip(standing).filter(|_| is_trouble)?,
                why: rollout.reason(machine.id).to_owned(),
            })
        });
        Progress {
            version: self.offer.version.clone(),
            sentence: format!(
                "{} à jour sur {taking_part}, {} à l’essai, {} en retard, {} qui attendent leur tour.",
                counted(Standing::UpToDate),
                counted(Standing::OnTrial),
                counted(Standing::Behind),
                counted(Standing::Waits)
            ),
            is_halted: rollout.is_halted,
            rings: rings.collect(),
            troubles: troubles.collect(),
        }
    }
}

fn ring_name(ring: &Ring, count: u64) -> String {
    format!("{ring} : {}", french::count(count, "poste", "postes"))
}

/// Nothing for a machine that is as it should be.
fn chip(standing: Standing) -> Option<Chip> {
    let (text, tone) = match standing {
        Standing::UpToDate | Standing::Waits | Standing::Revoked => return None,
        Standing::OnTrial => ("à l’essai", Tone::Neutral),
        Standing::Behind => ("en retard", Tone::Warn),
        Standing::Refused => ("refuse la mise à jour", Tone::Warn),
        Standing::RolledBack => ("revenu en arrière", Tone::Bad),
    };
    Some(Chip::new(text, tone))
}
