//! Which machine is which: two agents that seem to be on one machine, copies of a disk that became machines of their own, and
//! what persons said of them.

use std::collections::HashMap;

use askama::Template;
use axum::{extract::State, response::Redirect};
use jiff::Timestamp;

use super::{Page, PageResult};
use crate::{
    marks::{Known, Proposal, Reason, proposals},
    model::{Detachment, Machine, MachineId, Pair, PairDecision},
    store::OrganisationStore,
    web::{
        WebState,
        error::PageError,
        form::Form,
        french,
        labels::{Chip, Tone},
        layout::{Layout, Notice, Section},
        town::{Act, Id, Town},
    },
};

pub(super) const PLACE: &str = "/rapprochements";

#[derive(Template)]
#[template(path = "matching.html")]
struct Matching {
    layout: Layout,
    proposals: Vec<ProposalCard>,
    copies: Vec<CopyRow>,
    merges: Vec<DecidedRow>,
    distinctions: Vec<DecidedRow>,
    may_decide: bool,
}

struct ProposalCard {
    older: MachineLine,
    newer: MachineLine,
    reason: String,
    address: String,
}

struct CopyRow {
    copy: MachineLine,
    origin: MachineLine,
    at: String,
    state: Chip,
    address: String,
    may_refuse: bool,
    may_readmit: bool,
}

struct DecidedRow {
    older: MachineLine,
    newer: MachineLine,
    by: String,
    at: String,
    address: String,
}

/// A machine in a few words: many have the same name.
struct MachineLine {
    id: String,
    name: String,
    address: String,
    tag: String,
    enrolled: String,
    seen: String,
}

pub(in crate::web) async fn show(
    State(web): State<WebState>,
    town: Town,
) -> PageResult<impl Template> {
    let known = known(town.store()).await?;
    let layout = town.layout(Section::Machines, "Rapprochements");
    Ok(Page(Matching::new(
        layout,
        &known,
        town.may_decide(),
        web.now(),
    )))
}

pub(in crate::web) async fn merge(
    State(web): State<WebState>,
    Id(older): Id<MachineId>,
    Act { town, form }: Act,
) -> Result<Redirect, PageError> {
    let pair = pair(older, &form)?;
    town.store().merge(pair, &town.user, web.now()).await?;
    Ok(town.done(PLACE, Notice::Merged))
}

pub(in crate::web) async fn undo_merge(
    State(web): State<WebState>,
    Id(older): Id<MachineId>,
    Act { town, .. }: Act,
) -> Result<Redirect, PageError> {
    town.store()
        .undo_merge(older, &town.user, web.now())
        .await?;
    Ok(town.done(PLACE, Notice::MergeUndone))
}

pub(in crate::web) async fn distinguish(
    State(web): State<WebState>,
    Id(older): Id<MachineId>,
    Act { town, form }: Act,
) -> Result<Redirect, PageError> {
    let pair = pair(older, &form)?;
    town.store()
        .distinguish(pair, &town.user, web.now())
        .await?;
    Ok(town.done(PLACE, Notice::Distinguished))
}

pub(in crate::web) async fn undo_distinction(
    State(web): State<WebState>,
    Id(older): Id<MachineId>,
    Act { town, form }: Act,
) -> Result<Redirect, PageError> {
    let pair = pair(older, &form)?;
    town.store()
        .undo_distinction(pair, &town.user, web.now())
        .await?;
    Ok(town.done(PLACE, Notice::DistinctionUndone))
}

pub(in crate::web) async fn refuse(
    State(web): State<WebState>,
    Id(copy): Id<MachineId>,
    Act { town, .. }: Act,
) -> Result<Redirect, PageError> {
    town.store()
        .refuse_copy(copy, &town.user, web.now())
        .await?;
    Ok(town.done(PLACE, Notice::CopyRefused))
}

pub(in crate::web) async fn readmit(
    State(web): State<WebState>,
    Id(copy): Id<MachineId>,
    Act { town, .. }: Act,
) -> Result<Redirect, PageError> {
    town.store()
        .readmit_copy(copy, &town.user, web.now())
        .await?;
    Ok(town.done(PLACE, Notice::CopyReadmitted))
}

/// All that says which machine of a town is which.
pub(super) async fn known(store: OrganisationStore<'_>) -> Result<Known, PageError> {
    Ok(Known {
        machines: store.machines().await?,
        marks: store.marks().await?,
        detachments: store.detachments().await?,
        merges: store.merges().await?,
        distinctions: store.distinctions().await?,
    })
}

/// The newer one is named by the form. One that cannot be read leads nowhere.
fn pair(older: MachineId, form: &Form) -> Result<Pair, PageError> {
    let newer = form.text("poste").parse();
    let newer = newer.map_err(|_| PageError::NotFound)?;
    Ok(Pair { older, newer })
}

impl Matching {
    fn new(layout: Layout, known: &Known, may_decide: bool, now: Timestamp) -> Self {
        let page = Words {
            machines: known
                .machines
                .iter()
                .map(|machine| (machine.id, machine))
                .collect(),
            base: layout.base().to_owned(),
            now,
        };
        let decided = |decisions: &[PairDecision]| {
            let rows = decisions.iter().filter_map(|told| page.decided(told));
            rows.collect::<Vec<_>>()
        };
        let proposals = proposals(known);
        let is_merged = |machine| known.merges.iter().any(|merge| merge.pair.older == machine);
        Self {
            proposals: proposals
                .iter()
                .filter_map(|proposal| page.proposal(proposal))
                .collect(),
            copies: known
                .detachments
                .iter()
                .filter_map(|copy| page.copy(copy, is_merged(copy.machine)))
                .collect(),
            merges: decided(&known.merges),
            distinctions: decided(&known.distinctions),
            layout,
            may_decide,
        }
    }
}

struct Words<'a> {
    machines: HashMap<MachineId, &'a Machine>,
    base: String,
    now: Timestamp,
}

impl Words<'_> {
    fn machine(&self, id: MachineId) -> Option<MachineLine> {
        let machine = self.machines.get(&id)?;
        Some(MachineLine {
            id: id.to_string(),
            name: machine.host_name.clone(),
            address: format!("{}/postes/{id}", self.base),
            tag: machine.tag.clone().unwrap_or_default(),
            enrolled: french::moment(machine.enrolled_at),
            seen: machine
                .last_seen_at
                .map_or_else(|| "jamais".to_owned(), |at| french::ago(at, self.now)),
        })
    }

    fn proposal(&self, proposal: &Proposal) -> Option<ProposalCard> {
        let Pair { older, newer } = proposal.pair;
        let reason = match proposal.reason {
            Reason::SameHardware(likeness) => format!(
                "{} sur {} : carte mère, numéro de série, disques ou cartes réseau.",
                french::count(
                    likeness.alike as u64,
                    "repère matériel identique",
                    "repères matériels identiques"
                ),
                likeness.compared
            ),
            Reason::CopiedDisk => "Le nouveau poste a démarré d’une copie du disque de l’ancien, qui n’a plus rien dit depuis : \
                 une carte mère remplacée, ou un disque changé de machine."
                .to_owned(),
        };
        Some(ProposalCard {
            older: self.machine(older)?,
            newer: self.machine(newer)?,
            reason,
            address: self.address(older),
        })
    }

    fn copy(&self, copy: &Detachment, is_merged: bool) -> Option<CopyRow> {
        let is_refused = self.machines.get(&copy.machine)?.revoked_at.is_some();
        let state = match (is_merged, is_refused) {
            (true, _) => Chip::new("Fusionnée", Tone::Neutral),
            (false, true) => Chip::new("Refusée", Tone::Bad),
            (false, false) => Chip::new("Admise", Tone::Good),
        };
        Some(CopyRow {
            copy: self.machine(copy.machine)?,
            origin: self.machine(copy.origin)?,
            at: french::moment(copy.at),
            state,
            address: format!("{}/postes/{}", self.base, copy.machine),
            may_refuse: !is_merged && !is_refused,
            may_readmit: !is_merged && is_refused,
        })
    }

    fn decided(&self, told: &PairDecision) -> Option<DecidedRow> {
        Some(DecidedRow {
            older: self.machine(told.pair.older)?,
            newer: self.machine(told.pair.newer)?,
            by: told.by_name.clone(),
            at: french::moment(told.at),
            address: self.address(told.pair.older),
        })
    }

    fn address(&self, older: MachineId) -> String {
        format!("{}{PLACE}/{older}", self.base)
    }
}
