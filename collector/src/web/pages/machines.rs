//! The machines of a town.

use askama::Template;
use axum::extract::State;
use jiff::Timestamp;

use super::{
    Page, PageResult, matching,
    updates::{Offered, Progress},
};
use crate::{
    marks,
    model::{Machine, MachineId},
    web::{
        WebState, french,
        labels::{Chip, Tone},
        layout::{Layout, Section},
        town::Town,
    },
};

/// A clock further off than this is worth a word.
const CLOCK_TOLERANCE_SECONDS: u64 = 300;

#[derive(Template)]
#[template(path = "machines.html")]
struct Machines {
    layout: Layout,
    town: String,
    rows: Vec<Row>,
    progress: Option<Progress>,
    /// Pairs that wait for a person, if any.
    to_match: Option<String>,
    matching_address: String,
}

struct Row {
    address: String,
    name: String,
    tag: String,
    system: String,
    model: String,
    agent: String,
    update: Option<Chip>,
    seen: String,
    state: Option<Chip>,
}

pub(in crate::web) async fn show(
    State(web): State<WebState>,
    town: Town,
) -> PageResult<impl Template> {
    let known = matching::known(town.store()).await?;
    let offered = Offered::of(&town.store()).await?;
    let layout = town.layout(Section::Machines, "Postes");
    let name = town.organisation.name;
    Ok(Page(Machines::new(
        layout,
        name,
        &known,
        offered.as_ref(),
        web.now(),
    )))
}

impl Machines {
    fn new(
        layout: Layout,
        town: String,
        known: &marks::Known,
        offered: Option<&Offered>,
        now: Timestamp,
    ) -> Self {
        let base = layout.base().to_owned();
        let is_merged = |id: MachineId| known.merges.iter().any(|merge| merge.pair.older == id);
        let chips = offered
            .map(|offered| offered.chips(&known.machines))
            .unwrap_or_default();
        let chips = chips.into_iter().chain(std::iter::repeat_with(|| None));
        let rows = known
            .machines
            .iter()
            .zip(chips)
            .map(|(machine, update)| Row {
                update,
                ..Row::new(machine, is_merged(machine.id), &base, now)
            })
            .collect();
        let to_match = match marks::proposals(known).len() as u64 {
            0 => None,
            pairs => Some(french::count(
                pairs,
                "poste semble en être un autre, réinstallé",
                "postes semblent en être d’autres, réinstallés",
            )),
        };
        Self {
            matching_address: format!("{base}{}", matching::PLACE),
            layout,
            town,
            rows,
            to_match,
            progress: offered.map(|offered| offered.progress(&known.machines, &base)),
        }
    }
}

impl Row {
    fn new(machine: &Machine, is_merged: bool, base: &str, now: Timestamp) -> Self {
        let (system, model) = machine
            .state
            .as_ref()
            .map(|state| {
                (
                    join(&state.os_name, &state.os_version),
                    join(&state.manufacturer, &state.model),
                )
            })
            .unwrap_or_default();
        Self {
            address: format!("{base}/postes/{}", machine.id),
            name: machine.host_name.clone(),
            tag: machine.tag.clone().unwrap_or_default(),
            system,
            model,
            agent: machine.agent_version.clone(),
            update: None,
            seen: machine
                .last_seen_at
                .map_or_else(|| "jamais".to_owned(), |at| french::ago(at, now)),
            state: state(machine, is_merged),
        }
    }
}

/// What is out of the ordinary about a machine.
pub(super) fn state(machine: &Machine, is_merged: bool) -> Option<Chip> {
    let clock_off = machine
        .clock_offset_seconds
        .is_some_and(|offset| offset.unsigned_abs() > CLOCK_TOLERANCE_SECONDS);
    if is_merged {
        Some(Chip::new("Fusionné", Tone::Neutral))
    } else if machine.revoked_at.is_some() {
        Some(Chip::new("Accès retiré", Tone::Bad))
    } else if machine.last_seen_at.is_none() {
        Some(Chip::new("Jamais vu", Tone::Warn))
    } else if clock_off {
        Some(Chip::new("Horloge décalée", Tone::Warn))
    } else {
        None
    }
}

pub(super) fn join(left: &str, right: &str) -> String {
    [left, right]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
